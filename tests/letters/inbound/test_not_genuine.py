"""Is what is not genuine refused with a signed reason, and may the right letter still come?"""

from __future__ import annotations

import json

import pytest

from desk.inbound import Answer, receive
from letters.canonical import canonical
from letters.seal import make_key, seal
from letters.verify import Refused
from tests.letters.correspondents import ANNEX, PAPER
from tests.letters.inbound.houses import REF, Houses, payload_of
from tests.letters.make_golden import headed


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
    said = json.loads(payload_of(answer.receipt))
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
    assert b"Erika" not in payload_of(answer.receipt)
    assert "Erika" not in json.dumps(houses.refusals())


async def test_another_house_reads_no_receipt_that_is_not_its_own(houses: Houses) -> None:
    first = houses.letter()
    answer = await houses.bring(first)
    other = first.model_copy(update={"id": f"de.{REF.lower()}.m9"})
    with pytest.raises(Refused) as caught:
        houses.receipt(other, answer)
    assert caught.value.code == "receipt-of-another"
