"""Which pages amend a filed draft? Its answers on the page of the case, and a page for each question.

What others change at other questions meanwhile stays. What they change at the same one is shown beside what
was typed, to be saved knowingly. The case itself looks once more when it takes the move, for a draft that is
saved between the look and the move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from desk import filing, papers, reading, who
from desk.web import case_answers, case_papers
from desk.web.case_answers import Drafted
from desk.web.case_moves import key_of, made_before, refuse_late
from desk.web.filing import CHANGED
from desk.web.filing_answers import missing_of, move_as, refuse_faults, refuse_wrong
from desk.web.filing_law import Option, choices_of, law_of, linked_first, said_besides
from desk.web.filing_questions import DOCUMENTS
from desk.web.filing_shown import Section, Told, told_answers
from desk.web.filing_step import Step
from desk.web.forms import Typed, shown, taken
from desk.web.frame import PageGuard, PageRoute, Visitor, case_path, onward, page
from desk.web.words import N_
from desk.who import Permission, Sight, roles_for
from schemas.case import CaseState
from schemas.errors import RogatoryError, WrongMove
from schemas.moves import Amend
from schemas.request import draft_digest

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Amender = Annotated[Visitor, Depends(PageGuard(Permission.MOVE_CASE))]

EVENT = "amend"
WAS = "was"
"""Field of the form that names what stood on the page when it was shown."""
ELSEWHERE = N_("%(who)s changed another part of the request in the same moment. Save again.")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of one draft, as this visitor has it before them."""

    visitor: Visitor
    state: CaseState
    draft: Drafted
    step: Step


@dataclass(frozen=True, slots=True)
class Answers:
    """The draft on the page of its case. `further`: the question for one more offence, and after which one it
    stands; `saved`: the question that was just saved; `other_basis`: the old basis links the two no more."""

    sections: list[Section]
    needed: set[str]
    further: tuple[str, str]
    saved: str
    other_basis: bool


def answers_of(visitor: Visitor, state: CaseState, seen: Sight, saved: str, other: str) -> Answers | None:
    """The answers, for one who may change them now; None for anybody else."""
    if seen is not Sight.FULL or not roles_for(EVENT) & set(visitor.who.roles) or not _may_be(visitor, state):
        return None
    draft = case_answers.drafted(visitor, state)
    return Answers(
        sections=case_answers.shown(visitor, state, draft),
        needed=case_answers.needed(state.gaps),
        further=(_last(draft), draft.further.name) if draft.further else ("", ""),
        saved=saved,
        other_basis=bool(other),
    )


def _last(draft: Drafted) -> str:
    return [step.name for step in draft.steps if step.name.startswith("offence-")][-1]


@router.get("/desk/case/{ref:path}/change/{question}")
def question(request: Request, visitor: Amender, ref: str, question: str) -> Response:
    """One question of the draft, with its answer."""
    asked = _ask(visitor, ref, question)
    start = {field.name: asked.draft.typed.all(field.name) for field in asked.step.fields}
    form = shown(request, visitor, **{WAS: case_answers.mark_of(asked.step, asked.draft.typed)}, **start)
    return _page(request, asked, form)


@router.post("/desk/case/{ref:path}/change/{question}")
async def answered(request: Request, visitor: Amender, ref: str, question: str) -> Response:
    """Saves the answer as an amendment, and leads back to the draft at its place."""
    typed = await taken(request)
    key = await run_in_threadpool(key_of, typed)
    if await run_in_threadpool(made_before, visitor, ref, EVENT, key):
        return await run_in_threadpool(_back, visitor, ref, question, {"saved": question})
    try:
        asked = await run_in_threadpool(_ask, visitor, ref, question)
    except WrongMove as error:
        asked = await run_in_threadpool(partial(_ask, visitor, ref, question, late=True))
        refuse_late(visitor, typed, error.allowed)
        return await run_in_threadpool(_page, request, asked, typed, 409)
    if asked.step.name == DOCUMENTS.name and visitor.may(Permission.ADD_DOCUMENT):
        # kept at once: a wrong field asks nobody for a file twice
        item = await case_papers.kept(visitor, ref, typed, "attachments~file")
        if item is not None:
            typed.values.setdefault("attachments", []).append(item.digest)
    clash = await run_in_threadpool(_clash, asked, typed)
    if clash:
        return await run_in_threadpool(_page, request, asked, typed, 409, clash)
    status, told = await _amend(asked, typed, key)
    if status == 409:
        return await run_in_threadpool(_overtaken, request, visitor, ref, question, typed)
    if not typed.ok:
        return await run_in_threadpool(_page, request, asked, typed, status)
    return await run_in_threadpool(_back, visitor, ref, question, told)


async def _amend(asked: Asked, typed: Typed, key: str) -> tuple[int, dict[str, str]]:
    """Makes the move, unless nothing changes; what refuses it is told on the form. The status of that page,
    and what the page of the case is told of the change, if there is one."""
    visitor, state, house = asked.visitor, asked.state, asked.visitor.house
    told = await run_in_threadpool(_told, asked, typed)
    if not typed.ok:
        return 422, {}
    try:
        body = move_as(Amend, {"event": EVENT, "request": told, "over": draft_digest(state.request)})
        if body.request == state.request:
            return 303, {}
        await run_in_threadpool(filing.check_request, house.registry, body, house.today())
        await house.office.move(visitor.who, state.ref, body, key)
    except RogatoryError as error:
        if error.code == "draft-changed":
            return 409, {}
        refuse_faults(typed, error, [asked.step], visitor)
        if not error.retry:
            typed.rekey()
        return 503 if error.retry else 422, {}
    other = {} if body.request.instrument == state.request.instrument else {"other": "basis"}
    return 303, {"saved": asked.step.name, **other}


def _told(asked: Asked, typed: Typed) -> dict[str, Any]:
    """The request with the new answer; what is missing or cannot be read is refused at its field."""
    visitor, state = asked.visitor, asked.state
    refuse_wrong(typed, asked.step, visitor, visitor.house.office.zone)
    if typed.ok:
        for name, text in missing_of(typed, [asked.step], visitor).items():
            typed.refuse(name, text)
    if not typed.ok:
        return {}
    return case_answers.amended(visitor, state, asked.step, typed, _papers(asked))


def _ask(visitor: Visitor, ref: str, name: str, *, late: bool = False) -> Asked:
    """The question of the case. `late`: also where it is no draft any more. Raises NotFound, NotAllowed,
    WrongMove."""
    house = visitor.house
    state, _ = reading.require_sight(house.records, visitor.who, ref, Sight.FULL)
    who.require_move(visitor.who, EVENT)
    if not late and not _may_be(visitor, state):
        allowed = house.office.moves_of(state)["allowed"]
        raise WrongMove("This is not possible while the case stands as it does.", allowed=allowed, where=ref)
    draft = case_answers.drafted(visitor, state)
    return Asked(visitor, state, draft, draft.step(name))


def _may_be(visitor: Visitor, state: CaseState) -> bool:
    """Can the draft be amended now, by anybody?"""
    return EVENT in visitor.house.office.moves_of(state)["allowed"]


def _clash(asked: Asked, typed: Typed) -> list[Told]:
    """What somebody else answered here since the form was opened; empty if nobody did, or the same."""
    now = case_answers.mark_of(asked.step, asked.draft.typed)
    if typed.get(WAS) in ("", now) or case_answers.mark_of(asked.step, typed) == now:
        return []
    typed.refuse("", asked.visitor.say(CHANGED, who=asked.state.last_author))
    typed.values[WAS] = [now]
    typed.rekey()
    return told_answers(
        asked.visitor, [asked.step], asked.draft.typed, law_of(asked.visitor, asked.draft.typed)
    )


def _overtaken(request: Request, visitor: Visitor, ref: str, name: str, typed: Typed) -> Response:
    """Somebody else's change passed between the look and the move: shown, to be saved again knowingly."""
    asked = _ask(visitor, ref, name)
    clash = _clash(asked, typed)
    if not clash:
        typed.refuse("", visitor.say(ELSEWHERE, who=asked.state.last_author))
        typed.rekey()
    return _page(request, asked, typed, 409, clash)


def _back(visitor: Visitor, ref: str, name: str, told: dict[str, str]) -> Response:
    """To the draft, at this answer; at its beginning if it stands there no more."""
    state, _ = reading.look(visitor.house.records, visitor.who, ref)
    steps = case_answers.drafted(visitor, state).steps
    place = next((f"q-{name}" for step in steps if step.name == name), "request")
    query = f"?{urlencode(told)}" if told else ""
    return onward(f"{case_path(ref)}{query}#{place}")


def _papers(asked: Asked) -> list[Any]:
    return papers.known(asked.visitor.house.records, asked.state)


def _options(asked: Asked) -> tuple[dict[str, list[Option]], tuple[list[Option], list[Option]]]:
    """What each field chooses from; of States those first with which the law links us."""
    visitor, typed = asked.visitor, asked.draft.typed
    found, made = law_of(visitor, typed), {}
    near: tuple[list[Option], list[Option]] = ([], [])
    for field in asked.step.fields:
        if field.options == "states":
            near = linked_first(visitor, asked.state.kind.value)
            near[1].extend(said_besides(typed.all(field.name), [*near[0], *near[1]]))
        elif field.options:
            made[field.name] = choices_of(visitor, field, typed, found)
        elif field.widget == "papers":
            made[field.name] = [(each.digest, each.name) for each in _papers(asked)]
    return made, near


def _page(
    request: Request, asked: Asked, form: Typed, status: int = 200, clash: Sequence[Told] = ()
) -> Response:
    visitor, state, step = asked.visitor, asked.state, asked.step
    visitor.house.watch.note(visitor.who, state.ref, "form of a move")
    options, near = _options(asked)
    if not form.get("key"):
        form.rekey()
    return page(
        request,
        visitor,
        "case/change.html",
        status,
        ref=state.ref,
        kind=state.kind,
        form=form,
        step=step,
        options=options,
        near=near,
        back=f"{case_path(state.ref)}#q-{step.name}",
        further=step is asked.draft.further,
        several=len(state.request.offences) > 1 and step.name.startswith("offence-"),
        signed=bool(state.signed or state.translations),
        author=state.last_author,
        clash=clash,
    )
