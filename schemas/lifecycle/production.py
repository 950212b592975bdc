"""How does an order on a provider go: served, notified, answered, objected to, enforced?

A word of the provider that contradicts an earlier one leads nowhere: it is kept and flagged, and the status
stays (`workflows.stages.producing.leads`).
"""

from __future__ import annotations

from schemas.lifecycle.common import DECISION, EVIDENCE, preparing, talking_incoming, talking_outgoing
from schemas.lifecycle.rule import COUNTERPART, OFFICER, OWN, MoveRule, at
from schemas.vocabulary import Role

_DEALT = at("received", "acknowledged", "supplementing", "accepted", "postponed")
_OUT = _DEALT | at("sent", "partly-executed", "objected", "enforcing")
_IN = _DEALT | at("served", "partly-executed", "objected", "cleared", "enforcing")
_STILL = at("executed", "refused")
_ENDED = _STILL | at("withdrawn")
_ANSWER = {"refused": "refused"}
_REVIEW = {"upheld": "acknowledged", "changed": "acknowledged", "dropped": "withdrawn"}
_WITH_ISSUER = OFFICER | {Role.ISSUING_AUTHORITY}

PRODUCTION_OUTGOING: tuple[MoveRule, ...] = (
    *preparing(_OUT, {"true": "sent", "false": "sent"}),
    *talking_outgoing(_OUT, _STILL),
    MoveRule("notified", OWN, _OUT | at("executed")),
    MoveRule("enforcing-answer", COUNTERPART, _OUT, by_field="answer", to_by=_ANSWER),
    # in an emergency the data go first, and the enforcing authority may still limit their use (10(4))
    MoveRule("enforcing-answer", COUNTERPART, at("executed")),
    MoveRule("served", COUNTERPART, _OUT),
    MoveRule("preserved", COUNTERPART, _OUT),
    MoveRule("objection", COUNTERPART, _OUT, "objected"),
    MoveRule("review", OWN, at("objected"), by_field="result", to_by=_REVIEW, emits=True, roles=_WITH_ISSUER),
    # a provider that refuses may be made to (2023/1543, 16)
    MoveRule("enforce", OWN, _OUT | at("refused"), "enforcing"),
    MoveRule("enforced", COUNTERPART, _OUT, by_field="recognised", to_by={"false": "refused"}),
    MoveRule("decide", COUNTERPART, _OUT, by_field="decision", to_by=DECISION),
    MoveRule("decide", COUNTERPART, _ENDED),
    MoveRule("evidence", COUNTERPART, _OUT, by_field="complete", to_by=EVIDENCE),
    MoveRule("evidence", COUNTERPART, _ENDED),
    MoveRule("close", OWN, at("executed", "partly-executed", "refused", "withdrawn"), "closed", emits=True),
    MoveRule("close", COUNTERPART, _OUT | _ENDED),
)

_SERVABLE = (_DEALT - at("received")) | at("enforcing")

PRODUCTION_INCOMING: tuple[MoveRule, ...] = (
    *talking_incoming(_IN, _STILL),
    MoveRule(
        "enforcing-answer",
        OWN,
        _IN,
        by_field="answer",
        to_by={"cleared": "cleared", "conditions": "cleared", "refused": "refused"},
        emits=True,
    ),
    MoveRule("decide", OWN, _IN - at("received"), by_field="decision", to_by=DECISION, emits=True),
    MoveRule("served", OWN, _SERVABLE, "served", emits=True),
    MoveRule("objection", OWN, _IN, "objected", emits=True),
    MoveRule("review", COUNTERPART, at("objected"), by_field="result", to_by=_REVIEW),
    MoveRule("enforce", COUNTERPART, _IN),
    MoveRule(
        "enforced",
        OWN,
        _IN,
        by_field="recognised",
        to_by={"true": "enforcing", "false": "refused"},
        emits=True,
    ),
    MoveRule(
        "evidence",
        OWN,
        at("accepted", "served", "partly-executed", "enforcing"),
        by_field="complete",
        to_by=EVIDENCE,
        emits=True,
    ),
    # what is produced on an order that went to the provider itself goes past the State that enforces it
    MoveRule("close", OWN, _ENDED | at("cleared", "enforcing"), "closed", emits=True),
    MoveRule("close", COUNTERPART, _IN | _ENDED, "closed"),
)
