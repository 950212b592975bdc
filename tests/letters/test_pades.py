"""Does a seal hold, by us and by OpenSSL alike, and does the least change break it for both?"""

from __future__ import annotations

import importlib.util
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from letters.keys import (
    CERTIFICATE_FILE,
    KEY_FILE,
    check_certificate,
    load_document_key,
    new_document_key,
    open_signer,
    self_signed,
    signing_request,
)
from letters.pades import attached, sealed, seals_in
from letters.stamp import HttpStamper, StampRefused
from letters.token import address
from letters.trust import TrustedStamper
from schemas.errors import BadInput, Conflict, NotFound, Unavailable
from tests.letters.sealing import STARTED, key_folder, page, sealed_page, stamper, stranger
from tests.letters.stamping import DAY, authority, served


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("keys")
    key_folder(made)
    return made


@pytest.fixture(scope="module")
def letter(folder: Path) -> bytes:
    return sealed_page(folder, stamper())


def ours() -> list[TrustedStamper]:
    by = stamper()
    return [TrustedStamper.of(by.root, name=by.name)]


def parts(pdf: bytes) -> tuple[bytes, bytes]:
    """The signed bytes and the signature (DER) of the one seal, read without any library for PDF."""
    found = re.search(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", pdf)
    assert found is not None
    _, length, second, rest = (int(number) for number in found.groups())
    hole = bytes.fromhex(pdf[length + 1 : second - 1].decode("ascii"))
    return pdf[:length] + pdf[second : second + rest], cms.ContentInfo.load(hole).dump()


def openssl_agrees(pdf: bytes, folder: Path, scratch: Path) -> bool:
    """Does OpenSSL verify the signature, with our certificate as the only one it believes?"""
    content, der = parts(pdf)
    (scratch / "content").write_bytes(content)
    (scratch / "seal.der").write_bytes(der)
    command = [
        "openssl",
        "cms",
        "-verify",
        "-binary",
        "-inform",
        "DER",
        "-in",
        "seal.der",
        "-content",
        "content",
    ]
    command += ["-CAfile", str(folder / CERTIFICATE_FILE), "-purpose", "any", "-out", "told"]
    done = subprocess.run(command, cwd=scratch, capture_output=True, check=False)
    return done.returncode == 0


def test_a_sealed_letter_says_who_and_when(letter: bytes) -> None:
    (seal,) = seals_in(letter, ours())
    assert (seal.content, seal.signature, seal.beyond, seal.last, seal.final) == (True, True, "", True, True)
    assert seal.digest == "sha256"
    assert seal.stamp is not None
    assert (seal.stamp.fits, seal.stamp.believed) == (True, stamper().name)
    assert STARTED <= seal.stamp.at <= datetime.now(UTC)
    assert b"ETSI.CAdES.detached" in letter


def test_the_letter_itself_is_not_touched_and_its_data_can_be_read(letter: bytes) -> None:
    assert letter.startswith(page())
    # Nor is it described anew: its dates and its claim to be PDF/A stand there once, as they were set.
    assert b"ModDate" not in letter[len(page()) :]
    assert b"xmpmeta" not in letter[len(page()) :]
    assert attached(letter, "request.json") == b'{"requesting":"DE"}'
    assert attached(letter, "other.json") is None


def test_openssl_agrees_on_good_and_on_bad(letter: bytes, folder: Path, tmp_path: Path) -> None:
    assert openssl_agrees(letter, folder, tmp_path)
    place = letter.index(b"An invented letter") if b"An invented letter" in letter else 200
    bad = letter[:place] + bytes([letter[place] ^ 1]) + letter[place + 1 :]
    assert not openssl_agrees(bad, folder, tmp_path)
    other = tmp_path / "other"
    key_folder(other)
    assert not openssl_agrees(letter, other, tmp_path)


def test_openssl_verifies_the_time_stamp(letter: bytes, tmp_path: Path) -> None:
    signature = cms.ContentInfo.load(parts(letter)[1])["content"]["signer_infos"][0]
    token = signature["unsigned_attrs"][0]["values"][0]
    (tmp_path / "token").write_bytes(token.dump())
    (tmp_path / "stamped").write_bytes(signature["signature"].native)
    (tmp_path / "root.pem").write_text(stamper().root)
    (tmp_path / "wrong.pem").write_text(stranger().root)
    command = ["openssl", "ts", "-verify", "-token_in", "-in", "token", "-data", "stamped", "-CAfile"]
    for root, holds in (("root.pem", True), ("wrong.pem", False)):
        done = subprocess.run([*command, root], cwd=tmp_path, capture_output=True, check=False)
        assert (done.returncode == 0) is holds, done.stderr


def holds(pdf: bytes) -> bool:
    """Would anybody rely on it?"""
    try:
        seals = seals_in(pdf, ours())
    except BadInput:
        return False
    return (
        bool(seals)
        and all(
            seal.content and seal.signature and seal.stamp and seal.stamp.fits and seal.stamp.believed
            for seal in seals
        )
        and seals[-1].last
    )


def test_one_altered_byte_anywhere_is_seen(letter: bytes) -> None:
    assert holds(letter)
    signed, signature = parts(letter)
    hole = len(letter) - len(signed)
    start = letter.lower().index(signature[:40].hex().encode())
    # Thinly over the pages and the empty room behind the signature, closely over the signature itself.
    places = {*range(7, len(letter), len(letter) // 100), *range(start, start + 2 * len(signature), 23)}
    assert hole > 2 * len(signature)
    for place in sorted(places):
        bad = letter[:place] + bytes([letter[place] ^ 0x01]) + letter[place + 1 :]
        assert not holds(bad), f"byte {place} of {len(letter)}, the signature begins at {start}"


def test_what_a_signature_says_of_itself_and_does_not_sign_is_seen_too(letter: bytes) -> None:
    """Versions and empty parameters: nothing of the mathematics depends on them."""
    signature = parts(letter)[1]
    start = letter.lower().index(signature[:40].hex().encode())
    small = re.compile(rb"\x02\x01[\x01\x03]|\x05\x00")
    places = {place for found in small.finditer(signature) for place in (found.start(), found.end() - 1)}
    assert len(places) >= 12
    for place in sorted(places):
        bad = bytearray(signature)
        bad[place] ^= 0x01
        text = bytes(bad).hex().encode()
        assert not holds(letter[:start] + text + letter[start + len(text) :]), place


def test_bytes_added_or_cut_are_seen(letter: bytes) -> None:
    assert not holds(letter + b"\n")
    assert not holds(letter[:-1])
    assert not holds(letter + b"\n" + page())


def test_a_stranger_can_write_no_second_seal_over_a_closed_letter(letter: bytes, tmp_path: Path) -> None:
    key_folder(tmp_path)
    with pytest.raises(BadInput) as caught:
        sealed_page(tmp_path, None, letter)
    assert caught.value.code == "sealed-already"


def test_without_an_authority_the_seal_has_no_stamp(folder: Path) -> None:
    (seal,) = seals_in(sealed_page(folder, None))
    assert seal.stamp is None
    assert seal.claimed is not None


def test_a_stamp_of_a_stranger_is_not_believed(folder: Path) -> None:
    (seal,) = seals_in(sealed_page(folder, stranger()), ours())
    assert seal.stamp is not None
    assert (seal.stamp.fits, seal.stamp.believed) == (True, "")


def test_an_authority_counts_only_while_it_is_believed(letter: bytes) -> None:
    by = stamper()
    for ends, believed in (({"revoked": STARTED - DAY}, ""), ({"revoked": STARTED + DAY}, by.name)):
        (seal,) = seals_in(letter, [TrustedStamper.of(by.root, name=by.name, **ends)])
        assert seal.stamp is not None
        assert seal.stamp.believed == believed


def of_another(query: bytes) -> bytes:
    """The answer to a query with another digest in it."""
    asked = tsp.TimeStampReq.load(query).copy()
    asked["message_imprint"]["hashed_message"] = bytes(32)
    return stamper().answer(asked.dump(force=True))


def of_long_ago(query: bytes) -> bytes:
    """The answer to a query with another nonce in it."""
    asked = tsp.TimeStampReq.load(query).copy()
    asked["nonce"] = 7
    return stamper().answer(asked.dump(force=True))


@pytest.mark.parametrize(
    ("answer", "status", "kind", "error"),
    [
        (lambda query: b"", 200, "application/timestamp-reply", StampRefused),
        (lambda query: b"\x30\x03\x02\x01\x02", 200, "application/timestamp-reply", StampRefused),
        (lambda query: bytes(300 * 1024), 200, "application/timestamp-reply", StampRefused),
        (lambda query: b"<html>", 200, "text/html", StampRefused),
        (lambda query: b"", 302, "application/timestamp-reply", StampRefused),
        (lambda query: b"", 503, "application/timestamp-reply", Unavailable),
        (of_another, 200, "application/timestamp-reply", StampRefused),
        (of_long_ago, 200, "application/timestamp-reply", StampRefused),
    ],
)
def test_an_answer_that_is_no_stamp_for_us_seals_nothing(
    folder: Path, answer: object, status: int, kind: str, error: type[Exception]
) -> None:
    assert callable(answer)
    with (
        served(answer, status, kind) as url,
        open_signer(folder) as signer,
        pytest.raises(error, match="time-stamping authority"),
    ):
        sealed(page(), signer, HttpStamper(url))


def test_an_authority_that_is_away_is_worth_another_try(folder: Path) -> None:
    with open_signer(folder) as signer, pytest.raises(Unavailable) as caught:
        sealed(page(), signer, HttpStamper("http://127.0.0.1:9/tsa", httpx.Client(timeout=1)))
    assert caught.value.retry


def test_what_is_no_pdf_is_refused(folder: Path) -> None:
    for content in (b"", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", page()[:500], b"\x00" * 100):
        with pytest.raises(BadInput) as caught:
            seals_in(content)
        assert caught.value.code == "no-pdf"


# --- keys and certificates --------------------------------------------------------------------


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    made = new_document_key(tmp_path)
    assert load_document_key(tmp_path).private_numbers() == made.private_numbers()
    with pytest.raises(Conflict):
        new_document_key(tmp_path)
    (tmp_path / KEY_FILE).chmod(0o640)
    with pytest.raises(BadInput, match="Others than its owner"):
        load_document_key(tmp_path)
    (tmp_path / KEY_FILE).unlink()
    with pytest.raises(NotFound):
        load_document_key(tmp_path)


def test_a_certificate_for_another_key_is_refused(tmp_path: Path) -> None:
    mine, other = new_document_key(tmp_path), new_document_key_in(tmp_path / "other")
    pem = self_signed(other, "Office", "DE", STARTED, 1)
    with pytest.raises(BadInput, match="another key"):
        check_certificate(pem, mine, "x")
    for wrong in ("", "no pem", pem + pem, authority("CA").root):
        with pytest.raises(BadInput):
            check_certificate(wrong, None, "x")


def new_document_key_in(folder: Path) -> ec.EllipticCurvePrivateKey:
    folder.mkdir()
    return new_document_key(folder)


def test_a_request_goes_out_and_a_certificate_comes_back(tmp_path: Path) -> None:
    """Issued by an authority of OpenSSL's, as a ministry's would."""
    key = new_document_key(tmp_path)
    (tmp_path / "ca.ext").write_text("keyUsage=critical,digitalSignature,nonRepudiation\n")
    (tmp_path / "house.csr").write_text(signing_request(key, "Office of the test", "DE"))
    for command in (
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=CA",
        "x509 -req -in house.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out house.pem -extfile ca.ext",
    ):
        subprocess.run(["openssl", *command.split()], cwd=tmp_path, capture_output=True, check=True)
    pem = check_certificate((tmp_path / "house.pem").read_text(), key, "house.pem")
    (tmp_path / CERTIFICATE_FILE).write_text(pem)
    (seal,) = seals_in(sealed_page(tmp_path, stamper()), ours())
    assert seal.content
    assert seal.signature
    read = x509.load_pem_x509_certificate(pem.encode())
    assert read.issuer != read.subject
    assert read.public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    "wrong",
    [
        "file:/tmp",
        "pkcs11:",
        "pkcs11:token=a;object=b",
        "pkcs11:token=a?module-path=/x.so",
        "pkcs11:object=b?module-path=/x.so",
        "pkcs11:token=a;object=b?module-path=/x.so&pin-value=1234",
    ],
)
def test_a_token_address_that_lacks_something_is_refused(wrong: str) -> None:
    with pytest.raises(BadInput) as caught:
        address(wrong)
    assert "1234" not in str(caught.value)


def test_a_token_that_is_not_there_is_told(folder: Path) -> None:
    # without the extra that speaks to tokens, that is what is told
    said = "does not open" if importlib.util.find_spec("pkcs11") else "need the package python-pkcs11"
    with (
        pytest.raises((Unavailable, BadInput), match=said),
        open_signer(folder, "pkcs11:token=a;object=b?module-path=/nowhere.so"),
    ):
        raise AssertionError("it opened")
