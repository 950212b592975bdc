"""Does a document come back as it was put, or not at all?"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records.open import Records
from schemas.errors import BadData, NotFound, Unavailable
from schemas.ids import digest

ENDLESS_WRITER = """
import sys
from pathlib import Path
from records.open import open_records
from schemas.settings import Settings
records = open_records(Settings(home=Path(sys.argv[1]), house=sys.argv[2], database_url=sys.argv[3]))
number = 0
while True:
    number += 1
    records.vault.put("DE-1", str(number).encode() * 20000)
    print(number, flush=True)
"""


def files(records: Records) -> list[Path]:
    """What lies in the vault."""
    return sorted(path for path in (records.settings.home / "vault").rglob("*") if path.is_file())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=5000))
def test_what_is_put_comes_back(records: Records, content: bytes) -> None:
    records.keys.create("DE-1")
    name = records.vault.put("DE-1", content)
    assert name == digest(content)
    assert records.vault.get("DE-1", name) == content
    assert records.vault.has("DE-1", name)
    assert name in records.vault.digests("DE-1")


def test_on_disk_there_is_neither_content_nor_digest(records: Records) -> None:
    records.keys.create("DE-1")
    name = records.vault.put("DE-1", b"The account holder")
    for path in files(records):
        assert b"account" not in path.read_bytes()
        assert name.removeprefix("sha256:") not in str(path)
        assert "DE-1" not in str(path)


def test_a_folder_that_takes_nothing_is_told_and_can_be_tried_again(records: Records) -> None:
    records.keys.create("DE-1")
    folder = records.settings.home / "vault"
    folder.mkdir(exist_ok=True)
    folder.rename(folder.with_name("elsewhere"))
    folder.write_bytes(b"no folder")
    with pytest.raises(Unavailable, match="takes nothing") as caught:
        records.vault.put("DE-1", b"content")
    assert caught.value.retry
    folder.unlink()
    assert records.vault.get("DE-1", records.vault.put("DE-1", b"content")) == b"content"


def test_putting_again_writes_nothing(records: Records) -> None:
    records.keys.create("DE-1")
    records.vault.put("DE-1", b"content")
    before = [(path, path.stat().st_mtime_ns, path.stat().st_ino) for path in files(records)]
    records.vault.put("DE-1", b"content")
    assert [(path, path.stat().st_mtime_ns, path.stat().st_ino) for path in files(records)] == before


def test_a_document_of_one_case_is_not_there_for_another(records: Records) -> None:
    records.keys.create("DE-1")
    records.keys.create("DE-2")
    name = records.vault.put("DE-1", b"content")
    assert not records.vault.has("DE-2", name)
    with pytest.raises(NotFound):
        records.vault.get("DE-2", name)


def test_a_damaged_document_is_told(records: Records) -> None:
    records.keys.create("DE-1")
    first, second = records.vault.put("DE-1", b"one"), records.vault.put("DE-1", b"two")
    one, two = files(records)
    swapped = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(swapped[:-1])
    for name in (first, second):
        with pytest.raises(BadData):
            records.vault.get("DE-1", name)


def test_a_write_that_breaks_off_leaves_no_file(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    records.keys.create("DE-1")

    def broken(_self: Path, _target: Path) -> Path:
        raise OSError("the disk is full")

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(Unavailable, match="takes nothing"):
        records.vault.put("DE-1", b"content")
    monkeypatch.undo()
    assert files(records) == []
    assert not records.vault.has("DE-1", digest(b"content"))


@pytest.mark.kill
def test_after_a_kill_every_document_that_was_confirmed_is_whole(records: Records) -> None:
    records.keys.create("DE-1")
    at = records.settings
    process = subprocess.Popen(
        [sys.executable, "-c", ENDLESS_WRITER, str(at.home), at.house, at.database],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    told = [int(process.stdout.readline()) for _ in range(20)]
    process.send_signal(signal.SIGKILL)
    told += [int(line) for line in process.stdout.read().split()]
    process.stdout.close()
    process.wait(10)
    for number in told:
        content = str(number).encode() * 20000
        assert records.vault.get("DE-1", digest(content)) == content
    # and whatever else bears a name is whole as well
    assert len(records.vault.digests("DE-1")) >= len(told)
