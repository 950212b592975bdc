"""What do files and words of a command line mean as a request, a move, a moment or a document?"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import TypeAdapter

from desk import border
from schemas.errors import BadData, BadInput
from schemas.moves import MoveBody
from schemas.request import EvidenceItem, Request
from treaties import text as law_text

_MOVE: TypeAdapter[MoveBody] = TypeAdapter(MoveBody)

OTHER_MEDIA = "application/octet-stream"


def case_path(ref: str, *rest: str) -> str:
    """The path of a case in the API; references may hold any sign that an office's numbering uses."""
    return "/".join(["/cases", quote(ref, safe=""), *(quote(part, safe=":") for part in rest)])


def content_of(file: Path) -> bytes:
    """The bytes of a file. Raises BadInput when it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput(
            "The file cannot be read.", where=str(file), next_step=error.strerror or "name another"
        ) from error


def request_of(file: Path) -> Request:
    """The request in a YAML or JSON file."""
    content = content_of(file)
    if file.suffix.lower() == ".json":
        return border.request_from_json(border.json_of(content, str(file)), str(file))
    return border.request_from_yaml(content, str(file))


def tree_of(file: Path) -> Any:
    """Whatever stands in a JSON or YAML file; all words of YAML are text."""
    content = content_of(file)
    if file.suffix.lower() == ".json":
        return border.json_of(content, str(file))
    if len(content) > border.MAX_YAML_BYTES:
        raise BadInput(f"The file has more than {border.MAX_YAML_BYTES} bytes.", where=str(file))
    try:
        return law_text.parse(content.decode("utf-8-sig"), str(file))
    except UnicodeDecodeError as error:
        raise BadInput("The file is not UTF-8 text.", where=f"{file}, byte {error.start}") from error
    except BadData as error:
        raise BadInput(error.what, where=error.where, next_step=error.next_step) from error


def items_of(file: Path) -> list[dict[str, Any]]:
    """The items of evidence listed in a file: a list, or a mapping with `items`."""
    tree = tree_of(file)
    told = tree.get("items") if isinstance(tree, dict) else tree
    items: list[EvidenceItem] = border.typed(list[EvidenceItem], told, str(file))
    return [item.model_dump(mode="json", exclude_none=True) for item in items]


def item_of(file: Path, custodian: str, kind: str) -> dict[str, Any]:
    """The item of evidence that a local file is: its digest and size are taken, its content stays here."""
    content = content_of(file)
    name = "".join(sign if sign.isalnum() else "-" for sign in file.stem.lower()).strip("-")
    return {
        "id": "-".join(part for part in name.split("-") if part) or "item",
        "description": file.name,
        "kind": kind,
        "sha256": "sha256:" + hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "custodian": custodian,
    }


def media_of(file: Path) -> str:
    return mimetypes.guess_type(file.name)[0] or OTHER_MEDIA


def moment_of(text: str | None, now: datetime | None = None) -> str | None:
    """The moment that `2026-11-20` or `2026-11-20T14:30` means here, as ISO text with its offset.

    A day alone means its noon, or now when that is today and earlier: the other side's day is not known
    better, and the future is refused.
    """
    if text is None:
        return None
    here = (now or datetime.now(UTC)).astimezone()
    try:
        if len(text) == len("2026-11-20"):
            noon = datetime.combine(date.fromisoformat(text), time(12)).astimezone()
            return (min(noon, here) if noon.date() == here.date() else noon).isoformat()
        return datetime.fromisoformat(text).astimezone().isoformat()
    except (ValueError, OverflowError) as error:
        raise BadInput(
            f"{text!r} is no day or time.", next_step="write 2026-11-20 or 2026-11-20T14:30"
        ) from error


def pairs_of(words: Sequence[str]) -> dict[str, Any]:
    """The fields that `name=value` words set; a name given twice makes a list, `a.b=…` a field inside."""
    found: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise BadInput(f"{word!r} sets nothing.", where="--set", next_step="write name=value")
        _put(found, name.replace("-", "_").split("."), value)
    return found


def _put(into: dict[str, Any], path: list[str], value: str) -> None:
    first, *rest = path
    if rest:
        inner = into.setdefault(first, {})
        if not isinstance(inner, dict):
            raise BadInput(f"{first!r} is set both as a value and as fields.", where="--set")
        _put(inner, rest, value)
    elif first in into:
        before = into[first]
        into[first] = [*before, value] if isinstance(before, list) else [before, value]
    else:
        into[first] = value


def body_of(event: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The body of the move `event` with these fields, as JSON; what is None is not given. Raises BadInput."""
    told = {name: value for name, value in fields.items() if value is not None and value != ""}
    wanted = {**told, "event": event}
    for name in _lists(event):
        if isinstance(wanted.get(name), str):
            wanted[name] = [wanted[name]]
    body: MoveBody = border.typed(MoveBody, wanted, f"the move {event!r}")
    return dict(_MOVE.dump_python(body, mode="json", exclude_none=True))


def _lists(event: str) -> list[str]:
    """Fields of a body that hold several values: one word given on the command line is one of them."""
    schema = _MOVE.json_schema()
    target = schema["discriminator"]["mapping"].get(event)
    if target is None:
        return []
    fields = schema["$defs"][target.rsplit("/", 1)[-1]]["properties"]
    return [name for name, told in fields.items() if told.get("type") == "array"]
