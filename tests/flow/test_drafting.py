"""Does each move before the sending do what it should, and refuse the rest?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from schemas.deadline import ClockStatus
from schemas.errors import BadInput, Conflict, NotAllowed, WrongMove
from schemas.moves import (
    Actor,
    Amend,
    Approve,
    ChooseBasis,
    FileRequest,
    Issue,
    MoveBody,
    Reopen,
    Send,
    SendBack,
)
from schemas.request import MlaRequest, draft_digest
from schemas.vocabulary import Side
from tests.flow.invented import (
    APPROVER_DE,
    JUDGE_DE,
    OFFICER_DE,
    OFFICER_US,
    START,
    emergency,
    request,
)
from tests.flow.paper import Pair, PaperHouse, refused


def test_a_filed_request_is_a_draft_with_its_law_its_holder_and_its_gaps() -> None:
    house = PaperHouse("de", "DE", "us")
    state = house.begin(OFFICER_DE, FileRequest(request=request(contents={}, necessity=None)), Side.OUTGOING)
    assert (state.status, state.move, state.holder.house) == ("draft", 1, "de")
    assert state.law is not None
    assert state.law.instrument == "de-us-mla"
    assert state.counterpart.house == "us"
    assert [gap.code for gap in state.gaps] == ["content", "content", "necessity", "issuance"]
    assert [gap.code for gap in state.gaps if not gap.blocking] == ["issuance"]


def test_a_house_files_only_for_its_own_state() -> None:
    house = PaperHouse("fr", "FR", "us")
    with pytest.raises(BadInput) as caught:
        house.begin(
            OFFICER_DE.model_copy(update={"house": "fr"}), FileRequest(request=request()), Side.OUTGOING
        )
    assert caught.value.code == "wrong-state"


def test_a_case_cannot_begin_with_a_foreign_actor_or_another_move(pair: Pair) -> None:
    foreign = OFFICER_US
    with pytest.raises(BadInput):
        PaperHouse("de", "DE", "us").begin(foreign, FileRequest(request=request()), Side.OUTGOING)
    refused(pair.de, WrongMove, "wrong-move", OFFICER_DE, FileRequest(request=request()))


def test_gaps_keep_a_request_from_being_approved_and_amending_mends_them() -> None:
    house = PaperHouse("de", "DE", "us")
    house.begin(OFFICER_DE, FileRequest(request=request(contents={})), Side.OUTGOING)
    error = refused(house, WrongMove, "gaps", APPROVER_DE, Approve())
    assert "requesting-authority" in error.what
    house.move(OFFICER_DE, Amend(request=request()))
    assert house.move(APPROVER_DE, Approve()).status == "approved"


def test_an_approver_may_override_gaps_and_the_reason_stays() -> None:
    house = PaperHouse("de", "DE", "us")
    house.begin(OFFICER_DE, FileRequest(request=request(contents={})), Side.OUTGOING)
    house.move(APPROVER_DE, Approve(override="agreed by telephone, in writing tomorrow"))
    (override,) = house.state.overrides
    assert override.actor == APPROVER_DE.id
    assert override.instead_of == "gaps: content requesting-authority, content object-and-reason"


@pytest.mark.parametrize("author", ["filed", "amended"])
def test_four_eyes(author: str) -> None:
    house = PaperHouse("de", "DE", "us")
    first = APPROVER_DE if author == "filed" else OFFICER_DE
    house.begin(first, FileRequest(request=request()), Side.OUTGOING)
    if author == "amended":
        house.move(APPROVER_DE, Amend(request=request()))
    refused(house, NotAllowed, "four-eyes", APPROVER_DE, Approve())


def test_roles_are_asked_for(pair: Pair) -> None:
    refused(pair.de, NotAllowed, "not-allowed", OFFICER_DE, Approve())
    refused(pair.de, NotAllowed, "not-allowed", JUDGE_DE, Amend(request=request()))
    refused(
        pair.de,
        NotAllowed,
        "not-allowed",
        OFFICER_DE,
        Issue(capacity="issued", authority="Amtsgericht", signed_on=START),
    )


def test_nobody_signs_in_as_the_house(pair: Pair) -> None:
    house = OFFICER_DE.model_copy(update={"id": "house"})
    refused(pair.de, NotAllowed, "not-allowed", house, Amend(request=request()))


def test_issuance_is_recorded_and_an_amended_draft_must_be_issued_anew(pair: Pair) -> None:
    issue = Issue(capacity="issued", authority="Amtsgericht Musterstadt", signed_on=START)
    pair.de.move(JUDGE_DE, issue)
    assert not pair.de.state.gaps
    assert pair.de.state.signed[0].authority == "Amtsgericht Musterstadt"
    pair.de.move(OFFICER_DE, Amend(request=request(language="de")))
    assert [gap.code for gap in pair.de.state.gaps] == ["issuance"]
    late = issue.model_copy(update={"signed_on": START + timedelta(days=1)})
    refused(pair.de, BadInput, "in-the-future", JUDGE_DE, late)


def test_a_doubtful_basis_needs_a_reason_which_survives_amending(pair: Pair) -> None:
    refused(pair.de, BadInput, "basis-not-yes", OFFICER_DE, ChooseBasis(instrument="untoc"))
    pair.de.move(OFFICER_DE, ChooseBasis(instrument="untoc", override="both agree that it applies"))
    law = pair.de.state.law
    assert law is not None
    assert law.override is not None
    assert not [gap for gap in pair.de.state.gaps if gap.code == "basis"]
    pair.de.move(OFFICER_DE, Amend(request=request(language="de")))
    kept = pair.de.state.law
    assert kept is not None
    assert (kept.instrument, kept.override) == ("untoc", law.override)
    pair.de.move(OFFICER_DE, ChooseBasis(instrument="budapest"))
    again = pair.de.state.law
    assert again is not None
    assert (again.instrument, again.override) == ("budapest", None)


def test_sending_needs_approval_and_reopening_undoes_it(pair: Pair) -> None:
    refused(pair.de, WrongMove, "not-approved", OFFICER_DE, Send())
    pair.de.move(APPROVER_DE, Approve())
    pair.de.move(OFFICER_DE, Reopen(reason="a wrong day"))
    assert pair.de.state.status == "draft"
    refused(pair.de, WrongMove, "not-approved", OFFICER_DE, Send())
    pair.de.move(APPROVER_DE, Approve())
    assert pair.de.move(OFFICER_DE, Send()).status == "sent"


def test_in_an_emergency_one_officer_sends_and_a_second_approves_within_a_day() -> None:
    pair = Pair()
    pair.filed(emergency=emergency())
    refused(pair.de, BadInput, "no-emergency", OFFICER_DE, Send(emergency=True))
    pair.de.move(OFFICER_DE, Send(emergency=True, reason="a child is in danger now"))
    pair.carry_all()
    assert "second-approval" in pair.de.state.attention
    (certified,) = [signed for signed in pair.de.state.signed if signed.capacity == "certified"]
    assert certified.authority == emergency().certified_by
    assert certified.at == START - timedelta(hours=1)
    assert pair.de.state.overrides[0].instead_of.startswith("second-approval")
    (limit,) = [entry for entry in pair.de.state.deadlines if entry.clock == "second-approval"]
    assert limit.due == START + timedelta(hours=24)
    sender = APPROVER_DE.model_copy(update={"id": OFFICER_DE.id})
    refused(pair.de, NotAllowed, "four-eyes", sender, Approve())
    pair.de.move(APPROVER_DE, Approve())
    assert pair.de.state.deadlines[0].status is ClockStatus.MET
    assert "second-approval" not in pair.de.state.attention
    refused(pair.de, WrongMove, "nothing-to-approve", APPROVER_DE, Approve())


def test_a_second_approval_that_does_not_come_shows(sent: Pair) -> None:
    pair = Pair()
    pair.filed(emergency=emergency())
    pair.de.move(OFFICER_DE, Send(emergency=True, reason="a child is in danger now"))
    pair.pass_time(timedelta(hours=25))
    assert pair.de.strike()
    assert "missed:second-approval" in pair.de.state.attention
    pair.de.move(APPROVER_DE, Approve())
    assert pair.de.state.deadlines[0].status is ClockStatus.MISSED
    assert pair.de.state.deadlines[0].closed == START + timedelta(hours=25)
    assert not [code for code in pair.de.state.attention if "second-approval" in code]


def test_an_emergency_needs_facts_and_somebody_who_certified_it_before_now(pair: Pair) -> None:
    refused(pair.de, BadInput, "no-emergency", OFFICER_DE, Send(emergency=True, reason="now"))
    urgent = Amend(request=request(urgent=True, urgency_reason="now"))
    pair.de.move(OFFICER_DE, urgent)
    refused(pair.de, BadInput, "no-emergency", OFFICER_DE, Send(emergency=True, reason="now"))
    tomorrow = emergency(certified_at=START + timedelta(days=1))
    pair.de.move(OFFICER_DE, Amend(request=request(emergency=tomorrow)))
    refused(pair.de, BadInput, "in-the-future", OFFICER_DE, Send(emergency=True, reason="now"))


@pytest.mark.parametrize("event", ["amend", "approve", "issue"])
def test_of_two_in_the_same_instant_only_the_first_passes(event: str) -> None:
    house = PaperHouse("de", "DE", "us")
    house.begin(OFFICER_DE, FileRequest(request=request()), Side.OUTGOING)
    seen = draft_digest(house.state.request)
    house.move(OFFICER_DE, Amend(request=request(language="de"), over=seen))
    bodies: dict[str, tuple[Actor, Callable[[str], MoveBody]]] = {
        "amend": (OFFICER_DE, lambda over: Amend(request=request(language="fr"), over=over)),
        "approve": (APPROVER_DE, lambda over: Approve(override="by telephone", over=over)),
        "issue": (JUDGE_DE, _issued),
    }
    actor, body = bodies[event]
    refused(house, Conflict, "draft-changed", actor, body(seen))
    assert house.state.request.language == "de"
    house.move(actor, body(draft_digest(house.state.request)))


def _issued(over: str) -> Issue:
    return Issue(capacity="issued", authority="Court", signed_on=START, over=over)


def test_the_name_of_a_draft_stays_when_more_fields_are_known() -> None:
    """A history that is played again under a later release must find the same name."""

    class Later(MlaRequest):
        something_new: str | None = None

    asked = request()
    assert draft_digest(Later.model_validate(asked.model_dump())) == draft_digest(asked)
    assert draft_digest(request(language="de")) != draft_digest(asked)


def test_whoever_does_not_sign_says_why_and_needs_no_handover() -> None:
    house = PaperHouse("de", "DE", "us")
    house.begin(OFFICER_DE, FileRequest(request=request()), Side.OUTGOING)
    back = SendBack(reason="The facts do not carry the measure.", over=draft_digest(house.state.request))
    refused(house, NotAllowed, "not-allowed", OFFICER_DE, back)
    assert house.move(JUDGE_DE, back).status == "draft"
    assert [(one.capacity, one.note) for one in house.state.signed] == [("sent-back", back.reason)]
    assert "sent-back" in house.state.attention
    assert "issuance" in {gap.code for gap in house.state.gaps}, "what was sent back was not issued"
    house.move(OFFICER_DE, Amend(request=request(language="de")))
    assert not house.state.signed
    assert "sent-back" not in house.state.attention
    refused(house, Conflict, "draft-changed", JUDGE_DE, back)
    house.move(JUDGE_DE, SendBack(reason="Still not."))
    house.move(JUDGE_DE, _issued(draft_digest(house.state.request)))
    assert [one.capacity for one in house.state.signed] == ["issued"]
    assert "sent-back" not in house.state.attention
