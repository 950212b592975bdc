"""What happens to data that are to be kept: confirmed, renewed, followed by a request, released?"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from schemas.moves.base import Happened
from schemas.request import Line, Passage


class Preserved(Happened):
    """The data are kept. `start` and `end` as told; an end that is not told is never guessed.

    `partial`: what could not be kept. A second word that differs from the first is kept beside it.
    """

    event: Literal["preserved"] = "preserved"
    provider_ref: Line | None = None
    start: datetime
    end: datetime | None = None
    partial: Passage | None = None
    note: Passage | None = None


class Renew(Happened):
    """Asks for a longer time, within the present one (18 U.S.C. 2703(f)(2); Regulation 2023/1543, 11(1))."""

    event: Literal["renew"] = "renew"
    until: datetime | None = None
    reason: Passage


class Renewed(Happened):
    """Kept on. `start`: from when the longer time runs, `end` as told."""

    event: Literal["renewed"] = "renewed"
    start: datetime
    end: datetime | None = None
    note: Passage | None = None


class FollowUp(Happened):
    """The request that had to follow is in: the data are held until it is decided (Budapest 29(7);
    Regulation 2023/1543, 11(1) with Annex V). `ref`: its reference in the house that tells."""

    event: Literal["follow-up"] = "follow-up"
    ref: Line
    kind: Literal["mla", "production"]
    note: Passage | None = None


class FollowUpDecided(Happened):
    """The request that followed was decided: the data need not be held for it any more."""

    event: Literal["follow-up-decided"] = "follow-up-decided"
    ref: Line
    result: Literal["disclosed", "refused", "withdrawn"]
    note: Passage | None = None


class ReleaseData(Happened):
    """The data need not be kept any longer, or are not kept any longer."""

    event: Literal["release-data"] = "release-data"
    reason: Passage


class Harm(Happened):
    """Keeping would not secure the data, or would endanger the investigation: does the asking side still want
    it (Budapest 29(6))?"""

    event: Literal["harm"] = "harm"
    text: Passage
