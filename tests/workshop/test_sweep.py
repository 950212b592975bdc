"""Does the sweep say of each pair what the law says, whoever shares the work, and name every gap?"""

from __future__ import annotations

import csv
import io
import json
import random
from datetime import date
from itertools import permutations

import pytest

from schemas.errors import BadInput
from schemas.reasoning import Question
from schemas.vocabulary import Kind, Measure, Verdict
from tests.workshop.small import FACT, layer, registry
from treaties.basis import find_bases, standings
from treaties.load import load_registry, shipped
from treaties.registry import ONE_SIDED
from treaties.sweep import Asked, Pair, as_csv, as_json, jurisdictions, pair, sweep

ASKED = Asked(Kind.MLA, (Measure.SUBSCRIBER_DATA,), date(2026, 11, 22))


def test_the_table_of_a_small_world() -> None:
    found = {(one.requesting, one.requested): one for one in sweep(registry(), ASKED)}
    assert len(found) == 4 * 3
    assert (found["DE", "US"].basis, found["DE", "US"].verdict, found["DE", "US"].gap) == (
        "de-us-mla",
        "yes",
        "",
    )
    assert found["DE", "US"].yes == 2
    # France helps by its own law alone, and nobody helps France.
    assert (found["DE", "FR"].basis, found["DE", "FR"].form, found["DE", "FR"].gap) == (
        "fr-law",
        "domestic",
        "no-treaty",
    )
    assert (found["FR", "DE"].basis, found["FR", "DE"].verdict, found["FR", "DE"].gap) == (
        "",
        "no",
        "no-basis",
    )
    assert found["IE", "DE"].gap == "no-basis"


def test_what_is_not_known_is_a_gap_of_its_own() -> None:
    files = layer()
    del files["parties/pact.yml"]["complete"]
    found = {(one.requesting, one.requested): one for one in sweep(load_registry([files]), ASKED)}
    assert (found["IE", "DE"].verdict, found["IE", "DE"].gap) == ("unknown", "basis-unknown")
    assert found["IE", "FR"].gap == "treaty-unknown"
    assert found["IE", "FR"].treaty == "pact"


def test_a_basis_that_rests_on_memory_is_marked() -> None:
    files = layer()
    files["parties/de-us-mla.yml"]["states"]["DE"][0] = {
        **files["parties/de-us-mla.yml"]["states"]["DE"][0],
        "confidence": "memory",
    }
    law = load_registry([files])
    assert pair(law, ASKED, "DE", "US").memory
    assert not pair(registry(), ASKED, "DE", "US").memory


def test_the_sweep_agrees_with_the_whole_answer_on_pairs_of_the_shipped_law() -> None:
    law = shipped()
    pairs = list(permutations(jurisdictions(law), 2))
    for requesting, requested in random.Random(7).sample(pairs, 60):
        question = Question(requesting, requested, ASKED.kind, ASKED.measures, ASKED.on)
        whole = [one for one in find_bases(law, question).candidates if one.verdict is not Verdict.NO]
        quick = standings(law, question)
        assert [(one.instrument, one.verdict, one.channel) for one in quick] == [
            (one.instrument, one.verdict, one.channel) for one in whole
        ]
        found = pair(law, ASKED, requesting, requested)
        assert found.basis == (whole[0].instrument if whole else "")
        treaties = [one for one in whole if law.instruments[one.instrument].form not in ONE_SIDED]
        assert found.treaty == (treaties[0].instrument if treaties else "")
        assert (found.gap == "no-basis") == (not whole)


@pytest.mark.slow
def test_the_table_is_the_same_however_many_share_the_work() -> None:
    law = registry()
    assert list(sweep(law, ASKED, processes=2)) == list(sweep(law, ASKED))


def test_the_table_as_csv_and_as_json() -> None:
    law = registry()
    out = io.StringIO()
    assert as_csv(sweep(law, ASKED), out) == 12
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert list(rows[0]) == list(Pair.__dataclass_fields__)
    assert {row["memory"] for row in rows} == {"no"}
    told = io.StringIO()
    assert as_json(sweep(law, ASKED), told, law, ASKED) == 12
    read = json.loads(told.getvalue())
    assert read["edition"] == law.edition
    assert [one["basis"] for one in read["pairs"]] == [row["basis"] for row in rows]


def test_only_the_pairs_asked_for() -> None:
    found = list(sweep(registry(), ASKED, requesting=["US"], requested=["DE", "US"]))
    assert [(one.requesting, one.requested) for one in found] == [("US", "DE")]


def test_looking_back_shows_what_was_known() -> None:
    files = layer()
    files["parties/pact.yml"]["states"]["IE"].append(
        {"act": "in-force", "on": "2020-01-01", **FACT, "recorded": "2026-06-01"}
    )
    law = load_registry([files])
    assert pair(law, ASKED, "IE", "US").basis == "pact"
    before = Asked(ASKED.kind, ASKED.measures, ASKED.on, date(2026, 5, 31))
    assert pair(law, before, "IE", "US").gap == "no-basis"


def test_fewer_than_no_processes_are_refused() -> None:
    with pytest.raises(BadInput):
        list(sweep(registry(), ASKED, processes=-1))
