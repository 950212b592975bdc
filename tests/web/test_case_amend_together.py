"""Do two people at one draft keep each other's changes, and does nobody else get at its answers?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest

from schemas.handoff import Handoff, Holder
from schemas.moves import Move, Send
from schemas.request import MlaRequest, draft_digest
from tests.desk.conftest import MARK, request_json
from tests.web.changing import OFFICER, URGENT, change, changed, fields, filed, latest
from tests.web.conftest import Screen
from tests.web.samples import Samples

NOW = datetime(2026, 11, 3, 12, 30, tzinfo=UTC)


# --- two people -----------------------------------------------------------------------------------------


async def test_two_officers_see_each_others_change(full_screen: Screen, samples: Samples) -> None:
    officer, other = full_screen.signed_in("officer"), full_screen.signed_in("other-officer")
    await officer.get(change(samples.draft, "urgency"))
    mine = {**fields(officer), "urgent": "yes", "urgency_reason": "Mine: a flight."}
    await changed(other, samples.draft, "urgency", **URGENT)
    answer = await officer.post(change(samples.draft, "urgency"), mine)
    assert answer.status_code == 409
    assert "other-officer changed this page" in officer.text(".wrong-summary")
    assert "Theirs: a hearing." in officer.text("section.card")
    assert officer.text("#f-urgency_reason") == "Mine: a flight."
    # a slip of the pen in between hides nothing of theirs, and saves nothing
    wrong = {**fields(officer), "urgency_reason": "gpj.\u202eexe"}
    assert (await officer.post(change(samples.draft, "urgency"), wrong)).status_code == 422
    assert latest(full_screen, samples.draft).request.urgency_reason == URGENT["urgency_reason"]
    # saved again in the knowledge of theirs
    knowing = {**fields(officer), "urgency_reason": "Mine: a flight."}
    assert (await officer.post(change(samples.draft, "urgency"), knowing)).status_code == 303
    assert latest(full_screen, samples.draft).request.urgency_reason == "Mine: a flight."


async def test_a_slip_of_the_pen_hides_nobodys_change(full_screen: Screen, samples: Samples) -> None:
    officer, other = full_screen.signed_in("officer"), full_screen.signed_in("other-officer")
    await officer.get(change(samples.draft, "form"))
    wrong = {**fields(officer), "data_protection_ground": "gpj.\u202eexe"}
    assert (await officer.post(change(samples.draft, "form"), wrong)).status_code == 422
    await changed(other, samples.draft, "form", data_protection_ground="Theirs.")
    answer = await officer.post(
        change(samples.draft, "form"), {**fields(officer), "data_protection_ground": "Mine."}
    )
    assert answer.status_code == 409
    assert "Theirs." in officer.text("section.card")


async def test_what_others_change_at_other_questions_stays(full_screen: Screen, samples: Samples) -> None:
    officer, other = full_screen.signed_in("officer"), full_screen.signed_in("other-officer")
    await officer.get(change(samples.draft, "form"))
    mine = {**fields(officer), "data_protection_ground": "Mine."}
    await changed(other, samples.draft, "urgency", **URGENT)
    assert (await officer.post(change(samples.draft, "form"), mine)).status_code == 303, officer.text()
    now = latest(full_screen, samples.draft).request
    assert (now.urgency_reason, now.data_protection_ground) == (URGENT["urgency_reason"], "Mine.")


@pytest.mark.parametrize("theirs", ["urgency", "form"])
async def test_a_save_between_look_and_move_is_seen(
    theirs: str, full_screen: Screen, samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page found nothing changed; the case itself does, in the step that makes the move."""
    officer, other = full_screen.signed_in("officer"), full_screen.signed_in("other-officer")
    moved, ref = full_screen.office.move, samples.draft
    told = {"urgency": URGENT, "form": {"data_protection_ground": "Theirs: a hearing."}}[theirs]

    async def first_theirs(*given: Any) -> Any:
        assert given[2].over == draft_digest(latest(full_screen, ref).request)
        monkeypatch.setattr(full_screen.office, "move", moved)
        await changed(other, ref, theirs, **told)
        return await moved(*given)

    await officer.get(change(ref, "urgency"))
    mine = {**fields(officer), "urgent": "yes", "urgency_reason": "Mine: a flight."}
    monkeypatch.setattr(full_screen.office, "move", first_theirs)
    answer = await officer.post(change(ref, "urgency"), mine)
    assert answer.status_code == 409, officer.text()
    assert latest(full_screen, ref).last_author == "other-officer"
    assert officer.text(".wrong-summary li").startswith("other-officer changed")
    assert ("Theirs: a hearing." in officer.text()) is (theirs == "urgency")
    assert (await officer.post(change(ref, "urgency"), fields(officer))).status_code == 303, officer.text()
    now = latest(full_screen, ref).request
    assert now.urgency_reason == "Mine: a flight."
    assert ("Theirs" in str(now)) is (theirs == "form")


# --- who, and when --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [("judge", 403), ("auditor", 403), ("treaty-desk", 403), ("court-officer", 404), ("liaison", 403)],
)
async def test_who_may_not_amend_gets_no_question(
    who: str, status: int, full_screen: Screen, samples: Samples
) -> None:
    visitor, before = full_screen.signed_in(who), latest(full_screen, samples.draft)
    assert (await visitor.get(change(samples.draft, "urgency"))).status_code == status
    assert (await visitor.post(change(samples.draft, "urgency"), URGENT)).status_code == status
    await visitor.get(f"/desk/case/{samples.draft}")
    assert not visitor.tree.cssselect('a[href*="/change/"]')
    assert latest(full_screen, samples.draft).move == before.move


async def test_who_is_offered_a_draft_without_seeing_it_all_reads_none_of_its_answers(screen: Screen) -> None:
    """A case on offer to the police concerns a liaison, who sees where it stands and not what is in it."""
    ref = await filed(screen, MlaRequest.model_validate(request_json()))
    state = latest(screen, ref)
    police = Holder(house="de", function="police")
    offer = Handoff(id=f"{ref}.h1", sender=state.holder, receiver=police, why="x", offered=NOW)
    held = state.model_copy(update={"handoffs": [offer]})
    screen.office._file(held, Move(key="an-offer-0000001", actor=OFFICER, body=Send()))
    liaison = screen.signed_in("liaison")
    await liaison.get(f"/desk/case/{ref}")
    assert not liaison.tree.cssselect('.standing a[href$="#request"]')
    answer = await liaison.get(change(ref, "urgency"))
    assert answer.status_code == 403
    assert MARK not in answer.text


async def test_what_is_no_draft_any_more_keeps_its_answers(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    assert (await officer.get(change(samples.sent, "urgency"))).status_code == 409
    assert (await officer.post(change(samples.sent, "urgency"), URGENT)).status_code == 409
    await officer.get(f"/desk/case/{samples.sent}")
    assert not officer.tree.cssselect('a[href*="/change/"]')
    assert (await officer.get(change(samples.draft, "no-such-question"))).status_code == 404
    assert (await officer.get(change(samples.draft, "law"))).status_code == 404


async def test_what_was_typed_stays_where_the_draft_was_sent_meanwhile(
    full_screen: Screen, samples: Samples
) -> None:
    officer = full_screen.signed_in("officer")
    answer = await officer.post(change(samples.sent, "urgency"), {"urgent": "yes", "urgency_reason": "Long."})
    assert answer.status_code == 409
    assert officer.text("#f-urgency_reason") == "Long."
    assert "Withdraw" in officer.text(".wrong-summary")


async def test_what_was_typed_outlives_the_session(full_screen: Screen, samples: Samples) -> None:
    officer, sessions = full_screen.signed_in("officer"), full_screen.records.sessions
    await officer.get(change(samples.draft, "urgency"))
    typed = {**fields(officer), "urgent": "yes", "urgency_reason": "Long thought over."}
    csrf = getattr(sessions.of(officer.token), "csrf", "")
    idle, sessions.idle = sessions.idle, sessions.idle * 0
    answer = await officer.post(change(samples.draft, "urgency"), {**typed, "csrf": csrf})
    sessions.idle = idle
    assert answer.headers["location"].startswith("/desk/sign-in?back=")
    back = unquote(answer.headers["location"].partition("back=")[2].partition("&")[0])
    again = full_screen.signed_in("officer")
    await again.get(back)
    assert again.text("#f-urgency_reason") == "Long thought over."
    assert (await again.post(change(samples.draft, "urgency"), fields(again))).status_code == 303
    assert latest(full_screen, samples.draft).request.urgency_reason == "Long thought over."


async def test_questions_of_a_case_run_from_right_to_left(full_screen: Screen, samples: Samples) -> None:
    english, reader = full_screen.signed_in("officer"), full_screen.signed_in("officer", "ar")
    for question in ("documents", "spontaneous", "day"):
        for screen in (english, reader):
            await screen.get(change(samples.draft, question))
        assert reader.tree.get("dir") == "rtl"
        assert reader.text("h1") != english.text("h1")
        assert reader.text("main form button") != english.text("main form button")
