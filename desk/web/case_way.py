"""What must happen before a request can leave, and who does it? The way from the draft to the sending."""

from __future__ import annotations

from dataclasses import dataclass

from desk.web.case_answers import where_mended
from desk.web.frame import Visitor, case_path
from desk.web.words import N_
from desk.who import Sight, roles_for
from schemas.case import CaseState, Gap
from schemas.lifecycle import UNSENT
from schemas.vocabulary import Role, Side

MOVES = {"basis": "choose-basis", "rights": "answer-gate"}
"""Codes of what a move of its own mends."""
SIGNED = frozenset({"issuance", "validation"})
"""Codes of what only an issuing or validating authority mends."""

COMPLETE = N_("Complete the request")
ISSUE = N_("The competent authority issues it")
APPROVE = N_("A second person approves it")
SEND = N_("It is sent")
NOT_NAMED = N_("The legal basis names no authority for it: it may leave without.")
NOT_THE_SAME = N_("Not by whoever filed it or changed it last: %(who)s.")
AT_ONCE = N_("Its emergency is certified: it can be sent now, and be approved within 24 hours.")


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that stops the sending: its code, and where this visitor can mend it (empty: not theirs)."""

    code: str
    address: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step, in the order in which they are taken. `next`: the first one that is not done."""

    text: str
    role: str
    done: bool
    next: bool = False
    missing: tuple[Missing, ...] = ()
    hint: str = ""


def way_of(visitor: Visitor, state: CaseState, seen: Sight) -> list[Step]:
    """The steps to the sending; none where nothing of ours is to be sent, or not all of it may be seen."""
    if seen is not Sight.FULL or state.side is not Side.OUTGOING or state.status not in UNSENT:
        return []
    unsigned = [gap for gap in state.gaps if gap.code in SIGNED]
    lacking = [gap for gap in state.gaps if gap.blocking and gap not in unsigned]
    approved = state.status == "approved"
    hint = visitor.say(NOT_NAMED) if unsigned and not any(gap.blocking for gap in unsigned) else ""
    same = visitor.say(NOT_THE_SAME, who=", ".join(sorted({state.filed_by, state.last_author})))
    at_once = not approved and state.request.emergency is not None
    made = [
        (COMPLETE, Role.OFFICER, not lacking or approved, tuple(_missing(visitor, state, lacking)), ""),
        (ISSUE, Role.ISSUING_AUTHORITY, not unsigned, (), hint),
        (APPROVE, Role.APPROVER, approved, (), "" if approved else same),
        (SEND, Role.OFFICER, False, (), visitor.say(AT_ONCE) if at_once else ""),
    ]
    # What the law wants nobody to issue holds nothing up.
    first = next(text for text, _, done, _, told in made if not done and not (text == ISSUE and told))
    return [
        Step(visitor.say(text), role.value, done, text == first, missing, told)
        for text, role, done, missing, told in made
    ]


def lead(state: CaseState) -> str:
    """The move that a draft needs first, where something stops its sending; empty where nothing does."""
    stops = any(gap.blocking and gap.code not in SIGNED for gap in state.gaps)
    return "amend" if state.status == "draft" and stops else ""


def _missing(visitor: Visitor, state: CaseState, gaps: list[Gap]) -> list[Missing]:
    may = bool(roles_for("amend") & set(visitor.who.roles))
    found: dict[str, str] = {}
    for gap in gaps:
        found.setdefault(gap.code, _address(state, gap) if may else "")
    return [Missing(code, address) for code, address in found.items()]


def _address(state: CaseState, gap: Gap) -> str:
    """The page that closes the gap: a move of its own, or the one question whose answer is missing."""
    if gap.code in MOVES:
        return case_path(state.ref, "do", MOVES[gap.code])
    question, field = where_mended(gap)
    return case_path(state.ref, "change", question) + f"#f-{field}" if question else ""
