"""Does an officer see what evidence there is, under which limits, and what became of it? Over the API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desk import evidence
from desk.cli import made
from desk.cli.frame import run
from desk.client import House
from schemas.case import Counterpart
from schemas.errors import BadInput, NotFound, RogatoryError
from schemas.facets import Used
from schemas.request import EvidenceItem
from schemas.vocabulary import Side
from tests.desk.conftest import PEOPLE, Caller
from tests.desk.evidence_houses import (
    DE_REF,
    US_REF,
    Houses,
    content_of,
    file_case,
    item_of,
    limitation,
    serving,
    told_of,
    two_houses,
)
from treaties.registry import Registry

SMALL = content_of(300_000)
NOW = datetime.now(UTC)


@pytest.fixture
def ref(call: Caller) -> str:
    """A case of the test house with one item under two limits, one of them crossed."""
    used = [
        Used(items=("image-1",), purpose="trial", limits=("l1",), actor="officer", at=NOW),
        Used(items=("image-1",), purpose="another trial", limits=(), beyond="told", actor="officer", at=NOW),
    ]
    limits = [
        limitation(accepted=True),
        limitation(id="l2", text="Confidential."),
        limitation(id="l3", accepted=False),
    ]
    other = Counterpart(state="US", house="us", ref=US_REF)
    items = [item_of(SMALL), item_of(b"x", id="disk-2", abuse_material=True)]
    file_case(call.office, DE_REF, other, Side.OUTGOING, items, limitations=limits, uses=used)
    return DE_REF


async def told(call: Caller, ref: str, who: str = "officer") -> dict[str, Any]:
    answer = await call(who, "GET", f"/cases/{ref}/evidence")
    assert answer.status_code == 200, answer.text
    return {each["id"]: each for each in answer.json()["items"]}


async def note(call: Caller, ref: str, item: str = "disk-2", **fields: Any) -> Any:
    body = {"event": "handed-over", "where": "Exampleville", "why": "request", "how": "courier", **fields}
    return await call("officer", "POST", f"/cases/{ref}/evidence/{item}/notes", json=body)


async def test_limits_uses_and_what_was_crossed(call: Caller, ref: str) -> None:
    item = (await told(call, ref))["image-1"]
    assert [each["id"] for each in item["limits"]] == ["l1", "l2"]
    assert [each["purpose"] for each in item["uses"]] == ["trial", "another trial"]
    assert item["warnings"] == ["unanswered:l2", "beyond:l1", "beyond:l2", "declined:l3"]
    assert item["held"]["state"] == "none"
    assert item["verdict"] == "unknown"


async def test_who_may_not_see_the_case_sees_no_evidence(call: Caller, ref: str) -> None:
    for who in PEOPLE:
        answer = await call(who, "GET", f"/cases/{ref}/evidence")
        seen = who in ("officer", "other-officer", "approver")
        assert (answer.status_code == 200) is seen, who
        answer = await call(who, "GET", f"/cases/{ref}/custody/case-uco")
        assert (answer.status_code == 200) is seen, who


async def test_a_hand_over_is_noted_with_all_its_fields(call: Caller, ref: str) -> None:
    fields = {
        "at": (NOW - timedelta(days=1)).isoformat(),
        "who": "courier service",
        "received_from": "Field office",
        "handed_to": "Police, unit 7",
        "authority": "order 12/26",
        "stored": "safe 3",
        "changes": "none",
        "shipping": "I-24/7 message 77",
    }
    answer = await note(call, ref, **fields)
    assert answer.status_code == 201, answer.text
    assert answer.json() == {"number": 1, "event": "handed-over", "shared": False}
    [entry] = (await told(call, ref))["disk-2"]["manifest"]
    assert fields.items() <= {**entry, "at": fields["at"]}.items()
    assert entry["abuse_material"]
    assert [each["id"] for each in entry["conditions"]] == ["l1", "l2"]
    assert (await told(call, ref))["disk-2"]["verdict"] == "yes"
    assert call.records.verify() == []


async def test_a_guarded_name_stands_in_no_custody_and_nothing_is_noted(call: Caller, ref: str) -> None:
    names = {"names": ["Änne-Marie Größer"]}
    assert (await call("officer", "POST", f"/cases/{ref}/guarded", json=names)).status_code == 201
    for fields in ({"why": "shown to ANNE GROSSER"}, {"handed_to": "Frau Größer"}, {"who": "Anne Marie"}):
        refused = await note(call, ref, **fields)
        assert (refused.status_code, refused.json()["code"]) == (409, "protected-name")
        assert refused.json()["where"] in fields
    path, brought = f"/cases/{ref}/evidence/image-1", {"why": "of Änne Größer", "where": "here"}
    kept = {"sha256": item_of(SMALL).sha256, "md5": "0" * 32, "sha1": "0" * 40, "size": len(SMALL), **brought}
    refused = await call("officer", "POST", f"{path}/keep", json=kept, key=None)
    assert (refused.status_code, refused.json()["code"]) == (409, "protected-name"), refused.text
    assert [each["manifest"] for each in (await told(call, ref)).values()] == [[], []]
    assert (await note(call, ref, why="shown to the child")).status_code == 201


async def test_custody_for_other_programs_is_searched_as_well(call: Caller, ref: str) -> None:
    assert (await note(call, ref, handed_to="Frau Größer")).status_code == 201
    path = f"/cases/{ref}/custody/case-uco"
    assert (await call("officer", "GET", path)).status_code == 200
    names = {"names": ["Änne-Marie Größer", "Organization Hash"]}
    assert (await call("officer", "POST", f"/cases/{ref}/guarded", json=names)).status_code == 201
    refused = await call("officer", "GET", path)
    assert (refused.status_code, refused.json()["code"]) == (409, "protected-name"), refused.text
    assert refused.json()["where"].startswith("custody.")
    assert "Größer" not in refused.text
    widely = {"names": ["Änne-Marie Größer"], "reason": "noted before it was guarded (invented)"}
    assert (await call("approver", "POST", f"/cases/{ref}/guarded/let-go", json=widely)).status_code == 201
    told = await call("officer", "GET", path)
    assert told.status_code == 200, "words of the language of the graph are no leak"


async def test_the_same_key_notes_once(call: Caller, ref: str) -> None:
    body = {"event": "examined", "where": "here", "why": "test", "how": "looked"}
    path = f"/cases/{ref}/evidence/disk-2/notes"
    first = await call("officer", "POST", path, json=body, key="k1")
    again = await call("officer", "POST", path, json=body, key="k1")
    assert first.json()["number"] == again.json()["number"] == 1
    assert again.json()["repeated"]
    assert len((await told(call, ref))["disk-2"]["manifest"]) == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"at": "2100-01-01T00:00:00Z"}, "not-yet"),
        ({"event": "due"}, "no-day"),
        ({"event": "received"}, ""),
        ({"where": ""}, ""),
        ({"where": "a\u202eb"}, ""),
        ({"surprise": "x"}, ""),
    ],
)
async def test_a_note_that_cannot_be_is_refused(
    call: Caller, ref: str, fields: dict[str, Any], code: str
) -> None:
    answer = await note(call, ref, **fields)
    assert answer.status_code == 422
    assert code in answer.json()["code"]
    assert (await told(call, ref))["disk-2"]["manifest"] == []


async def test_unknown_items_and_paths_for_items(call: Caller, ref: str) -> None:
    for item in ("image-9", "..%2f..%2fetc", "%2e%2e"):
        assert (await note(call, ref, item=item)).status_code in (404, 405, 422)
        answer = await call("officer", "GET", f"/cases/{ref}/evidence/{item}/held")
        assert answer.status_code in (404, 405, 422)


async def test_days_are_shown_and_warned_of_until_it_is_done(call: Caller, ref: str) -> None:
    await note(call, ref, event="due", return_by="2020-01-01", destroy_by="2100-01-01")
    item = (await told(call, ref))["disk-2"]
    assert item["due"] == {"return": "2020-01-01", "destroy": "2100-01-01"}
    assert "return-overdue" in item["warnings"]
    await note(call, ref, event="returned", handed_to="its owner")
    assert (await told(call, ref))["disk-2"]["due"] == {}


async def test_a_listed_document_is_not_kept_and_no_list_means_none(
    call: Caller, ref: str, tmp_path: Path
) -> None:
    content = b"%PDF-1.7 an invented paper"
    path = f"/cases/{ref}/documents"
    listed = tmp_path / "list.csv"
    digests = told_of(content)
    listed.write_text(f'id,hash\n1,"{digests["md5"].upper()}"\n', "ascii")
    call.records.settings.refused_hashes = listed
    answer = await call("officer", "POST", path, params={"name": "a.pdf"}, content=content)
    assert answer.status_code == 422
    assert answer.json()["code"] == "refused-hash"
    assert not call.records.vault.has(ref, digests["sha256"])
    noted = call.records.ledger.entries(ref)[-1]
    assert (noted.event, json.loads(noted.detail or "")["code"]) == ("refused", "refused-hash")
    listed.write_text("no digest at all\n", "ascii")
    for broken in (listed, tmp_path / "missing"):
        call.records.settings.refused_hashes = broken
        answer = await call("officer", "POST", path, params={"name": "a.pdf"}, content=content)
        assert answer.status_code == 422
        assert "nothing is taken in" in answer.json()["detail"]
    call.records.settings.refused_hashes = None
    answer = await call("officer", "POST", path, params={"name": "a.pdf"}, content=content)
    assert answer.status_code == 201


async def test_abuse_material_is_never_taken_in(call: Caller, ref: str) -> None:
    for name, method in (("keep", "POST"), ("fetch", "POST")):
        answer = await call("officer", method, f"/cases/{ref}/evidence/disk-2/{name}", json=told_of(b"x"))
        assert answer.status_code == 409
        assert answer.json()["code"] == "custody-only"


# --- the command line, over real HTTP, between two houses -----------------------------------------------


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[Houses]:
    with two_houses(tmp_path) as found:
        yield found


def test_from_a_file_here_to_a_file_there(
    houses: Houses, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    content = content_of(5_000_000)
    file, copy = tmp_path / "image.dd", tmp_path / "copy.dd"
    file.write_bytes(content)
    houses.declare(item_of(content), limitations=[limitation(accepted=True)])
    tokens = {}
    for name, office in (("de", houses.de), ("us", houses.us)):
        office.records.accounts.add("officer", PEOPLE["officer"][0], "central-authority")
        tokens[name] = office.records.accounts.token("officer")
    urls: dict[str, str] = {}

    def rogatory(house: str, *words: str) -> Any:
        monkeypatch.setenv("ROGATORY_URL", urls[house])
        monkeypatch.setenv("ROGATORY_TOKEN", tokens[house])
        code = run(made(), [*words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    de, us = houses.folder / "de", houses.folder / "us"
    with serving(houses.us, registry, de) as urls["us"], serving(houses.de, registry, us) as urls["de"]:
        assert rogatory("us", "item", "keep", US_REF, "image-1", str(file))[0] == 0
        assert rogatory("us", "item", "keep", US_REF, "image-1", str(file))[1]["error"] == "held"
        code, done = rogatory("de", "item", "fetch", DE_REF, "image-1")
        assert (code, done["state"]) == (0, "whole")
        code, saved = rogatory("de", "item", "save", DE_REF, "image-1", "-o", str(copy), "--why", "the trial")
        assert (code, saved["limits"][0]["id"]) == (0, "l1")
        assert copy.read_bytes() == content
        noted = ("handed-over", "--where", "here", "--why", "trial", "--how", "courier")
        code, answer = rogatory("us", "item", "note", US_REF, "image-1", *noted)
        assert (code, answer["shared"]) == (0, True)
        code, shown = rogatory("de", "evidence", DE_REF)
        assert [each["event"] for each in shown["items"][0]["manifest"]] == [
            "kept", "sent", "received", "released", "handed-over",
        ]  # fmt: skip
        graph = tmp_path / "custody.jsonld"
        assert rogatory("de", "custody", DE_REF, "--case", str(graph))[0] == 0
        assert json.loads(graph.read_text())["@context"]
        assert run(made(), ["evidence", DE_REF]) == 0
        out = capsys.readouterr().out
        assert "limit l1: Only in these proceedings." in out
        assert "its bytes are here, sealed" in out


def test_another_file_than_was_declared_is_told_before_it_is_sent(
    houses: Houses, registry: Registry, tmp_path: Path
) -> None:
    houses.declare(item_of(SMALL))
    houses.us.records.accounts.add("officer", PEOPLE["officer"][0], "central-authority")
    token = houses.us.records.accounts.token("officer")
    with serving(houses.us, registry) as url, House(url, token) as us:
        with pytest.raises(BadInput) as found:
            us.post(f"/cases/{US_REF}/evidence/image-1/keep", told_of(SMALL + b"!"))
        assert found.value.code == "digest-mismatch"
        with pytest.raises(NotFound):
            us.post(f"/cases/{US_REF}/evidence/image-9/keep", told_of(SMALL))
        with pytest.raises(RogatoryError) as wrong:
            us.pour(
                f"/cases/{US_REF}/evidence/image-1/content",
                iter([SMALL[:9]]),
                9,
                {"Brought": json.dumps(told_of(SMALL))},
            )
        assert wrong.value.code == "truncated"
        with pytest.raises(BadInput):
            us.pour(f"/cases/{US_REF}/evidence/image-1/content", iter([SMALL]), len(SMALL), {"Brought": "{"})


def test_an_item_id_is_a_word_and_never_a_path() -> None:
    with pytest.raises(ValueError, match="pattern"):
        EvidenceItem.model_validate({**item_of(SMALL).model_dump(), "id": "../../etc/passwd"})
    assert evidence.CUSTODY == "custody"
