"""Which files does an operator or an outsider give us: lists of trust, keys, settings, ledgers, backups?"""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from desk import keyring, refused_hashes
from desk.cli import ledger as ledger_words
from desk.house import new_house
from desk.sealing import verified
from fuzz.shapes import bytes_spoiled, lines_spoiled, pem_spoiled
from fuzz.target import Target
from fuzz.trees import json_spoiled
from letters.keys import check_certificate, load_certificate, load_document_key, new_document_key
from letters.providers import ProviderBook
from letters.seal import load_key, make_key, seal
from letters.smime import load_mail_key
from letters.token import address
from letters.trust import TrustList
from records.archive import MANIFEST, read_manifest, read_rows
from records.keys import load_master_key
from records.open import open_records
from records.verify import open_head, verify_bytes
from schemas.errors import RogatoryError
from schemas.messages import Head
from schemas.moves import Actor
from schemas.settings import Settings, settings_of
from tests.letters.correspondents import DE, DE_KEY, NOW, TRUST
from tests.letters.make_golden_papers import FOLDER
from tests.letters.provider_cases import provider


def targets(scratch: Path) -> list[Target]:
    """The parsers of this module."""
    made = _house(scratch / "house")
    book = json.dumps({"providers": [json.loads(provider().model_dump_json())]}).encode()
    key = make_key("de")
    private = {**key.public, "d": key.jwk.as_dict(private=True)["d"], "kid": key.kid, "house": "de"}
    document = (made.keys / "document.key.pem").read_bytes()
    export, head = _export(made)
    at = scratch / "files" / str(os.getpid())
    return [
        Target(
            "trust-list",
            _in(at, "trust.json", TrustList.load),
            [(FOLDER / "trust.json").read_bytes()],
            json_spoiled,
            25,
            {"letters.trust": ("with_house", "with_stamper", "ended", "save", "_merged", "cut", "holder")},
        ),
        Target(
            "house-card",
            lambda data: keyring._read_card(data.decode("utf-8", "replace").strip(), made),
            [DE.model_dump_json().encode()],
            json_spoiled,
            60,
            {},
        ),
        Target(
            "provider-book",
            _in(at, "providers.json", ProviderBook.load),
            [book],
            json_spoiled,
            20,
            {
                "letters.providers": (
                    "save",
                    "with_provider",
                    "required",
                    "token",
                    "_no_token",
                    "endpoint",
                    "us",
                )
            },
        ),
        Target(
            "signing-key",
            _in(at, "signing.json", load_key),
            [json.dumps(private).encode()],
            json_spoiled,
            15,
            {"letters.seal": ("make_key", "new_key", "sign", "seal", "_signed", "public")},
        ),
        Target("private-key", _in(at, "document.key.pem", _private), [document], pem_spoiled, 15, {}),
        Target("house-certificate", _in(at, "document.pem", _public), [_pem(made)], pem_spoiled, 12, {}),
        Target(
            "token-address",
            lambda data: address(data.decode("utf-8", "replace")),
            [b"pkcs11:token=a;object=b?module-path=/x.so"],
            bytes_spoiled,
            50,
            {},
        ),
        Target(
            "settings",
            _in(at, "house.toml", _settings),
            [_toml(made)],
            lines_spoiled,
            12,
            {},
        ),
        Target(
            "refused-hashes",
            _in(
                at,
                "hashes.txt",
                lambda file: refused_hashes.list_of(made.model_copy(update={"refused_hashes": file})),
            ),
            [b"# list\n" + b"0" * 64 + b"\n" + b"ab" * 16],
            lines_spoiled,
            40,
            {"desk.refused_hashes": ("refused_hash", "check_content")},
        ),
        Target(
            "ledger-export",
            lambda data: _ledger(data, head),
            [export, head.encode()],
            _export_spoiled,
            25,
            {"records.verify": ()},
        ),
        Target(
            "ledger-keys",
            _in(at, "keys.json", ledger_words._jwks),
            [(FOLDER / "trust.json").read_bytes(), json.dumps({DE_KEY.kid: DE_KEY.public}).encode()],
            json_spoiled,
            10,
            {},
        ),
        Target(
            "ledger-head",
            _in(at, "head.json", ledger_words._head_in),
            [json.dumps({"head": head}).encode()],
            json_spoiled,
            10,
            {},
        ),
        Target(
            "backup",
            _in(at, "backup.tar.gz", _backup),
            [_tar(), _tar("w:")],
            bytes_spoiled,
            12,
            {"records.archive": ("add", "add_file", "finish", "_write", "unpack_vault", "unpack_temporal")},
        ),
    ]


def _house(home: Path) -> Settings:
    if not (home / "house.toml").is_file():
        new_house(home, "us", "US", "House of the fuzzer", "America/New_York")
        new_document_key(home / "keys")
    return settings_of(home)


def _settings(file: Path) -> Settings:
    """Reading a house names it to the process: the other parsers must not read this one after it."""
    before = os.environ.get("ROGATORY_HOME")
    try:
        return settings_of(file.parent)
    finally:
        if before is None:
            os.environ.pop("ROGATORY_HOME", None)
        else:
            os.environ["ROGATORY_HOME"] = before


def _toml(made: Settings) -> bytes:
    return (
        made.home / "house.toml"
    ).read_bytes() + b'function_mail = {police = ["a@b.example"]}\n[escalation]\n'


def _pem(made: Settings) -> bytes:
    if not (made.keys / "document.pem").is_file():
        keyring.certify(made, 3650)
    return (made.keys / "document.pem").read_bytes()


def _export(made: Settings) -> tuple[bytes, str]:
    records = open_records(made)
    try:
        records.ledger.note("house", _actor(), "refused", {"code": "invented"}, NOW)
        lines = "".join(f"{line}\n".replace("\n\n", "\n") for line in records.ledger.export())
    finally:
        records.close()
    first = json.loads(lines.split("\n", 1)[0])
    head = Head.model_validate(
        {"house": "de", "count": first["count"], "root": f"sha256:{first['root']}", "at": NOW}
    )
    return lines.encode(), seal(head, DE_KEY)


def _actor() -> Actor:
    return Actor(id="house", house="us")


def _in(folder: Path, name: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
    """Reads the input as a file of that name. Each process has a folder of its own."""

    def run(data: bytes) -> object:
        own = folder.with_name(str(os.getpid()))
        own.mkdir(parents=True, exist_ok=True)
        file = own / name
        file.write_bytes(data)
        file.chmod(0o600)
        return read(file)

    return run


def _private(file: Path) -> object:
    folder = file.parent
    (folder / "mail.key.pem").write_bytes(file.read_bytes())
    (folder / "mail.key.pem").chmod(0o600)
    (folder / "mail.pem").write_bytes(b"")
    (folder / "master.key").write_bytes(file.read_bytes()[:60])
    (folder / "master.key").chmod(0o600)
    for read in (load_mail_key, load_master_key):
        try:
            read(folder)
        except RogatoryError:
            continue
    return load_document_key(folder)


def _public(file: Path) -> object:
    pem = load_certificate(file.parent)
    return check_certificate(pem, None, "file")


def _ledger(data: bytes, head: str) -> object:
    jwks = {key.kid: key.jwk.model_dump() for house in TRUST.houses for key in house.keys}
    verify_bytes(data, head, jwks)
    open_head(data.decode("utf-8", "replace"), jwks)
    return verified(data, TRUST, companion=head.encode(), at=NOW)


def _export_spoiled(data: bytes, other: bytes, chance: Any) -> bytes:
    """One line of an export changed as the JSON it is, or all of it as lines."""
    lines = data.split(b"\n")
    if chance.random() < 0.5 or len(lines) < 2:
        return lines_spoiled(data, other, chance)
    place = chance.randrange(len(lines))
    value = json_spoiled(lines[place], lines[0], chance)
    with suppress(ValueError, RecursionError):
        value = json.dumps(json.loads(value), sort_keys=True, separators=(",", ":")).encode()
    return b"\n".join([*lines[:place], value, *lines[place + 1 :]])


def _tar(mode: Any = "w:gz") -> bytes:
    """A backup with a table and a document, packed or not: read by the one reader."""
    import hashlib

    out = io.BytesIO()
    rows, name = b'{"ref": "a"}\n', f"vault/{'a' * 64}/{'b' * 64}"
    told = {
        "type": "rogatory/backup/1",
        "house": "us",
        "schema_revision": "0001",
        "master": "x",
        "made": "y",
        "rows": {"cases": 1},
        "files": {
            "tables/cases.jsonl": hashlib.sha256(rows).hexdigest(),
            name: hashlib.sha256(b"z").hexdigest(),
        },
    }
    with tarfile.open(fileobj=out, mode=mode) as tar:
        for member, content in (
            ("tables/cases.jsonl", rows),
            (name, b"z"),
            (MANIFEST, json.dumps(told).encode()),
        ):
            info = tarfile.TarInfo(member)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


def _backup(file: Path) -> object:
    import gzip

    content = file.read_bytes()
    if not content.startswith(b"\x1f\x8b"):
        # spoiled before it was packed: the check sum of the packing does not end the reading
        file.write_bytes(gzip.compress(content, 1))
    read_manifest(file)
    return list(read_rows(file))
