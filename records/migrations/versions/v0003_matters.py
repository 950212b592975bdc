"""Matters, other references and clocks on the docket; no hold apart from the case's moves any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A hold that was put on apart from the moves stays on.
    op.execute(sa.text("UPDATE cases SET held = (held OR held_apart)"))
    op.drop_column("cases", "held_apart")
    # The lists are made of the ledger: `records.schema` makes them anew after the last step.
    op.drop_table("docket")
    _docket()
    _aliases()
    _clocks()


def _docket() -> None:
    op.create_table(
        "docket",
        sa.Column("ref", sa.String(64), primary_key=True),
        sa.Column("folded", sa.String(64), nullable=False),
        sa.Column("theirs", sa.Text),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("state", sa.String(2), nullable=False),
        sa.Column("instrument", sa.String(80)),
        sa.Column("holder_house", sa.Text, nullable=False),
        sa.Column("holder_function", sa.Text, nullable=False),
        sa.Column("holder_actor", sa.Text),
        sa.Column("due", sa.String(27), nullable=False),
        sa.Column("matter", sa.Text),
        sa.Column("provider", sa.Text),
        sa.Column("offered_to", sa.Text),
        sa.Column("errands", sa.Integer, nullable=False),
        sa.Column("updated", sa.String(27), nullable=False),
        sa.Column("row", sa.Text, nullable=False),
    )
    for columns in (["due", "ref"], ["folded"], ["theirs"], ["matter", "ref"], ["provider"], ["offered_to"]):
        op.create_index(f"ix_docket_{'_'.join(columns)}", "docket", columns)
    op.create_index("ix_docket_errands", "docket", ["errands"])


def _aliases() -> None:
    op.create_table(
        "aliases",
        sa.Column("alias", sa.Text, primary_key=True),
        sa.Column("ref", sa.String(64), primary_key=True),
    )
    op.create_index("ix_aliases_ref", "aliases", ["ref"])


def _clocks() -> None:
    op.create_table(
        "clocks",
        sa.Column("ref", sa.String(64), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("clock", sa.Text, nullable=False),
        sa.Column("due", sa.String(27), nullable=False),
        sa.Column("due_day", sa.String(10), nullable=False),
        sa.Column("started", sa.String(27), nullable=False),
        sa.Column("article", sa.Text, nullable=False),
        sa.Column("instrument", sa.Text, nullable=False),
        sa.Column("law", sa.Boolean, nullable=False),
        sa.Column("nature", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
    )
    op.create_index("ix_clocks_due_ref", "clocks", ["due", "ref"])


def downgrade() -> None:
    raise NotImplementedError("a downgrade would throw records away: restore a backup instead")
