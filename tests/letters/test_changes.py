"""Is any change to a signed text noticed, wherever it is made, and any text at all answered?"""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.seal import seal
from letters.verify import Refused, verify_envelope, verify_receipt
from schemas.ids import digest
from schemas.messages import Head, Receipt
from tests.letters.correspondents import DE_KEY, DE_REF, NOW, TRUST, US_KEY, letter

JWS = seal(letter(), DE_KEY)
HEAD = seal(Head(house="us", count=7, root=digest(b"root"), at=NOW), US_KEY)
RECEIPT = seal(
    Receipt(
        message=letter().id,
        of=digest(JWS.encode()),
        house="us",
        event="delivered",
        recipient_ref="US-mla-2026-00007",
        at=NOW,
        head=HEAD,
    ),
    US_KEY,
)
SIGNS = string.ascii_letters + string.digits + "-_.=+/ \n\u00e9\u2028"


def believed(text: str) -> bool:
    try:
        verify_envelope(text, TRUST, "us", "US", NOW)
    except Refused:
        return False
    return True


def receipt_believed(text: str) -> bool:
    try:
        verify_receipt(text, TRUST, envelope=JWS, message=letter().id, recipient="us", at=NOW)
    except Refused:
        return False
    return True


def test_unchanged_they_are_believed() -> None:
    assert believed(JWS)
    assert receipt_believed(RECEIPT)


def test_each_character_counts() -> None:
    for place, sign in enumerate(JWS):
        other = "A" if sign != "A" else "B"
        assert not believed(JWS[:place] + other + JWS[place + 1 :]), place


def test_the_last_character_has_one_spelling() -> None:
    for place in (len(JWS) - 1, JWS.rindex(".") - 1, JWS.index(".") - 1):
        for sign in SIGNS:
            if sign != JWS[place]:
                assert not believed(JWS[:place] + sign + JWS[place + 1 :]), (place, sign)


@given(st.integers(0, len(JWS) - 1), st.sampled_from(SIGNS))
def test_a_changed_character_is_noticed(place: int, sign: str) -> None:
    text = JWS[:place] + sign + JWS[place + 1 :]
    assert believed(text) == (text == JWS)


@given(st.integers(0, len(JWS)), st.sampled_from(SIGNS))
def test_an_added_character_is_noticed(place: int, sign: str) -> None:
    assert not believed(JWS[:place] + sign + JWS[place:])


@given(st.integers(0, len(JWS) - 1), st.integers(1, 40))
def test_a_missing_piece_is_noticed(place: int, length: int) -> None:
    assert not believed(JWS[:place] + JWS[place + length :])


@given(st.integers(0, len(RECEIPT) - 1), st.sampled_from(SIGNS))
def test_a_changed_receipt_is_noticed(place: int, sign: str) -> None:
    text = RECEIPT[:place] + sign + RECEIPT[place + 1 :]
    assert receipt_believed(text) == (text == RECEIPT)


@given(st.text() | st.text(alphabet=SIGNS) | st.lists(st.text(alphabet=SIGNS), max_size=4).map(".".join))
def test_any_text_gets_an_answer(text: str) -> None:
    assert not believed(text)


@pytest.mark.parametrize(
    "changed", [{"envelope": JWS + " "}, {"message": "de.de-mla-2026-00001.m9"}, {"recipient": "de"}]
)
def test_a_receipt_answers_one_message_only(changed: dict[str, str]) -> None:
    wanted = {"envelope": JWS, "message": letter().id, "recipient": "us", **changed}
    with pytest.raises(Refused) as caught:
        verify_receipt(RECEIPT, TRUST, at=NOW, **wanted)
    assert caught.value.code == "receipt-of-another"


def test_a_head_of_another_house_spoils_the_receipt() -> None:
    foreign = seal(Head(house="de", count=7, root=digest(b"root"), at=NOW), DE_KEY)
    receipt = Receipt(
        message=letter().id, of=digest(JWS.encode()), house="us", event="delivered", at=NOW, head=foreign
    )
    assert receipt_believed(seal(receipt.model_copy(update={"head": None}), US_KEY))
    assert not receipt_believed(seal(receipt, US_KEY))
    assert DE_REF not in seal(receipt, US_KEY)
