"""How does a prosecution in the place of surrender go? Asked for, submitted, and its result told."""

from __future__ import annotations

from schemas.lifecycle.common import DECISION, preparing, talking_incoming, talking_outgoing
from schemas.lifecycle.rule import COUNTERPART, OWN, MoveRule, at

_OUT = at("sent", "received", "acknowledged", "supplementing", "accepted", "postponed")
_IN = _OUT - at("sent")
_ENDED = at("executed", "refused", "withdrawn")
_STAGE = {
    "submitted": "accepted",
    "opened": "accepted",
    "judgment": "accepted",
    "discontinued": "executed",
    "final": "executed",
}

PROSECUTION_OUTGOING: tuple[MoveRule, ...] = (
    *preparing(_OUT, {"true": "sent", "false": "sent"}),
    *talking_outgoing(_OUT, at("executed")),
    MoveRule("decide", COUNTERPART, _OUT, by_field="decision", to_by=DECISION),
    MoveRule("proceedings", COUNTERPART, _OUT, by_field="stage", to_by=_STAGE),
    MoveRule("close", OWN, _ENDED, "closed", emits=True),
    MoveRule("close", COUNTERPART, _OUT | _ENDED),
)

PROSECUTION_INCOMING: tuple[MoveRule, ...] = (
    *talking_incoming(_IN, at("executed")),
    MoveRule(
        "decide", OWN, _IN - at("received"), by_field="decision", to_by=DECISION, emits=True, holds=True
    ),
    MoveRule("proceedings", OWN, _IN, by_field="stage", to_by=_STAGE, emits=True),
    MoveRule("close", OWN, _ENDED, "closed", emits=True),
    MoveRule("close", COUNTERPART, _IN | _ENDED, "closed"),
)
