"""What is one instrument: its form, its entry into force, its rules? instruments/<key>.yml"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import model_validator

from schemas.ids import Key, State
from schemas.law.base import Fact, Row, Text
from schemas.law.rules import (
    ChannelRule,
    ConditionRule,
    ContentRule,
    DeadlineRule,
    DutyRule,
    GroundRule,
    IssuerRule,
    LanguageRule,
    NotGroundRule,
    PrecedenceRule,
    Provision,
    SavingRule,
)
from schemas.vocabulary import Form, Kind


class Entry(Fact):
    """General entry into force, and the rule for later parties in our own words.

    `on` None: the day is not known; with `pending`, the source shows that the instrument is not in force yet.
    """

    on: date | None
    pending: bool = False
    condition: str = ""
    later_parties: str = ""


class Instrument(Row):
    """instruments/<key>.yml: what the text says.

    `counts_as`: what it is for fallback clauses. `requires`: instruments both must be bound by as well
    (protocols). `governing_date`: the day that decides which law applies. `states`: bilateral, domestic.
    `designates`: a statute of one State whose party file lists the States it is open to.
    `text_read`: False where only the existence is known; then reach is presumed from the title and says so.
    """

    key: Key
    title: Text
    short: str = ""
    form: Form
    kinds: tuple[Kind, ...]
    opened: date | None = None
    adopted: date | None = None
    entry: Entry | None = None
    states: tuple[State, ...] = ()
    counts_as: tuple[str, ...] = ()
    requires: tuple[Key, ...] = ()
    amends: tuple[Key, ...] = ()
    governing_date: Literal["request", "offence", "arrest"] = "request"
    designates: bool = False
    text_read: bool = True
    note: str = ""
    provisions: tuple[Provision, ...] = ()
    channels: tuple[ChannelRule, ...] = ()
    languages: tuple[LanguageRule, ...] = ()
    deadlines: tuple[DeadlineRule, ...] = ()
    conditions: tuple[ConditionRule, ...] = ()
    grounds: tuple[GroundRule, ...] = ()
    not_grounds: tuple[NotGroundRule, ...] = ()
    contents: tuple[ContentRule, ...] = ()
    issuers: tuple[IssuerRule, ...] = ()
    duties: tuple[DutyRule, ...] = ()
    precedence: tuple[PrecedenceRule, ...] = ()
    saving: tuple[SavingRule, ...] = ()

    @model_validator(mode="after")
    def _two_states(self) -> Instrument:
        if self.form is Form.BILATERAL and len(self.states) != 2:
            raise ValueError("a bilateral instrument names exactly two states")
        return self
