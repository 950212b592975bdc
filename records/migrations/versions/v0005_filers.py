"""Who filed a case, on the docket: what concerns somebody is found without looking at all the rest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Filled by `records.schema`, which makes the lists anew after the last step.
    op.add_column("docket", sa.Column("filed_by", sa.Text))


def downgrade() -> None:
    raise NotImplementedError("a downgrade would throw records away: restore a backup instead")
