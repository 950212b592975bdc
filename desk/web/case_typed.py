"""Which body does a form hold as it was typed, and what is wrong with it at which field?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from desk.web.case_forms import Box, names_of
from desk.web.forms import Typed
from desk.web.words import N_
from schemas.errors import RogatoryError

Say = Callable[..., str]

UNTIL = frozenset({"answer_by", "due", "until_estimate", "until", "return_by", "end", "period_until"})
"""Moments that end something: a day alone means its end. Of what happened it means its noon."""
FILL_IN = N_("Fill this in: %(name)s.")
CHOOSE = N_("Choose one: %(name)s.")
TOO_LONG = N_("This is too long. Shorten it to %(most)s characters.")
WHOLE = N_("Write a whole number.")
AT_LEAST = N_("Write a number of at least %(least)s.")
BETWEEN = N_("Write a number from %(least)s to %(most)s.")
A_DAY = N_("Choose a day, or write it as 2026-11-21.")
A_TIME = N_("Write the time as 14:30.")
NEEDS_DAY = N_("Choose the day as well.")
SMALL = N_("Write small letters and digits, joined by hyphens.")
TWO_CAPITALS = N_("Write two capital letters, such as DE.")
TWO_SMALL = N_("Write two small letters, such as en.")
UNSEEN = N_("This holds signs that nobody sees. Type it again.")
AN_AMOUNT = N_("Write the amount in figures with a point, such as 1250.00.")
THREE_CAPITALS = N_("Write three capital letters, such as EUR.")
OTHERWISE = N_("It is not written as it must be.")
_PATTERNS = {
    "^[a-z0-9]+(-": SMALL,
    "^[A-Z]{2}$": TWO_CAPITALS,
    "^[A-Z]{3}$": THREE_CAPITALS,
    "^[a-z]{2}$": TWO_SMALL,
    "^[0-9]{1,12}(\\.": AN_AMOUNT,
    "^[^\\x00": UNSEEN,
}


class Reader:
    """Reads a body out of what was typed; what cannot be is refused at its field. `papers`: documents by
    digest, as moves name them."""

    def __init__(
        self, typed: Typed, say: Say, zone: ZoneInfo, papers: Mapping[str, Mapping[str, Any]] | None = None
    ) -> None:
        self.typed = typed
        self.say = say
        self.zone = zone
        self.papers = papers or {}

    def body(self, fields: Iterable[Box]) -> dict[str, Any]:
        """The fields that were filled in."""
        found = {box.name.rpartition(".")[2]: self._value(box) for box in fields}
        return {name: value for name, value in found.items() if value is not None}

    def _value(self, box: Box) -> Any:
        if box.kind == "group":
            return self.body(box.inner) if box.required or self._touched(box.inner) else None
        if box.kind == "groups":
            rows = [self.body(row) for row in box.rows if box.required or self._touched(row)]
            return rows or None
        if box.kind == "tick":
            return self.typed.ticked(box.name)
        if box.kind in ("several", "lines", "papers"):
            return self._several(box)
        text = self.typed.get(box.name)
        if not text:
            if box.kind == "moment" and self.typed.get(f"{box.name}~time"):
                self.typed.refuse(box.name, self.say(NEEDS_DAY))
            elif box.required:
                self._missing(box)
            return None
        return self._read(box, text)

    def _read(self, box: Box, text: str) -> Any:
        readers: dict[str, Callable[[Box, str], Any]] = {
            "yes-no": self._yes,
            "maybe": self._yes,
            "number": self._number,
            "day": self._day,
            "moment": self._moment,
            "one": self._choice,
            "paper": self._choice,
        }
        return readers.get(box.kind, self._text)(box, text)

    def _touched(self, fields: Iterable[Box]) -> bool:
        """Did anybody write in it? What stands there from the start does not count."""
        for box in fields:
            if self._touched(box.inner) or any(self._touched(row) for row in box.rows):
                return True
            said = self.typed.get(box.name)
            if said and box.kind not in ("tick", "hidden") and said != str(box.shape.default):
                return True
        return False

    def _missing(self, box: Box) -> None:
        chosen = box.kind in ("one", "yes-no", "several", "paper")
        self.typed.refuse(box.name, self.say(CHOOSE if chosen else FILL_IN, name=box.label or box.name))

    def _several(self, box: Box) -> Any:
        found = self.typed.all(box.name)
        if box.kind == "lines":
            found = [line.strip() for text in found for line in text.splitlines() if line.strip()]
        known = {value for value, _ in box.options}
        if box.kind == "papers":
            found = [one for one in dict.fromkeys(found) if one in self.papers]
        elif known and not set(found) <= known:
            self._missing(box)
            return None
        if not found:
            if box.required:
                self._missing(box)
            return None
        return [dict(self.papers[one]) for one in found] if box.kind == "papers" else found

    def _yes(self, box: Box, text: str) -> bool | None:
        if text not in ("yes", "no"):
            self._missing(box)
            return None
        return text == "yes"

    def _choice(self, box: Box, text: str) -> str | None:
        if text not in {value for value, _ in box.options}:
            self._missing(box)
            return None
        return text

    def _number(self, box: Box, text: str) -> int | None:
        shape = box.shape
        if not re.fullmatch(r"-?[0-9]{1,15}", text):
            self.typed.refuse(box.name, self.say(WHOLE))
            return None
        number = int(text)
        low = shape.least is not None and number < shape.least
        if shape.most is not None and (low or number > shape.most):
            self.typed.refuse(box.name, self.say(BETWEEN, least=shape.least or 0, most=shape.most))
        elif low:
            self.typed.refuse(box.name, self.say(AT_LEAST, least=shape.least))
        return number

    def _day(self, box: Box, text: str) -> str | None:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            self.typed.refuse(box.name, self.say(A_DAY))
            return None

    def _moment(self, box: Box, text: str) -> str | None:
        day = self._day(box, text)
        if day is None:
            return None
        hour = self.typed.get(f"{box.name}~time")
        try:
            told = time.fromisoformat(hour) if hour else None
        except ValueError:
            self.typed.refuse(box.name, self.say(A_TIME))
            return None
        until = box.name.rpartition(".")[2] in UNTIL
        try:
            return moment_of(date.fromisoformat(day), told, self.zone, until=until).isoformat()
        except OverflowError:
            # the first and the last day there are lie beyond them in another zone
            self.typed.refuse(box.name, self.say(A_DAY))
            return None

    def _text(self, box: Box, text: str) -> str:
        shape = box.shape
        text = text.replace("\r\n", "\n")
        if shape.longest and len(text) > shape.longest:
            self.typed.refuse(box.name, self.say(TOO_LONG, most=shape.longest))
        elif shape.pattern and not re.search(shape.pattern, text):
            rule = next((told for start, told in _PATTERNS.items() if shape.pattern.startswith(start)), "")
            self.typed.refuse(box.name, self.say(rule or OTHERWISE))
        return text


def moment_of(day: date, hour: time | None, zone: ZoneInfo, *, until: bool = False) -> datetime:
    """The moment that a day and perhaps an hour mean in the house's zone, in UTC. A day alone means its end
    where it ends something, else its noon, or now where that is earlier on the same day."""
    if hour is None:
        found = datetime.combine(day, time(23, 59, 59) if until else time(12), zone)
        now = datetime.now(zone)
        if not until and found.date() == now.date():
            found = min(found, now)
    else:
        found = datetime.combine(day, hour.replace(tzinfo=None), zone)
    return found.astimezone(UTC)


def place_error(typed: Typed, say: Say, error: RogatoryError, fields: Iterable[Box]) -> None:
    """Shows what another room refused, at the fields it means."""
    names = sorted(names_of(fields), key=len, reverse=True)
    faults = getattr(error, "faults", None)
    for fault in faults or [{"where": error.where, "what": error.what, "next": error.next_step}]:
        where = fault["where"].removeprefix("body.").removeprefix("body")
        found = next((name for name in names if where == name or where.startswith(f"{name}.")), None)
        if found is None:
            found = next((name for name in names if name.endswith(f".{where}") and where), "")
        text = say(fault["what"])
        if fault["next"]:
            text = f"{text} {say(fault['next'])}"
        typed.refuse(found, text)
