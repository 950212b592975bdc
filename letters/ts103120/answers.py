"""Does a provider's answer answer exactly what we asked, and what does it say?

An answer counts only if it comes from the provider to us, for this transaction, with one answer to each
action and the same identifiers. Anything else is as good as none: the same message is sent again, under the
same identifiers.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from joserfc import jws as jose
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from letters.canonical import canonical
from letters.compact import ALGORITHM, REGISTRY
from letters.providers import Provider
from letters.ts103120.check import MALFORMED, plain, read
from letters.ts103120.message import Message, Request, Response
from letters.ts103120.objects import Delivery, Document
from schemas.errors import BadInput, Unavailable
from schemas.ids import digest

WRONG_TRANSACTION = "wrong-transaction"
AGAIN = "nothing: the message is sent again under the same identifiers; if it lasts, ask the provider"


@dataclass(frozen=True, slots=True)
class Answered:
    """`delivered`: every action was done. Else `code` and `reason` of the first that was not, and `undone`:
    identifiers of the objects that were to be made and were refused; None: not only such were refused."""

    delivered: bool
    provider_ref: str | None = None
    code: str = ""
    reason: str = ""
    undone: tuple[str, ...] | None = None


def heard(content: bytes, question: Message, provider: Provider) -> Message:
    """The answer in `content`, if it is one to `question`. Raises Unavailable for anything else."""
    try:
        answer = read(content)
    except BadInput as error:
        raise _no_answer(provider, error.what, error.where, MALFORMED) from error
    asked, said = question.header, answer.header
    if said.transaction_identifier.lower() != asked.transaction_identifier.lower():
        raise _no_answer(provider, "It answers another transaction", "Header.TransactionIdentifier")
    parties = (said.sender_identifier, said.receiver_identifier)
    if parties != (asked.receiver_identifier, asked.sender_identifier):
        raise _no_answer(provider, "It is not from the provider to us", "Header")
    if provider.public_key is not None and not signed(plain(content), provider):
        raise _no_answer(provider, "Its signature is missing or wrong", "Signature", "provider-signature")
    if answer.trouble is None:
        _matches(question, answer, provider)
    return answer


def answered(question: Message, answer: Message) -> Answered:
    """What `answer` (from `heard`) says to a message that made or changed objects."""
    if answer.trouble is not None:
        return Answered(
            False, None, f"provider-{answer.trouble.error_code}", answer.trouble.error_description
        )
    refused = [one for one in answer.responses if one.error is not None]
    if not refused:
        return Answered(True, _their_reference(answer))
    number, first = refused[0].action_identifier, refused[0].error
    made = {one.action_identifier: one.create for one in question.requests}
    creates = [made[one.action_identifier] for one in refused]
    undone = tuple(one.hi1_object.object_identifier for one in creates if one is not None)
    return Answered(
        False,
        _their_reference(answer),
        f"provider-{first.error_code if first else 0}",
        f"action {number}: {first.error_description if first else ''}",
        undone if len(undone) == len(refused) else None,
    )


def receipt_of(content: bytes) -> bytes:
    """The answer as it is kept: where a provider sent content along, only its header and the digest."""
    answer = read(content)
    held = [one.done.hi1_object for one in answer.responses if one.done is not None]
    if not any(isinstance(one, Document | Delivery) for one in held):
        return content
    return canonical({"Header": answer.to_dict()["Header"], "digest": digest(content)})


def signed(value: dict[str, object], provider: Provider) -> bool:
    """Does the message (plain JSON values) carry the signature of the provider's key over all the rest of it,
    in its canonical spelling (RFC 8785)?"""
    signature = value.get("Signature")
    if provider.public_key is None or not isinstance(signature, dict):
        return False
    rest = canonical({name: each for name, each in value.items() if name != "Signature"})
    payload = base64.urlsafe_b64encode(rest).rstrip(b"=").decode("ascii")
    text = f"{signature.get('protected')}.{payload}.{signature.get('signature')}"
    try:
        key = OKPKey.import_key(provider.public_key.model_dump())
        jose.deserialize_compact(text, key, algorithms=[ALGORITHM], registry=REGISTRY)
    except (JoseError, ValueError, UnicodeError):
        return False
    return True


def _matches(question: Message, answer: Message, provider: Provider) -> None:
    answers = {one.action_identifier: one for one in answer.responses}
    asked = {one.action_identifier for one in question.requests}
    if answers.keys() != asked:
        raise _no_answer(provider, "It does not answer each action once", "ActionResponses")
    for one in question.requests:
        if not _fits(one, answers[one.action_identifier]):
            where = f"ActionResponse {one.action_identifier}"
            raise _no_answer(provider, "It answers something that was not asked", where)


def _fits(asked: Request, said: Response) -> bool:
    if said.error is not None:
        return True
    if asked.listing is not None:
        return said.listed is not None
    if asked.get is not None:
        return said.got is not None and _same(said.got.hi1_object.object_identifier, asked.get.identifier)
    for verb, done in ((asked.create, said.created), (asked.update, said.updated)):
        if verb is not None:
            return done is not None and _same(done.identifier, verb.hi1_object.object_identifier)
    deliver = asked.deliver
    return deliver is not None and said.delivered is not None and _same(
        said.delivered.identifier, deliver.identifier
    )  # fmt: skip


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def _their_reference(answer: Message) -> str | None:
    for one in answer.responses:
        held = one.done.hi1_object if one.done is not None else None
        if held is not None and held.external_identifier:
            return line(held.external_identifier)
    return None


def line(text: str, most: int = 200) -> str:
    """`text` as one printable line of ours, cut where it is too long."""
    kept = "".join(sign if _printable(sign) else " " for sign in text)
    return " ".join(kept.split())[:most]


def _printable(sign: str) -> bool:
    return sign.isprintable() and sign not in "\u202a\u202b\u202c\u202d\u202e"


def _no_answer(provider: Provider, what: str, where: str, code: str = WRONG_TRANSACTION) -> Unavailable:
    return Unavailable(
        f"The answer of provider {provider.key} cannot be taken for one: {what.rstrip('.')}.",
        where=where,
        next_step=AGAIN,
        code=code,
    )
