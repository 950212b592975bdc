"""How far has a case gone when a flow test takes it up? Two houses on paper, each fixture a step further."""

from __future__ import annotations

import pytest

from schemas.moves import Decide
from tests.flow.invented import OFFICER_US
from tests.flow.paper import Pair


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
