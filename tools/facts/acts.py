"""Which dated acts does one row of a party table hold?"""

from __future__ import annotations

import re
from typing import Any

from tools.facts.cite import MEMORY, Citation, Sources, partial
from tools.facts.table import FactRow

Act = dict[str, Any]
CONSENT = {
    "ratification": "ratified",
    "acceptance": "accepted",
    "approval": "approved",
    "accession": "acceded",
    "succession": "succeeded",
}
COLUMNS = ("signed", "ratified_or_acceded", "in_force")
_NOT_BOUND = re.compile(r"^(NOT BOUND|NO ACTION)")
_WORKED_OUT = re.compile(r"worked out|DERIVED", re.IGNORECASE)
_SCHEME = re.compile(r"scheme is not a treaty|London Scheme|took part in selected")
_CONSENT_NOTE = re.compile(
    r"believed|reported to have|another source|ratified later|ratified only|approval law|approved by|^ley"
    r"|Decreto|^ratification date not read|listed as party or signatory|to be checked|cut off in the copy"
)
_BOUND_NOTE = re.compile(
    r"\bbound\b|^party\b|^acceded|in force|deposited ratification|takes part|date not read"
)
_DEADLINE = re.compile(r"transposition deadline")
UNKNOWN = "unknown"
LAST_DAYS = {"2020-12-31": "2021-01-01"}
"""The end of the transition of the United Kingdom is printed as the last day on which the law of the Union
held for it; an act of ending bears the first day on which it no longer did."""


def read_columns(row: FactRow) -> frozenset[str]:
    """Which of the three date columns were read in the source; the rest was recalled.

    The notes say it as `read: signed+in_force; memory: ratified_or_acceded`.
    """
    note = row["note"]
    if row["confidence"] != "memory":
        recalled = re.search(r"(?:^|; )memory: ([a-z_+]+)", note)
        return frozenset(COLUMNS) - frozenset(recalled.group(1).split("+") if recalled else ())
    found = {column for part in re.findall(r"\b[Rr]ead: ([a-z_+]+)", note) for column in part.split("+")}
    if "signature day read" in note:
        found.add("signed")
    return frozenset(found & set(COLUMNS))


class RowActs:
    """The acts of one row, each with its own citation and confidence."""

    def __init__(
        self, row: FactRow, sources: Sources, *, computed: bool = False, entered: bool = True
    ) -> None:
        """`computed`: the table's entries into force follow from the deposit by the treaty's rule.
        `entered`: the instrument as a whole is in force, so that whoever consented is bound some day."""
        self.row = row
        self.sources = sources
        self.computed = computed
        self.entered = entered
        self.read = read_columns(row)
        self.checked = partial(row["as_of"])

    def all(self) -> list[Act]:
        """The acts in order of time; empty where the row holds none."""
        row = self.row
        if _NOT_BOUND.match(row["note"]):
            return [self.act("declaration", row["ended"] or UNKNOWN, "in_force", text=row["note"], note="")]
        if row["note"].startswith("Territorial extension"):
            return [self.act("extended", row["in_force"], "in_force"), self._in_force(row["in_force"])]
        acts = [*self._signature(), *self._consent(), *self._force(), *self._end()]
        if acts:
            acts[-1]["note"] = acts[-1]["note"] or self._remark()
        return acts

    def act(self, act: str, on: str, column: str, **more: Any) -> Act:
        """One act whose day stands in `column`."""
        known = column in self.read
        citation = self._citation(column) if known else Citation(MEMORY)
        if not known:
            self.sources.cite(MEMORY)
        made: Act = {
            "act": act,
            "on": on or UNKNOWN,
            **more,
            "source": citation.key,
            "place": citation.place,
            "checked": self.checked if known else "",
            "confidence": "read" if known else "memory",
        }
        made["note"] = citation.note(str(more.get("note", "")))
        return made

    def _citation(self, column: str) -> Citation:
        return self.sources.cite(self.row["source"], self.row["as_of"], signature=column == "signed")

    def _signature(self) -> list[Act]:
        signed = self.row["signed"] or self.row["mode"] == "signature-only"
        return [self.act("signed", self.row["signed"], "signed")] if signed else []

    def _consent(self) -> list[Act]:
        row = self.row
        mode = row["mode"] if "mode" in row.cells else ""
        if mode in CONSENT:
            return [self.act(CONSENT[mode], row["ratified_or_acceded"], "ratified_or_acceded")]
        if row["ratified_or_acceded"]:
            # Regional tables have no mode; whoever signed ratifies, whoever did not accedes.
            act = "ratified" if row["signed"] else "acceded"
            return [self.act(act, row["ratified_or_acceded"], "ratified_or_acceded")]
        return []

    def _force(self) -> list[Act]:
        row = self.row
        if row["in_force"]:
            return [self._in_force(row["in_force"])]
        if row["mode"] == "signature-only":
            return []
        if row["mode"] == "succession" and row["ratified_or_acceded"]:
            # The notice of succession says enough: bound at the latest from it.
            return []
        if self._consent():
            return [self.act("in-force", UNKNOWN, "ratified_or_acceded")] if self.entered else []
        if "mode" in row.cells:
            return [] if row["mode"] else [self._perhaps()]
        return self._by_note()

    def _perhaps(self) -> Act:
        """Signed or party, the source does not say which: a consent on no known day, which stays unknown."""
        made = self.act("ratified", UNKNOWN, "ratified_or_acceded")
        return made | {"confidence": MEMORY, "grade": "low", "note": self._remark() or "signatory or party"}

    def _by_note(self) -> list[Act]:
        """A row without days of consent or force: what its note says decides how much is known."""
        note = self.row["note"]
        if _SCHEME.search(note) or self.row["ended"]:
            return [] if self.row["ended"] else [self.act("declaration", UNKNOWN, "in_force", text=note)]
        if _CONSENT_NOTE.search(note):
            return [self._perhaps()]
        if _BOUND_NOTE.search(note):
            return [self.act("in-force", UNKNOWN, "in_force")]
        return [] if self.row["signed"] else [self.act("signed", UNKNOWN, "signed")]

    def _in_force(self, day: str) -> Act:
        dated_by = ""
        if _DEADLINE.search(self.row["note"]):
            dated_by = "transposition-deadline"
        elif self.computed or _WORKED_OUT.search(self.row["note"]):
            dated_by = "rule"
        made = self.act("in-force", day, "in_force")
        if dated_by:
            made["dated_by"] = dated_by
        return made

    def _end(self) -> list[Act]:
        ended = self.row["ended"]
        return [self.act("withdrawn", LAST_DAYS.get(ended, ended), "in_force")] if ended else []

    def _remark(self) -> str:
        """What the note says beyond which dates were read."""
        text = re.sub(r"\b([Rr]ead|memory): [a-z_+]+[;.]?\s*", "", self.row["note"])
        return text.strip().rstrip(".")
