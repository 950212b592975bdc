"""How does Alembic run our steps? On the connection it is handed, inside the transaction it finds there."""

from __future__ import annotations

from alembic import context

from records.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
