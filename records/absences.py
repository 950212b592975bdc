"""Who is away, and who stands in? Days are those of the house; until is the first day back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from records.database import Database
from records.moments import now, text_of
from records.tables import ABSENCES, ACCOUNTS
from schemas.errors import BadInput, Conflict, NotFound

STEPS = 3
"""How far standing in is followed where the deputy is away too."""

LAST = date.max
"""The first day back of one whose return is not known."""


@dataclass(frozen=True, slots=True)
class Absence:
    """`account` is away from `since` until the day before `until` (None: not known); `deputy` stands in."""

    number: int
    account: str
    deputy: str
    since: date
    until: date | None
    recorded_by: str

    def covers(self, day: date) -> bool:
        """Is the account away on `day`?"""
        return self.since <= day < (self.until or LAST)


def deputies(absences: Iterable[Absence], account: str, day: date) -> tuple[str, ...]:
    """Who stands in for `account` on `day`: the deputy, the deputy's own if that one is away too, and one
    more; nobody where the account is not away. The last one is who is there."""
    away = {each.account: each.deputy for each in absences if each.covers(day)}
    found: list[str] = []
    while account in away and len(found) < STEPS:
        account = away[account]
        found.append(account)
    return tuple(found)


def stands_in_for(absences: Iterable[Absence], deputy: str, day: date) -> tuple[str, ...]:
    """For whom `deputy` acts on `day`, through deputies who are away too."""
    known = list(absences)
    accounts = sorted({each.account for each in known})
    return tuple(each for each in accounts if deputy in deputies(known, each, day))


def in_circle(absences: Iterable[Absence], new: Absence) -> list[str]:
    """The accounts of a circle that `new` would close on some day; empty if there is none."""
    known = list(absences)
    for end in _ways(known, [new.account, new.deputy], new.since, new.until or LAST):
        if end[-1] == new.account:
            return end
    return []


def _ways(known: list[Absence], so_far: list[str], since: date, until: date) -> Iterator[list[str]]:
    # A deputy who is away leads on to theirs, for the days that both are away.
    for each in known:
        first, last = max(since, each.since), min(until, each.until or LAST)
        if each.account != so_far[-1] or first >= last:
            continue
        way = [*so_far, each.deputy]
        if each.deputy in so_far:
            yield way
        else:
            yield from _ways(known, way, first, last)


def _check(new: Absence, roles: dict[str, tuple[frozenset[str], str]], known: list[Absence]) -> None:
    for name in (new.account, new.deputy):
        if name not in roles:
            raise NotFound(f"There is no open account {name!r}.", where=name, next_step="see: people list")
    (mine, agency), (theirs, other) = roles[new.account], roles[new.deputy]
    if agency != other:
        raise BadInput(
            f"{new.deputy} works in {other}, {new.account} in {agency}: what one may see the other may not.",
            where="deputy",
            next_step="name somebody of the same agency, or offer the cases as a handoff",
        )
    if not mine & theirs:
        raise BadInput(
            f"{new.deputy} has none of the roles of {new.account}, and acts with their own only.",
            where="deputy",
            next_step=f"name somebody who is {' or '.join(sorted(mine))}",
        )
    for each in known:
        if each.account == new.account and max(each.since, new.since) < min(
            each.until or LAST, new.until or LAST
        ):
            raise Conflict(
                f"{new.account} is away from {each.since} already (absence {each.number}).",
                where="since",
                next_step="end that one first",
            )
    circle = in_circle(known, new)
    if circle:
        raise BadInput(
            f"They would stand in for one another in a circle: {' → '.join(circle)}.",
            where="deputy",
            next_step="name somebody who is there on these days",
            code="deputies-in-circle",
        )


class Absences:
    """The absences of one house."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, account: str, deputy: str, since: date, until: date | None, by: str) -> Absence:
        """Record an absence. The same again gives the one there is.

        Raises NotFound (no such open account), Conflict (away already on one of the days), BadInput (no day
        at all, one's own deputy, another agency, no role in common, or a circle: `deputies-in-circle`).
        """
        if until is not None and until <= since:
            raise BadInput(
                f"Away from {since} and back on {until} is no day at all.",
                where="until",
                next_step="until is the first day back",
            )
        if account == deputy:
            raise BadInput("Nobody stands in for themself.", where="deputy", next_step="name somebody else")

        def work(connection: Connection) -> Absence:
            last = connection.scalar(select(func.max(ABSENCES.c.number))) or 0
            new = Absence(last + 1, account, deputy, since, until, by)
            known = _read(connection)
            for each in known:
                if (each.account, each.deputy, each.since, each.until) == (account, deputy, since, until):
                    return each
            _check(new, _open_accounts(connection), known)
            row = {
                "number": new.number,
                "account": account,
                "deputy": deputy,
                "since": since.isoformat(),
                "until": until.isoformat() if until else None,
                "recorded_by": by,
                "recorded": text_of(now()),
            }
            connection.execute(insert(ABSENCES), row)
            return new

        return self._database.write(work)

    def end(self, number: int, day: date) -> Absence:
        """Back on `day`; one that had not begun by then is taken away. Raises NotFound."""

        def work(connection: Connection) -> Absence:
            found = [each for each in _read(connection) if each.number == number]
            if not found:
                raise NotFound(f"There is no absence {number}.", where=str(number), next_step="list them")
            absence = found[0]
            one = ABSENCES.c.number == number
            if absence.since >= day:
                connection.execute(delete(ABSENCES).where(one))
            elif absence.until is None or absence.until > day:
                connection.execute(update(ABSENCES).where(one).values(until=day.isoformat()))
            return absence

        return self._database.write(work)

    def one(self, number: int) -> Absence:
        """One absence. Raises NotFound."""
        with self._database.read() as connection:
            found = [each for each in _read(connection) if each.number == number]
        if not found:
            raise NotFound(f"There is no absence {number}.", where=str(number), next_step="list them")
        return found[0]

    def current(self, day: date) -> list[Absence]:
        """Absences that cover `day` or come after it, the earliest first."""
        with self._database.read() as connection:
            return _read(connection, day)


def _read(connection: Connection, day: date | None = None) -> list[Absence]:
    chosen = select(ABSENCES).order_by(ABSENCES.c.since, ABSENCES.c.number)
    if day is not None:
        chosen = chosen.where(or_(ABSENCES.c.until.is_(None), ABSENCES.c.until > day.isoformat()))
    return [
        Absence(
            row.number,
            row.account,
            row.deputy,
            date.fromisoformat(row.since),
            date.fromisoformat(row.until) if row.until else None,
            row.recorded_by,
        )
        for row in connection.execute(chosen)
    ]


def _open_accounts(connection: Connection) -> dict[str, tuple[frozenset[str], str]]:
    rows = connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.closed.is_(None)))
    return {row.id: (frozenset(row.roles.split()), row.agency) for row in rows}
