"""What does a depositary's table of signatures and ratifications say, cell by cell, as changes of the law?

The layout is that of the treaty offices' charts: one State a row, with the days of signature, consent and
entry into force. Every cell is read before anything is proposed, and every cell that cannot be used is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from desk import register
from desk.problems import SeveralFaults, WrongForm
from desk.register import Row
from schemas.errors import BadInput, UnknownWord
from schemas.vocabulary import CONSENT, ENDING, Act, Confidence
from treaties.draft import Change, Draft
from treaties.naming import act_ids
from treaties.registry import Registry

MEDIA = frozenset({register.CSV, register.XLSX})
COLUMNS = (
    "state_iso2", "state_name", "signed", "ratified_or_acceded", "mode", "in_force", "ended", "ended_by",
    "note", "source", "as_of", "confidence",
)  # fmt: skip
REQUIRED = ("state_iso2",)
MODES = {
    "ratification": Act.RATIFIED,
    "acceptance": Act.ACCEPTED,
    "approval": Act.APPROVED,
    "accession": Act.ACCEDED,
    "succession": Act.SUCCEEDED,
}
SIGNATURE_ONLY = "signature-only"
MAX_FAULTS = 100
ONCE = frozenset({Act.SIGNED, Act.IN_FORCE, *CONSENT})
"""Acts a State does once, so that another day in the table puts the recorded one right."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_AGE = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)\+?")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table and what is said about the whole of it.

    `source`: the key of the source for all rows (then the column `source` names the place in it), declared by
    `title` and `address` if the registry does not know it. `checked`: how old the table is, where a row does
    not say. `correct`: a day that differs from the recorded one replaces it.
    """

    content: bytes
    media: str
    instrument: str
    source: str = ""
    title: str = ""
    address: str = ""
    checked: str = ""
    correct: bool = False


def draft_of(sheet: Sheet, registry: Registry, title: str, reason: str = "") -> Draft:
    """The changes that the table would make to the registry; rows that stand there already are among them.

    Raises WrongForm for other media, BadInput naming the cell (a formula, merged cells, a heading that is not
    known), UnknownWord for the instrument, and SeveralFaults with every cell that cannot be used.
    """
    if sheet.instrument not in registry.instruments:
        raise UnknownWord("instrument", sheet.instrument, registry.instruments, where="instrument")
    rows = rows_of(sheet)
    reader = _Reader(sheet, registry)
    changes = [*reader.declared(), *(change for row in rows for change in reader.changes(row))]
    if reader.faults:
        many = len(reader.faults)
        more = f" (the first {MAX_FAULTS} are told)" if many > MAX_FAULTS else ""
        raise SeveralFaults(
            f"{many} cells cannot be used{more}; nothing was proposed.", reader.faults[:MAX_FAULTS]
        )
    return Draft(title, reason, tuple(changes))


def rows_of(sheet: Sheet) -> list[Row]:
    """The rows of the table as text. Raises WrongForm, BadInput naming the cell."""
    if sheet.media == register.CSV:
        rows = register.from_csv(sheet.content)
    elif sheet.media == register.XLSX:
        rows = register.from_xlsx(sheet.content)
        _refuse_merged(sheet.content, rows)
    else:
        raise WrongForm(
            f"{sheet.media or 'nothing'} is no table.",
            where="Content-Type",
            next_step=" or ".join(sorted(MEDIA)),
        )
    if not rows:
        raise BadInput("The table has no rows.", where="A2", next_step="one State a row, below the headings")
    first = rows[0]
    for name in first.values:
        if name not in COLUMNS:
            raise UnknownWord("column", name, COLUMNS, where=first.heading(name))
    for name in REQUIRED:
        if name not in first.values:
            raise BadInput(f"The column {name!r} is missing.", where="A1", next_step="give it its heading")
    return rows


def _refuse_merged(content: bytes, rows: list[Row]) -> None:
    """Cells that are merged, or hold a time of day, do not say what they seem to say."""
    last = max((row.number for row in rows), default=1)
    with register.workbook(content, streamed=False) as book:
        sheet: Any = book.worksheets[0]
        for merged in sheet.merged_cells.ranges:
            raise BadInput(
                "Merged cells: it cannot be told to which column or row they belong.",
                where=str(merged.coord),
                next_step="unmerge them, and write the value into each cell it is meant for",
                code="merged-cells",
            )
        # No further than what was read: a cell far away would make rows without end.
        for cells in sheet.iter_rows(max_row=last, max_col=register.MAX_COLUMNS):
            for cell in cells:
                if isinstance(cell.value, datetime) and cell.value.time() != time():
                    raise BadInput(
                        "A day with a time of day.",
                        where=cell.coordinate,
                        next_step="keep the day alone, such as 2026-11-21",
                    )


class _Reader:
    """Reads rows into changes, keeping every fault with its cell."""

    def __init__(self, sheet: Sheet, registry: Registry) -> None:
        self.sheet = sheet
        self.registry = registry
        self.faults: list[dict[str, str]] = []
        self._states: dict[str, int] = {}
        self._sources = {
            name: key
            for key, source in registry.sources.items()
            for name in (key, source.address, source.title)
            if name
        }

    def declared(self) -> Iterator[Change]:
        """The source of the whole table, if it is a new one."""
        sheet = self.sheet
        if not sheet.source or sheet.source in self.registry.sources:
            return
        if not sheet.title:
            known = sorted(self.registry.sources)
            error = UnknownWord("source that is declared", sheet.source, known)
            self._fault("source", error.what, f"give its title to declare it, or {error.next_step}")
            return
        row = {"key": sheet.source, "title": sheet.title, "how": "read"}
        row |= {"address": sheet.address} if sheet.address else {}
        row |= {"as_of": sheet.checked} if sheet.checked else {}
        yield Change("sources", row, "source")

    def changes(self, row: Row) -> Iterator[Change]:
        """The acts of one State. What cannot be used is kept as a fault."""
        before = len(self.faults)
        state = row.values["state_iso2"].upper()
        if state not in self.registry.jurisdictions:
            error = UnknownWord("state", state, self.registry.jurisdictions)
            self._fault(row.cell("state_iso2"), error.what, error.next_step)
        elif state in self._states:
            self._fault(
                row.cell("state_iso2"), f"{state} stands in row {self._states[state]} already.", "keep one"
            )
        self._states.setdefault(state, row.number)
        common, cells = self._common(row)
        acts = list(self._acts(row, common))
        if len(self.faults) > before:
            return
        for number, (act, day, column) in enumerate(acts):
            told = {
                "instrument": self.sheet.instrument,
                "state": state,
                "act": act.value,
                "on": day,
                **common,
            }
            if number == len(acts) - 1 and row.values.get("note"):
                told["note"] = row.values["note"]
            yield from self._corrected(state, act, day, row.cell(column))
            places = {**cells, "state": row.cell("state_iso2"), "on": row.cell(column)}
            yield Change("acts", told, row.cell(column), places)

    def _acts(self, row: Row, common: Mapping[str, str]) -> Iterator[tuple[Act, str, str]]:
        mode = row.values.get("mode", "").lower()
        if mode and mode != SIGNATURE_ONLY and mode not in MODES:
            error = UnknownWord("mode", mode, [*MODES, SIGNATURE_ONLY])
            self._fault(row.cell("mode"), error.what, error.next_step)
            return
        signed, consent = (self._done(row, each, common) for each in ("signed", "ratified_or_acceded"))
        if signed or mode == SIGNATURE_ONLY:
            yield Act.SIGNED, signed or "unknown", "signed"
        if mode in MODES:
            yield MODES[mode], consent or "unknown", "ratified_or_acceded"
        elif consent:
            self._fault(row.cell("mode"), "How the State agreed is not said.", f"one of {', '.join(MODES)}")
        if force := self._day(row, "in_force"):
            yield Act.IN_FORCE, force, "in_force"
        if ended := self._day(row, "ended"):
            yield self._ending(row), ended, "ended"

    def _ending(self, row: Row) -> Act:
        given = row.values.get("ended_by", "").lower()
        if not given:
            return Act.WITHDRAWN
        known = {act.value: act for act in ENDING}
        if given not in known:
            error = UnknownWord("act that ends", given, known)
            self._fault(row.cell("ended_by"), error.what, error.next_step)
        return known.get(given, Act.WITHDRAWN)

    def _day(self, row: Row, column: str) -> str:
        """The day in a cell; days written in any other way can be read in two ways."""
        text = row.values.get(column, "")
        if text in ("", "unknown"):
            return text
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text).isoformat()
        except ValueError:
            pass
        self._fault(row.cell(column), f"{text[:40]!r} is not a day.", "write it as 2026-11-21, or as unknown")
        return ""

    def _done(self, row: Row, column: str, common: Mapping[str, str]) -> str:
        """The day of what a State did: no later than the table was read, which tells only what was done. What
        somebody recalled was read nowhere, and may be younger."""
        day, recalled = self._day(row, column), common["confidence"] == Confidence.MEMORY.value
        age = "" if recalled else common.get("checked", "")
        if age and day not in ("", "unknown") and day[: len(age)] > age:
            self._fault(
                row.cell(column), f"{day} is later than the table was read ({age}).", "check the year"
            )
            return ""
        return day

    def _common(self, row: Row) -> tuple[dict[str, str], dict[str, str]]:
        """Source, age and confidence of every act of the row, and the cells they stand in."""
        told = {"confidence": row.values.get("confidence", "").lower() or Confidence.READ.value}
        if told["confidence"] not in list(Confidence):
            error = UnknownWord("confidence", told["confidence"], [one.value for one in Confidence])
            self._fault(row.cell("confidence"), error.what, error.next_step)
        age = row.values.get("as_of", "") or self.sheet.checked
        found = _AGE.fullmatch(age)
        if age and found is None:
            self._fault(row.cell("as_of"), f"{age[:40]!r} is not a day, month or year.", "write 2026-11-21")
        elif found is not None:
            told["checked"] = found.group(1)
        told |= self._source(row)
        cells = {"confidence": "confidence", "checked": "as_of", "source": "source", "note": "note"}
        return told, {name: row.cell(column) for name, column in cells.items() if column in row.values}

    def _source(self, row: Row) -> dict[str, str]:
        given = row.values.get("source", "")
        if self.sheet.source:
            return {"source": self.sheet.source, **({"place": given} if given else {})}
        key = self._sources.get(given)
        if key is None:
            self._fault(
                row.cell("source") if "source" in row.values else f"A{row.number}",
                f"The source {given[:80]!r} is not declared." if given else "No source is named.",
                "name a source of the registry, or one for the whole table",
            )
            return {}
        return {"source": key}

    def _corrected(self, state: str, act: Act, day: str, cell: str) -> Iterator[Change]:
        """The recorded act that the table puts right, if that is wanted."""
        parties = self.registry.parties.get(self.sheet.instrument)
        rows = parties.states.get(state, ()) if parties is not None else ()
        if not self.sheet.correct or act not in ONCE or day == "unknown":
            return
        if any(row.act in ENDING and row.retracted is None for row in rows):
            # A State that left and came back did such acts twice, each in its own time.
            return
        for fact, row in zip(act_ids(self.sheet.instrument, state, rows), rows, strict=True):
            same = act is row.act or (act in CONSENT and row.act in CONSENT)
            stands = row.act is act and row.on is not None and row.on.isoformat() == day
            if same and row.retracted is None and not stands:
                reason = f"the table says {act.value} on {day}"
                yield Change("retract", {"fact": fact, "reason": reason}, cell)

    def _fault(self, where: str, what: str, next_step: str) -> None:
        self.faults.append({"where": where, "what": what, "next": next_step})
