"""Which changes of the law were proposed here, who decided on them, and which edition came of it?

An accepted proposal is law of this house: it is folded onto what the program ships, in the order of `place`,
whenever a registry is opened. Its content is text that only the law rooms read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from records.database import Database
from records.ledger import Ledger, append, tip
from records.moments import moment_of, moment_or_none, now, text_of
from records.references import HOUSE
from records.tables import EDITIONS, PROPOSALS, WATCHED
from schemas.errors import BadData, Conflict, NotAllowed, NotFound
from schemas.ids import Digest, digest
from schemas.moves import Actor

OPEN, ACCEPTED, REFUSED = "open", "accepted", "refused"
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal. `content` is the draft as JSON; the fields from `decided_by` on are None while it is
    open, the last three unless it was accepted. `reason`: why it was refused, or a remark on accepting it."""

    number: int
    status: str
    title: str
    content: str
    digest: Digest
    proposed_by: str
    proposed: datetime
    decided_by: str | None
    decided: datetime | None
    reason: str | None
    place: int | None
    day_known: date | None
    edition: str | None

    @property
    def day(self) -> date:
        """The day from which its facts were known here."""
        if self.day_known is None:
            raise Conflict(f"Proposal {self.number} was not accepted.", next_step="accept it first")
        return self.day_known


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition that counted here: since when, and how many accepted proposals are in it."""

    number: int
    edition: str
    accepted: int
    seen: datetime


class Proposals:
    """The proposals and editions of one house."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger

    # --- proposing and deciding -----------------------------------------------------------------------

    def add(self, actor: Actor, title: str, content: str, at: datetime) -> Proposal:
        """A new open proposal."""
        values = {
            "status": OPEN,
            "title": title,
            "content": content,
            "digest": digest(content.encode()),
            "proposed_by": actor.id,
            "proposed": text_of(at),
        }

        def work(connection: Connection) -> int:
            number = (connection.scalar(select(func.max(PROPOSALS.c.number))) or 0) + 1
            connection.execute(insert(PROPOSALS), {**values, "number": number})
            told = {"proposal": number, "title": title, "digest": values["digest"]}
            self._note(connection, actor, "law-proposed", told, at)
            return number

        return self.get(self._database.write(work))

    def accept(
        self,
        number: int,
        actor: Actor,
        *,
        at: datetime,
        day: date,
        place: int,
        edition: str,
        reason: str = "",
    ) -> Proposal:
        """Accepts it as the accepted proposal number `place`, which makes `edition`; its facts are known from
        `day` on.

        Raises NotFound; NotAllowed (`four-eyes`) for the one who proposed it; Conflict if it is decided, or
        if another was accepted since `place` was counted (`law-moved-on`: look at it again).
        """

        def work(connection: Connection) -> None:
            row = self._acceptable(connection, number, actor)
            if place != self._count(connection) + 1:
                raise Conflict(
                    "Another change of the law was accepted in the meantime.",
                    where=f"proposal {number}",
                    next_step="look at its impact again, then accept it",
                    code="law-moved-on",
                )
            values = {"place": place, "day": day.isoformat(), "edition": edition}
            self._decide(connection, row, actor, ACCEPTED, reason, at, values)

        self._database.write(work)
        return self.get(number)

    def acceptable(self, number: int, actor: Actor) -> Proposal:
        """The open proposal, for one who may accept it. Raises NotFound, Conflict, NotAllowed as `accept`."""
        with self._database.read() as connection:
            return _proposal(self._acceptable(connection, number, actor))

    def refuse(self, number: int, actor: Actor, reason: str, at: datetime) -> Proposal:
        """Refuses it, or withdraws it if the actor proposed it. Raises NotFound, Conflict if decided."""

        def work(connection: Connection) -> None:
            self._decide(connection, self._open(connection, number), actor, REFUSED, reason, at, {})

        self._database.write(work)
        return self.get(number)

    # --- reading --------------------------------------------------------------------------------------

    def get(self, number: int) -> Proposal:
        """Raises NotFound; BadData if its content is not what was proposed."""
        with self._database.read() as connection:
            row = connection.execute(select(PROPOSALS).where(PROPOSALS.c.number == number)).first()
        if row is None:
            raise _unknown(number)
        return _proposal(row)

    def find(
        self, status: str | None = None, *, limit: int = 50, before: int | None = None
    ) -> list[Proposal]:
        """The newest first, at most MOST_ROWS; `before`: with lower numbers only."""
        chosen = select(PROPOSALS).order_by(PROPOSALS.c.number.desc()).limit(min(max(limit, 1), MOST_ROWS))
        if status is not None:
            chosen = chosen.where(PROPOSALS.c.status == status)
        if before is not None:
            chosen = chosen.where(PROPOSALS.c.number < before)
        with self._database.read() as connection:
            return [_proposal(row) for row in connection.execute(chosen)]

    def count(self) -> int:
        """How many were accepted so far. Quick: it is asked before every question of law."""
        with self._database.read() as connection:
            return self._count(connection)

    def accepted(self, after: int = 0) -> list[Proposal]:
        """The accepted ones in the order in which they count, without the first `after`."""
        chosen = select(PROPOSALS).where(PROPOSALS.c.place > after).order_by(PROPOSALS.c.place)
        with self._database.read() as connection:
            return [_proposal(row) for row in connection.execute(chosen)]

    # --- editions and the watch -----------------------------------------------------------------------

    def saw(self, edition: str, accepted: int) -> None:
        """Remember that `edition`, with so many accepted proposals in it, counts here."""
        known = select(EDITIONS.c.number).where(EDITIONS.c.edition == edition)
        with self._database.read() as connection:
            if connection.scalar(known) is not None:
                return

        def work(connection: Connection) -> None:
            if connection.scalar(known) is None:
                number = (connection.scalar(select(func.max(EDITIONS.c.number))) or 0) + 1
                row = {"number": number, "edition": edition, "accepted": accepted, "seen": text_of(now())}
                connection.execute(insert(EDITIONS), row)

        self._database.write(work)

    def editions(self) -> list[Edition]:
        """Every edition that counted here, in order."""
        with self._database.read() as connection:
            rows = connection.execute(select(EDITIONS).order_by(EDITIONS.c.number)).all()
        return [Edition(row.number, row.edition, row.accepted, moment_of(row.seen)) for row in rows]

    def unwatched(self) -> list[Proposal]:
        """Accepted proposals of which not every open case has been told yet."""
        told = select(WATCHED.c.place)
        chosen = select(PROPOSALS).where(PROPOSALS.c.place.is_not(None), PROPOSALS.c.place.not_in(told))
        with self._database.read() as connection:
            return [_proposal(row) for row in connection.execute(chosen.order_by(PROPOSALS.c.place))]

    def watched(self, place: int, at: datetime) -> None:
        """Every open case has been told of the accepted proposal at `place`."""

        def work(connection: Connection) -> None:
            if connection.scalar(select(WATCHED.c.place).where(WATCHED.c.place == place)) is None:
                connection.execute(insert(WATCHED), {"place": place, "at": text_of(at)})

        self._database.write(work)

    # --- inside ---------------------------------------------------------------------------------------

    @staticmethod
    def _count(connection: Connection) -> int:
        return connection.scalar(select(func.max(PROPOSALS.c.place))) or 0

    @staticmethod
    def _open(connection: Connection, number: int) -> Row[Any]:
        row = connection.execute(select(PROPOSALS).where(PROPOSALS.c.number == number)).first()
        if row is None:
            raise _unknown(number)
        if row.status != OPEN:
            raise Conflict(
                f"Proposal {number} was {row.status} by {row.decided_by}.",
                where=f"proposal {number}",
                next_step="propose the change anew if it is still wanted",
                code="decided",
            )
        return row

    def _acceptable(self, connection: Connection, number: int, actor: Actor) -> Row[Any]:
        row = self._open(connection, number)
        if row.proposed_by == actor.id:
            raise NotAllowed(
                "Who proposed a change of the law does not accept it.",
                where=f"proposal {number}",
                next_step="have a second person of the treaty desk accept it",
                code="four-eyes",
            )
        return row

    def _decide(
        self,
        connection: Connection,
        row: Row[Any],
        actor: Actor,
        status: str,
        reason: str,
        at: datetime,
        more: dict[str, Any],
    ) -> None:
        decided = {"status": status, "decided_by": actor.id, "decided": text_of(at), "reason": reason}
        connection.execute(
            update(PROPOSALS).where(PROPOSALS.c.number == row.number).values({**decided, **more})
        )
        told = {"proposal": row.number, "digest": row.digest, "reason": reason, **more}
        self._note(connection, actor, f"law-{status}", told, at)

    def _note(
        self, connection: Connection, actor: Actor, event: str, told: dict[str, Any], at: datetime
    ) -> None:
        draft = self._ledger.draft(HOUSE, actor, event, told, at)
        append(connection, draft, tip(connection, HOUSE), move=False)


def _unknown(number: int) -> NotFound:
    return NotFound(
        f"There is no proposal {number}.", where=f"proposal {number}", next_step="see the list of proposals"
    )


def _proposal(row: Row[Any]) -> Proposal:
    if digest(row.content.encode()) != row.digest:
        raise BadData(
            f"The content of proposal {row.number} was altered.",
            where=f"proposal {row.number}",
            next_step="verify the ledger, and restore a backup",
        )
    return Proposal(
        number=row.number,
        status=row.status,
        title=row.title,
        content=row.content,
        digest=row.digest,
        proposed_by=row.proposed_by,
        proposed=moment_of(row.proposed),
        decided_by=row.decided_by,
        decided=moment_or_none(row.decided),
        reason=row.reason,
        place=row.place,
        day_known=date.fromisoformat(row.day) if row.day else None,
        edition=row.edition,
    )
