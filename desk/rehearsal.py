"""What would be due when, and from whom, if a request went out and this or that became of it?

The rehearsal itself is played by `python -m rehearse`, a process of its own with a house and an engine made
for it; here it is asked for, and what was played becomes a calendar.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from desk.filing import check_request
from desk.refusals import refusal
from desk.rehearsal_plans import ASSUMPTIONS, assumed, direct
from schemas.case import CaseState
from schemas.deadline import CLOCKS, STARTS, ClockStatus, Deadline
from schemas.errors import BadInput, Unavailable, UnknownWord
from schemas.moves import FileRequest
from schemas.request import Request
from treaties import counting
from treaties.load import shipped

PATIENCE = 900.0
"""Seconds for all assumptions together; one takes a few."""
ASKED, PLAYED = "asked.json", "played.json"
"""Files by which the two processes speak, in the folder of the rehearsal."""
_KEPT_ENV = ("ROGATORY_OVERLAY",)
_OURS = ("ROGATORY_", "TEMPORAL_")

HOW: dict[str, str] = {
    counting.EVENT_DAY_OUT: "the day of the event left out",
    counting.EVENT_DAY_IN: "the day of the event is day one",
    counting.RUN_THROUGH: "hours run through",
    counting.HOURS_OFF_OUT: "hours of days off left out",
    counting.ROLLED: "moved on from a day off",
    counting.KEPT: "ends on a day off, no rule known that moves it",
    counting.EARLIEST: "ends on a day off, the earliest end counts",
    counting.NO_ZONE: "time zone not known, the earliest moment",
    counting.NO_CALENDAR: "calendar not known, every day counts",
    counting.UNSURE: "whether it applies is not known",
    counting.GIVEN: "set by the other side",
    counting.RESUMED: "goes on with what was left",
    counting.RULE_GONE: "the rule is held no longer",
}
"""How a limit was counted, in words (docs/clocks.md)."""

_NO_ANSWER = frozenset({"discharged", "close"})
"""Steps for which nobody waits: the request was answered before."""
_HOURS = frozenset({counting.HOURS, counting.WORKING_HOURS})


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Asked(_Told):
    """What the playing process is asked. `begin`: when the request is filed (None: now)."""

    request: Request
    assumptions: tuple[str, ...]
    begin: datetime | None = None


class Stepped(_Told):
    """One step that was made."""

    event: str
    who: Literal["we", "they"]
    at: datetime


class Reminded(_Told):
    """One reminder that would have gone out. `entry`: the time limit; `stage`: how long before its end."""

    entry: str
    stage: str
    to: tuple[str, ...]
    loud: bool
    at: datetime


class Played(_Told):
    """One rehearsal: the case at its end, and how it came there. `whole` False: it was broken off. `again`:
    every how many days somebody is reminded, after the end, of a limit that was missed."""

    assumption: str
    began: datetime
    ended: datetime
    whole: bool
    state: CaseState
    steps: list[Stepped]
    reminders: list[Reminded]
    again: dict[str, int] = {}


# --- asked for ------------------------------------------------------------------------------------------


def rehearse(
    request: Request, assumptions: Sequence[str] = (), begin: date | None = None, scratch: Path | None = None
) -> list[dict[str, Any]]:
    """The calendar of `request` under each assumption (all of them if none is named), as JSON.

    `begin`: the day on which it is filed, today or later; `scratch`: where the house of the rehearsal is made
    and removed again. Raises UnknownWord (assumption, words of the request), BadInput (no basis, a day gone
    by, a folder that cannot be written to), Unavailable (no test server).
    """
    chosen = tuple(dict.fromkeys(assumptions)) or tuple(ASSUMPTIONS)
    for name in chosen:
        if name not in ASSUMPTIONS:
            raise UnknownWord("assumption", name, ASSUMPTIONS, where="--assume")
    check_request(shipped(), FileRequest(request=request), datetime.now(UTC).date())
    with _scratch(scratch) as folder:
        asked = Asked(request=request, assumptions=chosen, begin=_morning(request, begin))
        return [calendar(one) for one in _played(asked, Path(folder))]


def _morning(request: Request, day: date | None) -> datetime | None:
    """Nine o'clock of that day, where the request is made."""
    if day is None:
        return None
    known = shipped().jurisdictions.get(request.requesting)
    zone = ZoneInfo(known.time_zone if known is not None and known.time_zone else "UTC")
    if day < datetime.now(zone).date():
        raise BadInput(
            "A rehearsal begins today or later.",
            where="--begin",
            next_step="leave it out, or give a later day",
        )
    return datetime(day.year, day.month, day.day, 9, tzinfo=zone)


def _scratch(scratch: Path | None) -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix="rehearsal-", dir=scratch)
    except OSError as error:
        raise BadInput(
            "No house can be made there for the rehearsal.",
            where=str(scratch or tempfile.gettempdir()),
            next_step=f"{error.strerror or 'not writable'}: name another folder with --scratch",
            code="not-writable",
        ) from error


def _played(asked: Asked, folder: Path) -> list[Played]:
    """Asks the playing process; it has nothing of our surroundings but the overlay of the law."""
    (folder / ASKED).write_text(asked.model_dump_json(), "utf-8")
    env = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    env |= {name: os.environ[name] for name in _KEPT_ENV if name in os.environ}
    process = subprocess.Popen(  # noqa: S603  # our own part
        [sys.executable, "-m", "rehearse", str(folder)],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        with _ending_in_order():
            said, _ = process.communicate(timeout=PATIENCE)
    except BaseException as error:
        # asked to end, it ends its engine as well
        process.terminate()
        process.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            raise Unavailable("The rehearsal takes too long.", next_step="try one assumption") from None
        raise
    return _heard(folder, said, process.returncode)


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """SIGTERM unwinds us as Ctrl-C does, so that neither engine nor folder is left behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _heard(folder: Path, said: bytes, status: int) -> list[Played]:
    """What the playing process wrote down; `said` is what it printed, in case it wrote nothing."""
    if not (folder / PLAYED).is_file():
        last = said.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise Unavailable(
            f"The rehearsal broke off (exit status {status}).",
            next_step=last[0] if last else "try again; if it stays so, report it",
        )
    told = json.loads((folder / PLAYED).read_bytes())
    if "error" in told:
        raise refusal(told["error"], "")
    return [Played.model_validate(one) for one in told["played"]]


# --- the calendar -----------------------------------------------------------------------------------------


def calendar(played: Played) -> dict[str, Any]:
    """What was due when, and from whom: one row for each time limit, the earliest first."""
    state = played.state
    rows = [
        {**_row(state, entry, played.reminders), "again_days": played.again.get(entry.id)}
        for entry in state.deadlines
    ]
    law = state.law
    return {
        "assumption": played.assumption,
        "assumed": assumed(state.request, played.assumption),
        "kind": state.kind.value,
        "requesting": state.request.requesting,
        "requested": state.request.requested,
        "provider": state.counterpart.provider,
        "basis": {"instrument": law.instrument, "title": law.title, "edition": law.edition} if law else None,
        "began": played.began.isoformat(),
        "ended": played.ended.isoformat(),
        "whole": played.whole,
        "status": state.status,
        "days": (played.ended - played.began).days,
        "longest_wait": _longest_wait(played),
        "custody_days": _custody(played),
        "overrides": [one.instead_of for one in state.overrides],
        "steps": [one.model_dump(mode="json") for one in played.steps],
        "deadlines": sorted(rows, key=lambda row: (row["due"], row["clock"])),
        "sent": 0,
    }


def _row(state: CaseState, entry: Deadline, reminders: Iterable[Reminded]) -> dict[str, Any]:
    zone = ZoneInfo(entry.time_zone)
    return {
        "id": entry.id,
        "clock": entry.clock,
        "what": CLOCKS[entry.clock].meaning if entry.clock in CLOCKS else entry.clock,
        "due": entry.due.isoformat(),
        "due_day": entry.due_day.isoformat(),
        "due_local": _last_moment(entry).astimezone(zone).isoformat(timespec="minutes"),
        "in_hours": entry.unit in _HOURS,
        "time_zone": entry.time_zone,
        "owes": _owes(state, entry),
        "law": entry.law,
        "instrument": entry.instrument,
        "article": entry.article,
        "nature": entry.nature,
        "event": entry.event,
        "from": STARTS.get(entry.event, entry.event),
        "started": entry.started.isoformat(),
        "started_day": entry.started.astimezone(zone).date().isoformat(),
        "amount": entry.amount,
        "unit": entry.unit,
        "count": entry.count.split(";"),
        "counted": _counted(entry),
        "calendar": entry.calendar,
        "consequence": entry.consequence,
        "reminders": [
            {
                "at": one.at.isoformat(),
                "day": one.at.astimezone(zone).date().isoformat(),
                "stage": one.stage,
                "to": list(one.to),
                "loud": one.loud,
            }
            for one in sorted(reminders, key=lambda one: one.at)
            if one.entry == entry.id
        ],
        "status": entry.status.value,
        "closed_day": entry.closed.astimezone(zone).date().isoformat() if entry.closed else None,
        "became": _became(entry, zone),
    }


def _last_moment(entry: Deadline) -> datetime:
    """A limit in days ends with its last day, which midnight does not belong to."""
    return entry.due if entry.unit in _HOURS else entry.due - timedelta(minutes=1)


def _owes(state: CaseState, entry: Deadline) -> dict[str, str | None]:
    """Whose limit it is: a side with its State, or the provider to which the request went itself; there the
    authority that enforces has limits of its own."""
    acts = CLOCKS[entry.clock].acts if entry.clock in CLOCKS else "requested"
    ours = "requesting" if state.side.value == "outgoing" else "requested"
    side = ours if acts == "own" else acts
    of_provider = direct(state.request) and side == "requested" and entry.owner != "enforcing-authority"
    provider = state.counterpart.provider if of_provider else None
    return {
        "function": "provider" if provider else entry.owner,
        "side": side,
        "state": state.request.requesting if side == "requesting" else state.request.requested,
        "provider": provider,
    }


def _counted(entry: Deadline) -> str:
    """`30 days, the day of the event left out`"""
    length = f"{entry.amount} {entry.unit.replace('-', ' ')}" if entry.amount else ""
    if counting.RESUMED in entry.count:
        return f"what was left of {length or 'it'}"
    how = [HOW.get(code, code.replace("-", " ")) for code in entry.count.split(";") if code]
    return ", ".join([*([length] if length else []), *how])


def _became(entry: Deadline, zone: ZoneInfo) -> str:
    on = f"{entry.closed.astimezone(zone).date()}" if entry.closed else ""
    if entry.status is ClockStatus.MET:
        return f"met on {on}"
    if entry.status is ClockStatus.MISSED:
        over = "ended" if entry.nature in ("ends", "floor", "may", "wait") else "missed"
        return (
            f"{over}, made good on {on}"
            if on and over == "missed"
            else f"{over}{f', met on {on}' if on else ''}"
        )
    if entry.status is ClockStatus.PAUSED:
        left = timedelta(seconds=entry.left_seconds or 0)
        return f"stood still from {on}, {left.days} days left"
    return f"moot from {on}" if entry.status is ClockStatus.DROPPED else "still runs"


def _longest_wait(played: Played) -> dict[str, Any]:
    """The longest time in which nothing happened, for what, and on whom."""
    waits = [
        {"days": (after.at - before.at).days, "on": after.who, "for": after.event}
        for before, after in zip(played.steps, played.steps[1:], strict=False)
        if after.event not in _NO_ANSWER
    ]
    unmet = sorted((one for one in played.state.deadlines if one.closed is None), key=lambda one: one.due)
    if played.state.status != "closed" and played.steps and unmet:
        owes = _owes(played.state, unmet[0])["side"]
        still = (played.ended - played.steps[-1].at).days
        waits.append({"days": still, "on": "we" if owes == "requesting" else "they", "for": unmet[0].clock})
    return max(waits, key=lambda wait: wait["days"], default={"days": 0, "on": "we", "for": ""})


def _custody(played: Played) -> int:
    """Days in custody for the request, as far as it was played."""
    held = played.state.person.detentions if played.state.person else []
    return sum(((one.released or played.ended) - one.arrested).days for one in held)
