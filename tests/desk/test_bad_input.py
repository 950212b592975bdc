"""Is what cannot be right refused with a way on, before anything of it is kept?"""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from desk.ask import question_from_words
from records.references import HOUSE
from records.tables import METADATA
from schemas.errors import BadInput
from schemas.ids import digest
from tests.desk.conftest import Caller, request_json
from treaties.registry import Registry

OFFENCE = {"slug": "csam-distribution", "law": "invented"}


def kept(call: Caller) -> dict[str, int]:
    """Rows of every table, and files of the vault."""
    with call.records.database.read() as connection:
        rows = {
            name: int(connection.scalar(select(func.count()).select_from(table)) or 0)
            for name, table in METADATA.tables.items()
        }
    vault = sum(1 for file in (call.records.settings.home / "vault").rglob("*") if file.is_file())
    return {**rows, "files in the vault": vault}


@pytest.mark.parametrize(
    ("changes", "where", "following"),
    [
        ({"requested": "ZZ"}, "requested", "known: DE, FR, NO, US"),
        ({"requested": "DE"}, "requested", "two different States"),
        ({"offences": [{**OFFENCE, "slug": "csam-distributon"}]}, "offences", "did you mean csam-distrib"),
        ({"instrument": "budapst"}, "instrument", "did you mean budapest"),
        ({"measures": ["subscriber-dat"]}, "body.measures.0", "did you mean subscriber-data"),
        ({"on": "1500-01-01"}, "on", "2007-01-01"),
        ({"on": "9999-12-31"}, "request.on", "today"),
        (
            {"offences": [{**OFFENCE, "committed_from": "2126-01-01"}]},
            "request.offences.0.committed_from",
            "",
        ),
        (
            {"offences": [{**OFFENCE, "committed_from": "2026-02-01", "committed_until": "2026-01-01"}]},
            "request.offences.0.committed_until",
            "2026-02-01",
        ),
        (
            {"necessity": {**request_json()["necessity"], "authorised_on": "2126-01-01"}},
            "request.necessity.authorised_on",
            "",
        ),
        (
            {
                "attachments": [
                    {"name": "a", "media_type": "a/b", "size": 1, "digest": digest(b"x")},
                ]
            },
            "request.attachments",
            "file it without",
        ),
    ],
)
async def test_a_request_that_cannot_be_leaves_nothing(
    call: Caller, changes: dict[str, Any], where: str, following: str
) -> None:
    await call("officer", "GET", "/registry/instruments")  # writes down which law the house answers from
    before = kept(call)
    answer = await call("officer", "POST", "/cases", json=request_json(**changes))
    told = answer.json()
    assert (answer.status_code, told["where"]) == (422, where), answer.text
    assert following in told["next"]
    assert kept(call) == before


async def test_a_draft_is_not_amended_to_what_cannot_be(call: Caller) -> None:
    ref = await call.file()
    before = kept(call)
    answer = await call.move("officer", ref, event="amend", request=request_json(requested="ZZ"))
    assert (answer.status_code, answer.json()["where"]) == (422, "requested")
    assert kept(call) == before


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"counterpart_house": "us"}, "counterpart_house"),
        ({"happened_at": "2126-11-20T10:00:00Z"}, "happened_at"),
        ({"by_post": False}, "request.requested"),
    ],
)
async def test_an_arrival_that_cannot_be_leaves_nothing(
    call: Caller, changes: dict[str, Any], where: str
) -> None:
    await call("officer", "GET", "/registry/instruments")
    before = kept(call)
    body = {
        "event": "arrive",
        "request": request_json(requesting="US", requested="DE"),
        "foreign_ref": "999 Js 1/26",
        "by_post": True,
        "happened_at": "2026-11-20T10:00:00Z",
        **changes,
    }
    answer = await call("officer", "POST", "/cases/arrivals", json=body)
    assert (answer.status_code, answer.json()["where"]) == (422, where)
    assert kept(call) == before


async def test_what_came_by_post_twice_is_one_case(call: Caller) -> None:
    body = {
        "event": "arrive",
        "request": request_json(requesting="US", requested="DE"),
        "foreign_ref": "999 Js 1/26",
        "by_post": True,
        "happened_at": "2026-11-20T10:00:00Z",
    }
    first = await call("officer", "POST", "/cases/arrivals", json=body)
    assert first.status_code == 201, first.text
    before = kept(call)
    again = (
        await call("officer", "POST", "/cases/arrivals", json={**body, "foreign_ref": "999 js 1/26"})
    ).json()
    assert (again["status"], again["code"], again["where"]) == (409, "here-already", "foreign_ref")
    assert first.json()["ref"] in again["next"]
    assert kept(call) == before
    other = await call("officer", "POST", "/cases/arrivals", json={**body, "foreign_ref": "999 Js 1/26 (2)"})
    assert other.status_code == 201, other.text


EXTRADITION: dict[str, Any] = {
    "kind": "extradition",
    "measures": ["surrender"],
    "person": {"id": "person-1"},
}
ACCOUNTS = {"accounts": ["user-4711@mail.example"]}


@pytest.mark.parametrize(
    ("changes", "where", "following"),
    [
        ({**EXTRADITION, "person": {"id": "person-1", "born": "2126-01-01"}}, "request.person.born", "up to"),
        (
            {**EXTRADITION, "warrant": {"reference": "1", "authority": "x", "issued_on": "2126-01-01"}},
            "request.warrant.issued_on",
            "up to",
        ),
        ({"kind": "preservation", **ACCOUNTS, "until": "2020-01-01"}, "request.until", "leave it out"),
        (
            {
                "kind": "production",
                **ACCOUNTS,
                "provider": "example-cloud",
                "period_from": "2026-10-01T00:00:00Z",
                "period_until": "2026-09-01T00:00:00Z",
            },
            "request.period_until",
            "2026-10-01",
        ),
    ],
)
async def test_days_of_each_kind_that_cannot_be_leave_nothing(
    call: Caller, changes: dict[str, Any], where: str, following: str
) -> None:
    await call("officer", "GET", "/registry/instruments")
    before = kept(call)
    answer = await call("officer", "POST", "/cases", json=request_json(**changes))
    told = answer.json()
    assert (answer.status_code, told["where"]) == (422, where), answer.text
    assert following in told["next"]
    assert kept(call) == before


def test_a_day_before_either_state_is_no_question(registry: Registry) -> None:
    words: dict[str, Any] = {"requesting": "DE", "requested": "US", "kind": "mla", "measures": ["testimony"]}
    asked = {"today": None, **words}
    with pytest.raises(BadInput) as caught:
        question_from_words(registry, on="2006-12-31", **asked)
    assert (caught.value.where, caught.value.code) == ("on", "before-any-act")
    assert "2007-01-01" in caught.value.next_step
    assert question_from_words(registry, on="2007-01-01", **asked).on.year == 2007


async def test_the_api_asks_no_such_question_either(call: Caller) -> None:
    body = {"requesting": "DE", "requested": "US", "measures": ["testimony"], "on": "2006-12-31"}
    answer = await call("liaison", "POST", "/assess", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "before-any-act")


async def uploaded(call: Caller, ref: str) -> dict[str, Any]:
    made = await call(
        "officer",
        "POST",
        f"/cases/{ref}/documents",
        params={"name": "a.txt"},
        content=b"invented",
        headers={"Content-Type": "text/plain"},
    )
    told: dict[str, Any] = made.json()
    return told


async def test_only_documents_that_are_there_are_named(call: Caller) -> None:
    ref = await call.file()
    item = await uploaded(call, ref)
    missing = {**item, "digest": digest(b"another")}
    answer = await call.move("officer", ref, event="amend", request=request_json(attachments=[missing]))
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-document")
    wrong = await call.move(
        "officer", ref, event="amend", request=request_json(attachments=[{**item, "size": 1}])
    )
    assert (wrong.status_code, wrong.json()["where"]) == (422, "attachments.0.size")
    assert [entry.event for entry in call.records.ledger.entries(ref)][-2:] == ["refused", "refused"]
    right = await call.move("officer", ref, event="amend", request=request_json(attachments=[item]))
    assert right.status_code == 200, right.text


@pytest.mark.parametrize("name", ["../../keys/master.key", "keys\\master.key", "..", "invoice\u202efdp.exe"])
async def test_a_path_in_a_name_is_refused_in_words_and_registered(call: Caller, name: str) -> None:
    ref = await call.file()
    answer = await call(
        "officer", "POST", f"/cases/{ref}/documents", params={"name": name}, content=b"%PDF-1.7 invented"
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "path-in-name")
    assert "pattern" not in answer.text
    entry = call.records.ledger.entries(ref)[-1]
    assert entry.event == "refused"
    told = json.loads(entry.detail or "")
    assert (told["code"], told["file"], told["content"]) == (
        "path-in-name",
        "document",
        digest(b"%PDF-1.7 invented"),
    )
    assert name not in (entry.detail or "")
    assert kept(call)["files in the vault"] == 0


async def test_a_claim_of_ten_gigabytes_is_not_read_and_registered_once_a_day(call: Caller) -> None:
    ref = await call.file()
    claims = {"Content-Length": str(10 * 1024**3)}
    for path, where, who in ((f"/cases/{ref}/documents", ref, "officer"), ("/exchange", HOUSE, None)):
        for _ in range(3):
            answer = await call(who, "POST", path, params={"name": "a.pdf"}, content=b"{}", headers=claims)
            assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
            assert "/cases/" not in answer.json()["next"]
        refused = [each for each in call.records.ledger.entries(where) if each.event == "refused"]
        assert [json.loads(each.detail or "")["announced"] for each in refused] == [claims["Content-Length"]]


async def test_documents_that_fit_into_no_parcel_are_refused_together(call: Caller) -> None:
    ref = await call.file()
    item = await uploaded(call, ref)
    call.records.settings.body_limit = 1024 * 1024 * 4 // 3
    answer = await call.move("officer", ref, event="amend", request=request_json(attachments=[item]))
    assert (answer.status_code, answer.json()["code"]) == (422, "too-large")


@pytest.mark.parametrize(
    ("receiver", "where", "following"),
    [
        ({"function": "polize"}, "receiver.function", "did you mean police"),
        ({"function": ""}, "receiver.function", "known: "),
        ({"function": "police", "actor": "liason"}, "receiver.actor", "did you mean liaison"),
        ({"function": "police", "actor": "officer"}, "receiver.actor", "known: liaison"),
    ],
)
async def test_a_case_is_offered_only_to_who_is_there(
    call: Caller, receiver: dict[str, Any], where: str, following: str
) -> None:
    ref = await call.file()
    offer = {"event": "offer", "id": f"{ref}.h1", "receiver": {"house": "de-test", **receiver}, "why": "?"}
    answer = await call.move("officer", ref, **offer)
    assert (answer.status_code, answer.json()["where"]) == (422, where), answer.text
    assert following in answer.json()["next"]


async def test_another_agency_neither_revives_nor_learns_of_a_case(call: Caller) -> None:
    ref = await call.file()
    for path in (ref, "DE-MLA-2026-09999"):
        answer = await call("court-officer", "POST", f"/cases/{path}/revive")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert (await call("court-officer", "POST", "/cases/revive-open")).status_code == 403


async def test_an_unknown_status_names_the_nearest(call: Caller) -> None:
    answer = await call("officer", "GET", "/cases", params={"status": "acknowleged"})
    assert (answer.status_code, answer.json()["nearest"][0]) == (422, "acknowledged")
    assert (await call("officer", "GET", "/cases", params={"status": "closed"})).status_code == 200


async def test_a_parameter_that_cannot_be_used_says_why(call: Caller) -> None:
    answer = await call("officer", "GET", "/cases", params={"limit": "0"})
    assert answer.json()["where"] == "query.limit"
    assert "greater than or equal to 1" in answer.json()["detail"]
