"""Do we write what the other side needs, the same each time?"""

from __future__ import annotations

from letters.canonical import canonical
from letters.carriers.manual import BY_CHANNEL, MANUAL, manual_ways, what_to_do
from letters.compose import LONGEST_REASON, envelope, receipt
from letters.shape import problems
from letters.trust import BY_HAND
from schemas.ids import digest
from schemas.messages import Receipt
from schemas.moves import Acknowledge
from schemas.vocabulary import Channel
from schemas.work import SealWork
from tests.letters.correspondents import ANNEX, DE_REF, MADE, NOW, arrival, letter

WORK = SealWork(
    ref=DE_REF, message="de.de-mla-2026-00001.m1", recipient=None, recipient_ref=None, at=MADE, body=arrival()
)


def test_the_same_work_gives_the_same_envelope() -> None:
    assert canonical(envelope(WORK, "de", "DE")) == canonical(
        envelope(SealWork.model_validate_json(WORK.model_dump_json()), "de", "DE")
    )


def test_how_we_learned_of_a_move_stays_at_home() -> None:
    body = Acknowledge(by_post=True, happened_at=MADE, note="by telephone")
    sent = envelope(WORK.model_copy(update={"body": body}), "de", "DE").body
    assert sent == Acknowledge(by_post=False, happened_at=MADE, note="by telephone")


def test_a_letter_for_a_state_without_a_house_is_carried_by_a_person() -> None:
    made = envelope(WORK, "de", "DE")
    assert made.recipient == BY_HAND
    steps = what_to_do(letter(arrival(attachments=(ANNEX,))), MANUAL["bag"], addressee="Ministry of Justice")
    assert [step.split(".")[0] for step in steps] == ["1", "2", "3", "4", "5", "6"]
    assert ANNEX.digest in steps[1]
    assert "Ministry of Justice" in steps[2]
    assert made.id in steps[4]
    assert made.id in steps[5]


def test_a_reference_on_paper_is_whatever_stands_on_it() -> None:
    on_paper = WORK.model_copy(update={"recipient_ref": "999 Js 1/26 (2)"})
    assert problems("envelope", envelope(on_paper, "de", "DE").model_dump(mode="json")) == []


def test_every_way_by_hand_is_a_channel_of_the_law() -> None:
    assert set(BY_CHANNEL) == set(Channel)
    assert {way for ways in BY_CHANNEL.values() for way in ways} | {"siena"} == set(MANUAL)
    assert "competent authority" in what_to_do(letter(), manual_ways(None)[0], addressee="")[2]


def test_a_receipt_is_what_is_published_and_bounded() -> None:
    made = receipt(
        "us", NOW, of=digest(b"x"), message="m", event="refused", code="wrong-move", reason="r" * 5000
    )
    assert problems("receipt", made.model_dump(mode="json")) == []
    assert len(made.reason) == LONGEST_REASON
    assert Receipt.model_validate_json(canonical(made)) == made
