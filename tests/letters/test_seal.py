"""Are keys kept and used as they must be, and is there one spelling of everything signed?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.canonical import canonical
from letters.compact import LONGEST, parse, plain_json
from letters.seal import load_key, make_key, new_key, seal, sign
from letters.verify import verify_envelope
from schemas.errors import BadInput, Conflict, EnvelopeRefused, NotFound, RogatoryError
from schemas.messages import Envelope, Head
from schemas.moves import Evidence
from schemas.request import EvidenceItem
from tests.letters.correspondents import ANNEX, DE_KEY, NOW, TRUST, letter

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_canonical_json_follows_the_standard() -> None:
    # RFC 8785, 3.2.3: names are sorted by UTF-16 units; 3.2.2.2: what text must escape.
    value = {"€": 1, "\r": 2, "\ufb33": 3, "1": 4, "😀": 5, "\x80": 6, "ö": 7}
    order = ["\r", "1", "\x80", "ö", "€", "😀", "\ufb33"]
    assert list(json.loads(canonical(value))) == order
    assert canonical({"a": "€$\x0f\nA'B\"\\/"}) == '{"a":"€$\\u000f\\nA\'B\\"\\\\/"}'.encode()


def test_canonical_json_has_no_spelling_for_what_json_cannot_say() -> None:
    deep: dict[str, object] = {}
    for _ in range(5000):
        deep = {"a": deep}
    for value in ({"a": float("nan")}, {"a": 2**60}, {"a": "\ud800"}, deep):
        with pytest.raises(BadInput):
            canonical(value)


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_canonical_json_reads_back(value: dict[str, object]) -> None:
    content = canonical(value)
    assert plain_json(content) == value


def test_the_same_letter_signs_to_the_same_text() -> None:
    assert seal(letter(), DE_KEY) == seal(Envelope.model_validate_json(letter().model_dump_json()), DE_KEY)


def test_signing_a_payload_announces_its_type() -> None:
    head = Head(house="de", count=1, root="sha256:" + "0" * 64, at=NOW)
    text = sign(canonical(head), DE_KEY)
    assert text == seal(head, DE_KEY)
    assert parse(text).header == {"alg": "Ed25519", "kid": "de-current", "typ": "rogatory-head-1"}


def test_nothing_but_canonical_json_is_signed() -> None:
    for payload in (b'{"type": "rogatory/head/1"}', b"words", b"[]"):
        with pytest.raises(EnvelopeRefused):
            sign(payload, DE_KEY)


def test_a_new_key_is_readable_by_its_owner_only_and_signs_as_before(tmp_path: Path) -> None:
    path = tmp_path / "signing.json"
    made = new_key(path, "de")
    assert path.stat().st_mode & 0o777 == 0o600
    loaded = load_key(path)
    assert (loaded.kid, loaded.house, loaded.public) == (made.kid, "de", made.public)
    assert seal(letter(), loaded) == seal(letter(), made)
    assert "d" not in made.public
    assert json.loads(path.read_text())["d"] not in repr(made)


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "signing.json"
    new_key(path, "de")
    before = path.read_bytes()
    with pytest.raises(Conflict):
        new_key(path, "de")
    assert path.read_bytes() == before


def test_no_two_keys_are_alike() -> None:
    assert make_key("de").kid != make_key("de").kid


@pytest.mark.parametrize(
    ("content", "mode", "error"),
    [
        (None, 0o600, NotFound),
        ("not json", 0o600, BadInput),
        ("[]", 0o600, BadInput),
        ('{"kty":"OKP"}', 0o600, BadInput),
        ('{"kty":"OKP","crv":"Ed25519","x":"a","d":"b","kid":"k","house":"de"}', 0o600, BadInput),
        ('{"kty":"OKP","crv":"X25519","x":"a","d":"b","kid":"k","house":"de"}', 0o600, BadInput),
        ("good", 0o644, BadInput),
    ],
)
def test_a_file_that_is_no_good_key_is_refused(
    tmp_path: Path, content: str | None, mode: int, error: type[RogatoryError]
) -> None:
    path = tmp_path / "signing.json"
    if content == "good":
        new_key(path, "de")
    elif content is not None:
        path.write_text(content)
    if content is not None:
        path.chmod(mode)
    with pytest.raises(error) as caught:
        load_key(path)
    assert str(path) in str(caught.value)
    assert caught.value.next_step


def test_reading_believes_nothing_by_itself() -> None:
    envelope, _ = verify_envelope(seal(letter(), DE_KEY), TRUST, "us", "US", NOW)
    assert envelope == letter()


def test_a_long_message_is_believed_and_an_endless_one_not_read() -> None:
    long = letter(Evidence(complete=True, items=tuple(_item(number) for number in range(1500))))
    text = seal(long, DE_KEY)
    assert len(text) > 300_000
    assert verify_envelope(text, TRUST, "us", "US", NOW)[0] == long
    with pytest.raises(EnvelopeRefused, match="longer than"):
        parse(text + "x" * LONGEST)


def _item(number: int) -> EvidenceItem:
    return EvidenceItem(
        id=f"e{number}", description="invented", kind="log", sha256=ANNEX.digest, custodian="invented lab"
    )
