"""What is still owed when all is done: costs to be settled, objects to be given back?"""

from __future__ import annotations

from datetime import datetime

from schemas.case import CaseState
from schemas.errors import NotFound, WrongMove
from schemas.facets import Cost
from schemas.moves import Costs, Move, ReturnObjects
from schemas.vocabulary import Side
from workflows.stages.housekeeping import Checked, Made
from workflows.step import Letter, Step, altered, made_by, notice, put, settle

ON_LOAN, UNSETTLED = "objects-on-loan", "costs-unsettled"

# --- asked by other stages ------------------------------------------------------------------------------


def on_loan(state: CaseState) -> list[str]:
    """Objects handed over for a time, and neither given back nor left for good."""
    lent = dict.fromkeys(item.id for item in state.evidence if item.on_loan)
    return [item for item in lent if item not in state.returned]


def owed(state: CaseState) -> list[Cost]:
    """Costs that our side bears and that are not settled."""
    ours = "requesting" if state.side is Side.OUTGOING else "requested"
    return [cost for cost in state.costs if cost.borne_by == ours and not cost.settled]


def show_loans(state: CaseState) -> None:
    """Objects on loan show until they are back."""
    if on_loan(state):
        notice(state, ON_LOAN)
    else:
        settle(state, ON_LOAN)


# --- may it be made? ------------------------------------------------------------------------------------


def check_return(state: CaseState, move: Move, now: datetime) -> None:
    """Objects that are on loan; the side that lent them may waive their return, the other gives them back
    (1959 Convention 6(2))."""
    body = move.body
    if not isinstance(body, ReturnObjects):
        return
    still = on_loan(state)
    for item in body.items:
        if item not in still:
            raise NotFound(
                f"The object {item!r} is not on loan.",
                where="items",
                next_step=f"on loan: {', '.join(still) or 'none'}",
                code="not-on-loan",
            )
    borrower = (made_by(state.house, move) == "own") is (state.side is Side.OUTGOING)
    if borrower is body.waived:
        raise WrongMove(
            "Who borrowed an object gives it back; who lent it may waive that.",
            allowed=["return-objects" if borrower else "return-objects with waived"],
            where="waived",
            code="not-theirs-to-waive" if borrower else "not-theirs-to-return",
        )


# --- made -----------------------------------------------------------------------------------------------


def costs(step: Step) -> Letter | None:
    """Told, or settled: what was told before with the same amount is settled then."""
    state, body = step.state, step.body(Costs)
    told = Cost(
        amount=body.amount,
        currency=body.currency,
        borne_by=body.borne_by,
        settled=body.settled,
        at=step.at,
        note=body.note or "",
    )
    open_one = next(
        (
            cost
            for cost in state.costs
            if body.settled
            and not cost.settled
            and (cost.amount, cost.currency, cost.borne_by) == (body.amount, body.currency, body.borne_by)
        ),
        None,
    )
    if open_one is None:
        state.costs.append(told)
    else:
        put(state.costs, open_one, altered(open_one, settled=True))
    if owed(state):
        notice(state, UNSETTLED)
    else:
        settle(state, UNSETTLED)
    return Letter(body) if step.own else None


def return_objects(step: Step) -> Letter | None:
    """Given back, or left with the side that has them."""
    state, body = step.state, step.body(ReturnObjects)
    state.returned.extend(body.items)
    show_loans(state)
    return Letter(body) if step.own else None


CHECKS: dict[str, Checked] = {"return-objects": check_return}
STAGES: dict[str, Made] = {"costs": costs, "return-objects": return_objects}
