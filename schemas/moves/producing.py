"""What happens to an order on a provider beside its answer: served, notified, objected to, enforced?"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from schemas.ids import Key
from schemas.moves.base import Happened
from schemas.request import Line, Passage


class Served(Happened):
    """The order is with the provider (Second Protocol 8(6); day of service)."""

    event: Literal["served"] = "served"
    authority: Line | None = None
    note: Passage | None = None


class Notified(Happened):
    """The enforcing authority was told of the order (Regulation 2023/1543, 8; Second Protocol 7(5)), or the
    other State of an interception that needs no technical assistance there (Directive 2014/41, 31).

    `proof`: what shows that it has it. The window to object runs from there (`happened_at`: its receipt).
    """

    event: Literal["notified"] = "notified"
    authority: Line
    proof: Passage


class EnforcingAnswer(Happened):
    """The enforcing authority's word: no objection, a ground for refusal, or conditions for the use."""

    event: Literal["enforcing-answer"] = "enforcing-answer"
    answer: Literal["cleared", "refused", "conditions"]
    grounds: tuple[Key, ...] = ()
    reasons: Passage | None = None


class Objection(Happened):
    """The provider objects: it cannot (de facto), may not (privilege, immunity), or the law of a third
    country forbids it (Regulation 2023/1543, 10(5)-(8), 17; 18 U.S.C. 2703(h))."""

    event: Literal["objection"] = "objection"
    ground: Literal["impossible", "privilege", "third-country-law", "other"]
    text: Passage
    article: Line | None = None


class Review(Happened):
    """What became of the objection: the order is upheld, dropped or changed. `by`: issuing authority or
    court."""

    event: Literal["review"] = "review"
    result: Literal["upheld", "dropped", "changed"]
    by: Line
    reasons: Passage | None = None


class Enforce(Happened):
    """The enforcing authority is asked to enforce the order (Regulation 2023/1543, 16)."""

    event: Literal["enforce"] = "enforce"
    authority: Line
    reasons: Passage


class Enforced(Happened):
    """What the enforcing authority decided: recognised and being enforced, or not."""

    event: Literal["enforced"] = "enforced"
    recognised: bool
    reasons: Passage | None = None
    until: datetime | None = None
