"""Does everybody see the edition that counts, in one order, and does an upgrade leave it standing?"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from schemas.errors import BadData
from tests.workshop.small import act, draft, layer, registry
from treaties.draft import Draft, draft_json
from treaties.editions import Editions
from treaties.load import load_registry
from treaties.standing import bound

DAY = date(2026, 11, 22)
IN_FORCE = act("IE", "in-force", "2027-03-01")
DENOUNCED = act("US", "denounced", "2028-01-01")


@dataclass
class FakeAcceptances:
    """What a house has accepted, kept in a list."""

    drafts: list[Draft] = field(default_factory=list)

    def count(self) -> int:
        return len(self.drafts)

    def accepted(self, after: int = 0) -> list[Any]:
        return [
            Row(number, json.dumps(draft_json(one)), DAY)
            for number, one in enumerate(self.drafts[after:], start=after + 1)
        ]


@dataclass(frozen=True)
class Row:
    number: int
    content: str
    day: date


def test_what_is_accepted_counts_at_the_next_question() -> None:
    house, seen = FakeAcceptances(), []
    editions = Editions(registry, house, lambda edition, count: seen.append((edition, count)))
    first = editions.current()
    assert editions.current() is first
    house.drafts.append(draft(acts=[IN_FORCE]))
    second = editions.current()
    assert bound(second, "pact", "IE", date(2027, 3, 1)).verdict == "yes"
    assert editions.at(0) is first
    assert seen == [(first.edition, 0), (second.edition, 1)]


def test_every_process_comes_to_the_same_edition_step_by_step_or_at_once() -> None:
    house = FakeAcceptances()
    slow = Editions(registry, house)
    steps = [slow.current().edition]
    for one in (IN_FORCE, DENOUNCED):
        house.drafts.append(draft(acts=[one]))
        steps.append(slow.current().edition)
    quick = Editions(registry, house)
    assert quick.current().edition == steps[-1]
    assert [quick.at(count).edition for count in (0, 1, 2)] == steps
    assert len(set(steps)) == 3
    other = FakeAcceptances([draft(acts=[DENOUNCED]), draft(acts=[IN_FORCE])])
    assert Editions(registry, other).current().edition != steps[-1]


def test_the_edition_covers_base_and_overlay_too() -> None:
    house = FakeAcceptances([draft(acts=[IN_FORCE])])
    overlay: dict[str, Any] = {"sources/secret.yml": {"key": "secret", "title": "Arrangement"}}
    plain = Editions(registry, house).current().edition
    assert Editions(lambda: load_registry([layer(), overlay]), house).current().edition != plain


def test_an_upgrade_that_ships_what_was_accepted_absorbs_it() -> None:
    house = FakeAcceptances([draft(acts=[IN_FORCE, DENOUNCED])])
    files = layer()
    files["parties/pact.yml"]["states"]["IE"].append(
        {
            "act": "in-force",
            "on": "2027-03-01",
            "source": "chart",
            "recorded": "2026-12-01",
            "confidence": "read",
        }
    )
    editions = Editions(lambda: load_registry([files]), house)
    acts = [held.fact for held in editions.current().acts("pact", "IE")]
    assert acts.count("pact:IE.in-force.2027-03-01") == 1
    assert editions.absorbed() == {1: ["acts.0"]}


def test_an_upgrade_that_no_longer_knows_what_was_accepted_about_says_which_proposal() -> None:
    house = FakeAcceptances([draft(acts=[IN_FORCE])])
    files = {name: file for name, file in layer().items() if not name.endswith("pact.yml")}
    editions = Editions(lambda: load_registry([files]), house)
    with pytest.raises(BadData, match="proposal 1"):
        editions.current()


def test_looking_back_before_the_acceptance_does_not_show_it() -> None:
    house = FakeAcceptances([draft(acts=[IN_FORCE])])
    law = Editions(registry, house).current()
    day = date(2027, 3, 1)
    assert bound(law.known_on(date(2026, 11, 21)), "pact", "IE", day).verdict == "no"
    assert bound(law.known_on(DAY), "pact", "IE", day).verdict == "yes"
