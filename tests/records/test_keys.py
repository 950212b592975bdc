"""Does only the right key open, and nothing once it is destroyed?"""

from __future__ import annotations

import dataclasses
import stat

import pytest
from sqlalchemy import select

from records import keys as module
from records.keys import CaseKeys, load_master_key, new_master_key
from records.open import Records, open_records
from records.tables import CASE_KEYS
from schemas.errors import BadData, BadInput, Conflict, NotFound
from schemas.settings import Settings
from tests.records.papers import key_destroyed


def test_what_is_encrypted_opens_again_and_only_for_its_case(records: Records) -> None:
    records.keys.create("DE-1")
    records.keys.create("DE-2")
    box = records.keys.encrypt("DE-1", b"content")
    assert b"content" not in box
    assert box != records.keys.encrypt("DE-1", b"content")
    assert records.keys.decrypt("DE-1", box) == b"content"
    with pytest.raises(BadData):
        records.keys.decrypt("DE-2", box)
    for altered in (box[:-1], bytes([box[0] ^ 1]) + box[1:], box[:-1] + bytes([box[-1] ^ 1]), b""):
        with pytest.raises(BadData):
            records.keys.decrypt("DE-1", altered)


def test_a_key_is_made_once_and_the_same_for_every_process(records: Records) -> None:
    records.keys.create("DE-1")
    key = records.keys.get("DE-1")
    records.keys.create("DE-1")
    other = CaseKeys(records.database, records.settings.keys)
    other.create("DE-1")
    assert other.get("DE-1") == key
    assert len(key) == 32


def test_a_key_lies_in_the_database_wrapped(records: Records) -> None:
    records.keys.create("DE-1")
    with records.database.read() as connection:
        wrapped = connection.execute(select(CASE_KEYS.c.wrapped)).scalars().all()
    assert all(records.keys.get("DE-1") not in one for one in wrapped)


def test_an_unknown_case_has_no_key(records: Records) -> None:
    with pytest.raises(NotFound) as refused:
        records.keys.get("DE-1")
    assert refused.value.code == "not-found"


@pytest.mark.parametrize("ref", ["", "a", "../x", "house", "House", "x" * 65, "a b c", "näh"])
def test_what_no_case_may_be_called_gets_no_key(records: Records, ref: str) -> None:
    with pytest.raises(BadInput):
        records.keys.create(ref)


def test_a_destroyed_key_is_gone_everywhere(records: Records) -> None:
    records.keys.create("DE-1")
    other = CaseKeys(records.database, records.settings.keys)
    box = other.encrypt("DE-1", b"content")
    key_destroyed(records, "DE-1")
    for call in (lambda: records.keys.get("DE-1"), lambda: records.keys.create("DE-1")):
        with pytest.raises(NotFound) as refused:
            call()
        assert refused.value.code == "erased"
    # the other process may still know it, for a minute
    other._known["DE-1"] = dataclasses.replace(other._known["DE-1"], until=0.0)
    with pytest.raises(NotFound) as refused:
        other.decrypt("DE-1", box)
    assert refused.value.code == "erased"


def test_the_memory_for_keys_is_bounded(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED_KEYS", 3)
    for number in range(9):
        records.keys.create(f"DE-{number}")
        records.keys.get(f"DE-{number}")
        assert len(records.keys._known) <= 3


def test_the_master_key_is_for_its_owner_only(settings: Settings) -> None:
    path = settings.keys / "master.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(Conflict):
        new_master_key(settings.keys)
    path.chmod(0o640)
    with pytest.raises(BadInput):
        load_master_key(settings.keys)


@pytest.mark.parametrize("content", [b"", b"c2hvcnQ=", b"not base64 at all", b"\xff\xfe"])
def test_a_damaged_master_key_is_told(settings: Settings, content: bytes) -> None:
    (settings.keys / "master.key").write_bytes(content)
    with pytest.raises(BadInput):
        open_records(settings)


def test_without_its_master_key_the_house_stays_shut(settings: Settings) -> None:
    path = settings.keys / "master.key"
    path.rename(path.with_suffix(".aside"))
    with pytest.raises(BadInput):
        open_records(settings)
    new_master_key(settings.keys)
    with pytest.raises(BadInput) as refused:
        open_records(settings)
    assert "another master key" in str(refused.value)
