"""Does a key that never leaves its token seal a letter like one in a file? Needs SoftHSM."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from letters.keys import CERTIFICATE_FILE, open_signer, self_signed
from letters.pades import sealed, seals_in
from schemas.errors import BadInput, Unavailable
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
    (folder / CERTIFICATE_FILE).write_text(_certified(der))
    (folder / "pin").write_text(PIN)
    (folder / "pin").chmod(0o600)
    return folder


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
