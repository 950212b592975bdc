"""Does an operator seal letters and change keys, and does anybody check a file without a server?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desk.cli import made
from desk.cli.frame import run
from desk.house import introduce, new_house
from letters.seal import load_key, seal
from letters.trust import TrustList
from records.open import open_records
from schemas.ids import digest
from schemas.messages import Head, Receipt
from schemas.settings import settings_of
from tests.letters.sealing import page, stamper, stranger
from tests.letters.stamping import Authority, served


class Desk:
    """The command line on a machine with two houses."""

    def __init__(self, var: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.var = var
        self._capsys = capsys

    def __call__(self, *words: str | Path) -> tuple[int, Any]:
        """Exit status and answer (--json) of one command."""
        code = run(made(), [*map(str, words), "--json"])
        return code, json.loads(self._capsys.readouterr().out)

    def says(self, *words: str | Path) -> tuple[int, str]:
        """Exit status and text of one command."""
        code = run(made(), list(map(str, words)))
        told = self._capsys.readouterr()
        return code, told.out + told.err

    def trust(self, house: str) -> Path:
        return self.var / house / "keys" / "trust.json"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.setenv("ROGATORY_HOME", str(tmp_path))
    monkeypatch.setenv("ROGATORY_VAR", str(tmp_path))
    for house, state in (("de", "DE"), ("us", "US")):
        new_house(tmp_path / house, house, state, f"Office of {state}")
    return Desk(tmp_path, capsys)


def sealed_letter(desk: Desk, by: Authority, requesting: str = "DE") -> Path:
    """A letter of DE, sealed by its command with a stamp of `by`."""
    plain, out = desk.var / "plain.pdf", desk.var / "letter.pdf"
    plain.write_bytes(page(requesting))
    with served(by.answer) as url:
        toml = desk.var / "de" / "house.toml"
        toml.write_text(toml.read_text() + f'tsa_url = "{url}"\n')
        code, told = desk("house", "seal", plain, out)
    assert code == 0, told
    return out


def check_codes(told: dict[str, Any]) -> set[str]:
    """Codes of all checks that do not hold."""
    found = {told["code"]} if told["verdict"] != "yes" and "code" in told else set()
    return found.union(*(check_codes(child) for child in told.get("checks", ())))


def test_a_letter_goes_from_one_house_to_the_other(desk: Desk) -> None:
    code, told = desk("house", "certificate", "--home", "de")
    assert code == 0
    assert len(told["fingerprint"]) == 64
    letter = sealed_letter(desk, stamper())
    root, card = desk.var / "root.pem", desk.var / "card.json"
    root.write_text(stamper().root)
    # Before the other house knows anything: told, but not believed.
    code, told = desk("verify", letter, "--trust", desk.trust("us"))
    assert (code, told["verdict"]) == (1, "no")
    assert check_codes(told["checks"]) >= {"unknown-certificate", "unknown-stamper"}
    assert desk("house", "card", "--out", card)[0] == 0
    assert desk("house", "trust", card, "--home", "us")[0] == 0
    assert desk("house", "trust", root, "--stamper", "Stamps", "--home", "us")[0] == 0
    code, told = desk("verify", letter, "--trust", desk.trust("us"), "--from", "de")
    assert (code, told["verdict"], told["kind"]) == (0, "yes", "letter")
    (one,) = told["signed"]
    assert (one["house"], one["state"], one["time"]) == ("de", "DE", "time stamp of Stamps")
    code, text = desk.says("verify", letter, "--trust", desk.trust("us"))
    assert code == 0
    assert "Office of DE" in text


def test_what_is_wrong_with_a_letter_is_said(desk: Desk) -> None:
    desk("house", "certificate")
    letter = sealed_letter(desk, stranger())
    root = desk.var / "root.pem"
    root.write_text(stamper().root)
    desk("house", "trust", root, "--stamper", "Stamps")
    trust = ("--trust", desk.trust("de"))
    code, told = desk("verify", letter, *trust)
    assert (code, check_codes(told["checks"])) == (1, {"unknown-stamper"})
    root.write_text(stranger().root)
    desk("house", "trust", root, "--stamper", "Another")
    assert desk("verify", letter, *trust)[0] == 0
    code, told = desk("verify", letter, *trust, "--from", "us")
    assert (code, check_codes(told["checks"])) == (1, {"wrong-house"})
    good = letter.read_bytes()
    letter.write_bytes(good[:400] + bytes([good[400] ^ 1]) + good[401:])
    code, told = desk("verify", letter, *trust)
    assert code in (1, 2)
    assert code == 2 or check_codes(told["checks"]) == {"altered"}
    letter.write_bytes(good + b"more")
    code, text = desk.says("verify", letter, *trust)
    assert code == 1
    assert "[altered]" in text
    other = desk.var / "other.txt"
    other.write_text("nothing")
    assert desk("verify", other)[0] == 2
    assert desk("verify", letter, "--trust", other)[0] == 2


def test_a_certificate_is_renewed_and_the_old_letters_stay_good(desk: Desk) -> None:
    _, first = desk("house", "certificate")
    letter = sealed_letter(desk, stamper())
    root = desk.var / "root.pem"
    root.write_text(stamper().root)
    desk("house", "trust", root, "--stamper", "Stamps")
    code, second = desk("house", "certificate", "--new-key")
    assert code == 0
    assert second["fingerprint"] != first["fingerprint"]
    trust = ("--trust", desk.trust("de"))
    assert desk("verify", letter, *trust)[0] == 0
    # Revoked from now on: what was stamped before stays good. From before the stamp on: it does not.
    assert desk("house", "revoke-key", first["fingerprint"][:16])[0] == 0
    assert desk("verify", letter, *trust)[0] == 0
    assert desk("house", "revoke-key", first["fingerprint"][:16], "--at", "2020-01-01T00:00:00+00:00")[0] == 0
    code, told = desk("verify", letter, *trust)
    assert (code, check_codes(told["checks"])) == (1, {"key-not-valid"})
    assert desk("house", "revoke-key", "unknown")[0] == 1
    assert desk("house", "revoke-key", first["fingerprint"][:16], "--at", "yesterday")[0] == 2


def test_a_request_for_a_certificate_goes_out_and_a_wrong_one_is_not_taken(desk: Desk) -> None:
    csr, wrong = desk.var / "house.csr", desk.var / "wrong.pem"
    assert desk("house", "certificate", "--request", csr)[0] == 0
    assert "BEGIN CERTIFICATE REQUEST" in csr.read_text()
    wrong.write_text(stamper().root)
    assert desk("house", "certificate", "--take", wrong)[0] == 2
    wrong.write_text("no certificate")
    assert desk("house", "certificate", "--take", wrong)[0] == 2
    assert desk("house", "trust", wrong)[0] == 1
    assert desk("house", "trust", wrong, "--stamper", "x")[0] == 2


def test_a_house_changes_its_key_and_the_other_follows(desk: Desk) -> None:
    introduce(desk.var / "de", desk.var / "us")
    keys = desk.var / "de" / "keys"
    old = load_key(keys / "signing.json")
    before = receipt_by(old)
    change, message = desk.var / "change.jws", desk.var / "receipt.jws"
    assert desk("house", "rotate-key", "--use")[0] == 1
    assert desk("house", "rotate-key", "--out", change)[0] == 0
    # Told, not used yet; told again, the same.
    assert load_key(keys / "signing.json").kid == old.kid
    assert desk("house", "rotate-key")[1]["change"] == change.read_text().strip()
    code, told = desk("verify", change, "--trust", desk.trust("us"))
    assert (code, told["kind"]) == (0, "key-change")
    assert desk("house", "trust", change, "--home", "us")[0] == 0
    code, told = desk("house", "rotate-key", "--use")
    new = load_key(keys / "signing.json")
    assert (code, told["key"]) == (0, new.kid)
    assert new.kid != old.kid
    for key in (old, new):
        message.write_text(receipt_by(key))
        for house in ("de", "us"):
            assert desk("verify", message, "--trust", desk.trust(house))[0] == 0, (key.kid, house)
    # The old key is revoked: a receipt under it proves nothing by its own word any more.
    assert desk("house", "revoke-key", old.kid, "--home", "us", "--of", "de")[0] == 0
    message.write_text(before)
    code, told = desk("verify", message, "--trust", desk.trust("us"))
    assert code == 1
    # The key in use cannot be revoked by mistake.
    assert desk("house", "revoke-key", new.kid)[0] == 1
    assert TrustList.load(desk.trust("us")).house("de") is not None


def receipt_by(key: Any) -> str:
    """A receipt by this key of DE."""
    made = Receipt(message="us.m1", of=digest(b"x"), house="de", event="delivered", at=datetime.now(UTC))
    return seal(made, key)


def test_a_ledger_export_is_whole_and_somebodys(desk: Desk) -> None:
    settings = settings_of(desk.var / "de")
    key = load_key(settings.keys / "signing.json")
    records = open_records(settings)
    try:
        export = desk.var / "ledger.jsonl"
        export.write_text("".join(f"{line}\n".replace("\n\n", "\n") for line in records.ledger.export()))
    finally:
        records.close()
    first = json.loads(export.read_text().splitlines()[0])
    head = desk.var / "head.jws"
    told = {"house": "de", "count": first["count"], "root": f"sha256:{first['root']}"}
    head.write_text(
        seal(
            Head.model_validate(
                {**told, "at": TrustList.load(desk.trust("de")).houses[0].keys[0].valid_from}
            ),
            key,
        )
    )
    code, found = desk("verify", export)
    assert (code, found["verdict"], check_codes(found["checks"])) == (1, "unknown", {"no-head"})
    code, found = desk("verify", export, "--with", head)
    assert (code, found["kind"], found["signed"][0]["house"]) == (0, "ledger", "de")
    export.write_text(export.read_text().replace(first["root"], "0" * 64))
    code, found = desk("verify", export, "--with", head)
    assert (code, found["verdict"]) == (1, "no")


def test_the_master_key_is_changed_by_one_command(desk: Desk) -> None:
    code, told = desk("keys", "rotate", "--home", "de")
    assert code == 0
    assert told["wrapped"] == 1
    assert Path(told["old"]).is_file()
    open_records(settings_of(desk.var / "de")).close()
