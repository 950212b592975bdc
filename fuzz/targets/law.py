"""Which changes of the law does somebody propose: drafts, tables of depositaries; and old registers?"""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from desk import border, depositary, register, takeover
from desk.api import workshop
from desk.depositary import Sheet
from desk.known import Known
from fuzz.shapes import bomb, bytes_spoiled, cells_spoiled, lines_spoiled, zip_spoiled
from fuzz.target import Target
from fuzz.trees import json_spoiled
from schemas.moves import Actor
from schemas.settings import Settings
from schemas.vocabulary import Role
from treaties import text as law_text
from treaties.draft import act_of_words, draft_again, draft_json
from treaties.load import shipped
from treaties.proposal import considered
from treaties.spelling import canonical

EXAMPLES = Path(__file__).parents[2] / "examples"
DAY = date(2026, 11, 21)
CHART = [
    list(depositary.COLUMNS),
    [
        "IE",
        "Ireland",
        "2002-02-28",
        "2026-11-16",
        "ratification",
        "2027-03-01",
        "",
        "",
        "invented",
        "a chart",
        "2026-11-20",
        "read",
    ],
    ["KR", "Korea", "", "2027-01-01", "accession", "", "", "", "", "a chart", "2026-11-20", "memory"],
]
DRAFT: dict[str, Any] = {
    "title": "Ireland joins",
    "reason": "invented",
    "defaults": {"source": "chart", "checked": "2026-11-20", "confidence": "memory"},
    "sources": [{"key": "chart", "title": "An invented chart", "how": "read", "as_of": "2026-11-20"}],
    "acts": [
        {"instrument": "budapest", "state": "IE", "act": "acceded", "on": "2027-01-01", "place": "row 1"},
        {"instrument": "budapest", "state": "IE", "act": "in-force", "on": None, "note": "invented"},
    ],
    "retract": [{"fact": "parties/budapest:1", "reason": "invented"}],
    "rules": [{"instrument": "budapest", "list": "provisions", "article": "99", "place": "99"}],
    "authorities": [{"state": "IE", "function": "central-authority", "name": "An office (invented)"}],
    "languages": [{"state": "IE", "language": "en"}],
    "states": [{"code": "XZ", "name": "Xanadu (invented)"}],
}


def targets() -> list[Target]:
    """The parsers of this module."""
    table = {"desk.register": ()}
    chart = {**table, "desk.depositary": ()}
    old = {**table, "desk.takeover": ("take_over", "_read", "_there")}
    drafts = {"treaties.draft": ("draft_json", "act_of_words"), "treaties.proposal": ("supposed", "taken_up")}
    text = {
        "treaties.text": (
            "dump",
            "_put_mapping",
            "_put_list",
            "_flow",
            "_is_flat",
            "_is_leaf",
            "_scalar",
            "_is_printable",
            "read",
            "lines_of",
        ),
        "treaties.spelling": (),
    }
    yaml = law_text.dump(law_text.parse(json.dumps(_texts(DRAFT)))).encode()
    laws = [file.read_bytes() for file in sorted((EXAMPLES / "overlay").rglob("*.yml"))[:8]]
    words = [b"KR budapest in-force 2027-01-01 until 2028-01-01 towards DE", b"IE untoc acceded"]
    registers = [(EXAMPLES / "register.csv").read_bytes(), _csv(CHART)]
    return [
        Target(
            "law-draft-json",
            lambda data: _draft(data, workshop.JSON),
            [_json(DRAFT)],
            json_spoiled,
            1,
            drafts,
        ),
        Target("law-draft-yaml", lambda data: _draft(data, workshop.YAML), [yaml], lines_spoiled, 1, drafts),
        Target("law-file", _law_file, [*laws, yaml], lines_spoiled, 60, text),
        Target(
            "law-words",
            lambda data: act_of_words(data.decode("utf-8", "replace")),
            words,
            bytes_spoiled,
            60,
            {},
        ),
        Target(
            "chart-csv", lambda data: _chart(data, register.CSV), registers[::-1], cells_spoiled, 2, chart
        ),
        Target("chart-xlsx", lambda data: _chart(data, register.XLSX), _books(CHART), zip_spoiled, 2, chart),
        Target("register-csv", lambda data: _register(data, register.CSV), registers, cells_spoiled, 40, old),
        Target(
            "register-xlsx",
            lambda data: _register(data, register.XLSX),
            _books(list(csv.reader(io.StringIO(registers[0].decode())))),
            zip_spoiled,
            10,
            old,
        ),
    ]


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_texts(one) for one in value]
    return "unknown" if value is None else str(value)


def _csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def _books(rows: list[list[str]]) -> list[bytes]:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append([DAY if cell == "2027-01-01" else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return [out.getvalue(), bomb("xl/sharedStrings.xml", 65 * 1024 * 1024)]


def _draft(data: bytes, media: str) -> object:
    draft = workshop._draft(data, media, "draft")
    again = draft_again(json.loads(json.dumps(draft_json(draft))))
    return considered(shipped(), again, DAY)


def _law_file(data: bytes) -> object:
    from schemas.errors import BadInput

    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput("no text") from None
    found = law_text.parse(text)
    # what a quick reader reads, the general one reads as well, and the same
    if canonical(text) is not None and law_text.general(text) != found:
        raise AssertionError("two readers, two contents")
    border.tree_from_yaml(data, "file")
    return found


def _chart(data: bytes, media: str) -> object:
    sheet = Sheet(data, media, "budapest", "chart", "An invented chart", "", "2026-11-20")
    return considered(shipped(), depositary.draft_of(sheet, shipped(), "chart"), DAY, skip_known=True)


@cache
def _desk() -> tuple[Settings, Known]:
    settings = Settings(house="de", state="DE", time_zone="America/New_York")
    states = frozenset(shipped().jurisdictions)
    functions = frozenset({"central-authority"})
    return settings, Known(states, frozenset(shipped().instruments), {"us": "US"}, functions)


def _register(data: bytes, media: str) -> object:
    settings, known = _desk()
    actor = Actor(id="officer", house="de", roles=(Role.OFFICER,))
    return takeover.cases_of(takeover.rows_of(data, media), settings, actor, known)
