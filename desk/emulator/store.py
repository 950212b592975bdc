"""What does the emulator remember? Objects, answers given and words still to be said, in an SQLite file."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS objects (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, generation INTEGER NOT NULL, changed TEXT NOT NULL,
    value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS answers (
    transaction_id TEXT PRIMARY KEY, digest TEXT NOT NULL, answer TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS words (
    number INTEGER PRIMARY KEY AUTOINCREMENT, due REAL, target TEXT NOT NULL, deed TEXT NOT NULL,
    detail TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """One object. `value`: plain JSON values; `kind`: word of the dictionary ObjectType."""

    id: str
    kind: str
    generation: int
    changed: datetime
    value: dict[str, Any]


class Store:
    """One file. Not safe to share between threads without a lock (`desk.emulator.provider` has one)."""

    def __init__(self, file: Path | str) -> None:
        self._connection = sqlite3.connect(str(file), check_same_thread=False, isolation_level=None)
        self._connection.executescript("PRAGMA journal_mode=WAL;" + _TABLES)

    def begin(self) -> None:
        """From here on all or nothing."""
        self._connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self._connection.execute("COMMIT")

    def rollback(self) -> None:
        self._connection.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()

    # --- objects --------------------------------------------------------------------------------------

    def get(self, named: str) -> Kept | None:
        """The object with this identifier."""
        row = self._connection.execute("SELECT * FROM objects WHERE id = ?", (named.lower(),)).fetchone()
        return None if row is None else _kept(row)

    def all(self) -> list[Kept]:
        """Every object, those changed first before those changed last."""
        return [_kept(row) for row in self._connection.execute("SELECT * FROM objects ORDER BY changed, id")]

    def put(self, named: str, kind: str, value: dict[str, Any]) -> Kept:
        """Keep the object; each time it is a generation older."""
        before = self.get(named)
        now = datetime.now(UTC).replace(microsecond=0)
        if before is not None and now < before.changed:
            now = before.changed
        kept = Kept(named.lower(), kind, (before.generation if before else 0) + 1, now, value)
        self._connection.execute(
            "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?)",
            (kept.id, kind, kept.generation, now.isoformat(), json.dumps(value)),
        )
        return kept

    # --- answers --------------------------------------------------------------------------------------

    def answer(self, transaction: str) -> tuple[str, str] | None:
        """Digest of the question, and the answer, of a transaction that was answered."""
        found = self._connection.execute(
            "SELECT digest, answer FROM answers WHERE transaction_id = ?", (transaction.lower(),)
        ).fetchone()
        return None if found is None else (str(found[0]), str(found[1]))

    def keep_answer(self, transaction: str, digest: str, answer: str) -> None:
        self._connection.execute(
            "INSERT INTO answers VALUES (?, ?, ?)", (transaction.lower(), digest, answer)
        )

    # --- words still to be said -----------------------------------------------------------------------

    def say(self, target: str, deed: str, detail: dict[str, Any], after: float | None) -> None:
        """Let `deed` be done to the object `target` after so many seconds; None: once it was fetched."""
        due = None if after is None else (datetime.now(UTC) + timedelta(seconds=after)).timestamp()
        self._connection.execute(
            "INSERT INTO words (due, target, deed, detail) VALUES (?, ?, ?, ?)",
            (due, target.lower(), deed, json.dumps(detail)),
        )

    def fetched(self, target: str) -> None:
        """The object was fetched: what waited for that is due."""
        self._connection.execute(
            "UPDATE words SET due = ? WHERE target = ? AND due IS NULL",
            (datetime.now(UTC).timestamp(), target.lower()),
        )

    def due(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Target, deed and detail of every word that is due; each is given once."""
        now = datetime.now(UTC).timestamp()
        rows = self._connection.execute(
            "SELECT number, target, deed, detail FROM words WHERE due <= ? ORDER BY due, number", (now,)
        ).fetchall()
        self._connection.executemany("DELETE FROM words WHERE number = ?", [(row[0],) for row in rows])
        return [(row[1], row[2], json.loads(row[3])) for row in rows]

    def forget_words(self, target: str) -> None:
        """Nothing more is said of this object."""
        self._connection.execute("DELETE FROM words WHERE target = ?", (target.lower(),))

    def count(self, name: str) -> int:
        """The next number under this name."""
        self._connection.execute(
            "INSERT INTO counters VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1", (name,)
        )
        row = self._connection.execute("SELECT value FROM counters WHERE name = ?", (name,)).fetchone()
        return int(row[0])

    def counted(self, name: str) -> int:
        """The last number given under this name."""
        row = self._connection.execute("SELECT value FROM counters WHERE name = ?", (name,)).fetchone()
        return int(row[0]) if row else 0


def _kept(row: Any) -> Kept:
    return Kept(row[0], row[1], row[2], datetime.fromisoformat(row[3]), json.loads(row[4]))
