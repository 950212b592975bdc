"""What does every row of the law carry: its source, its age, how it was read, why it was withdrawn?"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.ids import Key
from schemas.span import PartialDate
from schemas.vocabulary import Confidence

Text = Annotated[str, Field(min_length=1)]


class Row(BaseModel):
    """Base of everything read from a law file: closed fields, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Retraction(Row):
    """Why a row was wrong and since when we know; before that day we believed it."""

    on: date
    reason: Text


class Fact(Row):
    """What every fact row carries. `grade` keeps a high/medium/low given by whoever read the source."""

    source: Key
    place: str = ""
    recorded: date
    checked: PartialDate | None = None
    confidence: Confidence
    grade: Literal["high", "medium", "low"] | None = None
    note: str = ""
    retracted: Retraction | None = None


class Source(Row):
    """sources/<key>.yml: what was read. `as_of`: the age of what it shows; `how`: how it was read."""

    key: Key
    title: Text
    publisher: str = ""
    address: str = ""
    as_of: PartialDate | None = None
    how: str = ""
    note: str = ""


Office = Literal[
    "judge",
    "court",
    "investigating-judge",
    "prosecutor",
    "other-competent-authority",
    "governmental-entity",
    "designated-authority",
]
"""Who issues or validates. A governmental entity is one of the State whose statute says so, never a foreign
one; a designated authority is the one each side of an agreement named to the other."""
