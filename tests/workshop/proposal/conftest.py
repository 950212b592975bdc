"""Which law do the drafts change?"""

from __future__ import annotations

import pytest

from tests.workshop.small import registry
from treaties.registry import Registry


@pytest.fixture(scope="package")
def law() -> Registry:
    return registry()
