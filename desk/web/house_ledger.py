"""Which pages show this? The ledger: its entries, whether it is whole, and who saw what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from desk import checking
from desk.web import forms
from desk.web.forms import Typed
from desk.web.frame import HEADERS, PageGuard, PageRoute, Visitor, onward, page
from desk.web.label_tables import LABELS
from desk.web.labels import label
from desk.web.words import N_
from desk.who import Permission
from records.browsing import Looked, lines_of_export
from records.references import HOUSE

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Checker = Annotated[Visitor, Depends(PageGuard(Permission.VERIFY_LEDGER))]
Reader = Annotated[Visitor, Depends(PageGuard(Permission.EXPORT_LEDGER))]
ABefore = Annotated[int | None, Query(ge=1)]

PATH = "/desk/ledger"
FIELDS = ("ref", "actor", "event", "since", "until")
LONGEST_HEAD = 10_000
PROBLEMS = {
    "gap": N_("An entry is missing, or stands in the wrong place."),
    "altered": N_("The entry is not the one that was written."),
    "altered-body": N_("The encrypted content is not the one that was written."),
    "broken-chain": N_("The entry does not follow the one before it in its case."),
    "malformed": N_("This is no entry of a ledger."),
    "no-header": N_("The beginning of the ledger is not what it should be."),
    "cut": N_("Entries are missing at the end."),
    "rewritten": N_("The ledger was written anew: its entries are not those that the head covers."),
    "other-house": N_("The head is that of another house."),
    "unknown-key": N_("The head was signed with a key that is not known here."),
    "bad-head": N_("The signature of the head does not hold, or it is no head."),
    "altered-state": N_("The state of the case is not the one that its last move filed."),
    "missing-state": N_("The case has moves in the ledger and no state."),
    "missing-document": N_("A signed message or a document is not in the vault."),
    "docket": N_("The list of cases differs from the ledger. An operator makes it anew."),
}
"""What each problem of a check means."""

NOT_A_DAY = N_("This is not a day. Write it as 2026-11-21.")


@router.get(PATH)
def ledger(request: Request, visitor: Checker, before: ABefore = None) -> Response:
    """Entries, the newest first, for those who may read them; for all others whether the ledger is whole."""
    house, form = visitor.house, _asked(request)
    wanted = _wanted(visitor, form)
    lines = None
    if visitor.may(Permission.EXPORT_LEDGER) and form.ok:
        lines = checking.browsing(house).lines(wanted, before=before)
        _note(visitor, wanted.ref, "ledger")
    return page(
        request,
        visitor,
        "house/ledger.html",
        200 if form.ok else 422,
        form=form,
        lines=lines,
        events=_events(visitor, form.get("event")),
        filtered=any(form.get(name) for name in FIELDS),
        more=_more(PATH, form, lines.next) if lines is not None else None,
        last=checking.last(house),
        running=checking.running(house),
        count=checking.browsing(house).count(),
    )


@router.get(f"{PATH}/verify")
def verification(request: Request, visitor: Checker) -> Response:
    """The check of the ledger: how it stands, what the last one found, and a form to begin another."""
    return _verification(request, visitor, forms.shown(request, visitor))


@router.post(f"{PATH}/verify")
async def verify(request: Request, visitor: Checker) -> Response:
    """Begin a check. It goes on apart from this page."""
    form = await forms.taken(request)
    head = form.get("head")
    if len(head) > LONGEST_HEAD or (head and head.count(".") != 2):
        form.refuse("head", visitor.say("This is no signed head. Paste it whole: three parts with dots."))
        return await run_in_threadpool(_verification, request, visitor, form)
    await run_in_threadpool(checking.begin, visitor.house, visitor.who, head or None)
    return onward(f"{PATH}/verify")


@router.get(f"{PATH}/views")
def views(request: Request, visitor: Reader, before: ABefore = None) -> Response:
    """Who was shown what: the last looks, those at one case, or those of one person."""
    form = forms.shown(request, visitor, **{name: request.query_params.get(name, "") for name in FIELDS[:2]})
    ref, actor = form.get("ref") or None, form.get("actor") or None
    browsing = checking.browsing(visitor.house)
    found, after = None, None
    if ref is not None and ref != HOUSE and not browsing.knows(ref):
        form.refuse("ref", visitor.say("No case has this reference. Write it as it stands in the list."))
    else:
        found, after = browsing.views(ref, actor, before=before)
        _note(visitor, ref, "views")
    more = _more(f"{PATH}/views", form, after)
    status = 200 if form.ok else 422
    return page(request, visitor, "house/views.html", status, form=form, views=found, more=more)


@router.get(f"{PATH}/export")
def export(request: Request, visitor: Reader) -> Response:
    """The whole ledger as JSON lines: contents stay encrypted, anyone can check the chain."""
    _note(visitor, None, "ledger export")
    name = f"ledger-{visitor.house.office.settings.house}-{visitor.house.today().isoformat()}.jsonl"
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    lines = lines_of_export(visitor.house.records.ledger)
    return StreamingResponse(lines, media_type="application/jsonl", headers=headers)


@router.get(f"{PATH}/head")
def head(request: Request, visitor: Checker) -> Response:
    """The signed head as a file, to be kept by somebody else."""
    house = visitor.house
    content = house.records.heads.current(house.office.sign)
    name = f"head-{house.office.settings.house}-{house.today().isoformat()}.jws"
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/jose", headers=headers)


def _verification(request: Request, visitor: Visitor, form: Typed) -> Response:
    house = visitor.house
    return page(
        request,
        visitor,
        "house/verify.html",
        200 if form.ok else 422,
        form=form,
        last=checking.last(house),
        meaning=PROBLEMS,
        running=checking.running(house),
        ended=house.apart.last(checking.NAME),
        head=house.records.heads.current(house.office.sign),
        count=checking.browsing(house).count(),
    )


def _events(visitor: Visitor, chosen: str) -> list[tuple[str, str]]:
    """What can have happened, by its name in the visitor's language; also a code without one, if asked."""
    codes = {*LABELS["done"], *([chosen] if chosen else [])}
    return sorted(((code, visitor.say(label("done", code))) for code in codes), key=lambda pair: pair[1])


def _asked(request: Request) -> Typed:
    return Typed({name: [request.query_params.get(name, "")] for name in FIELDS})


def _wanted(visitor: Visitor, form: Typed) -> Looked:
    zone = visitor.house.office.zone
    wanted = Looked(form.get("ref") or None, form.get("actor") or None, form.get("event") or None)
    since, until = _day(visitor, form, "since"), _day(visitor, form, "until")
    if since is not None:
        wanted = replace(wanted, since=datetime.combine(since, time(), zone))
    if until is not None:
        # The last day is meant whole.
        wanted = replace(wanted, until=datetime.combine(until + timedelta(days=1), time(), zone))
    return wanted


def _day(visitor: Visitor, form: Typed, name: str) -> date | None:
    given = form.get(name)
    try:
        found = date.fromisoformat(given) if given else None
    except ValueError:
        found = None
    if given and (found is None or not 1900 < found.year < 9999):
        form.refuse(name, visitor.say(NOT_A_DAY))
        return None
    return found


def _more(path: str, form: Typed, after: int | None) -> str | None:
    if after is None:
        return None
    query = {name: form.get(name) for name in FIELDS if form.get(name)}
    return f"{path}?{urlencode({**query, 'before': after})}"


def _note(visitor: Visitor, ref: str | None, what: str) -> None:
    """Whoever reads the ledger is written down there, too."""
    browsing = checking.browsing(visitor.house)
    case = ref if ref is not None and browsing.knows(ref) else HOUSE
    visitor.house.watch.note(visitor.who, case, what)
