"""Is an export checked offline, with a head in either form, and with the keys that are at hand?"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from desk.cli import made
from desk.cli.frame import run
from desk.house import introduce, new_house
from letters.seal import load_key, sign
from records.open import open_records
from schemas.settings import settings_of


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the house `de`, its export and its head in both forms."""
    monkeypatch.setenv("ROGATORY_HOME", os.fspath(tmp_path))
    for name in ("de", "us"):
        new_house(tmp_path / name, name, name.upper(), name)
    introduce(tmp_path / "de", tmp_path / "us")
    settings = settings_of(tmp_path / "de")
    records, key = open_records(settings), load_key(settings.keys / "signing.json")
    head = records.heads.current(lambda payload: sign(payload, key))
    (tmp_path / "ledger.jsonl").write_text("".join(line + "\n" for line in records.ledger.export()))
    records.close()
    (tmp_path / "head.jws").write_text(head + "\n")
    (tmp_path / "head.json").write_text(json.dumps({"head": head}))
    monkeypatch.setenv("ROGATORY_VAR", os.fspath(tmp_path))
    return tmp_path


@pytest.mark.parametrize("head", ["head.jws", "head.json"])
def test_the_keys_trusted_here_are_at_hand(kept: Path, head: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = run(made(), ["ledger", "verify", str(kept / "ledger.jsonl"), "--head", str(kept / head), "--json"])
    assert (told, json.loads(capsys.readouterr().out)["verdict"]) == (0, "yes")


def test_elsewhere_a_head_needs_keys(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROGATORY_VAR", str(kept / "nothing here"))
    asked = ["ledger", "verify", str(kept / "ledger.jsonl"), "--head", str(kept / "head.jws")]
    assert run(made(), asked) == 2
    assert "--keys" in capsys.readouterr().err
    trust = kept / "us" / "keys" / "trust.json"
    assert run(made(), [*asked, "--keys", str(trust)]) == 0
