"""Can one write a letter from the command line, over real HTTP, and does it tell what the letter lacks?"""

from __future__ import annotations

import asyncio
import io
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import docx as library
import pytest
from pypdf import PdfReader
from temporalio.client import Client

from desk.cli import made
from desk.cli.frame import run
from desk.house import new_house
from desk.keyring import certify
from records.open import Records, open_records
from schemas.ids import digest
from schemas.vocabulary import Role
from tests.desk.conftest import FakeEngineOffice
from tests.served import served

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "request-mended.yml"
Typed = Callable[..., str]


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    settings = new_house(tmp_path / "de", "de", "DE", "Central authority (invented)", "Europe/Berlin")
    opened = open_records(settings)
    opened.accounts.add("officer", [Role.OFFICER])
    yield opened
    opened.close()


@pytest.fixture
def typed(
    records: Records, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Typed]:
    """What a command line answers, spoken by the officer to a real server; no engine is behind it."""
    client = asyncio.run(Client.connect("127.0.0.1:1", lazy=True))
    office = FakeEngineOffice(records.settings, records, client)
    monkeypatch.setenv("ROGATORY_TOKEN", records.accounts.token("officer"))

    def answer(*words: str, status: int = 0) -> str:
        assert run(made(), words) == status
        told = capsys.readouterr()
        return told.out + told.err

    with served(office) as port:
        monkeypatch.setenv("ROGATORY_URL", f"http://127.0.0.1:{port}")
        yield answer


@pytest.fixture
def ref(typed: Typed) -> str:
    return str(json.loads(typed("file", str(EXAMPLE), "--json"))["ref"])


def test_letters_are_listed_and_written(typed: Typed, ref: str, tmp_path: Path) -> None:
    listed = typed("letters", ref)
    assert "mla-request" in listed
    assert "nothing" in listed
    page = tmp_path / "letter.pdf"
    told = typed("letter", ref, "mla-request", "--lang", "ar", "--out", str(page))
    assert "bytes" in told
    assert list(PdfReader(page).attachments) == ["request.json"]
    assert page.stat().st_mode & 0o077 == 0, "a letter is for its owner"
    typed("letter", ref, "covering", "--docx", "--out", str(tmp_path / "letter.docx"))
    assert library.Document(str(tmp_path / "letter.docx")).paragraphs


def test_a_worksheet_goes_out_and_comes_back_into_the_letter(typed: Typed, ref: str, tmp_path: Path) -> None:
    sheet, page = tmp_path / "sheet.docx", tmp_path / "letter.pdf"
    typed("worksheet", ref, "mla-request", "--lang", "fr", "--out", str(sheet))
    empty = typed(
        "letter", ref, "mla-request", "--lang", "fr", "--translated", str(sheet), "--out", str(page), status=2
    )
    assert "not translated" in empty
    assert not page.exists()
    file = library.Document(str(sheet))
    for number, row in enumerate(file.tables[0].rows[1:]):
        row.cells[2].text = f"Traduit {number}"
    file.save(str(sheet))
    typed("letter", ref, "mla-request", "--lang", "fr", "--translated", str(sheet), "--out", str(page))
    text = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(page.read_bytes())).pages)
    assert "Traduit 0" in text
    assert "langue d’origine" not in text


def test_a_protected_name_stops_it_and_is_not_repeated(typed: Typed, ref: str, tmp_path: Path) -> None:
    names, page = tmp_path / "names.txt", tmp_path / "letter.pdf"
    names.write_text("Amtsgericht MUSTERSTADT\n", "utf-8")
    told = typed("letter", ref, "mla-request", "--protect", str(names), "--out", str(page), status=1)
    assert "protected name" in told
    assert "usterstadt" not in told.lower().replace("amtsgericht", "")
    assert not page.exists()


def test_what_is_missing_is_told_with_the_letter(typed: Typed, ref: str, tmp_path: Path) -> None:
    told = typed("letter", ref, "emergency-request", "--out", str(tmp_path / "x.pdf"))
    assert "missing: Facts of the emergency" in told
    wrong = typed("letter", ref, "epocc", "--out", str(tmp_path / "x.pdf"), status=2)
    assert "did you mean epoc" in wrong


def test_a_letter_is_sealed_kept_and_verified(
    typed: Typed, ref: str, records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, trust = tmp_path / "sealed.pdf", str(records.settings.keys / "trust.json")
    wanted = ("letter", ref, "mla-request", "--seal", "--out", str(page))
    certify(records.settings, 30)
    assert "not approved yet" in typed(*wanted, status=1)
    assert "not sealed" in typed(*wanted, "--docx", status=2)
    assert not page.exists()
    officer = os.environ["ROGATORY_TOKEN"]
    records.accounts.add("approver", [Role.APPROVER])
    approver = records.accounts.token("approver")
    monkeypatch.setenv("ROGATORY_TOKEN", approver)
    typed("move", ref, "approve")
    monkeypatch.setenv("ROGATORY_TOKEN", officer)
    # no engine, no law: the letter lacks its basis
    assert "lacks 1 of what is asked for" in typed(*wanted, status=2)
    assert "Only an approver" in typed(*wanted, "--despite", "by night", status=1)
    monkeypatch.setenv("ROGATORY_TOKEN", approver)
    typed(*wanted, "--despite", "by night")
    assert records.vault.get(ref, digest(page.read_bytes())) == page.read_bytes()
    assert "letter, yes" in typed("verify", str(page), "--trust", trust)
    page.write_bytes(page.read_bytes().replace(b"/Type", b"/Tzpe", 1))
    assert "letter, no" in typed("verify", str(page), "--trust", trust, status=1)
