"""What happens to our own request before it is sent: filed, amended, based, translated, issued, approved?"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from schemas.case import CaseState, LawRecorded, Override, Signed
from schemas.errors import BadInput, Conflict, NotAllowed, NotFound, WrongMove
from schemas.facets import Translation
from schemas.moves import (
    Amend,
    Approve,
    Arrive,
    ChooseBasis,
    FileRequest,
    Issue,
    LawMoved,
    Move,
    Reopen,
    SendBack,
    Translated,
)
from schemas.request import PreservationRequest, ProductionRequest, Request, draft_digest
from schemas.vocabulary import Verdict
from workflows import gaps, issuers
from workflows.stages import watching
from workflows.stages.sending import SECOND_APPROVAL, awaits_second_approval, sent_alone
from workflows.step import Step, altered, notice, settle

SENT_BACK: Literal["sent-back"] = "sent-back"

# --- may it be made? ----------------------------------------------------------------------------------


def check_amend(state: CaseState, move: Move, now: datetime) -> None:
    """The amended draft is still ours, and replaces the one that its author saw."""
    if isinstance(move.body, Amend) and move.body.request.requesting != state.state:
        raise wrong_state("requesting", move.body.request.requesting, state.state)
    _check_draft(state, move)


def _check_draft(state: CaseState, move: Move) -> None:
    """Is the draft the one that was seen? Asked where the move is made, so that of two in the same instant
    only the first passes."""
    seen = move.body.over if isinstance(move.body, Amend | Approve | Issue | SendBack) else None
    if seen is not None and seen != draft_digest(state.request):
        raise Conflict(
            "The request was changed meanwhile.",
            where="over",
            next_step="look at it as it stands now, then do it again",
            code="draft-changed",
        )


def check_translated(state: CaseState, move: Move, now: datetime) -> None:
    """A document that is named lies with the request: else it would not travel with it."""
    body, known = move.body, [item.digest for item in state.documents]
    if isinstance(body, Translated) and body.document is not None and body.document not in known:
        raise NotFound(
            "No attachment of this request has that digest.",
            where="document",
            next_step="attach it first (amend), or leave the digest out",
            code="unknown-document",
        )


def check_issue(state: CaseState, move: Move, now: datetime) -> None:
    """Nothing is signed tomorrow; where the law says who issues, it is said what the authority is."""
    body = move.body
    if not isinstance(body, Issue):
        return
    _check_draft(state, move)
    if body.signed_on > now:
        raise BadInput(
            "A signature cannot be of a later day than today.",
            where="signed_on",
            next_step="give the day on which it was signed",
            code="in-the-future",
        )
    may = sorted({function for rule in issuers.asked(state) for function in rule.by})
    if may and body.function is None:
        raise BadInput(
            "What that authority is decides whether it may issue such a request.",
            where="function",
            next_step=f"name its function; competent here: {', '.join(may)}",
            code="function-missing",
        )
    if may and body.capacity == "validated" and body.function not in may:
        raise BadInput(
            f"The function {body.function!r} does not validate such a request.",
            where="function",
            next_step=f"have it validated by: {', '.join(may)}",
            code="not-competent",
        )


def check_send_back(state: CaseState, move: Move, now: datetime) -> None:
    """It is sent back by whoever read it as it stands."""
    _check_draft(state, move)


def check_approve(state: CaseState, move: Move, now: datetime) -> None:
    """Four eyes; no blocking gap without an override, and some not even with one; abroad only what was sent
    before approval."""
    if not isinstance(move.body, Approve):
        return
    _check_draft(state, move)
    if move.actor.id in {state.filed_by, state.last_author, *sent_alone(state)}:
        raise NotAllowed(
            "Who filed, last amended or sent a request does not approve it.",
            where=state.ref,
            next_step="have a second person approve it",
            code="four-eyes",
        )
    if state.status != "draft":
        if not awaits_second_approval(state):
            raise WrongMove("There is nothing to approve.", where=state.ref, code="nothing-to-approve")
        return
    stays = gaps.unyielding(state)
    if stays:
        raise WrongMove(
            f"No reason stands in the place of these: {gaps.told(stays)}.",
            allowed=["amend", "choose-basis", "issue", "withdraw"],
            where=state.ref,
            code="gaps-stay",
        )
    missing = gaps.blocking(state)
    if missing and move.body.override is None:
        raise WrongMove(
            f"The request has gaps: {gaps.told(missing)}.",
            allowed=["amend", "approve with override", "choose-basis", "withdraw"],
            where=state.ref,
            code="gaps",
        )


def wrong_state(which: str, found: str, wanted: str) -> BadInput:
    """The request is not one of this house's State."""
    return BadInput(
        f"The {which} State is {found}, and this house speaks for {wanted}.",
        where=which,
        next_step="file it with the house of that State",
        code="wrong-state",
    )


def provider_of(request: Request) -> str | None:
    """The provider the request goes to directly, if it does."""
    if isinstance(request, PreservationRequest | ProductionRequest) and request.direct:
        return request.provider
    return None


# --- made -----------------------------------------------------------------------------------------------


def to_assess(state: CaseState, move: Move) -> tuple[Request, str | None] | None:
    """The request the law is to be asked about, and the chosen instrument; None if nothing is to be asked."""
    body = move.body
    if isinstance(body, FileRequest | Arrive):
        return body.request, body.request.instrument
    if isinstance(body, Amend):
        # a basis chosen before stays chosen unless the new draft names another
        return body.request, body.request.instrument or state.request.instrument
    if isinstance(body, ChooseBasis):
        return state.request, body.instrument
    if isinstance(body, LawMoved):
        return watching.to_ask_again(state)
    return None


def file(step: Step) -> None:
    """Filed as a draft, with what the law says and what is missing."""
    _take_law(step, None)


def amend(step: Step) -> None:
    """Another draft: what was issued or approved was issued or approved for the draft before."""
    state, body = step.state, step.body(Amend)
    chosen = body.request.instrument or state.request.instrument
    kept = state.law.override if state.law and state.law.instrument == chosen else None
    state.request = altered(body.request, instrument=chosen)
    state.documents = [*body.request.attachments]
    state.last_author = step.move.actor.id
    state.signed = []
    _taken_up(state)
    state.translations = []
    state.counterpart = altered(state.counterpart, state=body.request.requested)
    _take_law(step, kept)


def choose_basis(step: Step) -> None:
    """Another candidate, by name. One that is not `yes` only with a reason, which stays on the case."""
    state, body = step.state, step.body(ChooseBasis)
    law = _law(step)
    if law.verdict is not Verdict.YES and body.override is None:
        raise BadInput(
            f"{body.instrument} is not a legal basis that is certain here: {law.verdict.value}.",
            where="instrument",
            next_step="choose a candidate that is `yes`, or give a reason as `override`",
            code="basis-not-yes",
        )
    reason = None
    if law.verdict is not Verdict.YES and body.override is not None:
        reason = Override(
            actor=step.move.actor.id,
            at=step.now,
            reason=body.override,
            instead_of=f"basis: {body.instrument} is {law.verdict.value}",
        )
        state.overrides.append(reason)
    state.request = altered(state.request, instrument=body.instrument)
    _take_law(step, reason)


def translated(step: Step) -> None:
    """A translation of this draft; another draft wants another one."""
    state, body = step.state, step.body(Translated)
    state.translations.append(
        Translation(
            language=body.language,
            translator=body.translator,
            certified=body.certified,
            document=body.document,
            at=step.now,
        )
    )
    gaps.refresh(state)


def issue(step: Step) -> None:
    """Issued or validated by the authority that may; approval in the office is another thing."""
    state, body = step.state, step.body(Issue)
    _taken_up(state)
    state.signed.append(
        Signed(
            capacity=body.capacity,
            actor=step.move.actor.id,
            authority=body.authority,
            function=body.function or "",
            at=body.signed_on,
        )
    )
    gaps.refresh(state)


def send_back(step: Step) -> None:
    """Not signed as it stands: the reason stays until it is mended, or signed after all."""
    state, body = step.state, step.body(SendBack)
    _taken_up(state)
    state.signed.append(Signed(capacity=SENT_BACK, actor=step.move.actor.id, at=step.now, note=body.reason))
    notice(state, SENT_BACK)


def _taken_up(state: CaseState) -> None:
    state.signed = [signed for signed in state.signed if signed.capacity != SENT_BACK]
    settle(state, SENT_BACK)


def approve(step: Step) -> None:
    """Approved by a second person, gaps and all if overridden; or the second approval after an emergency."""
    state, body = step.state, step.body(Approve)
    missing = gaps.blocking(state) if step.rule is not None and step.rule.to == "approved" else []
    if missing and body.override is not None:
        state.overrides.append(
            Override(
                actor=step.move.actor.id,
                at=step.now,
                reason=body.override,
                instead_of=f"gaps: {gaps.told(missing)}",
            )
        )
    state.signed.append(
        Signed(capacity="approved", actor=step.move.actor.id, at=step.now, note=body.override or "")
    )
    settle(state, SECOND_APPROVAL)


def reopen(step: Step) -> None:
    """A draft again: the approval is undone."""
    step.body(Reopen)
    step.state.signed = [signed for signed in step.state.signed if signed.capacity != "approved"]


def take_answer(step: Step) -> None:
    """Takes over the law's recorded answer for a request that came in; gaps are shown, they block nothing."""
    if step.law is None:
        step.state.attention.append("law-not-answered")
        return
    step.state.law = step.law.law
    gaps.refresh(step.state, step.law.gaps)


def _take_law(step: Step, override: Override | None) -> None:
    state = step.state
    law = _law(step)
    kept = override if law.verdict is not Verdict.YES else None
    state.law = altered(law, override=kept)
    provider = provider_of(state.request)
    found = step.law.house if step.law and provider is None else None
    state.counterpart = altered(state.counterpart, house=found, provider=provider)
    gaps.refresh(state, step.law.gaps if step.law else [])


def _law(step: Step) -> LawRecorded:
    if step.law is None:
        raise TypeError(f"the law was not asked for {step.move.body.event}")
    return step.law.law
