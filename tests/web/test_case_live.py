"""Does an open page hear that its case moved, and does the stream end when it must?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from desk.web.case_live import MOST_STREAMS, Pulse, stream
from desk.web.frame import Visitor
from records.lasting import lasts
from records.sessions import Session
from schemas.errors import NotFound
from tests.patience import PATIENCE, turns
from tests.web.conftest import Screen
from tests.web.samples import Samples


class Counting:
    """A case whose newest move the test sets; counts how often it was asked for."""

    def __init__(self) -> None:
        self.move = 1
        self.asked = 0

    def __call__(self, ref: str) -> int:
        self.asked += 1
        return self.move


def visitor_at(screen: Screen, who: str) -> Visitor:
    signed = screen.signed_in(who)
    session = screen.records.sessions.of(signed.token)
    assert isinstance(session, Session)
    return Visitor(screen.app.state.house, "en", session, session.actor)


async def lines(source: AsyncGenerator[str], count: int) -> list[str]:
    return [await asyncio.wait_for(anext(source), PATIENCE) for _ in range(count)]


async def test_a_new_move_is_told_to_all_by_one_look(full_screen: Screen, samples: Samples) -> None:
    newest = Counting()
    pulse = Pulse(newest, every=0.01)
    visitor = visitor_at(full_screen, "officer")
    streams = [stream(visitor, pulse, samples.sent) for _ in range(3)]
    for each in streams:
        assert await lines(each, 1) == ["retry: 5000\n\n"]
    waiting = [asyncio.ensure_future(lines(each, 1)) for each in streams]
    await asyncio.sleep(0.1)
    newest.move = 2
    assert await asyncio.gather(*waiting) == [["event: moved\ndata: 2\n\n"]] * 3
    assert len(pulse._tasks) == 1
    for each in streams:
        await each.aclose()
    assert not pulse._tasks
    assert not pulse.streams[visitor.who.id]


async def test_the_stream_ends_with_the_session(full_screen: Screen, samples: Samples) -> None:
    pulse = Pulse(Counting(), every=0.01)
    visitor = visitor_at(full_screen, "officer")
    assert visitor.session is not None
    open_one = stream(visitor, pulse, samples.sent, sign_of_life=0.01)
    assert (await lines(open_one, 2))[1] == ": here\n\n"
    full_screen.records.sessions.end_all("officer")
    told = [line async for line in open_one]
    assert told[-1] == "event: over\ndata: session\n\n"


def test_asking_whether_a_session_lasts_is_no_use_of_it(full_screen: Screen) -> None:
    visitor = visitor_at(full_screen, "officer")
    records, session = full_screen.records, visitor.session
    assert session is not None
    assert lasts(records.database, session.hash, records.sessions.idle)
    assert not lasts(records.database, session.hash, records.sessions.idle * 0)
    assert not lasts(records.database, "no such hash", records.sessions.idle)


async def test_a_case_that_is_gone_ends_the_looking() -> None:
    def gone(ref: str) -> int:
        raise NotFound("gone")

    pulse = Pulse(gone, every=0.01)
    queue = pulse.join("DE-MLA-2026-00001")
    async for _ in turns("the end of the looking"):
        if pulse._tasks["DE-MLA-2026-00001"].done():
            break
    pulse.leave("DE-MLA-2026-00001", queue)


async def test_too_many_windows_are_refused(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    full_screen.app.state.pulse = pulse = Pulse(Counting())
    pulse.streams["officer"] = MOST_STREAMS
    answer = await officer.get(f"/desk/case/{samples.sent}/events")
    assert answer.status_code == 429


@pytest.mark.parametrize("who", ["treaty-desk", "court-officer"])
async def test_who_may_not_see_it_hears_nothing(who: str, full_screen: Screen, samples: Samples) -> None:
    answer = await full_screen.signed_in(who).get(f"/desk/case/{samples.sent}/events")
    assert answer.status_code in (403, 404)


async def test_the_page_names_its_stream(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    await officer.get(f"/desk/case/{samples.sent}")
    (live,) = officer.tree.cssselect("[data-live]")
    assert live.get("data-live") == f"/desk/case/{samples.sent}/events"
    assert live.get("id")
