"""How does a letter get sealed, and how does it get to the other house?"""

from __future__ import annotations

from datetime import UTC, datetime

from temporalio import activity

from activities.refusing import told
from letters.carriers import Carrier
from letters.compact import parse, plain_json
from letters.compose import envelope
from letters.parcel import pack
from letters.seal import SigningKey, seal
from letters.trust import TrustedHouse, TrustList
from letters.verify import verify_receipt
from records.vault import Vault
from schemas.errors import EnvelopeRefused, Unavailable
from schemas.messages import Envelope, Receipt
from schemas.work import POST, SEAL, PostDone, PostWork, SealDone, SealWork


class Posting:
    """Seals with the key of the house, and sends by one carrier."""

    def __init__(
        self, vault: Vault, key: SigningKey, trust: TrustList, carrier: Carrier, house: str, state: str
    ) -> None:
        self._vault = vault
        self._key = key
        self._trust = trust
        self._carrier = carrier
        self._house = house
        self._state = state

    @activity.defn(name=SEAL)
    @told
    def seal(self, work: SealWork) -> SealDone:
        """Makes, signs and keeps one letter.

        The same work gives the same bytes. A workflow task that was lost may seal again at a later moment:
        then only the letter of the filed state counts, and the other one never leaves the vault.
        """
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
        recipient = self._recipient(work.recipient)
        jws = self._vault.get(work.ref, work.sealed).decode()
        letter = Envelope.model_validate(plain_json(parse(jws).payload))
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
