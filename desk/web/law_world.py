"""Which pages show this? The world as a map and as a matrix, and what would follow from another law."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import date
from threading import Lock
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from desk.web import law_names, law_words, world
from desk.web.asked import KINDS, NOT_A_DAY, UNKNOWN, day_of
from desk.web.cited import Voice
from desk.web.forms import Typed
from desk.web.frame import PageGuard, PageRoute, Visitor, page
from desk.web.law import LAW, OF_MANY
from desk.web.words import N_
from desk.who import Permission
from schemas.errors import RogatoryError
from schemas.vocabulary import Act, Kind, Measure
from treaties.registry import Registry
from treaties.sweep import jurisdictions

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Reader = Annotated[Visitor, Depends(PageGuard(Permission.ASK_LAW))]
Several = Annotated[list[str] | None, Query()]

MOST_COLUMNS = 6
ROWS = 60
"""States on one page of the matrix."""
FIRST = ("budapest", "untoc", "uncac", "coe-mla-1959", "coe-ext-1957")
"""What the matrix shows where nothing was chosen."""
MOST_PAIRS = 60
SUPPOSED = (Act.IN_FORCE, Act.DENOUNCED, Act.WITHDRAWN, Act.SUSPENDED, Act.TERMINATED)

UNKNOWN_KEY = N_("Choose an instrument of the list.")
UNKNOWN_WORD = N_("Choose one of the list.")
NOTHING = N_("Choose a State and an instrument, or name a fact that is not to count.")
SOME_DAY = N_("Say from which day on.")


@router.get(f"{LAW}/world")
def world_map(
    request: Request,
    visitor: Reader,
    instrument: str = "",
    state: str = "",
    measure: str = "",
    kind: str = Kind.MLA.value,
    side: str = "outgoing",
    on: str = "",
) -> Response:
    """Who is bound by an instrument; or, with a State and a measure, with whom there is a basis."""
    given = {"instrument": instrument, "state": state, "measure": measure, "kind": kind, "side": side}
    form = Typed({name: [value[:80]] for name, value in {**given, "on": on}.items() if value})
    registry, today = visitor.house.registry, visitor.house.today()
    voice = Voice(registry, visitor.language, today)
    day = _day(form, visitor, today)
    if not form.get("instrument") and not form.get("state"):
        form.values["instrument"] = [FIRST[0]]
    _check(form, visitor, registry)
    verdicts, cold, own = _shown(form, registry, day) if form.ok else ({}, False, "")
    return page(
        request,
        visitor,
        "law/world.html",
        200 if form.ok else 422,
        form=form,
        voice=voice,
        day=day,
        edition=registry.edition,
        caption=_caption(form, voice) if form.ok else "",
        outlines=world.outlines(),
        places=world.places(registry, verdicts, visitor.language, own),
        groups=world.groups(registry, verdicts, visitor.language) if verdicts else [],
        cold=cold,
        **_choices(voice),
    )


@router.get(f"{LAW}/matrix")
def matrix(
    request: Request,
    visitor: Reader,
    instrument: Several = None,
    measure: Several = None,
    state: str = "",
    kind: str = Kind.MLA.value,
    on: str = "",
    start: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """States against instruments; with a State and measures, against those."""
    registry, today = visitor.house.registry, visitor.house.today()
    voice = Voice(registry, visitor.language, today)
    form = Typed({"kind": [kind[:20]], "state": [state[:8]], "on": [on[:40]]})
    form.values["instrument"] = [one[:80] for one in (instrument or ())][:MOST_COLUMNS]
    form.values["measure"] = [one[:80] for one in (measure or ())][:MOST_COLUMNS]
    day = _day(form, visitor, today)
    by_measure = bool(form.get("state") and form.all("measure"))
    if not by_measure and not form.all("instrument"):
        form.values["instrument"] = [key for key in FIRST if key in registry.instruments]
    _check(form, visitor, registry)
    columns, cold = _columns(form, voice, day, by_measure) if form.ok else ([], False)
    named = law_names.states(registry, visitor.language)
    here = named[start : start + ROWS]
    return page(
        request,
        visitor,
        "law/matrix.html",
        200 if form.ok else 422,
        form=form,
        voice=voice,
        day=day,
        edition=registry.edition,
        columns=columns,
        rows=here,
        marks=world.SIGNS,
        by_measure=by_measure,
        cold=cold,
        again=_again(form, by_measure),
        following=start + ROWS if start + ROWS < len(named) else None,
        total=len(named),
        **_choices(voice),
    )


@router.get(f"{LAW}/what-if")
def what_if(
    request: Request,
    visitor: Reader,
    state: str = "",
    instrument: str = "",
    act: str = Act.IN_FORCE.value,
    on: str = "",
    drop: str = "",
) -> Response:
    """Which pairs would gain or lose which basis if a State joined or left; nothing is changed."""
    registry, today = visitor.house.registry, visitor.house.today()
    voice = Voice(registry, visitor.language, today)
    given = {"state": state, "instrument": instrument, "act": act, "on": on, "drop": drop}
    form = Typed({name: [value[:160]] for name, value in given.items() if value})
    asked = bool(form.get("state") or form.get("instrument") or form.get("drop"))
    told, cold = _supposed(form, visitor) if asked else (None, False)
    return page(
        request,
        visitor,
        "law/what-if.html",
        200 if form.ok else 422,
        form=form,
        voice=voice,
        told=told,
        groups=[_group(voice, one) for one in told["groups"]] if told else [],
        cold=cold,
        acts=[(one.value, voice.say(law_words.ACTS[one.value])) for one in SUPPOSED],
        edition=registry.edition,
        **_choices(voice),
    )


# --- what was chosen ------------------------------------------------------------------------------------


def _day(form: Typed, visitor: Visitor, today: date) -> date:
    found = day_of(form.get("on"))
    if form.get("on") and found is None:
        form.refuse("on", visitor.say(NOT_A_DAY))
    form.values["on"] = [form.get("on") or today.isoformat()]
    return found or today


def _check(form: Typed, visitor: Visitor, registry: Registry) -> None:
    known: dict[str, tuple[Iterable[str], str]] = {
        "instrument": (registry.instruments, UNKNOWN_KEY),
        "state": (jurisdictions(registry), UNKNOWN),
        "measure": ([one.value for one in Measure], UNKNOWN_WORD),
        "kind": ([one.value for one in KINDS], UNKNOWN_WORD),
        "side": (("outgoing", "incoming"), UNKNOWN_WORD),
    }
    for name, (words, text) in known.items():
        if any(value not in words for value in form.all(name)):
            form.refuse(name, visitor.say(text))


def _choices(voice: Voice) -> dict[str, Any]:
    registry = voice.registry
    many = [key for key, row in registry.instruments.items() if row.form in OF_MANY and not row.states]
    titled = [(key, voice.title(key)) for key in many]
    return {
        "states": law_names.states(registry, voice.language),
        "instruments": sorted(titled, key=lambda one: law_names.in_order(one[1])),
        "measures": [(one.value, voice.label("measure", one)) for one in Measure],
        "kinds": [(one.value, voice.label("kind", one)) for one in KINDS],
        "sides": [(one, voice.label("side", one)) for one in ("outgoing", "incoming")],
    }


def _again(form: Typed, by_measure: bool) -> str:
    """The address of the matrix with the same columns."""
    names = ("state", "kind", "on", "measure") if by_measure else ("on", "instrument")
    return f"{LAW}/matrix?{urlencode([(name, value) for name in names for value in form.all(name)])}"


# --- the world ------------------------------------------------------------------------------------------


def _shown(form: Typed, registry: Registry, day: date) -> tuple[world.Verdicts, bool, str]:
    state = form.get("state")
    if not state:
        return world.bound_by(registry, form.get("instrument"), day), False, ""
    kind = Kind(form.get("kind", Kind.MLA.value))
    form.values.setdefault("measure", [_usual(kind)])
    incoming = form.get("side") == "incoming"
    row = world.reached(registry, state, kind, Measure(form.get("measure")), day, incoming=incoming)
    return row.verdicts, row.cold, state


def _usual(kind: Kind) -> str:
    usual = {Kind.EXTRADITION: Measure.SURRENDER, Kind.PRESERVATION: Measure.PRESERVATION}
    return usual.get(kind, Measure.STORED_CONTENT).value


def _caption(form: Typed, voice: Voice) -> str:
    if not form.get("state"):
        return voice.say(
            N_("Who is bound by %(title)s"), title=voice.isolated(voice.title(form.get("instrument")))
        )
    message = (
        N_("Who can ask %(state)s: %(measure)s")
        if form.get("side") == "incoming"
        else N_("Whom %(state)s can ask: %(measure)s")
    )
    name = law_names.in_sentence(voice.registry, form.get("state"), voice.language)
    return voice.say(message, state=name, measure=voice.label("measure", form.get("measure")))


def _columns(
    form: Typed, voice: Voice, day: date, by_measure: bool
) -> tuple[list[tuple[str, world.Verdicts]], bool]:
    if not by_measure:
        keys = form.all("instrument")
        return [(voice.title(key), world.bound_by(voice.registry, key, day)) for key in keys], False
    found, cold, kind = [], False, Kind(form.get("kind", Kind.MLA.value))
    for measure in form.all("measure"):
        row = world.reached(voice.registry, form.get("state"), kind, Measure(measure), day, incoming=False)
        found.append((voice.label("measure", measure), row.verdicts))
        cold = cold or row.cold
    return found, cold


# --- what if --------------------------------------------------------------------------------------------


class _Suppositions:
    """What was supposed lately and came out: the same question is asked again while it is talked over."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[str, ...], dict[str, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, sign: tuple[str, ...]) -> dict[str, Any] | None:
        with self._lock:
            return self._found.get(sign)

    def keep(self, sign: tuple[str, ...], told: dict[str, Any]) -> None:
        with self._lock:
            self._found[sign] = told
            while len(self._found) > 16:
                self._found.popitem(last=False)


_KEPT = _Suppositions()


def _supposed(form: Typed, visitor: Visitor) -> tuple[dict[str, Any] | None, bool]:
    """What would follow, and whether it was worked out just now."""
    registry, today = visitor.house.registry, visitor.house.today()
    acting = bool(form.get("state") or form.get("instrument"))
    if acting:
        form.needs(visitor, {"state": UNKNOWN, "instrument": UNKNOWN_KEY, "on": SOME_DAY})
    if form.get("on") and day_of(form.get("on")) is None:
        form.refuse("on", visitor.say(NOT_A_DAY))
    if form.ok:
        _check(form, visitor, registry)
    if form.get("act") not in {one.value for one in SUPPOSED}:
        form.refuse("act", visitor.say(UNKNOWN_WORD))
    if not form.ok:
        return None, False
    words = " ".join(form.get(name) for name in ("state", "instrument", "act", "on"))
    add, drop = ([words] if acting else []), ([form.get("drop")] if form.get("drop") else [])
    sign = (registry.edition, today.isoformat(), *add, "|", *drop)
    found = _KEPT.get(sign)
    if found is not None:
        return found, False
    try:
        told = visitor.house.workshop.what_if(add, drop)
    except RogatoryError as error:
        form.refuse_error(visitor, error, {"drop": "drop", "retract": "drop"})
        if form.wrong[-1].field == "":
            form.wrong[-1] = type(form.wrong[-1])(
                "drop" if drop and not add else "state", form.wrong[-1].text
            )
        return None, False
    _KEPT.keep(sign, told)
    return told, True


def _group(voice: Voice, group: dict[str, Any]) -> dict[str, Any]:
    """One group of pairs that the same thing happens to, each pair by name."""
    names = dict(law_names.states(voice.registry, voice.language))
    pairs = [pair.split(">") for pair in group["pairs"][:MOST_PAIRS]]
    return {
        **group,
        "title": voice.title(group["instrument"]),
        "named": [(one, names.get(one, one), other, names.get(other, other)) for one, other in pairs],
        "left_out": max(0, group["count"] - MOST_PAIRS),
    }
