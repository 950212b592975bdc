"""Does everything come back from a backup, also of a house at work?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from records import backup as module
from records.backup import backup, restore
from records.held import FOLDER, HeldItem, standing
from records.open import Records, open_records
from schemas.errors import Conflict
from schemas.settings import Settings
from schemas.vocabulary import Kind
from tests.records.backup.archives import SIGNER, content, lived, members, rewritten
from tests.records.papers import START, filed, hold, state_of, work_of


def test_everything_comes_back(records: Records, anywhere: Settings, tmp_path: Path) -> None:
    ref = lived(records)
    path = tmp_path / "house.tar.gz"
    told = backup(records, path)
    assert (told["cases"], told["documents"], told["ledger"]) == (2, 2, 6)
    assert restore(anywhere, path) == told
    back = open_records(anywhere)
    assert content(back) == content(records)
    assert back.verify(records.heads.current(SIGNER.sign), SIGNER.keys) == []
    # and the house goes on: numbers, moves, and the guards of the ledger
    assert back.references.next(Kind.MLA, START.date()) == "DE-MLA-2026-00003"
    back.file(work_of(state_of(ref, 4)))
    assert back.verify() == []
    back.close()


def test_items_of_evidence_come_back_whole_or_as_far_as_they_were(
    records: Records, elsewhere: Settings, tmp_path: Path
) -> None:
    ref = lived(records)
    folders = [hold(records, ref, "image-1"), hold(records, ref, "image-2", whole=False)]
    # a piece whose digest is not written yet: what is here when a copy is made in the middle of an intake
    with (folders[1] / "pieces").open("ab") as file:
        file.write(b"half a piece")
    path = tmp_path / "house.tar.gz"
    told = backup(records, path)
    assert told["items"] == 2
    assert restore(elsewhere, path) == told
    back = open_records(elsewhere)
    home = elsewhere.home / FOLDER
    for folder in folders:
        there = home / folder.parent.name / folder.name
        assert files_of(there) == files_of(folder)
        item = HeldItem(there, ref, back.keys)
        about = item.about()
        assert about is not None
        assert about.whole is (folder is folders[0])
        assert item.cut(116) == 10
    back.close()
    with pytest.raises(Conflict) as refused:
        restore(elsewhere, path)
    assert FOLDER in refused.value.what


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_an_item_that_goes_or_grows_while_it_is_copied_is_copied_as_it_was(
    records: Records, tmp_path: Path
) -> None:
    ref = filed(records, 1)
    going, growing, begun = (hold(records, ref, f"image-{n}", whole=False) for n in (1, 2, 3))
    (begun / "digests").unlink()
    before = files_of(going), files_of(growing)
    copied = []
    for folder in (going, growing, begun):
        with standing(folder) as files:
            if folder is going:
                HeldItem(folder, ref, records.keys).drop()
            if folder is growing:
                HeldItem(folder, ref, records.keys).append([b"more"], [bytes(32)])
            copied.append({name: file.read(size) for name, file, size in files})
    assert copied == [*before, {}]


def test_a_backup_of_an_earlier_release_leaves_the_items_that_are_there(
    records: Records, elsewhere: Settings, taken: Path
) -> None:
    text = json.loads(dict(members(taken))["manifest.json"])
    del text["held"]
    rewritten(taken, {"manifest.json": json.dumps(text).encode()})
    folder = elsewhere.home / FOLDER / ("a" * 64) / ("b" * 64)
    folder.mkdir(parents=True)
    (folder / "about").write_bytes(b"copied beside the backup, as was told then")
    restore(elsewhere, taken, replace=True)
    assert files_of(folder)


def test_a_backup_is_for_its_owner_and_holds_no_key_and_no_content(records: Records, taken: Path) -> None:
    assert taken.stat().st_mode & 0o777 == 0o600
    names = dict(members(taken))
    keys = [path.read_bytes().strip() for path in records.settings.keys.iterdir()]
    assert keys
    for text in names.values():
        assert b"Mustermann" not in text
        assert all(key not in text for key in keys)
    assert list(names)[-1] == "manifest.json"
    assert [path.name for path in taken.parent.iterdir()] == [taken.name]


def test_a_backup_taken_while_the_house_works_is_whole(
    records: Records, elsewhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = filed(records, 1)
    write_table = module._write_table

    def busy(connection: object, table: object, path: Path) -> int:
        # between any two tables another move is filed, with a document
        move = records.states.latest(ref).move + 1
        sealed = records.vault.put(ref, str(move).encode())
        records.file(work_of(state_of(ref, move), sealed=sealed))
        return write_table(connection, table, path)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(module, "_write_table", busy)
    backup(records, tmp_path / "b.tar.gz")
    monkeypatch.undo()
    restore(elsewhere, tmp_path / "b.tar.gz")
    back = open_records(elsewhere)
    assert back.verify() == []
    assert back.states.latest(ref).move in (1, 2)
    back.close()
