"""Do all layers fold to one law, and what if an act were added?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from schemas.errors import BadInput, RogatoryError, UnknownWord
from tests.workshop.proposal.asked import DAY
from tests.workshop.small import FACT, act, draft, layer
from treaties.draft import act_of_words
from treaties.load import extended, load_registry
from treaties.proposal import folded, supposed, taken_up
from treaties.registry import Registry
from treaties.standing import bound

# --- layers and later programs --------------------------------------------------------------------------


def test_an_extended_registry_is_the_one_that_folding_all_layers_gives(law: Registry) -> None:
    more: dict[str, Any] = {
        "parties/pact.yml": {
            "instrument": "pact",
            "states": {"IE": [{**act("IE", "in-force", "2027-03-01"), **FACT}]},
        }
    }
    for row in more["parties/pact.yml"]["states"]["IE"]:
        del row["instrument"], row["state"]
    whole, extra = load_registry([layer(), more]), extended(law, more)
    assert dict(whole.facts()) == dict(extra.facts())
    assert extra.edition not in (
        law.edition,
        extended(law, {"parties/pact.yml": {"instrument": "pact", "states": {}}}).edition,
    )
    with pytest.raises(UnknownWord):
        extended(
            law,
            {
                "parties/pact.yml": {
                    "instrument": "pact",
                    "states": {"XX": [{"act": "signed", "on": "2020-01-01", **FACT}]},
                }
            },
        )


def test_what_the_programs_own_data_caught_up_with_is_no_contradiction(law: Registry) -> None:
    accepted = draft(
        acts=[act("IE", "ratified", "2026-11-16"), act("IE", "in-force", "2027-03-01")],
        retract=[{"fact": "IE:mla-in", "reason": "moved"}],
    )
    shipped_later = layer()
    shipped_later["parties/pact.yml"]["states"]["IE"].append({"act": "ratified", "on": "2026-11-16", **FACT})
    shipped_later["states/IE.yml"]["authorities"] = []
    later, known = taken_up(load_registry([shipped_later]), accepted, DAY)
    assert known == ["acts.0", "retract.0"]
    acts = [held.fact for held in later.acts("pact", "IE")]
    assert acts == ["pact:IE.signed.2002-02-28", "pact:IE.ratified.2026-11-16", "pact:IE.in-force.2027-03-01"]
    assert folded(law, accepted.changes, DAY).acts("pact", "IE")[-1].fact == acts[-1]


# --- what if --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "row"),
    [
        ("ie pact in-force 2027-01-01", {"state": "IE", "act": "in-force", "on": "2027-01-01"}),
        ("IE pact ratified", {"state": "IE", "act": "ratified", "on": "unknown"}),
        (
            "IE pact relations-excluded 2027-01-01 towards us",
            {"state": "IE", "act": "relations-excluded", "on": "2027-01-01", "towards": "US"},
        ),
        (
            "DE pact suspended 2027-01-01 until 2028-01-01",
            {"state": "DE", "act": "suspended", "on": "2027-01-01", "until": "2028-01-01"},
        ),
    ],
)
def test_an_act_in_words(words: str, row: dict[str, str]) -> None:
    assert act_of_words(words) == {"instrument": "pact", **row}


@pytest.mark.parametrize(
    "words", ["", "IE", "IE pact", "IE pact inforce 2027-01-01", "IE pact in-force 1.1.27"]
)
def test_words_that_say_no_act(words: str) -> None:
    with pytest.raises(RogatoryError):
        act_of_words(words)


def test_supposing_changes_nothing_and_refuses_what_could_not_be(law: Registry) -> None:
    before = law.edition
    found = supposed(law, ["IE pact in-force 2027-01-01"], DAY)
    assert bound(found.after, "pact", "IE", date(2027, 1, 1)).verdict == "yes"
    assert law.edition == before
    assert bound(law, "pact", "IE", date(2027, 1, 1)).verdict == "no"
    with pytest.raises(BadInput):
        supposed(law, ["IE pact in-force 2000-01-01"], DAY)
    with pytest.raises(BadInput):
        supposed(law, [], DAY)
