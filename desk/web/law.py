"""Which pages show this? The registry to read: States, instruments, pairs."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from desk.web import law_instrument, law_names, law_pair
from desk.web.asked import NOT_A_DAY, SAME, UNKNOWN, day_of
from desk.web.cited import Voice
from desk.web.forms import Typed
from desk.web.frame import ROOT, PageGuard, PageRoute, Visitor, onward, page
from desk.web.law_state import state_page
from desk.who import Permission
from schemas.errors import UnknownWord
from schemas.vocabulary import Form
from treaties.registry import Registry

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Reader = Annotated[Visitor, Depends(PageGuard(Permission.ASK_LAW))]

LAW = f"{ROOT}/law"
MOST_FOUND = 40
MOST_DAYS = 60
"""Days on the slider of a pair; the others are reached by the field for a day."""
OF_MANY = (Form.MULTILATERAL, Form.EU_ACT, Form.EXECUTIVE_AGREEMENT, Form.SCHEME)


@router.get(LAW)
def law(request: Request, visitor: Reader, q: str = "") -> Response:
    """States and treaties of many States; what a word finds among all of them."""
    registry = visitor.house.registry
    voice = Voice(registry, visitor.language, visitor.house.today())
    wanted = law_names.in_order(q.strip()[:80])
    found_states, found = _found(voice, wanted) if wanted else ([], [])
    many = [key for key, row in registry.instruments.items() if row.form in OF_MANY]
    return page(
        request,
        visitor,
        "law/law.html",
        voice=voice,
        form=Typed({"q": [q[:80]]}),
        asked=bool(wanted),
        found_states=found_states[:MOST_FOUND],
        found=found[:MOST_FOUND],
        more=max(0, len(found) - MOST_FOUND),
        states=law_names.states(registry, visitor.language),
        many=sorted(((key, voice.title(key)) for key in many), key=lambda one: law_names.in_order(one[1])),
        counts=(len(registry.instruments), registry.edition),
    )


@router.get(f"{LAW}/pair")
def choose_pair(request: Request, visitor: Reader, one: str = "", other: str = "", on: str = "") -> Response:
    """To the page of two States; back to the choice where they are not two."""
    registry = visitor.house.registry
    typed = Typed({"one": [one[:8]], "other": [other[:8]]})
    for name in ("one", "other"):
        if typed.get(name).upper() not in registry.jurisdictions:
            typed.refuse(name, visitor.say(UNKNOWN))
    if typed.ok and typed.get("one").upper() == typed.get("other").upper():
        typed.refuse("other", visitor.say(SAME))
    if not typed.ok:
        states = law_names.states(registry, visitor.language)
        status = 422 if one or other else 200
        typed.wrong = typed.wrong if status == 422 else []
        return page(request, visitor, "law/choose.html", status, form=typed, states=states)
    query = {"on": on} if day_of(on) else {}
    return onward(f"{LAW}/pair/{typed.get('one').upper()}/{typed.get('other').upper()}", **query)


@router.get(f"{LAW}/state/{{code}}")
def state(
    request: Request, visitor: Reader, code: str, on: str = "", known_on: str = "", after: str = ""
) -> Response:
    """What binds a State, what it said, and who acts for it."""
    look = _Look(visitor, on, known_on)
    found = state_page(look.voice, _state(look.registry, code), look.day, after[:80])
    return page(request, visitor, "law/state.html", state=found, after=after, **look.context())


@router.get(f"{LAW}/instrument/{{key}}")
def instrument(request: Request, visitor: Reader, key: str, on: str = "", known_on: str = "") -> Response:
    """What an instrument says, as far as it is held, and how many are bound by it."""
    look = _Look(visitor, on, known_on)
    row = look.registry.instruments[_key(look.registry, key)]
    entry = look.registry.rulebook(row.key).entry
    told = list(law_instrument.sections(look.voice, row.key))
    many = law_instrument.has_parties(look.registry, row.key)
    return page(
        request,
        visitor,
        "law/instrument.html",
        instrument=row,
        title=look.voice.title(row.key),
        sections=told,
        entry=None if entry is None else (entry.row, look.voice.fact(entry.row)),
        requires=[(one, look.voice.title(one)) for one in row.requires],
        many=many,
        counts=law_instrument.counts(look.registry, row.key, look.day) if many else {},
        **look.context(),
    )


@router.get(f"{LAW}/instrument/{{key}}/parties")
def parties(
    request: Request, visitor: Reader, key: str, on: str = "", known_on: str = "", after: str = ""
) -> Response:
    """Who did anything to an instrument, with reservations and declarations."""
    look = _Look(visitor, on, known_on)
    known = _key(look.registry, key)
    rows, following = law_instrument.parties(look.voice, known, look.day, after[:200])
    title = look.voice.title(known)
    context = {"key": known, "title": title, "parties": rows, "next": following, **look.context()}
    return page(request, visitor, "law/parties.html", **context)


@router.get(f"{LAW}/pair/{{one}}/{{other}}")
def pair(
    request: Request, visitor: Reader, one: str, other: str, on: str = "", known_on: str = ""
) -> Response:
    """What links two States on a day, and every day on which that changed."""
    look = _Look(visitor, on, known_on)
    first, second = _state(look.registry, one), _state(look.registry, other)
    if first == second:
        return onward(f"{LAW}/state/{first}")
    days = law_pair.days(look.voice, first, second)
    place, start, end = law_pair.chosen(days, look.day)
    return page(
        request,
        visitor,
        "law/pair.html",
        one=(first, law_names.state_name(look.registry, first, visitor.language)),
        other=(second, law_names.state_name(look.registry, second, visitor.language)),
        links=law_pair.links(look.voice, first, second, look.day),
        days=law_pair.around(days, place, MOST_DAYS),
        all_days=len(days),
        changed=days[place] if place >= 0 else None,
        start=start,
        end=end,
        **look.context(),
    )


class _Look:
    """On which day, and as known on which, somebody looks at the law; what was typed wrong besides."""

    def __init__(self, visitor: Visitor, on: str, known_on: str) -> None:
        self.form = Typed({"on": [on[:40]], "known_on": [known_on[:40]]})
        for name in ("on", "known_on"):
            if self.form.get(name) and day_of(self.form.get(name)) is None:
                self.form.refuse(name, visitor.say(NOT_A_DAY))
        today = visitor.house.today()
        self.day: date = day_of(self.form.get("on")) or today
        known = day_of(self.form.get("known_on"))
        self.registry: Registry = visitor.house.workshop.registry(known)
        self.voice = Voice(self.registry, visitor.language, today)
        self.known_on = known.isoformat() if known is not None else ""
        if not self.form.get("on"):
            self.form.values["on"] = [self.day.isoformat()]

    def context(self) -> dict[str, Any]:
        """What every such page needs. Taken last: the sources are those cited so far."""
        return {
            "form": self.form,
            "voice": self.voice,
            "day": self.day,
            "known_on": self.known_on,
            "edition": self.registry.edition,
        }


def _found(voice: Voice, wanted: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    registry = voice.registry
    named = [
        (code, name)
        for code, name in law_names.states(registry, voice.language)
        if wanted in law_names.in_order(name) or wanted == code.lower()
    ]
    titled = []
    for key, row in registry.instruments.items():
        said = voice.title(key)
        if any(wanted in law_names.in_order(text) for text in (key, row.title, row.short, said)):
            titled.append((key, said))
    return named, sorted(titled, key=lambda one: law_names.in_order(one[1]))


def _state(registry: Registry, text: str) -> str:
    code = text.upper()
    if code not in registry.jurisdictions:
        raise UnknownWord("State", text, registry.jurisdictions, where="State")
    return code


def _key(registry: Registry, text: str) -> str:
    key = text.lower()
    if key not in registry.instruments:
        raise UnknownWord("instrument", text, registry.instruments, where="instrument")
    return key
