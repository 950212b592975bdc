"""Which pages do issuing and validating authorities need? What waits for them, the request to be read as a
letter, and three ways on: issue, validate, return with a reason."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from desk import letters, reading
from desk.web.frame import PageGuard, PageRoute, Visitor, case_path, page
from desk.who import Permission, Sight, may
from records.docket import Filter
from schemas.case import CaseState
from schemas.errors import NotAllowed, RogatoryError
from schemas.handoff import OPEN
from schemas.lifecycle import UNSENT
from schemas.moves import Actor
from schemas.request import draft_digest
from schemas.vocabulary import Role, Side

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Mover = Annotated[Visitor, Depends(PageGuard(Permission.MOVE_CASE))]
ACursor = Annotated[str | None, Query(max_length=2000)]

AT_ONCE = 25


@router.get("/desk/issue")
def waiting(request: Request, visitor: Mover, status: str = "draft", cursor: ACursor = None) -> Response:
    """The requests that wait to be issued or validated."""
    _require_issuer(visitor.who)
    wanted = Filter(side=Side.OUTGOING, status=status if status in UNSENT else "draft")
    found = reading.docket_of(visitor.house.records, visitor.who, wanted, AT_ONCE, cursor)
    more = f"/desk/issue?status={status}&cursor={found['next']}" if found["next"] else None
    return page(request, visitor, "case/waiting.html", items=found["items"], more=more, status=status)


@router.get("/desk/issue/{ref:path}")
def read(request: Request, visitor: Mover, ref: str) -> Response:
    """One request, as the letter it will be."""
    house = visitor.house
    _require_issuer(visitor.who)
    state, _ = reading.require_sight(house.records, visitor.who, ref, Sight.FULL)
    house.watch.note(visitor.who, ref, "request, to be issued")
    return page(
        request,
        visitor,
        "case/issue.html",
        ref=ref,
        state=state,
        letter=_letter(visitor, state),
        ways=_ways(visitor, state),
        signed=state.signed,
    )


def _require_issuer(actor: Actor) -> None:
    if not may(actor, Permission.MOVE_CASE) or Role.ISSUING_AUTHORITY not in actor.roles:
        raise NotAllowed(
            "This page is for those who issue or validate requests.",
            where="roles",
            next_step="see the case itself",
        )


def _letter(visitor: Visitor, state: CaseState) -> dict[str, Any] | None:
    """The main letter of the case in the visitor's language, else in English; None where no form fits."""
    house = visitor.house
    forms = letters.offered(state, house.registry, house.office.settings)
    if not forms:
        return None
    main = forms[0]
    language = visitor.language if visitor.language in main["languages"] else main["languages"][0]
    language = language if visitor.language in main["languages"] or "en" not in main["languages"] else "en"
    try:
        made = letters.Letter(
            house.records, house.registry, state, letters.Wanted(main["form"], language)
        ).told()
    except RogatoryError:
        return None
    return {**made, "form": main["form"], "language": language}


def _ways(visitor: Visitor, state: CaseState) -> dict[str, str]:
    """Where the three ways lead. A case that was handed over is returned to whoever holds it; any other
    request is sent back as it stands."""
    allowed = visitor.house.office.moves_of(state)["allowed"]
    found, read = {}, f"&over={draft_digest(state.request)}"
    if "issue" in allowed:
        found["issue"] = case_path(state.ref, "do", "issue") + "?capacity=issued" + read
        found["validate"] = case_path(state.ref, "do", "issue") + "?capacity=validated" + read
    own = (visitor.who.agency, visitor.who.id)
    offered = [
        each
        for each in state.handoffs
        if each.status in OPEN and (each.receiver.function in own or each.receiver.actor in own)
    ]
    if offered and "return" in allowed:
        found["back"] = case_path(state.ref, "do", "return")
        found["accept"] = case_path(state.ref, "do", "accept")
    elif "send-back" in allowed:
        found["back"] = case_path(state.ref, "do", "send-back") + "?" + read[1:]
    return found
