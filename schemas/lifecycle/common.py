"""Which lines do the lifecycles of all newer kinds share: preparing a request, and talking about it?"""

from __future__ import annotations

from schemas.lifecycle.rule import COUNTERPART, OFFICER, OWN, MoveRule, at
from schemas.vocabulary import Role

DECISION = {"accepted": "accepted", "partly-accepted": "accepted", "refused": "refused"}
EVIDENCE = {"true": "executed", "false": "partly-executed"}
WITH_LIAISON = OFFICER | {Role.LIAISON}


def preparing(
    later: frozenset[str], send_to: dict[str, str], roles: frozenset[Role] = OFFICER
) -> tuple[MoveRule, ...]:
    """From the draft until it is sent. `later`: statuses in which a second approval or a validation may come
    afterwards; `send_to`: where sending leads, with the papers following or not."""
    return (
        MoveRule("amend", OWN, at("draft"), roles=roles),
        MoveRule("choose-basis", OWN, at("draft"), roles=roles),
        MoveRule("translated", OWN, at("draft"), roles=roles),
        MoveRule("answer-gate", OWN, at("draft", "approved") | later),
        MoveRule("issue", OWN, at("draft", "approved") | later, roles=frozenset({Role.ISSUING_AUTHORITY})),
        MoveRule("send-back", OWN, at("draft", "approved"), roles=frozenset({Role.ISSUING_AUTHORITY})),
        MoveRule("approve", OWN, at("draft"), "approved", roles=frozenset({Role.APPROVER})),
        MoveRule("approve", OWN, later, roles=frozenset({Role.APPROVER})),
        MoveRule("reopen", OWN, at("approved"), "draft"),
        MoveRule(
            "send",
            OWN,
            at("approved", "draft"),
            by_field="papers_follow",
            to_by=send_to,
            emits=True,
            roles=roles,
        ),
        MoveRule("withdraw", OWN, at("draft", "approved"), "withdrawn"),
        MoveRule("withdraw", OWN, later, "withdrawn", emits=True),
    )


def talking_outgoing(abroad: frozenset[str], still: frozenset[str] = frozenset()) -> tuple[MoveRule, ...]:
    """What both sides say while a request of ours is abroad. `still`: later statuses in which word passes."""
    return (
        MoveRule("delivered", COUNTERPART, at("sent"), "received"),
        MoveRule(
            "delivered",
            COUNTERPART,
            (abroad | still | at("draft", "approved", "withdrawn", "refused")) - at("sent"),
        ),
        MoveRule("acknowledge", COUNTERPART, at("sent", "received"), "acknowledged"),
        MoveRule("acknowledge", COUNTERPART, abroad - at("sent", "received")),
        MoveRule("redirect", COUNTERPART, abroad),
        MoveRule("question", COUNTERPART, abroad, "supplementing"),
        MoveRule("answer", OWN, at("supplementing"), back=True, emits=True),
        MoveRule("answer", OWN, abroad - at("supplementing"), emits=True),
        MoveRule("consult", COUNTERPART, abroad | still),
        MoveRule("consult", OWN, abroad | still, emits=True),
        MoveRule("inform", OWN, abroad | still, emits=True),
        MoveRule("inform", COUNTERPART, abroad | still),
        MoveRule("postpone", COUNTERPART, abroad, "postponed"),
        MoveRule("limit", COUNTERPART, abroad),
        MoveRule("answer-limit", OWN, abroad | still, emits=True),
        MoveRule("prolong", COUNTERPART, abroad),
        MoveRule("costs", OWN, abroad | still, emits=True),
        MoveRule("costs", COUNTERPART, abroad | still),
        MoveRule("papers", OWN, abroad, emits=True),
    )


def talking_incoming(taken: frozenset[str], still: frozenset[str] = frozenset()) -> tuple[MoveRule, ...]:
    """The same, seen from the side that is asked."""
    return (
        MoveRule("delivered", COUNTERPART, taken | still | at("withdrawn", "refused")),
        MoveRule("acknowledge", OWN, at("received"), "acknowledged", emits=True),
        MoveRule("redirect", OWN, taken, emits=True),
        MoveRule("question", OWN, taken, "supplementing", emits=True),
        MoveRule("answer", COUNTERPART, at("supplementing"), back=True),
        MoveRule("answer", COUNTERPART, taken - at("supplementing")),
        MoveRule("consult", OWN, taken | still, emits=True),
        MoveRule("consult", COUNTERPART, taken | still),
        MoveRule("inform", OWN, taken | still, emits=True),
        MoveRule("inform", COUNTERPART, taken | still),
        MoveRule("postpone", OWN, taken, "postponed", emits=True),
        MoveRule("limit", OWN, taken, emits=True),
        MoveRule("answer-limit", COUNTERPART, taken | still),
        MoveRule("prolong", OWN, taken, emits=True),
        MoveRule("costs", OWN, taken | still, emits=True),
        MoveRule("costs", COUNTERPART, taken | still),
        MoveRule("answer-gate", OWN, taken),
        MoveRule("papers", COUNTERPART, taken),
        MoveRule("withdraw", COUNTERPART, taken, "withdrawn"),
    )
