"""Does everything come back from a backup, on either database, and nothing from a damaged one?"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from records import backup as module
from records.archive import Manifest, read_manifest
from records.backup import backup, restore
from records.claim import alone
from records.held import FOLDER, HeldItem, standing
from records.open import Records, new_house, open_records
from records.restored import restored
from schemas.errors import BadData, Conflict, NotFound, Unavailable
from schemas.settings import Settings
from schemas.vocabulary import Kind, Role
from tests.postgres import PostgresServer
from tests.records.papers import (
    ANNA,
    BEN,
    HOUSE,
    SECRET,
    START,
    Signer,
    closed,
    filed,
    hold,
    moment,
    state_of,
    work_of,
)

SIGNER = Signer()


def lived(records: Records) -> str:
    """A house in which something happened; the reference of its open case."""
    ref = filed(records, 3)
    closed(records)
    records.vault.put(ref, SECRET.encode() * 100)
    records.vault.put(ref, b"")
    records.ledger.note(ref, ANNA, "viewed", {"field": "victims"}, moment(5))
    records.accounts.add("anna", [Role.OFFICER])
    records.attempts.begin("k", "anna", "file", "d")
    records.heads.current(SIGNER.sign)
    return ref


def content(records: Records) -> dict[str, object]:
    """All that can be read in a house."""
    rows = records.docket.find().rows
    return {
        "rows": rows,
        "states": [records.states.latest(row.ref) for row in rows],
        "entries": [records.ledger.entries(row.ref) for row in rows],
        "export": list(records.ledger.export()),
        "documents": [records.vault.digests(row.ref) for row in rows],
        "accounts": records.accounts.all(),
        "heads": records.heads.all(),
    }


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path) -> Settings:
    """A house of the same name and master key on another machine, on SQLite."""
    home = tmp_path / "elsewhere"
    made = settings.model_copy(update={"home": home, "database_url": f"sqlite:///{home / 'records.sqlite'}"})
    shutil.copytree(settings.keys, made.keys)
    return made


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def anywhere(request: pytest.FixtureRequest, elsewhere: Settings) -> Settings:
    """The same, on each kind of database in turn."""
    if request.param == "sqlite":
        return elsewhere
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return elsewhere.model_copy(update={"database_url": server.empty("second")})


@pytest.fixture
def taken(records: Records, tmp_path: Path) -> Path:
    """A backup of a house in which something happened."""
    lived(records)
    path = tmp_path / "backups" / "house.tar.gz"
    backup(records, path)
    return path


def members(path: Path) -> Iterator[tuple[str, bytes]]:
    """What a backup holds."""
    with tarfile.open(path) as tar:
        for member in tar:
            file = tar.extractfile(member)
            yield member.name, file.read() if file else b""


def write(path: Path, content: list[tuple[str, bytes]]) -> None:
    """Write a tar.gz with these members."""
    with tarfile.open(path, "w:gz") as tar:
        for name, text in content:
            info = tarfile.TarInfo(name)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text))


def rewritten(path: Path, changed: dict[str, bytes], *more: tuple[str, bytes]) -> None:
    """Write the backup again with other members."""
    write(path, [*((name, changed.get(name, text)) for name, text in members(path)), *more])


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


def test_an_occupied_house_is_left_alone_unless_told(
    records: Records, anywhere: Settings, taken: Path
) -> None:
    new_house_there(anywhere)
    there = open_records(anywhere)
    ref = filed(there, 2, ref="DE-OTHER")
    there.vault.put(ref, b"other")
    before = content(there)
    there.close()
    with pytest.raises(Conflict) as refused:
        restore(anywhere, taken)
    assert refused.value.code == "not-empty"
    assert seen(anywhere) == before
    restore(anywhere, taken, replace=True)
    assert seen(anywhere) == content(records)


def new_house_there(settings: Settings) -> None:
    """Make a house whose keys are there already."""
    open_records(settings).close()


def seen(settings: Settings) -> dict[str, object]:
    """All that can be read in a house that is shut."""
    records = open_records(settings)
    assert records.verify() == []
    found = content(records)
    records.close()
    return found


def test_a_damaged_file_is_refused_before_anything_is_touched(elsewhere: Settings, taken: Path) -> None:
    whole = taken.read_bytes()
    damaged = [whole[: len(whole) // 2], b""]
    for place in (0.05, 0.3, 0.6, 0.95):
        raw = bytearray(whole)
        raw[int(len(raw) * place)] ^= 0x55
        damaged.append(bytes(raw))
    for content_of_file in damaged:
        taken.write_bytes(content_of_file)
        with pytest.raises(BadData) as refused:
            restore(elsewhere, taken)
        assert refused.value.code == "bad-backup"
        assert [path.name for path in elsewhere.home.iterdir()] == ["keys"]


def test_changed_added_and_missing_members_are_refused(elsewhere: Settings, taken: Path) -> None:
    original = taken.read_bytes()
    ledger = dict(members(taken))["tables/ledger.jsonl"]
    manifest = Manifest.model_validate_json(dict(members(taken))["manifest.json"])
    lacking = manifest.model_copy(update={"files": {**manifest.files, "tables/none.jsonl": "0" * 64}})
    attempts: list[tuple[dict[str, bytes], list[tuple[str, bytes]]]] = [
        ({"tables/ledger.jsonl": ledger[:-1]}, []),
        ({"manifest.json": lacking.model_dump_json().encode()}, []),
        ({"manifest.json": b"{}"}, []),
        ({}, [("late.txt", b"")]),
    ]
    for changed, more in attempts:
        taken.write_bytes(original)
        rewritten(taken, changed, *more)
        with pytest.raises(BadData):
            restore(elsewhere, taken)


@pytest.mark.parametrize("name", ["../outside", "/etc/x", "vault/../../x", "vault/ab/cd", "tables/a/b.jsonl"])
def test_a_member_with_a_wrong_name_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "b.tar.gz"
    manifest = Manifest(
        type="rogatory/backup/1",
        house=HOUSE,
        schema_revision="0001",
        master="",
        made="",
        rows={},
        files={name: hashlib.sha256(b"").hexdigest()},
    )
    listed = manifest.model_dump_json().encode()
    write(path, [(name, b""), ("manifest.json", listed)])
    with pytest.raises(BadData, match="does not belong"):
        read_manifest(path)
    # a good name passes, so it is the name that is refused
    listed = listed.replace(name.encode(), b"tables/x.jsonl")
    write(path, [("tables/x.jsonl", b""), ("manifest.json", listed)])
    assert read_manifest(path).house == HOUSE


def test_what_cannot_be_restored_here_is_refused(taken: Path, elsewhere: Settings, tmp_path: Path) -> None:
    with pytest.raises(Conflict) as refused:
        restore(elsewhere.model_copy(update={"house": "fr-office"}), taken)
    assert refused.value.code == "other-house"
    with pytest.raises(NotFound):
        restore(elsewhere, tmp_path / "nothing.tar.gz")
    fresh = Settings(home=tmp_path / "fresh", house=HOUSE, state="DE")
    new_house(fresh)
    with pytest.raises(Conflict) as refused:
        restore(fresh, taken)
    assert refused.value.code == "other-master-key"
    text = json.loads(dict(members(taken))["manifest.json"])
    rewritten(taken, {"manifest.json": json.dumps({**text, "schema_revision": "9999"}).encode()})
    with pytest.raises(BadData) as newer:
        restore(elsewhere, taken)
    assert newer.value.code == "newer-schema"


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
