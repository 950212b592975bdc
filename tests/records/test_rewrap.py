"""Does a new master key take over every case key, and is none lost if that is interrupted anywhere?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from records import rewrap
from records.backup import backup, restore
from records.keys import MASTER_FILE, NEXT_FILE, load_master_key, master_id, masters, new_master_key, old_file
from records.open import open_records
from records.rewrap import rotate_master
from records.tables import CASE_KEYS
from schemas.errors import BadData, BadInput, Conflict, NotFound
from schemas.settings import Settings
from tests.records.papers import key_destroyed

REFS = [f"DE-{number}" for number in range(1, 8)]


def filled(settings: Settings) -> dict[str, bytes]:
    """Cases with a secret each, and one that was destroyed; what was encrypted, by case."""
    records = open_records(settings)
    try:
        for ref in REFS:
            records.keys.create(ref)
        boxes = {ref: records.keys.encrypt(ref, ref.encode()) for ref in REFS}
        key_destroyed(records, REFS[0])
        return boxes
    finally:
        records.close()


def all_open(settings: Settings, boxes: dict[str, bytes]) -> set[str]:
    """The ids of the master keys that wrap the keys; every case is read on the way."""
    records = open_records(settings)
    try:
        for ref in REFS[1:]:
            assert records.keys.decrypt(ref, boxes[ref]) == ref.encode()
        with pytest.raises(NotFound) as gone:
            records.keys.get(REFS[0])
        assert gone.value.code == "erased"
        with records.database.read() as connection:
            kept = select(CASE_KEYS.c.master).where(CASE_KEYS.c.wrapped.is_not(None))
            return set(connection.execute(kept).scalars())
    finally:
        records.close()


def test_every_key_comes_under_the_new_master_key(settings: Settings) -> None:
    boxes = filled(settings)
    old = load_master_key(settings.keys)
    done = rotate_master(settings)
    new = load_master_key(settings.keys)
    assert new != old
    assert done.master == master_id(new)
    assert done.wrapped == len(REFS) - 1 + 1  # and the house's own
    assert all_open(settings, boxes) == {master_id(new)}
    assert done.old == settings.keys / old_file(old)
    assert done.old.stat().st_mode & 0o077 == 0
    done.old.unlink()
    assert all_open(settings, boxes) == {master_id(new)}
    assert not (settings.keys / NEXT_FILE).exists()


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_interrupted_anywhere_it_goes_on_and_the_house_can_be_used(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    boxes = filled(settings)
    old = load_master_key(settings.keys)
    monkeypatch.setattr(rewrap, "AT_ONCE", 2)
    steps = 0
    honest = rewrap._some

    def dying(*given: Any) -> int:
        nonlocal steps
        steps += 1
        if steps > after:
            raise KeyboardInterrupt
        return honest(*given)

    monkeypatch.setattr(rewrap, "_some", dying)
    with pytest.raises(KeyboardInterrupt):
        rotate_master(settings)
    assert load_master_key(settings.keys) == old
    begun = load_master_key(settings.keys, NEXT_FILE)
    expected = {master_id(old)} if after == 0 else {master_id(old), master_id(begun)}
    assert all_open(settings, boxes) == expected
    monkeypatch.setattr(rewrap, "_some", honest)
    done = rotate_master(settings)
    assert done.master == master_id(begun)
    assert done.wrapped == len(REFS) - 2 * after
    assert all_open(settings, boxes) == {done.master}


def test_interrupted_while_the_keys_change_places(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes = filled(settings)
    honest = Path.replace

    def dying(path: Path, target: Path) -> Path:
        if path.name == NEXT_FILE:
            raise KeyboardInterrupt
        return honest(path, target)

    monkeypatch.setattr(Path, "replace", dying)
    with pytest.raises(KeyboardInterrupt):
        rotate_master(settings)
    monkeypatch.setattr(Path, "replace", honest)
    begun = master_id(load_master_key(settings.keys, NEXT_FILE))
    assert all_open(settings, boxes) == {begun}
    assert rotate_master(settings).master == begun
    assert master_id(load_master_key(settings.keys)) == begun


def test_not_while_the_house_runs(settings: Settings) -> None:
    records = open_records(settings)
    try:
        with pytest.raises(Conflict) as caught:
            rotate_master(settings)
        assert caught.value.code == "running"
    finally:
        records.close()
    assert not (settings.keys / NEXT_FILE).exists()


def test_a_damaged_key_stops_it_and_the_old_master_key_stays(settings: Settings) -> None:
    filled(settings)
    old = load_master_key(settings.keys)
    records = open_records(settings)
    damage = update(CASE_KEYS).where(CASE_KEYS.c.ref == REFS[3]).values(wrapped=bytes(60))
    records.database.write(lambda connection: connection.execute(damage))
    records.close()
    with pytest.raises(BadData):
        rotate_master(settings)
    assert load_master_key(settings.keys) == old


def test_a_key_under_a_master_key_that_is_lost_stops_it(settings: Settings) -> None:
    filled(settings)
    (settings.keys / MASTER_FILE).unlink()
    new_master_key(settings.keys)
    with pytest.raises(BadInput, match="another master key"):
        rotate_master(settings)


def test_a_backup_of_before_can_be_restored_while_its_master_key_is_there(
    settings: Settings, tmp_path: Path
) -> None:
    boxes = filled(settings)
    archive = tmp_path / "backup.tar.gz"
    records = open_records(settings)
    backup(records, archive)
    records.close()
    old = load_master_key(settings.keys)
    done = rotate_master(settings)
    restore(settings, archive, replace=True)
    assert all_open(settings, boxes) >= {master_id(old)}
    assert set(masters(settings.keys)) == {done.master, master_id(old)}
    done.old.unlink()
    with pytest.raises(Conflict) as caught:
        restore(settings, archive, replace=True)
    assert caught.value.code == "other-master-key"
