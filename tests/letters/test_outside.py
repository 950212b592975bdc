"""Does an outsider learn who signed a file, when, what changed since, and why it is to be believed or not?"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from letters.canonical import canonical
from letters.compact import parse
from letters.finding import Finding
from letters.outside import companion_text, verify
from letters.parcel import pack
from letters.reasons import first_failure
from letters.rotation import key_change, renewed, verify_key_change
from letters.seal import SigningKey, make_key, seal, sign
from letters.trust import TrustList
from letters.verify import Refused
from schemas.errors import BadInput
from schemas.ids import digest
from schemas.messages import Head, KeyChange, Receipt
from schemas.vocabulary import Verdict
from tests.letters.correspondents import (
    ANNEX,
    DAY,
    DE,
    DE_KEY,
    DE_LOST,
    DE_NEXT,
    DE_OLD,
    MADE,
    NOW,
    PAPER,
    STRANGER,
    TRUST,
    US,
    US_KEY,
)
from tests.letters.correspondents import (
    letter as written,
)
from tests.letters.sealing import STARTED, believing, key_folder, page, sealed_page, stamper, stranger
from tests.letters.stamping import DAY as ONE_DAY


def failed(finding: Finding) -> tuple[Verdict, str]:
    """The verdict, and the code of what failed first."""
    leaf = first_failure(finding.reason)
    return finding.verdict, leaf.slots.get("code", "") if leaf else ""


def about(text: str, trust: TrustList = TRUST, **more: str | None) -> Finding:
    return verify(text.encode(), trust, NOW, **more)


def receipt(of: str, key: SigningKey = US_KEY, house: str = "us", **changes: object) -> str:
    """A receipt of `house` for the message `of`."""
    plain = {
        "message": written().id,
        "of": digest(of.encode()),
        "house": house,
        "event": "delivered",
        "at": NOW,
        **changes,
    }
    return seal(Receipt.model_validate(plain), key)


# --- messages -----------------------------------------------------------------------------------


def test_a_message_says_who_and_when() -> None:
    found = about(seal(written(), DE_KEY))
    assert found.kind == "envelope"
    assert found.verdict is Verdict.YES
    (one,) = found.signatures
    assert (one.house, one.name, one.state, one.key, one.at) == ("de", "Germany", "DE", DE_KEY.kid, MADE)


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (STRANGER, "unknown-key"),
        (DE_NEXT, "key-not-valid"),
        (US_KEY, "unknown-key"),
        (DE_OLD, "key-not-valid"),
    ],
)
def test_a_wrong_key_is_told(key: SigningKey, code: str) -> None:
    assert failed(about(seal(written(), key))) == (Verdict.NO, code)


def test_one_changed_character_anywhere_is_told() -> None:
    text = seal(written(), DE_KEY)
    for place in range(0, len(text), 29):
        bad = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        try:
            found = about(bad)
        except BadInput:
            continue
        assert found.verdict is Verdict.NO, place


def test_without_a_trust_list_everything_is_told_but_believed() -> None:
    found = about(seal(written(), DE_KEY), TrustList())
    assert failed(found) == (Verdict.NO, "unknown-key")
    assert found.signatures[0].house == "de"
    assert found.signatures[0].name == ""


def test_the_expected_house_is_compared() -> None:
    text = seal(written(), DE_KEY)
    assert about(text, sender="de").verdict is Verdict.YES
    assert failed(about(text, sender="us")) == (Verdict.NO, "wrong-house")


def test_a_key_that_ran_out_since_still_proves_what_it_signed() -> None:
    long_ago = NOW - 30 * DAY
    text = seal(written(sent=long_ago), DE_OLD)
    assert about(text).verdict is Verdict.YES
    with_receipt = receipt(text, at=long_ago + timedelta(minutes=1))
    assert about(text, companion=with_receipt).verdict is Verdict.YES


def test_a_key_revoked_since_proves_it_only_with_another_word() -> None:
    """Whoever holds a lost key writes any date; a receipt of the other house bears the date out."""
    before = NOW - 2 * DAY
    text = seal(written(sent=before), DE_LOST)
    assert failed(about(text)) == (Verdict.UNKNOWN, "time-unproved")
    in_time = receipt(text, at=before + timedelta(minutes=1))
    found = about(text, companion=in_time)
    assert found.verdict is Verdict.YES
    assert found.signatures[0].at == before + timedelta(minutes=1)
    too_late = receipt(text, at=NOW)
    assert failed(about(text, companion=too_late)) == (Verdict.NO, "key-not-valid")
    by_itself = receipt(text, DE_KEY, "de", at=before)
    assert failed(about(text, companion=by_itself)) == (Verdict.NO, "receipt-of-another")
    of_another = receipt("another", at=before)
    assert failed(about(text, companion=of_another)) == (Verdict.NO, "receipt-of-another")


def test_a_receipt_is_checked_against_its_message() -> None:
    text = seal(written(), DE_KEY)
    head = seal(Head(house="us", count=3, root=digest(b"x"), at=NOW), US_KEY)
    told = receipt(text, head=head)
    assert about(told).verdict is Verdict.YES
    assert about(told, companion=text).verdict is Verdict.YES
    other = seal(written(sent=MADE - DAY), DE_KEY)
    assert failed(about(told, companion=other)) == (Verdict.NO, "receipt-of-another")
    alien = seal(Head(house="de", count=3, root=digest(b"x"), at=NOW), DE_KEY)
    assert failed(about(receipt(text, head=alien))) == (Verdict.NO, "receipt-of-another")


def test_a_statement_of_another_kind_is_checked_for_its_signature() -> None:
    text = sign(
        canonical({"type": "rogatory/erasure/1", "house": "de", "confirmed": "2026-11-01T00:00:00Z"}), DE_KEY
    )
    found = about(text)
    assert (found.kind, found.verdict) == ("erasure", Verdict.YES)
    assert (
        failed(about(sign(canonical({"type": "rogatory/erasure/1", "house": "us"}), DE_KEY)))[1]
        == "unknown-key"
    )


# --- parcels ------------------------------------------------------------------------------------


def test_a_parcel_is_whole_or_says_what_is_not() -> None:
    envelope = written(documents=(ANNEX,))
    parcel = pack(seal(envelope, DE_KEY), envelope, lambda _: PAPER)
    assert verify(parcel.model_dump_json().encode(), TRUST, NOW).verdict is Verdict.YES
    content = json.loads(parcel.model_dump_json())
    (name,) = content["documents"]
    for documents, code in (
        ({}, "document-missing"),
        ({name: "AAAA"}, "document-changed"),
        ({name: "!"}, "malformed"),
        ({**content["documents"], digest(b"more"): "AAAA"}, "document-unlisted"),
    ):
        bad = json.dumps({**content, "documents": documents}).encode()
        assert failed(verify(bad, TRUST, NOW)) == (Verdict.NO, code)
    assert companion_text(parcel.model_dump_json().encode()) == parcel.envelope


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"{}", b"\xff\xfe", b"a.b", b'{"envelope": 1}', b"{" * 9999]
)
def test_a_file_that_nobody_signed_is_no_file_for_this(content: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        verify(content, TRUST, NOW)
    assert caught.value.code == "not-signed"


def test_three_parts_that_are_no_message_are_malformed() -> None:
    assert failed(about("a.b.c")) == (Verdict.NO, "malformed")


# --- letters ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("keys")
    key_folder(made)
    return made


@pytest.fixture(scope="module")
def pem(folder: Path) -> str:
    return (folder / "document.pem").read_text()


@pytest.fixture(scope="module")
def letter(folder: Path) -> bytes:
    return sealed_page(folder, stamper())


def test_a_letter_says_who_and_when(letter: bytes, pem: str) -> None:
    found = verify(letter, believing(pem), STARTED)
    assert (found.kind, found.verdict) == ("letter", Verdict.YES)
    (one,) = found.signatures
    assert (one.house, one.state, one.how) == ("de", "DE", f"time stamp of {stamper().name}")


def test_a_letter_without_a_seal_or_a_list_is_not_believed(letter: bytes) -> None:
    assert failed(verify(page(), believing(None), STARTED)) == (Verdict.NO, "not-sealed")
    assert failed(verify(letter, believing(None), STARTED)) == (Verdict.NO, "unknown-certificate")
    assert failed(verify(letter, TrustList(), STARTED)) == (Verdict.NO, "unknown-certificate")


def test_an_altered_letter_says_so(letter: bytes, pem: str) -> None:
    trust = believing(pem)
    assert failed(verify(letter + b"\n% more", trust, STARTED)) == (Verdict.NO, "altered")
    place = letter.index(b"/Type/Page/") + 6 if b"/Type/Page/" in letter else 300
    codes = set()
    for offset in range(place, place + 400, 40):
        bad = letter[:offset] + bytes([letter[offset] ^ 1]) + letter[offset + 1 :]
        try:
            verdict, code = failed(verify(bad, trust, STARTED))
        except BadInput as error:
            verdict, code = Verdict.NO, error.code
        codes.add(code)
        assert verdict is Verdict.NO
    assert "altered" in codes <= {"altered", "no-pdf"}


def test_a_letter_of_the_wrong_house_says_so(letter: bytes, pem: str, folder: Path) -> None:
    assert failed(verify(letter, believing(pem), STARTED, sender="us")) == (Verdict.NO, "wrong-house")
    speaking_for_us = sealed_page(folder, stamper(), page("US"))
    assert failed(verify(speaking_for_us, believing(pem), STARTED)) == (Verdict.NO, "wrong-sender")


def test_a_stamp_of_an_unknown_authority_says_so(folder: Path, pem: str) -> None:
    found = verify(sealed_page(folder, stranger()), believing(pem), STARTED)
    assert failed(found) == (Verdict.NO, "unknown-stamper")


def test_a_certificate_counts_at_the_time_of_the_stamp(letter: bytes, pem: str) -> None:
    for ends, verdict in (
        ({"revoked": STARTED - ONE_DAY}, Verdict.NO),
        ({"revoked": STARTED + ONE_DAY}, Verdict.YES),
        ({"valid_until": STARTED - ONE_DAY}, Verdict.NO),
        ({"valid_until": STARTED + ONE_DAY}, Verdict.YES),
    ):
        # Long after both: what was sealed before the end stays good.
        assert verify(letter, believing(pem, **ends), STARTED + 9000 * ONE_DAY).verdict is verdict, ends


def test_without_a_stamp_the_certificate_must_be_good_today(folder: Path, pem: str) -> None:
    plain = sealed_page(folder, None)
    assert verify(plain, believing(pem), STARTED).verdict is Verdict.YES
    later = verify(plain, believing(pem, revoked=STARTED + ONE_DAY), STARTED + 2 * ONE_DAY)
    assert failed(later) == (Verdict.NO, "key-not-valid")


def test_a_letter_is_compared_with_the_message_it_came_with(letter: bytes, pem: str) -> None:
    trust = believing(pem)
    other = seal(written(), DE_KEY)
    found = verify(letter, trust, NOW, companion=other)
    assert failed(found) == (Verdict.NO, "document-unlisted")
    assert len(found.signatures) == 2


async def test_a_letter_can_be_read_where_a_loop_runs(letter: bytes, pem: str) -> None:
    assert verify(letter, believing(pem), STARTED).verdict is Verdict.YES


def test_nothing_that_a_stranger_sends_brings_it_down(letter: bytes, pem: str) -> None:
    """Bytes changed, cut, doubled and put elsewhere: no answer but a finding or an error of our own."""
    chance = Random(20261121)
    trust = believing(pem)
    message = seal(written(), DE_KEY).encode()
    parcel = b'{"envelope":"' + message + b'","documents":{}}'
    for number in range(240):
        bad = bytearray((letter, message, parcel)[number % 3])
        for _ in range(chance.randint(1, 4)):
            first, last = sorted(chance.randrange(len(bad)) for _ in range(2))
            last = min(last, first + 400)
            piece = bytes(bad[first:last])
            bad[first:last] = chance.choice((b"", piece * 2, chance.randbytes(len(piece)), piece[::-1]))
        try:
            verdict = verify(bytes(bad), trust, NOW).verdict
        except BadInput:
            verdict = Verdict.NO
        # Zeros turned around are zeros: what did not change may be believed.
        assert verdict is not Verdict.YES or bytes(bad) in (letter, message, parcel), number


# --- a change of keys ---------------------------------------------------------------------------


def test_a_house_tells_its_next_key_under_its_present_one() -> None:
    fresh = make_key("de")
    told = key_change(DE_KEY, fresh, NOW, NOW + 30 * DAY)
    change, _ = verify_key_change(told, TRUST, NOW)
    after = renewed(TRUST, change)
    assert about(told).kind == "key-change"
    assert about(told).verdict is Verdict.YES
    # Letters under the old key still verify, new ones under the new key do, and the old key has an end.
    assert about(seal(written(), DE_KEY), after).verdict is Verdict.YES
    assert about(seal(written(), fresh), after).verdict is Verdict.YES
    de = after.house("de")
    assert de is not None
    old = de.key(DE_KEY.kid)
    assert old is not None
    assert old.valid_until == NOW + 30 * DAY
    assert old.validity(NOW + 30 * DAY).verdict is Verdict.NO
    late = seal(written(sent=NOW + 31 * DAY), DE_KEY)
    assert failed(verify(late.encode(), after, NOW + 32 * DAY)) == (Verdict.NO, "key-not-valid")
    # Told twice, nothing more happens.
    assert renewed(after, change).house("de") == de


def test_a_change_of_keys_that_proves_nothing_is_refused() -> None:
    fresh = make_key("de")
    good = KeyChange.model_validate_json(parse(key_change(DE_KEY, fresh, NOW, NOW + DAY)).payload)
    cases = {
        "bad-proof": seal(
            good.model_copy(update={"jwk": make_key("de").public and good.jwk, "kid": "other"}), DE_KEY
        ),
        "replaces-another": seal(good.model_copy(update={"replaces": "other"}), DE_KEY),
        "key-not-valid": key_change(DE_LOST, fresh, NOW, NOW + DAY),
        "unknown-key": key_change(make_key("de"), fresh, NOW, NOW + DAY),
    }
    for code, text in cases.items():
        with pytest.raises(Refused) as caught:
            verify_key_change(text, TRUST, NOW)
        assert caught.value.code == code


def test_ends_are_never_moved_later_by_what_another_says() -> None:
    ended = TRUST.ended("de", DE_KEY.kid, until=NOW)
    again = ended.with_house(DE)
    house = again.house("de")
    assert house is not None
    key = house.key(DE_KEY.kid)
    assert key is not None
    assert key.valid_until == NOW
    assert again.house("us") == US
