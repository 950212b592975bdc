"""Does what a move names exist in this house: its documents, and whoever is offered the case?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from records.accounts import Account
from records.open import Records
from schemas.errors import BadInput, NotFound, UnknownWord
from schemas.handoff import Holder
from schemas.ids import FILE_NAME
from schemas.moves import Amend, Answer, Delivered, Evidence, MoveBody, OfferHandoff, Papers, Posted
from schemas.request import Attachment
from schemas.vocabulary import Role

TAKERS = frozenset({Role.OFFICER, Role.APPROVER, Role.ISSUING_AUTHORITY, Role.LIAISON})
"""Roles that may accept a case."""


def check_named(records: Records, ref: str, body: MoveBody) -> None:
    """A letter whose documents are missing would be refused over there, and a case offered to nobody would
    wait for ever. Raises NotFound, BadInput."""
    if isinstance(body, Amend):
        _check_documents(records, ref, body.request.attachments)
    elif isinstance(body, Answer | Evidence | Papers):
        _check_documents(records, ref, body.attachments)
    elif isinstance(body, Posted) and body.document is not None:
        _content(records, ref, body.document, "document")
    elif isinstance(body, Delivered) and body.receipt is not None:
        _content(records, ref, body.receipt, "receipt")
    elif isinstance(body, OfferHandoff):
        for number, digest in enumerate(body.documents):
            _content(records, ref, digest, f"documents.{number}")
        if body.receiver.house == records.settings.house:
            _check_receiver(body.receiver, records.accounts.all())


def check_name(name: str, where: str) -> None:
    """A name with a path, or of dots alone, is none of a document: the house over there would refuse it.
    Raises BadInput (`path-in-name`)."""
    if not re.fullmatch(FILE_NAME, name):
        raise BadInput(
            "The name holds a path, or signs that cannot be seen.",
            where=where,
            next_step="give the document a plain name, without folders",
            code="path-in-name",
        )
    if name.strip() in (".", ".."):
        raise BadInput(
            "This names a folder.", where=where, next_step="give the document a name", code="path-in-name"
        )


def _check_documents(records: Records, ref: str, named: Iterable[Attachment]) -> None:
    whole = 0
    for number, item in enumerate(named):
        check_name(item.name, f"attachments.{number}.name")
        size = len(_content(records, ref, item.digest, f"attachments.{number}"))
        whole += size
        if size != item.size:
            raise BadInput(
                f"The document has {size} bytes, not {item.size}.",
                where=f"attachments.{number}.size",
                next_step="name it as the answer to its upload did",
            )
    # In a parcel three bytes take four characters; the rest is room for the request itself.
    limit = records.settings.body_limit * 3 // 4 - 1024 * 1024
    if whole > limit:
        raise BadInput(
            f"The documents have {whole} bytes together; a parcel takes {limit}.",
            where="attachments",
            next_step="send the others with an answer, or name them by digest as evidence",
            code="too-large",
        )


def _content(records: Records, ref: str, digest: str, where: str) -> bytes:
    if not records.vault.has(ref, digest):
        raise NotFound(
            "A document that is named is not with this case.",
            where=where,
            next_step="add it first: `rogatory attach`, or POST to the documents of the case",
            code="unknown-document",
        )
    return records.vault.get(ref, digest)


def _check_receiver(receiver: Holder, accounts: Iterable[Account]) -> None:
    takers = [each for each in accounts if each.closed is None and TAKERS & set(each.roles)]
    if receiver.actor is not None:
        known = [each.id for each in takers if each.agency == receiver.function]
        if receiver.actor not in known:
            raise UnknownWord("account there", receiver.actor, known, where="receiver.actor")
    functions = {each.agency for each in takers}
    if receiver.function not in functions:
        raise UnknownWord("function of this house", receiver.function, functions, where="receiver.function")
