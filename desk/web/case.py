"""Which pages show this? One case: how it stands, what happened, who may see it, which law it rests on."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from desk import evidence, guarded, matters, papers, post, reading
from desk.notifying import notification_of
from desk.web import case_amend, case_view, case_way, labels, postal
from desk.web.answer import answer_of
from desk.web.case_picture import picture_of
from desk.web.case_shapes import bodies
from desk.web.cited import Voice
from desk.web.frame import PageGuard, PageRoute, Visitor, case_path, page
from desk.who import Permission, Sight, roles_for
from schemas.case import CaseState
from schemas.errors import NotFound

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Reader = Annotated[Visitor, Depends(PageGuard(Permission.SEE_CASE))]
AnOffset = Annotated[int, Query(alias="from", ge=0, le=1_000_000)]

AT_ONCE = 100


@router.get("/desk/case/{ref:path}/history")
def history(request: Request, visitor: Reader, ref: str, first: AnOffset = 0) -> Response:
    """Everything the ledger has on the case but looks, newest first."""
    house = visitor.house
    entries = case_view.moves_only(reading.timeline_of(house.records, visitor.who, ref))
    house.watch.note(visitor.who, ref, "timeline")
    return page(
        request,
        visitor,
        "case/history.html",
        ref=ref,
        entries=case_view.seen_of(entries[first : first + AT_ONCE]),
        more=_more(ref, "history", first, len(entries)),
        said=case_view.said,
    )


@router.get("/desk/case/{ref:path}/people")
def people(request: Request, visitor: Reader, ref: str, first: AnOffset = 0) -> Response:
    """Who may see the case, and who looked at it."""
    house = visitor.house
    state, seen = reading.require_sight(house.records, visitor.who, ref, Sight.RECORD)
    looks = matters.transfers_of(house.records, visitor.who, ref)["accesses"][::-1]
    house.watch.note(visitor.who, ref, "people")
    return page(
        request,
        visitor,
        "case/people.html",
        ref=ref,
        people=case_view.people_of(visitor, state) if seen is Sight.FULL else [],
        looks=looks[first : first + AT_ONCE],
        more=_more(ref, "people", first, len(looks)),
    )


@router.get("/desk/case/{ref:path}/law")
def law(request: Request, visitor: Reader, ref: str) -> Response:
    """The whole recorded answer of the law on which the case rests."""
    house = visitor.house
    told = reading.assessment_of(house.records, visitor.who, ref)
    house.watch.note(visitor.who, ref, "assessment")
    state, _ = reading.look(house.records, visitor.who, ref)
    chosen = state.law.instrument if state.law else None
    voice = Voice(house.registry, visitor.language, house.today())
    answer = answer_of(told, voice, chosen=chosen)
    return page(
        request, visitor, "case/law.html", ref=ref, answer=answer, law=state.law, edition=told["edition"]
    )


@router.get("/desk/case/{ref:path}/evidence")
def items(request: Request, visitor: Reader, ref: str) -> Response:
    """Every item of evidence: where it is, under which limits, and who had it in hand."""
    house = visitor.house
    state, _ = reading.require_sight(house.records, visitor.who, ref, Sight.FULL)
    told = case_view.seen_of(evidence.overview(house.office, state, house.today()))
    house.watch.note(visitor.who, ref, "evidence")
    return page(request, visitor, "case/evidence.html", ref=ref, items=told)


@router.get("/desk/case/{ref:path}/custody")
def custody(request: Request, visitor: Reader, ref: str) -> Response:
    """The signed messages by which the case passed between houses, and whether they prove it."""
    house = visitor.house
    told = reading.custody_of(house.records, visitor.who, ref)
    house.watch.note(visitor.who, ref, "custody")
    proof = house.office.verify_custody(ref) if told else None
    return page(request, visitor, "case/custody.html", ref=ref, items=told, proof=proof)


@router.get("/desk/case/{ref:path}")
def case(
    request: Request, visitor: Reader, ref: str, done: str = "", saved: str = "", other: str = ""
) -> Response:
    """One case: what matters first."""
    house, actor = visitor.house, visitor.who
    ref = ref.removesuffix("/")
    state, seen = reading.look(house.records, actor, ref)
    told = case_view.seen_of(reading.shown(state, seen))
    house.watch.note(actor, ref, f"case ({told['sight']})")
    now = datetime.now(UTC)
    return page(
        request,
        visitor,
        "case/case.html" if seen >= Sight.RECORD else "case/status.html",
        ref=ref,
        told=told,
        now=now,
        done=visitor.say(labels.label("done", done)) if done in bodies() else "",
        moves=case_view.moves_of(visitor, state, seen),
        way=case_way.way_of(visitor, state, seen),
        answers=case_amend.answers_of(visitor, state, seen, saved, other),
        **(_record(visitor, state, told, now) if seen >= Sight.RECORD else {}),
    )


def _record(visitor: Visitor, state: CaseState, told: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What whoever sees the record of a case is shown of it, read from the ledger once."""
    entries = reading.timeline_of(visitor.house.records, visitor.who, state.ref)
    holders = case_view.holders_of(entries, state.house)
    made = {
        "picture": picture_of(state.house, entries, holders, told["deadlines"], now),
        "moved": case_view.seen_of(case_view.moves_only(entries)[: case_view.PAGE]),
        "looks": case_view.looks_of(entries)[: case_view.PAGE],
        "holders": holders,
        "next": case_view.next_limit(told["deadlines"], now),
        "deadlines": case_view.deadlines_of(told["deadlines"]),
        "attention": case_view.attention(visitor, told["attention"]),
        "pressing": case_view.pressing(told["attention"]),
        "said": case_view.said,
        "live": case_path(state.ref, "events"),
    }
    return made | (_whole(visitor, state, entries) if told["sight"] == "full" else {})


def _whole(visitor: Visitor, state: CaseState, entries: list[dict[str, Any]]) -> dict[str, Any]:
    """What only those see who see all of it."""
    house = visitor.house
    noted = [(each["event"], each["detail"]) for each in entries if each.get("detail")]
    letters = post.letters_out(house.records, house.office.settings, house.office.trust, state, None)
    return {
        "documents": papers.documents(state, noted),
        "kept": guarded.kept(house.records, state.ref),
        "letters": [each | {"walks": postal.walks(visitor, state, each)} for each in letters],
        "reason": partial(postal.reason, visitor.language),
        "people": case_view.people_of(visitor, state),
        **_notification(visitor, state),
    }


def _notification(visitor: Visitor, state: CaseState) -> dict[str, Any]:
    """Which authority is to be told of an order, and where this visitor records it."""
    house = visitor.house
    told = notification_of(house.registry, state, house.today())
    if told is None:
        return {"notification": None}
    now = house.office.moves_of(state)
    mine = set(visitor.who.roles)
    notify = "notified" in now["allowed"] and roles_for("notified") & mine
    answer = "enforcing-answer" in now["recordable"] and roles_for("enforcing-answer", by_post=True) & mine
    return {
        "notification": told,
        "notify": case_path(state.ref, "do", "notified") if notify else "",
        "answer": case_path(state.ref, "do", "enforcing-answer") + "?by_post=1" if answer else "",
    }


def _more(ref: str, part: str, first: int, whole: int) -> str | None:
    if first > whole:
        raise NotFound("There is nothing there.", where=ref, next_step="go back to the case")
    after = first + AT_ONCE
    return None if after >= whole else f"{case_path(ref, part)}?from={after}"
