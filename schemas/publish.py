"""Which JSON Schemas (2020-12) do we publish for everything that crosses the house's border?

`python -m schemas.publish` writes schemas/json/; `--check` fails if the files differ from the types.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from schemas.case import CaseState, DocketRow
from schemas.evidence import CustodyEntry, CustodyTold, EvidenceAsk, SealedItem
from schemas.messages import Envelope, Head, KeyChange, Parcel, Receipt
from schemas.moves import MoveBody, MoveReply
from schemas.request import Request

FOLDER = Path(__file__).parent / "json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

PUBLISHED: dict[str, Any] = {
    "request": Request,
    "move": MoveBody,
    "move-reply": MoveReply,
    "case": CaseState,
    "docket-row": DocketRow,
    "envelope": Envelope,
    "parcel": Parcel,
    "receipt": Receipt,
    "head": Head,
    "key-change": KeyChange,
    "custody-entry": CustodyEntry,
    "custody-told": CustodyTold,
    "evidence-ask": EvidenceAsk,
    "sealed-item": SealedItem,
}


def schema_of(name: str) -> dict[str, Any]:
    """The schema published under `name`."""
    made = TypeAdapter(PUBLISHED[name]).json_schema()
    return {"$schema": DIALECT, "$id": f"urn:rogatory:schema:{name}:1", **made}


def text_of(name: str) -> str:
    """The file content for `name`: sorted keys, two spaces, a final newline."""
    return json.dumps(schema_of(name), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def differing() -> list[str]:
    """Names whose file is missing or differs from the type."""
    wanted = {name: text_of(name) for name in PUBLISHED}
    return [
        name
        for name, text in wanted.items()
        if not (path := FOLDER / f"{name}.json").is_file() or path.read_text("utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    """Write the files, or with `--check` say which differ (exit status 1)."""
    if "--check" in arguments:
        stale = differing()
        for name in stale:
            print(f"schemas/json/{name}.json differs from its type. Next: python -m schemas.publish")
        return 1 if stale else 0
    FOLDER.mkdir(exist_ok=True)
    for name in PUBLISHED:
        (FOLDER / f"{name}.json").write_text(text_of(name), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
