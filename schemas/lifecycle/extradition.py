"""How does a surrender go: sought, arrested, heard, decided, handed over, and watched afterwards?

What a table cannot see is added by `workflows.stages.beside`: whose papers are there already is not arrested
provisionally, and only the receipt of the papers makes a request received.
"""

from __future__ import annotations

from schemas.lifecycle.common import DECISION, preparing, talking_incoming, talking_outgoing
from schemas.lifecycle.rule import COUNTERPART, OWN, MoveRule, at

_BEFORE = at("arrest-asked", "arrested")
_UNSENT = at("draft", "approved")
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
_OVER = at("refused", "withdrawn")
_TAKING_OVER = at("accepted", "surrender-fixed", "postponed")

_TOLD: tuple[tuple[str, str | None], ...] = (
    ("court", "court"),
    ("consent", None),
    ("to-minister", "executive"),
    ("ask-assurance", None),
    ("check-assurance", None),
    ("competing", None),
    ("decide-competing", None),
)
"""What the side that is asked tells of the person, and where it leads; arrest and surrender stand below."""

EXTRADITION_OUTGOING: tuple[MoveRule, ...] = (
    *preparing(_OUT, {"true": "arrest-asked", "false": "sent"}),
    *(rule for rule in talking_outgoing(_OUT, at("surrendered")) if rule.event != "papers"),
    MoveRule("papers", OWN, _BEFORE, "sent", emits=True),
    MoveRule("papers", OWN, _OUT - _BEFORE, emits=True),
    MoveRule("alert", OWN, _OUT | _UNSENT),
    MoveRule("located", OWN, _OUT | _UNSENT),
    MoveRule("located", COUNTERPART, _OUT | _UNSENT),
    MoveRule("arrest", COUNTERPART, at("arrest-asked"), "arrested"),
    MoveRule("arrest", COUNTERPART, (_OUT | _UNSENT | _OVER) - at("arrest-asked")),
    MoveRule("release-person", COUNTERPART, at("arrested"), "arrest-asked"),
    MoveRule("release-person", COUNTERPART, (_OUT | _UNSENT | _OVER) - at("arrested")),
    *(MoveRule(event, COUNTERPART, _OUT, to) for event, to in _TOLD),
    MoveRule("assurance", OWN, _OUT, emits=True),
    MoveRule("decide", COUNTERPART, _OUT, by_field="decision", to_by=DECISION),
    MoveRule("fix-surrender", COUNTERPART, _TAKING_OVER | at("executive", "court"), "surrender-fixed"),
    MoveRule("miss-surrender", COUNTERPART, at("surrender-fixed"), "accepted"),
    MoveRule("miss-surrender", OWN, at("surrender-fixed"), "accepted", emits=True),
    MoveRule("surrendered", COUNTERPART, _TAKING_OVER, "surrendered"),
    MoveRule("returned-person", OWN, at("surrendered"), "accepted", emits=True),
    MoveRule("discharged", OWN, at("surrendered"), emits=True),
    MoveRule("ask-consent", OWN, at("surrendered"), emits=True),
    MoveRule("answer-consent", COUNTERPART, at("surrendered")),
    MoveRule("close", OWN, _OUT | _ENDED, "closed", emits=True),
    MoveRule("close", COUNTERPART, _OUT | _ENDED),
)

EXTRADITION_INCOMING: tuple[MoveRule, ...] = (
    *(rule for rule in talking_incoming(_IN, at("surrendered")) if rule.event != "papers"),
    MoveRule("acknowledge", OWN, _IN - at("received"), emits=True),
    MoveRule("papers", COUNTERPART, at("arrested"), "received"),
    MoveRule("papers", COUNTERPART, _IN - at("arrested")),
    MoveRule("alert", OWN, _IN),
    MoveRule("located", OWN, _IN, emits=True),
    MoveRule("arrest", OWN, at("received"), "arrested", emits=True),
    MoveRule("arrest", OWN, _IN - at("received"), emits=True),
    MoveRule("release-person", OWN, at("arrested"), "received", emits=True),
    MoveRule("release-person", OWN, (_IN | _OVER) - at("arrested"), emits=True),
    *(MoveRule(event, OWN, _IN, to, emits=True) for event, to in _TOLD),
    MoveRule("assurance", COUNTERPART, _IN),
    MoveRule("decide", OWN, _IN, by_field="decision", to_by=DECISION, emits=True, holds=True),
    MoveRule("fix-surrender", OWN, _TAKING_OVER, "surrender-fixed", emits=True),
    MoveRule("miss-surrender", OWN, at("surrender-fixed"), "accepted", emits=True),
    MoveRule("miss-surrender", COUNTERPART, at("surrender-fixed"), "accepted"),
    MoveRule("surrendered", OWN, at("surrender-fixed"), "surrendered", emits=True),
    MoveRule("returned-person", COUNTERPART, at("surrendered"), "accepted"),
    MoveRule("discharged", COUNTERPART, at("surrendered")),
    MoveRule("ask-consent", COUNTERPART, at("surrendered")),
    MoveRule("answer-consent", OWN, at("surrendered"), emits=True),
    MoveRule("close", OWN, _IN | _ENDED, "closed", emits=True),
    MoveRule("close", COUNTERPART, _IN | _ENDED, "closed"),
)
