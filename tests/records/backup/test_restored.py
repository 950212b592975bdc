"""What holds after a restore: what was erased, what broke off, who may run?"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from records import backup as module
from records.backup import backup, restore
from records.claim import alone
from records.held import FOLDER
from records.open import Records, open_records
from records.restored import restored
from schemas.errors import Conflict, NotFound, Unavailable
from schemas.settings import Settings
from tests.records.backup.archives import SIGNER, content, new_house_there, seen
from tests.records.papers import ANNA, BEN, closed, filed, hold, moment


def test_a_case_erased_after_the_backup_stays_erased(
    records: Records, elsewhere: Settings, tmp_path: Path
) -> None:
    ref = closed(records)
    item = hold(records, ref, "image-1")
    path = tmp_path / "b.tar.gz"
    assert backup(records, path)["items"] == 1
    records.cases.request_erasure(ref, ANNA, "court order", moment(9))
    certificate = records.cases.confirm_erasure(ref, BEN, SIGNER.sign, moment(9))
    shutil.copy(records.settings.keys / "erased.jsonl", elsewhere.keys)
    restore(elsewhere, path)
    back = open_records(elsewhere)
    with pytest.raises(NotFound) as refused:
        back.states.latest(ref)
    assert refused.value.code == "erased"
    assert back.cases.certificate(ref) == certificate
    assert not item.exists()
    assert list((elsewhere.home / FOLDER).glob("*")) == []
    assert back.ledger.entries(ref)[-1].event == "erased"
    assert back.verify() == []
    back.close()


def test_a_restore_that_breaks_while_filling_leaves_the_house_as_it_was(
    records: Records, anywhere: Settings, taken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_house_there(anywhere)
    there = open_records(anywhere)
    there.vault.put(filed(there, 2, ref="DE-OTHER"), b"other")
    before = content(there)
    there.close()
    fill = module._fill

    def broken(*given: object) -> None:
        fill(*given)  # type: ignore[arg-type]  # handed on as it came
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr(module, "_fill", broken)
    with pytest.raises(RuntimeError):
        restore(anywhere, taken, replace=True)
    assert seen(anywhere) == before
    assert not restored(anywhere.home / "vault").exists()


@pytest.mark.parametrize("step", ["before", "between", "after"])
def test_a_restore_that_breaks_while_ending_is_ended_by_the_next_start(
    records: Records, elsewhere: Settings, taken: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    new_house_there(elsewhere)
    there = open_records(elsewhere)
    there.vault.put(filed(there, 2, ref="DE-OTHER"), b"other")
    there.close()

    def stops(_settings: Settings) -> Records:
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr(module, "open_records", stops)
    with pytest.raises(RuntimeError):
        restore(elsewhere, taken, replace=True)
    monkeypatch.undo()
    vault = elsewhere.home / "vault"
    if step != "before":
        vault.rename(vault.with_name("vault.replaced"))
    if step == "after":
        restored(vault).rename(vault)
    assert seen(elsewhere) == content(records)
    assert sorted(path.name for path in elsewhere.home.glob("vault*"))[0] == "vault"
    assert not restored(vault).exists()


def test_a_house_that_runs_is_not_restored_into(elsewhere: Settings, taken: Path) -> None:
    there = open_records(elsewhere)
    before = content(there)
    with pytest.raises(Conflict) as caught:
        restore(elsewhere, taken, replace=True)
    assert caught.value.code == "running"
    assert content(there) == before
    there.close()
    with alone(elsewhere.home), pytest.raises(Unavailable, match="being restored"):
        open_records(elsewhere)
    restore(elsewhere, taken, replace=True)
    assert seen(elsewhere) != before


def test_temporal_s_file_travels_along(records: Records, elsewhere: Settings, tmp_path: Path) -> None:
    live, path, target = (
        tmp_path / "temporal.sqlite",
        tmp_path / "b.tar.gz",
        elsewhere.home / "t" / "temporal.sqlite",
    )
    with pytest.raises(NotFound):
        backup(records, path, live)
    with closing(sqlite3.connect(live)) as engine:
        engine.execute("PRAGMA journal_mode=WAL")
        engine.execute("CREATE TABLE history (event TEXT)")
        engine.execute("INSERT INTO history VALUES ('started')")
        engine.commit()
        # while the engine has it open, and part of it lies in its log only
        backup(records, path, live)
    target.parent.mkdir(parents=True)
    target.with_name("temporal.sqlite-wal").write_bytes(b"of another file")
    restore(elsewhere, path, target)
    with closing(sqlite3.connect(target)) as engine:
        assert engine.execute("SELECT event FROM history").fetchall() == [("started",)]
    with pytest.raises(Conflict) as refused:
        restore(elsewhere, path, target)
    assert "temporal.sqlite" in str(refused.value)
