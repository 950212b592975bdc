"""Which case does a letter make or reach, and is the same letter answered the same?"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from desk.house import introduce, new_house
from desk.inbound import receive
from letters.parcel import pack
from letters.seal import seal
from letters.verify import verify_head
from schemas.case import OutStatus
from schemas.ids import digest
from schemas.moves import AcceptHandoff, Actor, Arrive, Ask, Move
from schemas.vocabulary import Kind, Side
from tests.letters.correspondents import ANNEX, PAPER, request
from tests.letters.fake_office import FakeOffice, work_of
from tests.letters.inbound.houses import REF, Houses, payload_of


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
    assert json.loads(payload_of(answer.receipt))["code"] == "unknown-case"
