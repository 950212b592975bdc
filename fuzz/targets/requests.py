"""Which requests, moves and other bodies come as files and over the API, and which words in addresses?"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter

from desk import border, matters, reading
from desk.api.absences import AbsenceBody
from desk.api.keeping import ErasureBody
from desk.api.law import QuestionBody
from desk.api.ledger import VerifyBody
from desk.api.letters import LetterAsked
from desk.api.people import LeaveBody, RemindersBody, TokenBody, UserBody
from desk.api.workshop import AcceptanceBody, RefusalBody
from desk.cli import given
from fuzz.shapes import bytes_spoiled, lines_spoiled
from fuzz.target import Target
from fuzz.trees import json_spoiled
from records import docket
from records.docket import Filter
from schemas.evidence import Brought, CustodyTold, Noted
from schemas.moves import MoveBody
from tests.letters.correspondents import ANNEX, request

EXAMPLES = Path(__file__).parents[2] / "examples"
BODIES: dict[str, type[BaseModel]] = {
    kind.__name__: kind
    for kind in (
        AbsenceBody,
        AcceptanceBody,
        Brought,
        CustodyTold,
        ErasureBody,
        LeaveBody,
        LetterAsked,
        Noted,
        QuestionBody,
        RefusalBody,
        RemindersBody,
        TokenBody,
        UserBody,
        VerifyBody,
    )
}


def targets() -> list[Target]:
    """The parsers of this module."""
    files = [file.read_bytes() for file in sorted(EXAMPLES.glob("*.yml"))]
    asked = [
        _json(border.request_from_yaml(content).model_dump(mode="json", exclude_none=True))
        for content in files
    ]
    border_reads = {"desk.border": ("schema_of",), "desk.faults": ()}
    return [
        Target("request-yaml", border.request_from_yaml, files, lines_spoiled, 30, border_reads),
        Target(
            "request-json",
            lambda data: border.request_from_json(border.json_of(data)),
            asked,
            json_spoiled,
            30,
            border_reads,
        ),
        Target(
            "move-json",
            lambda data: border.move_from_json(border.json_of(data)),
            _moves(),
            json_spoiled,
            110,
            border_reads,
        ),
        Target("api-body", _body, _bodies(), json_spoiled, 100, border_reads),
        Target("cursor", _cursors, _pages(), bytes_spoiled, 80, {}),
        Target(
            "command-words",
            _words,
            [b"2026-11-20", b"2026-11-20T14:30", b"2026-11-20T14:30:00+02:00"],
            bytes_spoiled,
            60,
            {},
        ),
    ]


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _moves() -> list[bytes]:
    """One honest move of every sort, as far as it can be made from its own schema."""
    made: list[bytes] = []
    schema = json.loads((Path(border.__file__).parents[1] / "schemas" / "json" / "move.json").read_bytes())
    for name in schema["discriminator"]["mapping"].values():
        made.append(_json(_instance({"$ref": name}, schema["$defs"], 0)))
    good = [one for one in made if _holds(one)]
    return [*good, *(one for one in made if one not in good)]


def _holds(content: bytes) -> bool:
    try:
        TypeAdapter(MoveBody).validate_json(content)
    except ValueError:
        return False
    return True


def _instance(schema: dict[str, Any], named: dict[str, Any], depth: int) -> Any:
    """A small value that fits `schema`, more or less."""
    if "$ref" in schema:
        return _instance(named[schema["$ref"].rpartition("/")[2]], named, depth + 1)
    for word in ("const", "default"):
        if schema.get(word) is not None:
            return schema[word]
    if "enum" in schema:
        return schema["enum"][0]
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return _instance(schema[word][0], named, depth + 1)
    if schema.get("type") == "object" and "properties" in schema:
        return (
            {
                name: request(attachments=(ANNEX,)).model_dump(mode="json")
                if name == "request"
                else _instance(part, named, depth + 1)
                for name, part in schema["properties"].items()
                if name in schema.get("required", ()) or "default" not in schema or "const" in part
            }
            if depth < 8
            else {}
        )
    if schema.get("type") == "array":
        return [_instance(schema["items"], named, depth + 1)] if depth < 6 and "items" in schema else []
    return _scalar(schema)


def _scalar(schema: dict[str, Any]) -> Any:
    plain: dict[str, Any] = {"integer": 1, "number": 1, "boolean": True, "null": None, "object": {}}
    if schema.get("type") != "string":
        return plain.get(str(schema.get("type")), "x")
    form = {"date-time": "2026-11-20T10:00:00Z", "date": "2026-11-20"}.get(schema.get("format", ""))
    told = {"^sha256:": ANNEX.digest, "^[A-Z]{2}$": "DE", "^[a-z]{2}$": "en"}
    shape = str(schema.get("pattern", ""))
    return form or next((text for start, text in told.items() if shape.startswith(start)), "a-word-of-ours")


def _bodies() -> list[bytes]:
    made = []
    for name, kind in BODIES.items():
        schema = kind.model_json_schema()
        made.append(_json({"of": name, "body": _instance(schema, schema.get("$defs", {}), 0)}))
    return made


@cache
def _schema(name: str) -> dict[str, Any]:
    return BODIES[name].model_json_schema()


def _body(data: bytes) -> object:
    value = border.json_of(data)
    name = value.get("of") if isinstance(value, dict) else None
    chosen = name if isinstance(name, str) and name in BODIES else "QuestionBody"
    body = value.get("body") if isinstance(value, dict) else value
    border.check(_schema(chosen), body)
    return border.typed(BODIES[chosen], body)


def _pages() -> list[bytes]:
    return [
        docket._cursor("2026-11-21", "DE-MLA-2026-00001", Filter()).encode(),
        reading._cursor("entry", 2).encode(),
        b"WyIyMDI2LTExLTIxVDEyOjAwOjAwWiIsICJERS1NTEEtMjAyNi0wMDAwMSIsIDFd",
    ]


def _cursors(data: bytes) -> object:
    # as it comes out of a query: any text, lone halves of surrogate pairs never
    text = data.decode("utf-8", "replace")
    for read in (lambda one: docket._position(one, Filter()), reading._place, matters._position):
        _refusing(read, text)
    return text


def _refusing(read: Any, text: str) -> None:
    from schemas.errors import RogatoryError

    try:
        read(text)
    except RogatoryError:
        return


def _words(data: bytes) -> object:
    return given.moment_of(data.decode("utf-8", "replace"))
