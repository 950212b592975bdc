"""What becomes of a form that is pressed twice, changed after that, or sent while nobody answers?"""

from __future__ import annotations

from typing import Any

import pytest

from desk.web.case_moves import key_of
from desk.web.forms import Typed
from schemas.errors import Unavailable
from schemas.ids import digest
from schemas.moves import Move, MoveReply
from tests.web.changing import do, fields
from tests.web.conftest import Screen
from tests.web.samples import Samples


async def test_pressed_twice_is_made_once(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    await officer.get(do(samples.sent, "inform"))
    typed = {**fields(officer), "text": "Once."}
    before = full_screen.records.states.latest(samples.sent).move
    for _ in range(2):
        assert (await officer.post(do(samples.sent, "inform"), typed)).status_code == 303
    assert full_screen.records.states.latest(samples.sent).move == before + 1


async def test_pressed_twice_says_the_same_where_the_move_is_not_possible_any_more(
    full_screen: Screen, samples: Samples
) -> None:
    """Withdrawn is withdrawn: the second press is told so, and not that it failed."""
    officer = full_screen.signed_in("officer")
    await officer.get(do(samples.sent, "withdraw"))
    typed = {**fields(officer), "reason": "Found otherwise."}
    before = full_screen.records.states.latest(samples.sent).move
    for _ in range(2):
        answer = await officer.post(do(samples.sent, "withdraw"), typed)
        assert answer.headers["location"] == f"/desk/case/{samples.sent}?done=withdraw"
    assert full_screen.records.states.latest(samples.sent).move == before + 1


async def test_who_goes_back_and_writes_something_else_is_not_told_that_it_was_said(
    full_screen: Screen, samples: Samples
) -> None:
    officer = full_screen.signed_in("officer")
    await officer.get(do(samples.sent, "inform"))
    typed = fields(officer)
    for text in ("First.", "Second."):
        assert (await officer.post(do(samples.sent, "inform"), {**typed, "text": text})).status_code == 303
    await officer.get(f"/desk/case/{samples.sent}/history")
    told = officer.text("tbody")
    assert "First." in told
    assert "Second." in told
    await officer.get(do(samples.sent, "withdraw"))
    typed = fields(officer)
    await officer.post(do(samples.sent, "withdraw"), {**typed, "reason": "Found otherwise."})
    again = await officer.post(do(samples.sent, "withdraw"), {**typed, "reason": "Another reason."})
    assert again.status_code == 409
    # the case went on: what was typed is not lost, and says where it can go
    assert "Another reason." in officer.text("main form")
    assert "Close the case" in officer.text(".wrong-summary")


async def test_an_engine_that_is_down_loses_nothing(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    await officer.get(do(samples.sent, "inform"))
    typed = {**fields(officer), "text": "Kept."}
    full_screen.office.down = True
    answer = await officer.post(do(samples.sent, "inform"), typed)
    assert answer.status_code == 503
    assert officer.tree.cssselect("textarea")[0].text.strip() == "Kept."
    assert fields(officer)["key"] == typed["key"], "the move may have been taken up: its key finds it"
    full_screen.office.down = False
    assert (await officer.post(do(samples.sent, "inform"), fields(officer))).status_code == 303


async def test_what_was_taken_up_while_nobody_answered_is_made_once_with_its_document(
    full_screen: Screen, samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says: send it again, unchanged. The document stands there by its name then, as no file."""
    officer, office = full_screen.signed_in("officer"), full_screen.office
    deliver = office.deliver

    async def silent(ref: str, move: Move) -> MoveReply:
        await deliver(ref, move)
        raise Unavailable("The case did not answer.", where=ref)

    await officer.get(do(samples.sent, "papers"))
    typed = {**fields(officer), "note": " Two pages.\r\nBoth signed. "}
    before = full_screen.records.states.latest(samples.sent).move
    monkeypatch.setattr(office, "deliver", silent)
    file = {"attachments~file": ("papers.pdf", b"%PDF-1.7 papers", "application/pdf")}
    assert (await officer.post(do(samples.sent, "papers"), typed, files=file)).status_code == 503
    monkeypatch.setattr(office, "deliver", deliver)
    assert (await officer.post(do(samples.sent, "papers"), fields(officer))).status_code == 303
    assert full_screen.records.states.latest(samples.sent).move == before + 1


async def test_a_scan_is_asked_for_once_where_nobody_answered(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    path = do(samples.paper, "acknowledge", "?by_post=1")
    await officer.get(path)
    typed = fields(officer)
    full_screen.office.down = True
    file = {"scan~file": ("letter.pdf", b"%PDF-1.7 a scan", "application/pdf")}
    await officer.post(path, {**typed, "their_ref": "US-3"}, files=file)
    keys = {key_of(Typed({**_listed(typed), "their_ref": ["US-3"], "scan": [digest(b"%PDF-1.7 a scan")]}))}
    keys.add(key_of(Typed(_listed(fields(officer)))))
    assert len(keys) == 1


def _listed(typed: dict[str, Any]) -> dict[str, list[str]]:
    return {name: said if isinstance(said, list) else [said] for name, said in typed.items()}


async def test_what_was_typed_outlives_the_session(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    await officer.get(do(samples.sent, "inform"))
    typed = {**fields(officer), "text": "Long thought over."}
    sessions = officer.records.sessions
    csrf = getattr(sessions.of(officer.token), "csrf", "")
    idle, sessions.idle = sessions.idle, sessions.idle * 0
    answer = await officer.post(do(samples.sent, "inform"), {**typed, "csrf": csrf})
    sessions.idle = idle
    assert answer.status_code == 303
    token = answer.headers["location"].split("kept%3D")[1].partition("&")[0]
    again = full_screen.signed_in("officer")
    await again.get(do(samples.sent, "inform", f"?kept={token}"))
    assert "Long thought over." in again.text("#f-text")
    assert (await again.post(do(samples.sent, "inform"), fields(again))).status_code == 303, again.text()
