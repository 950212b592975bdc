"""Which tables hold the cases: what is written of them, their keys, and how they are found again?"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from records.tables.metadata import METADATA

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

COUNTERS = Table(
    "counters",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("value", Integer, nullable=False),
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
