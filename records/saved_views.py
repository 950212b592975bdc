"""Under which names does an account keep its lists of cases? A view is a filter, no content."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from records.database import Database
from records.tables import SAVED_VIEWS
from schemas.errors import BadInput

MOST = 50
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class SavedView:
    """`query`: the filter as it stands in the address of the list."""

    name: str
    query: str


class SavedViews:
    """The saved views of the accounts of one house."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, account: str, name: str, query: str) -> None:
        """Keep `query` as `name`, in the place of one of that name. Raises BadInput for too long a name, or
        one view too many."""
        if not name.strip() or len(name) > LONGEST_NAME:
            raise BadInput(
                f"A view needs a name of up to {LONGEST_NAME} letters.",
                where="name",
                next_step="give it a short name",
            )

        def work(connection: Connection) -> None:
            mine = SAVED_VIEWS.c.account == account
            connection.execute(delete(SAVED_VIEWS).where(mine, SAVED_VIEWS.c.name == name))
            count = connection.scalar(select(func.count()).select_from(SAVED_VIEWS).where(mine))
            if (count or 0) >= MOST:
                raise BadInput(
                    f"There are {MOST} saved views already.", where="name", next_step="delete one of them"
                )
            connection.execute(insert(SAVED_VIEWS), {"account": account, "name": name, "query": query})

        self._database.write(work)

    def delete(self, account: str, name: str) -> None:
        """Forget the view; nothing happens if there is none."""
        gone = delete(SAVED_VIEWS).where(SAVED_VIEWS.c.account == account, SAVED_VIEWS.c.name == name)
        self._database.write(lambda connection: connection.execute(gone))

    def of(self, account: str) -> list[SavedView]:
        """The views of one account, by name."""
        wanted = select(SAVED_VIEWS).where(SAVED_VIEWS.c.account == account).order_by(SAVED_VIEWS.c.name)
        with self._database.read() as connection:
            return [SavedView(row.name, row.query) for row in connection.execute(wanted)]
