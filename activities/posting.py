"""How does a letter get sealed, and how does it get to the other house, or to a provider?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from temporalio import activity

from activities.refusing import told
from letters.carriers import Carrier
from letters.carriers.provider import ProviderCarrier
from letters.compact import parse, plain_json
from letters.compose import envelope
from letters.parcel import pack
from letters.seal import SigningKey, seal
from letters.trust import TrustedHouse, TrustList
from letters.ts103120.answers import line, receipt_of
from letters.ts103120.words import passage
from letters.ts103120.writing import Correspondence, message_of
from letters.verify import verify_receipt
from records.vault import Vault
from schemas.errors import EnvelopeRefused, Unavailable
from schemas.messages import Envelope, Receipt
from schemas.moves import Arrive
from schemas.request import Request
from schemas.work import POST, SEAL, PostDone, PostWork, SealDone, SealWork


class Posting:
    """Seals with the key of the house, and sends by one carrier to houses and by another to providers.

    `providers`: the way to providers, if this house writes to any; `request_of`: the request of a case as it
    is filed, from which what comes after it knows its tasks.
    """

    def __init__(
        self,
        vault: Vault,
        key: SigningKey,
        trust: TrustList,
        carrier: Carrier,
        house: str,
        state: str,
        *,
        providers: ProviderCarrier | None = None,
        request_of: Callable[[str], Request] | None = None,
    ) -> None:
        self._vault = vault
        self._key = key
        self._trust = trust
        self._carrier = carrier
        self._house = house
        self._state = state
        self._providers = providers
        self._request_of = request_of

    @activity.defn(name=SEAL)
    @told
    def seal(self, work: SealWork) -> SealDone:
        """Makes, signs and keeps one letter.

        The same work gives the same bytes. A workflow task that was lost may seal again at a later moment:
        then only the letter of the filed state counts, and the other one never leaves the vault.
        """
        if work.provider:
            # a provider numbers as it likes, and finds the case by the reference we gave
            work = work.model_copy(update={"recipient_ref": None})
        letter = envelope(work, self._house, self._state)
        sealed = self._vault.put(work.ref, seal(letter, self._key).encode())
        return SealDone(message=work.message, sealed=sealed)

    @activity.defn(name=POST)
    @told
    def post(self, work: PostWork) -> PostDone:
        """Brings one sealed letter with its documents to the other house, and keeps the signed receipt.

        Raises Unavailable where the carrier may try again; the receiver deduplicates by message id. A receipt
        that cannot be believed counts as none: the sender never takes an unproved word for delivery.
        """
        jws = self._vault.get(work.ref, work.sealed).decode()
        letter = Envelope.model_validate(plain_json(parse(jws).payload))
        if work.provider:
            return self._post_to_provider(work, letter)
        recipient = self._recipient(work.recipient)
        parcel = pack(jws, letter, lambda digest: self._vault.get(work.ref, digest))
        answer = self._carrier.send(recipient, parcel)
        receipt = self._believed(answer, jws, work)
        kept = self._vault.put(work.ref, answer.encode())
        return PostDone(
            delivered=receipt.event == "delivered",
            receipt=kept,
            recipient_ref=receipt.recipient_ref,
            code=receipt.code,
            reason=receipt.reason,
        )

    def _post_to_provider(self, work: PostWork, letter: Envelope) -> PostDone:
        """The same for a provider: what travels is made of the sealed letter, the receipt is its answer."""
        carrier = self._providers
        if carrier is None:
            raise Unavailable(
                "This worker has no way to providers.",
                where=work.recipient,
                next_step="start the worker of this release; the letter waits",
                code="no-provider-carrier",
            )
        provider = carrier.book.required(work.recipient)
        whom = Correspondence(provider.us, provider.endpoint, self._request(work.ref, letter))
        message = message_of(letter, whom, lambda digest: self._vault.get(work.ref, digest))
        receipt = carrier.send(provider, message)
        found = carrier.outcome(provider, message, receipt)
        return PostDone(
            delivered=found.delivered,
            receipt=self._vault.put(work.ref, receipt_of(receipt.encode("utf-8"))),
            recipient_ref=found.provider_ref,
            code=line(found.code),
            reason=passage(found.reason) if found.reason else "",
        )

    def _request(self, ref: str, letter: Envelope) -> Request:
        if isinstance(letter.body, Arrive):
            return letter.body.request
        if self._request_of is None:
            raise Unavailable("The request of the case is not at hand.", where=ref)
        return self._request_of(ref)

    def _recipient(self, house: str) -> TrustedHouse:
        recipient = self._trust.house(house)
        if recipient is None:
            raise Unavailable(
                f"House {house!r} is not in the trust list.",
                where="trust.json",
                next_step="introduce it again; the letter waits",
            )
        return recipient

    def _believed(self, answer: str, jws: str, work: PostWork) -> Receipt:
        try:
            return verify_receipt(
                answer,
                self._trust,
                envelope=jws,
                message=work.message,
                recipient=work.recipient,
                at=datetime.now(UTC),
            )
        except EnvelopeRefused as error:
            raise Unavailable(
                f"The receipt of house {work.recipient} cannot be believed ({error.code}).",
                where=work.message,
                next_step="check the trust list on both sides; the letter is tried again",
                code=f"receipt-{error.code}",
            ) from error
