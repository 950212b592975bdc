"""How does an order on a provider go: served, notified, answered, objected to, enforced?"""

from __future__ import annotations

from schemas.lifecycle.common import DECISION, EVIDENCE, preparing, talking_incoming, talking_outgoing
from schemas.lifecycle.rule import COUNTERPART, OWN, MoveRule, at

_OUT = at(
    "sent",
    "received",
    "acknowledged",
    "supplementing",
    "accepted",
    "postponed",
    "partly-executed",
    "objected",
    "enforcing",
)
_IN = at(
    "received",
    "acknowledged",
    "supplementing",
    "accepted",
    "served",
    "postponed",
    "partly-executed",
    "objected",
    "cleared",
)
_ENDED = at("executed", "refused", "withdrawn")
_ENFORCING = {"refused": "refused"}
_REVIEW = {"upheld": "acknowledged", "changed": "acknowledged", "dropped": "withdrawn"}

PRODUCTION_OUTGOING: tuple[MoveRule, ...] = (
    *preparing(_OUT, {"true": "sent", "false": "sent"}),
    *talking_outgoing(_OUT, at("executed", "refused")),
    MoveRule("notified", OWN, _OUT),
    MoveRule("enforcing-answer", COUNTERPART, _OUT, by_field="answer", to_by=_ENFORCING),
    MoveRule("served", COUNTERPART, _OUT),
    MoveRule("preserved", COUNTERPART, _OUT),
    MoveRule("objection", COUNTERPART, _OUT, "objected"),
    MoveRule("review", OWN, at("objected"), by_field="result", to_by=_REVIEW, emits=True),
    MoveRule("enforce", OWN, _OUT, "enforcing"),
    MoveRule("enforced", COUNTERPART, at("enforcing"), by_field="recognised", to_by={"false": "refused"}),
    MoveRule("decide", COUNTERPART, _OUT, by_field="decision", to_by=DECISION),
    # a word that contradicts an earlier one is kept and flagged; it overwrites nothing
    MoveRule("decide", COUNTERPART, _ENDED),
    MoveRule("evidence", COUNTERPART, _OUT, by_field="complete", to_by=EVIDENCE),
    MoveRule("evidence", COUNTERPART, _ENDED),
    MoveRule("close", OWN, at("executed", "partly-executed", "refused", "withdrawn"), "closed", emits=True),
    MoveRule("close", COUNTERPART, _OUT | _ENDED),
)

PRODUCTION_INCOMING: tuple[MoveRule, ...] = (
    *talking_incoming(_IN, at("executed", "refused")),
    MoveRule(
        "enforcing-answer",
        OWN,
        _IN,
        by_field="answer",
        to_by={"cleared": "cleared", "conditions": "cleared", "refused": "refused"},
        emits=True,
    ),
    MoveRule("decide", OWN, _IN - at("received"), by_field="decision", to_by=DECISION, emits=True),
    MoveRule("served", OWN, _IN - at("received"), "served", emits=True),
    MoveRule("objection", OWN, _IN, "objected", emits=True),
    MoveRule("review", COUNTERPART, at("objected"), by_field="result", to_by=_REVIEW),
    MoveRule("enforce", COUNTERPART, _IN),
    MoveRule(
        "enforced",
        OWN,
        _IN,
        by_field="recognised",
        to_by={"true": "accepted", "false": "refused"},
        emits=True,
    ),
    MoveRule(
        "evidence",
        OWN,
        at("accepted", "served", "partly-executed"),
        by_field="complete",
        to_by=EVIDENCE,
        emits=True,
    ),
    MoveRule("close", OWN, _ENDED | at("cleared"), "closed", emits=True),
    MoveRule("close", COUNTERPART, _IN | _ENDED, "closed"),
)
