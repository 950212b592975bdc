"""How do open cases come over from an office's old register? Row by row, all checked before any is taken.

A register is a table (CSV or XLSX) whose first row names the columns. What happened before is not retold: the
case starts in the status the register gives, and its history says "taken over".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from desk import register
from desk.office import TAKEN_OVER, Office
from desk.problems import SeveralFaults, WrongForm
from desk.register import Row
from schemas.case import CaseState, Counterpart
from schemas.deadline import Deadline
from schemas.errors import BadInput, Conflict, RogatoryError
from schemas.handoff import Holder
from schemas.lifecycle import FINAL, LIFECYCLES
from schemas.moves import Actor
from schemas.request import MlaRequest
from schemas.settings import Settings
from schemas.vocabulary import Kind, Measure, Side, word

MEDIA = frozenset({register.CSV, register.XLSX})
COLUMNS = (
    "ref", "their_ref", "kind", "side", "counterpart", "counterpart_house", "status", "opened", "measures",
    "urgent", "child", "holder", "held_since", "due", "due_what", "instrument",
)  # fmt: skip
REQUIRED = ("side", "counterpart", "status", "opened", "measures")
MAX_FAULTS = 100

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Taken:
    """One case ready to be taken over: its row in the register, and its state (reference empty if new)."""

    row: Row
    ref: str
    state: CaseState


async def take_over(
    office: Office, actor: Actor, content: bytes, media: str, key: str, *, dry_run: bool = False
) -> dict[str, Any]:
    """Take every case of the register over: `{taken: [{row, ref}], refused: [{where, what}]}`.

    Raises SeveralFaults (every faulty cell named) before anything is taken. A reference that is in use is
    refused on its row and the others go on; the same `key` again takes nothing twice.
    """
    rows = rows_of(content, media)
    cases = cases_of(rows, office.settings, actor)
    if dry_run:
        return {"taken": [], "refused": [], "ready": len(cases)}
    taken, refused = [], []
    for case in cases:
        try:
            ref = await office.take_over(actor, case.state, case.ref or None, f"{key}#{case.row.number}")
        except (Conflict, BadInput) as error:
            refused.append({"where": case.row.cell("ref"), "what": error.what, "next": error.next_step})
            continue
        taken.append({"row": case.row.number, "ref": ref})
    return {"taken": taken, "refused": refused}


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


def cases_of(rows: list[Row], settings: Settings, actor: Actor) -> list[Taken]:
    """The cases of the rows. Raises SeveralFaults with every cell that cannot be used."""
    now = datetime.now(UTC)
    found: list[Taken] = []
    faults: list[dict[str, str]] = []
    refs: dict[str, int] = {}
    for row in rows:
        case = _case(row, settings, actor, now, faults)
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

    def __init__(self, row: Row, zone: ZoneInfo, faults: list[dict[str, str]]) -> None:
        self.row = row
        self.zone = zone
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
            return date.fromisoformat(text[:10])
        except ValueError:
            self.fault(column, f"{text[:40]!r} is not a day", "write it as 2026-11-21")
            return None

    def moment(self, column: str) -> datetime | None:
        """The first moment of the day, in the house's time zone."""
        day = self.day(column)
        return datetime.combine(day, time.min, self.zone).astimezone(UTC) if day is not None else None

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

    def key(self, column: str) -> str | None:
        text = self.text(column).lower()
        if text and not _KEY.fullmatch(text):
            self.fault(column, f"{text[:40]!r} is no key of an instrument", "for example coe-mla-1959")
            return None
        return text or None

    def measures(self) -> list[Measure]:
        parts = [part for part in self.text("measures").replace(";", ",").split(",") if part.strip()]
        found = []
        for part in parts:
            try:
                found.append(word(Measure, part))
            except RogatoryError as error:
                self.fault("measures", error.what, error.next_step)
        return found


def _case(
    row: Row, settings: Settings, actor: Actor, now: datetime, faults: list[dict[str, str]]
) -> Taken | None:
    reader = _Reader(row, ZoneInfo(settings.time_zone), faults)
    for column in REQUIRED:
        if not reader.text(column):
            reader.fault(column, "This may not be empty.", "fill it in")
    if not reader.whole():
        return None
    kind, side = reader.named("kind", Kind, "mla"), reader.named("side", Side)
    other = reader.text("counterpart").upper()
    if len(other) != 2 or not other.isascii() or not other.isalpha() or other == settings.state:
        reader.fault("counterpart", f"{other[:20]!r} is no other State", "two letters, as in ISO 3166-1")
    opened, measures = reader.moment("opened"), reader.measures()
    if opened is not None and opened > now:
        reader.fault("opened", "The day lies ahead.", "write the day it was opened")
    status = reader.text("status").lower()
    if kind is not None and side is not None:
        _check_status(reader, kind, side, status)
    ready = reader.whole() and opened is not None and bool(measures)
    state = _state(reader, settings, actor, now) if ready else None
    return Taken(row, reader.text("ref"), state) if state is not None and reader.whole() else None


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
    opened = reader.moment("opened") or now
    measures = tuple(reader.measures())
    request = MlaRequest(
        requesting=ours if side is Side.OUTGOING else other,
        requested=other if side is Side.OUTGOING else ours,
        measures=measures,
        urgent=reader.truth("urgent"),
        child_at_risk=reader.truth("child"),
        instrument=reader.key("instrument"),
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
            state=other, house=reader.text("counterpart_house") or None, ref=reader.text("their_ref") or None
        ),
        holder=holder,
        held_since=reader.moment("held_since") or opened,
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
