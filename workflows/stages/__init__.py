"""Which function checks a move, and which makes it? One pair per event; `workflows.making` calls them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from schemas.case import CaseState
from schemas.moves import Move
from workflows import baton, baton_rules
from workflows.stages import (
    assuring,
    conditions,
    dealing,
    drafting,
    ending,
    following,
    housekeeping,
    instead,
    intercepting,
    keeping,
    pace,
    person,
    producing,
    rights,
    sending,
    settling,
    surrender,
    watching,
)
from workflows.step import Letter, Step

Check = Callable[[CaseState, Move, datetime], None]
"""Raises a RogatoryError if the move may not be made; changes nothing. The lifecycle was asked before."""
Stage = Callable[[Step], Letter | None]
"""Makes the move on the step's copy of the state, and says what the other house is to be told."""

CHECKS: dict[str, Check] = {
    "amend": drafting.check_amend,
    "translated": drafting.check_translated,
    "issue": drafting.check_issue,
    "send-back": drafting.check_send_back,
    "approve": drafting.check_approve,
    "send": sending.check_send,
    "delivered": dealing.check_delivered,
    "acknowledge": dealing.check_acknowledge,
    "question": dealing.check_question,
    "answer": dealing.check_answer,
    "decide": dealing.check_decide,
    "evidence": ending.check_evidence,
    "close": ending.check_close,
    "posted": ending.check_posted,
    "offer": baton_rules.check,
    "accept": baton_rules.check,
    "confirm": baton_rules.check,
    "return": baton_rules.check,
    "withdraw-offer": baton_rules.check,
    **conditions.CHECKS,
    **pace.CHECKS,
    **rights.CHECKS,
    **settling.CHECKS,
    **housekeeping.CHECKS,
    **keeping.CHECKS,
    **producing.CHECKS,
    **intercepting.CHECKS,
    **person.CHECKS,
    **assuring.CHECKS,
    **surrender.CHECKS,
}

STAGES: dict[str, Stage] = {
    "file": drafting.file,
    "amend": drafting.amend,
    "choose-basis": drafting.choose_basis,
    "translated": drafting.translated,
    "issue": drafting.issue,
    "send-back": drafting.send_back,
    "approve": drafting.approve,
    "reopen": drafting.reopen,
    "send": sending.send,
    "arrive": dealing.arrive,
    "delivered": dealing.delivered,
    "acknowledge": dealing.acknowledge,
    "redirect": dealing.redirect,
    "question": dealing.question,
    "answer": dealing.answer,
    "consult": dealing.consult,
    "decide": dealing.decide,
    "evidence": ending.evidence,
    "withdraw": ending.withdraw,
    "close": ending.close,
    "hold": ending.hold,
    "posted": ending.posted,
    "law-moved": watching.law_moved,
    "offer": baton.offer,
    "accept": baton.accept,
    "confirm": baton.confirm,
    "return": baton.give_back,
    "withdraw-offer": baton.withdraw,
    **conditions.STAGES,
    **pace.STAGES,
    **rights.STAGES,
    **settling.STAGES,
    **housekeeping.STAGES,
    **following.STAGES,
    **keeping.STAGES,
    **producing.STAGES,
    **intercepting.STAGES,
    **person.STAGES,
    **assuring.STAGES,
    **surrender.STAGES,
    **instead.STAGES,
}
