"""Until which day the recorded answer of a case is good, and of which day it was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("ref", sa.String(64), primary_key=True),
        sa.Column("move", sa.Integer, nullable=False),
        sa.Column("good_until", sa.String(10)),
        sa.Column("told", sa.String(10)),
    )
    op.create_index("ix_answers_good_until", "answers", ["good_until"])


def downgrade() -> None:
    raise NotImplementedError("a downgrade would throw records away: restore a backup instead")
