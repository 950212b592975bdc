"""Which tables hold what the pages keep for a person? Drafts and forms under the house's key."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from records.tables.metadata import METADATA

DRAFTS = Table(
    "drafts",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("account", String(80), nullable=False),
    Column("agency", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("made", String(27), nullable=False),
    Column("changed", String(27), nullable=False),
    Column("changed_by", String(80), nullable=False),
    Column("ref", String(64)),
    Index(None, "account"),
)

KEPT_FORMS = Table(
    "kept_forms",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("account", String(80), nullable=False),
    Column("path", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("made", String(27), nullable=False),
)

SAVED_VIEWS = Table(
    "saved_views",
    METADATA,
    Column("account", String(80), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("query", Text, nullable=False),
)

PREFERENCES = Table(
    "preferences",
    METADATA,
    Column("account", String(80), primary_key=True),
    Column("language", String(8)),
)
