"""Is nobody surrendered past an open question: a gate, an assurance, another State that wants the person?"""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from schemas.errors import WrongMove
from schemas.facets import GateAsked
from schemas.moves import (
    AnswerGate,
    AskAssurance,
    CheckAssurance,
    Competing,
    Court,
    Decide,
    DecideCompeting,
    ErrandAgain,
    ErrandDone,
    FixSurrender,
    GiveAssurance,
    LinkCase,
)
from schemas.moves import MoveBody as Body
from schemas.vocabulary import Verdict
from tests.flow.invented import OFFICER_US
from tests.flow.wanted import DAY, OPENED, Seeking, clocks, code, gate, surrendered
from workflows import allowing
from workflows.custody import wanted
from workflows.row import row_of
from workflows.stages.assuring import undecided

BODY: TypeAdapter[Body] = TypeAdapter(Body)
ACCEPTED = Decide(decision="accepted")
GATES = {"death-penalty": gate(), "torture": gate(), "political-offence": gate(mandatory=False)}
ASKED = AskAssurance(id="no-death", about="death-penalty", text="It is not imposed, or not carried out.")
GIVEN = GiveAssurance(id="no-death", text="It will not be.", given_by="Ministry of Justice (invented)")
OTHER = Competing(id="italy", state="IT", received=OPENED.date(), ref="RS-EXTRADITION-2026-00009")


def fix(both: Seeking) -> FixSurrender:
    """In five days."""
    return FixSurrender(on=both.us.now + 5 * DAY, place="airport (invented)")


# --- gates -------------------------------------------------------------------------------------


def test_an_open_gate_stops_the_decision_the_day_and_the_handing_over() -> None:
    both = Seeking(gates=GATES).heard()
    with pytest.raises(WrongMove, match="death-penalty, torture") as caught:
        both.us.move(OFFICER_US, ACCEPTED)
    assert caught.value.code == "gates-open"
    assert "answer-gate" in caught.value.allowed
    both.theirs(*clear("death-penalty", "torture"))
    both.theirs(ACCEPTED)
    both.theirs(AnswerGate(gate="torture", answer="barred", note="new report (invented)"))
    assert code(both.us, fix(both)) == "gates-open"
    both.theirs(*clear("torture"))
    both.theirs(fix(both))
    both.theirs(AnswerGate(gate="torture", answer="barred", note="another report (invented)"))
    both.pass_days(5)
    assert code(both.us, surrendered(both.us.state, both.us.now)) == "gates-open"
    both.theirs(*clear("torture"))
    both.theirs(surrendered(both.us.state, both.us.now))
    assert both.de.state.status == "surrendered"


def test_a_refusal_passes_every_gate_and_the_side_that_asks_is_not_stopped() -> None:
    both = Seeking(gates=GATES).heard()
    assert both.de.state.status == "court"
    both.theirs(Decide(decision="refused", reasons="torture", grounds=("torture-ill-treatment",)))
    assert both.us.state.status == both.de.state.status == "refused"


def test_a_fact_against_the_person_is_cured_by_an_assurance_only() -> None:
    both = Seeking(gates={"death-penalty": GateAsked(verdict=Verdict.NO, mandatory=True)}).heard()
    both.theirs(*clear("death-penalty"))
    assert code(both.us, ACCEPTED) == "gates-open"
    both.theirs(AnswerGate(gate="death-penalty", answer="assured", note="see the assurance"))
    both.theirs(ACCEPTED)
    assert both.us.state.status == "accepted"


def test_no_surrender_where_the_law_never_answered() -> None:
    both = Seeking().heard()
    both.us.state.law = None
    assert code(both.us, ACCEPTED) == "law-not-answered"


def test_no_surrender_against_the_court() -> None:
    both = Seeking().heard()
    both.theirs(Court(stage="inadmissible", authority="court"))
    assert code(both.us, ACCEPTED) == "inadmissible"
    both.theirs(Court(stage="appeal", authority="court of appeal"))
    assert code(both.us, ACCEPTED) == "inadmissible"
    both.theirs(Court(stage="appeal-decided", authority="court of appeal"), ACCEPTED)


def clear(*gates: str) -> list[Body]:
    """Answered by a person: nothing stands in the way."""
    return [AnswerGate(gate=name, answer="clear", note="looked at (invented)") for name in gates]


# --- assurances --------------------------------------------------------------------------------


def test_an_assurance_asked_for_is_given_and_found_sufficient_before_surrender() -> None:
    both = Seeking().heard()
    both.theirs(ASKED)
    assert "assurance-asked:no-death" in both.de.state.attention
    assert "assurance" in clocks(both.de)
    assert "assurance" in clocks(both.us)
    assert code(both.us, ACCEPTED) == "assurance-open"
    assert code(both.us, CheckAssurance(id="no-death", sufficient=True, note="-")) == "unknown-assurance"
    assert code(both.us, ASKED) == "conflict"
    both.ours(GIVEN)
    assert "assurance-given:no-death" in both.us.state.attention
    assert "assurance" not in clocks(both.us)
    assert code(both.us, ACCEPTED) == "assurance-open", "given is not weighed"
    both.theirs(CheckAssurance(id="no-death", sufficient=False, note="it binds no court"))
    assert code(both.us, ACCEPTED) == "assurance-open"
    assert "assurance-too-weak:no-death" in both.de.state.attention
    both.ours(GIVEN)
    both.theirs(CheckAssurance(id="no-death", sufficient=True, note="by the king"), ACCEPTED)
    for house in (both.de, both.us):
        (kept,) = wanted(house.state).assurances
        assert (kept.sufficient, kept.given_by) == (True, GIVEN.given_by)
        assert not any(told.startswith("assurance") for told in house.state.attention)


def test_what_nobody_asked_for_is_not_given() -> None:
    both = Seeking().heard()
    assert code(both.de, GIVEN) == "unknown-assurance"


def test_one_assurance_of_two_leaves_the_time_for_the_other() -> None:
    both = Seeking().heard()
    both.theirs(ASKED, ASKED.model_copy(update={"id": "retrial", "about": "fair-trial"}))
    both.ours(GIVEN)
    assert "assurance" in clocks(both.de)
    both.ours(GIVEN.model_copy(update={"id": "retrial"}))
    assert "assurance" not in clocks(both.de)


# --- other States ------------------------------------------------------------------------------


def test_while_another_state_wants_the_person_nothing_is_granted() -> None:
    both = Seeking().heard()
    assert code(both.us, DecideCompeting(first="DE", reasons="-")) == "no-competitor"
    assert code(both.us, OTHER.model_copy(update={"state": "DE"})) == "own-state"
    both.theirs(OTHER)
    assert code(both.us, OTHER) == "conflict"
    for house in (both.de, both.us):
        assert undecided(house.state) == ["italy"]
        assert "competing:italy" in house.state.attention
    assert wanted(both.de.state).competitors[0].ref == "", "their case of Italy is not ours to know"
    with pytest.raises(WrongMove, match="italy"):
        both.us.move(OFFICER_US, ACCEPTED)
    assert code(both.us, DecideCompeting(first="FR", reasons="-")) == "no-competitor"
    both.theirs(DecideCompeting(first="DE", reasons="the graver offence"), ACCEPTED, fix(both))
    assert both.de.state.status == "surrender-fixed"


def test_the_day_is_not_fixed_while_another_state_came_in_or_goes_first() -> None:
    both = Seeking().granted()
    both.theirs(OTHER)
    assert code(both.us, fix(both)) == "competing-undecided"
    both.theirs(DecideCompeting(first="IT", reasons="the place of the act"))
    assert code(both.us, fix(both)) == "other-state-first"
    assert "other-state-first" in both.de.state.attention
    both.theirs(DecideCompeting(first="DE", reasons="Italy withdrew"), fix(both))
    assert "other-state-first" not in both.de.state.attention


def test_both_cases_of_a_house_are_told_once() -> None:
    """The errands of one case are the moves of the other; what came by errand sends none back."""
    ours, theirs = Seeking().heard(), Seeking().heard()
    theirs.us.state.counterpart = theirs.us.state.counterpart.model_copy(update={"state": "IT"})
    theirs.us.state.request = theirs.us.state.request.model_copy(update={"requesting": "IT"})
    ours.theirs(OTHER, DecideCompeting(first="IT", reasons="the place of the act"))
    told = [one for one in ours.us.state.errands if one.what == "tell"]
    assert [one.ref for one in told] == [OTHER.ref, OTHER.ref]
    for errand in told:
        theirs.us.move(OFFICER_US, BODY.validate_python(errand.body))
    assert [one.state for one in wanted(theirs.us.state).competitors] == ["DE"]
    assert wanted(theirs.us.state).competitors[0].ref == ours.us.state.ref
    assert undecided(theirs.us.state) == []
    assert theirs.us.state.errands == []
    theirs.us.move(OFFICER_US, ACCEPTED)
    ours.theirs(ACCEPTED)
    assert code(ours.us, fix(ours)) == "other-state-first"


def test_an_errand_that_failed_is_shown() -> None:
    both = Seeking().heard()
    both.theirs(OTHER)
    (errand,) = both.us.state.errands
    both.us.move(OFFICER_US, ErrandDone(id=errand.id, problem="unknown-reference"))
    assert f"errand-failed:{errand.id}" in both.us.state.attention
    both.us.move(OFFICER_US, LinkCase(ref="RS-EXTRADITION-2026-00009", why="related"))


def test_an_errand_that_failed_is_tried_again_by_a_person_who_mended_its_cause() -> None:
    both = Seeking().heard()
    both.theirs(OTHER)
    (errand,) = both.us.state.errands
    again = ErrandAgain(id=errand.id, reason="the case is known under this reference now")
    assert "errand-again" not in allowing.possible(both.us.state)
    assert code(both.us, again) == "unknown-errand"
    both.us.move(OFFICER_US, ErrandDone(id=errand.id, problem="unknown-reference"))
    assert "errand-again" in allowing.possible(both.us.state)
    both.us.move(OFFICER_US, again)
    (waits,) = both.us.state.errands
    assert (waits.id, waits.body, waits.done, waits.problem, waits.tries) == (
        errand.id,
        errand.body,
        None,
        "",
        1,
    )
    assert f"errand-failed:{errand.id}" not in both.us.state.attention
    assert row_of(both.us.state).errands == 1
    both.us.move(OFFICER_US, ErrandDone(id=errand.id, ref="RS-EXTRADITION-2026-00009"))
    assert code(both.us, again) == "unknown-errand"
