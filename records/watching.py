"""What has the watch over the law looked at, and which cases did it tell that their answer is over?

A mark says up to what the open cases were looked at, so that nothing is looked at twice, nobody is told twice
and nobody is missed, whenever the house is started again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, insert, or_, select, update

from records.database import Database
from records.moments import moment_of, text_of
from records.tables import ANSWERS, DOCKET, HOUSE_FACTS, STATES
from schemas.lifecycle import FINAL

_NAME = "watch:{}"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the watch over one thing is.

    `settled`: up to what every open case was looked at (empty: never); `coming`: what counts since `since`,
    and whether the cases were `swept` for it once: a case may for a while still be filed by what counted
    before.
    """

    settled: str
    coming: str
    since: datetime
    swept: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The recorded answer of a case: until which day it is good, as of that move."""

    ref: str
    move: int
    good_until: date | None


class Watching:
    """The marks of one house, and the days until which the answers of its cases are good."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mark(self, name: str) -> Mark | None:
        """The mark of that name; None: the thing was never looked at."""
        chosen = select(HOUSE_FACTS.c.value).where(HOUSE_FACTS.c.name == _NAME.format(name))
        with self._database.read() as connection:
            found = connection.scalar(chosen)
        if found is None:
            return None
        told = json.loads(found)
        return Mark(told["settled"], told["coming"], moment_of(told["since"]), told["swept"])

    def set_mark(self, name: str, mark: Mark) -> None:
        """Put `mark` in the place of the one before."""
        value = json.dumps(asdict(mark) | {"since": text_of(mark.since)})
        key = _NAME.format(name)

        def work(connection: Connection) -> None:
            put = update(HOUSE_FACTS).where(HOUSE_FACTS.c.name == key).values(value=value)
            if connection.execute(put).rowcount == 0:
                connection.execute(insert(HOUSE_FACTS), {"name": key, "value": value})

        self._database.write(work)

    # --- until when answers are good ------------------------------------------------------------------

    def unread(self) -> list[str]:
        """References of the open cases that moved since their answer was noted, or were never noted."""
        states = DOCKET.join(STATES, STATES.c.ref == DOCKET.c.ref)
        known = states.outerjoin(ANSWERS, ANSWERS.c.ref == DOCKET.c.ref)
        moved = or_(ANSWERS.c.ref.is_(None), ANSWERS.c.move != STATES.c.move)
        chosen = select(DOCKET.c.ref).select_from(known).where(DOCKET.c.status.not_in(FINAL), moved)
        with self._database.read() as connection:
            return list(connection.execute(chosen).scalars())

    def note(self, answers: Iterable[Answer]) -> None:
        """Remember until when these answers are good. A case that was told of the same day stays told."""
        rows = [
            {
                "move": one.move,
                "good_until": None if one.good_until is None else one.good_until.isoformat(),
                "case": one.ref,
            }
            for one in answers
        ]

        def work(connection: Connection) -> None:
            for row in rows:
                ref = row.pop("case")
                if connection.execute(update(ANSWERS).where(ANSWERS.c.ref == ref).values(row)).rowcount == 0:
                    connection.execute(insert(ANSWERS), {"ref": ref, **row})

        self._database.write(work)

    def over(self, today: date) -> list[tuple[str, date]]:
        """Open cases whose answer was good until a day that has come, and which were not told of that day."""
        untold = or_(ANSWERS.c.told.is_(None), ANSWERS.c.told != ANSWERS.c.good_until)
        chosen = (
            select(ANSWERS.c.ref, ANSWERS.c.good_until)
            .join(DOCKET, DOCKET.c.ref == ANSWERS.c.ref)
            .where(
                and_(ANSWERS.c.good_until <= today.isoformat(), untold),
                DOCKET.c.status.not_in(FINAL),
            )
            .order_by(ANSWERS.c.ref)
        )
        with self._database.read() as connection:
            return [(row.ref, date.fromisoformat(row.good_until)) for row in connection.execute(chosen)]

    def told(self, ref: str, day: date) -> None:
        """The case was told that its answer was good until `day`."""

        def work(connection: Connection) -> None:
            connection.execute(update(ANSWERS).where(ANSWERS.c.ref == ref).values(told=day.isoformat()))

        self._database.write(work)
