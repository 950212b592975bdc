"""How do open cases come over from an office's old register? Row by row, all checked before any is taken.

A register is a table (CSV or XLSX) whose first row names the columns. What happened before is not retold: the
case starts in the status the register gives, and its history says "taken over".
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from desk import register
from desk.known import Known, known_here
from desk.office import TAKEN_OVER, Office
from desk.problems import SeveralFaults, WrongForm
from desk.refused_files import registering
from desk.register import Row
from schemas.case import CaseState, Counterpart
from schemas.deadline import Deadline
from schemas.errors import BadInput, Conflict, RogatoryError, UnknownWord
from schemas.handoff import Holder
from schemas.lifecycle import FINAL, LIFECYCLES
from schemas.moves import Actor
from schemas.request import Line, MlaRequest
from schemas.settings import Settings
from schemas.vocabulary import Kind, Measure, Side, word
from treaties.registry import Registry

MEDIA = frozenset({register.CSV, register.XLSX})
COLUMNS = (
    "ref", "their_ref", "kind", "side", "counterpart", "counterpart_house", "status", "opened", "measures",
    "urgent", "child", "holder", "held_since", "due", "due_what", "instrument",
)  # fmt: skip
REQUIRED = ("side", "counterpart", "status", "opened", "measures")
MAX_FAULTS = 100

OLDEST = timedelta(days=36_525)
"""No case is open for a hundred years: the year is a slip of the pen."""

_LINE: TypeAdapter[str] = TypeAdapter(Line)


@dataclass(frozen=True, slots=True)
class Taken:
    """One case ready to be taken over: its row in the register, and its state (reference empty if new)."""

    row: Row
    ref: str
    state: CaseState


async def take_over(
    office: Office,
    registry: Registry,
    actor: Actor,
    content: bytes,
    media: str,
    key: str,
    *,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Take every case of the register over: `{taken: [{row, ref}], refused: [{where, what}]}`.

    Raises SeveralFaults (every faulty cell named) before anything is taken. A reference that is in use, ours
    or theirs, is refused on its row and the others go on; the same `key` again takes nothing twice.
    """
    cases = await asyncio.to_thread(_read, office, registry, actor, content, media)
    taken, refused, ready = [], [], 0
    for case in cases:
        name = f"{key}#{case.row.number}"
        there = await asyncio.to_thread(_there, office, case, f"{actor.id}:{name}")
        if there is not None:
            what = f"{case.state.counterpart.ref} is a case here already: {there}."
            refused.append(_fault(case.row, "their_ref", what, "leave the row out, or file it by hand"))
            continue
        ready += 1
        if dry_run:
            continue
        try:
            ref = await office.take_over(actor, case.state, case.ref or None, name)
        except (Conflict, BadInput) as error:
            refused.append({"where": case.row.cell("ref"), "what": error.what, "next": error.next_step})
            continue
        taken.append({"row": case.row.number, "ref": ref})
    return {"taken": taken, "refused": refused, **({"ready": ready} if dry_run else {})}


def _read(office: Office, registry: Registry, actor: Actor, content: bytes, media: str) -> list[Taken]:
    with registering(office.records, actor, content, "register"):
        return cases_of(rows_of(content, media), office.settings, actor, known_here(office, registry))


def _there(office: Office, case: Taken, key: str) -> str | None:
    """The case that the other side knows by the same reference, if there is one: a register read twice. Not
    under the same key: what was taken then is told again."""
    if office.records.attempts.answered(key):
        return None
    theirs = case.state.counterpart
    rows = office.records.docket.by_reference(theirs.ref) if theirs.ref else []
    same = [row for row in rows if (row.side, row.counterpart_state) == (case.state.side, theirs.state)]
    return next((row.ref for row in same if row.their_ref == theirs.ref), None)


def rows_of(content: bytes, media: str) -> list[Row]:
    """The rows of a register as text. Raises WrongForm, or BadInput naming the cell (as for a formula)."""
    if media == register.CSV:
        rows = register.from_csv(content)
    elif media == register.XLSX:
        rows = register.from_xlsx(content)
    else:
        raise WrongForm(
            f"{media or 'nothing'} is no register.",
            where="Content-Type",
            next_step=" or ".join(sorted(MEDIA)),
        )
    if not rows:
        raise BadInput(
            "The register has no rows.", where="A2", next_step="one case a row, below the headings"
        )
    _check_columns(rows[0])
    return rows


def cases_of(rows: list[Row], settings: Settings, actor: Actor, known: Known) -> list[Taken]:
    """The cases of the rows. Raises SeveralFaults with every cell that cannot be used."""
    now = datetime.now(UTC)
    found: list[Taken] = []
    faults: list[dict[str, str]] = []
    refs: dict[str, int] = {}
    for row in rows:
        case = _case(_Reader(row, ZoneInfo(settings.time_zone), known, faults), settings, actor, now)
        if case is None:
            continue
        if case.ref and case.ref in refs:
            faults.append(
                _fault(row, "ref", f"{case.ref} stands in row {refs[case.ref]} already", "keep one")
            )
        refs.setdefault(case.ref, row.number)
        found.append(case)
    if faults:
        more = f" (the first {MAX_FAULTS} are told)" if len(faults) > MAX_FAULTS else ""
        raise SeveralFaults(
            f"{len(faults)} cells cannot be used{more}; nothing was taken over.", faults[:MAX_FAULTS]
        )
    return found


# --- one row ------------------------------------------------------------------------------------------


class _Reader:
    """Reads the cells of one row, keeping every fault."""

    def __init__(self, row: Row, zone: ZoneInfo, known: Known, faults: list[dict[str, str]]) -> None:
        self.row = row
        self.zone = zone
        self.known = known
        self.faults = faults
        self.before = len(faults)

    def whole(self) -> bool:
        return len(self.faults) == self.before

    def text(self, column: str, default: str = "") -> str:
        return self.row.values.get(column, "") or default

    def fault(self, column: str, what: str, next_step: str) -> None:
        self.faults.append(_fault(self.row, column, what, next_step))

    def day(self, column: str) -> date | None:
        text = self.text(column)
        if not text:
            return None
        try:
            found = date.fromisoformat(text[:10])
        except ValueError:
            found = date.min
        # At the ends of the calendar another time zone's day is in no calendar.
        if not date.min.year < found.year < date.max.year:
            self.fault(column, f"{text[:40]!r} is not a day", "write it as 2026-11-21")
            return None
        return found

    def moment(self, column: str, now: datetime) -> datetime | None:
        """Noon of the day in the house's time zone, so that it is that day in most others too; never later
        than `now` on the day that it is."""
        day = self.day(column)
        if day is None:
            return None
        noon = datetime.combine(day, time(12), self.zone).astimezone(UTC)
        return min(noon, now) if day == now.astimezone(self.zone).date() else noon

    def one_of(self, column: str, kind: str, words: Iterable[str], default: str = "") -> str:
        """The word in the column, if it is one of `words`; a fault with the nearest one otherwise."""
        found = self.text(column, default)
        if found and found not in words:
            unknown = UnknownWord(kind, found[:80], words)
            self.fault(column, unknown.what, unknown.next_step)
        return found

    def line(self, column: str) -> str | None:
        """One line of text."""
        try:
            return _LINE.validate_python(self.text(column)) if self.text(column) else None
        except ValidationError:
            self.fault(column, "This is too long, or not one line of text.", "write up to 500 signs")
            return None

    def truth(self, column: str) -> bool:
        text = self.text(column, "no").lower()
        if text not in ("yes", "no", "true", "false", "1", "0", "x"):
            self.fault(column, f"{text[:40]!r} is neither yes nor no", "write yes or no")
        return text in ("yes", "true", "1", "x")

    def named(self, column: str, kind: Any, default: str = "") -> Any:
        try:
            return word(kind, self.text(column, default))
        except RogatoryError as error:
            self.fault(column, error.what, error.next_step)
            return None

    def measures(self) -> list[Measure]:
        parts = [part for part in self.text("measures").replace(";", ",").split(",") if part.strip()]
        found = []
        for part in parts:
            try:
                found.append(word(Measure, part))
            except RogatoryError as error:
                self.fault("measures", error.what, error.next_step)
        return found


def _case(reader: _Reader, settings: Settings, actor: Actor, now: datetime) -> Taken | None:
    for column in REQUIRED:
        if not reader.text(column):
            reader.fault(column, "This may not be empty.", "fill it in")
    if not reader.whole():
        return None
    kind, side = reader.named("kind", Kind, "mla"), reader.named("side", Side)
    _check_other(reader, settings)
    opened, measures = reader.moment("opened", now), reader.measures()
    for column in ("due", "held_since"):
        reader.day(column)
    if opened is not None and not now - OLDEST < opened <= now:
        reader.fault("opened", "The day lies ahead, or too far back.", "write the day it was opened")
    status = reader.text("status").lower()
    if kind is not None and side is not None:
        _check_status(reader, kind, side, status)
    ready = reader.whole() and opened is not None and bool(measures)
    state = _state(reader, settings, actor, now) if ready else None
    return Taken(reader.row, reader.text("ref"), state) if state is not None and reader.whole() else None


def _check_other(reader: _Reader, settings: Settings) -> None:
    """The other side is a State we know, and its house one that we trust and that speaks for it."""
    known, other = reader.known, reader.text("counterpart").upper()
    if other == settings.state or other not in known.states:
        unknown = UnknownWord("other State", other[:20], known.states - {settings.state})
        reader.fault("counterpart", unknown.what, unknown.next_step)
    theirs = [house for house, state in known.houses.items() if state == other]
    if reader.text("counterpart_house") and not theirs:
        reader.fault(
            "counterpart_house", "We trust no house of that State.", "leave it empty: it goes by post"
        )
    else:
        reader.one_of("counterpart_house", "house of that State", theirs)
    reader.one_of("holder", "function of this house", known.functions | {"abroad"}, "central-authority")
    reader.one_of("instrument", "instrument", known.instruments)


def _check_status(reader: _Reader, kind: Kind, side: Side, status: str) -> None:
    rules = LIFECYCLES.get((kind, side))
    if rules is None:
        reader.fault("kind", f"Cases of kind {kind.value} are not run here yet.", "leave the row out")
        return
    known = sorted({each for rule in rules for each in rule.at} - FINAL)
    if status not in known:
        reader.fault("status", f"{status[:40]!r} is no status of an open case", f"one of: {', '.join(known)}")


def _state(reader: _Reader, settings: Settings, actor: Actor, now: datetime) -> CaseState:
    side = Side(reader.text("side").strip().lower())
    other, ours = reader.text("counterpart").upper(), settings.state
    opened = reader.moment("opened", now) or now
    measures = tuple(reader.measures())
    request = MlaRequest(
        requesting=ours if side is Side.OUTGOING else other,
        requested=other if side is Side.OUTGOING else ours,
        measures=measures,
        urgent=reader.truth("urgent"),
        child_at_risk=reader.truth("child"),
        instrument=reader.text("instrument") or None,
    )
    holder = Holder(house=settings.house, function=reader.text("holder", "central-authority"))
    if holder.function == "abroad":
        abroad = reader.text("counterpart_house") or f"state-{other.lower()}"
        holder = Holder(house=abroad, function="central-authority")
    return CaseState(
        ref="",
        house=settings.house,
        state=ours,
        kind=Kind(reader.text("kind", "mla").lower()),
        side=side,
        status=reader.text("status").lower(),
        opened=opened,
        updated=now,
        filed_by=actor.id,
        last_author=actor.id,
        counterpart=Counterpart(
            state=other, house=reader.text("counterpart_house") or None, ref=reader.line("their_ref")
        ),
        holder=holder,
        held_since=reader.moment("held_since", now) or opened,
        request=request,
        deadlines=_deadlines(reader, opened, settings.time_zone),
        attention=["taken-over"],
        taken_over=True,
    )


def _deadlines(reader: _Reader, opened: datetime, zone: str) -> list[Deadline]:
    day = reader.day("due")
    if day is None:
        return []
    due = datetime.combine(day, time.max.replace(microsecond=0), reader.zone).astimezone(UTC)
    return [
        Deadline(
            id="d1",
            clock=reader.text("due_what", "decide").lower(),
            rule="register:due",
            instrument="",
            article="",
            law=False,
            event=TAKEN_OVER,
            started=opened,
            due=due,
            due_day=day,
            amount=max((day - opened.date()).days, 0),
            unit="days",
            time_zone=zone,
            count="as-in-the-register",
            closes_on=("close",),
        )
    ]


def _check_columns(row: Row) -> None:
    unknown = [name for name in row.values if name not in COLUMNS]
    missing = [name for name in REQUIRED if name not in row.values]
    if unknown:
        raise BadInput(
            f"{', '.join(unknown)[:200]}: no such column.", where=row.heading(unknown[0]), next_step=_known()
        )
    if missing:
        raise BadInput(f"The columns {', '.join(missing)} are missing.", where="A1", next_step=_known())


def _known() -> str:
    return f"columns: {', '.join(COLUMNS)} (needed: {', '.join(REQUIRED)})"


def _fault(row: Row, column: str, what: str, next_step: str) -> dict[str, str]:
    return {"where": row.cell(column), "what": what, "next": next_step}
