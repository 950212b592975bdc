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


def _note(records: Records, actor: Actor, of: str, what: str, ref: str, error: RogatoryError) -> None:
    key = f"refused file {what} {error.code} {ref} {of} {actor.id}"
    if records.attempts.begin(key, actor.id, "refused", of) is not None:
        return
    # The place, and never the text there: it may be a name.
    detail = {"code": error.code, "file": what, "where": error.where[:200], "content": of}
    records.ledger.note(ref, actor, "refused", detail, datetime.now(UTC))
    records.attempts.finish(key, json.dumps({"refused": error.code}))
