"""The first tables: cases and their keys, ledger, states, docket, attempts, accounts, heads, erasures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _small_tables()
    _cases()
    _ledger()
    _docket()
    _accounts()
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgres()


def _small_tables() -> None:
    op.create_table(
        "house_facts",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.Integer, nullable=False),
    )
    op.create_table(
        "attempts",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("begun", sa.String(27), nullable=False),
        sa.Column("reply", sa.Text),
        sa.Column("error", sa.Text),
        sa.Column("ended", sa.String(27)),
    )
    op.create_index("ix_attempts_begun", "attempts", ["begun"])
    op.create_table(
        "heads",
        sa.Column("entries", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("jws", sa.Text, nullable=False),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("ref", sa.String(64), primary_key=True),
        sa.Column("folded", sa.String(64), nullable=False),
        sa.Column("reserved", sa.String(27), nullable=False),
        sa.Column("kind", sa.String(20)),
        sa.Column("retention", sa.String(40)),
        sa.Column("opened", sa.String(27)),
        sa.Column("closed", sa.String(27)),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.Column("held_apart", sa.Boolean, nullable=False),
        sa.Column("erased", sa.String(27)),
        sa.UniqueConstraint("folded", name="uq_cases_folded"),
    )
    op.create_table(
        "case_keys",
        sa.Column("ref", sa.String(64), primary_key=True),
        sa.Column("wrapped", sa.LargeBinary),
        sa.Column("master", sa.String(16), nullable=False),
        sa.Column("made", sa.String(27), nullable=False),
        sa.Column("destroyed", sa.String(27)),
    )
    op.create_table(
        "states",
        sa.Column("ref", sa.String(64), primary_key=True),
        sa.Column("move", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.String(71), nullable=False),
    )
    op.create_table(
        "erasures",
        sa.Column("ref", sa.String(64), primary_key=True),
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("requested", sa.String(27), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("confirmed_by", sa.Text),
        sa.Column("confirmed", sa.String(27)),
        sa.Column("certificate", sa.Text),
    )


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("ref", sa.String(64), nullable=False),
        sa.Column("move", sa.Integer),
        sa.Column("note", sa.Integer),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("house", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("message", sa.Text),
        sa.Column("sealed", sa.String(71)),
        sa.Column("row", sa.Text),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("body_digest", sa.String(71), nullable=False),
        sa.Column("under", sa.String(64), nullable=False),
        sa.Column("state", sa.String(71)),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("ref", "move", name="uq_ledger_ref_move"),
        sa.UniqueConstraint("ref", "note", name="uq_ledger_ref_note"),
        sa.CheckConstraint("(move IS NULL) <> (note IS NULL)", name=op.f("ck_ledger_move_or_note")),
    )
    op.create_index("ix_ledger_ref_seq", "ledger", ["ref", "seq"])
    op.create_index("ix_ledger_message", "ledger", ["message"])


def _docket() -> None:
    op.create_table(
        "docket",
        sa.Column("ref", sa.String(64), primary_key=True),
        sa.Column("folded", sa.String(64), nullable=False),
        sa.Column("theirs", sa.Text),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("state", sa.String(2), nullable=False),
        sa.Column("instrument", sa.String(80)),
        sa.Column("holder_house", sa.Text, nullable=False),
        sa.Column("holder_function", sa.Text, nullable=False),
        sa.Column("holder_actor", sa.Text),
        sa.Column("due", sa.String(27), nullable=False),
        sa.Column("row", sa.Text, nullable=False),
    )
    op.create_index("ix_docket_due_ref", "docket", ["due", "ref"])
    op.create_index("ix_docket_folded", "docket", ["folded"])
    op.create_index("ix_docket_theirs", "docket", ["theirs"])


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("created", sa.String(27), nullable=False),
        sa.Column("closed", sa.String(27)),
    )
    op.create_table(
        "tokens",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column(
            "account", sa.String(80), sa.ForeignKey("accounts.id", name="fk_tokens_account"), nullable=False
        ),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("made", sa.String(27), nullable=False),
        sa.Column("expires", sa.String(27)),
        sa.Column("revoked", sa.String(27)),
    )
    op.create_index("ix_tokens_account", "tokens", ["account"])


def _guard_sqlite() -> None:
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER ledger_no_{change.lower()} BEFORE {change} ON ledger "
            "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        )
    op.execute(
        "CREATE TRIGGER ledger_next BEFORE INSERT ON ledger "
        "WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM ledger) "
        "BEGIN SELECT RAISE(ABORT, 'the ledger has no gaps'); END"
    )


def _guard_postgres() -> None:
    op.execute(
        "CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE ON ledger "
        "FOR EACH ROW EXECUTE FUNCTION ledger_append_only()"
    )
    op.execute(
        "CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON ledger "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"
    )
    op.execute(
        "CREATE FUNCTION ledger_next_seq() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM ledger) THEN "
        "RAISE EXCEPTION 'the ledger has no gaps'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_next BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION ledger_next_seq()"
    )


def downgrade() -> None:
    raise NotImplementedError("a downgrade would throw records away: restore a backup instead")
