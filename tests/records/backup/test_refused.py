"""Is a house left as it was by a backup that is damaged, or of no use here?"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from records.archive import Manifest, read_manifest
from records.backup import restore
from records.open import Records, new_house, open_records
from schemas.errors import BadData, Conflict, NotFound
from schemas.settings import Settings
from tests.records.backup.archives import content, members, new_house_there, rewritten, seen, write
from tests.records.papers import HOUSE, filed


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
