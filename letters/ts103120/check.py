"""What is wrong with a provider message, where, and what next? By shape and by dictionary.

The schema of the standard lets any word of any dictionary pass and hides the cause of a misfit; here each
fault names its place and, where a word is wrong, the words that would be right. Never the value itself, which
may be a person's account.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from letters.ts103120.dictionaries import DICTIONARIES, ETSI, FIELDS, OURS
from letters.ts103120.message import Message
from letters.ts103120.objects import TYPE
from schemas.errors import BadInput

MALFORMED = "provider-malformed"
LARGEST = 8 * 1024 * 1024
"""Bytes of one message that we read."""
MOST_FAULTS = 20
DEEPEST = 60
"""Levels of nesting that we follow; the standard needs a third of it."""

_WORD = frozenset({"common:Owner", "common:Name", "common:Value"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: a path into the message, what is wrong there, what its sender can do."""

    where: str
    what: str
    next_step: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.next_step}"


def check(value: object) -> list[Fault]:
    """Every fault of a message given as plain JSON values, at most MOST_FAULTS. None: it is understood."""
    if not isinstance(value, Mapping):
        return [Fault("the whole", "it is no JSON object", "send one HI1 message as a JSON object")]
    if not _shallow(value):
        return [Fault("the whole", f"it nests deeper than {DEEPEST} levels", "send a flat message")]
    faults = [*_misshapen(value), *_words(value, "", ""), *_actions(value)]
    return faults[:MOST_FAULTS]


def read(content: bytes) -> Message:
    """The message in `content`. Raises BadInput (`provider-malformed`) naming the first fault."""
    value = plain(content)
    faults = check(value)
    if faults:
        raise BadInput(
            f"The provider's message cannot be read: {faults[0].what}.",
            where=faults[0].where,
            next_step=faults[0].next_step,
            code=MALFORMED,
        )
    return Message.model_validate(_bare(value))


def plain(content: bytes) -> Any:
    """The JSON value in `content`. Raises BadInput unless it is UTF-8, at most LARGEST bytes, names no field
    twice and holds no NaN."""
    if len(content) > LARGEST:
        raise _unreadable(f"it is larger than {LARGEST} bytes")
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _unreadable(f"it is not JSON ({type(error).__name__})") from error


def _unreadable(found: str) -> BadInput:
    return BadInput(
        f"The provider's message cannot be read: {found}.",
        where="the whole",
        next_step="ask the provider to send one HI1 message as JSON (ETSI TS 103 120)",
        code=MALFORMED,
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field is named twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _bare(value: Mapping[str, Any]) -> dict[str, Any]:
    """Without its namespaces, which a JSON message carries for show."""
    return {name: each for name, each in value.items() if not name.startswith("@")}


def _shallow(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return True
    return False


# --- shape --------------------------------------------------------------------------------------------


def _misshapen(value: Mapping[str, Any]) -> list[Fault]:
    try:
        Message.model_validate(_bare(value))
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        return [_misfit(each["loc"], each["type"], each["msg"]) for each in found]
    return []


def _misfit(place: tuple[int | str, ...], kind: str, message: str) -> Fault:
    where = ".".join(str(step) for step in place if not str(step).startswith("{")) or "the whole"
    if kind.startswith("union_tag"):
        return Fault(
            f"{where}.{TYPE}",
            "an object of a type we do not deal in",
            "send Authorisation, LPTask, LDTask, Document, Notification or Delivery objects",
        )
    if kind == "missing":
        return Fault(where, "it is missing", "add it")
    if kind == "extra_forbidden":
        return Fault(where, "no such field", "leave it out")
    return Fault(where, message[:1].lower() + message[1:], "mend this field")


# --- words --------------------------------------------------------------------------------------------


def _words(value: Any, where: str, kind: str) -> Iterator[Fault]:
    """Faults in the words of dictionaries below `value`; `kind`: type of the object it stands in."""
    if isinstance(value, dict):
        kind = _kind(value) or kind
        for name, each in value.items():
            place = f"{where}.{name}" if where else name
            for index, one in enumerate(each if isinstance(each, list) else [each]):
                at = f"{place}.{index}" if isinstance(each, list) else place
                if isinstance(one, dict) and one.keys() == _WORD:
                    yield from _word(one, at, _field(name, kind))
                elif name != "delivery:Delivery":
                    yield from _words(one, at, kind)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _words(one, f"{where}.{index}", kind)


def _kind(value: Mapping[str, Any]) -> str:
    named = value.get(TYPE)
    return named.rsplit("}", 1)[-1] if isinstance(named, str) else ""


def _field(name: str, kind: str) -> str:
    short = name.removeprefix("task:")
    return f"task:{kind}.{short}" if short in ("Status", "DesiredStatus") else name


def _word(word: Mapping[str, Any], where: str, field: str) -> Iterator[Fault]:
    owner, name, value = (word["common:Owner"], word["common:Name"], word["common:Value"])
    if not all(isinstance(each, str) for each in (owner, name, value)):
        yield Fault(where, "a word of a dictionary is three texts", "write owner, name and value as text")
        return
    names = FIELDS.get(field)
    if names is not None and name not in names:
        yield Fault(where, "a word of another dictionary", f"take one of {_listed(names)}")
        return
    known = DICTIONARIES.get((owner, name))
    if known is None:
        if names is not None or owner in (ETSI, OURS):
            owners = sorted({each for each, called in DICTIONARIES if called in (names or {name})})
            yield Fault(where, "a dictionary we do not know", f"take that of {_listed(owners) or ETSI}")
    elif value not in known:
        yield Fault(where, f"no word of the dictionary {name} of {owner}", f"take one of {_listed(known)}")


def _listed(words: Any) -> str:
    return ", ".join(sorted(words))


# --- actions ------------------------------------------------------------------------------------------


def _actions(value: Mapping[str, Any]) -> Iterator[Fault]:
    """Actions numbered twice, and deliveries whose identifier is not that of their object."""
    for path in (("RequestPayload", "ActionRequests", "ActionRequest"),
                 ("ResponsePayload", "ActionResponses", "ActionResponse")):  # fmt: skip
        found: Any = value.get("Payload")
        for step in path:
            found = found.get(step) if isinstance(found, dict) else None
        seen: set[Any] = set()
        for index, action in enumerate(found if isinstance(found, list) else []):
            where = f"Payload.{'.'.join(path)}.{index}"
            number = action.get("ActionIdentifier") if isinstance(action, dict) else None
            if isinstance(number, int) and number in seen:
                yield Fault(where, "an action identifier used twice", "number each action once")
            if isinstance(number, int):
                seen.add(number)
            yield from _delivered(action, where)


def _delivered(action: Any, where: str) -> Iterator[Fault]:
    deliver = action.get("DELIVER") if isinstance(action, dict) else None
    held = deliver.get("HI1Object") if isinstance(deliver, dict) else None
    if isinstance(held, dict) and deliver is not None:
        named, own = str(deliver.get("Identifier")), str(held.get("ObjectIdentifier"))
        if named.lower() != own.lower():
            yield Fault(f"{where}.DELIVER.Identifier", "not that of its object", "name the object delivered")
