"""A preservation under way, for the tests of it: through the State and with the provider itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from schemas.moves import Preserved
from tests.flow.invented import START
from tests.flow.lawful import Desk, desk, to_keep

SECOND = timedelta(seconds=1)


def kept(end: datetime | None = None, **changes: object) -> Preserved:
    """Their word, as an officer records it."""
    return Preserved.model_validate({"start": START, "end": end, "by_post": True} | changes)


def by_state(instrument: str = "budapest", binding: str = "duty") -> Desk:
    """Asked of the United States through the 24/7 point, which runs no house."""
    return desk(to_keep(), instrument, binding)  # type: ignore[arg-type]


def by_provider(instrument: str | None = "voluntary-request", binding: str = "option") -> Desk:
    """Asked of the provider itself."""
    return desk(to_keep(direct=True), instrument, binding)  # type: ignore[arg-type]
