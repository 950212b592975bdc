"""What needs somebody today, found in a long list: what a case wants attention for, and ways to look for
cases by status, State, holder and filer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Filled by `records.schema`, which makes the lists anew after the last step.
    op.add_column("docket", sa.Column("attention", sa.Text))
    for columns in (
        ["status", "due", "ref", "side", "holder_house"],
        ["state", "due", "ref"],
        ["holder_function", "holder_house"],
        ["holder_actor"],
        ["filed_by"],
        ["attention"],
    ):
        op.create_index("_".join(["ix", "docket", *columns]), "docket", columns)


def downgrade() -> None:
    raise NotImplementedError("a downgrade would throw records away: restore a backup instead")
