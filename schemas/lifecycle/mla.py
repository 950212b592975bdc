"""How does mutual legal assistance go: which moves, when, by whom, on the side that asks and the side that is
asked?"""

from __future__ import annotations

from schemas.lifecycle.rule import COUNTERPART, OWN, MoveRule, at
from schemas.vocabulary import Role

_ABROAD = at("sent", "received", "acknowledged", "supplementing", "accepted", "postponed", "partly-executed")
_TAKEN = at("received", "acknowledged", "supplementing", "accepted", "postponed", "partly-executed")
_DECISION = {"accepted": "accepted", "partly-accepted": "accepted", "refused": "refused"}
_EVIDENCE = {"true": "executed", "false": "partly-executed"}
_ANY_OPEN = _ABROAD | at("draft", "approved", "executed", "refused", "withdrawn")
_LOAN = at("executed", "partly-executed", "refused", "withdrawn")
_AFTER = at("executed", "refused", "withdrawn")
_ISSUING = frozenset({Role.ISSUING_AUTHORITY})
_APPROVING = frozenset({Role.APPROVER})

MLA_OUTGOING: tuple[MoveRule, ...] = (
    MoveRule("amend", OWN, at("draft")),
    MoveRule("choose-basis", OWN, at("draft")),
    MoveRule("translated", OWN, at("draft")),
    # after an emergency it may follow, where the law says so
    MoveRule("issue", OWN, at("draft", "approved") | _ABROAD, roles=_ISSUING),
    MoveRule("send-back", OWN, at("draft", "approved"), roles=_ISSUING),
    MoveRule("approve", OWN, at("draft"), "approved", roles=_APPROVING),
    MoveRule("approve", OWN, _ABROAD, roles=_APPROVING),
    MoveRule("reopen", OWN, at("approved"), "draft"),
    MoveRule("send", OWN, at("approved", "draft"), "sent", emits=True),
    MoveRule("delivered", COUNTERPART, at("sent"), "received"),
    MoveRule("delivered", COUNTERPART, _ANY_OPEN - at("sent")),
    MoveRule("acknowledge", COUNTERPART, at("sent", "received"), "acknowledged"),
    MoveRule("redirect", COUNTERPART, _ABROAD),
    MoveRule("question", COUNTERPART, _ABROAD, "supplementing"),
    MoveRule("answer", OWN, at("supplementing"), back=True, emits=True),
    MoveRule("answer", OWN, _ABROAD - at("supplementing"), emits=True),
    MoveRule("consult", COUNTERPART, _ABROAD),
    MoveRule("consult", OWN, _TAKEN, emits=True),
    MoveRule("decide", COUNTERPART, _ABROAD, by_field="decision", to_by=_DECISION),
    MoveRule("postpone", COUNTERPART, _ABROAD, "postponed"),
    MoveRule("limit", COUNTERPART, _ABROAD),
    MoveRule("answer-limit", OWN, _ABROAD | at("executed"), emits=True),
    # conditions on information given without being asked for (Budapest 26(2)): set by us, answered by them
    MoveRule("limit", OWN, _ABROAD, emits=True),
    MoveRule("answer-limit", COUNTERPART, _ABROAD | at("executed")),
    MoveRule("evidence", COUNTERPART, _ABROAD, by_field="complete", to_by=_EVIDENCE),
    MoveRule("withdraw", OWN, _ABROAD, "withdrawn", emits=True),
    MoveRule("withdraw", OWN, at("draft", "approved"), "withdrawn"),
    MoveRule("close", OWN, _AFTER | at("partly-executed"), "closed", emits=True),
    MoveRule("close", COUNTERPART, _ABROAD | _AFTER),
    # information given without being asked is over once it has arrived
    MoveRule("close", OWN, at("sent", "received", "acknowledged"), "closed", emits=True),
    MoveRule("answer-gate", OWN, at("draft", "approved") | _ABROAD),
    MoveRule("papers", OWN, _ABROAD, emits=True),
    MoveRule("inform", OWN, _ABROAD | at("executed"), emits=True),
    MoveRule("inform", COUNTERPART, _ABROAD | at("executed")),
    MoveRule("witness-free", OWN, (_ABROAD | _AFTER) - at("sent"), emits=True),
    # an interception that needs no help there: the notice, and the word of the State that got it
    MoveRule("notified", OWN, _ABROAD | at("executed"), emits=True),
    MoveRule("answer-notice", COUNTERPART, _ABROAD | _AFTER),
    MoveRule("prolong", COUNTERPART, _ABROAD),
    MoveRule("costs", OWN, _ABROAD | _AFTER, emits=True),
    MoveRule("costs", COUNTERPART, _ABROAD | _AFTER),
    MoveRule("return-objects", OWN, _LOAN, emits=True),
    MoveRule("return-objects", COUNTERPART, _LOAN),
)

MLA_INCOMING: tuple[MoveRule, ...] = (
    MoveRule("acknowledge", OWN, at("received"), "acknowledged", emits=True),
    MoveRule("redirect", OWN, at("received", "acknowledged"), emits=True),
    MoveRule("question", OWN, _TAKEN, "supplementing", emits=True),
    MoveRule("answer", COUNTERPART, at("supplementing"), back=True),
    MoveRule("answer", COUNTERPART, _TAKEN - at("supplementing")),
    MoveRule("consult", OWN, _TAKEN, emits=True),
    MoveRule("consult", COUNTERPART, _TAKEN),
    MoveRule(
        "decide", OWN, _TAKEN - at("received"), by_field="decision", to_by=_DECISION, emits=True, holds=True
    ),
    MoveRule("postpone", OWN, _TAKEN, "postponed", emits=True),
    MoveRule("limit", OWN, at("acknowledged", "accepted", "postponed", "partly-executed"), emits=True),
    MoveRule("answer-limit", COUNTERPART, _TAKEN | at("executed")),
    MoveRule("limit", COUNTERPART, _TAKEN),
    MoveRule("answer-limit", OWN, _TAKEN, emits=True),
    MoveRule(
        "evidence",
        OWN,
        at("accepted", "partly-executed", "postponed"),
        by_field="complete",
        to_by=_EVIDENCE,
        emits=True,
        holds=True,
    ),
    MoveRule("withdraw", COUNTERPART, _TAKEN, "withdrawn"),
    MoveRule("close", COUNTERPART, _TAKEN | _AFTER, "closed"),
    MoveRule("close", OWN, _AFTER, "closed", emits=True),
    # information we were given, and what somebody else has now
    MoveRule("close", OWN, at("received", "acknowledged"), "closed", emits=True),
    MoveRule("delivered", COUNTERPART, _TAKEN | _AFTER),
    MoveRule("answer-gate", OWN, _TAKEN),
    MoveRule("papers", COUNTERPART, _TAKEN),
    MoveRule("inform", OWN, _TAKEN | at("executed"), emits=True),
    MoveRule("inform", COUNTERPART, _TAKEN | at("executed")),
    MoveRule("witness-free", COUNTERPART, _TAKEN | _AFTER),
    MoveRule("notified", COUNTERPART, _TAKEN | at("executed")),
    MoveRule("answer-notice", OWN, _TAKEN | _AFTER, emits=True),
    MoveRule("prolong", OWN, _TAKEN, emits=True),
    MoveRule("costs", OWN, _TAKEN | _AFTER, emits=True),
    MoveRule("costs", COUNTERPART, _TAKEN | _AFTER),
    MoveRule("return-objects", COUNTERPART, _LOAN),
    MoveRule("return-objects", OWN, _LOAN, emits=True),
)
