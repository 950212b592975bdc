"""How does a surrender go: sought, arrested, heard, decided, handed over, and watched afterwards?"""

from __future__ import annotations

from schemas.lifecycle.common import DECISION, preparing, talking_incoming, talking_outgoing
from schemas.lifecycle.rule import COUNTERPART, OWN, MoveRule, at

_BEFORE = at("arrest-asked", "arrested")
_STAGES = at(
    "received",
    "acknowledged",
    "supplementing",
    "court",
    "executive",
    "accepted",
    "surrender-fixed",
    "postponed",
)
_OUT = _BEFORE | at("sent") | _STAGES
_IN = at("arrested") | _STAGES
_ENDED = at("surrendered", "refused", "withdrawn")
_DECIDABLE = at("acknowledged", "court", "executive", "accepted", "postponed")

PERSON: tuple[tuple[str, frozenset[str], str | None], ...] = (
    ("located", frozenset(), None),
    ("release-person", at("refused", "withdrawn"), None),
    ("court", frozenset(), "court"),
    ("consent", frozenset(), None),
    ("to-minister", frozenset(), "executive"),
    ("ask-assurance", frozenset(), None),
    ("check-assurance", frozenset(), None),
    ("competing", frozenset(), None),
    ("decide-competing", frozenset(), None),
)
"""What the side that is asked tells of the person: event, statuses beside the open ones, where it leads."""

EXTRADITION_OUTGOING: tuple[MoveRule, ...] = (
    *preparing(_OUT, {"true": "arrest-asked", "false": "sent"}),
    MoveRule("papers", OWN, _BEFORE, "sent", emits=True),
    *talking_outgoing(_OUT, at("surrendered")),
    MoveRule("alert", OWN, _OUT | at("draft", "approved")),
    MoveRule("located", OWN, _OUT | at("draft", "approved")),
    MoveRule("arrest", COUNTERPART, at("arrest-asked"), "arrested"),
    MoveRule("arrest", COUNTERPART, _OUT - at("arrest-asked")),
    *(MoveRule(event, COUNTERPART, _OUT | more, to) for event, more, to in PERSON if to is None),
    MoveRule("court", COUNTERPART, _OUT, "court"),
    MoveRule("to-minister", COUNTERPART, _OUT, "executive"),
    MoveRule("assurance", OWN, _OUT, emits=True),
    MoveRule("decide", COUNTERPART, _OUT, by_field="decision", to_by=DECISION),
    MoveRule(
        "fix-surrender",
        COUNTERPART,
        at("accepted", "surrender-fixed", "postponed", "executive", "court"),
        "surrender-fixed",
    ),
    MoveRule("miss-surrender", COUNTERPART, at("surrender-fixed"), "accepted"),
    MoveRule("miss-surrender", OWN, at("surrender-fixed"), "accepted", emits=True),
    MoveRule("surrendered", COUNTERPART, at("surrender-fixed", "accepted", "postponed"), "surrendered"),
    MoveRule("returned-person", OWN, at("surrendered"), "accepted", emits=True),
    MoveRule("discharged", OWN, at("surrendered"), emits=True),
    MoveRule("ask-consent", OWN, at("surrendered"), emits=True),
    MoveRule("answer-consent", COUNTERPART, at("surrendered")),
    MoveRule("close", OWN, _ENDED, "closed", emits=True),
    MoveRule("close", COUNTERPART, _OUT | _ENDED),
)

EXTRADITION_INCOMING: tuple[MoveRule, ...] = (
    MoveRule("papers", COUNTERPART, at("arrested"), "received"),
    MoveRule("acknowledge", OWN, at("arrested"), emits=True),
    *talking_incoming(_IN, at("surrendered")),
    MoveRule("alert", OWN, _IN),
    MoveRule("arrest", OWN, at("received"), "arrested", emits=True),
    MoveRule("arrest", OWN, _IN - at("received"), emits=True),
    *(MoveRule(event, OWN, _IN | more, to, emits=True) for event, more, to in PERSON),
    MoveRule("assurance", COUNTERPART, _IN),
    MoveRule("decide", OWN, _DECIDABLE, by_field="decision", to_by=DECISION, emits=True, holds=True),
    MoveRule(
        "fix-surrender", OWN, at("accepted", "surrender-fixed", "postponed"), "surrender-fixed", emits=True
    ),
    MoveRule("miss-surrender", OWN, at("surrender-fixed"), "accepted", emits=True),
    MoveRule("miss-surrender", COUNTERPART, at("surrender-fixed"), "accepted"),
    MoveRule("surrendered", OWN, at("surrender-fixed"), "surrendered", emits=True),
    MoveRule("returned-person", COUNTERPART, at("surrendered"), "accepted"),
    MoveRule("discharged", COUNTERPART, at("surrendered")),
    MoveRule("ask-consent", COUNTERPART, at("surrendered")),
    MoveRule("answer-consent", OWN, at("surrendered"), emits=True),
    MoveRule("close", OWN, _ENDED, "closed", emits=True),
    MoveRule("close", COUNTERPART, _IN | _ENDED, "closed"),
)
