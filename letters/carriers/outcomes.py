"""What does a carrier's error mean for the message? Sorted here once, for all carriers.

A duplicate is no error: what was there before gets the receipt it got then, so the carrier succeeds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from schemas.errors import EnvelopeRefused, RogatoryError, Throttled, Unavailable

SHORTEST_WAIT, LONGEST_WAIT, UNTOLD_WAIT = 1.0, 3600.0, 60.0
NOT_KNOWN_THERE = frozenset({401, 403, 407})
TOO_LARGE, TOO_MANY, BUSY = 413, 429, 503


class Outcome(StrEnum):
    """What follows. `retry`: the same message, under the same id; `never`: this carrier will not bring it;
    `throttled`: retry, not before they said; `not-authorised`: retry, but a person must mend an account, an
    address or a certificate first."""

    RETRY = "retry"
    NEVER = "never"
    THROTTLED = "throttled"
    NOT_AUTHORISED = "not-authorised"


OUTCOMES: Mapping[str, Outcome] = {
    # no connection, no answer in time, or an answer that is none
    "unavailable": Outcome.RETRY,
    "mail-not-taken": Outcome.RETRY,
    "mailbox-silent": Outcome.RETRY,
    "wrong-transaction": Outcome.RETRY,
    "over-limit": Outcome.RETRY,
    "throttled": Outcome.THROTTLED,
    # ours or theirs to mend
    "not-authorised": Outcome.NOT_AUTHORISED,
    "no-mail-certificate": Outcome.NOT_AUTHORISED,
    "no-mail-address": Outcome.NOT_AUTHORISED,
    # the same again would fare the same
    "too-large": Outcome.NEVER,
    "address-refused": Outcome.NEVER,
    "malformed": Outcome.NEVER,
}
"""By the code of the error."""

PROVIDER = "provider-"
"""Before the number by which a provider says that it does not tell; it may the next time."""


def outcome_of(error: RogatoryError) -> Outcome:
    """What `error` of a carrier means. A code of no carrier goes by what the error says of itself."""
    known = OUTCOMES.get(error.code)
    if known is not None:
        return known
    return Outcome.RETRY if error.retry else Outcome.NEVER


def check_status(status: int, headers: Mapping[str, str], who: str, where: str, again: str) -> None:
    """Raises what an HTTP status means by itself: Throttled, Unavailable (`not-authorised`), or
    EnvelopeRefused (`too-large`). `who` answered so; `again` is said where nothing is to be done."""
    wait = asked_to_wait(headers)
    if status == TOO_MANY or (status == BUSY and wait is not None):
        seconds = UNTOLD_WAIT if wait is None else wait
        raise Throttled(f"{who} asks us to wait.", seconds, where=where, next_step=again)
    if status in NOT_KNOWN_THERE:
        raise Unavailable(
            f"{who} does not let us in ({status}).",
            where=where,
            next_step="the operator sees to the address, token or certificate by which we are known there",
            code="not-authorised",
        )
    if status == TOO_LARGE:
        raise EnvelopeRefused(
            f"{who} takes no message of this size.",
            where=where,
            next_step="send fewer or smaller documents, or bring them by another way",
            code="too-large",
        )


def asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that a Retry-After asks for, within reason; None without one."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError, OverflowError):
            return None
    if seconds != seconds:  # "nan" is a float, and no time
        return None
    return min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT)
