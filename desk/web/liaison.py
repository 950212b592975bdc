"""Which pages show this? Where a case stands, by any reference; taking a handoff; urgent preservation."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from desk import reading
from desk.web import urgent
from desk.web.docket_filter import toned
from desk.web.filing_answers import refuse_faults
from desk.web.filing_law import shown_answer
from desk.web.forms import Typed, shown, taken
from desk.web.frame import ROOT, PageGuard, PageRoute, Visitor, onward, page
from desk.web.words import N_
from desk.who import Permission, roles_for
from schemas.case import CaseState
from schemas.errors import NotFound, RogatoryError
from schemas.handoff import Handoff, HandoffStatus
from schemas.lifecycle import UNSENT
from schemas.moves import AcceptHandoff, Actor, ReturnHandoff

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Reader = Annotated[Visitor, Depends(PageGuard(Permission.SEE_CASE))]
Filer = Annotated[Visitor, Depends(PageGuard(Permission.FILE_PRESERVATION))]

STATUS, URGENT = f"{ROOT}/status", f"{ROOT}/urgent"
LONGEST = 200
WHY_RETURNED = N_("Say why you return it: the sender reads this.")
SENT_BACK = ("accepted", "returned")


@router.get(STATUS)
def status(request: Request, visitor: Reader, ref: str = "", done: str = "") -> Response:
    """Where the case of this reference stands, as far as it is the visitor's to see."""
    return _status(request, visitor, shown(request, visitor, ref=ref[:LONGEST]), done)


@router.post(STATUS)
async def answer_offer(request: Request, visitor: Reader) -> Response:
    """Takes the handoff that is offered, or returns it with a reason."""
    typed = await taken(request)
    returns = typed.get("act") == "return"
    if returns:
        typed.needs(visitor, {"reason": WHY_RETURNED})
    if typed.ok:
        try:
            body = (
                ReturnHandoff(id=typed.get("id"), reason=typed.get("reason"))
                if returns
                else AcceptHandoff(id=typed.get("id"))
            )
            await visitor.house.office.move(visitor.who, typed.get("case"), body, typed.get("key"))
        except ValueError:
            typed.refuse("reason", visitor.say(WHY_RETURNED))
        except RogatoryError as error:
            if error.status >= 500 or isinstance(error, NotFound):
                raise
            typed.refuse_error(visitor, error)
    if not typed.ok:
        typed.values["ref"] = [typed.get("case")]
        return await run_in_threadpool(_status, request, visitor, typed, "")
    return onward(STATUS, ref=typed.get("case"), done=SENT_BACK[returns])


@router.get(URGENT)
def ask_urgently(request: Request, visitor: Filer) -> Response:
    """One page by which data are kept at once."""
    now = datetime.now(UTC).astimezone(visitor.house.office.zone)
    form = shown(
        request,
        visitor,
        measures=urgent.USUAL,
        direct="state",
        intends=urgent.USUAL_REQUEST,
        certified_at=now.strftime("%Y-%m-%dT%H:%M"),
        key=secrets.token_urlsafe(16),
    )
    return _urgent(request, visitor, form)


@router.post(URGENT)
async def keep_urgently(request: Request, visitor: Filer) -> Response:
    """Shows what the law says; or files the request, and sends it where it may go at once."""
    typed = await taken(request)
    await run_in_threadpool(urgent.refuse_wrong, typed, visitor)
    if typed.get("act") == "look" or not typed.ok:
        return await run_in_threadpool(_urgent, request, visitor, typed)
    try:
        done = await urgent.dispatched(visitor, typed)
    except RogatoryError as error:
        if error.status >= 500:
            raise
        refuse_faults(typed, error, [urgent.step_of(visitor, typed)], visitor)
        typed.rekey()
        return await run_in_threadpool(_urgent, request, visitor, typed)
    return onward(f"{URGENT}/done", ref=done.ref, why=done.why)


@router.get(f"{URGENT}/done")
def kept_urgently(request: Request, visitor: Filer, ref: str = "", why: str = "") -> Response:
    """What became of it: sent, or what it still waits for."""
    case = reading.case_of(visitor.house.records, visitor.who, ref)
    visitor.house.watch.note(visitor.who, case["ref"], "case")
    told = urgent.WHY.get(why, "") if case["status"] in UNSENT else ""
    return page(
        request,
        visitor,
        "liaison/done.html",
        200,
        case=case,
        why=visitor.say(told) if told else "",
        sent=case["status"] not in UNSENT,
    )


def _status(request: Request, visitor: Visitor, form: Typed, done: str) -> Response:
    sought = form.get("ref")[:LONGEST]
    records, who = visitor.house.records, visitor.who
    found = reading.by_reference(records, who, sought) if sought else []
    rows = []
    for row in toned(found, datetime.now(UTC)):
        state, _ = reading.look(records, who, row["ref"])
        rows.append({"line": row, "offers": offers_to(who, state)})
    return page(
        request,
        visitor,
        "liaison/status.html",
        200 if form.ok else 422,
        form=form,
        sought=sought,
        rows=rows,
        done=done if done in SENT_BACK else "",
        key=secrets.token_urlsafe(16),
    )


def _urgent(request: Request, visitor: Visitor, form: Typed) -> Response:
    found = urgent.law_of(visitor, form)
    context: dict[str, Any] = urgent.choices(visitor)
    return page(
        request,
        visitor,
        "liaison/urgent.html",
        200 if form.ok else 422,
        form=form,
        answer=shown_answer(visitor, found),
        problem=found.problem,
        certain=bool(form.get("certified_by")),
        **context,
    )


def offers_to(actor: Actor, state: CaseState) -> list[Handoff]:
    """Handoffs of the case that this person may take or return: to them, or to their function."""
    if not roles_for("accept") & set(actor.roles):
        return []
    own = (actor.id, *actor.acts_for)
    return [
        each
        for each in state.handoffs
        if each.status in (HandoffStatus.OFFERED, HandoffStatus.OVERDUE)
        and each.receiver.house == actor.house
        and (each.receiver.actor in own if each.receiver.actor else each.receiver.function == actor.agency)
    ]
