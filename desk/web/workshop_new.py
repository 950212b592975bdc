"""Which pages show this? A change of the law is proposed: by a form, a file, or a depositary's table."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from desk import depositary, drafting, register
from desk.api.doors import House
from desk.depositary import Sheet
from desk.problems import SeveralFaults
from desk.web import forms, law_words
from desk.web.forms import Typed
from desk.web.frame import PageGuard, PageRoute, Visitor, onward, page
from desk.web.words import N_
from desk.who import Permission
from schemas.errors import RogatoryError
from schemas.vocabulary import Form
from treaties.difference import Difference
from treaties.draft import Draft
from treaties.proposal import considered

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Proposer = Annotated[Visitor, Depends(PageGuard(Permission.PROPOSE_LAW))]

NEW, IMPORT = "/desk/workshop/new", "/desk/workshop/import"
FILE = "file"
DAYS = ("on", "force", "read_on")
MEDIA_BY_END = {".csv": register.CSV, ".xlsx": register.XLSX}
MOST_SHOWN = 100
WORDS = {"acts": law_words.ACTS, "functions": law_words.FUNCTIONS}
"""What the acts and functions in the rows of a change are called."""

SHEET = ("instrument", "source", "source_title", "source_address", "read_on", "title", "reason", "correct")

NEEDED = {
    "title": N_("Say in one line what the change is."),
    "instrument": N_("Name the instrument."),
    "state": N_("Choose the State or territory."),
    "joining": N_("Choose how the State agreed to be bound."),
    "leaving": N_("Choose how the State left."),
    "saying": N_("Choose what the State did."),
    "on": N_("Give the day, or write unknown."),
    "text": N_("Say in your own words what the text says."),
    "function": N_("Choose what the authority does."),
    "name": N_("Give the name of the authority."),
    "codes": N_("Give at least one language by its code, such as fr."),
    "replaces": N_("Give the number of the fact, as it stands beside it."),
    "why": N_("Say why it was wrong. The reason stays in the history."),
    "source_title": N_("Name the source: its title, or the key of one the registry has."),
    "read_on": N_("Give the day on which the source was read."),
    "confidence": N_("Say whether it was read in the source or recalled."),
}
NO_DAY = N_("This is not a day. Write it as 2026-11-21, or as unknown.")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a table would change. `rows`: of the table; `known`: changes that stand already; `token` finds the
    table again."""

    rows: int
    known: int
    differences: list[dict[str, Any]]
    total: int
    token: str


@router.get(NEW)
def choose(request: Request, visitor: Proposer, sort: str = "") -> Response:
    """Which sort of change, and then its form."""
    form = forms.shown(request, visitor, key=secrets.token_urlsafe(16), confidence="read")
    return _form(request, visitor, form, sort)


@router.post(NEW)
async def propose(request: Request, visitor: Proposer, sort: str = "") -> Response:
    """Propose it: nothing counts before a second person accepts."""
    form = await forms.taken(request)
    sort = form.get("sort") or sort
    content = b""
    if sort == FILE:
        file = form.file("file")
        if file is None:
            form.refuse("file", visitor.say("Choose the file with the change, as YAML or JSON."))
        else:
            content = await file.read()
    elif sort in drafting.SORTS:
        _check(visitor, form, sort)
    else:
        form.refuse("sort", visitor.say("Choose what has changed."))
    if not form.ok:
        return await run_in_threadpool(_form, request, visitor, form, sort)

    def draft() -> Draft:
        if sort == FILE:
            file = form.file("file")
            return drafting.draft_of_file(content, (file and file.filename) or "draft")
        return drafting.draft_of_form(sort, form.get, visitor.house.registry)

    number = await run_in_threadpool(_proposed, visitor, form, draft, False)
    if number is None:
        return await run_in_threadpool(_form, request, visitor, form, sort)
    return onward(f"/desk/workshop/{number}")


@router.get(IMPORT)
def table(request: Request, visitor: Proposer) -> Response:
    """A depositary's table is looked at before anything of it is proposed."""
    form = forms.shown(request, visitor, instrument=request.query_params.get("instrument", ""))
    return _table(request, visitor, form, None)


@router.post(IMPORT)
async def take_table(request: Request, visitor: Proposer) -> Response:
    """Look at the table; once it was looked at and confirmed, propose what it changes."""
    form = await forms.taken(request)
    if form.get("token"):
        return await run_in_threadpool(_confirm, request, visitor, form)
    file = form.file("file")
    content = await file.read() if file is not None else b""
    name = (file.filename or "") if file is not None else ""
    media = next((found for end, found in MEDIA_BY_END.items() if name.lower().endswith(end)), "")
    if file is None:
        form.refuse("file", visitor.say("Choose the table, as CSV or XLSX."))
    elif not media:
        form.refuse("file", visitor.say("This is neither CSV nor XLSX. Save the table as one of these."))
    form.needs(visitor, {"instrument": NEEDED["instrument"]})
    _by_name(visitor.house, form)
    if form.get("read_on"):
        _check_day(visitor, form, "read_on")
    if not form.ok:
        return await run_in_threadpool(_table, request, visitor, form, None)
    form.values["name"] = [name]
    return await run_in_threadpool(_look, request, visitor, form, content, media)


def _look(request: Request, visitor: Visitor, form: Typed, content: bytes, media: str) -> Response:
    house, sheet = visitor.house, _sheet(form.get, content, media)
    faults: list[dict[str, str]] = []
    preview = None
    try:
        rows = depositary.rows_of(sheet)
        draft = depositary.draft_of(sheet, house.registry, _title(form), form.get("reason"))
        found = considered(house.registry, draft, house.today(), skip_known=True)
        faults = [{"where": one.where, "what": one.what, "next": one.next_step} for one in found.faults]
        told = [one for one in found.differences if not one.fact.startswith("sources/")]
        if not faults:
            token = _keep(visitor, form, content, media)
            preview = Preview(
                len(rows),
                len(found.known),
                [_row(one) for one in told[:MOST_SHOWN]],
                len(told),
                token,
            )
    except SeveralFaults as error:
        faults = [dict(each) for each in error.faults]
    except RogatoryError as error:
        form.refuse_error(visitor, error, {"instrument": "instrument"})
        if error.where and not form.wrong[-1].field:
            faults = [{"where": error.where, "what": error.what, "next": error.next_step}]
            form.wrong.clear()
    if faults:
        form.refuse(
            "file", visitor.say("Some cells cannot be used: they are listed below. Nothing was kept.")
        )
    return _table(request, visitor, form, preview, faults)


def _confirm(request: Request, visitor: Visitor, form: Typed) -> Response:
    kept = visitor.house.records.kept_forms.take(form.get("token"), visitor.who.id, IMPORT)
    if kept is None:
        form.values.pop("token", None)
        form.refuse("file", visitor.say("The table is not here any more. Choose it again."))
        return _table(request, visitor, form, None)
    told = json.loads(kept)
    values = {name: [value] for name, value in told["values"].items()}
    again = Typed({**values, "key": [form.get("token")[:100]]})
    content = base64.b64decode(told["content"])
    sheet = _sheet(again.get, content, told["media"])

    def draft() -> Draft:
        return depositary.draft_of(sheet, visitor.house.registry, _title(again), again.get("reason"))

    number = _proposed(visitor, again, draft, True)
    if number is None:
        return _table(request, visitor, again, None)
    return onward(f"/desk/workshop/{number}")


def _proposed(visitor: Visitor, form: Typed, draft: Callable[[], Draft], known: bool) -> int | None:
    """The number of the proposal; None where the form says what is wrong."""
    key = form.get("key") or secrets.token_urlsafe(16)
    try:
        made = visitor.house.workshop.propose(visitor.who, draft(), key, skip_known=known)
    except RogatoryError as error:
        faults = getattr(error, "faults", None) or [
            {"where": error.where, "what": error.what, "next": error.next_step}
        ]
        for fault in faults:
            where, what, remedy = fault["where"], fault["what"], fault["next"]
            text = visitor.say(what)
            text = f"{text.rstrip('.')}: {visitor.say(remedy)}" if remedy else text
            field = field_of(where, form)
            form.refuse(field, text if field or not where else f"{where}: {text}")
        form.rekey()
        return None
    return int(made["number"])


def field_of(where: str, form: Typed) -> str:
    """The field that a place of a draft stands for; empty where it is none of this form."""
    parts = (where, where.rpartition(", ")[2], where.partition(", ")[0], where.partition(":")[0])
    return next((part for part in parts if part in form.values), "")


def _check(visitor: Visitor, form: Typed, sort: str) -> None:
    needed = ["title", *drafting.SORTS[sort].needed]
    if sort != "correction":
        needed += [*([] if form.get("source") else ["source_title"]), "read_on", "confidence"]
    form.needs(visitor, {name: NEEDED[name] for name in needed})
    for name in DAYS:
        if form.get(name):
            _check_day(visitor, form, name)
    # The summary tells slips in the order of the fields.
    order = ("title", *drafting.SORTS[sort].fields, *NEEDED)
    form.wrong.sort(key=lambda each: order.index(each.field) if each.field in order else len(order))
    _by_name(visitor.house, form)


def _by_name(house: House, form: Typed) -> None:
    """Whoever writes the name of an instrument means its key, where only one has that name."""
    given = form.get("instrument").casefold()
    if not given or form.get("instrument") in house.registry.instruments:
        return
    named = [
        key
        for key, one in house.registry.instruments.items()
        if given in (key, one.title.casefold(), one.short.casefold())
    ]
    if len(named) == 1:
        form.values["instrument"] = named


def _check_day(visitor: Visitor, form: Typed, name: str) -> None:
    given = form.get(name)
    if given == "unknown" and name != "read_on":
        return
    try:
        date.fromisoformat(given)
    except ValueError:
        form.refuse(name, visitor.say(NO_DAY))


def _form(request: Request, visitor: Visitor, form: Typed, sort: str) -> Response:
    known = sort in drafting.SORTS
    return page(
        request,
        visitor,
        "workshop/new.html",
        200 if form.ok else 422,
        form=form,
        sort=sort if known or sort == FILE else "",
        fields=drafting.SORTS[sort].fields if known else (),
        states=_states(visitor) if known else [],
        instruments=_instruments(visitor.house) if known else [],
        functions=[(code, visitor.say(text)) for code, text in law_words.FUNCTIONS.items()],
    )


def _table(
    request: Request,
    visitor: Visitor,
    form: Typed,
    preview: Preview | None,
    faults: list[dict[str, str]] | None = None,
) -> Response:
    return page(
        request,
        visitor,
        "workshop/import.html",
        200 if form.ok else 422,
        form=form,
        preview=preview,
        faults=faults or [],
        columns=depositary.COLUMNS,
        instruments=_instruments(visitor.house),
        most=MOST_SHOWN,
        **WORDS,
    )


def _states(visitor: Visitor) -> list[tuple[str, str]]:
    """Every State and territory by the name it has in the visitor's language."""
    from desk.web.look import Speaker

    speak = Speaker(visitor.language)
    found = [(code, speak.country(code)) for code in visitor.house.registry.jurisdictions]
    return sorted(found, key=lambda pair: pair[1])


def _instruments(house: House) -> list[tuple[str, str]]:
    """Those that many States join; treaties of two are too many for a list, and are named by key."""
    many = (Form.MULTILATERAL, Form.EU_ACT, Form.SCHEME)
    found = house.registry.instruments.values()
    return sorted((one.key, one.title) for one in found if one.form in many)


def _sheet(given: Callable[[str], str], content: bytes, media: str) -> Sheet:
    return Sheet(
        content,
        media,
        given("instrument"),
        given("source"),
        given("source_title"),
        given("source_address"),
        given("read_on"),
        bool(given("correct")),
    )


def _title(form: Typed) -> str:
    return form.get("title") or f"{form.get('name') or 'table'}: {form.get('instrument')}"


def _keep(visitor: Visitor, form: Typed, content: bytes, media: str) -> str:
    """The table is kept, sealed, for this person alone until they confirm it, for a day at most."""
    token = secrets.token_urlsafe(24)
    values = {name: form.get(name) for name in (*SHEET, "name")}
    told = {"values": values, "content": base64.b64encode(content).decode(), "media": media}
    kept = visitor.house.records.kept_forms
    kept.keep(token, visitor.who.id, IMPORT, json.dumps(told).encode())
    return token


def _row(one: Difference) -> dict[str, Any]:
    named = {"state": one.state} if one.state else {}
    return {"fact": one.fact, "change": one.change, "row": {**named, **one.row.model_dump(mode="json")}}
