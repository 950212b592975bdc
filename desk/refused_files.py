"""What is kept of a file that somebody brought and that was refused? That it came, by digest, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from records.open import Records
from records.references import HOUSE
from schemas.errors import RogatoryError
from schemas.ids import digest
from schemas.moves import Actor


@contextmanager
def registering(
    records: Records, actor: Actor, content: bytes, what: str, ref: str = HOUSE
) -> Iterator[None]:
    """Write into the ledger of `ref` that `content` was refused as a `what`, once for the same bytes and
    reason, and let the refusal go on. What may be tried again is none yet."""
    try:
        yield
    except RogatoryError as error:
        if not error.retry:
            _note(records, actor, digest(content), what, ref, error)
        raise


def note_unread(
    records: Records, actor: Actor, announced: str, what: str, error: RogatoryError, ref: str = HOUSE
) -> None:
    """Write the same of what was refused before it was read: `announced` is how many bytes it claims.

    Once a day for claims with as many digits: a claim costs whoever makes it nothing.
    """
    told = announced[:20] if announced.isascii() and announced.isdigit() else "unknown"
    _note(records, actor, f"unread {datetime.now(UTC).date()} {len(told)}", what, ref, error, told)


def _note(
    records: Records, actor: Actor, of: str, what: str, ref: str, error: RogatoryError, announced: str = ""
) -> None:
    key = f"refused file {what} {error.code} {ref} {of} {actor.id}"
    if records.attempts.begin(key, actor.id, "refused", of) is not None:
        return
    # The place, and never the text there: it may be a name.
    found = {"announced": announced} if announced else {"content": of}
    detail = {"code": error.code, "file": what, "where": error.where[:200], **found}
    records.ledger.note(ref, actor, "refused", detail, datetime.now(UTC))
    records.attempts.finish(key, json.dumps({"refused": error.code}))
