"""What is one row of the law under its name, one instrument's rules, one State's practice?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from schemas.ids import FactId
from schemas.law import (
    AuthorityRow,
    ChannelRule,
    ConditionRule,
    ContentRule,
    DeadlineRule,
    DutyRule,
    Entry,
    Fact,
    GroundRule,
    Instrument,
    IssuerRule,
    LanguageRow,
    LanguageRule,
    NotGroundRule,
    PrecedenceRule,
    Provision,
    SavingRule,
    TreatyList,
)
from schemas.reasoning import Citation

F = TypeVar("F", bound=Fact)
HeldFact = TypeVar("HeldFact", bound=Fact, covariant=True)

RULE_LISTS = (
    "provisions",
    "channels",
    "languages",
    "deadlines",
    "conditions",
    "grounds",
    "not_grounds",
    "contents",
    "issuers",
    "duties",
    "precedence",
    "saving",
)
PRACTICE_LISTS = ("memberships", "authorities", "languages", "treaty_lists")


@dataclass(frozen=True, slots=True)
class Held(Generic[HeldFact]):
    """A row as the registry holds it: under its name, with what to cite for it."""

    fact: FactId
    row: HeldFact
    citation: Citation


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What one instrument says: its rows in force of knowledge, each under its name."""

    instrument: Instrument
    entry: Held[Entry] | None
    provisions: tuple[Held[Provision], ...]
    channels: tuple[Held[ChannelRule], ...]
    languages: tuple[Held[LanguageRule], ...]
    deadlines: tuple[Held[DeadlineRule], ...]
    conditions: tuple[Held[ConditionRule], ...]
    grounds: tuple[Held[GroundRule], ...]
    not_grounds: tuple[Held[NotGroundRule], ...]
    contents: tuple[Held[ContentRule], ...]
    issuers: tuple[Held[IssuerRule], ...]
    duties: tuple[Held[DutyRule], ...]
    precedence: tuple[Held[PrecedenceRule], ...]
    saving: tuple[Held[SavingRule], ...]


@dataclass(frozen=True, slots=True)
class Practice:
    """What one State does: authorities, languages, and which lists of its treaties are whole."""

    authorities: tuple[Held[AuthorityRow], ...]
    languages: tuple[Held[LanguageRow], ...]
    treaty_lists: tuple[Held[TreatyList], ...]


def newest_row(rows: Iterable[F]) -> F | None:
    """The row recorded last among those not retracted; of several of one day the last in order."""
    newest: F | None = None
    for row in rows:
        if row.retracted is None and (newest is None or row.recorded >= newest.recorded):
            newest = row
    return newest
