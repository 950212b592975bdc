"""How is a moment written where both databases and every reader must see the same text?"""

from __future__ import annotations

from datetime import UTC, datetime

from schemas.errors import BadInput


def text_of(moment: datetime) -> str:
    """UTC with microseconds and `Z`, so that texts sort as moments. Raises BadInput without a zone."""
    if moment.tzinfo is None:
        raise BadInput(f"{moment.isoformat()} has no time zone.", next_step="give the moment with its zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment_of(text: str) -> datetime:
    """The moment that `text_of` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def moment_or_none(text: str | None) -> datetime | None:
    """As `moment_of`, where there may be none."""
    return None if text is None else moment_of(text)


def now() -> datetime:
    """The machine's clock, in UTC. Only for times that no workflow gives."""
    return datetime.now(UTC)
