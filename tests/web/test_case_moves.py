"""What becomes of a move that is made on a page: right, wrong, by two, by post?"""

from __future__ import annotations

from typing import Any

import pytest

from schemas.errors import WrongMove
from schemas.moves import Actor, Delivered
from schemas.vocabulary import Role
from tests.web.changing import URGENT, changed, do, fields
from tests.web.conftest import Screen
from tests.web.samples import Samples


async def test_an_answer_is_sent_and_the_page_says_so(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    await officer.get(do(samples.sent, "inform"))
    answer = await officer.post(do(samples.sent, "inform"), {**fields(officer), "text": "The child is safe."})
    assert answer.status_code == 303, officer.text()
    assert answer.headers["location"] == f"/desk/case/{samples.sent}?done=inform"
    await officer.get(answer.headers["location"])
    assert "Done" in officer.text(".notice.done")
    await officer.get(f"/desk/case/{samples.sent}/history")
    assert "The child is safe." in officer.text("tbody tr:first-child")


async def test_the_hold_of_a_closed_case_can_be_lifted(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    await officer.get(f"/desk/case/{samples.closed}")
    assert "Set or lift the legal hold" in officer.text()
    assert (await officer.get(do(samples.closed, "hold"))).status_code == 200


async def test_no_draft_is_recorded_as_arrived(full_screen: Screen, samples: Samples) -> None:
    """From the proof of arrival the time of whoever is asked runs: there is none before anything has left."""
    officer = full_screen.signed_in("officer")
    await officer.get(f"/desk/case/{samples.draft}/record")
    assert "Proof that it arrived" not in officer.text()
    assert (await officer.get(do(samples.draft, "delivered", "?by_post=1"))).status_code == 409
    await officer.get(f"/desk/case/{samples.sent}/record")
    assert "Proof that it arrived" in officer.text()
    actor = Actor(id="officer", house="de", roles=(Role.OFFICER,), agency="central-authority")
    with pytest.raises(WrongMove, match="left yet"):
        await full_screen.office.move(actor, samples.draft, Delivered(by_post=True), "k" * 20)


async def test_a_day_beyond_all_days_is_told_at_its_field(full_screen: Screen, samples: Samples) -> None:
    """Midnight of the first day there is in Berlin is a day before it in London."""
    officer = full_screen.signed_in("officer")
    typed = {"text": "Well?", "answer_by": "0001-01-01", "answer_by~time": "00:00"}
    await officer.get(do(samples.incoming, "question"))
    answer = await officer.post(do(samples.incoming, "question"), {**fields(officer), **typed})
    assert answer.status_code == 422, officer.text()
    assert officer.tree.cssselect(".wrong-summary a")[0].get("href") == "#f-answer_by"


async def test_what_is_missing_is_named_and_what_was_typed_stays(
    full_screen: Screen, samples: Samples
) -> None:
    officer = full_screen.signed_in("officer")
    answer = await officer.post(
        do(samples.sent, "costs"), {"amount": "twelve", "currency": "EUR", "note": "as agreed"}
    )
    assert answer.status_code == 422
    links = {each.get("href"): each.text_content() for each in officer.tree.cssselect(".wrong-summary a")}
    assert links["#f-amount"] == "Write the amount in figures with a point, such as 1250.00."
    assert links["#f-borne_by"] == "Choose one: Who bears them?."
    assert officer.tree.cssselect("#f-amount")[0].get("value") == "twelve"
    assert officer.tree.cssselect("#f-note")[0].text.strip() == "as agreed"
    for target in links:
        assert officer.tree.cssselect(target.replace(".", "\\.")), target


async def test_a_refusal_of_the_case_is_told_on_the_form(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    typed = {"happened_at": "2099-01-01", "their_ref": "US-1"}
    answer = await officer.post(do(samples.paper, "acknowledge", "?by_post=1"), typed)
    assert answer.status_code == 422
    assert "future" in officer.text(".wrong-summary")
    assert officer.tree.cssselect(".wrong-summary a")[0].get("href") == "#f-happened_at"
    # mended, the same form goes through: a refused attempt does not use up its key
    mended = {**fields(officer), "happened_at": ""}
    answer = await officer.post(do(samples.paper, "acknowledge", "?by_post=1"), mended)
    assert answer.status_code == 303, officer.text()
    assert full_screen.records.states.latest(samples.paper).counterpart.ref == "US-1"


async def test_a_scan_goes_to_the_documents_of_the_case(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    answer = await officer.post(
        do(samples.paper, "acknowledge", "?by_post=1"),
        {"their_ref": "US-2"},
        files={"scan~file": ("letter.pdf", b"%PDF-1.7 invented", "application/pdf")},
    )
    assert answer.status_code == 303, officer.text()
    await officer.get(f"/desk/case/{samples.paper}")
    assert "letter.pdf" in officer.text("table")


async def test_documents_go_with_an_answer(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    answer = await officer.post(
        do(samples.sent, "papers"),
        {"note": ""},
        files={"attachments~file": ("papers.pdf", b"%PDF-1.7 papers", "application/pdf")},
    )
    assert answer.status_code == 303, officer.text()
    state = full_screen.records.states.latest(samples.sent)
    assert [each.name for each in state.documents] == ["papers.pdf"]


async def test_a_picture_is_refused_with_its_reason(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    answer = await officer.post(
        do(samples.sent, "papers"),
        {"note": "keep this"},
        files={"attachments~file": ("scan.jpg", b"\xff\xd8\xff picture", "image/jpeg")},
    )
    assert answer.status_code == 422
    assert "Pictures and films are not stored here." in officer.text(".wrong-summary")
    assert "keep this" in officer.text("textarea")


async def test_what_is_missing_is_told_without_the_names_of_fields(
    full_screen: Screen, samples: Samples
) -> None:
    officer = full_screen.signed_in("officer")
    await changed(officer, samples.draft, "unpreserved", no_preservation="")
    await officer.get(f"/desk/case/{samples.draft}")
    assert "preserved first Budapest 29" in officer.text("#law ~ ul")


async def test_four_eyes_says_who_may_not_and_why(full_screen: Screen, samples: Samples) -> None:
    approver = full_screen.signed_in("approver")
    await approver.get(do(samples.waiting, "approve"))
    assert "officer" in approver.text(".notice.info")
    warned = [each.text_content() for each in approver.tree.cssselect(".notice.warn")]
    assert all(text.startswith("The letter does not say yet") for text in warned)
    answer = await approver.post(do(samples.waiting, "approve"), fields(approver))
    assert answer.status_code == 303, approver.text()
    assert full_screen.records.states.latest(samples.waiting).status == "approved"


@pytest.mark.parametrize(("who", "event"), [("approver", "approve"), ("officer", "send")])
async def test_what_the_letter_does_not_say_is_told_before_it_leaves(
    who: str, event: str, full_screen: Screen, samples: Samples
) -> None:
    """The law may ask for nothing, and a letter without facts is none all the same."""
    visitor, officer = full_screen.signed_in(who, "fr"), full_screen.signed_in("officer")
    for code in full_screen.records.states.latest(samples.waiting).request.contents:
        await changed(officer, samples.waiting, f"contents-{code}", **{f"contents-{code}": ""})
    await visitor.get(do(samples.waiting, event))
    assert "Le courrier ne dit pas encore" in visitor.text(".notice.warn")
    assert "faits" in visitor.text(".notice.warn").casefold()
    assert visitor.tree.cssselect("main form"), "it is said, and not forbidden"


async def test_whoever_filed_cannot_approve(full_screen: Screen) -> None:
    both = full_screen.signed_in("other-officer")
    officer = full_screen.signed_in("officer")
    # the one draft there is was filed by `officer`, who has no such role
    samples_draft = next(
        line.ref for line in full_screen.records.docket.find().rows if line.status == "draft"
    )
    assert (await officer.get(do(samples_draft, "approve"))).status_code == 403
    await changed(both, samples_draft, "urgency", **URGENT)
    await both.get(do(samples_draft, "approve"))
    assert "A second person must approve it." in both.text()
    assert not both.tree.cssselect("main form")


@pytest.mark.parametrize("event", ["approve", "issue"])
async def test_a_save_between_look_and_move_is_seen(
    event: str, full_screen: Screen, samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page found nothing changed; the case itself does, in the step that makes the move."""
    who, ref = {"approve": "approver", "issue": "judge"}[event], samples.waiting
    mine, other = full_screen.signed_in(who), full_screen.signed_in("other-officer")
    await mine.get(do(ref, event))
    moved = full_screen.office.move

    async def first_theirs(*given: Any) -> Any:
        monkeypatch.setattr(full_screen.office, "move", moved)
        await changed(other, ref, "urgency", **URGENT)
        return await moved(*given)

    monkeypatch.setattr(full_screen.office, "move", first_theirs)
    typed = {"authority": "Court", "function": "judge", "signed_on": "2026-01-01", "capacity": "issued"}
    answer = await mine.post(do(ref, event), {**fields(mine), **(typed if event == "issue" else {})})
    assert answer.status_code == 409, mine.text()
    assert "other-officer" in mine.text()
    assert full_screen.records.states.latest(ref).last_author == "other-officer"
    assert "Read it as it stands now" in mine.text(".wrong-summary")
    assert (await mine.post(do(ref, event), fields(mine))).status_code == 303, mine.text()


async def test_a_link_to_approve_means_what_was_read(full_screen: Screen, samples: Samples) -> None:
    approver, other = full_screen.signed_in("approver"), full_screen.signed_in("other-officer")
    await approver.get(f"/desk/case/{samples.waiting}")
    (link,) = {each.get("href") for each in approver.tree.cssselect("main a[href*='/do/approve']")}
    await changed(other, samples.waiting, "urgency", **URGENT)
    await approver.get(link)
    assert (await approver.post(link, fields(approver))).status_code == 409
    assert "other-officer changed the request" in approver.text(".wrong-summary")


async def test_add_another_needs_no_script(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    await officer.get(do(samples.incoming, "evidence"))
    rows = len(officer.tree.cssselect("fieldset.row"))
    answer = await officer.post(do(samples.incoming, "evidence"), {**fields(officer), "more": "items"})
    assert answer.status_code == 200
    assert len(officer.tree.cssselect("fieldset.row")) == rows + 1


async def test_a_move_that_is_not_possible_now_says_what_is(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    answer = await officer.get(do(samples.closed, "answer"))
    assert answer.status_code == 409
    assert (await officer.get(do(samples.sent, "confirm"))).status_code == 404
    assert (await officer.get(do(samples.sent, "no-such-move"))).status_code == 404
    assert (await officer.get(do(samples.draft, "amend"))).status_code == 404, "it has pages of its own"
    assert (await officer.get(do(samples.sent, "hold", "?by_post=1"))).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("auditor", 403), ("treaty-desk", 403), ("liaison", 403)])
async def test_who_may_not_move_gets_no_form(
    who: str, status: int, full_screen: Screen, samples: Samples
) -> None:
    visitor = full_screen.signed_in(who)
    assert (await visitor.get(do(samples.sent, "inform"))).status_code == status
    assert (await visitor.post(do(samples.sent, "inform"), {"text": "x"})).status_code == status


async def test_a_handover_is_offered_and_returned(full_screen: Screen, samples: Samples) -> None:
    officer, judge = full_screen.signed_in("officer"), full_screen.signed_in("judge")
    await officer.get(do(samples.waiting, "offer"))
    typed = {**fields(officer), "receiver.function": "district-court", "why": "please read it"}
    assert (await officer.post(do(samples.waiting, "offer"), typed)).status_code == 303, officer.text()
    await judge.get(f"/desk/issue/{samples.waiting}")
    back = next(a.get("href") for a in judge.tree.cssselect(".actions a") if "Return" in a.text_content())
    await judge.get(back)
    answer = await judge.post(back, {**fields(judge), "reason": "The facts are missing."})
    assert answer.status_code == 303, judge.text()
    assert full_screen.records.states.latest(samples.waiting).handoffs[-1].reason == "The facts are missing."


async def test_a_liaison_takes_what_was_handed_over(full_screen: Screen, samples: Samples) -> None:
    liaison, officer = full_screen.signed_in("liaison"), full_screen.signed_in("officer")
    await officer.get(do(samples.waiting, "offer"))
    typed = {**fields(officer), "receiver.function": "police", "why": "Xenia Invented is there"}
    assert (await officer.post(do(samples.waiting, "offer"), typed)).status_code == 303, officer.text()
    await liaison.get(f"/desk/case/{samples.waiting}")
    links = {each.get("href") for each in liaison.tree.cssselect(".standing a")}
    assert {do(samples.waiting, "accept"), do(samples.waiting, "return")} <= links
    answer = await liaison.get(do(samples.waiting, "accept"))
    assert "Xenia" not in answer.text
    assert (await liaison.post(do(samples.waiting, "accept"), fields(liaison))).status_code == 303
    assert full_screen.records.states.latest(samples.waiting).holder.function == "police"


@pytest.mark.parametrize("name", ["items.9999999.id", "items.-1.id", "request.x~file", "~", ".", "more"])
async def test_made_up_fields_do_no_harm(name: str, full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    answer = await officer.post(do(samples.incoming, "evidence"), {name: "x", "complete": "maybe"})
    assert answer.status_code in (200, 422)


@pytest.mark.parametrize(
    ("event", "field", "more"),
    [
        ("question", "answer_by", {"text": "Well?"}),
        ("postpone", "until_estimate", {"reasons": "Another inquiry."}),
    ],
)
async def test_a_limit_that_is_over_when_it_is_set_is_refused_at_its_field(
    full_screen: Screen, samples: Samples, event: str, field: str, more: dict[str, str]
) -> None:
    """A slip in the year would be missed at once, and both houses be told."""
    officer = full_screen.signed_in("officer")
    typed = {**more, field: "2020-01-01"}
    await officer.get(do(samples.incoming, event))
    answer = await officer.post(do(samples.incoming, event), {**fields(officer), **typed})
    assert answer.status_code == 422, officer.text()
    assert officer.tree.cssselect(".wrong-summary a")[0].get("href") == f"#f-{field}"
    later = await officer.post(do(samples.incoming, event), {**fields(officer), **typed, field: "2098-01-01"})
    assert later.status_code == 303, officer.text()


async def test_an_amount_is_asked_for_as_it_is_to_be_written(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    typed = {"amount": "12,50", "currency": "eur", "borne_by": "requested"}
    await officer.post(do(samples.sent, "costs"), typed)
    assert "1250.00" in officer.text(".wrong-summary")
    assert "EUR" in officer.text(".wrong-summary")
