"""Where people are reminded, who stands in for whom, and which notices were taken by whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mailboxes",
        sa.Column("account", sa.String(80), primary_key=True),
        sa.Column("email", sa.Text),
        sa.Column("quiet", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_mailboxes_account"),
    )
    op.create_table(
        "absences",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("deputy", sa.String(80), nullable=False),
        sa.Column("since", sa.String(10), nullable=False),
        sa.Column("until", sa.String(10)),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_absences_account"),
        sa.ForeignKeyConstraint(["deputy"], ["accounts.id"], name="fk_absences_deputy"),
    )
    op.create_index("ix_absences_account", "absences", ["account"])
    op.create_index("ix_absences_deputy", "absences", ["deputy"])
    op.create_table(
        "notices",
        sa.Column("notice", sa.Text, primary_key=True),
        sa.Column("recipient", sa.String(64), primary_key=True),
        sa.Column("taken", sa.Boolean, nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
    )


def downgrade() -> None:
    raise NotImplementedError("a downgrade would throw records away: restore a backup instead")
