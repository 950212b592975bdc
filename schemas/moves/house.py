"""What does a house note about its own case, or tell it by itself?"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from schemas.ids import Digest, Key, Name
from schemas.request import Body, Line, Passage


class Hold(Body):
    """Legal hold on or off: nothing of the case may be erased while it is on."""

    event: Literal["hold"] = "hold"
    on: bool
    reason: Passage


class Posted(Body):
    """A hand-carried message (paper, bag, telephone) was posted, or an unknown outcome is settled.

    `again`: its carrier shall bring it once more, under the same id, or take the receipt that came meanwhile;
    also one that was refused for a cause that was mended since.
    `document`: digest of the document that proves it, with the case.
    """

    event: Literal["posted"] = "posted"
    message: Name
    happened_at: datetime
    result: Literal["posted", "not-sent", "again"] = "posted"
    proof: Passage
    document: Digest | None = None


class LawMoved(Body):
    """The law moved under the case: it is asked again, and its holder is told. Made by the house when what
    the recorded answer rested on changed.

    `edition`: the one that counts now; `proposals`: the accepted changes, `facts` those of their facts that
    the answer rests on, `instruments` the candidates about which it differs. `reason`: what moved, where it
    was no accepted change.
    """

    event: Literal["law-moved"] = "law-moved"
    edition: Line
    proposals: tuple[int, ...] = ()
    facts: Annotated[tuple[Line, ...], Field(max_length=100)] = ()
    instruments: Annotated[tuple[Key, ...], Field(max_length=200)] = ()
    reason: Line | None = None


class Reassign(Body):
    """Takes the case from an account that holds it or was offered it. `to` None: back to the function."""

    event: Literal["reassign"] = "reassign"
    actor: Name
    to: Name | None = None
    reason: Passage


class LinkCase(Body):
    """Puts the case under a matter, or beside another case (`ref`: our reference or theirs)."""

    event: Literal["link"] = "link"
    ref: Line | None = None
    why: Literal["follows", "followed-by", "prosecution-of", "refused-for", "related"] = "related"
    matter: Name | None = None


class ErrandDone(Body):
    """What the case wanted done elsewhere in the house is done: `ref` is the case opened or told, `problem`
    why it could not be. Made by the house."""

    event: Literal["errand-done"] = "errand-done"
    id: Key
    ref: Line | None = None
    problem: Line | None = None


class ErrandAgain(Body):
    """What the case wanted done elsewhere in the house failed and its cause was mended: it is tried again."""

    event: Literal["errand-again"] = "errand-again"
    id: Key
    reason: Passage


class Recounted(Body):
    """Time limits counted again: a holiday calendar or the law they rest on changed. Made by the house, and
    shown: the old entry is closed, never altered."""

    event: Literal["recounted"] = "recounted"
    ids: tuple[Key, ...] = Field(min_length=1)
    reason: Line


class Alarmed(Body):
    """Material of the list of refused hashes was brought as `item`; or, with `over`, a person has taken that
    over, for every item of the case. Made by the house."""

    event: Literal["alarmed"] = "alarmed"
    item: Key
    over: bool = False
