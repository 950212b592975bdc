"""What the pages keep: sessions and ways to sign in, drafts being written, forms kept over a lost session,
saved views and each account's own settings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("means", sa.String(20), nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("made", sa.String(27), nullable=False),
        sa.Column("seen", sa.String(27), nullable=False),
        sa.Column("ends", sa.String(27), nullable=False),
    )
    op.create_index("ix_sessions_account", "sessions", ["account"])
    op.create_table(
        "credentials",
        sa.Column("id", sa.String(200), primary_key=True),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("counter", sa.BigInteger, nullable=False),
        sa.Column("made", sa.String(27), nullable=False),
        sa.Column("used", sa.String(27)),
    )
    op.create_index("ix_credentials_account", "credentials", ["account"])
    op.create_table(
        "identities",
        sa.Column("issuer", sa.String(300), primary_key=True),
        sa.Column("subject", sa.String(255), primary_key=True),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("made", sa.String(27), nullable=False),
    )
    op.create_table(
        "sign_ins",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("ends", sa.String(27), nullable=False),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
    )
    op.create_index("ix_sign_in_failures_account_at", "sign_in_failures", ["account", "at"])
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("agency", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("made", sa.String(27), nullable=False),
        sa.Column("changed", sa.String(27), nullable=False),
        sa.Column("changed_by", sa.String(80), nullable=False),
        sa.Column("ref", sa.String(64)),
    )
    op.create_index("ix_drafts_account", "drafts", ["account"])
    op.create_table(
        "kept_forms",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("made", sa.String(27), nullable=False),
    )
    op.create_table(
        "saved_views",
        sa.Column("account", sa.String(80), primary_key=True),
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("query", sa.Text, nullable=False),
    )
    op.create_table(
        "preferences",
        sa.Column("account", sa.String(80), primary_key=True),
        sa.Column("language", sa.String(8)),
    )


def downgrade() -> None:
    raise NotImplementedError("a downgrade would throw records away: restore a backup instead")
