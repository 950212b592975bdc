"""How is law written down as data: instruments, acts, authorities, offences, sources?

Every fact row has a span or a day, a source with the place in it, when it was recorded here, how old the
reading is (`checked`), and whether it was read or recalled. A wrong row is retracted, not erased.
"""

from __future__ import annotations

from schemas.law.base import Fact, Office, Retraction, Row, Source, Text
from schemas.law.bound import Completeness, Effect, Parties, PartyAct
from schemas.law.instrument import Entry, Instrument
from schemas.law.practice import (
    AuthorityRow,
    Criminalised,
    Jurisdiction,
    LanguageRow,
    Membership,
    Offence,
    Provider,
    TreatyList,
)
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
    Rule,
    SavingRule,
    Test,
)

__all__ = [
    "AuthorityRow",
    "ChannelRule",
    "Completeness",
    "ConditionRule",
    "ContentRule",
    "Criminalised",
    "DeadlineRule",
    "DutyRule",
    "Effect",
    "Entry",
    "Fact",
    "GroundRule",
    "Instrument",
    "IssuerRule",
    "Jurisdiction",
    "LanguageRow",
    "LanguageRule",
    "Membership",
    "NotGroundRule",
    "Offence",
    "Office",
    "Parties",
    "PartyAct",
    "PrecedenceRule",
    "Provider",
    "Provision",
    "Retraction",
    "Row",
    "Rule",
    "SavingRule",
    "Source",
    "Test",
    "Text",
    "TreatyList",
]
