"""Is what grew old, or was only recalled, put before those who can look it up, the needed first?"""

from __future__ import annotations

import csv
import json
from datetime import date
from typing import Any

from tests.workshop.small import FACT, layer
from treaties.exporting import COLUMNS, as_csv, as_json
from treaties.load import load_registry
from treaties.registry import Registry
from treaties.stale import by_source, due

ON = date(2026, 11, 22)
OLD, NEW, RECALLED = "pact:DE.in-force.2009-07-01", "pact:IE.signed.2002-02-28", "IE:mla-in"


def law(**more: Any) -> Registry:
    files = layer()
    acts = files["parties/pact.yml"]["states"]
    acts["DE"][0] = {**acts["DE"][0], "checked": "2015", **more}
    acts["IE"][0] = {**acts["IE"][0], "checked": "2025-12-03"}
    files["states/IE.yml"]["authorities"][0] = {
        **files["states/IE.yml"]["authorities"][0],
        "checked": "2026-01-01",
        "confidence": "memory",
    }
    return load_registry([files])


def test_what_nobody_checked_for_a_year_is_due() -> None:
    found = {one.fact: one for one in due(law(), ON, {})}
    # 2015 counts to its end.
    assert (found[OLD].seen, found[OLD].days, found[OLD].old) == (date(2015, 12, 31), 3979, True)
    assert NEW not in found
    assert RECALLED not in found, "nobody needs it"


def test_a_year_and_no_day_less() -> None:
    assert NEW not in {one.fact for one in due(law(), date(2026, 12, 3), {})}
    assert NEW in {one.fact for one in due(law(), date(2026, 12, 4), {})}


def test_what_cases_rely_on_goes_first_and_recalled_facts_only_then() -> None:
    found = due(law(), ON, {RECALLED: ["A", "B"], OLD: ["C"]})
    assert [(one.fact, one.memory, one.old, one.cases) for one in found[:2]] == [
        (RECALLED, True, False, ("A", "B")),
        (OLD, False, True, ("C",)),
    ]
    assert by_source(found)[0] == {"source": "chart", "facts": 2, "cases": 3, "oldest": "2015-12-31"}


def test_what_was_retracted_is_no_work() -> None:
    retracted = {"on": "2026-10-01", "reason": "misread"}
    assert OLD not in {one.fact for one in due(law(retracted=retracted), ON, {})}


def test_the_export_holds_every_fact_also_those_retracted() -> None:
    files = layer()
    files["parties/pact.yml"]["states"]["IE"][0] = {
        **FACT,
        "act": "signed",
        "on": "2002-02-28",
        "note": "=HYPERLINK(1)",
        "retracted": {"on": "2026-10-01", "reason": "misread"},
    }
    registry = load_registry([files])
    rows = list(csv.DictReader("".join(as_csv(registry)).splitlines()))
    assert list(rows[0]) == list(COLUMNS)
    assert [row["fact"] for row in rows] == [fact for fact, _ in registry.facts()]
    row = next(row for row in rows if row["fact"] == NEW)
    assert (row["kind"], row["day"], row["retracted_because"]) == ("signed", "2002-02-28", "misread")
    assert row["note"] == "'=HYPERLINK(1)", "a spreadsheet would have computed it"
    told = json.loads(json.dumps(as_json(registry)))
    assert told["edition"] == registry.edition
    assert told["parties"]["pact"]["states"]["IE"][0]["retracted"]["reason"] == "misread"
    assert [one["as_of"] for one in told["parties"]["pact"]["completeness"]] == ["2025-12-31"]
    assert [one["on"] for one in told["instruments"]["pact"]["entries"]] == ["2002-01-01"]
