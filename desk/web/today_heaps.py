"""What waits for this visitor, in heaps: how many, the first of each, and where the rest is?

For the central authority the counts come out of one look at an index; for others, out of the cases that
concern them, which are few. No count goes further than COUNTED.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from desk import operation, reading
from desk.api.doors import House
from desk.web.docket_filter import toned
from desk.web.frame import ROOT, Visitor
from desk.web.words import N_
from desk.who import Permission, concern_of, roles_for
from records.docket import Filter
from schemas.case import DocketRow
from schemas.evidence import ALARM
from schemas.lifecycle import FINAL, UNSENT
from schemas.vocabulary import Role, Side

SHOWN = 4
COUNTED = 100
MOST_READ = 400
AHEAD = timedelta(days=7)

Json = dict[str, Any]
Pair = tuple[DocketRow, Json]
Fits = Callable[[DocketRow], bool]


@dataclass(frozen=True, slots=True)
class Heap:
    """Cases that need somebody. `count` with `more`: at least so many; `address`: of the whole list; `tone`
    as of a badge; `words`: what the other side said last, by reference."""

    key: str
    title: str
    count: int
    rows: list[Json]
    address: str
    tone: str = "plain"
    more: bool = False
    words: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """Something beside cases: a count where there is one, and where to go."""

    title: str
    address: str
    count: int | None = None


OVERDUE = N_("Overdue")
SOON = N_("Due within a week")
OFFERED = N_("Offered to you")
APPROVAL = N_("Waiting for your approval")
SECOND = N_("Sent in an emergency, second approval due")
ISSUE = N_("Waiting to be issued or validated")
DRAFTS = N_("Drafts, not approved yet")
TO_SEND = N_("Approved, to be sent")
ARRIVED = N_("Newly received")
UNREAD = N_("Unread words of the other side")
LAW = N_("The law moved")
RARE = {
    "sent-back": N_("Sent back by the issuing authority"),
    "question": N_("A question waits for an answer"),
    "post-by-hand": N_("A letter must be posted by hand"),
    "outcome-unknown": N_("It is not known whether a letter arrived"),
    "refused": N_("The other side refused a letter"),
    "errand-failed": N_("Something wanted elsewhere was not done"),
    ALARM: N_("Abuse material was brought and refused"),
}
"""By their code of attention; not mentioned where there is none."""
ALSO_CLOSED = frozenset({"refused", "errand-failed", ALARM})
"""What waits for a person also on a case that is closed."""
AWAY = N_("With another house")

UNREAD_LIST = f"{ROOT}/cases?open=yes"
PROPOSALS = N_("Proposals to change the law that wait for a decision")
STALE = N_("Facts of law to look up again")
LEDGER = N_("Look into the ledger, and verify it")
OPERATION = N_("Troubles of the house: letters that got stuck, backup, disk")
ASK = N_("Ask which law links two States")
NEW = N_("New request")
URGENT = N_("Urgent preservation")
STATUS = N_("Status of a case")
PROPOSE = N_("Propose a change of the law")


def heaps_of(visitor: Visitor) -> list[Heap]:
    """The heaps of this visitor's roles, the most pressing first; those without a case too."""
    look = _Look(visitor)
    who, roles = visitor.who, set(visitor.who.roles)
    home, now = visitor.house.office.settings.house, look.now
    made = [
        look.heap("overdue", OVERDUE, Filter(due_before=now, open_only=True), "late"),
        look.offered(),
        look.unread(),
    ]
    if roles & roles_for("approve"):
        others = _by_another(who.id)
        made.append(look.heap("approval", APPROVAL, Filter(status="draft", side=Side.OUTGOING), "soon",
                              fits=others))  # fmt: skip
        second = Filter(attention="second-approval", open_only=True)
        made.append(look.heap("second", SECOND, second, "late"))
    if Role.ISSUING_AUTHORITY in roles:
        made.append(look.to_issue())
    if roles & roles_for("amend"):
        drafts = Filter(status="draft", side=Side.OUTGOING)
        made.append(look.heap("draft", DRAFTS, drafts, "plain"))
    if roles & roles_for("send"):
        approved = Filter(status="approved", side=Side.OUTGOING)
        made.append(look.heap("send", TO_SEND, approved, "soon"))
    soon = Filter(due_from=now, due_before=now + AHEAD, open_only=True)
    made.append(look.heap("soon", SOON, soon, "soon"))
    if visitor.may(Permission.FILE_CASE):
        received = Filter(status="received", side=Side.INCOMING)
        made.append(look.heap("arrived", ARRIVED, received, "plain"))
        made.append(look.heap("law", LAW, Filter(attention="law-moved", open_only=True), "soon"))
        rare = [
            look.heap(code, title, Filter(attention=code, open_only=code not in ALSO_CLOSED), "soon")
            for code, title in RARE.items()
        ]
        made += [heap for heap in rare if heap.count]
        made.append(look.heap("away", AWAY, Filter(away_from=home, open_only=True), "quiet"))
    return made


def tasks_of(visitor: Visitor) -> list[Task]:
    """What there is beside cases, by permission."""
    house, made = visitor.house, []
    if visitor.may(Permission.SEE_WORKSHOP):
        waiting = house.records.proposals.find("open", limit=COUNTED)
        if waiting or visitor.may(Permission.PROPOSE_LAW):
            made.append(Task(PROPOSALS, f"{ROOT}/workshop", len(waiting)))
    if visitor.may(Permission.PROPOSE_LAW):
        made.append(Task(PROPOSE, f"{ROOT}/workshop/new"))
        made.append(Task(STALE, f"{ROOT}/workshop/due"))
    if visitor.may(Permission.SEE_OPERATION):
        made.append(Task(OPERATION, f"{ROOT}/operation", _troubles(house)))
    if visitor.may(Permission.VERIFY_LEDGER) and not visitor.may(Permission.FILE_CASE):
        made.append(Task(LEDGER, f"{ROOT}/ledger"))
    if visitor.may(Permission.FILE_CASE):
        made.append(Task(NEW, f"{ROOT}/new"))
    if visitor.may(Permission.FILE_PRESERVATION):
        made.append(Task(URGENT, f"{ROOT}/urgent"))
    if visitor.may(Permission.SEE_CASE):
        made.append(Task(STATUS, f"{ROOT}/status"))
    made.append(Task(ASK, f"{ROOT}/ask"))
    return made


def _troubles(house: House) -> int:
    """How much is broken, as far as it is found out at once."""
    stands, looked = operation.stand(house), operation.survey(house, wait=0)
    stuck = sum(each.count for each in looked.value.stuck) if looked.done else 0
    return stuck + stands.backup_late + (stands.disk is not None and stands.disk.low)


class _Look:
    """One look at the docket for one visitor. Of whom only some cases concern, these are read once, those due
    first, up to MOST_READ; only what is rare is looked for by itself where there are more."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.now = datetime.now(UTC)
        self._all = concern_of(visitor.who) is None
        self._mine: list[Pair] | None = None
        self._cut = False
        if not self._all:
            self._mine, self._cut = self._first(Filter(open_only=True), MOST_READ)

    def heap(
        self,
        key: str,
        title: str,
        wanted: Filter,
        tone: str,
        fits: Fits | None = None,
    ) -> Heap:
        """The heap of a filter. Whoever may see every case has it counted; for others, or where a case must
        fit, they are counted one by one, up to COUNTED."""
        counted = self._all and fits is None
        count = self.visitor.house.records.docket.count(wanted) if counted else None
        # Where none was counted, none is looked for: it would be sought through the whole list.
        limit = COUNTED if count is None else SHOWN
        found, more = self._listed(wanted, limit) if count != 0 else ([], False)
        rows = [shown for line, shown in found if fits is None or fits(line)]
        number = count if count is not None else len(rows)
        shown = toned(rows[:SHOWN], self.now)
        return Heap(key, title, number, shown, _address(wanted), tone, more and count is None)

    def offered(self) -> Heap:
        """What is offered to the function, or to one of the accounts for which the visitor acts."""
        who = self.visitor.who
        named = (who.agency, *(f"{who.agency}/{each}" for each in (who.id, *who.acts_for)))
        rows: dict[str, Json] = {}
        for name in (who.agency, who.id, *who.acts_for):
            for line, shown in self._listed(Filter(offered_to=name, open_only=True), COUNTED)[0]:
                if line.offered_to in named:
                    rows.setdefault(line.ref, shown)
        shown_first = toned(list(rows.values())[:SHOWN], self.now)
        address = f"{ROOT}/cases?{urlencode({'offered': who.agency})}"
        return Heap("offered", OFFERED, len(rows), shown_first, address, "soon")

    def unread(self) -> Heap:
        """What came in since somebody of ours looked."""
        records, who = self.visitor.house.records, self.visitor.who
        words = records.unseen.words()
        said: dict[str, Any] = {word.ref: word for word in words[:COUNTED]}
        found = {line.ref: line for line in records.docket.of_refs(said) if line.status not in FINAL}
        lines = [found[ref] for ref in said if ref in found]
        told = (reading.line_of(who, line, exact=False) for line in lines)
        rows = [row for row in told if row is not None]
        shown = toned(rows[:SHOWN], self.now)
        return Heap("unread", UNREAD, len(rows), shown, UNREAD_LIST, "soon", len(words) > COUNTED, said)

    def to_issue(self) -> Heap:
        """Drafts and approved requests that nobody issued yet, as far as lists show it."""
        rows: list[Json] = []
        more = False
        for status in UNSENT:
            found, further = self._listed(Filter(status=status, side=Side.OUTGOING), COUNTED)
            rows += [shown for _, shown in found]
            more = more or further
        return Heap("issue", ISSUE, len(rows), toned(rows[:SHOWN], self.now), f"{ROOT}/issue", "soon", more)

    def _listed(self, wanted: Filter, limit: int) -> tuple[list[Pair], bool]:
        rare = wanted.attention is not None or wanted.offered_to is not None
        if self._mine is None or (self._cut and rare):
            return self._first(wanted, limit)
        fitting = [pair for pair in self._mine if _is_wanted(pair[0], wanted)]
        return fitting[:limit], self._cut or len(fitting) > limit

    def _first(self, wanted: Filter, limit: int) -> tuple[list[Pair], bool]:
        return reading.first_of(self.visitor.house.records, self.visitor.who, wanted, limit)


def _is_wanted(line: DocketRow, wanted: Filter) -> bool:
    """Does a filter of this page find the line? As `records.docket` finds it."""
    due, heads = line.next_due, {code.partition(":")[0] for code in line.attention}
    checks = (
        wanted.status in (None, line.status),
        wanted.side in (None, line.side),
        wanted.attention is None or wanted.attention in heads,
        wanted.away_from is None or line.holder_house != wanted.away_from,
        wanted.due_from is None or (due is not None and due >= wanted.due_from),
        wanted.due_before is None or (due is not None and due < wanted.due_before),
        wanted.offered_to is None or wanted.offered_to in (line.offered_to or "").partition("/")[::2],
    )
    return all(checks)


def _by_another(account: str) -> Fits:
    def fits(line: DocketRow) -> bool:
        return line.filed_by != account

    return fits


def _address(wanted: Filter) -> str:
    """The same list on the page of cases."""
    due, side = wanted.due_before, wanted.side
    said = {
        "status": wanted.status or "",
        "side": "" if side is None else side.value,
        "attention": wanted.attention or "",
        "due": "" if due is None else due.date().isoformat(),
        "away": "yes" if wanted.away_from else "",
        "open": "yes" if wanted.open_only else "",
    }
    return f"{ROOT}/cases?{urlencode({name: value for name, value in said.items() if value})}"
