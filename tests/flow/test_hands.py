"""Do the hands answer as they should: law asked and kept, limits counted, letters sealed and brought?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.limits import Limits
from activities.posting import Posting
from letters.compose import receipt
from letters.parcel import unpack
from letters.seal import SigningKey, load_key, seal
from letters.trust import TrustedHouse, TrustList
from letters.verify import verify_envelope
from records.open import Records
from schemas.deadline import ClockStatus
from schemas.errors import Unavailable
from schemas.ids import digest
from schemas.messages import Parcel
from schemas.moves import Acknowledge, Arrive
from schemas.request import Attachment
from schemas.vocabulary import Kind, Measure, Side
from schemas.work import CountWork, PostWork, SealWork
from tests.flow.invented import HOME, REF, START, request
from treaties.load import shipped

# --- limits ---------------------------------------------------------------------------------------------


def counting(event: str, **changes: Any) -> CountWork:
    given: dict[str, Any] = {
        "ref": REF,
        "kind": Kind.MLA,
        "side": Side.INCOMING,
        "event": event,
        "at": START,
        "now": START,
        "home_state": "DE",
        "counterpart_state": "US",
        "measures": (Measure.SUBSCRIBER_DATA,),
    }
    return CountWork(**(given | changes))


@pytest.fixture(scope="module")
def limits() -> Limits:
    return Limits(shipped(), HOME)


def test_practice_counts_where_the_law_sets_nothing(limits: Limits) -> None:
    (entry,) = limits.counted(counting("arrive", instrument="de-us-mla")).deadlines
    # Saturday 21 November 2026: three working days end on Wednesday
    assert (entry.clock, entry.law, entry.due_day) == ("acknowledge", False, date(2026, 11, 25))
    assert (entry.id, entry.rule, entry.closes_on) == ("d1", "practice:acknowledge", ("acknowledge",))
    assert entry.time_zone == "Europe/Berlin"
    assert entry.calendar.startswith("DE holidays/")


def test_the_law_goes_before_practice_and_is_cited(limits: Limits) -> None:
    work = counting("arrive", instrument="eu-eio", counterpart_state="FR")
    found = {entry.clock: entry for entry in limits.counted(work).deadlines}
    assert set(found) == {"acknowledge", "decide"}
    first = found["acknowledge"]
    assert (first.law, first.instrument, first.article, first.rule) == (
        True, "eu-eio", "16(1)", "eu-eio:16-1.deadline",
    )  # fmt: skip
    # a week from Saturday ends on a Saturday, and for an act of the Union on the Monday after
    assert first.due_day == date(2026, 11, 30)
    assert found["decide"].closes_on == ("decide",)
    again = limits.counted(counting("acknowledge", instrument="eu-eio", counterpart_state="FR"))
    assert again.deadlines == [], "the decision clock of practice must not run beside that of the law"


def test_the_asking_side_counts_from_delivery_in_the_time_of_the_other(limits: Limits) -> None:
    work = counting("delivered", side=Side.OUTGOING, instrument="eu-eio", counterpart_state="FR")
    found = {entry.clock: entry for entry in limits.counted(work).deadlines}
    assert found["acknowledge"].time_zone == "Europe/Paris"
    assert found["acknowledge"].law


OWNERS = [
    (
        "eu-eio",
        Kind.MLA,
        "arrive",
        "FR",
        {},
        {"acknowledge": "central-authority", "decide": "executing-authority"},
    ),
    ("eu-eio", Kind.MLA, "decide", "FR", {}, {"execute": "executing-authority"}),
    ("eu-eaw", Kind.EXTRADITION, "arrest", "FR", {"measures": (Measure.SURRENDER,)}, {"decide": "court"}),
    (
        "eu-eevidence",
        Kind.PRODUCTION,
        "served",
        "IE",
        {"side": Side.OUTGOING, "measures": (Measure.TRAFFIC_DATA,), "says": ("direct", "notified")},
        {"waiting": "provider", "object": "provider"},
    ),
    (
        "eu-eevidence",
        Kind.PRODUCTION,
        "notified",
        "IE",
        {"side": Side.OUTGOING, "measures": (Measure.TRAFFIC_DATA,), "says": ("direct", "notified")},
        {"object": "enforcing-authority"},
    ),
    (
        "budapest",
        Kind.PRESERVATION,
        "preserved",
        "US",
        {"side": Side.OUTGOING, "measures": (Measure.PRESERVATION,)},
        {"preserve": "24-7-point"},
    ),
    (
        "eu-eevidence",
        Kind.PRESERVATION,
        "served",
        "IE",
        {"side": Side.OUTGOING, "measures": (Measure.PRESERVATION,), "says": ("direct",)},
        {"preserve": "provider"},
    ),
]


@pytest.mark.parametrize(("instrument", "kind", "event", "state", "more", "owners"), OWNERS)
def test_a_limit_of_the_law_belongs_to_whoever_has_to_act(
    limits: Limits, instrument: str, kind: Kind, event: str, state: str, more: Any, owners: dict[str, str]
) -> None:
    work = counting(event, kind=kind, instrument=instrument, counterpart_state=state, **more)
    found = {entry.clock: entry.owner for entry in limits.counted(work).deadlines if entry.law}
    assert {clock: found[clock] for clock in owners} == owners


def test_a_second_approval_is_due_at_home_within_hours(limits: Limits) -> None:
    (entry,) = limits.counted(counting("send-emergency", side=Side.OUTGOING)).deadlines
    assert (entry.clock, entry.due, entry.owner) == (
        "second-approval", START + timedelta(hours=24), "approver",
    )  # fmt: skip


def test_what_was_paused_runs_on_with_what_was_left(limits: Limits) -> None:
    (entry,) = limits.counted(counting("arrive")).deadlines
    paused = entry.model_copy(
        update={"status": ClockStatus.PAUSED, "closed": START, "left_seconds": 3600, "warned": ("1-day",)}
    )
    later = START + timedelta(days=30)
    (again,) = limits.counted(counting("", now=later, resume=[paused], first_id=7)).deadlines
    assert (again.id, again.status, again.due, again.started) == (
        "d7", ClockStatus.RUNNING, later + timedelta(hours=1), later,
    )  # fmt: skip
    assert (again.closed, again.left_seconds, again.warned) == (None, None, ())


def test_a_limit_that_the_other_side_set_is_kept_as_given(limits: Limits) -> None:
    given = START + timedelta(days=14)
    (entry,) = limits.counted(counting("question", given=given)).deadlines
    assert (entry.clock, entry.due, entry.closes_on) == ("supplement", given, ("answer",))


def test_an_offer_of_the_baton_ends_with_a_day_of_the_receiver(limits: Limits) -> None:
    done = limits.counted(counting("", offer_days=30))
    assert done.deadlines == []
    assert done.offer_due == datetime(2026, 12, 22, 5, 0, tzinfo=UTC), "midnight in Washington"


# --- letters --------------------------------------------------------------------------------------------


class FakeCarrier:
    """Hands the parcel to whoever is to answer."""

    def __init__(self, answer: Callable[[Parcel], str]) -> None:
        self.answer = answer
        self.brought: list[tuple[str, Parcel]] = []

    def send(self, recipient: TrustedHouse, parcel: Parcel) -> str:
        self.brought.append((recipient.id, parcel))
        return self.answer(parcel)

    def collect(self) -> list[Parcel]:
        return []


def posting(records: Records, homes: tuple[Path, Path], trust: TrustList, carrier: FakeCarrier) -> Posting:
    return Posting(records.vault, load_key(homes[0] / "keys" / "signing.json"), trust, carrier, "de", "DE")


def their_answer(homes: tuple[Path, Path], **changes: Any) -> Callable[[Parcel], str]:
    """A receipt of the American house, as asked for or otherwise."""
    key: SigningKey = changes.pop("key", None) or load_key(homes[1] / "keys" / "signing.json")
    told: dict[str, Any] = {
        "of": None,
        "message": "de.m1.aaaaaaaa",
        "event": "delivered",
        "recipient_ref": "US-1",
    }
    told |= changes

    def answer(parcel: Parcel) -> str:
        fields = {**told, "of": told["of"] or digest(parcel.envelope.encode())}
        return seal(receipt("us", datetime.now(UTC), **fields), key)

    return answer


def letter(records: Records, documents: tuple[Attachment, ...] = ()) -> SealWork:
    body = Arrive(request=request(attachments=documents), foreign_ref=REF, counterpart_house="de")
    return SealWork(
        ref=REF,
        message="de.m1.aaaaaaaa",
        recipient="us",
        recipient_ref=None,
        at=datetime.now(UTC),
        body=body,
    )


def test_a_letter_is_sealed_kept_and_brought_with_its_documents(
    records: Records, homes: tuple[Path, Path], trust: TrustList
) -> None:
    annex = b"an annex (invented)"
    document = Attachment(
        name="annex.pdf", media_type="application/pdf", size=len(annex), digest=records.vault.put(REF, annex)
    )
    carrier = FakeCarrier(their_answer(homes))
    hands = posting(records, homes, trust, carrier)
    work = letter(records, (document,))
    sealed = hands.seal(work)
    assert hands.seal(work) == sealed, "the same work, another letter"
    done = hands.post(PostWork(ref=REF, message=work.message, recipient="us", sealed=sealed.sealed))
    assert (done.delivered, done.recipient_ref) == (True, "US-1")
    assert done.receipt is not None
    assert records.vault.has(REF, done.receipt)
    ((recipient, parcel),) = carrier.brought
    assert recipient == "us"
    there = TrustList.load(homes[1] / "keys" / "trust.json")
    envelope, _ = verify_envelope(parcel.envelope, there, "us", "US", datetime.now(UTC))
    assert envelope.body == work.body
    assert unpack(parcel, envelope, 1000) == {document.digest: annex}


def test_a_refusal_is_final_and_its_receipt_kept(
    records: Records, homes: tuple[Path, Path], trust: TrustList
) -> None:
    carrier = FakeCarrier(their_answer(homes, event="refused", code="case-exists", reason="known"))
    hands = posting(records, homes, trust, carrier)
    sealed = hands.seal(letter(records)).sealed
    done = hands.post(PostWork(ref=REF, message="de.m1.aaaaaaaa", recipient="us", sealed=sealed))
    assert (done.delivered, done.code, done.reason) == (False, "case-exists", "known")
    assert done.receipt is not None


@pytest.mark.parametrize("fault", ["down", "of-another", "stranger", "not in the trust list"])
def test_what_proves_nothing_is_tried_again(
    fault: str, records: Records, homes: tuple[Path, Path], trust: TrustList
) -> None:
    def down(parcel: Parcel) -> str:
        raise Unavailable("The road is closed.")

    answers = {
        "down": down,
        "of-another": their_answer(homes, of=digest(b"another message")),
        "stranger": their_answer(homes, key=load_key(homes[0] / "keys" / "signing.json")),
        "not in the trust list": down,
    }
    hands = posting(records, homes, trust, FakeCarrier(answers[fault]))
    sealed = hands.seal(letter(records)).sealed
    recipient = "fr" if fault == "not in the trust list" else "us"
    with pytest.raises(ApplicationError) as caught:
        hands.post(PostWork(ref=REF, message="de.m1.aaaaaaaa", recipient=recipient, sealed=sealed))
    assert not caught.value.non_retryable
    assert caught.value.category is ApplicationErrorCategory.BENIGN


def test_a_letter_for_a_state_without_a_house_is_sealed_for_our_records(
    records: Records, homes: tuple[Path, Path], trust: TrustList
) -> None:
    hands = posting(records, homes, trust, FakeCarrier(their_answer(homes)))
    work = letter(records).model_copy(
        update={"recipient": None, "body": Acknowledge(), "message": "de.m2.aaaaaaaa"}
    )
    assert records.vault.has(REF, hands.seal(work).sealed)
