"""How far has a case gone when a flow test takes it up? Two houses on paper, each fixture a step further."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.legal import Legal
from desk.house import introduce, new_house
from letters.trust import TrustList
from records.open import Records, open_records
from schemas.moves import Decide
from schemas.settings import settings_of
from tests.flow.invented import HOME, OFFICER_US, REF
from tests.flow.paper import Pair
from treaties.load import shipped


@pytest.fixture
def pair() -> Pair:
    """Germany has filed."""
    pair = Pair()
    pair.filed()
    return pair


@pytest.fixture
def sent() -> Pair:
    """Approved, sent, arrived; receipts are back."""
    pair = Pair()
    pair.be_sent()
    return pair


@pytest.fixture
def taken() -> Pair:
    """Acknowledged, and the baton has passed to the United States."""
    pair = Pair()
    pair.be_taken()
    return pair


@pytest.fixture
def accepted(taken: Pair) -> Pair:
    """Decided."""
    taken.us.move(OFFICER_US, Decide(decision="accepted"))
    taken.carry_all()
    return taken


# --- hands on real records --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two houses that believe each other."""
    folder = tmp_path_factory.mktemp("houses")
    new_house(folder / "de", "de", "DE", "Germany", time_zone="Europe/Berlin")
    new_house(folder / "us", "us", "US", "United States", port=8081)
    introduce(folder / "de", folder / "us")
    return folder / "de", folder / "us"


@pytest.fixture(scope="module")
def records(homes: tuple[Path, Path]) -> Iterator[Records]:
    """The records of the German house, with a key for the case."""
    opened = open_records(settings_of(homes[0]))
    opened.keys.create(REF)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def trust(homes: tuple[Path, Path]) -> TrustList:
    return TrustList.load(homes[0] / "keys" / "trust.json")


@pytest.fixture
def legal(records: Records, trust: TrustList) -> Legal:
    return Legal(shipped, records.vault, trust, HOME)
