"""How is a move made? Asked of the law, counted, done on a copy, sealed, filed; only then is it so.

Nothing here knows the engine: the hands are handed in, so that the same steps can be tried without it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Protocol

from schemas.case import LARGEST_STATE, SHORT_MOVE, CaseInput, CaseState, Counterpart, OutStatus
from schemas.errors import BadInput, Conflict, RogatoryError
from schemas.facets import Keeping, Producing, Wanted
from schemas.handoff import Holder
from schemas.lifecycle import FIRST_STATUS, RULES, MoveRule
from schemas.moves import Actor, Answer, Arrive, FileRequest, Move, MoveReply
from schemas.vocabulary import Kind, Side
from schemas.work import (
    AssessDone,
    AssessWork,
    CountDone,
    CountWork,
    FileDone,
    FileWork,
    SealDone,
    SealWork,
)
from workflows import baton, clock, outbox, starting
from workflows.allowing import check_time, possible, rule_for
from workflows.row import row_of
from workflows.stages import STAGES, beside, drafting, holding, intercepting, keeping, producing, watching
from workflows.stages.drafting import to_assess, wrong_state
from workflows.step import HOUSE_ACTOR, Letter, Step, fresh, made_by, notice

KEYS_KEPT = 200
_ON_HOLD = frozenset({"supplementing", "postponed"})


class Hands(Protocol):
    """The activities, as functions: `workflows.calls` in the engine, fakes in tests."""

    async def assess(self, work: AssessWork) -> AssessDone: ...

    async def count(self, work: CountWork) -> CountDone: ...

    async def seal(self, work: SealWork) -> SealDone: ...

    async def file(self, work: FileWork) -> FileDone: ...


# --- the first move -----------------------------------------------------------------------------------


async def begin(case: CaseInput, hands: Hands, now: datetime, version: int = RULES) -> CaseState:
    """The state once the first move of a new case is filed. Raises BadInput, Conflict, what the law says.

    `version`: the release of our rules it will live by.
    """
    move = case.first
    if move is None:
        raise BadInput("A case begins with a first move or a state.", where=case.ref)
    _check_first(case, move)
    check_time(move, now)
    blank = _blank(case, move, now, version)
    made = await make(blank, move, hands, now)
    if move.key not in made.keys:
        raise Conflict(
            f"Reference {case.ref} belongs to another case.",
            where=case.ref,
            next_step="take the next reference",
        )
    return made


def _check_first(case: CaseInput, move: Move) -> None:
    wanted = "file" if case.side is Side.OUTGOING else "arrive"
    if move.body.event != wanted:
        raise BadInput(f"An {case.side.value} case begins with {wanted!r}.", where=case.ref)
    if isinstance(move.body, FileRequest | Arrive) and move.body.request.kind != case.kind.value:
        raise BadInput(
            f"A request for {move.body.request.kind} opens no case of the kind {case.kind.value!r}.",
            where="request.kind",
            next_step="file it as what it is",
        )
    if isinstance(move.body, FileRequest) and move.body.request.requesting != case.home_state:
        raise wrong_state("requesting", move.body.request.requesting, case.home_state)
    if isinstance(move.body, Arrive) and move.body.request.requested != case.home_state:
        raise wrong_state("requested", move.body.request.requested, case.home_state)
    foreign = move.actor.house != case.house
    if foreign and not (isinstance(move.body, Arrive) and move.body.counterpart_house == move.actor.house):
        raise BadInput("A case of ours begins with our own people.", where=case.ref, code="wrong-sender")


def _blank(case: CaseInput, move: Move, now: datetime, version: int) -> CaseState:
    body = move.body
    if not isinstance(body, FileRequest | Arrive):
        raise TypeError(f"{body.event} begins no case")
    foreign = move.actor.house != case.house
    request = body.request
    if isinstance(body, Arrive):
        house = body.counterpart_house if foreign else None
        counterpart = Counterpart(state=request.requesting, house=house, ref=body.foreign_ref)
    else:
        counterpart = Counterpart(state=request.requested, provider=drafting.provider_of(request))
    holder = Holder(
        house=move.actor.house, function=baton.CENTRAL_AUTHORITY if foreign else move.actor.agency
    )
    person = Wanted() if case.kind in (Kind.EXTRADITION, Kind.PROSECUTION) else None
    return CaseState(
        version=version,
        ref=case.ref,
        house=case.house,
        state=case.home_state,
        kind=case.kind,
        side=case.side,
        status=FIRST_STATUS[case.side],
        opened=now,
        updated=now,
        filed_by=move.actor.id,
        last_author=move.actor.id,
        counterpart=counterpart,
        holder=holder,
        held_since=now,
        request=request,
        documents=list(request.attachments),
        matter=body.matter if isinstance(body, FileRequest) else None,
        papers_follow=body.papers_follow if isinstance(body, Arrive) else False,
        person=person,
        keeping=Keeping() if case.kind is Kind.PRESERVATION else None,
        producing=Producing() if case.kind is Kind.PRODUCTION else None,
    )


# --- every move ---------------------------------------------------------------------------------------


async def make(
    state: CaseState, move: Move, hands: Hands, now: datetime, their_ref: str | None = None
) -> CaseState:
    """The state after `move`, filed. `state` stays as it was, and remains true if anything here fails.

    The move was checked before (`workflows.allowing`). If the records turn out to be ahead of `state`, what
    they hold is returned instead: the move's key tells whether it is in there.
    """
    rule = rule_for(state, move)
    step = Step(fresh(state), move, made_by(state.house, move), rule, now, beside.moment(state, move, now))
    step.law = await _ask(step, hands)
    after = status_after(state, move, rule)
    wanted = starting.asked(step, after)
    counted = await hands.count(wanted) if wanted else CountDone()
    of_reports = [await hands.count(work) for work in starting.of_reports(step)]
    step.offer_due = counted.offer_due
    step.counted = counted
    beside.mean(step)
    letter = beside.dated(step, STAGES[move.body.event](step))
    made = step.state
    watching.looked_at(made, move.body.event, step.own)
    if their_ref and made.counterpart.ref is None:
        made.counterpart = made.counterpart.model_copy(update={"ref": their_ref})
    _settle_status(made, after)
    keeping.stand(step)
    producing.stand(step, state)
    intercepting.stand(step)
    clock.turn(made, starting.met_by(state, move), step.at, now, starting.effect(state, move))
    for one in (step.counted, *of_reports):
        clock.keep(made, one)
    made.move += 1
    told = letter is not None and (isinstance(letter.body, Arrive) or baton.known_there(made))
    _check_size(made, move)
    sent = await _seal(made, letter, move, hands, now) if letter and told else None
    _remember(made, move, now)
    return await _file(made, move, hands, sent)


async def by_itself(
    made: CaseState, event: str, hands: Hands, now: datetime, detail: str = "{}"
) -> CaseState:
    """Files `made`, a fresh copy changed by time or by a carrier, not by a move (`event`: clock, refused)."""
    made.move += 1
    made.updated = now
    done = await hands.file(
        FileWork(
            ref=made.ref,
            move=made.move,
            at=now,
            actor=Actor(id=HOUSE_ACTOR, house=made.house),
            event=event,
            key=f"{HOUSE_ACTOR}:{event}:{made.move}",
            detail=detail,
            state=made,
            row=row_of(made),
        )
    )
    return done.state or made


def _check_size(made: CaseState, move: Move) -> None:
    """A case that has grown beyond what the engine carries could neither go on nor be closed."""
    if len(made.model_dump_json().encode()) <= LARGEST_STATE:
        return
    if len(move.model_dump_json().encode()) > SHORT_MOVE:
        raise BadInput(
            "The case is full: it takes only short moves now.",
            where=made.ref,
            next_step=f"say it in less than {SHORT_MOVE} bytes, and put the rest into a document",
            code="case-full",
        )


def status_after(state: CaseState, move: Move, rule: MoveRule | None) -> str:
    """The status to which `move` leads: by the table, and by what only the case itself knows."""
    after = _by_table(state, move, rule)
    return beside.leads(state, move, producing.leads(state, move, holding.leads(state, move, after)))


def _by_table(state: CaseState, move: Move, rule: MoveRule | None) -> str:
    if rule is None:
        return state.status
    if rule.by_field:
        value = str(getattr(move.body, rule.by_field)).lower()
        return rule.to_by.get(value) or state.status
    if rule.back:
        answered = move.body.question if isinstance(move.body, Answer) else ""
        waiting = [item for item in state.questions if item.answered is None and item.id != answered]
        return state.status if waiting else state.status_before or state.status
    return rule.to or state.status


def _settle_status(state: CaseState, after: str) -> None:
    """Remembers where to go back to after a question or postponement. Whoever asks has received it."""
    if after in _ON_HOLD and state.status != "supplementing":
        state.status_before = "received" if state.status == "sent" else state.status
    elif after not in _ON_HOLD:
        state.status_before = None
    state.status = after


async def _ask(step: Step, hands: Hands) -> AssessDone | None:
    asked = to_assess(step.state, step.move)
    if asked is None:
        return None
    request, choose = asked
    work = AssessWork(ref=step.state.ref, request=request, at=step.at, on=request.on, choose=choose)
    try:
        return await hands.assess(work)
    except RogatoryError as error:
        # a request that came in is registered, and a case under which the law moved is told of it, whatever
        # the law can say now; a person looks at it then
        if error.retry or step.move.body.event not in ("arrive", "law-moved"):
            raise
        return None


async def _seal(state: CaseState, letter: Letter, move: Move, hands: Hands, now: datetime) -> OutStatus:
    """Signs the letter and queues it. Its id carries the move's key: another move under this number, made
    after this one was lost, must never find the letter of this one."""
    mark = hashlib.sha256(move.key.encode()).hexdigest()[:8]
    provider = state.counterpart.provider
    recipient = provider or state.counterpart.house
    done = await hands.seal(
        SealWork(
            ref=state.ref,
            message=f"{state.house}.{state.ref}.m{state.move}.{mark}".lower(),
            recipient=recipient,
            recipient_ref=state.counterpart.ref,
            at=now,
            body=letter.body,
            offer=letter.offer,
            about=letter.about,
            provider=provider is not None,
        )
    )
    item = OutStatus(
        id=done.message,
        event=letter.body.event,
        sealed=done.sealed,
        status="queued" if recipient else "by-hand",
        due=done.due if recipient else None,
        handoff=letter.handoff,
        queued=now,
        ground=outbox.ground_of(state, letter.body),
    )
    state.outbox.append(item)
    if recipient is None:
        notice(state, f"post-by-hand:{item.id}")
    baton.sealed(state, letter, done.sealed)
    return item


def _remember(state: CaseState, move: Move, now: datetime) -> None:
    state.updated = now
    if move.actor.id == HOUSE_ACTOR and move.actor.house == state.house:
        return
    state.keys[move.key] = reply_of(state, move)
    for old in list(state.keys)[:-KEYS_KEPT]:
        del state.keys[old]


def reply_of(state: CaseState, move: Move) -> MoveReply:
    """What the move did, as told to whoever made it."""
    return MoveReply(
        ref=state.ref,
        move=state.move,
        event=move.body.event,
        status=state.status,
        holder=state.holder,
        gaps=len(state.gaps),
        allowed=possible(state),
    )


async def _file(state: CaseState, move: Move, hands: Hands, sent: OutStatus | None) -> CaseState:
    done = await hands.file(
        FileWork(
            ref=state.ref,
            move=state.move,
            at=state.updated,
            actor=move.actor,
            event=move.body.event,
            key=move.key,
            detail=move.body.model_dump_json(),
            state=state,
            row=row_of(state),
            # what came in is found again by its message id; what went out stands in the state as well
            message=move.message or (sent.id if sent else None),
            sealed=move.sealed if move.message else sent.sealed if sent else None,
        )
    )
    return done.state or state
