"""Which tables hold what is the house's own: its facts, its signed heads, its law, and what it told?"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table, Text

from records.tables.metadata import METADATA

HOUSE_FACTS = Table(
    "house_facts",
    METADATA,
    Column("name", String(80), primary_key=True),
    Column("value", Text, nullable=False),
)

HEADS = Table(
    "heads",
    METADATA,
    Column("entries", Integer, primary_key=True, autoincrement=False),
    Column("root", String(64), nullable=False),
    Column("at", String(27), nullable=False),
    Column("jws", Text, nullable=False),
)

# A change of the law and what became of it. Nothing of a decided one changes any more: triggers refuse it.
# `place` counts the accepted ones, `day` is the day from which their facts were known here.
PROPOSALS = Table(
    "proposals",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("status", String(10), nullable=False),
    Column("title", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("digest", String(71), nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed", String(27), nullable=False),
    Column("decided_by", Text),
    Column("decided", String(27)),
    Column("reason", Text),
    Column("place", Integer, unique=True),
    Column("day", String(10)),
    Column("edition", String(71)),
)

# Every edition of the law that came to count here, with the number of accepted proposals in it.
EDITIONS = Table(
    "editions",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("edition", String(71), nullable=False, unique=True),
    Column("accepted", Integer, nullable=False),
    Column("seen", String(27), nullable=False),
)

# Accepted proposals of which every open case that relied on what they changed was told.
WATCHED = Table(
    "watched",
    METADATA,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("at", String(27), nullable=False),
)

# Which recipients of a notice were told, or will never be. `recipient` is a digest of the address.
NOTICES = Table(
    "notices",
    METADATA,
    Column("notice", Text, primary_key=True),
    Column("recipient", String(64), primary_key=True),
    Column("taken", Boolean, nullable=False),
    Column("at", String(27), nullable=False),
)
