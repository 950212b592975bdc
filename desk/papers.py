"""Which documents lie with a case, and may this one be put beside them?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from desk import border
from desk.enclosures import check_name
from desk.pictures import INSTEAD, is_picture
from desk.problems import TooLarge, WrongForm
from desk.refused_hashes import check_content
from records.open import Records
from schemas.case import CaseState
from schemas.errors import BadInput
from schemas.ids import digest as digest_of
from schemas.moves import Actor
from schemas.request import Attachment
from schemas.settings import Settings

SMALLER = "split it, or name it by its digest as an item of evidence and bring it by another way"
UNTOLD = "application/octet-stream"
ADDED = "document-added"
"""Event of the ledger's note that a document was put to the case, with its name."""
SEALED = "letter-sealed"
"""Event of the ledger's note that the house sealed a letter, with the sealed file as its `document`."""
_OF_DOCUMENTS = (ADDED, SEALED)


def accepted(settings: Settings, name: str, media: str, content: bytes, where: str = "body") -> Attachment:
    """The document as moves name it. Raises TooLarge, BadInput, WrongForm for pictures, and what
    `check_content` raises for content of the list."""
    if len(content) > settings.attachment_limit:
        raise TooLarge(
            f"The document has more than {settings.attachment_limit} bytes.", where=where, next_step=SMALLER
        )
    if not content:
        raise BadInput("The document is empty.", where=where, next_step="send its bytes as the body")
    if is_picture(media, content):
        raise WrongForm("Pictures and films are not stored here.", where=where, next_step=INSTEAD)
    check_content(settings, content, where)
    check_name(name, "query.name")
    named = {"name": name, "media_type": media or UNTOLD, "size": len(content), "digest": digest_of(content)}
    made: Attachment = border.typed(Attachment, named, "document")
    return made


def keep(records: Records, actor: Actor, ref: str, item: Attachment, content: bytes, key: str) -> bool:
    """Puts it into the vault and says so in the ledger, once under its key. Was that done before?"""
    attempts, name = records.attempts, f"{actor.id}:{key}"
    what = digest_of(item.model_dump_json().encode())
    done = attempts.begin(name, actor.id, f"document {ref}", what)
    if done is None:
        records.vault.put(ref, content)
        records.ledger.note(ref, actor, ADDED, item.model_dump(mode="json"), datetime.now(UTC))
        attempts.finish(name, "{}")
    return done is not None


def known(records: Records, state: CaseState) -> list[Attachment]:
    """Every document that lies with the case, by digest once, in the order in which it came."""
    entries = records.ledger.entries(state.ref)
    noted = [
        (each.event, json.loads(each.detail))
        for each in entries
        if each.event in _OF_DOCUMENTS and each.detail
    ]
    return documents(state, noted)


def documents(state: CaseState, noted: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Attachment]:
    """The same, where the entries of the ledger are read already: event and detail of each."""
    found = [*state.request.attachments, *state.documents]
    for event, detail in noted:
        if event in _OF_DOCUMENTS:
            found.append(Attachment.model_validate(detail if event == ADDED else detail["document"]))
    return list({each.digest: each for each in reversed(found)}.values())[::-1]


def media_of(documents: list[Attachment], digest: str) -> str:
    """The media type as it was told; none told: bytes."""
    return next((each.media_type for each in documents if each.digest == digest), UNTOLD)
