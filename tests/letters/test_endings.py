"""Is what stands at the ends of the calendar, or nests without end, judged and not stumbled over?"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from pydantic import TypeAdapter, ValidationError

from desk import matters, reading
from desk.cli import ledger
from letters.carriers.outcomes import asked_to_wait
from letters.custody import verify_chain
from letters.keys import check_certificate
from letters.manifest import verify_manifest
from letters.outside import companion_text
from letters.rotation import key_change, renewed, verify_key_change
from letters.seal import make_key, seal
from letters.smime import _parts, _to_encrypt, new_mail_key
from letters.trust import TrustedCertificate, TrustedHouse
from letters.verify import Refused
from records import docket
from records.docket import Filter
from records.verify import Problem, open_head
from schemas.errors import BadData, BadInput
from schemas.settings import settings_of
from schemas.span import PartialDate
from schemas.vocabulary import Verdict
from tests.letters.correspondents import DAY, DE, DE_KEY, NOW, TRUST, letter, triple
from tests.letters.test_manifest import entry
from treaties import text

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC, microsecond=0)
DEEP = "[" * 100_000


@pytest.mark.parametrize("moment", [FIRST, LAST])
def test_a_chain_of_custody_at_an_end_of_the_calendar_is_judged(moment: datetime) -> None:
    assert verify_manifest([entry("us", [], at=moment, noted=moment)], TRUST).verdict is not Verdict.UNKNOWN
    offer = seal(letter(sent=moment), DE_KEY)
    assert verify_chain([(offer, None, None)], TRUST).verdict is not Verdict.YES
    assert verify_chain([triple(), (offer, offer, offer)], TRUST).verdict is Verdict.NO


def test_a_change_of_keys_said_to_be_older_than_any_calendar_is_taken_in() -> None:
    change, _ = verify_key_change(key_change(DE_KEY, make_key("de"), FIRST, NOW + DAY), TRUST, NOW)
    house = renewed(TRUST, change).house("de")
    assert house is not None
    fresh = house.key(change.kid)
    assert fresh is not None
    assert fresh.valid_from == FIRST


def test_a_certificate_without_an_end_has_none() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "invented")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    told = TrustedCertificate.of(made.public_bytes(serialization.Encoding.PEM).decode())
    assert told.valid_until is None
    assert told.validity(LAST).verdict is Verdict.YES


def test_what_nests_without_end_is_refused_wherever_json_is_read(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        companion_text(b'{"envelope":' + DEEP.encode())
    header = base64.urlsafe_b64encode(DEEP.encode()).decode().rstrip("=")
    assert isinstance(open_head(f"{header}.e30.x", {}), Problem)
    file = tmp_path / "head.json"
    file.write_text('{"head":' + DEEP)
    for read in (ledger._head_in, ledger._jwks):
        with pytest.raises(BadInput):
            read(file)


@pytest.mark.parametrize(
    "read", [reading._place, matters._position, lambda one: docket._position(one, Filter())]
)
def test_a_cursor_that_nests_is_none_of_ours(read: object) -> None:
    cursor = base64.urlsafe_b64encode(b"[" * 1500).decode()
    assert callable(read)
    with pytest.raises(BadInput):
        read(cursor)


@pytest.mark.parametrize("nest", [DEEP, "a: " + "[" * 900 + "]" * 900, "- " * 5000, "? " * 5000])
def test_a_law_file_that_nests_is_refused_before_the_reader_in_c_falls(nest: str) -> None:
    with pytest.raises(BadData):
        text.parse(nest + "\n")


def test_a_law_file_in_the_canonical_spelling_may_not_nest_without_end_either() -> None:
    nest = "".join(" " * 2 * step + "a:\n" for step in range(500)) + " " * 1000 + "a: b\n"
    with pytest.raises(BadData, match="nests deeper"):
        text.parse(nest)


@pytest.mark.parametrize("day", ["2026-13", "2026-02-30", "0000", "2026-00"])
def test_a_day_known_in_part_stands_in_the_calendar(day: str) -> None:
    partial: TypeAdapter[str] = TypeAdapter(PartialDate)
    assert partial.validate_python("2026-02") == "2026-02"
    with pytest.raises(ValidationError):
        partial.validate_python(day)


def test_a_moment_of_no_calendar_is_no_wait() -> None:
    assert asked_to_wait({"retry-after": "Wed, 21 Oct 2026 07:28:2147483648 GMT"}) is None


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"house = ", "house.toml"),
        (b"\xff\xfe", "house.toml"),
        (b"api_port = " + b"9" * 5000, "house.toml"),
        (b"a = " + b"[" * 100_000, "house.toml"),
        (b'api_port = "none"', "api_port"),
        (b"evidence_limit = -1", "evidence_limit"),
    ],
)
def test_settings_that_cannot_be_read_name_the_line_or_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, where: str
) -> None:
    monkeypatch.setenv("ROGATORY_HOME", str(tmp_path))
    (tmp_path / "house.toml").write_bytes(content)
    with pytest.raises(BadInput) as caught:
        settings_of(tmp_path)
    assert where in caught.value.where
    assert caught.value.next_step


def test_a_signer_that_is_no_signer_is_refused(tmp_path: Path) -> None:
    key = new_mail_key(tmp_path, "de", "a@de.example", NOW)
    options = [pkcs7.PKCS7Options.Binary]
    signed = (
        pkcs7.PKCS7SignatureBuilder().set_data(b"x").add_signer(key.certificate, key.key, hashes.SHA256())
    )
    der = signed.sign(serialization.Encoding.DER, options)
    signer = cms.ContentInfo.load(der)["content"]["signer_infos"][0].dump()
    with pytest.raises(Refused) as caught:
        _parts(der.replace(signer, b"\x10" + signer[1:]))
    assert caught.value.code == "not-smime"


@pytest.mark.parametrize(
    ("found", "put"),
    [
        # another version, a key of no kind, one extension twice
        (b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x42"),
        (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x7f"),
        (b"\x55\x1d\x0f", b"\x55\x1d\x13"),
    ],
)
def test_a_certificate_that_cannot_be_read_whole_serves_for_nothing(
    tmp_path: Path, found: bytes, put: bytes
) -> None:
    key = new_mail_key(tmp_path, "de", "a@de.example", NOW)
    der = key.certificate.public_bytes(serialization.Encoding.DER)
    at = der.index(found)
    told = base64.encodebytes(der[:at] + put + der[at + len(found) :]).decode()
    pem = f"-----BEGIN CERTIFICATE-----\n{told}-----END CERTIFICATE-----\n"
    with pytest.raises(BadInput):
        check_certificate(pem, None, "mail.pem")
    try:
        known = TrustedCertificate.of(pem)
    except ValueError:
        return
    house = TrustedHouse.model_validate({**DE.model_dump(), "certificates": (known,)})
    assert _to_encrypt(house, NOW) is None
