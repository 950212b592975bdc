"""Does every import in the house point the way the layout allows?"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Top-level packages that no contract rules: they stand outside the house and may look in anywhere.
OUTSIDE = {"bench", "fuzz", "tests"}

# For each contract, imports that must break it: (who imports, what is imported).
OFFENCES = {
    "layers": [
        ("schemas.law", "treaties.load"),
        ("treaties.force", "records.vault"),
        ("letters.seal", "treaties.load"),
        ("records.ledger", "activities.filing"),
        ("activities.legal", "workflows.case"),
        ("activities.legal", "desk.office"),
    ],
    "workflows-words-only": [
        ("workflows.case", "activities.legal"),
        ("workflows.clock", "treaties.load"),
        ("workflows.baton", "letters.seal"),
        ("workflows.case", "records.ledger"),
        ("workflows.case", "desk.office"),
    ],
    "workflows-no-hands": [
        ("workflows.case", "httpx"),
        ("workflows.case", "sqlalchemy"),
        ("workflows.case", "fastapi"),
    ],
    "one-door": [
        ("desk.api", "workflows.case"),
        ("desk.web", "temporalio.client"),
        ("desk.office", "temporalio.client"),
        ("desk.running", "workflows.case"),
    ],
    "desk-no-hands": [("desk.office", "activities.filing")],
    "letters-by-doors": [("desk.api", "letters.seal"), ("desk.web.case", "letters.view")],
    "letters-opened": [("desk.house", "letters.verify"), ("desk.office", "letters.parcel")],
    "letters-sealed": [("desk.sealing", "letters.seal"), ("activities.drafting", "letters.seal")],
    "papers-signed": [("desk.house", "letters.keys"), ("activities.posting", "letters.pades")],
    "law-is-pure": [("treaties.force", "sqlalchemy"), ("schemas.law", "temporalio")],
    "letters-keep-nothing": [("letters.seal", "sqlalchemy")],
    "nobody-above": [("desk.cli", "worker"), ("treaties.check", "tests.house"), ("records.ledger", "bench")],
}

# Imports that the layout means to allow: a contract that forbids them is as wrong as one that sleeps.
ALLOWED = [
    ("desk.office", "workflows.case"),
    ("desk.running", "temporalio.client"),
    ("desk.office", "letters.seal"),
    ("desk.inbound", "letters.seal"),
    ("desk.house", "letters.trust"),
    ("desk.api", "desk.office"),
    ("desk.cli", "treaties.load"),
    ("desk.cli", "records.ledger"),
    ("records.codec", "temporalio.converter"),
    ("activities.legal", "treaties.load"),
    ("activities.posting", "letters.seal"),
    ("activities.filing", "records.ledger"),
    ("workflows.case", "schemas.law"),
    ("workflows.case", "temporalio"),
    ("letters.carriers.http", "httpx"),
]


def settings(tool: str) -> dict[str, Any]:
    """The table of one tool in pyproject.toml."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)["tool"][tool]
    return table


def protecting() -> list[dict[str, Any]]:
    """The contracts that name who may import a module."""
    return [each for each in settings("importlinter")["contracts"] if each["type"] == "protected"]


def lint(house: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Run the contracts of this repository over the packages in folder `house`."""
    wanted = [part for name in contracts for part in ("--contract", name)]
    # In a process of its own: importing nothing of ours here, and seeing no packages but those of `house`.
    entry = "import sys; from importlinter.cli import lint_imports_command as lint; sys.exit(lint())"
    return subprocess.run(
        [sys.executable, "-c", entry, "--config", str(ROOT / "pyproject.toml"), "--no-cache", *wanted],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def add_module(house: Path, name: str, text: str = "") -> None:
    """Append `text` to module `name` under `house`, making it, and the packages above it, where missing."""
    *above, last = name.split(".")
    folder = house
    for part in above:
        folder = folder / part
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
    with (folder / f"{last}.py").open("a") as file:
        file.write(text)


@pytest.fixture
def empty_house(tmp_path: Path) -> Path:
    """A house with every room and every module named above, none of which imports anything."""
    rooms: list[str] = settings("importlinter")["root_packages"]
    named = {name for pairs in OFFENCES.values() for pair in pairs for name in pair}
    named |= {name for pair in ALLOWED for name in pair}
    named |= {name for contract in protecting() for name in contract["protected_modules"]}
    named |= {name for contract in protecting() for name in contract["allowed_importers"]}
    named -= set(rooms)
    for room in rooms:
        add_module(tmp_path, f"{room}.__init__")
    for name in sorted(named):
        if name.split(".")[0] in rooms:
            add_module(tmp_path, name)
    return tmp_path


def test_every_import_keeps_the_contracts() -> None:
    report = lint(ROOT)
    assert report.returncode == 0, report.stdout + report.stderr


def test_every_room_is_under_contract_and_installed() -> None:
    rooms = {path.parent.name for path in ROOT.glob("[a-z]*/__init__.py")} - OUTSIDE
    assert rooms == set(settings("importlinter")["root_packages"])
    assert {f"{room}*" for room in rooms} == set(settings("setuptools")["packages"]["find"]["include"])


def test_every_contract_has_an_offence_that_breaks_it() -> None:
    assert {contract["id"] for contract in settings("importlinter")["contracts"]} == set(OFFENCES)


def test_no_door_stands_open_that_nobody_uses() -> None:
    for contract in protecting():
        wanted = [name.replace(".", r"\.") for name in contract["protected_modules"]]
        imports = re.compile(rf"^\s*(?:from|import) (?:{'|'.join(wanted)})\b", re.MULTILINE)
        for importer in {*contract["allowed_importers"]} - {"letters"}:
            place = ROOT / importer.replace(".", "/")
            files = [place.with_suffix(".py"), *place.rglob("*.py")]
            assert any(imports.search(file.read_text()) for file in files if file.is_file()), importer


@pytest.mark.parametrize(
    ("contract", "importer", "imported"),
    [(contract, *pair) for contract, pairs in OFFENCES.items() for pair in pairs],
)
def test_an_offence_breaks_its_contract(
    empty_house: Path, contract: str, importer: str, imported: str
) -> None:
    add_module(empty_house, importer, f"import {imported}\n")
    report = lint(empty_house, contract)
    assert report.returncode == 1, report.stdout + report.stderr
    assert "0 kept, 1 broken" in report.stdout
    assert f"{importer} -> {imported.split('.')[0]}" in report.stdout


def test_what_the_layout_allows_breaks_nothing(empty_house: Path) -> None:
    for importer, imported in ALLOWED:
        add_module(empty_house, importer, f"import {imported}\n")
    report = lint(empty_house)
    assert report.returncode == 0, report.stdout + report.stderr
