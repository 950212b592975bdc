"""Does a key that never leaves its token seal letters and messages like one in a file? Needs SoftHSM."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from desk.house import introduce, new_house
from desk.keyring import rotate, take_in, use_next
from letters import token as token_module
from letters.keys import CERTIFICATE_FILE, open_signer, self_signed
from letters.pades import sealed, seals_in
from letters.seal import SIGNING_KEY, SigningKey, house_key, load_key, seal, take_token_key
from letters.token import TokenKey
from letters.trust import TrustList
from letters.verify import verify_envelope
from schemas.errors import BadInput, Conflict, NotFound, Unavailable
from schemas.settings import Settings, settings_of
from tests.letters.correspondents import arrival, letter
from tests.letters.sealing import page

PIN = "2468"
MODULES = (
    os.environ.get("SOFTHSM2_MODULE", ""),
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)


@pytest.fixture(scope="module")
def module() -> str:
    """The PKCS#11 module of SoftHSM."""
    found = next((path for path in MODULES if path and Path(path).is_file()), None)
    if found is None or not shutil.which("softhsm2-util"):
        if "softhsm" in os.environ.get("ROGATORY_REQUIRE", "").split(","):
            pytest.fail("SoftHSM is required and not there")
        pytest.skip("SoftHSM is not there (Debian: softhsm2)")
    pytest.importorskip("pkcs11", reason="python-pkcs11 is not there")
    return found


@pytest.fixture(scope="module")
def token(module: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate for a key that lies on a fresh token, and the PIN."""
    import pkcs11
    from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm.conf")
    command = ["softhsm2-util", "--module", module, "--init-token", "--free", "--label", "rogatory"]
    subprocess.run([*command, "--so-pin", PIN, "--pin", PIN], check=True, capture_output=True)
    with pkcs11.lib(module).get_token(token_label="rogatory").open(user_pin=PIN, rw=True) as session:
        curve = encode_named_curve_parameters("secp256r1")
        domain = session.create_domain_parameters(
            pkcs11.KeyType.EC, {pkcs11.Attribute.EC_PARAMS: curve}, local=True
        )
        public, _ = domain.generate_keypair(store=True, label="letters", id=b"\x01")
        der = encode_ec_public_key(public)
        _message_key(session, "messages", b"\x02")
    (folder / CERTIFICATE_FILE).write_text(_certified(der))
    (folder / "pin").write_text(PIN)
    (folder / "pin").chmod(0o600)
    return folder


def _message_key(session: Any, label: str, number: bytes) -> None:
    """A key for messages, as the tools of a token make it (`--key-type EC:edwards25519`)."""
    import pkcs11

    curve = bytes.fromhex("06032b6570")  # the name of Ed25519 (RFC 8410), in DER
    domain = session.create_domain_parameters(
        pkcs11.KeyType.EC_EDWARDS, {pkcs11.Attribute.EC_PARAMS: curve}, local=True
    )
    domain.generate_keypair(
        mechanism=pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN, store=True, label=label, id=number
    )


def _certified(der: bytes) -> str:
    """A certificate for the public key `der` by a throw-away authority: the token signs nothing here."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    public = load_der_public_key(der)
    assert isinstance(public, ec.EllipticCurvePublicKey)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Token of the test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Authority of the test")]))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM).decode("ascii")


def address(module: str, key: str = "letters") -> str:
    return f"pkcs11:token=rogatory;object={key}?module-path={module}"


def test_a_key_on_a_token_seals_a_letter(module: str, token: Path) -> None:
    with open_signer(token, address(module), token / "pin") as signer:
        (seal,) = seals_in(sealed(page(), signer, None))
    assert (seal.content, seal.signature, seal.last) == (True, True, True)


def test_a_wrong_pin_or_key_or_token_is_told(module: str, token: Path) -> None:
    wrong = token / "wrong"
    wrong.write_text("0000")
    wrong.chmod(0o600)
    other = f"pkcs11:token=other;object=letters?module-path={module}"
    for signing, pin in (
        (address(module), wrong),
        (address(module, "other"), token / "pin"),
        (other, token / "pin"),
    ):
        with pytest.raises(Unavailable) as caught, open_signer(token, signing, pin) as signer:
            sealed(page(), signer, None)
        assert caught.value.code == "token"


def test_a_pin_that_others_may_read_is_refused(module: str, token: Path) -> None:
    loose = token / "loose"
    loose.write_text(PIN)
    loose.chmod(0o644)
    with pytest.raises(BadInput, match="PIN"), open_signer(token, address(module), loose):
        raise AssertionError("it opened")


def test_a_certificate_of_another_key_seals_nothing(module: str, token: Path, tmp_path: Path) -> None:
    pem = self_signed(ec.generate_private_key(ec.SECP256R1()), "Another", "DE", datetime.now(UTC), 1)
    (tmp_path / CERTIFICATE_FILE).write_text(pem)
    with (
        pytest.raises(BadInput, match="does not hold"),
        open_signer(tmp_path, address(module), token / "pin") as signer,
    ):
        sealed(page(), signer, None)


# --- messages -------------------------------------------------------------------------------------------


@pytest.fixture
def message_key(module: str, token: Path, tmp_path: Path) -> SigningKey:
    return take_token_key(tmp_path / SIGNING_KEY, "de", address(module), token / "pin", "messages")


def by(house: Settings) -> str:
    """A message of the house, signed as the house signs now."""
    made = letter(arrival()).model_copy(update={"sender": house.house})
    return seal(made, house_key(house))


def test_the_file_names_the_key_and_holds_nothing_secret(
    message_key: SigningKey, module: str, token: Path, tmp_path: Path
) -> None:
    told = json.loads((tmp_path / SIGNING_KEY).read_text())
    assert set(told) == {"crv", "kty", "x", "kid", "house", "object"}
    assert (tmp_path / SIGNING_KEY).stat().st_mode & 0o777 == 0o600
    again = load_key(tmp_path / SIGNING_KEY, address(module), token / "pin")
    assert (again.kid, again.public) == (message_key.kid, message_key.public)
    assert seal(letter(arrival()), again) == seal(letter(arrival()), message_key), "same bytes, same text"
    with pytest.raises(BadInput):
        load_key(tmp_path / SIGNING_KEY)
    with pytest.raises(Conflict):
        take_token_key(tmp_path / SIGNING_KEY, "de", address(module), token / "pin", "messages")


def test_a_house_moves_its_messages_to_a_token_and_others_believe_them(
    module: str, token: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROGATORY_HOME", os.fspath(tmp_path))
    made = {name: new_house(tmp_path / name, name, name.upper(), name) for name in ("de", "us")}
    introduce(tmp_path / "de", tmp_path / "us")
    with pytest.raises(BadInput, match="No token"):
        rotate(made["de"], token_key="messages")
    de = settings_of(tmp_path / "de").model_copy(
        update={"signing": address(module), "signing_pin_file": token / "pin"}
    )
    before = by(de)
    change = rotate(de, token_key="messages")
    assert rotate(de, token_key="messages") == change
    take_in(made["us"], change.encode())
    kid = use_next(de)
    after = by(de)
    assert house_key(de).kid == kid
    assert b'"d"' not in (de.keys / SIGNING_KEY).read_bytes()
    trust = TrustList.load(made["us"].keys / "trust.json")
    for text in (before, after):
        envelope, _ = verify_envelope(text, trust, "us", "US", datetime.now(UTC))
        assert envelope.sender == "de"
    assert rotate(de) != change, "and back into a file, by the same two steps"


def test_many_threads_sign_while_letters_are_sealed(
    message_key: SigningKey, module: str, token: Path
) -> None:
    def one(number: int) -> str:
        if number % 8:
            return seal(letter(arrival()), message_key)
        with open_signer(token, address(module), token / "pin") as signer:
            return str(len(seals_in(sealed(page(), signer, None))))

    with ThreadPoolExecutor(8) as threads:
        told = set(threads.map(one, range(64)))
    assert told == {"1", seal(letter(arrival()), message_key)}


def test_a_token_that_was_logged_out_is_logged_in_again(
    message_key: SigningKey, module: str, token: Path
) -> None:
    import pkcs11

    text = seal(letter(arrival()), message_key)
    for _, session in list(token_module._logged_in.values()):
        session.close()
    with (
        pytest.raises(pkcs11.NoSuchKey),
        pkcs11.lib(module).get_token(token_label="rogatory").open() as outside,
    ):
        outside.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label="messages")
    assert seal(letter(arrival()), message_key) == text


def test_a_key_that_is_not_there_is_told(module: str, token: Path) -> None:
    with pytest.raises(NotFound, match="other"):
        TokenKey(address(module), token / "pin", "other").public()
    with pytest.raises(NotFound, match="letters"):
        TokenKey(address(module), token / "pin", "letters").public()
