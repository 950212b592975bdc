"""Is a chain of custody proved by the signed messages alone, and any break in it found?"""

from __future__ import annotations

import pytest

from letters.custody import SignedTriple, same_chain, verify_chain
from letters.seal import seal
from letters.trust import TrustList
from schemas.handoff import WireOffer
from schemas.ids import digest
from schemas.messages import Envelope
from schemas.moves import AcceptHandoff, ConfirmHandoff, Evidence
from schemas.reasoning import Reason
from schemas.request import EvidenceItem
from schemas.vocabulary import Verdict
from tests.letters.correspondents import (
    ANNEX,
    DAY,
    DE,
    DE_KEY,
    DE_LOST,
    DE_REF,
    HANDOFF,
    MADE,
    STRANGER,
    TRUST,
    US_KEY,
    US_REF,
    answer,
    letter,
    triple,
)

BACK = f"{US_REF}.h1"


def way_back() -> tuple[str, str, str]:
    """The baton returns to DE with the evidence."""
    item = EvidenceItem(id="e1", description="log", kind="log", sha256=ANNEX.digest, custodian="lab")
    offer = seal(
        answer(
            Evidence(complete=True, items=(item,)),
            "",
            about=None,
            id="us.us-mla-2026-00007.m5",
            offer=WireOffer(handoff=BACK),
            sent=MADE + 3 * DAY,
        ),
        US_KEY,
    )
    accepted = seal(accept(offer, BACK), DE_KEY)
    confirmed = answer(ConfirmHandoff(id=BACK), accepted, id="us.us-mla-2026-00007.m6", sent=MADE + 5 * DAY)
    return offer, accepted, seal(confirmed, US_KEY)


def second_offer() -> tuple[str, str, str]:
    """DE offers again, after an offer that came to nothing, and it passes."""
    named = f"{DE_REF}.h2"
    offer = seal(
        letter(id="de.de-mla-2026-00001.m3", offer=WireOffer(handoff=named), sent=MADE + 3 * DAY), DE_KEY
    )
    acceptance = seal(answer(AcceptHandoff(id=named), offer, sent=MADE + 4 * DAY), US_KEY)
    confirmation = letter(ConfirmHandoff(id=named), about=digest(acceptance.encode()), sent=MADE + 5 * DAY)
    return offer, acceptance, seal(confirmation, DE_KEY)


def accept(offer: str, handoff: str) -> Envelope:
    return letter(
        AcceptHandoff(id=handoff),
        id="de.de-mla-2026-00001.m9",
        recipient_ref=US_REF,
        about=digest(offer.encode()),
        sent=MADE + 4 * DAY,
    )


def fails(chain: list[SignedTriple], trust: TrustList = TRUST) -> set[str]:
    """Claims of the leaves that say no."""
    reason = verify_chain(chain, trust)
    assert reason.verdict is Verdict.NO
    return noes(reason)


def noes(reason: Reason) -> set[str]:
    if not reason.children:
        return {reason.claim} if reason.verdict is Verdict.NO else set()
    return set().union(*(noes(child) for child in reason.children))


def test_there_and_back_is_proved() -> None:
    reason = verify_chain([triple(), way_back()], TRUST)
    assert reason.verdict is Verdict.YES
    assert [child.slots.get("handoff") for child in reason.children[:2]] == [HANDOFF, BACK]


def test_nothing_passed_is_not_proved() -> None:
    assert verify_chain([], TRUST).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("made", [1, 2])
def test_until_the_confirmation_nothing_is_proved_and_nothing_contradicts(made: int) -> None:
    offer, acceptance, _ = triple()
    waiting = (offer, acceptance if made == 2 else None, None)
    assert verify_chain([waiting], TRUST).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("made", [1, 2])
def test_an_offer_that_came_to_nothing_passes_nothing(made: int) -> None:
    offer, acceptance, _ = triple()
    dropped = (offer, acceptance if made == 2 else None, None)
    again = second_offer()
    assert verify_chain([dropped, again], TRUST).verdict is Verdict.YES
    assert fails([dropped, way_back()]) == {"custody.continuous"}
    assert fails([triple(), again]) == {"custody.continuous"}


def test_a_confirmation_cannot_be_left_out() -> None:
    offer, acceptance, confirmation = triple()
    assert fails([(offer, acceptance, None), way_back()]) == {"custody.continuous"}
    assert "custody.confirms" in fails([(offer, None, confirmation)])
    assert "custody.accepts" in fails([(None, acceptance, confirmation)])


def test_each_message_must_be_genuine() -> None:
    offer, acceptance, confirmation = triple()
    for place, text in enumerate((offer, acceptance, confirmation)):
        spoiled: list[str | None] = [offer, acceptance, confirmation]
        spoiled[place] = text[:-20] + ("A" if text[-20] != "A" else "B") + text[-19:]
        assert "letter.signature" in fails([(spoiled[0], spoiled[1], spoiled[2])])
    assert "letter.readable" in fails([("no letter", acceptance, confirmation)])
    assert "letter.known-key" in fails([triple()], TrustList([DE]))


def test_an_old_key_proves_what_was_signed_while_it_was_good() -> None:
    offer = seal(letter(sent=MADE - 30 * DAY), DE_LOST)
    acceptance = seal(answer(AcceptHandoff(id=HANDOFF), offer), US_KEY)
    confirmation = letter(
        ConfirmHandoff(id=HANDOFF), recipient_ref=US_REF, about=digest(acceptance.encode()), sent=MADE + DAY
    )
    assert verify_chain([(offer, acceptance, seal(confirmation, DE_KEY))], TRUST).verdict is Verdict.YES
    assert fails([(offer, acceptance, seal(confirmation, DE_LOST))]) == {"letter.key-valid"}


def test_an_acceptance_answers_just_this_offer() -> None:
    offer, _, _ = triple()
    for changes in (
        {"about": ANNEX.digest},
        {"body": AcceptHandoff(id=f"{DE_REF}.h2")},
        {"body": ConfirmHandoff(id=HANDOFF)},
        {"recipient": "fr"},
    ):
        wrong = seal(answer(AcceptHandoff(id=HANDOFF), offer, **changes), US_KEY)
        assert fails([(offer, wrong, None)]) == {"custody.accepts"}


def test_a_confirmation_answers_just_this_acceptance() -> None:
    offer, acceptance, confirmation = triple()
    other = seal(answer(AcceptHandoff(id=HANDOFF), offer, sent=MADE + DAY / 2), US_KEY)
    assert fails([(offer, other, confirmation)]) == {"custody.confirms"}
    nobody = letter(ConfirmHandoff(id=HANDOFF), about=digest(acceptance.encode()), sent=MADE + 2 * DAY)
    assert fails([(offer, acceptance, seal(nobody, STRANGER))]) == {"letter.known-key"}


def test_an_offer_must_offer() -> None:
    offer = seal(letter(offer=None), DE_KEY)
    assert "custody.offers" in fails([(offer, None, None)])


def test_no_answer_before_its_question() -> None:
    offer, _, _ = triple()
    early = seal(answer(AcceptHandoff(id=HANDOFF), offer, sent=MADE - DAY), US_KEY)
    assert fails([(offer, early, None)]) == {"custody.order"}


def test_who_does_not_hold_the_baton_cannot_pass_it_on() -> None:
    again = seal(letter(offer=WireOffer(handoff=f"{DE_REF}.h2"), id="de.de-mla-2026-00001.m7"), DE_KEY)
    assert fails([triple(), (again, None, None)]) == {"custody.continuous"}


def test_a_passing_counts_once() -> None:
    assert "custody.once" in fails([triple(), triple()])


def test_both_houses_hold_the_same_bytes() -> None:
    chain: list[SignedTriple] = [triple(), way_back()]
    assert same_chain(chain, list(chain)).verdict is Verdict.YES
    offer, acceptance, confirmation = way_back()
    for other in (
        [triple()],
        [triple(), (offer, acceptance, None)],
        [],
        [triple(), (offer, acceptance, confirmation + " ")],
    ):
        reason = same_chain(chain, other)
        assert reason.verdict is Verdict.NO
        assert "passing 2" in reason.slots["found"] or "passings here" in reason.slots["found"]
    dropped = (seal(letter(), DE_KEY), None, None)
    assert same_chain([dropped, *chain], chain).verdict is Verdict.YES
