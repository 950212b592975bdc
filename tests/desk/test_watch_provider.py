"""When a provider is retracted from the registry, is whoever holds a case that goes to it told, once?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from desk import watch
from desk.sweeping import NOT_ANSWERED
from schemas.moves import FileRequest, LawMoved
from tests.desk.test_watch_clocks import accepted
from tests.desk.watched import FACT, START, Watched, overlay
from tests.flow.lawful import to_keep
from tests.workshop.small import draft, layer
from treaties.proposal import considered

CLOUD = {
    "providers/example-cloud.yml": {
        "key": "example-cloud",
        "name": "Example Cloud (invented)",
        "state": "US",
        "addressee": "establishment",
        "ways": ["letter"],
        "invented": True,
        **FACT,
    },
    "instruments/keep.yml": {
        "key": "keep",
        "title": "Pact on Keeping",
        "form": "bilateral",
        "kinds": ["preservation"],
        "states": ["DE", "US"],
        "provisions": [
            {
                "id": "1.reach",
                "article": "1",
                "role": "reach",
                "force": "duty",
                "kinds": ["preservation"],
                **FACT,
            }
        ],
    },
    "parties/keep.yml": {
        "instrument": "keep",
        "states": {"DE": [{"act": "in-force", "on": "2009-10-18", **FACT}]},
    },
}
GONE = {"retract": [{"fact": "providers:example-cloud", "reason": "it closed down"}]}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Watched]:
    law = overlay(tmp_path / "law", CLOUD, layer())
    house = await Watched.new(tmp_path / "de", law).start()
    yield house
    house.records.close()


async def kept(house: Watched, provider: str | None) -> str:
    """A request to keep data, drafted; the treaty is chosen."""
    body = FileRequest(request=to_keep(offences=(), provider=provider))
    return (await house.office.file(house.officer, body, f"keep {provider}")).ref


async def test_who_holds_a_case_to_a_provider_that_is_gone_is_told_once(house: Watched) -> None:
    ref, other = await kept(house, "example-cloud"), await kept(house, None)
    accepted(house, **GONE)
    await house.again()
    assert (await house.watch()).cases == (ref,)
    (body,) = [LawMoved.model_validate_json(one) for one in house.told(ref, "law-moved")]
    assert (body.proposals, body.facts, body.instruments) == ((1,), ("providers:example-cloud",), ("keep",))
    assert house.state(ref).attention == ["law-moved:1", NOT_ANSWERED]
    assert house.state(other).attention == []
    accepted(house, sources=[{"key": "memo", "title": "A memo, invented"}])
    await house.again()
    house.moment = START + timedelta(days=1)
    assert (await house.watch()).cases == ()
    assert len(house.told(ref, "law-moved")) == 1


async def test_the_impact_of_the_retraction_is_shown_before_it_counts(house: Watched) -> None:
    ref = await kept(house, "example-cloud")
    effect = considered(house.law, draft(**GONE), START.date())
    found = watch.touched(house.records, house.law, effect.after, effect.differences, START.date())
    (one,) = [watch.told(each) for each in found]
    assert (one["ref"], one["best_before"], one["best_after"]) == (ref, "keep", "")
    assert one["shifts"] == [{"instrument": "keep", "before": "yes", "after": None, "parts": []}]
