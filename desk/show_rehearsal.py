"""What does a rehearsal look like: a table on a terminal, lines for a pipe, events for a calendar program?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256

from icalendar import Calendar, Event
from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from desk.show_parts import Json
from treaties.counting import GIVEN

WIDEST = 100
"""Columns of a terminal that the table makes use of."""
MOST_DAYS = 7
"""Days of reminders named one by one; of what is missed for long, the last one stands for the rest."""

NOTHING_SENT = "Nothing was sent, and nobody was reminded: this was a rehearsal."

_BECAME = {"met": "green", "missed": "bold red", "dropped": "dim", "paused": "yellow", "running": "cyan"}
_OWN_PRACTICE, _NAMED_BY_THEM = "own practice", "named by the other side"
LOUD = "!: told loudly, since a child or somebody's liberty is at stake."
_ENDS = frozenset({"ends", "floor", "may", "wait"})
"""Limits whose end is no failure of anybody."""


def rehearsed(told: Sequence[Json]) -> Callable[[Console], None]:
    """Every rehearsal, one after the other."""

    def draw(console: Console) -> None:
        for number, one in enumerate(told):
            if number:
                console.print()
            if console.is_terminal:
                _on_terminal(console, one)
            else:
                _in_lines(console, one)
        console.print()
        console.print(NOTHING_SENT if console.is_terminal else f"# {NOTHING_SENT}")

    return draw


def events(told: Sequence[Json]) -> bytes:
    """The time limits as a calendar (RFC 5545), with the assumption and nothing of the case in it."""
    made = Calendar()
    made.add("prodid", "-//Rogatory//rehearsal//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", "Rogatory: rehearsal")
    for one in told:
        for row in one["deadlines"]:
            made.add_component(_event(one, row))
    return bytes(made.to_ical())


# --- on a terminal ----------------------------------------------------------------------------------------


def _on_terminal(console: Console, told: Json) -> None:
    console.print(Rule(_title(told), align="left"), width=min(console.width, WIDEST))
    for line in _given(told):
        console.print(Text(line, style="dim"), width=min(console.width, WIDEST))
    console.print()
    console.print(_table(told["deadlines"]), width=min(console.width, WIDEST))
    console.print()
    for line in _ends(told):
        console.print(line, width=min(console.width, WIDEST))


def _table(rows: Iterable[Json]) -> Table:
    made = Table(box=None, pad_edge=False)
    made.add_column("due", header_style="dim", no_wrap=True)
    made.add_column("what, and from whom", header_style="dim", ratio=5)
    made.add_column("rests on, and how counted", header_style="dim", ratio=6)
    made.add_column("what became of it", header_style="dim", ratio=4)
    for row in rows:
        made.add_row(_due(row), _what(row), _why(row), _became(row))
    return made


def _due(row: Json) -> Text:
    """The day there; the hour as well where the limit is one of hours."""
    day = Text(row["due_day"], style="bold")
    return Text.assemble(day, f"\n{row['due_local'][11:16]}") if row["in_hours"] else day


def _what(row: Json) -> Text:
    return Text.assemble(row["what"], "\n", (_owes(row), "cyan"))


def _why(row: Json) -> Text:
    return Text.assemble(
        _rests_on(row), "\n", (f"from {row['started_day']}, {row['from']}: {row['counted']}", "dim")
    )


def _became(row: Json) -> RenderableType:
    style = "" if row["status"] == "missed" and row["nature"] in _ENDS else _BECAME.get(row["status"], "")
    word = Text(row["became"], style=style)
    return Text.assemble(word, "\n", (_reminded(row), "dim")) if row["reminders"] else word


# --- in words ---------------------------------------------------------------------------------------------


def _title(told: Json) -> str:
    whom = told["provider"] or told["requested"]
    basis = (told["basis"] or {}).get("title") or "no basis"
    return f"{told['assumption']}: {told['kind']}, {told['requesting']} to {whom}, {basis}"


def _given(told: Json) -> list[str]:
    lines = [f"Assumed: {'; '.join(line.rstrip('.') for line in told['assumed'])}."]
    if told["overrides"]:
        lines.append(f"Approved all the same: {'; '.join(told['overrides'])}.")
    return lines


def _owes(row: Json) -> str:
    """`executing authority, requested State (FR)`"""
    owes = row["owes"]
    if owes["provider"]:
        return f"provider {owes['provider']} ({owes['state']})"
    return f"{owes['function'].replace('-', ' ')}, {owes['side']} State ({owes['state']})"


def _rests_on(row: Json) -> str:
    if not row["law"]:
        return _NAMED_BY_THEM if GIVEN in row["count"] else _OWN_PRACTICE
    nature = "" if row["nature"] == "must" else f" ({row['nature'].replace('-', ' ')})"
    return f"{row['instrument']} {row['article']}{nature}"


def _reminded(row: Json) -> str:
    """The days on which somebody would have been reminded, `!` for those told loudly."""
    days: dict[str, bool] = {}
    for one in row["reminders"]:
        days[one["day"]] = days.get(one["day"], False) or one["loud"]
    told = [f"{day}{'!' if loud else ''}" for day, loud in days.items()]
    if len(told) > MOST_DAYS:
        told = [*told[: MOST_DAYS - 1], f"{len(told) - MOST_DAYS} more until {told[-1]}"]
    return "reminded " + ", ".join(
        [*told, *([f"then {_every(row['again_days'])}"] if row["again_days"] else [])]
    )


def _every(days: int) -> str:
    return "every day" if days == 1 else f"every {days} days"


def _ends(told: Json) -> list[str]:
    wait = told["longest_wait"]
    on = {"they": "the other side", "we": "us"}[wait["on"]]
    lines = [
        f"{told['days']} days from {told['began'][:10]} to {told['ended'][:10]}; at the end the case is "
        f"{told['status']}{'' if told['whole'] else ', and it was broken off after ten years'}.",
        f"Longest wait: {wait['days']} days, on {on}, for: {wait['for'].replace('-', ' ')}.",
    ]
    if told["custody_days"]:
        lines.append(f"In custody for it: {told['custody_days']} days.")
    if told["status"] != "closed" and told["whole"]:
        lines.append(_afterwards(told))
    if any(one["loud"] for row in told["deadlines"] for one in row["reminders"]):
        lines.append(LOUD)
    return lines


def _afterwards(told: Json) -> str:
    """What is still said of a case that was left as it is."""
    again = [row["again_days"] for row in told["deadlines"] if row["again_days"]]
    if not again:
        return "After that nothing is due any more: whoever holds the case has to look at it unreminded."
    how = f"{_every(min(again))}, as long as the person is held" if min(again) == 1 else _every(min(again))
    return f"After that nothing new is due; of what was missed somebody is reminded again {how}."


# --- for a pipe -------------------------------------------------------------------------------------------


def _in_lines(console: Console, told: Json) -> None:
    """One line for each time limit, its parts parted by bars; what is said beside begins with a hash."""
    for line in [_title(told), *_given(told)]:
        console.print(f"# {line}", soft_wrap=True)
    for row in told["deadlines"]:
        due = f"{row['due_day']} {row['due_local'][11:16]}" if row["in_hours"] else row["due_day"]
        since = f"from {row['started_day']} {row['event']}"
        parts = [due, row["clock"], _owes(row), _rests_on(row), since]
        reminded = [_reminded(row)] if row["reminders"] else []
        console.print(Text(" | ".join([*parts, row["counted"], row["became"], *reminded])), soft_wrap=True)
    for line in _ends(told):
        console.print(f"# {line}", soft_wrap=True)


# --- for a calendar program -------------------------------------------------------------------------------


def _event(told: Json, row: Json) -> Event:
    made = Event()
    mark = "\n".join([told["assumption"], told["began"], row["id"], row["clock"], row["due"]])
    made.add("uid", f"{sha256(mark.encode()).hexdigest()[:32]}@rehearsal.rogatory")
    made.add("dtstamp", datetime.fromisoformat(told["began"]).astimezone(UTC))
    due = datetime.fromisoformat(row["due"]).astimezone(UTC)
    made.add("dtstart", due if row["in_hours"] else date.fromisoformat(row["due_day"]))
    made.add("summary", f"Rehearsal ({told['assumption']}): {row['clock']}, {row['owes']['state']}")
    made.add("description", f"{row['what']}; {_rests_on(row)}; {row['became']}. {NOTHING_SENT}")
    made.add("transp", "TRANSPARENT")
    return made
