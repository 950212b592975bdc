"""Does the trust list say which key counts when, follow its file, and refuse what is unsafe?"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from letters.keys import self_signed
from letters.trust import (
    PublicKey,
    TrustedCertificate,
    TrustedHouse,
    TrustedKey,
    TrustedStamper,
    TrustList,
)
from schemas.errors import BadInput, NotFound
from schemas.vocabulary import Verdict
from tests.letters.correspondents import DAY, DE, DE_KEY, NOW, TRUST, US, US_KEY

STARTED = datetime.now(UTC)
PEM = self_signed(ec.generate_private_key(ec.SECP256R1()), "Office of the test", "DE", STARTED - DAY, 10)
INSTANT = timedelta(microseconds=1)


def key(**dates: object) -> TrustedKey:
    jwk = PublicKey.model_validate(DE_KEY.public)
    return TrustedKey.model_validate({"kid": "k", "jwk": jwk, "valid_from": NOW, **dates})


def test_a_key_counts_from_its_first_moment_until_before_its_last() -> None:
    span = key(valid_until=NOW + DAY)
    assert span.validity(NOW - INSTANT).verdict is Verdict.NO
    assert span.validity(NOW).verdict is Verdict.YES
    assert span.validity(NOW + DAY - INSTANT).verdict is Verdict.YES
    assert span.validity(NOW + DAY).verdict is Verdict.NO
    assert key().validity(NOW + 10_000 * DAY).verdict is Verdict.YES


def test_revoking_ends_a_key_before_its_day() -> None:
    revoked = key(valid_until=NOW + 2 * DAY, revoked=NOW + DAY)
    assert revoked.validity(NOW + DAY - INSTANT).verdict is Verdict.YES
    assert revoked.validity(NOW + DAY).verdict is Verdict.NO


def test_it_follows_its_file(tmp_path: Path) -> None:
    path = tmp_path / "trust.json"
    TrustList([DE]).save(path)
    followed = TrustList.load(path)
    assert followed.house("us") is None
    followed.with_house(US).save(path)
    assert followed.house("us") == US
    assert [house.id for house in followed.houses] == ["de", "us"]
    assert followed.of_state("US") == [US]
    path.unlink()
    with pytest.raises(NotFound):
        followed.house("us")


def test_old_keys_stay_when_a_house_brings_a_new_one() -> None:
    renewed = DE.model_copy(update={"keys": US.keys, "url": "https://de.example"})
    house = TRUST.with_house(renewed).house("de")
    assert house is not None
    assert house.url == "https://de.example"
    assert [each.kid for each in house.keys] == [*(each.kid for each in DE.keys), US_KEY.kid]
    assert TRUST.house("de") == DE


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://mla.example", True),
        ("http://127.0.0.1:8080", True),
        ("http://localhost:1", True),
        ("http://[::1]:8080", True),
        ("http://mla.example", False),
        ("http://10.0.0.7", False),
        ("ftp://mla.example", False),
        ("https://", False),
        ("mla.example", False),
    ],
)
def test_an_address_keeps_secrets_or_stays_on_this_machine(url: str, safe: bool) -> None:
    content = {**US.model_dump(), "url": url}
    if safe:
        assert TrustedHouse.model_validate(content).url == url
    else:
        with pytest.raises(ValueError, match="url"):
            TrustedHouse.model_validate(content)


@pytest.mark.parametrize("fault", ["text", "twice", "key twice", "unknown field", "no zone", "private"])
def test_a_faulty_list_names_file_and_place(tmp_path: Path, fault: str) -> None:
    one = US.model_dump(mode="json")
    path = tmp_path / "trust.json"
    houses = {
        "twice": [one, one],
        "key twice": [{**one, "keys": one["keys"] * 2}],
        "unknown field": [{**one, "shoe_size": 44}],
        "no zone": [{**one, "keys": [{**one["keys"][0], "valid_from": "2026-01-01T00:00:00"}]}],
        "private": [{**one, "keys": [{**one["keys"][0], "jwk": {**one["keys"][0]["jwk"], "d": "x"}}]}],
    }
    path.write_text("text" if fault == "text" else json.dumps({"houses": houses[fault]}))
    with pytest.raises(BadInput) as caught:
        TrustList.load(path)
    assert str(path) in str(caught.value)
    assert caught.value.next_step


def test_a_list_half_written_is_never_seen(tmp_path: Path) -> None:
    path = tmp_path / "trust.json"
    TRUST.save(path)
    TRUST.save(path)
    assert [file.name for file in tmp_path.iterdir()] == ["trust.json"]


def certificate(**ends: object) -> TrustedCertificate:
    return TrustedCertificate.of(PEM, **ends)


def test_a_certificate_counts_as_long_as_it_says_itself_or_shorter() -> None:
    plain = certificate()
    assert plain.validity(STARTED).verdict is Verdict.YES
    assert plain.validity(STARTED - 2 * DAY).verdict is Verdict.NO
    assert plain.validity(STARTED + 11 * DAY).verdict is Verdict.NO
    assert certificate(revoked=STARTED - DAY / 2).validity(STARTED).verdict is Verdict.NO
    for wrong in ("", "no certificate", PEM + PEM):
        with pytest.raises(ValueError, match=r"certificate|PEM"):
            TrustedCertificate.of(wrong)


def test_certificates_and_stampers_are_kept_and_found(tmp_path: Path) -> None:
    path = tmp_path / "trust.json"
    house = US.model_copy(update={"certificates": (certificate(),)})
    by = TrustedStamper.of(PEM, name="Stamps")
    TrustList([DE]).with_house(house).with_stamper(by).save(path)
    read = TrustList.load(path)
    assert read.stampers == (by,)
    assert read.holder(by.fingerprint) == (house, certificate())
    assert read.holder("0" * 64) is None
    # Whoever adds a house or ends a key keeps the rest.
    changed = read.with_house(DE).ended("us", by.fingerprint[:12], revoked=NOW)
    assert changed.stampers == (by,)
    found = changed.holder(by.fingerprint)
    assert found is not None
    assert found[1].revoked == NOW


@pytest.mark.parametrize(
    ("house", "name"), [("de", "nobody"), ("fr", DE_KEY.kid), ("us", DE_KEY.kid), ("us", "")]
)
def test_what_is_not_there_is_not_ended(house: str, name: str) -> None:
    with pytest.raises(NotFound, match="trust list"):
        TRUST.ended(house, name, until=NOW)


def test_an_end_only_moves_earlier() -> None:
    ended = key(valid_until=NOW + 5 * DAY)
    assert ended.cut(until=NOW + DAY).valid_until == NOW + DAY
    assert ended.cut(until=NOW + 9 * DAY).valid_until == NOW + 5 * DAY
    assert ended.cut(revoked=NOW).until == NOW
    assert ended.cut() == ended


def test_one_certificate_is_not_that_of_two_houses(tmp_path: Path) -> None:
    path = tmp_path / "trust.json"
    both = [each.model_copy(update={"certificates": (certificate(),)}) for each in (DE, US)]
    with pytest.raises(ValueError, match="named twice"):
        TrustList(both).save(path)
