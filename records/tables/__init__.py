"""Which tables hold the records? Times are text in UTC (`records.moments`), so both databases keep the same.

The migrations make them; a test compares the two. Whoever imports one of the rooms runs this first, so that
`METADATA` always knows every table.
"""

from __future__ import annotations

from records.tables.cases import (
    ALIASES,
    ANSWERS,
    ATTEMPTS,
    CASE_KEYS,
    CASES,
    CLOCKS,
    COUNTERS,
    DOCKET,
    ERASURES,
    LEDGER,
    STATES,
)
from records.tables.house import EDITIONS, HEADS, HOUSE_FACTS, NOTICES, PROPOSALS, WATCHED
from records.tables.metadata import METADATA
from records.tables.pages import DRAFTS, KEPT_FORMS, PREFERENCES, SAVED_VIEWS
from records.tables.people import (
    ABSENCES,
    ACCOUNTS,
    CREDENTIALS,
    IDENTITIES,
    MAILBOXES,
    SESSIONS,
    SIGN_IN_FAILURES,
    SIGN_INS,
    TOKENS,
)

__all__ = [
    "ABSENCES",
    "ACCOUNTS",
    "ALIASES",
    "ANSWERS",
    "ATTEMPTS",
    "CASES",
    "CASE_KEYS",
    "CLOCKS",
    "COUNTERS",
    "CREDENTIALS",
    "DOCKET",
    "DRAFTS",
    "EDITIONS",
    "ERASURES",
    "HEADS",
    "HOUSE_FACTS",
    "IDENTITIES",
    "KEPT_FORMS",
    "LEDGER",
    "MAILBOXES",
    "METADATA",
    "NOTICES",
    "PREFERENCES",
    "PROPOSALS",
    "SAVED_VIEWS",
    "SESSIONS",
    "SIGN_INS",
    "SIGN_IN_FAILURES",
    "STATES",
    "TOKENS",
    "WATCHED",
]
