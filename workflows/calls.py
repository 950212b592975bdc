"""Which activities does a case call, with which time-outs, and when are they tried again?

Workflows name activities and import none. Short work that is safe to repeat runs as local activities: one
trip to the server for a whole move. Only what meets the outside world is an ordinary activity.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TypeVar

from pydantic import BaseModel
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError, is_cancelled_exception

from schemas.work import (
    ASSESS,
    COUNT,
    FILE,
    NOTIFY,
    POST,
    SEAL,
    AssessDone,
    AssessWork,
    CountDone,
    CountWork,
    FileDone,
    FileWork,
    NotifyDone,
    NotifyWork,
    PostDone,
    PostWork,
    SealDone,
    SealWork,
    Work,
)
from workflows.refusals import heard

Done = TypeVar("Done", bound=BaseModel)

_QUICKLY = RetryPolicy(
    initial_interval=timedelta(milliseconds=100), maximum_interval=timedelta(seconds=2), maximum_attempts=5
)
"""Somebody waits for the answer: a few quick attempts, then they are told."""

_UNTIL_FILED = RetryPolicy(
    initial_interval=timedelta(milliseconds=100), maximum_interval=timedelta(seconds=60), maximum_attempts=0
)
"""A move is true only once it is filed, and its letter may be sealed by then: never give up."""

_UNTIL_POSTED = RetryPolicy(
    initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=60), maximum_attempts=0
)
_UNTIL_REMINDED = RetryPolicy(
    initial_interval=timedelta(seconds=5), maximum_interval=timedelta(minutes=10), maximum_attempts=12
)
"""Over an hour of attempts: after that the reminder shows as not told, and the next one is on its way."""

_LONG_ATTEMPT = timedelta(seconds=60)
_SILENCE = timedelta(seconds=12)
"""A worker without a sign of life for so long is dead (`activities.alive`): its work is given to another."""
_SHORT_ATTEMPT = timedelta(seconds=20)
_IN_PLACE = timedelta(seconds=5)
"""Waits up to this long happen inside the worker; longer ones become timers, and the engine's task ends."""


async def assess(work: AssessWork) -> AssessDone:
    """Asks the law. Raises what the law refuses (unknown State, instrument, offence), or Unavailable."""
    return await _locally(ASSESS, work, AssessDone, _QUICKLY)


async def count(work: CountWork) -> CountDone:
    """Has time limits counted."""
    return await _locally(COUNT, work, CountDone, _QUICKLY)


async def seal(work: SealWork) -> SealDone:
    """Has a letter made, signed and kept."""
    return await _locally(SEAL, work, SealDone, _QUICKLY)


async def file(work: FileWork) -> FileDone:
    """Files a move, however long that takes."""
    return await _locally(FILE, work, FileDone, _UNTIL_FILED)


async def post(work: PostWork) -> PostDone:
    """Brings a sealed letter to the other house, however long that takes."""
    try:
        done: PostDone = await workflow.execute_activity(
            POST,
            work,
            result_type=PostDone,
            start_to_close_timeout=_LONG_ATTEMPT,
            heartbeat_timeout=_SILENCE,
            retry_policy=_UNTIL_POSTED,
        )
    except FailureError as error:
        if is_cancelled_exception(error):
            raise
        raise heard(error, POST) from error
    return done


async def notify(work: NotifyWork) -> NotifyDone:
    """Reminds people. Raises Unavailable where nobody could be told in good time."""
    try:
        done: NotifyDone = await workflow.execute_activity(
            NOTIFY,
            work,
            result_type=NotifyDone,
            start_to_close_timeout=_LONG_ATTEMPT,
            heartbeat_timeout=_SILENCE,
            retry_policy=_UNTIL_REMINDED,
        )
    except FailureError as error:
        if is_cancelled_exception(error):
            raise
        raise heard(error, NOTIFY) from error
    return done


async def _locally(name: str, work: Work, result: type[Done], retry: RetryPolicy) -> Done:
    # What fails a local activity comes as it is, not wrapped in an ActivityError: so all failures are caught.
    try:
        done: Done = await workflow.execute_local_activity(
            name,
            work,
            result_type=result,
            start_to_close_timeout=_SHORT_ATTEMPT,
            retry_policy=retry,
            local_retry_threshold=_IN_PLACE,
        )
    except FailureError as error:
        if is_cancelled_exception(error):
            raise
        raise heard(error, name) from error
    return done
