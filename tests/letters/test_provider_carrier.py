"""Does the carrier bring messages to a provider over a real net, each once, and its words back?"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from letters.carriers import Carrier
from letters.carriers.provider import BETWEEN
from letters.providers import Provider
from letters.ts103120.check import MALFORMED
from letters.ts103120.message import Message
from letters.ts103120.reading import Heard, ProviderWord
from schemas.errors import Throttled, Unavailable
from schemas.moves import (
    Acknowledge,
    Answer,
    Arrive,
    Ask,
    Decide,
    Evidence,
    Objection,
    Preserved,
    ReleaseData,
    Renew,
    Review,
    Withdraw,
)
from tests.letters.provider_cases import (
    GIVE_REF,
    KEEP_REF,
    asked_to_give,
    asked_to_keep,
    give,
    keep,
    provider,
    written,
)
from tests.letters.provider_lines import carrier_to, line

# --- each behaviour of the emulator, over real HTTP ---------------------------------------------------


def test_data_are_kept_with_start_and_end(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        typed: Carrier[Provider, Message, Heard] = way.carrier
        assert typed.collect() == []
        way.send(asked_to_keep())
        [word] = way.collect()
        assert isinstance(word, ProviderWord)
        assert (word.ref, word.provider_ref) == (KEEP_REF, "EMULATOR-00001")
        body = word.body
        assert isinstance(body, Preserved)
        assert body.end is not None
        assert timedelta(days=89) < body.end - body.start <= timedelta(days=90)
        assert body.partial is None
        assert way.collect() == []


def test_a_late_answer_is_acknowledged_first(tmp_path: Path) -> None:
    with line(tmp_path, "delay=1") as way:
        way.send(asked_to_keep())
        assert [type(body) for body in way.bodies()] == [Acknowledge]
        assert way.collect() == []
        way.emulator.store._connection.execute("UPDATE words SET due = 0")
        assert [type(body) for body in way.bodies()] == [Preserved]


def test_evidence_is_told_by_digest_and_only_the_last_delivery_is_complete(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        way.send(asked_to_give())
        bodies = way.bodies()
        assert [type(body) for body in bodies] == [Evidence, Evidence]
        assert [body.complete for body in bodies] == [False, True]
        items = [item for body in bodies for item in body.items]
        assert len({item.id for item in items}) == len({item.sha256 for item in items}) == 4
        assert all("no real data" in item.custodian for item in items)


@pytest.mark.parametrize("request_of", [asked_to_keep, asked_to_give])
def test_a_refusal_brings_its_code(tmp_path: Path, request_of: Callable[[], Message]) -> None:
    with line(tmp_path, "refuse=77") as way:
        way.send(request_of())
        [body] = way.bodies()
        assert isinstance(body, Decide)
        assert (body.decision, body.grounds) == ("refused", ("provider-77",))
        assert "task 1: Rejected (code 77)" in (body.reasons or "")


def test_part_of_it_refused_is_told_as_a_part(tmp_path: Path) -> None:
    with line(tmp_path, "refuse=5@a-one") as way:
        way.send(asked_to_keep())
        [body] = way.bodies()
        assert isinstance(body, Preserved)
        assert "task 1: Rejected (code 5)" in (body.partial or "")
        assert "a-one" not in (body.partial or "")


def test_silence_says_nothing(tmp_path: Path) -> None:
    with line(tmp_path, "silent") as way:
        way.send(asked_to_keep())
        assert way.collect() == []


@pytest.mark.parametrize(("request_of", "words"), [(asked_to_keep, 1), (asked_to_give, 2)])
def test_what_is_said_twice_is_one_word(
    tmp_path: Path, request_of: Callable[[], Message], words: int
) -> None:
    with line(tmp_path, "duplicate") as way:
        way.send(request_of())
        ids = [word.id for word in [*way.collect(), *way.collect()]]
        assert len(set(ids)) == words


def test_what_is_delivered_twice_is_complete_all_the_same(tmp_path: Path) -> None:
    with line(tmp_path, "duplicate") as way:
        way.send(asked_to_give())
        words = [word for word in way.collect() if isinstance(word, ProviderWord)]
        # the receiver takes the first of those with the same id
        told = {word.id: word.body for word in reversed(words) if isinstance(word.body, Evidence)}
        assert sorted(body.complete for body in told.values()) == [False, True]


@pytest.mark.parametrize("request_of", [asked_to_keep, asked_to_give])
def test_a_second_word_that_differs_is_another_word(
    tmp_path: Path, request_of: Callable[[], Message]
) -> None:
    with line(tmp_path, "contradict") as way:
        way.send(request_of())
        first, second = way.bodies(), way.bodies()
        assert first
        assert second
        if isinstance(first[0], Preserved):
            assert isinstance(second[0], Preserved)
            assert first[0].end is not None
            assert second[0].end is not None
            assert first[0].end > second[0].end
        else:
            assert isinstance(second[0], Decide)
            assert second[0].decision == "refused"


def test_a_question_is_answered_and_it_goes_on(tmp_path: Path) -> None:
    with line(tmp_path, "question*1") as way:
        way.send(asked_to_keep(accounts=("a-one",)))
        found = way.bodies()
        [ask] = [body for body in found if isinstance(body, Ask)]
        assert "no real data" in ask.text
        request = keep(accounts=("a-one",))
        way.send(written(Answer(question=ask.id, text="the first"), request, KEEP_REF, 2))
        assert [type(body) for body in way.bodies()] == [Preserved]


@pytest.mark.parametrize("ground", ["impossible", "privilege", "third-country-law", "other"])
def test_an_objection_names_its_ground_and_a_review_ends_it(tmp_path: Path, ground: str) -> None:
    request = give(measures=("traffic-data",))
    with line(tmp_path, f"object={ground}*1") as way:
        way.send(asked_to_give(measures=("traffic-data",)))
        [objection] = [body for body in way.bodies() if isinstance(body, Objection)]
        assert objection.ground == ground
        way.send(written(Review(result="upheld", by="court"), request, GIVE_REF, 2))
        assert [type(body) for body in way.bodies() if not isinstance(body, Acknowledge)] == [Evidence]


def test_a_renewal_to_a_day_gets_that_day_and_without_one_as_long_again(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        way.send(asked_to_keep())
        way.collect()
        until = datetime(2027, 11, 21, 12, 0, tzinfo=UTC)
        way.send(written(Renew(until=until, reason="the request follows"), keep(), KEEP_REF, 2))
        [body] = way.bodies()
        assert isinstance(body, Preserved)
        assert body.end == until
        way.send(written(Renew(reason="the request follows"), keep(), KEEP_REF, 3))
        [body] = way.bodies()
        assert isinstance(body, Preserved)
        assert body.end != until


def test_what_is_withdrawn_is_released(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        way.send(asked_to_keep())
        way.collect()
        way.send(written(Withdraw(reason="no longer needed"), keep(), KEEP_REF, 2))
        assert [type(body) for body in way.bodies()] == [ReleaseData]


# --- sent once ----------------------------------------------------------------------------------------


def test_an_answer_that_was_lost_is_got_by_sending_again_and_nothing_is_made_twice(tmp_path: Path) -> None:
    with line(tmp_path, "lose*1") as way:
        message = asked_to_keep()
        with pytest.raises(Unavailable):
            way.carrier.send(way.provider, message)
        objects = way.emulator.state()["objects"]
        way.send(message)
        state = way.emulator.state()
        assert (state["taken"], state["repeated"], state["objects"]) == (1, 1, objects)


def test_objects_that_are_there_already_are_a_success(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        message = asked_to_keep()
        way.send(message)
        way.emulator.store._connection.execute("DELETE FROM answers")
        way.send(message)


def test_other_objects_under_our_identifiers_are_none(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        way.send(asked_to_keep())
        way.emulator.store._connection.execute("DELETE FROM answers")
        other = asked_to_keep(accounts=("c", "d"))
        receipt = way.carrier.send(way.provider, other)
        assert not way.carrier.outcome(way.provider, other, receipt).delivered


def test_an_answer_from_another_than_was_asked_is_none(tmp_path: Path) -> None:
    request = keep()
    body = Arrive(request=request, foreign_ref=KEEP_REF)
    message = written(body, request, KEEP_REF, identifier="ANOTHER-EMULATOR")
    with line(tmp_path, identifier="ANOTHER-EMULATOR") as way, pytest.raises(Unavailable) as caught:
        way.carrier.send(way.provider, message)
    assert caught.value.code == "wrong-transaction"


def test_a_message_refused_as_a_whole_is_refused_for_good(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        first, second = asked_to_keep(), asked_to_keep(accounts=("c", "d"))
        way.send(first)
        found = way.carrier.outcome(way.provider, second, way.carrier.send(way.provider, second))
        assert (found.delivered, found.code, found.undone) == (False, "provider-15", None)


def test_an_update_of_what_is_not_there_is_refused_with_its_code(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        message = written(Withdraw(reason="no longer needed"), keep(), KEEP_REF, 2)
        found = way.carrier.outcome(way.provider, message, way.carrier.send(way.provider, message))
        assert (found.delivered, found.code) == (False, "provider-12")
        assert "action 1" in found.reason


# --- a bad line ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behave", "code"),
    [
        ("wrong-transaction", "wrong-transaction"),
        ("malformed", MALFORMED),
        ("malformed=html", "unavailable"),
        ("lose", "unavailable"),
        ("throttle=7", "throttled"),
    ],
)
def test_no_answer_to_our_transaction_is_no_answer(tmp_path: Path, behave: str, code: str) -> None:
    with line(tmp_path, behave) as way:
        with pytest.raises(Unavailable) as caught:
            way.carrier.send(way.provider, asked_to_keep())
        assert (caught.value.code, caught.value.retry) == (code, True)
        assert way.carrier.collect() == []
        way.emulator.behave([])
        way.send(asked_to_keep())


def test_a_provider_that_asks_us_to_wait_is_not_asked_meanwhile(tmp_path: Path) -> None:
    with line(tmp_path, "throttle=7*1") as way:
        with pytest.raises(Throttled) as caught:
            way.carrier.send(way.provider, asked_to_keep())
        assert caught.value.after == 7
        way.send(asked_to_keep())
        assert way.carrier.collect() == []
        way.carrier._not_before.clear()
        assert len(way.carrier.collect()) == 1


def test_a_real_provider_is_not_asked_all_the_time(tmp_path: Path) -> None:
    with line(tmp_path, invented=False) as way:
        assert way.carrier.collect() == []
        way.send(asked_to_keep())
        assert way.carrier.collect() == []
        way.carrier._not_before[way.provider.key] -= BETWEEN
        assert len(way.carrier.collect()) == 1


def test_a_token_is_shown_and_its_file_is_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("sesame\n", "ascii")
    os.chmod(file, 0o600)
    with line(tmp_path, expects="sesame", token_file=file) as way:
        way.send(asked_to_keep())
        os.chmod(file, 0o644)
        with pytest.raises(Unavailable, match="read by others"):
            way.carrier.send(way.provider, asked_to_keep())
    with line(tmp_path, expects="other", token_file=None) as way:
        with pytest.raises(Unavailable) as caught:
            way.carrier.send(way.provider, asked_to_keep())
        assert caught.value.code == "not-authorised"


def test_a_provider_that_is_not_there_may_be_tried_again_and_stops_no_other(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        way.send(asked_to_keep())
        away = provider("http://127.0.0.1:1", key="away")
        with carrier_to(away, way.provider) as both:
            with pytest.raises(Unavailable) as caught:
                both.send(away, asked_to_keep())
            assert caught.value.retry
            assert [word.provider for word in both.collect()] == ["invented-mail"]


# --- what was collected -------------------------------------------------------------------------------


def test_a_word_not_settled_is_brought_again_also_after_a_new_start(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        way.send(asked_to_give())
        first = way.carrier.collect()
        assert [word.id for word in way.carrier.collect()] == [word.id for word in first]
        with carrier_to(way.provider) as fresh:
            assert [word.id for word in fresh.collect()] == [word.id for word in first]


def test_a_settled_delivery_is_acknowledged_at_the_provider_once(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        way.send(asked_to_give(measures=("traffic-data",)))
        first = way.collect()
        again = way.collect()
        assert {word.id for word in again} <= {word.id for word in first}
        assert way.collect() == []
        [kept] = [one for one in way.emulator.store.all() if one.kind == "Delivery"]
        assert kept.value["delivery:DeliveryStatus"]["common:Value"] == "Acknowledged"
