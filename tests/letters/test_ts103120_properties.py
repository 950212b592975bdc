"""Does whatever we write read the same, and does no answer of a provider, however strange, bring us down?"""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.ts103120.check import MALFORMED, check, read
from letters.ts103120.fields import entry
from letters.ts103120.message import Message
from letters.ts103120.objects import AnyObject, Authorisation, LDTask, LPTask
from letters.ts103120.reading import Heard, ProviderWord, Seen, seen, words
from letters.ts103120.words import passage
from schemas.errors import BadInput
from schemas.messages import Envelope
from schemas.moves import Arrive, Decide, Preserved, Renew
from schemas.request import PreservationRequest, ProductionRequest
from schemas.vocabulary import Measure
from tests.letters.provider_cases import (
    GIVE_REF,
    HOUSE,
    KEEP_REF,
    NECESSITY,
    SENT,
    asked_to_give,
    asked_to_keep,
    letter,
    provider,
    written,
)

LINE = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=40).filter(
    lambda text: bool(text.strip())
)
MOMENT = st.integers(631_152_000, 2_840_140_800).map(lambda moment: datetime.fromtimestamp(moment, UTC))
ACCOUNTS = st.lists(LINE.map(str.strip), min_size=1, max_size=4).map(tuple)
CONTENTS = st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), LINE, max_size=3)
STATUSES = (
    "AwaitingPreservation",
    "Preserved",
    "PreservationNotAvailable",
    "Rejected",
    "Cancelled",
    "Expired",
)
SOON = datetime(2026, 11, 22, tzinfo=UTC)


@given(ACCOUNTS, CONTENTS, st.booleans())
def test_a_preservation_reads_as_it_was_written(
    accounts: tuple[str, ...], contents: dict[str, str], urgent: bool
) -> None:
    request = PreservationRequest(
        requesting="DE", requested="US", accounts=accounts, contents=contents, urgent=urgent
    )
    message = written(Arrive(request=request, foreign_ref=KEEP_REF), request, KEEP_REF)
    assert read(message.to_json().encode()) == message
    tasks = [one.create.hi1_object for one in message.requests if one.create]
    assert len({task.object_identifier for task in tasks}) == 1 + len(accounts)


@given(
    ACCOUNTS,
    st.sets(st.sampled_from(sorted(set(Measure) - {Measure.INTERCEPTION})), min_size=1, max_size=3),
    MOMENT,
    MOMENT,
)
def test_a_production_reads_as_it_was_written(
    accounts: tuple[str, ...], measures: set[Measure], first: datetime, last: datetime
) -> None:
    request = ProductionRequest.model_validate(
        {
            "requesting": "DE",
            "requested": "US",
            "provider": "invented-mail",
            "accounts": accounts,
            "measures": sorted(measures),
            "period_from": first,
            "period_until": last,
            "necessity": NECESSITY,
        }
    )
    message = written(Arrive(request=request, foreign_ref=GIVE_REF), request, GIVE_REF)
    again = read(message.to_json().encode())
    assert again.to_dict() == message.to_dict()
    tasks = [one.create.hi1_object for one in again.requests if one.create]
    assert sum(isinstance(task, LDTask) for task in tasks) == len(accounts) * len(measures)


@given(MOMENT, LINE)
def test_a_renewal_reads_as_it_was_written(until: datetime, reason: str) -> None:
    request = PreservationRequest(requesting="DE", requested="US", accounts=("a",))
    message = written(Renew(until=until, reason=reason), request, KEEP_REF, 2)
    [task] = [one.update.hi1_object for one in read(message.to_json().encode()).requests if one.update]
    assert isinstance(task, LPTask)
    assert task.desired_expiration == until.replace(microsecond=0)


# --- what a provider says -----------------------------------------------------------------------------


def held(accounts: int) -> list[AnyObject]:
    """An authorisation of ours with its tasks, as a provider would hold them."""
    message = asked_to_keep(accounts=tuple(f"a{number}" for number in range(accounts)))
    return [one.create.hi1_object for one in message.requests if one.create]


def heard(objects: list[AnyObject], generation: int = 1) -> list[Heard]:
    seen_now: list[Seen] = [seen(each, generation, SOON) for each in objects]
    return words(provider(), HOUSE, seen_now)


@given(
    st.lists(
        st.tuples(st.sampled_from(STATUSES), st.none() | MOMENT, st.none() | MOMENT), min_size=1, max_size=5
    )
)
def test_data_are_said_to_be_kept_no_longer_than_for_the_first_that_ends(
    told: list[tuple[str, datetime | None, datetime | None]],
) -> None:
    authorisation, *tasks = held(len(told))
    said: list[AnyObject] = [
        task.model_copy(
            update={"status": entry("LPTaskStatus", status), "expiration": end, "last_changed": changed}
        )
        for task, (status, end, changed) in zip(tasks, told, strict=True)
    ]
    [word] = heard([authorisation, *said])
    assert isinstance(word, ProviderWord)
    assert word.ref == KEEP_REF
    kept = [one for one in told if one[0] == "Preserved"]
    if not kept:
        assert not isinstance(word.body, Preserved)
        return
    body = word.body
    assert isinstance(body, Preserved)
    ends = [end for _, end, _ in kept]
    assert body.end == (None if None in ends else min(end for end in ends if end is not None))
    assert body.start == max(changed or SOON for _, _, changed in kept)
    assert (body.partial is None) == (len(kept) == len(told))


@given(st.permutations(range(3)))
def test_a_word_is_the_same_in_whatever_order_its_objects_are_told(order: list[int]) -> None:
    authorisation, *tasks = held(2)
    status = entry("LPTaskStatus", "Rejected")
    objects: list[AnyObject] = [
        authorisation,
        *(task.model_copy(update={"status": status}) for task in tasks),
    ]
    [first], [other] = heard(objects), heard([objects[number] for number in order])
    assert first == other
    assert isinstance(first, ProviderWord)
    assert isinstance(first.body, Decide)


def test_the_same_words_at_another_time_are_the_same_in_content_only() -> None:
    authorisation, task = held(1)
    said = task.model_copy(update={"status": entry("LPTaskStatus", "Rejected")})
    [first], [later] = heard([authorisation, said]), heard([authorisation, said], generation=2)
    assert isinstance(first, ProviderWord)
    assert isinstance(later, ProviderWord)
    assert first.content == later.content
    assert first.id != later.id


@given(st.text(max_size=300))
def test_any_text_becomes_one_that_a_move_may_carry(text: str) -> None:
    assert Decide(decision="refused", reasons=passage(text)).reasons


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def spots(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(spot for step, inner in steps for spot in spots(inner, (*path, step)))]


MESSAGES = [asked_to_keep().to_dict(), asked_to_give().to_dict()]
PLACES = [(number, spot) for number, one in enumerate(MESSAGES) for spot in spots(one)]


@given(st.sampled_from(PLACES), JSON_VALUES)
def test_a_message_spoilt_anywhere_is_understood_or_refused_with_reasons(
    place: tuple[int, tuple[Any, ...]], value: Any
) -> None:
    number, path = place
    spoilt = copy.deepcopy(MESSAGES[number])
    if path:
        spot: Any = spoilt
        for step in path[:-1]:
            spot = spot[step]
        spot[path[-1]] = value
    else:
        spoilt = value
    faults = check(spoilt)
    assert all(fault.where and fault.what and fault.next_step for fault in faults)
    content = json.dumps(spoilt).encode()
    if faults:
        with pytest.raises(BadInput) as caught:
            read(content)
        assert caught.value.code == MALFORMED
    else:
        objects = [one.create.hi1_object for one in read(content).requests if one.create]
        assert all(isinstance(one.provider, str) for one in heard(objects))


def test_a_letter_and_its_message_carry_one_moment() -> None:
    request = PreservationRequest(requesting="DE", requested="US", accounts=("a",))
    envelope: Envelope = letter(Arrive(request=request, foreign_ref=KEEP_REF), KEEP_REF)
    message: Message = written(envelope.body, request, KEEP_REF)
    assert message.header.timestamp == envelope.sent == SENT
    held_first = message.requests[0].create
    assert held_first is not None
    assert isinstance(held_first.hi1_object, Authorisation)
