"""How do days, names, codes and numbers look on a page, and what do templates have at hand?"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from desk.web import labels, refusals, words
from desk.web.words import N_
from schemas.errors import RogatoryError
from schemas.reasoning import LIFE
from treaties.catalogs import languages
from treaties.tongue import Tongue, tongue

PAGES = Path(__file__).parent.parent / "pages"
STATIC = Path(__file__).parent.parent / "static"

FOR_LIFE = N_("life imprisonment")
_MOMENT = re.compile(r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){1,2}(\.[0-9]+)?(\+00:00|Z)")
"""A moment as the rooms below write it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An error for the error page. `what` and `next_step` are English, as everywhere."""

    status: int
    code: str
    what: str
    next_step: str
    where: str = ""
    allowed: tuple[str, ...] = field(default=())

    @classmethod
    def of(cls, error: RogatoryError | None, status: int, problem: bytes | memoryview) -> Fault:
        """From a domain's error, or from the problem details of any other."""
        if error is not None:
            allowed = tuple(getattr(error, "allowed", ()))
            return cls(error.status, error.code, error.what, error.next_step, error.where, allowed)
        told: dict[str, Any] = json.loads(bytes(problem))
        return cls(status, told["code"], told["detail"], told.get("next", ""), told.get("where", ""))


@lru_cache(maxsize=len(words.LANGUAGES) + 1)
def environment(language: str) -> Environment:
    """The templates in one language: everything is escaped, a name that is not given is an error."""
    made = Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    texts = words.catalog(language)
    made.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it when it is loaded
        texts.gettext, texts.ngettext, newstyle=True, pgettext=texts.pgettext, npgettext=texts.npgettext
    )
    speak = Speaker(language)
    made.globals.update(
        gettext=_said(language, cast(Callable[..., str], made.globals["gettext"])),
        languages=words.LANGUAGES,
        direction=words.direction(language),
        unreviewed=words.draft(language),
        path_of=path_of,
        static=static,
    )
    made.filters.update(
        day=speak.day,
        moment=_moment,
        ago=_ago,
        number=speak.number,
        size=speak.size,
        penalty=speak.penalty,
        listed=speak.listed,
        country=speak.country,
        tongue=speak.tongue,
        label=speak.label,
        law=_law,
        named=_named,
        noted=_noted,
    )
    return made


def _said(language: str, slotted: Callable[..., str]) -> Callable[..., str]:
    """The `_` of the templates. Only a text with slots is markup (`slotted`, which escapes the values): what
    another room wrote may be said too, whatever stands in it."""

    @pass_context
    def gettext(context: Context, message: str, /, **given: object) -> str:
        return slotted(context, message, **given) if given else refusals.told(language, message)

    return gettext


class Speaker:
    """Words of one language for days, numbers, States, languages and codes."""

    def __init__(self, language: str) -> None:
        self.language = language
        # Digits of references and days are Latin in every language here.
        self.locale = words.locale(language)

    def day(self, value: date | datetime | str | None) -> str:
        """`21 November 2026`; empty for None."""
        found = _day_of(value)
        return "" if found is None else format_date(found, "long", locale=self.locale)

    def number(self, value: float | int | None) -> str:
        """A number as the language writes it; empty for None."""
        return "" if value is None else format_decimal(value, locale=self.locale)

    def size(self, value: int | None) -> str:
        """Bytes in the largest unit that keeps a figure before the point."""
        if value is None:
            return ""
        units = ("B", "kB", "MB", "GB", "TB")
        amount, unit = float(value), 0
        while amount >= 1000 and unit < len(units) - 1:
            amount, unit = amount / 1000, unit + 1
        return f"{format_decimal(round(amount, 1), locale=self.locale)} {units[unit]}"

    def penalty(self, months: int) -> str:
        """A length of imprisonment: `10 years`, `18 months`, `life imprisonment`."""
        if months >= LIFE:
            return words.catalog(self.language).gettext(FOR_LIFE)
        whole = months and months % 12 == 0
        number, unit = (months // 12, "duration-year") if whole else (months, "duration-month")
        return format_unit(number, unit, locale=self.locale)

    def listed(self, values: Iterable[object]) -> str:
        """`a, b and c`."""
        return format_list([str(value) for value in values], locale=self.locale)

    def country(self, code: str | None) -> str:
        """The name of a State or territory by its code; the code where there is none."""
        return _territories(self.language).get(code or "", code or "")

    def tongue(self, code: str | None) -> str:
        """The name of a language by its code."""
        names: dict[str, str] = dict(self.locale.languages)
        return names.get(code or "", code or "")

    def label(self, code: object, kind: str) -> str:
        """What a code of the closed list `kind` is called (desk.web.labels)."""
        return words.catalog(self.language).gettext(labels.label(kind, code))


@lru_cache(maxsize=8)
def _territories(language: str) -> dict[str, str]:
    return dict(words.locale(language).territories)


def path_of(*parts: str) -> str:
    """Path of a page below the pages' root; what stands in a part stays in it."""
    return "/".join(["/desk", *(quote(part, safe="/") for part in parts)])


@lru_cache(maxsize=64)
def static(name: str) -> str:
    """Address of one of our files, with its age: browsers keep it until it changes."""
    return f"/desk/static/{name}?{int((STATIC / name).stat().st_mtime)}"


@pass_context
def _moment(context: Context, value: datetime | str | None) -> str:
    """Day and time in the house's own zone, with the zone named."""
    found = _moment_of(value)
    if found is None:
        return ""
    return moment_of(found, ZoneInfo(context["house"].time_zone), words.locale(context["language"]))


def moment_of(found: datetime, zone: ZoneInfo, locale: Locale) -> str:
    """Day, hour and zone. Where the language has no short name for the zone, a city names it (`Berlin`): a
    difference from universal time says nothing to whoever has to be there in time."""
    try:
        found.astimezone(zone)
    except OverflowError:
        # the end of all days has no hour elsewhere; the page that shows it must open all the same
        zone = ZoneInfo("UTC")
    day = format_datetime(found, "d MMM y", tzinfo=zone, locale=locale)
    hour, named = (format_datetime(found, part, tzinfo=zone, locale=locale) for part in ("HH:mm", "z"))
    if named.startswith(("+", "-")):
        named = f"({format_datetime(found, 'VVV', tzinfo=zone, locale=locale)})"
    return str(locale.datetime_formats["medium"]).format(f"{hour} {named}", day)


def here(sentence: str, zone: ZoneInfo, locale: Locale) -> str:
    """A refusal with each moment as the clocks of the house show it: the rooms below write universal time."""
    return _MOMENT.sub(lambda found: moment_of(datetime.fromisoformat(found[0]), zone, locale), sentence)


@pass_context
def _ago(context: Context, value: datetime | str | None, now: datetime) -> str:
    """How long since, or until: `3 days ago`, `in 2 hours`."""
    found = _moment_of(value)
    if found is None:
        return ""
    passed: timedelta = found - now
    return format_timedelta(passed, add_direction=True, locale=words.locale(context["language"]))


def _speech(context: Context) -> Tongue:
    language: str = context["language"]
    return tongue(context["visitor"].house.registry, language if language in languages() else words.ENGLISH)


@pass_context
def _law(context: Context, code: str | None, what: str = "word") -> str:
    """What the law calls a code: a `word` (a measure, a status), a `field` that a request must hold, or a
    `gate` of human rights."""
    speech = _speech(context)
    said = {"word": speech.word, "field": speech.field, "gate": speech.gate}[what]
    return said(code) if code else ""


@pass_context
def _named(context: Context, code: str | None, otherwise: str | None = None) -> str:
    """The name of an instrument or an offence, apart from what stands around it; marked as English where no
    catalog has it. `otherwise`: what stands for one that the registry does not know."""
    speech = _speech(context)
    registry = speech.registry
    offence, found = registry.offences.get(code or ""), registry.instruments.get(code or "")
    if offence is not None:
        return _noted(context, offence.name)
    if found is None:
        return Markup("<bdi>{}</bdi>").format(otherwise or code or "")
    told, own = speech.instrument(found.key), found.short or found.title
    # A treaty of two is told by its matter and parties where its own title has no translation.
    return _noted(context, own) if told == own else Markup("<bdi>{}</bdi>").format(told)


@pass_context
def _noted(context: Context, text: str | None) -> str:
    """A text of a law file; where no catalog has it, marked as English for whoever reads aloud."""
    speech = _speech(context)
    if not text or context["language"] == words.ENGLISH or speech.catalog.holds(text):
        return Markup("<bdi>{}</bdi>").format(speech.text(text or ""))
    return Markup('<bdi lang="en">{}</bdi>').format(text)


def _moment_of(value: datetime | str | None) -> datetime | None:
    if isinstance(value, str):
        return datetime.fromisoformat(value) if value else None
    return value


def _day_of(value: date | datetime | str | None) -> date | None:
    if isinstance(value, str):
        return date.fromisoformat(value[:10]) if value else None
    return value.date() if isinstance(value, datetime) else value
