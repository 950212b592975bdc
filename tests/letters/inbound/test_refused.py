"""What becomes of a letter that the case refuses, or that finds us down, killed or erased?"""

from __future__ import annotations

import pytest

from desk.inbound import Answer
from schemas.errors import NotAllowed, Unavailable, WrongMove
from schemas.moves import Acknowledge, Ask
from tests.letters.inbound.houses import Houses
from tests.records.papers import key_destroyed


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
    key_destroyed(houses.us.records, ref)
    ask = houses.letter(Ask(id="q1", text="When?"), 2, recipient_ref=ref)
    answer = await houses.bring(ask)
    assert houses.receipt(ask, answer).code == "unknown-case"
    assert answer == await houses.bring(ask)
