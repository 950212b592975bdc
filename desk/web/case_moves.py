"""Which pages make a move on a case? One form for every event, made of the body it carries; and the short way
to record what came back by post."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from desk import border, letters, papers, reading, who
from desk.web import case_guarded, case_papers, labels
from desk.web.case_forms import Box, Frame, boxes, one_more, started
from desk.web.case_options import Choices, hidden
from desk.web.case_shapes import Shape, bodies, shapes_of
from desk.web.case_typed import Reader, place_error
from desk.web.forms import Typed, shown, taken
from desk.web.frame import PageGuard, PageRoute, Visitor, case_path, onward, page
from desk.web.look import Speaker
from desk.web.move_choices import CHOICES
from desk.web.move_words import CAME, DOES, words_of
from desk.web.words import N_
from desk.who import Permission, Sight
from schemas.case import CaseState
from schemas.errors import NotFound, RogatoryError, WrongMove
from schemas.ids import digest
from schemas.lifecycle import TOLD, UNSENT
from schemas.moves import Happened
from schemas.request import Attachment

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Mover = Annotated[Visitor, Depends(PageGuard(Permission.MOVE_CASE))]

BY_THE_HOUSE = frozenset({"file", "arrive", "confirm", *TOLD})
"""Moves that begin a case, or that the house makes by itself: no form on a case."""
ELSEWHERE = frozenset({"amend"})
"""Moves with pages of their own (desk.web.case_amend)."""
GRAVE = frozenset({"withdraw", "close", "release-data"})
OVER = "over"
"""The draft that was read before it is approved or signed."""
_KEY = re.compile(r"[A-Za-z0-9_-]{16,128}")

FOUR_EYES = N_("You filed, changed or sent this request. A second person must approve it.")
WHO_APPROVES = N_(
    "It was filed by %(filed)s and last changed by %(changed)s. Neither of them may approve it."
)
SECOND = N_("It was filed by %(filed)s and last changed by %(changed)s. You are the second person.")
CHANGED = N_(
    "%(who)s changed the request while this page was open. Read it as it stands now, then decide again."
)
WENT_ON = N_(
    "The case went on while this page was open, and this is not possible any more. What you typed stands "
    "below. Possible now: %(moves)s."
)
LACKS = N_("The letter does not say yet what such a letter has to say: %(fields)s.")
MISSING = N_("Something is missing that stops the sending: %(gaps)s.")


@dataclass(slots=True)
class Asked:
    """One form on one case: what it carries, and what stands in it."""

    visitor: Visitor
    state: CaseState
    seen: Sight
    event: str
    by_post: bool
    shapes: tuple[Shape, ...]
    documents: list[Attachment]
    typed: Typed = field(default_factory=Typed)
    choices: Choices | None = None

    @property
    def possible(self) -> bool:
        """Can this event be made now, by anybody?"""
        told = self.visitor.house.office.moves_of(self.state)
        return self.event in told["recordable" if self.by_post else "allowed"]

    def boxes(self) -> list[Box]:
        """The fields as they stand."""
        choices = self.choices
        if choices is None or choices.documents is not self.documents:
            full = self.seen is Sight.FULL
            choices = Choices(self.visitor, self.state, self.event, self.documents, full=full)
            self.choices = choices
        frame = Frame(
            self.visitor.house.office.zone,
            choices.of,
            lambda place: words_of(self.event, place),
            lambda word: self.visitor.say(CHOICES.get(word) or labels.label("choice", word)),
            hidden(self.event, self.state),
            self._without(),
        )
        found = boxes(self.shapes, self.typed, frame)
        # when it happened is the first thing to tell of what came, and the last of what we do
        return found if self.by_post else sorted(found, key=lambda box: box.name == "happened_at")

    def _without(self) -> frozenset[str]:
        # What we do ourselves happens now; only of what came by post the day may be another.
        mine = not self.by_post and self.event in ("acknowledge", "answer", "question", "consult", "inform")
        return frozenset({"happened_at"}) if mine else frozenset()

    def body(self) -> Any:
        """The body as typed; what cannot be is refused at its field."""
        known = {each.digest: each.model_dump(mode="json") for each in self.documents}
        reader = Reader(self.typed, self.visitor.say, self.visitor.house.office.zone, known)
        told = {"event": self.event, **reader.body(self.boxes())}
        if self.by_post and issubclass(bodies()[self.event], Happened):
            told["by_post"] = True
        return told


def ask(visitor: Visitor, ref: str, event: str, by_post: bool, *, late: bool = False) -> Asked:
    """The form of `event` on the case. `late`: also where it is not possible any more. Raises NotFound,
    NotAllowed, WrongMove."""
    house = visitor.house
    state = reading.require_part(house.records, visitor.who, ref)
    seen = who.sight(visitor.who, state)
    found = bodies().get(event)
    if found is None or event in BY_THE_HOUSE | ELSEWHERE or (by_post and not issubclass(found, Happened)):
        raise NotFound("There is no such move.", where=event, next_step="choose one on the page of the case")
    who.require_move(visitor.who, event, by_post)
    known = papers.known(house.records, state) if seen is Sight.FULL else []
    made = Asked(visitor, state, seen, event, by_post, shapes_of(found), known)
    if not made.possible and not late:
        told = house.office.moves_of(state)["recordable" if by_post else "allowed"]
        raise WrongMove("This is not possible while the case stands as it does.", allowed=told, where=ref)
    return made


@router.get("/desk/case/{ref:path}/record")
def record(request: Request, visitor: Mover, ref: str) -> Response:
    """What came by post, telephone or hand: the kinds of word that can come now."""
    house = visitor.house
    state = reading.require_part(house.records, visitor.who, ref)
    events = recordable(visitor, house.office.moves_of(state)["recordable"])
    moves = [
        (
            case_path(ref, "do", event) + "?by_post=1",
            visitor.say(CAME.get(event) or labels.label("event", event)),
        )
        for event in events
    ]
    return page(request, visitor, "case/record.html", ref=ref, back=case_path(ref), moves=moves)


def recordable(visitor: Visitor, events: list[str]) -> list[str]:
    """Of what the other side can do now, what this visitor may record; the usual first."""
    roles, order = set(visitor.who.roles), list(CAME)
    found = [
        event
        for event in events
        if event not in BY_THE_HOUSE
        and issubclass(bodies()[event], Happened)
        and who.roles_for(event, by_post=True) & roles
    ]
    return sorted(found, key=lambda event: order.index(event) if event in order else len(order))


@router.get("/desk/case/{ref:path}/do/{event}")
def form(request: Request, visitor: Mover, ref: str, event: str, by_post: str = "") -> Response:
    """The form of one move."""
    asked = ask(visitor, ref, event, by_post == "1")
    start = _start(asked)
    for box in asked.boxes():
        # a link may say which of the words it means
        meant = request.query_params.get(box.name)
        if (box.kind == "one" or box.name == OVER) and meant is not None:
            start[box.name] = [meant]
    asked.typed = shown(request, visitor, **start)
    return _page(request, asked)


@router.post("/desk/case/{ref:path}/do/{event}")
async def made(request: Request, visitor: Mover, ref: str, event: str, by_post: str = "") -> Response:
    """Make the move, or show again what was typed and what is wrong with it."""
    typed = await taken(request)
    key = await run_in_threadpool(key_of, typed)
    if not typed.get("more") and await run_in_threadpool(made_before, visitor, ref, event, key):
        # pressed twice: the first press has moved the case, and the second one shows what it did
        return onward(case_path(ref), done=event)
    try:
        asked = await run_in_threadpool(ask, visitor, ref, event, by_post == "1")
    except WrongMove as error:
        asked = await run_in_threadpool(partial(ask, visitor, ref, event, by_post == "1", late=True))
        return await run_in_threadpool(_too_late, request, asked, typed, error.allowed)
    asked.typed = typed
    more = typed.get("more")
    if more:
        one_more(more, asked.shapes, typed)
        return await run_in_threadpool(_page, request, asked)
    await _uploads(asked)
    told = await run_in_threadpool(asked.body)
    status = await _move(asked, told, key) if typed.ok else 422
    if status == 409:
        return await run_in_threadpool(_changed, request, asked)
    if not typed.ok:
        return await run_in_threadpool(_page, request, asked, status)
    return onward(case_path(ref), done=event)


def _too_late(request: Request, asked: Asked, typed: Typed, allowed: Iterable[str]) -> Response:
    """The case went on: what was typed is not lost, and can be said another way."""
    asked.typed = typed
    refuse_late(asked.visitor, typed, allowed)
    return _page(request, asked, 409)


def refuse_late(visitor: Visitor, typed: Typed, allowed: Iterable[str]) -> None:
    """Says on the form that the case went on meanwhile, and what can be done now."""
    moves = Speaker(visitor.language).listed(visitor.say(labels.label("event", each)) for each in allowed)
    typed.refuse("", visitor.say(WENT_ON, moves=moves or visitor.say("none")))


def made_before(visitor: Visitor, ref: str, event: str, key: str) -> bool:
    """Did the same form of this visitor, with the same in it, make this move already?"""
    reading.require_part(visitor.house.records, visitor.who, ref)
    entry = visitor.house.records.ledger.of_key(ref, f"{visitor.who.id}:{key}")
    return entry is not None and entry.event == event


async def _move(asked: Asked, told: dict[str, Any], key: str) -> int:
    """Makes the move; what refuses it is told on the form. The status of that page."""
    visitor, house = asked.visitor, asked.visitor.house
    try:
        body = border.move_from_json(told)
        await house.office.move(visitor.who, asked.state.ref, body, key)
    except RogatoryError as error:
        if error.code == "draft-changed":
            return 409
        place_error(asked.typed, visitor.say, error, await run_in_threadpool(asked.boxes))
        if not error.retry:
            # a refused attempt keeps its key and its content; what is mended is another one
            fresh = {"key": secrets.token_urlsafe(24), **hidden(asked.event, asked.state)}
            asked.typed.values |= {name: [value] for name, value in fresh.items()}
        return 503 if error.retry else 422
    return 303


def _changed(request: Request, asked: Asked) -> Response:
    """Somebody else's change passed first: shown, with what was typed, to be sent again knowingly."""
    now = ask(asked.visitor, asked.state.ref, asked.event, asked.by_post)
    now.typed, now.documents = asked.typed, asked.documents
    fresh = {"key": secrets.token_urlsafe(24), **hidden(now.event, now.state)}
    now.typed.values |= {name: [value] for name, value in fresh.items()}
    now.typed.refuse("", asked.visitor.say(CHANGED, who=now.state.last_author))
    return _page(request, now, 409)


async def _uploads(asked: Asked) -> None:
    """Puts what was chosen into the vault at once: a wrong field asks nobody for a file twice."""
    if asked.seen is not Sight.FULL or not asked.visitor.may(Permission.ADD_DOCUMENT):
        return
    for name in [name for name in asked.typed.files if name.endswith("~file")]:
        item = await case_papers.kept(asked.visitor, asked.state.ref, asked.typed, name)
        if item is not None:
            asked.documents = [*asked.documents, item]
            asked.typed.values.setdefault(name.removesuffix("~file"), []).append(item.digest)


def key_of(typed: Typed) -> str:
    """The key of this form and of what stands in it: who goes back and writes something else says another
    thing, and is not told that it was said before. A file counts by its content, as shown again."""
    given = typed.get("key")
    if not _KEY.fullmatch(given):
        return secrets.token_urlsafe(24)
    said = {(name, text.replace("\r\n", "\n")) for name in typed.values for text in typed.all(name)}
    for name in typed.files:
        file = typed.file(name)
        if file is not None:
            said.add((name.removesuffix("~file"), digest(file.file.read())))
            file.file.seek(0)
    return f"{given}-{hashlib.sha256(json.dumps(sorted(said)).encode()).hexdigest()[:16]}"


def _start(asked: Asked) -> dict[str, Any]:
    start = started(asked.shapes)
    for box in asked.boxes():
        # where there is only one to choose, it is chosen
        if box.kind == "one" and box.required and len(box.options) == 1:
            start[box.name] = [box.options[0][0]]
    if asked.event == "offer":
        start |= {"receiver.house": [asked.state.house]}
    start |= {name: [value] for name, value in hidden(asked.event, asked.state).items()}
    return start


def _page(request: Request, asked: Asked, status: int = 200) -> Response:
    visitor, state, event = asked.visitor, asked.state, asked.event
    if asked.seen is Sight.FULL:
        visitor.house.watch.note(visitor.who, state.ref, "form of a move")
    title = visitor.say(CAME.get(event, "")) if asked.by_post and event in CAME else ""
    fields = asked.boxes()
    names = {box.kind for box in fields}
    notes, possible = _notes(asked)
    return page(
        request,
        visitor,
        "case/do.html",
        status,
        ref=state.ref,
        back=case_path(state.ref),
        title=title or visitor.say(labels.label("event", event)),
        does=visitor.say(DOES[event]) if event in DOES and not asked.by_post else "",
        by_post=asked.by_post,
        boxes=fields,
        form=asked.typed,
        key=asked.typed.get("key") or secrets.token_urlsafe(24),
        scan=asked.by_post and visitor.may(Permission.ADD_DOCUMENT) and not names & {"papers", "paper"},
        danger=event in GRAVE,
        notes=notes,
        possible=possible,
    )


def _notes(asked: Asked) -> tuple[list[tuple[str, str]], bool]:
    """What must be known before this move, each with how pressing it is (`warn`, `info`); and whether this
    visitor can make it at all."""
    state, visitor = asked.state, asked.visitor
    if asked.event not in ("approve", "send") or asked.seen is not Sight.FULL:
        return [], True
    found: list[tuple[str, str]] = []
    gaps = [gap for gap in state.gaps if gap.blocking]
    if gaps and state.status == "draft":
        named = ", ".join(visitor.say(labels.label("gap", gap.code)) for gap in gaps)
        found.append(("warn", visitor.say(MISSING, gaps=named)))
    house = visitor.house
    if state.status in UNSENT:
        lacks = letters.lacking(state, house.registry, house.office.settings, visitor.language)
        if lacks:
            found.append(("warn", visitor.say(LACKS, fields=Speaker(visitor.language).listed(lacks))))
    found += [("warn", told) for told in case_guarded.enclosed_notes(visitor, state)]
    if asked.event != "approve":
        return found, True
    who_did = {"filed": state.filed_by, "changed": state.last_author}
    if visitor.who.id in who_did.values():
        told = [("warn", visitor.say(FOUR_EYES)), ("warn", visitor.say(WHO_APPROVES, **who_did))]
        return [*told, *found], False
    return [*found, ("info", visitor.say(SECOND, **who_did))], True
