"""Is every letter that comes to the door answered once, registered, and never taken for another?

Real records of both houses; the office and its engine are a fake (FakeOffice).
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desk.house import introduce, new_house
from desk.inbound import Answer, receive
from letters.canonical import canonical
from letters.compact import parse
from letters.compose import envelope
from letters.parcel import pack
from letters.seal import make_key, seal
from letters.verify import Refused, verify_head, verify_receipt
from records.ledger import Entry
from records.references import HOUSE
from schemas.case import OutStatus
from schemas.errors import NotAllowed, Unavailable, WrongMove
from schemas.handoff import WireOffer
from schemas.ids import digest
from schemas.messages import Envelope, Receipt
from schemas.moves import AcceptHandoff, Acknowledge, Actor, Arrive, Ask, Move, MoveBody
from schemas.vocabulary import Kind, Side
from schemas.work import SealWork
from tests.letters.correspondents import ANNEX, PAPER, request
from tests.letters.fake_office import FakeOffice, work_of
from tests.letters.make_golden import headed

REF = "DE-mla-2026-00001"


class Houses:
    """DE writes, US takes in."""

    def __init__(self, folder: Path) -> None:
        for house in ("de", "us"):
            new_house(folder / house, house, house.upper(), house)
        introduce(folder / "de", folder / "us")
        self.us = FakeOffice(folder / "us")
        self.de = FakeOffice(folder / "de")

    def letter(self, body: MoveBody | None = None, number: int = 1, **changes: Any) -> Envelope:
        """An envelope from DE made now."""
        work = SealWork(
            ref=REF,
            message=f"de.{REF.lower()}.m{number}",
            recipient="us",
            recipient_ref=None,
            at=datetime.now(UTC),
            body=body or Arrive(request=request(attachments=(ANNEX,)), foreign_ref=REF),
            offer=WireOffer(handoff=f"{REF}.h1") if body is None else None,
        )
        return envelope(work, "de", "DE").model_copy(update=changes)

    def parcel(self, sent: Envelope) -> bytes:
        """It as DE posts it."""
        read = {ANNEX.digest: PAPER}.__getitem__
        return pack(seal(sent, self.de.key), sent, read).model_dump_json().encode()

    async def bring(self, sent: Envelope) -> Answer:
        return await receive(self.us, self.parcel(sent))

    def receipt(self, sent: Envelope, answer: Answer) -> Receipt:
        """The answer as DE reads it."""
        assert answer.receipt is not None
        at, text = datetime.now(UTC), seal(sent, self.de.key)
        return verify_receipt(
            answer.receipt, self.de.trust, envelope=text, message=sent.id, recipient="us", at=at
        )

    async def opened(self) -> tuple[Envelope, str]:
        """A request taken in, and its reference there."""
        first = self.letter()
        receipt = self.receipt(first, await self.bring(first))
        assert receipt.recipient_ref is not None
        return first, receipt.recipient_ref

    def refusals(self, ref: str = HOUSE) -> list[dict[str, Any]]:
        entries = self.us.records.ledger.entries(ref)
        return [detail_of(entry) for entry in entries if entry.event == "refused"]


def detail_of(entry: Entry) -> dict[str, Any]:
    assert entry.detail is not None
    found: dict[str, Any] = json.loads(entry.detail)
    return found


@pytest.fixture
def houses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Houses]:
    monkeypatch.setenv("ROGATORY_HOME", os.fspath(tmp_path))
    made = Houses(tmp_path)
    yield made
    made.us.records.close()
    made.de.records.close()


async def test_a_request_becomes_a_case_with_its_documents_and_a_receipt(houses: Houses) -> None:
    first = houses.letter()
    answer = await houses.bring(first)
    receipt = houses.receipt(first, answer)
    assert (answer.status, receipt.event, receipt.code) == (200, "delivered", "")
    ref = receipt.recipient_ref
    assert ref is not None
    vault, sealed = houses.us.records.vault, seal(first, houses.de.key).encode()
    assert vault.get(ref, digest(sealed)) == sealed
    assert vault.get(ref, ANNEX.digest) == PAPER
    assert answer.receipt is not None
    assert vault.has(ref, digest(answer.receipt.encode()))
    [(made, move)] = houses.us.moves
    assert made == ref
    assert (move.key, move.message, move.sealed) == (first.id, first.id, digest(sealed))
    assert (move.actor.house, move.actor.roles, move.offer) == ("de", (), first.offer)
    assert isinstance(move.body, Arrive)
    assert move.body.counterpart_house == "de"
    entry = houses.us.records.ledger.of_message(first.id)
    assert entry is not None
    assert entry.sealed == digest(sealed)


async def test_the_receipt_carries_our_signed_head_which_covers_the_move(houses: Houses) -> None:
    first = houses.letter()
    receipt = houses.receipt(first, await houses.bring(first))
    assert receipt.head is not None
    head = verify_head(receipt.head, houses.de.trust, "us", datetime.now(UTC))
    entry = houses.us.records.ledger.of_message(first.id)
    assert entry is not None
    assert head.count >= entry.seq


async def test_the_same_letter_gets_the_same_receipt_and_changes_nothing(houses: Houses) -> None:
    first = houses.letter()
    parcel = houses.parcel(first)
    answers = [await receive(houses.us, parcel) for _ in range(3)]
    assert len(set(answers)) == 1
    assert len(houses.us.moves) == 1
    assert len(list(houses.us.records.ledger.export())) == 2


async def test_the_same_letter_at_the_same_moment_makes_one_case_and_one_receipt(houses: Houses) -> None:
    parcel = houses.parcel(houses.letter())
    answers = await asyncio.gather(*(receive(houses.us, parcel) for _ in range(4)))
    assert len(set(answers)) == 1
    assert len({ref for ref, _ in houses.us.moves}) == 1


async def test_other_bytes_under_a_message_id_are_refused_and_the_first_stays(houses: Houses) -> None:
    first, ref = await houses.opened()
    other = first.model_copy(update={"sent": first.sent - timedelta(seconds=1)})
    answer = await houses.bring(other)
    assert houses.receipt(other, answer).code == "replayed-id"
    assert answer == await houses.bring(other)
    assert houses.receipt(first, await houses.bring(first)).recipient_ref == ref
    assert [refusal["code"] for refusal in houses.refusals()] == ["replayed-id"]
    assert len(houses.us.moves) == 1


async def test_a_replayed_id_is_known_also_when_the_attempt_is_forgotten(houses: Houses) -> None:
    first, ref = await houses.opened()
    houses.us.records.attempts.forget(datetime.now(UTC) + timedelta(days=1))
    other = first.model_copy(update={"sent": first.sent - timedelta(seconds=1)})
    assert houses.receipt(other, await houses.bring(other)).code == "replayed-id"
    assert houses.receipt(first, await houses.bring(first)).recipient_ref == ref


async def test_a_second_request_of_the_same_reference_makes_no_second_case(houses: Houses) -> None:
    await houses.opened()
    again = houses.letter(number=2)
    assert houses.receipt(again, await houses.bring(again)).code == "case-exists"
    assert len(houses.us.moves) == 1


@pytest.mark.parametrize("named", [True, False])
async def test_a_later_letter_finds_its_case_by_either_reference(houses: Houses, named: bool) -> None:
    _, ref = await houses.opened()
    ask = houses.letter(Ask(id="q1", text="When?"), 2, recipient_ref=ref if named else None)
    receipt = houses.receipt(ask, await houses.bring(ask))
    assert (receipt.event, receipt.recipient_ref) == ("delivered", ref)
    assert [made for made, _ in houses.us.moves] == [ref, ref]


async def test_what_a_letter_is_about_reaches_the_case(houses: Houses) -> None:
    _, ref = await houses.opened()
    about = digest(b"an offer")
    accept = houses.letter(AcceptHandoff(id=f"{ref}.h1"), 2, recipient_ref=ref, about=about)
    await houses.bring(accept)
    assert houses.us.moves[-1][1].about == about


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient_ref": "US-mla-2026-99999"},
        {"sender_ref": "DE-mla-2026-00099"},
        {"sender_ref": "DE-mla-2026-00099", "recipient_ref": None},
    ],
)
async def test_a_letter_about_no_case_of_ours_is_refused(houses: Houses, changes: dict[str, Any]) -> None:
    _, ref = await houses.opened()
    ask = houses.letter(Ask(id="q1", text="When?"), 2, **{"recipient_ref": ref, **changes})
    answer = await houses.bring(ask)
    assert houses.receipt(ask, answer).code == "unknown-case"
    assert answer == await houses.bring(ask)
    assert [refusal["code"] for refusal in houses.refusals()] == ["unknown-case"]


@pytest.mark.parametrize(("sent", "code"), [(False, "unknown-case"), (True, "")])
async def test_a_draft_of_ours_is_no_case_for_the_other_side(houses: Houses, sent: bool, code: str) -> None:
    ref = await houses.us.reserve(Kind.MLA, "draft")
    move = Move(
        key="draft",
        actor=Actor(id="officer", house="de"),
        body=Arrive(request=request(), foreign_ref="none yet"),
    )
    work = work_of("us", ref, Side.OUTGOING, move, 1)
    out = OutStatus(id="us.m1", event="arrive", sealed=ANNEX.digest, status="delivered", queued=work.at)
    state = work.state.model_copy(update={"outbox": [out] if sent else []})
    row = work.row.model_copy(update={"their_ref": None})
    houses.us.records.file(work.model_copy(update={"state": state, "row": row}))
    ask = houses.letter(Ask(id="q1", text="When?"), 2, recipient_ref=ref)
    assert houses.receipt(ask, await houses.bring(ask)).code == code


async def test_no_picture_enters_the_vault(houses: Houses) -> None:
    picture = b"\xff\xd8\xff" + PAPER
    item = ANNEX.model_copy(update={"digest": digest(picture), "size": len(picture)})
    first = houses.letter(Arrive(request=request(attachments=(item,)), foreign_ref=REF))
    parcel = pack(seal(first, houses.de.key), first, {item.digest: picture}.__getitem__)
    answer = await receive(houses.us, parcel.model_dump_json().encode())
    assert houses.receipt(first, answer).code == "picture"
    assert houses.us.moves == []
    assert not any(houses.us.records.settings.home.glob("vault/*/*"))


async def test_a_move_that_no_engine_carries_is_refused(houses: Houses) -> None:
    long = request(contents={f"part-{number}": "x" * 20_000 for number in range(30)})
    first = houses.letter(Arrive(request=long, foreign_ref=REF))
    assert houses.receipt(first, await houses.bring(first)).code == "over-limit"
    assert houses.us.moves == []


async def test_the_case_of_another_house_is_not_found(houses: Houses) -> None:
    _, ref = await houses.opened()
    folder = houses.us.settings.home.parent
    new_house(folder / "fr", "fr", "FR", "fr")
    introduce(folder / "fr", folder / "us")
    french = FakeOffice(folder / "fr")
    ask = houses.letter(Ask(id="q1", text="When?"), 2, recipient_ref=ref)
    stolen = ask.model_copy(update={"sender": "fr", "sender_state": "FR", "id": f"fr.{REF.lower()}.m2"})
    answer = await receive(
        houses.us,
        pack(seal(stolen, french.key), stolen, {ANNEX.digest: PAPER}.__getitem__).model_dump_json().encode(),
    )
    french.records.close()
    assert answer.receipt is not None
    assert json.loads(_payload(answer.receipt))["code"] == "unknown-case"


def _payload(jws: str) -> bytes:
    return parse(jws).payload


async def test_a_refusal_of_the_case_is_signed_registered_and_final(houses: Houses) -> None:
    _, ref = await houses.opened()
    houses.us.refuse = WrongMove("Not now.", allowed=["decide", "question"])
    ack = houses.letter(Acknowledge(), 2, recipient_ref=ref)
    answer = await houses.bring(ack)
    receipt = houses.receipt(ack, answer)
    assert (answer.status, receipt.event, receipt.code) == (409, "refused", "wrong-move")
    assert "decide, question" in receipt.reason
    assert [refusal["code"] for refusal in houses.refusals(ref)] == ["wrong-move"]
    houses.us.refuse = None
    assert await houses.bring(ack) == answer
    assert len(houses.refusals(ref)) == 1


async def test_a_request_that_is_refused_at_once_is_registered_under_the_reference_it_got(
    houses: Houses,
) -> None:
    houses.us.refuse = NotAllowed("No.", code="not-competent")
    first = houses.letter()
    receipt = houses.receipt(first, await houses.bring(first))
    assert receipt.code == "not-competent"
    assert receipt.recipient_ref is not None
    assert len(houses.refusals(receipt.recipient_ref)) == 1


async def test_while_a_part_of_ours_is_down_there_is_no_receipt_and_nothing_is_lost(houses: Houses) -> None:
    houses.us.refuse = Unavailable("The engine does not answer.")
    first = houses.letter()
    assert await houses.bring(first) == Answer(503, None)
    assert await houses.bring(first) == Answer(503, None)
    houses.us.refuse = None
    receipt = houses.receipt(first, await houses.bring(first))
    assert {ref for ref, _ in houses.us.moves} == {receipt.recipient_ref}
    assert houses.refusals() == []


async def test_killed_between_the_move_and_its_receipt_nothing_is_done_twice(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = houses.letter()
    whole = type(houses.us.records.heads).current
    monkeypatch.setattr(type(houses.us.records.heads), "current", _killed)
    with pytest.raises(Killed):
        await houses.bring(first)
    monkeypatch.setattr(type(houses.us.records.heads), "current", whole)
    receipt = houses.receipt(first, await houses.bring(first))
    assert {ref for ref, _ in houses.us.moves} == {receipt.recipient_ref}
    assert len(houses.us.records.ledger.entries(receipt.recipient_ref or "")) == 1


class Killed(BaseException):
    """The process ends here."""


def _killed(*_: object) -> str:
    raise Killed


async def test_a_letter_about_a_case_that_was_erased_is_refused(houses: Houses) -> None:
    _, ref = await houses.opened()
    houses.us.records.keys.destroy(ref)
    ask = houses.letter(Ask(id="q1", text="When?"), 2, recipient_ref=ref)
    answer = await houses.bring(ask)
    assert houses.receipt(ask, answer).code == "unknown-case"
    assert answer == await houses.bring(ask)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"envelope": 1}',
        b'{"envelope": "a.b.c", "more": 1}',
        b'{"envelope": "\\ud800"}',
        b'{"envelope": "a.b.c", "documents": {"x": 1}}',
        b'{"a":' * 100_000,
        b"\xff\xfe",
    ],
)
async def test_rubbish_is_refused_with_a_signed_reason_once(houses: Houses, content: bytes) -> None:
    answer = await receive(houses.us, content)
    assert answer.status == 400
    assert answer.receipt is not None
    said = json.loads(_payload(answer.receipt))
    assert (said["event"], said["code"], said["message"], said["head"]) == ("refused", "malformed", "?", None)
    assert await receive(houses.us, content) == answer
    [refusal] = houses.refusals()
    assert (refusal["code"], refusal["attributed"]) == ("malformed", False)


async def test_a_parcel_over_the_limit_is_not_even_read(houses: Houses) -> None:
    houses.us.settings.body_limit = 100
    assert await receive(houses.us, b" " * 101) == Answer(413, None)


async def test_a_letter_of_a_stranger_is_refused_and_may_come_again_when_we_know_them(
    houses: Houses,
) -> None:
    known = houses.us.trust
    houses.us.trust = type(known)([])
    first = houses.letter()
    answer = await houses.bring(first)
    assert houses.receipt(first, answer).code == "unknown-key"
    assert await houses.bring(first) == answer
    [refusal] = houses.refusals()
    assert refusal["attributed"] is False
    houses.us.trust = known
    assert houses.receipt(first, await houses.bring(first)).event == "delivered"


async def test_a_forged_letter_does_not_use_up_the_id_of_the_true_one(houses: Houses) -> None:
    first = houses.letter()
    forged = seal(first, make_key("de"))
    assert (await receive(houses.us, json.dumps({"envelope": forged}).encode())).status == 400
    assert houses.receipt(first, await houses.bring(first)).event == "delivered"


@pytest.mark.parametrize(
    ("documents", "code"),
    [
        ({}, "document-missing"),
        ({ANNEX.digest: "QUJD"}, "document-changed"),
        ({ANNEX.digest: "!"}, "malformed"),
    ],
)
async def test_a_letter_whose_documents_are_spoiled_may_come_again_whole(
    houses: Houses, documents: dict[str, str], code: str
) -> None:
    first = houses.letter()
    spoiled = json.dumps({"envelope": seal(first, houses.de.key), "documents": documents}).encode()
    answer = await receive(houses.us, spoiled)
    assert houses.receipt(first, answer).code == code
    assert await receive(houses.us, spoiled) == answer
    [refusal] = houses.refusals()
    assert (refusal["message"], refusal["attributed"]) == (first.id, True)
    assert houses.us.moves == []
    assert houses.receipt(first, await houses.bring(first)).event == "delivered"


async def test_a_document_over_the_limit_is_refused_and_says_the_limit(houses: Houses) -> None:
    houses.us.settings.attachment_limit = len(PAPER) - 1
    first = houses.letter()
    receipt = houses.receipt(first, await houses.bring(first))
    assert receipt.code == "over-limit"
    assert str(len(PAPER) - 1) in receipt.reason


async def test_no_word_of_the_request_enters_a_refusal(houses: Houses) -> None:
    first = houses.letter()
    payload = {**first.model_dump(mode="json"), "sender_ref": "Erika Musterfrau"}
    content = json.dumps({"envelope": headed(canonical(payload), houses.de.key)}).encode()
    answer = await receive(houses.us, content)
    assert answer.receipt is not None
    assert b"Erika" not in _payload(answer.receipt)
    assert "Erika" not in json.dumps(houses.refusals())


async def test_another_house_reads_no_receipt_that_is_not_its_own(houses: Houses) -> None:
    first = houses.letter()
    answer = await houses.bring(first)
    other = first.model_copy(update={"id": f"de.{REF.lower()}.m9"})
    with pytest.raises(Refused) as caught:
        houses.receipt(other, answer)
    assert caught.value.code == "receipt-of-another"
