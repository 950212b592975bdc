"""Can people be reminded, stand in for one another and leave, each as far as their role allows?"""

from __future__ import annotations

import json
import logging
from datetime import date, timedelta
from typing import Any

import pytest

from records.projection import write_row
from records.references import HOUSE
from records.states import write_state
from schemas.handoff import Holder
from schemas.vocabulary import Role
from tests.desk.conftest import Caller

ADDRESS = "anna.invented@office.example"


def told_by_ledger(call: Caller) -> list[tuple[str, Any]]:
    """What the house noted about itself: event and decrypted body."""
    return [(entry.event, json.loads(entry.detail or "{}")) for entry in call.records.ledger.entries(HOUSE)]


async def held_by(call: Caller, account: str, function: str) -> str:
    """A case that this account holds, filed by somebody else."""
    ref = await call.file()
    state = call.records.states.latest(ref)
    holder = Holder(house="de-test", function=function, actor=account)
    filed = state.model_copy(update={"holder": holder, "filed_by": "officer"})
    box, box_digest = call.records.states.sealed(filed)
    line = call.records.docket.row(ref).model_copy(
        update={"holder_function": function, "holder_actor": account}
    )

    def work(connection: Any) -> None:
        write_state(connection, ref, filed.move, box, box_digest)
        write_row(connection, line, line.model_dump_json())

    call.records.database.write(work)
    return ref


# --- where people are reminded --------------------------------------------------------------------------


async def test_an_address_is_set_and_taken_away(call: Caller) -> None:
    body = {"id": "anna", "roles": ["officer"], "email": ADDRESS}
    made = await call("operator", "POST", "/users", json=body)
    assert (made.status_code, made.json()["email"], made.json()["quiet"]) == (201, ADDRESS, False)
    path = "/users/anna/reminders"
    changed = await call("operator", "POST", path, json={"email": ADDRESS, "quiet": True})
    assert changed.json()["quiet"] is True
    nowhere = await call("operator", "POST", path, json={"email": None})
    assert (nowhere.json()["email"], nowhere.json()["quiet"]) == (None, False)
    assert [detail for event, detail in told_by_ledger(call) if event == "reminders-set"] == [
        {"id": "anna", "email": True, "quiet": True},
        {"id": "anna", "email": False, "quiet": False},
    ]


async def test_an_address_stands_in_no_ledger_log_or_refusal(
    call: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body = {"id": "anna", "roles": ["officer"], "email": ADDRESS}
    await call("operator", "POST", "/users", json=body)
    await call("operator", "POST", "/users/anna/reminders", json={"email": ADDRESS})
    wrong = await call("operator", "POST", "/users/anna/reminders", json={"email": f"{ADDRESS} x"})
    nobody = await call("operator", "POST", "/users/nobody/reminders", json={"email": ADDRESS})
    assert (wrong.status_code, nobody.status_code) == (422, 404)
    ledger = "".join(str(each) for each in call.records.ledger.export()) + str(told_by_ledger(call))
    for text in (wrong.text, nobody.text, caplog.text, ledger):
        assert "anna.invented" not in text
    seen = await call("officer", "GET", "/me")
    assert "email" not in seen.json()


# --- deputies -------------------------------------------------------------------------------------------


@pytest.fixture
def clerk(call: Caller) -> str:
    """A second officer of the district court."""
    call.records.accounts.add("clerk", [Role.OFFICER], "district-court")
    call.tokens["clerk"] = call.records.accounts.token("clerk")
    return "clerk"


def away(call: Caller, account: str, deputy: str, **changes: Any) -> dict[str, Any]:
    return {"account": account, "deputy": deputy, "since": call.office.today().isoformat(), **changes}


async def test_a_deputy_sees_and_does_what_concerns_the_absent_one_while_away(
    call: Caller, clerk: str
) -> None:
    ref = await held_by(call, "court-officer", "district-court")
    path = f"/cases/{ref}"
    assert (await call(clerk, "GET", path)).status_code == 404
    made = await call("court-officer", "POST", "/absences", json=away(call, "court-officer", clerk))
    assert made.status_code == 201, made.text
    assert (await call(clerk, "GET", "/me")).json()["acts_for"] == ["court-officer"]
    assert (await call(clerk, "GET", path)).json()["sight"] == "full"
    assert [each["ref"] for each in (await call(clerk, "GET", "/cases")).json()["items"]] == [ref]
    moved = await call.move(clerk, ref, event="withdraw", reason="a test")
    assert moved.status_code == 200, moved.text
    entry = call.records.ledger.entries(ref)[-1]
    assert (entry.event, entry.actor) == ("withdraw", clerk)
    await call("court-officer", "POST", f"/absences/{made.json()['number']}/end")
    assert (await call(clerk, "GET", path)).status_code == 404
    assert (await call(clerk, "GET", "/me")).json()["acts_for"] == []


async def test_a_deputy_acts_with_the_own_roles_only(call: Caller) -> None:
    call.records.absences.add("approver", "other-officer", call.office.today(), None, "approver")
    call.records.absences.add("other-officer", "officer", call.office.today(), None, "approver")
    told = (await call("officer", "GET", "/me")).json()
    assert (told["acts_for"], told["roles"]) == (["approver", "other-officer"], ["officer"])
    ref = await call.file("other-officer")
    refused = await call.move("officer", ref, event="approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")


async def test_an_absence_to_come_changes_nothing_yet(call: Caller, clerk: str) -> None:
    tomorrow = (call.office.today() + timedelta(days=1)).isoformat()
    body = away(call, "court-officer", clerk, since=tomorrow)
    made = await call("court-officer", "POST", "/absences", json=body)
    assert (await call(clerk, "GET", "/me")).json()["acts_for"] == []
    assert (await call(clerk, "GET", "/absences")).json()["items"] == [made.json()]
    await call("court-officer", "POST", f"/absences/{made.json()['number']}/end")
    assert (await call(clerk, "GET", "/absences")).json()["items"] == []


@pytest.mark.parametrize(
    ("who", "status"), [("approver", 201), ("operator", 201), ("officer", 403), ("liaison", 403)]
)
async def test_who_records_the_absence_of_another(call: Caller, clerk: str, who: str, status: int) -> None:
    made = await call(who, "POST", "/absences", json=away(call, "court-officer", clerk))
    assert made.status_code == status, made.text
    call.records.absences.add("court-officer", clerk, call.office.today(), None, "approver")
    assert (await call(who, "POST", "/absences/1/end")).status_code == (200 if status == 201 else 403)


async def test_the_ledger_keeps_who_stood_in(call: Caller, clerk: str) -> None:
    body = away(call, "court-officer", clerk, until="2099-01-01")
    await call("court-officer", "POST", "/absences", json=body)
    await call("approver", "POST", "/absences/1/end")
    events = [each for each in told_by_ledger(call) if each[0].startswith("absence")]
    assert [event for event, _ in events] == ["absence-recorded", "absence-ended"]
    assert events[0][1]["deputy"] == clerk


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"deputy": "officer"}, 422, "bad-input"),
        ({"deputy": "court-officer"}, 422, "bad-input"),
        ({"deputy": "nobody"}, 404, "not-found"),
        ({"until": date.min.isoformat()}, 422, "bad-input"),
        ({"since": "soon"}, 422, None),
    ],
)
async def test_an_absence_that_cannot_be(
    call: Caller, clerk: str, changes: dict[str, str], status: int, code: str | None
) -> None:
    body = {**away(call, "court-officer", clerk), **changes}
    refused = await call("court-officer", "POST", "/absences", json=body)
    assert refused.status_code == status, refused.text
    assert code is None or refused.json()["code"] == code


async def test_a_circle_is_told_by_name(call: Caller, clerk: str) -> None:
    await call("court-officer", "POST", "/absences", json=away(call, "court-officer", clerk))
    refused = await call(clerk, "POST", "/absences", json=away(call, clerk, "court-officer"))
    assert refused.json()["code"] == "deputies-in-circle"
    assert "clerk → court-officer → clerk" in refused.json()["detail"]


# --- leavers (what happens to their cases: test_leaving) ------------------------------------------------


async def test_a_leaver_who_holds_nothing_is_closed_at_once(call: Caller) -> None:
    token = call.tokens["officer"]
    body = {"to": "other-officer", "reason": "a test"}
    left = await call("approver", "POST", "/users/officer/leave", json=body)
    assert left.json() == {
        "id": "officer",
        "to": "other-officer",
        "moved": [],
        "stuck": [],
        "deputy_for": [],
    }
    again = await call("approver", "POST", "/users/officer/leave", json=body)
    assert again.json() == left.json()
    assert (await call(None, "GET", "/me", headers={"Authorization": f"Bearer {token}"})).status_code == 401
    closed = [detail for event, detail in told_by_ledger(call) if event == "account-closed"]
    assert closed == [{"id": "officer", "left": True, "to": "other-officer"}]


@pytest.mark.parametrize("who", ["officer", "operator", "auditor", "judge"])
async def test_only_an_approver_lets_people_leave(call: Caller, who: str) -> None:
    refused = await call(who, "POST", "/users/liaison/leave", json={"reason": "a test"})
    assert refused.status_code == 403
    assert call.records.accounts.one("liaison").closed is None
