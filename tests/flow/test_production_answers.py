"""Do answers that contradict each other show, and who answers through the State?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from schemas.errors import BadInput
from schemas.ids import digest
from schemas.moves import (
    Acknowledge,
    Actor,
    Close,
    Decide,
    Delivered,
    Enforce,
    Enforced,
    EnforcingAnswer,
    MoveBody,
    Objection,
    Preserved,
    Served,
)
from schemas.request import EvidenceItem
from schemas.vocabulary import Role
from tests.flow.invented import OFFICER_DE, START, outcome
from tests.flow.lawful import PROVIDER, asked, days, desk, refused, to_produce
from tests.flow.ordering import EMERGENCY, EPOC, SECOND, data, order

OTHER = EvidenceItem(
    id="item-1", description="another", kind="record", sha256=digest(b"another"), custodian="x"
)
OFFICER_IE = Actor(id="officer", house="ie", roles=(Role.OFFICER,))


# --- answers that contradict each other -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "stays"),
    [
        (Decide(decision="accepted"), Decide(decision="refused"), "accepted"),
        (Decide(decision="refused"), Decide(decision="accepted"), "refused"),
        (Decide(decision="refused"), data(), "refused"),
        (data(), Decide(decision="refused"), "executed"),
        (data(), data(True, OTHER), "executed"),
        (data(False), data(True, OTHER), "partly-executed"),
    ],
)
def test_an_answer_that_contradicts_an_earlier_one_is_kept_and_flagged(
    first: MoveBody, second: MoveBody, stays: str
) -> None:
    house = order(domestic=True)
    assert house.made(PROVIDER, first) == stays
    assert house.made(PROVIDER, second) == stays
    assert house.shows("contradiction:2")
    assert len(house.producing().answers) == 2
    kept = len(house.state.decisions) + len(house.state.evidence)
    assert kept == 2, "both words are there"


@pytest.mark.parametrize(
    ("first", "second", "after"),
    [
        (Decide(decision="accepted"), data(), "executed"),
        (data(False), data(), "executed"),
        (data(False), Decide(decision="refused"), "refused"),
        (data(), data(), "executed"),
        (Decide(decision="refused"), Decide(decision="refused"), "refused"),
    ],
)
def test_answers_that_can_stand_side_by_side_are_no_contradiction(
    first: MoveBody, second: MoveBody, after: str
) -> None:
    house = order(domestic=True)
    house.made(PROVIDER, first)
    assert house.made(PROVIDER, second) == after
    assert not any(code.startswith("contradiction") for code in house.state.attention)


def test_what_the_provider_keeps_meanwhile_is_noted() -> None:
    house = order()
    house.made(PROVIDER, Preserved(start=START, end=START + days(90), provider_ref="P-9"))
    assert house.producing().provider_ref == "P-9"
    assert house.runs("preserve").due == START + days(90)
    assert house.state.status == "received"


# --- through the State, and on the side that is asked ------------------------------------------------------


def test_through_the_state_it_has_time_to_serve_and_the_provider_to_answer() -> None:
    house = desk(to_produce(requested="US", direct=False), "budapest-2ap")
    house.now = START + days(1)
    house.made(OFFICER_DE, Delivered(by_post=True))
    serve = house.runs("serve")
    assert (serve.article, serve.amount) == ("8(6)(a)", 45)
    house.until(START + days(20))
    house.made(OFFICER_DE, Served(by_post=True))
    assert house.clocks("serve") == []
    assert (house.runs("produce").article, house.runs("produce").amount) == ("8(6)(a)(ii)", 45)


def test_the_authority_that_is_told_has_ten_days_or_ninety_six_hours() -> None:
    house = asked(to_produce(), EPOC)
    assert (house.runs("object").amount, house.runs("object").unit) == (10, "days")
    urgent = asked(to_produce(emergency=EMERGENCY), EPOC)
    assert urgent.runs("object").due == START + timedelta(hours=96)
    house.until(house.runs("object").due - SECOND)
    assert not house.shows("missed:object")
    refused(house, "reasons-missing", EnforcingAnswer(answer="refused"), BadInput, OFFICER_IE)
    assert house.made(OFFICER_IE, EnforcingAnswer(answer="cleared")) == "cleared"
    assert house.clocks("object") == []
    assert house.made(OFFICER_IE, Close(outcome=outcome())) == "closed"


def test_the_authority_refuses_or_sets_conditions() -> None:
    stopping = asked(to_produce(), EPOC)
    assert stopping.made(OFFICER_IE, EnforcingAnswer(answer="refused", grounds=("immunity",))) == "refused"
    setting = asked(to_produce(), EPOC)
    assert setting.made(OFFICER_IE, EnforcingAnswer(answer="conditions", reasons="use x")) == "cleared"
    assert setting.state.limitations[0].text == "use x"


def test_a_state_that_is_asked_to_enforce_decides_in_five_working_days() -> None:
    house = asked(to_produce(), EPOC)
    house.made(OFFICER_IE, EnforcingAnswer(answer="cleared"))
    house.move(OFFICER_IE, Enforce(authority="Garda (invented)", reasons="no answer", by_post=True))
    entry = house.runs("enforce-decision")
    assert (entry.amount, entry.unit) == (5, "working-days")
    assert house.made(OFFICER_IE, Enforced(recognised=True)) == "enforcing"
    assert house.clocks("enforce-decision") == []
    assert house.made(OFFICER_IE, Close(outcome=outcome())) == "closed"
    other = asked(to_produce(), EPOC)
    assert other.made(OFFICER_IE, Enforced(recognised=False, reasons="immunity")) == "refused"


def test_a_state_gives_effect_to_an_order() -> None:
    house = asked(to_produce(requested="US", direct=False), "budapest-2ap")
    officer = OFFICER_IE.model_copy(update={"house": "us"})
    assert house.runs("serve").amount == 45
    house.made(officer, Acknowledge())
    house.made(officer, Decide(decision="accepted"))
    assert house.made(officer, Served()) == "served"
    assert house.runs("produce").amount == 45
    assert house.made(officer, data()) == "executed"
    assert house.clocks("produce") == []
    assert house.made(officer, Close(outcome=outcome())) == "closed"


def test_an_objection_that_names_no_law_is_refused_where_we_say_it() -> None:
    house = asked(to_produce(requested="US", direct=False), "budapest-2ap")
    officer = OFFICER_IE.model_copy(update={"house": "us"})
    refused(house, "law-missing", Objection(ground="third-country-law", text="no"), BadInput, officer)


def test_a_day_is_one_in_the_state_that_acts() -> None:
    house = order()
    assert house.runs("waiting").due == datetime(2026, 12, 2, 0, 0, tzinfo=UTC)
