"""Which tables hold the people of the house, how they come in, and who stands in for whom?

Secrets are encrypted under the house's key.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from records.tables.metadata import METADATA

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("id", String(80), primary_key=True),
    Column("roles", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("created", String(27), nullable=False),
    Column("closed", String(27)),
)

TOKENS = Table(
    "tokens",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("account", String(80), ForeignKey("accounts.id"), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("made", String(27), nullable=False),
    Column("expires", String(27)),
    Column("revoked", String(27)),
    Index(None, "account"),
)

# Where a person wants to be reminded. Apart from the accounts, because it is personal and they are not:
# nothing of it stands in ledger or logs. `quiet`: only what is urgent.
MAILBOXES = Table(
    "mailboxes",
    METADATA,
    Column("account", String(80), ForeignKey("accounts.id"), primary_key=True),
    Column("email", Text),
    Column("quiet", Boolean, nullable=False),
)

# Who is away from which day (included) until which (excluded; none: not known yet), and who stands in.
ABSENCES = Table(
    "absences",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("account", String(80), ForeignKey("accounts.id"), nullable=False),
    Column("deputy", String(80), ForeignKey("accounts.id"), nullable=False),
    Column("since", String(10), nullable=False),
    Column("until", String(10)),
    Column("recorded_by", Text, nullable=False),
    Column("recorded", String(27), nullable=False),
    Index(None, "account"),
    Index(None, "deputy"),
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("account", String(80), nullable=False),
    Column("means", String(20), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("made", String(27), nullable=False),
    Column("seen", String(27), nullable=False),
    Column("ends", String(27), nullable=False),
    Index(None, "account"),
)

# `kind`: password, totp, passkey, recovery or demo. `counter` is the authenticator's own.
CREDENTIALS = Table(
    "credentials",
    METADATA,
    Column("id", String(200), primary_key=True),
    Column("account", String(80), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("label", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("counter", BigInteger, nullable=False),
    Column("made", String(27), nullable=False),
    Column("used", String(27)),
    Index(None, "account"),
)

IDENTITIES = Table(
    "identities",
    METADATA,
    Column("issuer", String(300), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("account", String(80), nullable=False),
    Column("made", String(27), nullable=False),
)

# Signing in is under way: what was asked for and must come back unchanged.
SIGN_INS = Table(
    "sign_ins",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("ends", String(27), nullable=False),
)

SIGN_IN_FAILURES = Table(
    "sign_in_failures",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("account", String(80), nullable=False),
    Column("at", String(27), nullable=False),
    Index(None, "account", "at"),
)
