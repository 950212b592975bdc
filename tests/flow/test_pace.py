"""Papers that follow, more time, a postponement, a word in between: is each kept, told, and watched?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from schemas.deadline import ClockStatus, Deadline
from schemas.errors import BadInput, WrongMove
from schemas.moves import Approve, Decide, Evidence, Inform, Papers, Postpone, Prolong, Send, WitnessFree
from schemas.request import Attachment
from schemas.vocabulary import Measure
from tests.flow.invented import APPROVER_DE, OFFICER_DE, OFFICER_US, START, item
from tests.flow.paper import Pair, PaperHouse, law_limit, refused
from workflows.stages.watching import INFORMED

PAPER = Attachment(name="papers.pdf", media_type="application/pdf", size=1, digest=f"sha256:{'7' * 64}")
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def entries(house: PaperHouse, clock: str) -> list[Deadline]:
    return [entry for entry in house.state.deadlines if entry.clock == clock]


def statuses(house: PaperHouse, clock: str) -> list[ClockStatus]:
    return [entry.status for entry in entries(house, clock)]


# --- papers that follow ---------------------------------------------------------------------------------


@pytest.fixture
def told_first(pair: Pair) -> Pair:
    """Sent ahead of its papers."""
    pair.de.move(APPROVER_DE, Approve())
    pair.de.move(OFFICER_DE, Send(papers_follow=True))
    pair.carry_all()
    return pair


def test_a_request_ahead_of_its_papers_starts_their_clock_on_both_sides(told_first: Pair) -> None:
    for house in (told_first.de, told_first.us):
        assert house.state.papers_follow
        assert statuses(house, "papers-follow") == [ClockStatus.RUNNING]
    told_first.de.move(OFFICER_DE, Papers(attachments=(PAPER,)))
    told_first.carry_all()
    for house in (told_first.de, told_first.us):
        assert not house.state.papers_follow
        assert statuses(house, "papers-follow") == [ClockStatus.MET]
        assert PAPER in house.state.documents
    assert "papers-in" in told_first.us.state.attention
    told_first.us.move(OFFICER_US, Postpone(reasons="an own investigation would suffer"))
    assert "papers-in" not in told_first.us.state.attention


@pytest.mark.parametrize(("after", "missed"), [(-SECOND, False), (timedelta(0), True)])
def test_papers_that_do_not_come_are_missed_to_the_second(
    told_first: Pair, after: timedelta, missed: bool
) -> None:
    (entry,) = entries(told_first.us, "papers-follow")
    told_first.us.now = entry.due + after
    told_first.us.strike()
    assert ("missed:papers-follow" in told_first.us.state.attention) is missed


def test_papers_that_were_there_from_the_start_start_nothing(sent: Pair) -> None:
    assert not entries(sent.de, "papers-follow")
    assert not entries(sent.us, "papers-follow")


# --- more time ------------------------------------------------------------------------------------------


@pytest.fixture
def limited(taken: Pair) -> Pair:
    """A law sets thirty days for the decision, and allows thirty more (both invented)."""
    for house in (taken.de, taken.us):
        first = law_limit("decide", START, timedelta(days=30))
        kept = [entry for entry in house.state.deadlines if entry.clock != "decide"]
        law = house.state.law
        assert law is not None
        counting = law.model_copy(update={"deadline_events": ("prolong",)})
        house.case = house.state.model_copy(update={"deadlines": [*kept, first], "law": counting})
        house.hands.longer = {"decide": timedelta(days=30)}
    return taken


def test_the_limit_is_prolonged_once_from_its_end_and_the_old_entry_stays_as_it_was(limited: Pair) -> None:
    estimate = START + timedelta(days=50)
    longer = Prolong(clock="decide", reasons="the court is busy (invented)", until_estimate=estimate)
    limited.us.move(OFFICER_US, longer)
    limited.carry_all()
    for house in (limited.de, limited.us):
        first, second = entries(house, "decide")
        assert (first.status, first.due) == (ClockStatus.DROPPED, START + timedelta(days=30))
        assert (second.status, second.due) == (ClockStatus.RUNNING, START + timedelta(days=60))
        assert (house.state.decisions[-1].decision, house.state.decisions[-1].until) == (
            "prolonged",
            estimate,
        )
    refused(limited.us, WrongMove, "prolonged-before", OFFICER_US, longer)
    limited.us.now = START + timedelta(days=59)
    limited.us.strike()
    assert "missed:decide" not in limited.us.state.attention
    limited.us.now = START + timedelta(days=60)
    limited.us.strike()
    assert "missed:decide" in limited.us.state.attention


def test_where_no_rule_allows_more_time_ours_is_refused_and_theirs_shows(limited: Pair) -> None:
    longer = Prolong(clock="decide", reasons="the court is busy (invented)")
    limited.us.hands.longer = {}
    refused(limited.us, WrongMove, "no-longer-time", OFFICER_US, longer)
    limited.de.hands.longer = {}
    limited.de.move(OFFICER_DE, longer.model_copy(update={"by_post": True}))
    assert "prolonged-without-rule:decide" in limited.de.state.attention
    assert statuses(limited.de, "decide") == [ClockStatus.RUNNING]


def test_a_limit_that_no_law_sets_is_not_prolonged(taken: Pair) -> None:
    refused(taken.us, WrongMove, "no-such-limit", OFFICER_US, Prolong(clock="decide", reasons="busy"))
    refused(taken.us, WrongMove, "no-such-limit", OFFICER_US, Prolong(clock="execute", reasons="busy"))


# --- put off --------------------------------------------------------------------------------------------


def test_what_is_put_off_is_looked_at_again_on_the_day_that_was_estimated(accepted: Pair) -> None:
    until = START + timedelta(days=40)
    accepted.us.move(OFFICER_US, Postpone(reasons="an own trial (invented)", until_estimate=until))
    accepted.carry_all()
    for house in (accepted.de, accepted.us):
        assert house.state.decisions[-1].until == until
        (entry,) = entries(house, "postponed")
        assert (entry.due, entry.law) == (until, False)
        house.now = until - SECOND
        house.strike()
        assert "missed:postponed" not in house.state.attention
        house.now = until
        house.strike()
        assert "missed:postponed" in house.state.attention
    accepted.us.move(OFFICER_US, Decide(decision="accepted"))
    accepted.carry_all()
    assert "missed:postponed" not in accepted.de.state.attention


def test_without_an_estimate_our_own_practice_asks_again(accepted: Pair) -> None:
    accepted.us.move(OFFICER_US, Postpone(reasons="an own trial (invented)"))
    (entry,) = entries(accepted.us, "postponed")
    assert entry.due == START + timedelta(days=90)


def test_a_case_of_the_first_rules_counts_nothing_for_a_postponement(accepted: Pair) -> None:
    accepted.us.case = accepted.us.state.model_copy(update={"version": 1})
    before = len(accepted.us.hands.counted)
    until = START + timedelta(days=40)
    accepted.us.move(OFFICER_US, Postpone(reasons="an own trial (invented)", until_estimate=until))
    assert len(accepted.us.hands.counted) == before
    assert not entries(accepted.us, "postponed")


# --- a word in between ----------------------------------------------------------------------------------


def test_a_word_shows_until_somebody_of_the_other_side_does_something(taken: Pair) -> None:
    taken.us.move(OFFICER_US, Inform(text="The provider was asked (invented)."))
    taken.carry_all()
    assert "informed" in taken.de.state.attention
    assert "informed" not in taken.us.state.attention
    taken.de.move(OFFICER_DE, Inform(text="Thank you."))
    assert "informed" not in taken.de.state.attention
    taken.carry_all()
    taken.us.move(OFFICER_US, Decide(decision="accepted"))
    assert "informed" not in taken.us.state.attention
    taken.us.move(OFFICER_US, Evidence(complete=True, items=(item(),)))


def test_a_witness_who_may_go_is_safe_as_long_as_the_text_says_also_after_all_was_carried_out() -> None:
    both = Pair()
    for house in (both.de, both.us):
        house.hands.law = {"deadline_events": ("witness-free",)}
        house.hands.begins = {"witness-free": ("safe-conduct", 15 * DAY)}
    both.be_taken(measures=(Measure.TESTIMONY,))
    both.us.move(OFFICER_US, Decide(decision="accepted"))
    both.us.move(OFFICER_US, Evidence(complete=True, items=(item(),)))
    both.carry_all()
    both.de.move(OFFICER_DE, WitnessFree(witness="witness-1"))
    both.pass_time(DAY)
    both.de.move(OFFICER_DE, WitnessFree(witness="witness-2"))
    both.carry_all()
    for house in (both.de, both.us):
        ends = sorted(one.due for one in house.state.deadlines if one.clock == "safe-conduct")
        assert len(ends) == 2, "each witness has a time of their own"
        assert ends[1] - ends[0] == DAY
        assert all(one.status is ClockStatus.RUNNING for one in house.state.deadlines if one.due in ends)
    assert INFORMED in both.us.state.attention
    both.pass_time(15 * DAY)
    assert both.de.strike()
    over = [one.status for one in both.de.state.deadlines if one.clock == "safe-conduct"]
    assert over == [ClockStatus.MISSED, ClockStatus.MISSED]


def test_nobody_is_free_to_go_who_was_never_asked_to_come() -> None:
    both = Pair()
    both.be_taken()
    with pytest.raises(BadInput) as caught:
        both.de.move(OFFICER_DE, WitnessFree(witness="witness-1"))
    assert caught.value.code == "no-witness"
