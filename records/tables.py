"""Which tables hold the records? Times are text in UTC (`records.moments`), so both databases keep the same.

The migrations make them; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

HOUSE_FACTS = Table(
    "house_facts",
    METADATA,
    Column("name", String(80), primary_key=True),
    Column("value", Text, nullable=False),
)

# What is kept about keeping a case. `folded`: the reference in small letters, which is what must be unique,
# because message ids are made of it. `held` is the legal hold that the case's moves tell.
CASES = Table(
    "cases",
    METADATA,
    Column("ref", String(64), primary_key=True),
    Column("folded", String(64), nullable=False, unique=True),
    Column("reserved", String(27), nullable=False),
    Column("kind", String(20)),
    Column("retention", String(40)),
    Column("opened", String(27)),
    Column("closed", String(27)),
    Column("held", Boolean, nullable=False),
    Column("erased", String(27)),
)

COUNTERS = Table(
    "counters",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("value", Integer, nullable=False),
)

# `wrapped` is empty once the key is destroyed. `master`: which master key wrapped it.
CASE_KEYS = Table(
    "case_keys",
    METADATA,
    Column("ref", String(64), primary_key=True),
    Column("wrapped", LargeBinary),
    Column("master", String(16), nullable=False),
    Column("made", String(27), nullable=False),
    Column("destroyed", String(27)),
)

# `seq` has no gap: triggers refuse any other next number, and any change or removal. `under`: whose key
# encrypts `body`. `body_digest` and `state` are digests of ciphertext.
LEDGER = Table(
    "ledger",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("ref", String(64), nullable=False),
    Column("move", Integer),
    Column("note", Integer),
    Column("at", String(27), nullable=False),
    Column("actor", Text, nullable=False),
    Column("house", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("message", Text),
    Column("sealed", String(71)),
    Column("row", Text),
    Column("body", LargeBinary, nullable=False),
    Column("body_digest", String(71), nullable=False),
    Column("under", String(64), nullable=False),
    Column("state", String(71)),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("ref", "move"),
    UniqueConstraint("ref", "note"),
    CheckConstraint("(move IS NULL) <> (note IS NULL)", name="move_or_note"),
    Index(None, "ref", "seq"),
    Index(None, "message"),
)

STATES = Table(
    "states",
    METADATA,
    Column("ref", String(64), primary_key=True),
    Column("move", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("digest", String(71), nullable=False),
)

# `row` is the whole line (JSON), the other columns are there to search by. `due` sorts last where none is.
# `theirs` and `matter` are written as one searches for them (`records.projection.folded`), `attention` as
# words between blanks.
DOCKET = Table(
    "docket",
    METADATA,
    Column("ref", String(64), primary_key=True),
    Column("folded", String(64), nullable=False),
    Column("theirs", Text),
    Column("kind", String(20), nullable=False),
    Column("side", String(10), nullable=False),
    Column("status", String(40), nullable=False),
    Column("state", String(2), nullable=False),
    Column("instrument", String(80)),
    Column("holder_house", Text, nullable=False),
    Column("holder_function", Text, nullable=False),
    Column("holder_actor", Text),
    Column("due", String(27), nullable=False),
    Column("matter", Text),
    Column("provider", Text),
    Column("offered_to", Text),
    Column("errands", Integer, nullable=False),
    Column("updated", String(27), nullable=False),
    Column("row", Text, nullable=False),
    Column("filed_by", Text),
    Column("attention", Text),
    Index(None, "due", "ref"),
    Index(None, "status", "due", "ref", "side", "holder_house"),
    Index(None, "state", "due", "ref"),
    Index(None, "holder_function", "holder_house"),
    Index(None, "holder_actor"),
    Index(None, "filed_by"),
    Index(None, "attention"),
    Index(None, "folded"),
    Index(None, "theirs"),
    Index(None, "matter", "ref"),
    Index(None, "provider"),
    Index(None, "offered_to"),
    Index(None, "errands"),
)

# Other references by which a case is found, written as one searches for them. Made of the docket's rows, as
# is the next table.
ALIASES = Table(
    "aliases",
    METADATA,
    Column("alias", Text, primary_key=True),
    Column("ref", String(64), primary_key=True),
    Index(None, "ref"),
)

# The running time limits of every case, in the order of its row (`place`).
CLOCKS = Table(
    "clocks",
    METADATA,
    Column("ref", String(64), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("clock", Text, nullable=False),
    Column("due", String(27), nullable=False),
    Column("due_day", String(10), nullable=False),
    Column("started", String(27), nullable=False),
    Column("article", Text, nullable=False),
    Column("instrument", Text, nullable=False),
    Column("law", Boolean, nullable=False),
    Column("nature", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Index(None, "due", "ref"),
)

ATTEMPTS = Table(
    "attempts",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("begun", String(27), nullable=False),
    Column("reply", Text),
    Column("error", Text),
    Column("ended", String(27)),
    Index(None, "begun"),
)

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

HEADS = Table(
    "heads",
    METADATA,
    Column("entries", Integer, primary_key=True, autoincrement=False),
    Column("root", String(64), nullable=False),
    Column("at", String(27), nullable=False),
    Column("jws", Text, nullable=False),
)

ERASURES = Table(
    "erasures",
    METADATA,
    Column("ref", String(64), primary_key=True),
    Column("requested_by", Text, nullable=False),
    Column("requested", String(27), nullable=False),
    Column("reason", Text, nullable=False),
    Column("confirmed_by", Text),
    Column("confirmed", String(27)),
    Column("certificate", Text),
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

# Which recipients of a notice were told, or will never be. `recipient` is a digest of the address.
NOTICES = Table(
    "notices",
    METADATA,
    Column("notice", Text, primary_key=True),
    Column("recipient", String(64), primary_key=True),
    Column("taken", Boolean, nullable=False),
    Column("at", String(27), nullable=False),
)

# Until which day the recorded answer of a case is good, as of its last `move` that was looked at, and of
# which such day the case was `told`.
ANSWERS = Table(
    "answers",
    METADATA,
    Column("ref", String(64), primary_key=True),
    Column("move", Integer, nullable=False),
    Column("good_until", String(10)),
    Column("told", String(10)),
    Index(None, "good_until"),
)

# --- what the pages keep (secrets and drafts are encrypted under the house's key) ----------------------

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
