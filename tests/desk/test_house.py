"""Do accounts, tokens, ledger, backup, trust and erasure work over HTTP, each for whom they are meant?"""

from __future__ import annotations

import io
import json
import tarfile
from datetime import UTC, datetime, timedelta
from typing import Any

from records.references import HOUSE
from schemas.case import CaseState
from schemas.moves import Actor
from schemas.work import FileWork
from tests.desk.conftest import MARK, Caller
from treaties.check import check
from treaties.registry import Registry
from workflows.row import row_of


def close_case(call: Caller, ref: str) -> None:
    """File the case as closed: what the engine would do at its end."""
    state = call.records.states.latest(ref)
    closed: CaseState = state.model_copy(update={"status": "closed", "move": state.move + 1})
    call.records.file(
        FileWork(
            ref=ref,
            move=closed.move,
            at=datetime.now(UTC),
            actor=Actor(id="officer", house="de-test"),
            event="close",
            key="closing",
            detail="{}",
            state=closed,
            row=row_of(closed),
        )
    )


# --- people ---------------------------------------------------------------------------------------------


async def test_me_tells_who_the_token_says_i_am(call: Caller) -> None:
    told = (await call("judge", "GET", "/me")).json()
    assert told == {
        "id": "judge",
        "house": "de-test",
        "roles": ["issuing-authority"],
        "agency": "district-court",
        "acts_for": [],
    }


async def test_an_account_its_token_and_its_end(call: Caller) -> None:
    body = {"id": "new-officer", "roles": ["officer", "approver"]}
    made = await call("operator", "POST", "/users", key="u-1", json=body)
    assert made.status_code == 201
    again = await call("operator", "POST", "/users", key="u-1", json=body)
    assert (again.status_code, again.json()) == (200, made.json())
    taken = await call("operator", "POST", "/users", json=body)
    assert taken.status_code == 409

    token = await call(
        "operator", "POST", "/users/new-officer/tokens", key="t-1", json={"scopes": ["officer"]}
    )
    assert token.status_code == 201
    call.tokens["new"] = token.json()["token"]
    assert (await call("new", "GET", "/me")).json()["roles"] == ["officer"]
    repeated = await call(
        "operator", "POST", "/users/new-officer/tokens", key="t-1", json={"scopes": ["officer"]}
    )
    assert repeated.status_code == 409
    assert call.tokens["new"] not in repeated.text

    await call("operator", "POST", "/users/new-officer/close")
    assert (await call("new", "GET", "/me")).status_code == 401
    events = [entry.event for entry in call.records.ledger.entries(HOUSE)]
    assert events == ["account-added", "token-made", "account-closed"]


async def test_no_token_is_made_that_is_over_already(call: Caller) -> None:
    body = {"expires": "2026-01-01T00:00:00Z"}
    over = await call("operator", "POST", "/users/officer/tokens", json=body)
    assert (over.status_code, over.json()["where"]) == (422, "body.expires")


async def test_an_expired_token_opens_nothing(call: Caller) -> None:
    past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    answer = await call("operator", "POST", "/users/officer/tokens", json={"expires": past})
    if answer.status_code == 201:
        call.tokens["late"] = answer.json()["token"]
        assert (await call("late", "GET", "/me")).status_code == 401
    else:
        assert answer.status_code == 422


async def test_a_token_is_nowhere_in_the_records(call: Caller) -> None:
    answer = await call("operator", "POST", "/users/officer/tokens", json={})
    token = answer.json()["token"]
    for file in call.office.settings.home.rglob("*"):
        if file.is_file():
            assert token.encode() not in file.read_bytes(), file


async def test_a_malformed_account_is_refused(call: Caller) -> None:
    for body in (
        {"id": "x y", "roles": ["officer"]},
        {"id": "fine", "roles": []},
        {"id": "fine", "roles": ["king"]},
        {"id": "fine", "roles": ["officer"], "admin": True},
        ["officer"],
    ):
        answer = await call("operator", "POST", "/users", json=body)
        assert answer.status_code == 422, body


# --- the ledger -----------------------------------------------------------------------------------------


async def test_the_ledger_leaves_encrypted_and_is_whole(call: Caller) -> None:
    await call.file()
    export = await call("auditor", "GET", "/ledger/export")
    assert export.status_code == 200
    lines = export.text.splitlines()
    assert [json.loads(line) for line in lines]
    assert MARK not in export.text
    assert (await call("auditor", "POST", "/ledger/verify", json={})).json() == {
        "verdict": "yes",
        "problems": [],
    }


async def test_a_signed_head_proves_that_nothing_was_cut_off(call: Caller) -> None:
    await call.file()
    head = (await call("liaison", "GET", "/ledger/head")).json()["head"]
    told = (await call("auditor", "POST", "/ledger/verify", json={"head": head})).json()
    assert told["verdict"] == "yes"
    first, middle, last = head.split(".")
    forged = ".".join((first, middle, last[:-4] + ("AAAA" if last[-4:] != "AAAA" else "BBBB")))
    told = (await call("auditor", "POST", "/ledger/verify", json={"head": forged})).json()
    assert told["verdict"] == "no"
    assert told["problems"][0]["code"]


async def test_the_docket_is_made_anew(call: Caller) -> None:
    ref = await call.file()
    assert (await call("operator", "POST", "/docket/rebuild")).json() == {"rows": 1}
    assert (await call("officer", "GET", "/cases")).json()["items"][0]["ref"] == ref


# --- backup, trust, health --------------------------------------------------------------------------------


async def test_a_backup_holds_no_key_and_leaves_nothing_behind(call: Caller) -> None:
    await call.file()
    answer = await call("operator", "POST", "/admin/backup")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/gzip"
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as archive:
        names = archive.getnames()
    assert names
    assert not [name for name in names if "master" in name or "signing" in name]
    master = (call.office.settings.keys / "master.key").read_bytes()
    assert master not in answer.content
    assert list((call.office.settings.home / "run").glob("backup-*")) == []


async def test_trust_shows_public_halves_only(call: Caller) -> None:
    answer = await call("auditor", "GET", "/trust")
    assert [house["id"] for house in answer.json()["items"]] == ["de-test"]
    assert '"d"' not in answer.text


async def test_health_needs_no_token_and_tells_little(call: Caller) -> None:
    told = (await call(None, "GET", "/health")).json()
    assert set(told) == {"status", "house", "name", "state", "edition"}


async def test_what_is_not_a_parcel_is_answered_with_a_signed_refusal(call: Caller) -> None:
    answer = await call(None, "POST", "/exchange", content=b"not a parcel")
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/jose")
    assert answer.text.count(".") == 2


# --- erasure ----------------------------------------------------------------------------------------------


async def test_erasing_takes_two_people_and_leaves_a_certificate(call: Caller) -> None:
    ref = await call.file()
    path = f"/cases/{ref}/erasure"
    open_case = await call("officer", "POST", path, json={"reason": "filed by mistake"})
    assert open_case.status_code == 409
    close_case(call, ref)
    asked = await call("officer", "POST", path, json={"reason": "filed by mistake"})
    assert (asked.status_code, asked.json()["requested_by"]) == (202, "officer")
    assert (await call("officer", "POST", f"{path}/confirm")).status_code == 403
    done = await call("approver", "POST", f"{path}/confirm")
    assert done.status_code == 200
    assert done.json()["certificate"].count(".") == 2

    erased = await call("officer", "GET", f"/cases/{ref}")
    assert (erased.status_code, erased.json()["code"]) == (404, "erased")
    hidden = await call("liaison", "GET", f"/cases/{ref}")
    assert hidden.json()["code"] == "not-found"
    assert (await call("officer", "GET", path)).json()["certificate"] == done.json()["certificate"]
    assert (await call("auditor", "POST", "/ledger/verify", json={})).json()["verdict"] == "yes"


async def test_erasure_is_the_central_authoritys(call: Caller) -> None:
    ref = await call.file()
    close_case(call, ref)
    for method, path in (("POST", ""), ("POST", "/confirm"), ("GET", "")):
        body: dict[str, Any] = {"json": {"reason": "x"}} if method == "POST" and not path else {}
        answer = await call("court-officer", method, f"/cases/{ref}/erasure{path}", **body)
        assert answer.status_code in (403, 404), path
    assert (await call("court-officer", "GET", "/erasures/due")).json() == {"items": []}


# --- the law ------------------------------------------------------------------------------------------------


async def test_the_registry_is_read_over_http(call: Caller) -> None:
    parties = (await call("liaison", "GET", "/registry/parties/budapest", params={"on": "2008-01-01"})).json()
    assert parties == [
        {"state": "DE", "verdict": "no", "in_force": None, "ended": None},
        {"state": "US", "verdict": "yes", "in_force": "2007-01-01", "ended": "2030-01-01"},
    ]
    later = (await call("liaison", "GET", "/registry/parties/budapest", params={"on": "2031-01-01"})).json()
    assert [(row["verdict"], row["in_force"]) for row in later] == [
        ("yes", "2009-07-01"),
        ("no", "2007-01-01"),
    ]
    assert (await call("judge", "GET", "/registry/instruments/budapest")).json()["key"] == "budapest"
    assert (await call("judge", "GET", "/registry/states/de")).json()["name"] == "Germany"
    wrong = await call("judge", "GET", "/registry/instruments/budpest")
    assert (wrong.status_code, wrong.json()["nearest"]) == (422, ["budapest"])


async def test_faults_of_the_law_data_are_told(call: Caller, registry: Registry) -> None:
    told = (await call("treaty-desk", "GET", "/registry/check")).json()
    assert told["edition"] == registry.edition
    assert told["verdict"] == ("no" if told["problems"] else "yes")
    assert [each["where"] for each in told["problems"]] == [each.where for each in check(registry)]


async def test_a_question_to_the_law_is_answered(call: Caller) -> None:
    body = {"requesting": "de", "requested": "us", "measures": ["subscriber-data"], "on": "2026-11-21"}
    answer = await call("liaison", "POST", "/assess", json=body)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["edition"] == (await call(None, "GET", "/health")).json()["edition"]
    assert [each["instrument"] for each in told["candidates"]] == ["budapest"]
    assert told["candidates"][0]["verdict"] == "yes"


async def test_the_law_answers_in_the_language_asked_for(call: Caller) -> None:
    body = {"requesting": "DE", "requested": "US", "measures": ["subscriber-data"], "on": "2026-11-21"}
    told = (await call("liaison", "POST", "/assess?lang=fr", json=body)).json()
    assert told["language"] == "fr"
    assert told["candidates"][0]["because"].startswith("Allemagne\u00a0: instrument en vigueur depuis le ")
    assert "draft translation" in told["notice"]
    wrong = await call("liaison", "POST", "/assess?lang=tlh", json=body)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "unknown-word")
    assert wrong.json()["where"] == "query.lang"


async def test_a_bad_question_names_the_word(call: Caller) -> None:
    body: dict[str, Any] = {
        "requesting": "DE",
        "requested": "US",
        "measures": ["telepathy"],
        "on": "2026-11-21",
    }
    answer = await call("liaison", "POST", "/assess", json=body)
    assert answer.status_code == 422
    assert answer.json()["where"] == "body.measures.0"
    body["measures"] = ["testimony"]
    same = await call("liaison", "POST", "/assess", json={**body, "requested": "DE"})
    assert same.status_code == 422
    nowhere = await call("liaison", "POST", "/assess", json={**body, "requested": "ZZ"})
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "unknown-word")
