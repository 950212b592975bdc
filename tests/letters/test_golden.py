"""Does every stored letter get exactly the answer written beside it?"""

from __future__ import annotations

import json

import pytest

from letters.seal import seal
from letters.verify import NEXT_STEPS, Refused, verify_envelope
from schemas.moves import Ask
from schemas.reasoning import Reason
from schemas.vocabulary import Verdict
from tests.letters.correspondents import DE_KEY, NOW, TRUST, letter
from tests.letters.make_golden import FOLDER, files

INDEX = json.loads((FOLDER / "index.json").read_text("utf-8"))
GOOD = [name for name, wanted in INDEX.items() if not wanted["code"]]
BAD = [name for name, wanted in INDEX.items() if wanted["code"]]
CHECKS = {
    "letter.readable",
    "letter.header",
    "letter.version",
    "letter.plain-names",
    "letter.known-key",
    "letter.signature",
    "letter.shape",
    "letter.clock",
    "letter.key-valid",
    "letter.addressee",
    "letter.own-voice",
}


def read(name: str) -> str:
    return (FOLDER / f"{name}.jws").read_bytes().decode()


def refused(name: str) -> Refused:
    with pytest.raises(Refused) as caught:
        verify_envelope(read(name), TRUST, "us", "US", NOW)
    return caught.value


def said(reason: Reason, verdict: Verdict) -> set[str]:
    return {child.claim for child in reason.children if child.verdict is verdict}


def test_the_script_makes_the_files_that_are_stored() -> None:
    stored = {file.name: file.read_bytes().decode() for file in FOLDER.iterdir()}
    assert files() == stored


@pytest.mark.parametrize("name", GOOD)
def test_a_good_letter_is_believed_for_every_reason(name: str) -> None:
    envelope, reason = verify_envelope(read(name), TRUST, "us", "US", NOW)
    assert envelope.sender == "de"
    assert reason.verdict is Verdict.YES
    assert said(reason, Verdict.YES) == CHECKS


@pytest.mark.parametrize("name", BAD)
def test_a_bad_letter_is_refused_for_the_reason_written_beside_it(name: str) -> None:
    error = refused(name)
    assert (error.code, error.where) == (INDEX[name]["code"], INDEX[name]["claim"])
    assert {child.claim for child in error.reason.children} == CHECKS
    if INDEX[name]["alone"]:
        assert said(error.reason, Verdict.NO) == {INDEX[name]["claim"]}


@pytest.mark.parametrize("name", BAD)
def test_a_refusal_says_what_was_expected_what_was_found_and_what_next(name: str) -> None:
    error = refused(name)
    failed = next(child for child in error.reason.children if child.claim == error.where)
    assert failed.slots["expected"] != failed.slots["found"]
    assert failed.slots["expected"] in str(error)
    assert failed.slots["found"] in str(error)
    assert error.next_step == NEXT_STEPS[error.code]
    assert not error.retry


def test_every_check_has_a_letter_that_fails_it_alone() -> None:
    assert {INDEX[name]["claim"] for name in BAD if INDEX[name]["alone"]} == CHECKS


def test_only_a_letter_whose_signature_fits_a_good_key_is_held_against_its_sender() -> None:
    whole = {name for name in BAD if refused(name).attributed}
    late = {"from-the-future", "for-another-house", "other-version", "climbing-name", "unknown-field"}
    assert late <= whole
    assert not whole & {
        "signature-changed",
        "payload-changed",
        "key-expired",
        "key-revoked",
        "unknown-house",
        "key-of-another-house",
        "padded",
        "no-algorithm",
    }


def test_a_house_does_not_take_its_own_letter() -> None:
    own = seal(letter(Ask(id="q1", text="Which account?"), recipient="de"), DE_KEY)
    with pytest.raises(Refused) as caught:
        verify_envelope(own, TRUST, "de", "DE", NOW)
    assert caught.value.code == "wrong-addressee"
    assert said(caught.value.reason, Verdict.NO) == {"letter.addressee"}
