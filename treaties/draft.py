"""What does the treaty desk want to change in the law, row by row, in the words of a form, a file or a sheet?

A draft is a title, a reason and lists of rows, one list for each sort of row (`SECTIONS`). Its text is that
of the law files, so that what the desk writes is what the registry reads. Nothing in it says when it was
recorded: the house does that on the day it accepts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.errors import BadInput, UnknownWord
from schemas.gates import Gate, GateAuthority
from schemas.law import (
    AuthorityRow,
    ChannelRule,
    Completeness,
    ConditionRule,
    ContentRule,
    Criminalised,
    DeadlineRule,
    DutyRule,
    Entry,
    GroundRule,
    Instrument,
    IssuerRule,
    Jurisdiction,
    LanguageRow,
    LanguageRule,
    Membership,
    NotGroundRule,
    Offence,
    PartyAct,
    PrecedenceRule,
    Provider,
    Provision,
    Row,
    SavingRule,
    Source,
    TreatyList,
)
from schemas.vocabulary import Act, word
from treaties.text import Content

Text = Mapping[str, Content]
Place = Callable[[tuple[str, ...]], str]
"""Names a place of the draft for a person, given its path of keys and indexes: `ireland.yml:12`, `C7`."""

RULES: dict[str, type[Row]] = {
    "provisions": Provision,
    "channels": ChannelRule,
    "languages": LanguageRule,
    "deadlines": DeadlineRule,
    "conditions": ConditionRule,
    "grounds": GroundRule,
    "not_grounds": NotGroundRule,
    "contents": ContentRule,
    "issuers": IssuerRule,
    "duties": DutyRule,
    "precedence": PrecedenceRule,
    "saving": SavingRule,
}
"""The lists of rules of an instrument, and what a row of each is."""


@dataclass(frozen=True, slots=True)
class Section:
    """One sort of row: its `model`, and the `names` that say to what a row belongs.

    `model` None: a retraction, or a rule, whose list tells. `whole`: a thing of its own with rows inside.
    """

    model: type[Row] | None
    names: tuple[str, ...] = ()
    whole: bool = False


SECTIONS: dict[str, Section] = {
    "sources": Section(Source, whole=True),
    "states": Section(Jurisdiction, whole=True),
    "instruments": Section(Instrument, whole=True),
    "offences": Section(Offence, whole=True),
    "gates": Section(Gate, whole=True),
    "providers": Section(Provider, whole=True),
    "acts": Section(PartyAct, ("instrument", "state")),
    "complete": Section(Completeness, ("instrument",)),
    "entries": Section(Entry, ("instrument",)),
    "rules": Section(None, ("instrument", "list")),
    "authorities": Section(AuthorityRow, ("state",)),
    "languages": Section(LanguageRow, ("state",)),
    "memberships": Section(Membership, ("state",)),
    "treaty_lists": Section(TreatyList, ("state",)),
    "criminalised": Section(Criminalised, ("offence",)),
    "gate_authorities": Section(GateAuthority, ("gate",)),
    "retract": Section(None, ("fact", "reason")),
}
"""Everything a draft may hold. A declaration or reservation is an act with its effects."""

DEFAULTED = ("source", "place", "checked", "confidence", "grade")
"""What a draft may say once for all its rows, under `defaults`."""

MOST_ROWS = 5_000
MOST_WORDS = 4_000

_WORDS = re.compile(
    r"(?P<state>[A-Za-z]{2})\s+(?P<instrument>[a-z0-9-]+)\s+(?P<act>[a-z-]+)(?:\s+(?P<on>\S+))?"
    r"(?:\s+until\s+(?P<until>\S+))?(?:\s+towards\s+(?P<towards>[A-Za-z]{2}))?"
)


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a draft: its section, its text with the draft's defaults filled in, and where it stands.

    `cells`: where single fields stand, if they have places of their own.
    """

    section: str
    row: Text
    where: str = ""
    cells: Mapping[str, str] | None = None

    def at(self, field: str) -> str:
        """Where `field` of the row stands, for a person."""
        known = (self.cells or {}).get(field)
        return known or (f"{self.where}, {field}" if self.where and field else self.where or field)

    def named(self, name: str) -> str:
        """A text field of the row; empty where it is missing or is no text."""
        value = self.row.get(name, "")
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is proposed: a title for lists, why, and the rows."""

    title: str
    reason: str
    changes: tuple[Change, ...]


def draft_of(content: Any, place: Place) -> Draft:
    """The draft that a file or a body holds; scalars may be text, numbers, truth values or null.

    Raises BadInput or UnknownWord with the place for anything that is no such draft. Whether its rows mean
    anything is asked later (`treaties.proposal`).
    """
    if not isinstance(content, Mapping):
        raise BadInput("A draft is a mapping.", where=place(()), next_step=f"give {', '.join(SECTIONS)}")
    given = {str(key): value for key, value in content.items()}
    for key in given:
        if key not in SECTIONS and key not in ("title", "reason", "defaults"):
            raise UnknownWord("section of a draft", key, [*SECTIONS, "defaults"], where=place((key,)))
    title = _line(given.get("title"), "title", 200, place)
    if not title:
        raise BadInput(
            "A draft needs a title.", where=place(("title",)), next_step="say in one line what it is"
        )
    changes = tuple(_changes(given, _defaults(given.get("defaults"), place), place))
    if not changes:
        raise BadInput("The draft changes nothing.", where=place(()), next_step="give it at least one row")
    if len(changes) > MOST_ROWS:
        raise BadInput(
            f"The draft has {len(changes)} rows, more than {MOST_ROWS}.",
            where=place(()),
            next_step="split it into several",
        )
    return Draft(title, _line(given.get("reason"), "reason", MOST_WORDS, place), changes)


def draft_json(draft: Draft) -> dict[str, Any]:
    """The draft as plain data that `draft_again` reads."""
    rows = [{"section": one.section, "row": dict(one.row), "where": one.where} for one in draft.changes]
    return {"title": draft.title, "reason": draft.reason, "changes": rows}


def draft_again(told: Mapping[str, Any]) -> Draft:
    """The draft that `draft_json` told."""
    changes = tuple(Change(one["section"], one["row"], one["where"]) for one in told["changes"])
    return Draft(told["title"], told["reason"], changes)


def act_of_words(text: str) -> dict[str, str]:
    """The row of an act in a few words: `KR budapest in-force 2027-01-01`, with `until DAY` and `towards XX`.

    Raises BadInput for another shape, UnknownWord for an act that is none.
    """
    found = _WORDS.fullmatch(text.strip())
    if found is None:
        raise BadInput(
            f"{text!r} does not say who does what to which instrument.",
            next_step="write it as 'KR budapest in-force 2027-01-01'",
        )
    told = {name: value for name, value in found.groupdict().items() if value is not None}
    told["act"] = word(Act, told["act"], text).value
    told["state"] = told["state"].upper()
    if "towards" in told:
        told["towards"] = told["towards"].upper()
    told.setdefault("on", "unknown")
    for name in ("on", "until"):
        if name in told and told[name] != "unknown":
            told[name] = _day(told[name], text)
    return told


def text_of(value: Any) -> Content:
    """`value` as a law file would write it: all scalars text, absent things left out."""
    if isinstance(value, Mapping):
        return {str(key): text_of(one) for key, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [text_of(one) for one in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _day(text: str, where: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadInput(f"{text!r} is no day.", where=where, next_step="write it as 2027-01-01") from None


def _line(value: Any, name: str, most: int, place: Place) -> str:
    text = "" if value is None else str(value).strip()
    if isinstance(value, Mapping | list) or len(text) > most:
        raise BadInput(
            f"The {name} is not a text of at most {most} characters.",
            where=place((name,)),
            next_step="shorten it",
        )
    return text


def _defaults(given: Any, place: Place) -> dict[str, Content]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise BadInput(
            "`defaults` is a mapping.", where=place(("defaults",)), next_step="give fields by name"
        )
    for key in given:
        if key not in DEFAULTED:
            raise UnknownWord("field of `defaults`", str(key), DEFAULTED, where=place(("defaults", str(key))))
    return {str(key): text_of(value) for key, value in given.items() if value is not None}


def _changes(given: Mapping[str, Any], defaults: Text, place: Place) -> Iterator[Change]:
    for name in SECTIONS:
        rows = given.get(name)
        if rows is None:
            continue
        if not isinstance(rows, Sequence) or isinstance(rows, str):
            raise BadInput(f"`{name}` is a list of rows.", where=place((name,)), next_step="write `- {...}`")
        for index, row in enumerate(rows):
            yield _change(name, row, (name, str(index)), defaults, place)


def _change(section: str, row: Any, path: tuple[str, ...], defaults: Text, place: Place) -> Change:
    where = place(path)
    if not isinstance(row, Mapping):
        raise BadInput("A row is a mapping of fields.", where=where, next_step="write `{field: value}`")
    told = text_of(row)
    if not isinstance(told, dict):
        raise TypeError("a mapping became something else")
    for name in ("state", "towards"):
        if isinstance(code := told.get(name), str):
            told[name] = code.upper()
    # A day that is said to be null is a day that is not known.
    told.update({name: "unknown" for name in ("on",) if name in row and row[name] is None})
    filled = told if section in ("sources", "retract") else _filled(section, told, defaults)
    cells = {str(field): place((*path, str(field))) for field in row}
    return Change(section, filled, where, {field: at for field, at in cells.items() if at != where})


def _filled(section: str, row: Text, defaults: Text) -> Text:
    if not SECTIONS[section].whole:
        return {**defaults, **row}
    inner = row.get("defaults")
    return {**row, "defaults": {**defaults, **(inner if isinstance(inner, Mapping) else {})}}
