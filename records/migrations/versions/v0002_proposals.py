"""Changes of the law that a house accepts, the editions they lead to, and which of them cases were told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposals",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("digest", sa.String(71), nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("proposed", sa.String(27), nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided", sa.String(27)),
        sa.Column("reason", sa.Text),
        sa.Column("place", sa.Integer),
        sa.Column("day", sa.String(10)),
        sa.Column("edition", sa.String(71)),
        sa.UniqueConstraint("place", name="uq_proposals_place"),
    )
    op.create_table(
        "editions",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("edition", sa.String(71), nullable=False),
        sa.Column("accepted", sa.Integer, nullable=False),
        sa.Column("seen", sa.String(27), nullable=False),
        sa.UniqueConstraint("edition", name="uq_editions_edition"),
    )
    op.create_table(
        "watched",
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(27), nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgres()


def _guard_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER proposals_no_delete BEFORE DELETE ON proposals "
        "BEGIN SELECT RAISE(ABORT, 'a proposal is never removed'); END"
    )
    op.execute(
        "CREATE TRIGGER proposals_decided BEFORE UPDATE ON proposals WHEN OLD.status <> 'open' "
        "BEGIN SELECT RAISE(ABORT, 'a decided proposal does not change'); END"
    )


def _guard_postgres() -> None:
    # A restore drops the tables and leaves the function behind: it is then made once more.
    op.execute(
        "CREATE OR REPLACE FUNCTION proposals_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a proposal is never removed'; END IF; "
        "IF OLD.status <> 'open' THEN RAISE EXCEPTION 'a decided proposal does not change'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER proposals_keep BEFORE UPDATE OR DELETE ON proposals "
        "FOR EACH ROW EXECUTE FUNCTION proposals_keep()"
    )


def downgrade() -> None:
    raise NotImplementedError("a downgrade would throw records away: restore a backup instead")
