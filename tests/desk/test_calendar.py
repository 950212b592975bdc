"""Does the calendar show what is due to those who may see it, at an address that is a secret, and no more?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from icalendar import Calendar, Component
from sqlalchemy import select

from desk import calendar
from records.projection import write_row
from records.tables import ATTEMPTS, LEDGER, TOKENS
from schemas.case import ClockRow, DocketRow
from schemas.handoff import Holder
from tests.desk.conftest import MARK, Caller

START = datetime(2026, 11, 20, 9, 30, 15, tzinfo=UTC)


def clock(name: str, **changes: Any) -> ClockRow:
    given = {
        "clock": name,
        "due": datetime(2026, 12, 1, 23, tzinfo=UTC),
        "due_day": date(2026, 12, 1),
        "started": START,
        "unit": "days",
    }
    return ClockRow.model_validate({**given, **changes})


async def due_case(call: Caller, *clocks: ClockRow, holder: Holder | None = None) -> str:
    """A case in which these clocks run."""
    ref = await call.file()
    line = call.records.docket.row(ref)
    changes: dict[str, Any] = {"clocks": clocks}
    if holder is not None:
        changes |= {"holder_function": holder.function, "holder_actor": holder.actor}
    put(call, line.model_copy(update=changes))
    return ref


def put(call: Caller, line: DocketRow) -> None:
    call.records.database.write(lambda connection: write_row(connection, line, line.model_dump_json()))


async def address_of(call: Caller, who: str) -> str:
    answer = await call(who, "POST", "/me/calendar")
    assert answer.status_code == 201, answer.text
    path: str = answer.json()["path"]
    return path


async def events(call: Caller, path: str) -> list[Component]:
    answer = await call(None, "GET", path)
    assert answer.status_code == 200, answer.text
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


async def summaries(call: Caller, who: str, query: str = "") -> list[str]:
    return sorted(str(each["summary"]) for each in await events(call, await address_of(call, who) + query))


async def test_each_running_clock_is_one_event_with_an_alarm(call: Caller) -> None:
    hour = datetime(2026, 11, 23, 14, 30, 15, tzinfo=UTC)
    ref = await due_case(call, clock("decide"), clock("second-approval", due=hour, unit="hours"))
    path = await address_of(call, "officer")
    answer = await call(None, "GET", path)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    by_name = {str(each["summary"]): each for each in await events(call, path)}
    assert set(by_name) == {f"{ref} decide", f"{ref} second-approval"}
    day, moment = by_name[f"{ref} decide"], by_name[f"{ref} second-approval"]
    assert day.decoded("dtstart") == date(2026, 12, 1)
    assert moment.decoded("dtstart") == hour
    for event in (day, moment):
        assert str(event["url"]).endswith(f"/desk/case/{ref}")
        (alarm,) = event.walk("VALARM")
        assert alarm.decoded("trigger") == timedelta(days=-1)
        assert event.decoded("dtstamp") == call.records.docket.row(ref).updated.replace(microsecond=0)


async def test_nothing_of_the_case_is_in_it(call: Caller) -> None:
    await due_case(call, clock("decide", article="12(1)", instrument="budapest"))
    text = (await call(None, "GET", await address_of(call, "officer"))).text
    for word in (MARK, "csam", "budapest", "12(1)", "US", "subscriber"):
        assert word not in text.replace("BEGIN:", "").replace("CLASS", ""), word


async def test_an_event_keeps_its_name_while_the_clock_runs_and_its_end_moves(call: Caller) -> None:
    ref = await due_case(call, clock("decide"))
    path = await address_of(call, "officer")
    (before,) = await events(call, path)
    line = call.records.docket.row(ref)
    later = clock("decide", due=datetime(2026, 12, 8, 23, tzinfo=UTC), due_day=date(2026, 12, 8))
    put(call, line.model_copy(update={"clocks": (later,)}))
    (after,) = await events(call, path)
    assert before["uid"] == after["uid"]
    assert (before.decoded("dtstart"), after.decoded("dtstart")) == (date(2026, 12, 1), date(2026, 12, 8))
    put(call, line.model_copy(update={"clocks": ()}))
    assert await events(call, path) == []


async def test_two_clocks_of_one_name_are_two_events(call: Caller) -> None:
    await due_case(call, clock("supplement"), clock("supplement", started=START + timedelta(days=1)))
    found = await events(call, await address_of(call, "officer"))
    assert len({str(each["uid"]) for each in found}) == 2


async def test_each_sees_the_cases_they_may_see(call: Caller) -> None:
    court = Holder(house="de-test", function="district-court", actor="court-officer")
    ours = await due_case(call, clock("decide"))
    theirs = await due_case(call, clock("execute"), holder=court)
    police = await due_case(call, clock("confirm"), holder=Holder(house="de-test", function="police"))
    everything = sorted([f"{ours} decide", f"{theirs} execute", f"{police} confirm"])
    assert await summaries(call, "officer") == everything
    assert await summaries(call, "auditor") == everything
    assert await summaries(call, "court-officer") == [f"{theirs} execute"]
    assert await summaries(call, "liaison") == [f"{police} confirm"]
    assert await summaries(call, "approver", "?mine=true") == [f"{ours} decide"]


async def test_a_deputy_sees_what_the_absent_one_would(call: Caller) -> None:
    court = Holder(house="de-test", function="district-court", actor="court-officer")
    ref = await due_case(call, clock("execute"), holder=court)
    call.records.accounts.add(
        "court-clerk", call.records.accounts.one("court-officer").roles, "district-court"
    )
    token = call.records.accounts.calendar("court-clerk")
    path = f"/calendar/{token}.ics"
    assert await events(call, path) == []
    today = call.office.today()
    call.records.absences.add("court-officer", "court-clerk", today, None, "court-officer")
    assert [str(each["summary"]) for each in await events(call, path)] == [f"{ref} execute"]


async def test_a_long_list_goes_to_its_end_and_no_further(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar, "FETCHED_AT_ONCE", 2)
    names = [f"clock-{number}" for number in range(5)]
    ref = await due_case(call, *(clock(name) for name in names))
    assert await summaries(call, "officer") == [f"{ref} {name}" for name in names]
    monkeypatch.setattr(calendar, "MOST", 3)
    assert await summaries(call, "officer") == [f"{ref} {name}" for name in names[:3]]


# --- the address ----------------------------------------------------------------------------------------


def told_alike(answers: list[httpx.Response]) -> bool:
    return {(each.status_code, each.json()["code"]) for each in answers} == {(404, "not-found")}


async def test_wrong_revoked_and_closed_addresses_are_not_there(call: Caller) -> None:
    revoked, closed = await address_of(call, "officer"), await address_of(call, "judge")
    other = await address_of(call, "approver")
    assert (await call("officer", "POST", "/me/calendar/revoke")).json() == {"revoked": 1}
    call.records.accounts.close("judge")
    cut = revoked.replace(".ics", "x.ics")
    login = f"/calendar/{call.tokens['officer']}.ics"
    wrong = [await call(None, "GET", path) for path in (revoked, closed, cut, login, "/calendar/x.ics")]
    assert told_alike(wrong)
    assert (await call(None, "GET", other)).status_code == 200


async def test_an_address_opens_the_calendar_and_nothing_else(call: Caller) -> None:
    path = await address_of(call, "officer")
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    for route in ("/me", "/cases"):
        answer = await call(None, "GET", route, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401


async def test_who_loses_the_role_loses_the_calendar(call: Caller) -> None:
    path = await address_of(call, "officer")
    call.records.accounts.change("officer", call.records.accounts.one("operator").roles)
    assert told_alike([await call(None, "GET", path)])


async def test_an_address_is_shown_once_and_kept_nowhere(call: Caller) -> None:
    first = await call("officer", "POST", "/me/calendar", key="k")
    again = await call("officer", "POST", "/me/calendar", key="k")
    assert (first.status_code, again.status_code) == (201, 409)
    token = first.json()["path"].removeprefix("/calendar/").removesuffix(".ics")
    with call.records.database.read() as connection:
        for table in (TOKENS, ATTEMPTS, LEDGER):
            assert token not in str(connection.execute(select(table)).all())
