"""Does the activity that posts bring a sealed letter to a provider once, and keep its answer as receipt?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.posting import Posting
from desk.emulator.provider import Emulator
from desk.emulator.server import serving
from desk.emulator.store import Store
from desk.house import TRUST_LIST, new_house
from letters.carriers.http import HttpCarrier
from letters.carriers.provider import ProviderCarrier
from letters.compact import parse, plain_json
from letters.providers import ProviderBook
from letters.seal import SIGNING_KEY, load_key
from letters.trust import TrustList
from letters.ts103120.check import read
from records.open import Records, open_records
from schemas.messages import Envelope
from schemas.moves import Acknowledge, Arrive, MoveBody, Renew
from schemas.request import Request
from schemas.work import PostDone, PostWork, SealWork
from tests.letters.provider_cases import KEEP_REF, SENT, keep, provider


class Desk:
    """A house with its vault, the activity, and the emulator."""

    def __init__(self, home: Path, emulator: Emulator, url: str) -> None:
        settings = new_house(home, "de", "DE", "Germany")
        self.records: Records = open_records(settings)
        self.records.references.reserve(KEEP_REF)
        self.records.keys.create(KEEP_REF)
        self.emulator = emulator
        self.request: Request = keep()
        self.carrier, self.houses = ProviderCarrier(ProviderBook([provider(url)]), "de"), HttpCarrier()
        self.posting = Posting(
            self.records.vault,
            load_key(settings.keys / SIGNING_KEY),
            TrustList.load(settings.keys / TRUST_LIST),
            self.houses,
            "de",
            "DE",
            providers=self.carrier,
            request_of=lambda ref: self.request,
        )

    def sealed(self, body: MoveBody, number: int = 1) -> PostWork:
        message = f"de.{KEEP_REF}.m{number}".lower()
        done = self.posting.seal(
            SealWork(
                ref=KEEP_REF,
                message=message,
                recipient="invented-mail",
                recipient_ref="a reference of theirs, #7",
                at=SENT,
                body=body,
                provider=True,
            )
        )
        return PostWork(
            ref=KEEP_REF, message=message, recipient="invented-mail", sealed=done.sealed, provider=True
        )

    def post(self, work: PostWork) -> PostDone:
        return ActivityEnvironment().run(self.posting.post, work)

    def close(self) -> None:
        self.carrier.close()
        self.houses.close()
        self.records.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = Store(tmp_path / "emulator.sqlite")
    emulator = Emulator(store)
    with serving(emulator) as url:
        made = Desk(tmp_path / "de", emulator, url)
        yield made
        made.close()
    store.close()


def arrival() -> Arrive:
    return Arrive(request=keep(), foreign_ref=KEEP_REF)


def test_a_letter_is_brought_and_the_answer_is_its_receipt(desk: Desk) -> None:
    work = desk.sealed(arrival())
    jws = desk.records.vault.get(KEEP_REF, work.sealed).decode()
    envelope = Envelope.model_validate(plain_json(parse(jws).payload))
    assert (envelope.recipient, envelope.recipient_ref) == ("invented-mail", None)
    done = desk.post(work)
    assert (done.delivered, done.recipient_ref) == (True, "EMULATOR-00001")
    assert done.receipt is not None
    assert read(desk.records.vault.get(KEEP_REF, done.receipt)).responses
    assert desk.post(work) == done
    assert desk.emulator.state()["taken"] == 1


def test_a_renewal_is_brought_to_the_tasks_of_the_request(desk: Desk) -> None:
    desk.post(desk.sealed(arrival()))
    assert desk.post(desk.sealed(Renew(until=SENT, reason="the request follows"), 2)).delivered


def test_what_a_provider_refuses_is_refused_for_good_with_its_code(desk: Desk) -> None:
    done = desk.post(desk.sealed(Renew(until=SENT, reason="nothing was asked before"), 2))
    assert (done.delivered, done.code) == (False, "provider-12")
    assert "EMULATOR" in done.reason


def test_a_provider_that_asks_us_to_wait_is_tried_again_then(desk: Desk) -> None:
    desk.emulator.behave(["throttle=90"])
    with pytest.raises(ApplicationError) as caught:
        desk.post(desk.sealed(arrival()))
    assert not caught.value.non_retryable
    assert caught.value.next_retry_delay is not None
    assert caught.value.next_retry_delay.total_seconds() == 90


def test_what_has_no_form_for_a_provider_is_not_tried_again(desk: Desk) -> None:
    with pytest.raises(ApplicationError) as caught:
        desk.post(desk.sealed(Acknowledge(), 2))
    assert (caught.value.type, caught.value.non_retryable) == ("no-provider-form", True)


def test_a_provider_that_is_not_in_the_book_makes_the_letter_wait(desk: Desk) -> None:
    desk.carrier.book = ProviderBook()
    with pytest.raises(ApplicationError) as caught:
        desk.post(desk.sealed(arrival()))
    assert (caught.value.type, caught.value.non_retryable) == ("unknown-provider", False)
