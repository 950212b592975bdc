"""What happens while data are kept: confirmed, renewed, followed by the request they are for, let go?

The end of a keeping is what its holder told; where nobody told it, the earliest lawful end. A letter that
binds nobody protects nothing and has no end, until somebody says that they keep the data all the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from schemas.case import CaseState
from schemas.errors import BadInput
from schemas.facets import Period
from schemas.lifecycle import OVER, UNSENT
from schemas.messages import CLOCK_SKEW_SECONDS
from schemas.moves import (
    Amend,
    Harm,
    Inform,
    Move,
    MoveBody,
    Preserved,
    ReleaseData,
    Renew,
    Renewed,
    Withdraw,
)
from schemas.vocabulary import Side, Verdict
from workflows import baton, terms
from workflows.stages import holding
from workflows.stages.housekeeping import Checked, Made
from workflows.step import Letter, Step, altered, notice, settle

_SKEW = timedelta(seconds=CLOCK_SKEW_SECONDS)
_NOT_YET_ASKED = frozenset({"draft", "approved", "sent"})
_WHILE_KEPT = ("unprotected", "voluntary", "may-have-lapsed", "lapsed", "harm")


# --- may it be made? ----------------------------------------------------------------------------------


def check_preserved(state: CaseState, move: Move, now: datetime) -> None:
    """The keeping has begun, and ends after it begins."""
    body = move.body
    if not isinstance(body, Preserved):
        return
    if body.start > now + _SKEW:
        raise BadInput(
            "Data cannot be kept since a moment that is still to come.",
            where="start",
            next_step="give the moment from which they are kept; what is to follow is told by `renewed`",
            code="in-the-future",
        )
    _check_span(body.start, body.end)


def check_renewed(state: CaseState, move: Move, now: datetime) -> None:
    """The longer time ends after it begins."""
    if isinstance(move.body, Renewed):
        _check_span(move.body.start, move.body.end)


def check_renew(state: CaseState, move: Move, now: datetime) -> None:
    """A longer time is asked for within the present one: what is over cannot be made longer."""
    body = move.body
    if not isinstance(body, Renew):
        return
    end = terms.end_of(state)
    if end is None and not (state.keeping is not None and state.keeping.periods):
        raise BadInput(
            "Nobody has said yet that the data are kept.",
            where=state.ref,
            next_step="wait for the confirmation, or record it (`preserved`)",
            code="not-kept-yet",
        )
    if end is not None and end <= now:
        raise BadInput(
            f"The time to keep the data ended at {end.isoformat(timespec='minutes')}: it cannot be renewed.",
            where=state.ref,
            next_step="file a new request for preservation and link it; if they keep the data all the same, "
            "record their word (`preserved`)",
            code="after-the-end",
        )
    if body.until is not None and body.until <= max(now, end or now):
        raise BadInput(
            "The longer time would end before the present one.",
            where="until",
            next_step="name a later day, or leave it out",
            code="end-before-start",
        )


def _check_span(start: datetime, end: datetime | None) -> None:
    if end is not None and end <= start:
        raise BadInput(
            "The keeping would end before it begins.",
            where="end",
            next_step="give the end as it was told, or leave it out: it is never guessed",
            code="end-before-start",
        )


# --- made -----------------------------------------------------------------------------------------------


def preserved(step: Step) -> Letter | None:
    """They keep it, or we do: since when, and until when as far as told. Another word is kept beside the
    first."""
    state, body = step.state, step.body(Preserved)
    if state.keeping is None:
        _name(step, body.provider_ref)
        return None
    told = Period(
        start=body.start,
        end=body.end,
        told=step.at,
        provider_ref=body.provider_ref or "",
        note="; ".join(text for text in (body.partial, body.note) if text),
    )
    if body.partial:
        notice(state, "partly-kept")
    differs = _differs(state, told, step.now)
    _name(step, body.provider_ref)
    end, from_law = terms.taken(step, body.end, held=holding.is_held(state))
    if not any(_same(known, told) for known in state.keeping.periods):
        told = altered(told, end=end, from_law=from_law, contradicts=differs)
        state.keeping = altered(state.keeping, periods=[*state.keeping.periods, told])
        if differs:
            notice(state, f"contradiction:{len(state.keeping.periods)}")
    settle(state, *_WHILE_KEPT, "missed:preserve")
    return _told(step, body)


def renew(step: Step) -> Letter | None:
    """A longer time is asked for. Where a law grants it upon the asking, its end is no sure end any more."""
    state, body = step.state, step.body(Renew)
    if state.keeping is not None:
        asked = [*state.keeping.renewals_asked, step.at]
        state.keeping = altered(state.keeping, renewals_asked=asked)
    if step.own:
        terms.asked_longer(state, step.now)
        return Letter(body)
    notice(state, "renewal-asked")
    return None


def renewed(step: Step) -> Letter | None:
    """Kept on. What goes beyond the extension that a law names is goodwill."""
    state, body = step.state, step.body(Renewed)
    if state.keeping is None:
        return None
    if terms.renewed_by_law(state):
        notice(state, "goodwill")
    before = terms.end_of(state)
    if before is not None and body.start > before:
        notice(state, "gap-in-keeping")
    end, from_law = terms.taken(step, body.end, held=holding.is_held(state))
    told = Period(
        start=body.start, end=end, from_law=from_law, told=step.at, renewal=True, note=body.note or ""
    )
    state.keeping = altered(state.keeping, periods=[*state.keeping.periods, told])
    settle(state, "renewal-asked", "may-have-lapsed", "lapsed", "missed:preserve")
    return Letter(body) if step.own else None


def release_data(step: Step) -> Letter | None:
    """Let go: by who asked for it, or by who kept it."""
    body = step.body(ReleaseData)
    if step.own:
        return Letter(body)
    notice(step.state, "released-by-them")
    return None


def harm(step: Step) -> Letter | None:
    """Keeping would not secure the data or would do harm: the asking side says whether it still wants it."""
    body = step.body(Harm)
    if step.own:
        return Letter(body)
    notice(step.state, "harm")
    return None


def stand(step: Step) -> None:
    """How the data stand after the move: protected by a law, kept by somebody's word, or neither."""
    state, body = step.state, step.move.body
    if isinstance(body, Amend):
        terms.of_reports_named(state, step.now)
    kept = state.keeping
    if kept is None:
        return
    if step.own and isinstance(body, Inform | Withdraw | Renew):
        settle(state, "harm")
    if state.status in OVER[state.kind]:
        word = "none" if kept.protection in ("none", "unprotected") else "ended"
        settle(state, "unprotected", "voluntary", "renewal-asked")
    elif kept.periods:
        word = "protected" if _binding(state) else "told"
        settle(state, "unprotected")
    else:
        direct, abroad = state.counterpart.provider is not None, state.status not in _NOT_YET_ASKED
        asked = state.side is Side.OUTGOING and state.status not in UNSENT
        bound = _binding(state)
        word = "unprotected" if asked and direct and not bound else "none"
        word = "protected" if direct and bound and abroad else word
    if word == "told" and "voluntary" not in state.attention:
        notice(state, "voluntary")
    if word == "unprotected":
        notice(state, "unprotected")
    state.keeping = altered(kept, protection=word)


# --- what decides -----------------------------------------------------------------------------------------


def _binding(state: CaseState) -> bool:
    """Does a law bind who holds the data? A State that acts on a basis binds its provider; a letter straight
    to the provider binds it only where a sure basis makes that a duty."""
    law = state.law
    if law is None or law.instrument is None:
        return False
    if state.counterpart.provider is None:
        return True
    return law.binding == "duty" and law.verdict is Verdict.YES


def _differs(state: CaseState, told: Period, now: datetime) -> bool:
    """Does it differ from what was told before of the time that runs? An end told later is no difference to
    one that nobody had told."""
    known = [] if state.keeping is None else state.keeping.periods
    if not known or _same(known[-1], told):
        return False
    last, first_ref = known[-1], state.keeping.provider_ref if state.keeping else ""
    if told.provider_ref and first_ref and told.provider_ref != first_ref:
        return True
    if last.end is not None and last.end <= now:
        return False
    other_end = told.end is not None and last.end is not None and not last.from_law and told.end != last.end
    return other_end or (told.start != last.start and not last.renewal)


def _same(known: Period, told: Period) -> bool:
    end = None if known.from_law else known.end
    other = known.provider_ref and told.provider_ref and known.provider_ref != told.provider_ref
    return not other and (known.start, end) == (told.start, told.end)


def _name(step: Step, ref: str | None) -> None:
    """The provider's own reference: the first one told stays."""
    state = step.state
    if ref and state.keeping is not None and not state.keeping.provider_ref:
        state.keeping = altered(state.keeping, provider_ref=ref)
    if ref and state.producing is not None and not state.producing.provider_ref:
        state.producing = altered(state.producing, provider_ref=ref)


def _told(step: Step, body: MoveBody) -> Letter | None:
    """Ours is told to the other side; whoever acts there has taken the request."""
    if step.own:
        return Letter(body)
    baton.taken_on_paper(step)
    return None


CHECKS: dict[str, Checked] = {
    "preserved": check_preserved,
    "renew": check_renew,
    "renewed": check_renewed,
    **holding.CHECKS,
}
STAGES: dict[str, Made] = {
    "preserved": preserved,
    "renew": renew,
    "renewed": renewed,
    **holding.STAGES,
    "release-data": release_data,
    "harm": harm,
}
