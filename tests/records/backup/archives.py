"""A house in which something happened, what can be read in one, and the members of its backup."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

from records.open import Records, open_records
from schemas.settings import Settings
from schemas.vocabulary import Role
from tests.records.papers import ANNA, SECRET, Signer, closed, filed, moment

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
