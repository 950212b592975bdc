"""How does a case take moves, keep its clock and send its letters, whatever its kind?

The shared part of every case workflow: one update `move`, one state, one lock. `run` is each kind's own.
"""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta

from temporalio import workflow

from schemas.case import CaseClosed, CaseInput, CaseState, OutStatus
from schemas.errors import Conflict, RogatoryError, WrongMove
from schemas.facets import NoticeOut
from schemas.lifecycle import FINAL, RULES
from schemas.moves import Actor, Delivered, Move, MoveReply
from schemas.work import NotifyDone, NotifyWork, PostDone, PostWork
from workflows import allowing, baton, calls, clock, making, outbox, reminding
from workflows.refusals import refusal
from workflows.step import HOUSE_ACTOR, altered, fresh

LINGER = timedelta(days=30)
"""A closed case waits no longer than this for late answers; after that the desk revives it when one comes."""

_CATCHING_UP = 3
_BEFORE_NEXT_TRY = timedelta(seconds=30)
_BEFORE_NEXT_STROKE = timedelta(minutes=15)
_NOTHING_LAST = "nothing-begun-last"
"""What a case notes in its history that ends a run without beginning an errand in it."""


class Case:
    """One case. Subclasses give it a `run`, which the engine wants on the class itself."""

    def __init__(self, case: CaseInput) -> None:
        self._input = case
        self._state: CaseState | None = case.state
        self._never_began: RogatoryError | None = None
        self._first_told = False
        self._lock = asyncio.Lock()
        self._taken = 0
        self._moment: datetime | None = None
        self._alarm: asyncio.Task[None] | None = None
        self._alarm_at: datetime | None = None
        self._posting: asyncio.Task[None] | None = None
        self._reminding: asyncio.Task[None] | None = None

    # --- moves ----------------------------------------------------------------------------------------

    @workflow.update(name="move")
    async def move(self, move: Move) -> MoveReply:
        """Makes a move, once: the same key again gets the same reply. A refusal changes nothing."""
        await workflow.wait_condition(lambda: self._state is not None or self._never_began is not None)
        try:
            async with self._lock:
                return await self._make(move)
        except RogatoryError as error:
            raise refusal(error) from error

    @move.validator
    def _check_move(self, move: Move) -> None:
        """Refuses at once what could not be made now; the handler looks again when its turn comes."""
        first = self._input.first
        try:
            if self._state is None:
                if first is None or first.key != move.key:
                    raise WrongMove("The case is being opened.", where=self._input.ref, code="not-open-yet")
            elif move.key not in self._state.keys:
                allowing.check(self._state, move, workflow.now())
        except RogatoryError as error:
            raise refusal(error) from error

    async def _make(self, move: Move) -> MoveReply:
        if self._never_began is not None:
            raise self._never_began
        self._taken += 1
        for _ in range(_CATCHING_UP):
            state = self._known()
            if move.key in state.keys:
                return self._told_before(move, state.keys[move.key])
            allowing.check(state, move, workflow.now())
            self._take(await making.make(state, move, calls, workflow.now()))
            reply = self._known().keys.get(move.key)
            if reply is not None:
                return reply
        raise Conflict(
            "The records of this case change while it follows them.",
            where=self._input.ref,
            next_step="see that only one engine runs the cases of this house, then try again",
        )

    def _told_before(self, move: Move, reply: MoveReply) -> MoveReply:
        """The first move was handed in with the start: whoever asks first hears of it for the first time."""
        first, told = self._input.first, self._first_told
        if first is not None and first.key == move.key and not told:
            self._first_told = True
            return reply
        return altered(reply, repeated=True)

    # --- the run --------------------------------------------------------------------------------------

    async def _live(self) -> CaseClosed:
        """The life of a case: begun or taken up again, until it is over or goes on in a new run."""
        await self._begin()
        while not (self._is_over() and self._is_quiet()):
            await workflow.wait_condition(self._something)
            await self._strike()
            # what is begun in the last step of a run is done once more in the next one
            if not (self._is_long() and workflow.patched(_NOTHING_LAST)):
                self._post_next()
                self._remind_next()
            if self._is_long():
                await workflow.wait_condition(self._is_quiet)
                self._go_on_in_new_run()
            elif self._is_over():
                await workflow.wait_condition(self._is_quiet)
        state = self._known()
        return CaseClosed(ref=state.ref, status=state.status, moves=state.move)

    async def _begin(self) -> None:
        """Makes the first move of a new case. A case that cannot begin fails, and says why."""
        if self._input.state is not None:
            self._take(self._input.state)
            return
        # a case begun before these rules lives by the older ones, also when it is replayed
        version = RULES if workflow.patched(f"rules-{RULES}") else 1
        async with self._lock:
            try:
                self._take(await making.begin(self._input, calls, workflow.now(), version))
            except RogatoryError as error:
                self._never_began = error
        if self._never_began is not None:
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise refusal(self._never_began)

    def _something(self) -> bool:
        return (
            self._rang()
            or self._may_post()
            or self._may_remind()
            or (self._reminding is not None and self._reminding.done())
            or self._is_long()
            or (self._posting is not None and self._posting.done())
            or self._is_over()
        )

    def _is_over(self) -> bool:
        state = self._known()
        if state.status not in FINAL:
            return False
        passing = baton.current(state) if state.counterpart.house else None
        errand = any(one.done is None for one in state.errands)
        waiting = outbox.unsettled(state) or errand or (passing is not None and baton.between(passing))
        return not waiting or workflow.now() >= state.updated + LINGER

    def _is_long(self) -> bool:
        return self._taken >= self._input.moves_per_run or workflow.info().is_continue_as_new_suggested()

    def _is_quiet(self) -> bool:
        """Is nobody in the middle of something? A carrier may be: what it brings twice arrives once."""
        return workflow.all_handlers_finished() and not self._lock.locked()

    def _go_on_in_new_run(self) -> None:
        workflow.continue_as_new(self._input.model_copy(update={"first": None, "state": self._known()}))

    # --- what happens by itself -----------------------------------------------------------------------

    def _known(self) -> CaseState:
        if self._state is None:
            raise RuntimeError("a case that has not begun was asked for its state")
        return self._state

    def _take(self, state: CaseState) -> None:
        """Goes on from `state`, which is filed."""
        self._state = state
        self._moment = clock.next_moment(state)
        if state.status in FINAL and not self._is_over():
            self._moment = min(self._moment or state.updated + LINGER, state.updated + LINGER)
        self._set_alarm()

    def _set_alarm(self) -> None:
        """Keeps one timer. One that would ring too early may ring: that costs less than setting it anew."""
        if self._moment is None or self._moment <= workflow.now():
            return
        if self._alarm_at is not None and self._alarm_at <= self._moment:
            return
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm_at = self._moment
        self._alarm = asyncio.create_task(self._ring(self._moment))

    async def _ring(self, moment: datetime) -> None:
        await asyncio.sleep((moment - workflow.now()).total_seconds())
        if self._alarm_at == moment:
            self._alarm = self._alarm_at = None
            self._set_alarm()

    def _rang(self) -> bool:
        return self._moment is not None and self._moment <= workflow.now()

    async def _strike(self) -> None:
        """Marks what is due by now, and files that."""
        if not self._rang():
            return
        async with self._lock:
            now = workflow.now()
            made = fresh(self._known())
            try:
                if clock.strike(made, now):
                    self._taken += 1
                    self._take(await making.by_itself(made, "clock", calls, now))
            except RogatoryError:
                # the records take nothing now, and say why to whoever makes a move
                self._moment = workflow.now() + _BEFORE_NEXT_STROKE
                self._set_alarm()

    def _may_post(self) -> bool:
        return self._posting is None and outbox.next_letter(self._known()) is not None

    def _post_next(self) -> None:
        if self._posting is not None and self._posting.done():
            done, self._posting = self._posting, None
            done.result()
        letter = outbox.next_letter(self._known())
        if self._posting is None and letter is not None:
            self._posting = asyncio.create_task(self._post(letter))

    async def _post(self, letter: OutStatus) -> None:
        """Brings one letter to the other house, and files what became of it."""
        done = await self._carried(letter)
        self._taken += 1
        try:
            async with self._lock:
                if outbox.still_queued(self._known(), letter.id):
                    self._take(await self._file_outcome(letter, done))
        except RogatoryError:
            # a part of the house does not answer now; the letter stays queued: brought twice, it arrives once
            await asyncio.sleep(_BEFORE_NEXT_TRY.total_seconds())

    def _may_remind(self) -> bool:
        return self._reminding is None and reminding.next_notice(self._known()) is not None

    def _remind_next(self) -> None:
        if self._reminding is not None and self._reminding.done():
            done, self._reminding = self._reminding, None
            done.result()
        notice = reminding.next_notice(self._known())
        if self._reminding is None and notice is not None:
            self._reminding = asyncio.create_task(self._remind(notice))

    async def _remind(self, notice: NoticeOut) -> None:
        """Tells people of a time limit or a handoff, and files that they were told."""
        state = self._known()
        work = NotifyWork(
            ref=state.ref,
            notice=notice.id,
            code=notice.code,
            clock=notice.clock,
            due=notice.due,
            to=notice.to,
            actors=notice.actors,
            loud=notice.loud,
        )
        try:
            done = await calls.notify(work)
        except RogatoryError:
            done = NotifyDone(unreached=notice.to)
        self._taken += 1
        try:
            async with self._lock:
                made = fresh(self._known())
                reminding.told(made, notice.id, done.sent > 0)
                self._take(await making.by_itself(made, "reminded", calls, workflow.now()))
        except RogatoryError:
            # a part of the house does not answer now; told twice is better than not at all
            await asyncio.sleep(_BEFORE_NEXT_TRY.total_seconds())

    async def _carried(self, letter: OutStatus) -> PostDone:
        state = self._known()
        provider = state.counterpart.provider
        work = PostWork(
            ref=state.ref,
            message=letter.id,
            recipient=provider or state.counterpart.house or "",
            sealed=letter.sealed,
            provider=provider is not None,
        )
        try:
            return await calls.post(work)
        except RogatoryError as error:
            return PostDone(delivered=False, code=error.code, reason=error.what)

    async def _file_outcome(self, letter: OutStatus, done: PostDone) -> CaseState:
        state, now = self._known(), workflow.now()
        made = fresh(state)
        outbox.went(made, letter.id, done)
        if done.relayed:
            outbox.relayed(made, letter.id, done, now)
            detail = json.dumps({"message": letter.id, "way": done.way})
            return await making.by_itself(made, "relayed", calls, now, detail)
        if done.delivered:
            receipt = Move(
                key=f"{HOUSE_ACTOR}:delivered:{letter.id}",
                actor=Actor(id=HOUSE_ACTOR, house=state.house),
                body=Delivered(message=letter.id, receipt=done.receipt),
            )
            return await making.make(made, receipt, calls, now, done.recipient_ref)
        outbox.refused(made, letter.id, done.code or "refused", now)
        detail = json.dumps({"message": letter.id, "code": done.code, "reason": done.reason})
        return await making.by_itself(made, "refused", calls, now, detail)
