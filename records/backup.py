"""How are the records carried to another machine or another database? One file, checked before it is used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from schemas.settings import Settings

if TYPE_CHECKING:
    from records.open import Records


def backup(records: Records, target: Path, temporal_db: Path | None = None) -> dict[str, int]:
    """Write everything kept (tables, vault, Temporal's SQLite file if given) to `target` (tar.gz).

    While the house runs. Case keys are inside only as wrapped by the master key; the master key, the signing
    key and the trust list are never inside. Returns counts by table, and `documents`.
    """
    raise NotImplementedError


def restore(
    settings: Settings, source: Path, temporal_db: Path | None = None, *, replace: bool = False
) -> dict[str, int]:
    """Fill the house of `settings` from a backup; nothing changes unless all of it can be.

    The house's processes must be stopped. Raises Conflict for a house that is not empty (unless `replace`), or
    one with another master key; BadData for a damaged file.
    """
    raise NotImplementedError
