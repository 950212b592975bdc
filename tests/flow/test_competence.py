"""Who must issue a request or validate it: is that asked before sending, and never overridden?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from schemas.errors import BadInput, WrongMove
from schemas.facets import IssuerAsked
from schemas.moves import Approve, Issue, Send
from schemas.vocabulary import Measure
from tests.flow.invented import APPROVER_DE, JUDGE_DE, OFFICER_DE, START, emergency
from tests.flow.paper import Pair, refused

JUDGES = ("court", "judge")
ISSUER = IssuerAsked(capacity="issue", by=JUDGES, article="4(2)")
VALIDATOR = IssuerAsked(capacity="validate", by=JUDGES, article="4(2)")
AFTERWARDS = IssuerAsked(capacity="validate", by=JUDGES, article="4(5)", afterwards_hours=48)
OTHERS = IssuerAsked(capacity="issue", by=("prosecutor",), measures=(Measure.STORED_CONTENT,), article="4(3)")


def pair(*issuers: IssuerAsked, **changes: Any) -> Pair:
    """Germany has filed, under a law that names who issues."""
    pair = Pair()
    pair.de.hands.law = {"issuers": issuers}
    pair.filed(**changes)
    return pair


def signed(capacity: Any = "issued", function: str | None = "judge") -> Issue:
    return Issue(capacity=capacity, authority="Court (invented)", function=function, signed_on=START)


def codes(pair: Pair) -> list[str]:
    return [gap.code for gap in pair.de.state.gaps if gap.blocking]


def test_nobody_approves_what_nobody_issued_whatever_the_reason() -> None:
    asked = pair(ISSUER, VALIDATOR)
    error = refused(asked.de, WrongMove, "gaps-stay", APPROVER_DE, Approve(override="it is urgent"))
    assert "issuance judge" in error.what or "issuance court,judge" in error.what
    asked.de.move(JUDGE_DE, signed())
    assert asked.de.state.signed[0].function == "judge"
    assert asked.de.move(APPROVER_DE, Approve()).status == "approved"


def test_another_authority_issues_and_one_of_those_named_validates() -> None:
    asked = pair(ISSUER, VALIDATOR)
    asked.de.move(JUDGE_DE, signed(function="tax-office"))
    assert codes(asked) == ["validation"]
    refused(asked.de, WrongMove, "gaps-stay", APPROVER_DE, Approve(override="it is urgent"))
    refused(asked.de, BadInput, "not-competent", JUDGE_DE, signed("validated", "tax-office"))
    asked.de.move(JUDGE_DE, signed("validated"))
    assert codes(asked) == []
    assert asked.de.move(APPROVER_DE, Approve()).status == "approved"


def test_where_nobody_validates_only_those_named_issue() -> None:
    asked = pair(ISSUER)
    asked.de.move(JUDGE_DE, signed(function="tax-office"))
    assert codes(asked) == ["issuance"]


def test_where_the_law_names_only_who_validates_each_of_them_has_to() -> None:
    designated = IssuerAsked(capacity="validate", by=("designated-authority",), article="5")
    asked = pair(VALIDATOR, designated)
    asked.de.move(JUDGE_DE, signed(function="police"))
    asked.de.move(JUDGE_DE, signed("validated"))
    assert codes(asked) == ["validation"]
    asked.de.move(JUDGE_DE, signed("validated", "designated-authority"))
    assert codes(asked) == []


def test_a_rule_for_other_measures_asks_nothing() -> None:
    assert codes(pair(OTHERS)) == []
    both = (Measure.SUBSCRIBER_DATA, Measure.STORED_CONTENT)
    assert codes(pair(OTHERS, measures=both)) == ["issuance"]


def test_the_function_must_be_named_where_it_decides() -> None:
    refused(pair(ISSUER).de, BadInput, "function-missing", JUDGE_DE, signed(function=None))
    free = pair()
    free.de.move(JUDGE_DE, signed(function=None))
    assert codes(free) == []


def test_without_data_issuance_is_shown_and_keeps_nothing_back() -> None:
    free = pair()
    assert [(gap.code, gap.blocking) for gap in free.de.state.gaps] == [("issuance", False)]
    assert free.de.move(APPROVER_DE, Approve()).status == "approved"


@pytest.mark.parametrize("rules", [(ISSUER, VALIDATOR), (ISSUER,)])
def test_an_emergency_does_not_stand_in_the_place_of_the_judge(rules: tuple[IssuerAsked, ...]) -> None:
    asked = pair(*rules, emergency=emergency())
    at_once = Send(emergency=True, reason="a child is in danger now")
    refused(asked.de, WrongMove, "gaps-stay", OFFICER_DE, at_once)
    asked.de.move(JUDGE_DE, signed(function="police"))
    refused(asked.de, WrongMove, "gaps-stay", OFFICER_DE, at_once)
    asked.de.move(JUDGE_DE, signed())
    assert asked.de.move(OFFICER_DE, at_once).status == "sent"


def test_where_the_law_lets_validation_follow_an_emergency_goes_first() -> None:
    asked = pair(ISSUER, VALIDATOR, AFTERWARDS, emergency=emergency())
    at_once = Send(emergency=True, reason="a child is in danger now")
    refused(asked.de, WrongMove, "gaps-stay", OFFICER_DE, at_once)
    asked.de.move(JUDGE_DE, signed(function="police"))
    refused(asked.de, WrongMove, "not-approved", OFFICER_DE, Send())
    refused(asked.de, WrongMove, "gaps-stay", APPROVER_DE, Approve(override="it is urgent"))
    assert asked.de.move(OFFICER_DE, at_once).status == "sent"
    assert codes(asked) == ["validation"]
    asked.carry_all()
    asked.pass_time(timedelta(hours=2))
    asked.de.move(JUDGE_DE, signed("validated"))
    assert codes(asked) == []
    asked.de.move(APPROVER_DE, Approve())
    assert not [code for code in asked.de.state.attention if "approval" in code]


def test_a_case_of_the_first_rules_is_asked_for_nothing_more() -> None:
    asked = pair(ISSUER, VALIDATOR)
    asked.de.case = asked.de.state.model_copy(update={"version": 1})
    asked.de.move(JUDGE_DE, signed(function=None))
    assert asked.de.move(APPROVER_DE, Approve()).status == "approved"
