"""Notice of an interception that needs no help there: who has 96 hours, and what ends them?"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from letters.form import fitting
from schemas.case import Gap
from schemas.deadline import ClockStatus
from schemas.errors import BadInput, RogatoryError, WrongMove
from schemas.facets import IssuerAsked
from schemas.moves import (
    Acknowledge,
    Actor,
    AnswerNotice,
    Approve,
    Close,
    Decide,
    Delivered,
    Evidence,
    FileRequest,
    Move,
    Notified,
    Send,
    Use,
    Withdraw,
)
from schemas.request import draft_digest
from schemas.vocabulary import Measure, Role, Side
from tests.flow.invented import APPROVER_DE, OFFICER_DE, START, item, outcome
from tests.flow.lawful import Desk, LawfulHands, asked, both, desk, to_intercept
from tests.flow.paper import refused
from workflows import allowing, gaps
from workflows.step import fresh

EIO, OBJECT = "eu-eio", "object"
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
WINDOW = 96 * HOUR
OFFICER_FR = Actor(id="officer", house="fr", roles=(Role.OFFICER,))
TOLD = Notified(authority="Court in Lille (invented)", proof="receipt of the court")
OBJECTS = AnswerNotice(answer="objects", product="conditions", reasons="Not before a court there.")


def given(**changes: object) -> Desk:
    """Germany has asked for something under the Directive, and given notice by hand beside it."""
    house = desk(to_intercept(), EIO)
    house.made(OFFICER_DE, TOLD.model_copy(update=changes))
    return house


# --- on a case that asks for something ------------------------------------------------------------------


def test_the_notice_opens_ninety_six_hours_from_its_receipt() -> None:
    house = desk(to_intercept(), EIO)
    assert not house.clocks(OBJECT), "nothing runs before the notice"
    house.now = START + 5 * HOUR
    house.made(OFFICER_DE, TOLD.model_copy(update={"happened_at": START + 2 * HOUR}))
    entry = house.runs(OBJECT)
    assert (entry.article, entry.instrument, entry.owner) == ("31(3)", EIO, "central-authority")
    assert (entry.amount, entry.unit, entry.due) == (96, "hours", START + 2 * HOUR + WINDOW)
    assert (entry.acting, entry.closes_on) == ("FR", ("answer-notice",))
    (kept,) = house.state.interceptions
    assert (kept.authority, kept.at, kept.answers) == (TOLD.authority, START + 2 * HOUR, [])


def test_somebody_is_reminded_a_day_and_an_hour_before() -> None:
    house = given()
    house.until(START + WINDOW - 24 * HOUR)
    assert house.shows("due-soon:object:1-day")
    house.until(START + WINDOW - HOUR)
    assert house.shows("due-soon:object:1-hour")
    told = [one.to for one in house.state.notices if one.clock == OBJECT]
    assert len(told) == 2, "once for each of the two"
    assert all("central-authority" in functions for functions in told)


@pytest.mark.parametrize(("at", "status"), [(-SECOND, ClockStatus.MET), (SECOND, ClockStatus.MISSED)])
def test_an_answer_counts_from_when_it_was_given(at: timedelta, status: ClockStatus) -> None:
    house = given()
    house.until(START + WINDOW + HOUR)
    assert house.shows("notice-unanswered")
    answer = AnswerNotice(answer="lets-run", by_post=True, happened_at=START + WINDOW + at)
    late = given()
    late.now = START + WINDOW + at
    late.made(OFFICER_DE, answer)
    assert [one.status for one in late.state.deadlines if one.clock == OBJECT] == [status]
    house.made(OFFICER_DE, answer)
    assert not house.shows("notice-unanswered")
    assert [one.answer for one in house.state.interceptions[0].answers] == ["lets-run"]


@pytest.mark.parametrize(("after", "over"), [(-SECOND, False), (timedelta(), True)])
def test_silence_ends_the_clock_and_is_told_as_silence(after: timedelta, over: bool) -> None:
    house = given()
    house.until(START + WINDOW + after)
    assert house.shows("notice-unanswered") is over
    assert bool(house.clocks(OBJECT, ClockStatus.MISSED)) is over
    assert house.state.interceptions[0].answers == [], "nobody's word is put in the place of none"
    assert house.state.status == "sent"


def test_nobody_is_asked_for_an_answer_again_and_again() -> None:
    house = given()
    house.until(START + WINDOW)
    before = len([one for one in house.state.notices if one.clock == OBJECT])
    house.until(START + timedelta(days=100))
    assert len([one for one in house.state.notices if one.clock == OBJECT]) == before


def test_conditions_of_an_objection_bind_whoever_uses_the_product() -> None:
    house = given()
    house.made(OFFICER_DE, OBJECTS.model_copy(update={"by_post": True}))
    assert house.shows("interception-objected")
    assert not house.shows("data-not-to-be-used")
    (limit,) = house.state.limitations
    assert (limit.text, limit.article, limit.accepted) == (OBJECTS.reasons, "31(3)", True)
    house.made(OFFICER_DE, Delivered(by_post=True))
    house.made(OFFICER_DE, Evidence(by_post=True, complete=True, items=(item(),)))
    use = Use(items=("item-1",), purpose="an own investigation (invented)")
    refused(house, WrongMove, "limits-not-named", OFFICER_DE, use)
    house.made(OFFICER_DE, use.model_copy(update={"limits": (limit.id,)}))


def test_a_product_that_is_barred_shows_until_another_word_comes() -> None:
    house = given()
    house.made(OFFICER_DE, AnswerNotice(answer="objects", product="not-usable", by_post=True))
    assert house.shows("data-not-to-be-used", "interception-objected")
    house.made(OFFICER_DE, AnswerNotice(answer="lets-run", by_post=True))
    assert house.shows("contradiction:notice")
    assert not house.shows("interception-objected")
    assert not house.shows("data-not-to-be-used")
    assert [one.answer for one in house.state.interceptions[0].answers] == ["objects", "lets-run"]


def test_the_window_outlasts_what_was_asked_beside_it_and_no_withdrawal() -> None:
    house = given()
    house.made(OFFICER_DE, Decide(decision="refused", reasons="no", by_post=True))
    assert house.runs(OBJECT).due == START + WINDOW
    house = given()
    house.made(OFFICER_DE, Withdraw(reason="the line is silent"))
    assert house.clocks(OBJECT, ClockStatus.DROPPED)


@pytest.mark.parametrize(
    ("house", "error", "code", "body"),
    [
        (desk(to_intercept(measures=(Measure.TESTIMONY,)), EIO), BadInput, "no-interception", TOLD),
        (desk(to_intercept(), "coe-mla-1959"), BadInput, "not-of-this-basis", TOLD),
        (given(), WrongMove, "noticed-before", TOLD),
        (desk(to_intercept(), EIO), WrongMove, "no-notice", OBJECTS.model_copy(update={"by_post": True})),
        (
            given(),
            BadInput,
            "conditions-missing",
            AnswerNotice(answer="objects", product="conditions", by_post=True),
        ),
        (
            given(),
            BadInput,
            "product-without-objection",
            AnswerNotice(answer="lets-run", product="not-usable", by_post=True),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_notice_and_no_answer(
    house: Desk, error: type[RogatoryError], code: str, body: Notified | AnswerNotice
) -> None:
    refused(house, error, code, OFFICER_DE, body)


def test_no_answer_comes_before_the_notice_it_answers() -> None:
    house = desk(to_intercept(), EIO)
    house.now = START + 10 * WINDOW
    house.made(OFFICER_DE, TOLD)
    for at, early in ((START + 2 * WINDOW, True), (house.now - HOUR, False)):
        answer = AnswerNotice(answer="lets-run", by_post=True, happened_at=at)
        if early:
            refused(house, BadInput, "before-the-notice", OFFICER_DE, answer)
        else:
            house.made(OFFICER_DE, answer)


@pytest.mark.parametrize("alone", [True, False], ids=["notice", "request"])
def test_nothing_is_closed_while_an_objection_may_come(alone: bool) -> None:
    house = desk(to_intercept(notice_only=alone), EIO)
    house.made(OFFICER_DE, TOLD)
    if not alone:
        house.made(OFFICER_DE, Decide(decision="refused", reasons="no", by_post=True))
    ended = Close(outcome=outcome("informed" if alone else "refused"))
    refused(house, WrongMove, "notice-runs", OFFICER_DE, ended)
    house.until(START + WINDOW)
    assert house.made(OFFICER_DE, ended) == "closed"


def test_the_notice_and_its_answer_travel_between_houses_with_their_moments() -> None:
    pair, de, fr = both(to_intercept(), EIO)
    pair.pass_time(3 * HOUR)
    de.made(OFFICER_DE, TOLD.model_copy(update={"happened_at": START + HOUR}))
    pair.pass_time(HOUR)
    pair.carry_all()
    assert de.runs(OBJECT).due == fr.runs(OBJECT).due == START + HOUR + WINDOW
    assert fr.runs(OBJECT).acting == "own"
    assert fr.shows("interception-notice")
    fr.now = de.now = START + HOUR + WINDOW - SECOND
    fr.made(OFFICER_FR, AnswerNotice(answer="objects", product="not-usable", reasons="not allowed here"))
    pair.pass_time(HOUR)
    de.strike()
    pair.carry_all()
    assert not fr.shows("interception-notice")
    assert fr.clocks(OBJECT, ClockStatus.MET)
    # the letter took an hour: the end came first here, and the answer was given before it
    assert not de.clocks(OBJECT)
    assert de.state.interceptions[0].answers[0].at == START + HOUR + WINDOW - SECOND
    assert de.shows("interception-objected", "data-not-to-be-used")
    assert not de.shows("notice-unanswered")


# --- a case that is nothing but the notice ----------------------------------------------------------------


def test_a_mere_notice_starts_no_clock_of_a_request() -> None:
    house = asked(to_intercept(notice_only=True), EIO)
    assert [one.clock for one in house.state.deadlines] == [OBJECT]
    assert house.runs(OBJECT).due == START + WINDOW
    assert house.shows("interception-notice")
    house.made(OFFICER_FR, Acknowledge())
    assert [one.clock for one in house.state.deadlines] == [OBJECT]
    refused(house, WrongMove, "nothing-asked", OFFICER_FR, Decide(decision="accepted"))
    house.made(OFFICER_FR, AnswerNotice(answer="lets-run"))
    assert house.clocks(OBJECT, ClockStatus.MET)
    assert house.made(OFFICER_FR, Close(outcome=outcome("informed"))) == "closed"


def test_a_mere_notice_between_two_houses_runs_for_both_from_its_receipt() -> None:
    pair, de, fr = both(to_intercept(notice_only=True), EIO)
    assert [one.clock for one in de.state.deadlines] == [OBJECT]
    assert de.runs(OBJECT).due == fr.runs(OBJECT).due == START + WINDOW
    refused(de, WrongMove, "noticed-before", OFFICER_DE, TOLD)
    fr.made(OFFICER_FR, AnswerNotice(answer="lets-run"))
    pair.carry_all()
    assert de.clocks(OBJECT, ClockStatus.MET)
    assert de.made(OFFICER_DE, Close(outcome=outcome("informed"))) == "closed"


@pytest.mark.parametrize("first", [TOLD, Delivered(by_post=True)], ids=lambda body: body.event)
def test_a_mere_notice_by_hand_runs_once_whatever_shows_its_receipt(first: Notified | Delivered) -> None:
    house = desk(to_intercept(notice_only=True), EIO)
    assert not house.clocks(OBJECT)
    house.made(OFFICER_DE, first)
    assert house.runs(OBJECT).due == START + WINDOW
    house.made(OFFICER_DE, AnswerNotice(answer="lets-run", by_post=True))
    house.now += HOUR
    house.made(OFFICER_DE, Delivered(by_post=True))
    assert not house.clocks(OBJECT), "it was answered: the receipt recorded later opens no second time"
    assert len(house.state.interceptions) == 1


@pytest.mark.parametrize("alone", [True, False], ids=["notice", "request"])
def test_only_a_request_wants_contents_and_somebody_who_orders(alone: bool) -> None:
    house = Desk("de", "DE", None)
    who = IssuerAsked(capacity="issue", by=("judge",), article="2(c)")
    house.hands = LawfulHands("DE", None, EIO, issuers=(who,))
    house.begin(OFFICER_DE, FileRequest(request=to_intercept(notice_only=alone)), Side.OUTGOING)
    made = fresh(house.state)
    gaps.refresh(made, [Gap(code="content", field="c-measures"), Gap(code="basis")])
    blocking = {gap.code for gap in gaps.blocking(made)}
    assert blocking == ({"basis"} if alone else {"basis", "content", "issuance"})
    forms = {form.key for form in fitting(made)}
    assert ("eio-a" in forms) is not alone, "the form of a request is no notice"


def test_a_mere_notice_rests_on_a_basis_that_knows_one() -> None:
    house = Desk("de", "DE", None)
    house.hands = LawfulHands("DE", None, "coe-mla-1959")
    house.begin(OFFICER_DE, FileRequest(request=to_intercept(notice_only=True)), Side.OUTGOING)
    house.made(APPROVER_DE, Approve())
    refused(house, BadInput, "not-of-this-basis", OFFICER_DE, Send())


def test_a_notice_is_one_of_an_interception_and_leaves_other_drafts_their_name() -> None:
    with pytest.raises(ValidationError, match="interception"):
        to_intercept(notice_only=True, measures=(Measure.TESTIMONY,))
    assert draft_digest(to_intercept()) == draft_digest(to_intercept(notice_only=False))


def test_a_liaison_gives_no_notice() -> None:
    house = desk(to_intercept(), EIO)
    liaison = Actor(id="liaison", house="de", roles=(Role.LIAISON,))
    with pytest.raises(RogatoryError) as caught:
        allowing.check(house.state, Move(key="any", actor=liaison, body=TOLD), _now(house))
    assert caught.value.code == "not-allowed"


def _now(house: Desk) -> datetime:
    return house.now
