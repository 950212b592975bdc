"""Are the questions of human rights that the law raises shown, answered by persons, and open until then?"""

from __future__ import annotations

from typing import Any

import pytest

from schemas.errors import NotFound, WrongMove
from schemas.facets import GateAsked
from schemas.moves import AnswerGate, Approve, Send
from schemas.vocabulary import Verdict
from tests.flow.invented import APPROVER_DE, OFFICER_DE, OFFICER_US
from tests.flow.paper import Pair, refused
from workflows.rights import open_gates

DEATH, TRIAL, TORTURE = "death-penalty", "fair-trial", "torture"
GATES = {
    DEATH: GateAsked(verdict=Verdict.UNKNOWN, mandatory=True),
    TORTURE: GateAsked(verdict=Verdict.YES, mandatory=True),
    TRIAL: GateAsked(verdict=Verdict.UNKNOWN),
}


def pair(**gates: GateAsked) -> Pair:
    """Germany has filed, under a law that raises these questions."""
    pair = Pair()
    for house in (pair.de, pair.us):
        house.hands.law = {"gates": gates or GATES}
    pair.filed()
    return pair


def answer(gate: str, said: Any) -> AnswerGate:
    return AnswerGate(gate=gate, answer=said, note="looked at (invented)")


def shown(pair: Pair) -> list[tuple[str, bool]]:
    return [(gap.field, gap.blocking) for gap in pair.de.state.gaps if gap.code == "rights"]


def test_a_mandatory_question_blocks_until_a_person_answers_and_may_be_overridden_here() -> None:
    asked = pair()
    assert open_gates(asked.de.state) == [DEATH]
    assert shown(asked) == [(DEATH, True)]
    refused(asked.de, WrongMove, "gaps", APPROVER_DE, Approve())
    asked.de.move(OFFICER_DE, answer(DEATH, "clear"))
    assert open_gates(asked.de.state) == []
    assert shown(asked) == []
    assert asked.de.move(APPROVER_DE, Approve()).status == "approved"
    assert pair().de.move(APPROVER_DE, Approve(override="told by telephone")).status == "approved"


@pytest.mark.parametrize(("said", "stays"), [("barred", True), ("assured", False), ("clear", True)])
def test_a_fact_against_it_is_cured_by_an_assurance_alone_and_always_shows(said: str, stays: bool) -> None:
    asked = pair(**{DEATH: GateAsked(verdict=Verdict.NO, mandatory=True)})
    asked.de.move(OFFICER_DE, answer(DEATH, said))
    assert bool(open_gates(asked.de.state)) is stays
    assert shown(asked) == [(DEATH, stays)]


def test_the_latest_answer_counts_and_what_is_barred_shows() -> None:
    asked = pair()
    asked.de.move(OFFICER_DE, answer(TORTURE, "barred"))
    assert open_gates(asked.de.state) == [DEATH, TORTURE]
    assert f"rights:{TORTURE}" in asked.de.state.attention
    asked.de.move(OFFICER_DE, answer(TORTURE, "clear"))
    assert open_gates(asked.de.state) == [DEATH]
    assert f"rights:{TORTURE}" not in asked.de.state.attention
    assert [one.answer for one in asked.de.state.gates] == ["barred", "clear"]


def test_a_question_that_is_not_mandatory_shows_only_where_a_fact_is_against_it() -> None:
    against = pair(**{TRIAL: GateAsked(verdict=Verdict.NO)})
    assert shown(against) == [(TRIAL, False)]
    assert open_gates(against.de.state) == []


def test_only_what_the_law_raises_is_answered() -> None:
    refused(pair().de, NotFound, "unknown-gate", OFFICER_DE, answer("life-sentence", "clear"))


def test_the_side_that_is_asked_answers_for_itself() -> None:
    asked = pair()
    asked.de.move(OFFICER_DE, answer(DEATH, "clear"))
    asked.de.move(APPROVER_DE, Approve())
    asked.de.move(OFFICER_DE, Send())
    asked.carry_all()
    assert open_gates(asked.us.state) == [DEATH]
    assert asked.us.state.gates == []
    asked.us.move(OFFICER_US, answer(DEATH, "assured"))
    assert open_gates(asked.us.state) == []


def test_a_case_of_the_first_rules_shows_none() -> None:
    asked = pair()
    asked.de.case = asked.de.state.model_copy(update={"version": 1, "gaps": []})
    assert asked.de.move(APPROVER_DE, Approve()).status == "approved"
