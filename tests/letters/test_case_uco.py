"""Is the exported custody what CASE/UCO says it should be, and does it name no person of the case?"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from letters.case_uco import Passing, graph
from letters.manifest import entry_of
from schemas.ids import digest
from schemas.request import EvidenceItem
from tests.letters.correspondents import DE_REF, NOW
from tests.letters.test_manifest import SHA, entry, rows

VALIDATE = Path(sys.executable).with_name("case_validate")

ITEM = EvidenceItem(
    id="image-1", description="Xenia Invented's disk", kind="disk image", sha256=SHA, size=1000, custodian="x"
)
ABUSE = EvidenceItem(
    id="disk-2", description="x", kind="disk", sha256="sha256:" + "b" * 64, custodian="x", abuse_material=True
)


def exported() -> dict[str, Any]:
    """Two items, every sort of entry, one passing of the case."""
    texts = rows()
    texts.append(entry("de", texts, event="due", destroy_by="2027-01-01"))
    texts.append(
        entry(
            "us",
            texts,
            event="examined",
            at=NOW - timedelta(hours=1),
            conditions=[{"id": "l1", "text": "Only here."}],
        )
    )
    passing = Passing("DE-1.h1", "de", "us", NOW, "confirmed")
    return graph(DE_REF, "de", [ITEM, ABUSE], [(entry_of(text), text) for text in texts], [passing])


@pytest.mark.skipif(not VALIDATE.is_file(), reason="case-utils is not installed")
def test_the_graph_is_valid_case_uco(tmp_path: Path) -> None:
    file = tmp_path / "custody.jsonld"
    file.write_text(json.dumps(exported()), "utf-8")
    done = subprocess.run(
        [VALIDATE, "--built-version", "case-1.4.0", str(file)], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Conforms: True" in done.stdout
    broken = exported()
    hashes = [
        node["uco-core:hasFacet"] for node in broken["@graph"] if node["@type"] == "uco-observable:File"
    ]
    del hashes[0]["uco-observable:hash"]["uco-types:hashValue"]
    file.write_text(json.dumps(broken), "utf-8")
    done = subprocess.run(
        [VALIDATE, "--built-version", "case-1.4.0", str(file)], capture_output=True, text=True, timeout=300
    )
    assert done.returncode != 0, "a hash without its value would pass: nothing was checked"


def test_every_entry_is_there_in_its_order_and_points_to_the_one_before() -> None:
    nodes = exported()["@graph"]
    actions = [node for node in nodes if node["@type"] == "case-investigation:InvestigativeAction"]
    assert [node["uco-core:name"] for node in actions] == [
        "kept", "sent", "received", "destroyed", "due", "examined", "case passed between houses",
    ]  # fmt: skip
    for before, after in pairwise(actions[:6]):
        assert after["case-investigation:wasInformedBy"] == [{"@id": before["@id"]}]
    assert any(digest(rows()[0].encode()) in line for line in actions[0]["uco-core:description"])
    assert len({node["@id"] for node in nodes}) == len(nodes)


def test_descriptions_stay_inside() -> None:
    assert "Xenia" not in json.dumps(exported())
