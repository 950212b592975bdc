"""What stands between a request and surrender: assurances, other States that want the same person, gates?

Nothing here is overridden by a reason: before surrender every mandatory question is answered by a person.
"""

from __future__ import annotations

from datetime import datetime

from schemas.case import CaseState
from schemas.errors import BadInput, Conflict, NotFound, WrongMove
from schemas.facets import Assurance, Competitor, JointDecision
from schemas.moves import (
    AskAssurance,
    CheckAssurance,
    Competing,
    DecideCompeting,
    GiveAssurance,
    Move,
)
from workflows import baton
from workflows.custody import wanted
from workflows.rights import open_gates
from workflows.stages.housekeeping import Checked, Made, tell
from workflows.step import Letter, Step, altered, notice, put, settle

_FINDINGS = frozenset({"committed", "inadmissible", "appeal-decided"})

# --- what stands in the way -------------------------------------------------------------------------------


def undecided(state: CaseState) -> list[str]:
    """Ids of requests of other States about which nothing was decided jointly."""
    person = wanted(state)
    decided = {name for one in person.joint for name in one.over}
    return [one.id for one in person.competitors if one.id not in decided]


def check_free_to_grant(state: CaseState) -> None:
    """Nothing that a reason cannot overrule stands in the way of granting. Raises WrongMove."""
    if state.law is None:
        raise _barred(state, "The law was never answered for this request.", "law-not-answered", ["hold"])
    gates = open_gates(state)
    if gates:
        said = f"Questions nobody may leave open: {', '.join(gates)}."
        raise _barred(state, said, "gates-open", ["answer-gate", "ask-assurance"])
    weak = [one.id for one in wanted(state).assurances if not one.sufficient]
    if weak:
        said = f"Assurances asked for and not found sufficient: {', '.join(weak)}."
        raise _barred(state, said, "assurance-open", ["check-assurance"])
    others = undecided(state)
    if others:
        said = (
            f"Other States want the same person, and it is not decided who goes first: {', '.join(others)}."
        )
        raise _barred(state, said, "competing-undecided", ["decide-competing"])
    found = [one.stage for one in wanted(state).court if one.stage in _FINDINGS]
    if found and found[-1] == "inadmissible":
        said = "The court found that the person may not be surrendered."
        raise _barred(state, said, "inadmissible", ["court", "decide refused"])


def check_first_in_turn(state: CaseState) -> None:
    """No other State was to go first. Raises WrongMove."""
    joint = wanted(state).joint
    if joint and joint[-1].first != state.request.requesting:
        said = f"It was decided that {joint[-1].first} goes first."
        raise _barred(state, said, "other-state-first", ["decide-competing", "postpone"])


def _barred(state: CaseState, what: str, code: str, instead: list[str]) -> WrongMove:
    return WrongMove(what, allowed=instead, where=state.ref, code=code)


# --- may it be made? ----------------------------------------------------------------------------------


def check_ask(state: CaseState, move: Move, now: datetime) -> None:
    """Each assurance has its own id."""
    if isinstance(move.body, AskAssurance) and _find(state, move.body.id) is not None:
        raise Conflict(
            f"There is an assurance {move.body.id!r} already.", where=state.ref, next_step="choose another id"
        )


def check_give(state: CaseState, move: Move, now: datetime) -> None:
    """It was asked for; one found too weak may be given again."""
    if not isinstance(move.body, GiveAssurance):
        return
    open_ids = [one.id for one in wanted(state).assurances if one.given is None or one.sufficient is False]
    if move.body.id not in open_ids:
        raise _unknown("assurance", move.body.id, open_ids)


def check_check(state: CaseState, move: Move, now: datetime) -> None:
    """It was given, and nobody weighed it since."""
    if not isinstance(move.body, CheckAssurance):
        return
    given = [
        one.id for one in wanted(state).assurances if one.given is not None and one.sufficient is not True
    ]
    if move.body.id not in given:
        raise _unknown("assurance", move.body.id, given)


def check_competing(state: CaseState, move: Move, now: datetime) -> None:
    """Another State, and each request of it once."""
    body = move.body
    if not isinstance(body, Competing):
        return
    if any(one.id == body.id for one in wanted(state).competitors):
        raise Conflict(
            f"There is a competing request {body.id!r} already.",
            where="id",
            next_step="choose another id",
        )
    if body.state in (state.state, state.counterpart.state):
        raise BadInput(
            f"{body.state} is a party to this request, and competes with nobody in it.",
            where="state",
            next_step="name the other State that wants the person",
            code="own-state",
        )


def check_joint(state: CaseState, move: Move, now: datetime) -> None:
    """One of the States that want the person goes first."""
    body = move.body
    if not isinstance(body, DecideCompeting):
        return
    states = [state.request.requesting, *(one.state for one in wanted(state).competitors)]
    if len(states) == 1:
        raise WrongMove(
            "No other State wants the person.", allowed=["competing"], where=state.ref, code="no-competitor"
        )
    if body.first not in states:
        raise BadInput(
            f"{body.first} does not want the person.",
            where="first",
            next_step=f"one of {', '.join(states)}",
            code="no-competitor",
        )


def _find(state: CaseState, name: str) -> Assurance | None:
    return next((one for one in wanted(state).assurances if one.id == name), None)


def _unknown(what: str, name: str, known: list[str]) -> NotFound:
    return NotFound(
        f"No {what} {name!r} waits for that.",
        where="id",
        next_step=f"waiting: {', '.join(known) or 'none'}",
        code=f"unknown-{what}",
    )


# --- made -----------------------------------------------------------------------------------------------


def ask(step: Step) -> Letter | None:
    """Asked for before surrender."""
    state, body = step.state, step.body(AskAssurance)
    wanted(state).assurances.append(Assurance(id=body.id, about=body.about, text=body.text, asked=step.at))
    if not step.own:
        notice(state, f"assurance-asked:{body.id}")
        baton.taken_on_paper(step)
    return step.letter()


def give(step: Step) -> Letter | None:
    """Given; the side that asked weighs it."""
    state, body = step.state, step.body(GiveAssurance)
    known = wanted(state).assurances
    asked = next(one for one in known if one.id == body.id)
    given = altered(
        asked,
        given=step.at,
        given_by=body.given_by,
        given_text=body.text,
        checked=None,
        sufficient=None,
        note="",
    )
    put(known, asked, given)
    settle(state, f"assurance-asked:{body.id}", f"assurance-too-weak:{body.id}")
    if not step.own:
        notice(state, f"assurance-given:{body.id}")
    return step.letter()


def check_given(step: Step) -> Letter | None:
    """Weighed: enough, or not."""
    state, body = step.state, step.body(CheckAssurance)
    known = wanted(state).assurances
    given = next(one for one in known if one.id == body.id)
    put(known, given, altered(given, checked=step.at, sufficient=body.sufficient, note=body.note))
    settle(state, f"assurance-given:{body.id}", f"assurance-too-weak:{body.id}")
    if not body.sufficient:
        notice(state, f"assurance-too-weak:{body.id}")
    return step.letter()


def competing(step: Step) -> Letter | None:
    """Another State wants the person: both requests are decided together (1957 Convention, 17)."""
    state, body = step.state, step.body(Competing)
    wanted(state).competitors.append(
        Competitor(
            id=body.id,
            state=body.state,
            received=body.received,
            offence=body.offence or "",
            ref=body.ref or "",
        )
    )
    notice(state, f"competing:{body.id}")
    if not step.own:
        baton.taken_on_paper(step)
    elif body.ref and not body.from_case:
        there = altered(body, state=state.request.requesting, received=state.opened.date(), ref=state.ref)
        _tell_case(step, body.ref, altered(there, offence=None, from_case=True))
    return _without(step, ref=None, from_case=False)


def decide_competing(step: Step) -> Letter | None:
    """Who goes first, decided over all of them at once; each case of this house is told."""
    state, body = step.state, step.body(DecideCompeting)
    person = wanted(state)
    over = tuple(one.id for one in person.competitors)
    person.joint.append(JointDecision(first=body.first, reasons=body.reasons, at=step.at, over=over))
    settle(state, "competing:", "other-state-first")
    if body.first != state.request.requesting:
        notice(state, "other-state-first")
    if not step.own:
        baton.taken_on_paper(step)
    elif not body.from_case:
        for ref in dict.fromkeys(one.ref for one in person.competitors if one.ref):
            _tell_case(step, ref, altered(body, from_case=True))
    return _without(step, from_case=False)


def _tell_case(step: Step, ref: str, body: Competing | DecideCompeting) -> None:
    told = altered(body, happened_at=step.at)
    tell(step.state, ref, told.model_dump(mode="json"), step.now)


def _without(step: Step, **fields: object) -> Letter | None:
    """The letter without what only this house needs: its own reference of another State's request."""
    letter = step.letter()
    return None if letter is None else Letter(altered(letter.body, **fields))


CHECKS: dict[str, Checked] = {
    "ask-assurance": check_ask,
    "assurance": check_give,
    "check-assurance": check_check,
    "competing": check_competing,
    "decide-competing": check_joint,
}
STAGES: dict[str, Made] = {
    "ask-assurance": ask,
    "assurance": give,
    "check-assurance": check_given,
    "competing": competing,
    "decide-competing": decide_competing,
}
