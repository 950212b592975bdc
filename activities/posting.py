"""How does a letter get sealed, and how does it get to the other house, or to a provider?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from temporalio import activity

from activities.refusing import told
from letters.carriers import Carrier
from letters.carriers.outcomes import outcome_of
from letters.carriers.provider import ProviderCarrier
from letters.channels import HTTP, MAIL, Choice, Health, choose
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
from schemas.case import LawRecorded
from schemas.errors import EnvelopeRefused, RogatoryError, Unavailable
from schemas.messages import Envelope, Parcel, Receipt
from schemas.moves import Arrive
from schemas.request import Request
from schemas.work import POST, SEAL, PostDone, PostWork, SealDone, SealWork


class Posting:
    """Seals with the key of the house, and sends by one carrier to houses and by another to providers.

    `providers`: the way to providers, if this house writes to any; `request_of`: the request of a case as it
    is filed, from which what comes after it knows its tasks. `mail`: the way by mail to other houses;
    `law_of`: the law recorded for a case, which says what ways there are; `answer_of`: the receipt that came
    for a message since it left. `relay`, `delivery`: how long a letter waits for a carrier, and one that left
    for its receipt, before somebody must look.
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
        mail: Carrier[TrustedHouse, Parcel, object] | None = None,
        law_of: Callable[[str], LawRecorded | None] = lambda ref: None,
        answer_of: Callable[[str], str | None] = lambda message: None,
        relay: timedelta = timedelta(hours=12),
        delivery: timedelta = timedelta(hours=24),
    ) -> None:
        self._vault = vault
        self._key = key
        self._trust = trust
        self._house = house
        self._state = state
        self._providers = providers
        self._request_of = request_of
        self._carriers: dict[str, Carrier[TrustedHouse, Parcel, object]] = {HTTP: carrier}
        if mail is not None:
            self._carriers[MAIL] = mail
        self._law_of = law_of
        self._answer_of = answer_of
        self._relay = relay
        self._delivery = delivery
        self._health = Health()

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
        due = work.at + self._relay if work.recipient else None
        return SealDone(message=work.message, sealed=sealed, due=due)

    @activity.defn(name=POST)
    @told
    def post(self, work: PostWork) -> PostDone:
        """Brings one sealed letter with its documents to the other house, and keeps the signed receipt.

        By which carrier, law and health of the carriers say. Raises Unavailable where the carrier may try
        again; the receiver deduplicates by message id. A receipt that cannot be believed counts as none: the
        sender never takes an unproved word for delivery.
        """
        jws = self._vault.get(work.ref, work.sealed).decode()
        letter = Envelope.model_validate(plain_json(parse(jws).payload))
        if work.provider:
            return self._post_to_provider(work, letter)
        recipient = self._recipient(work.recipient)
        answer, went = self._answer_of(work.message), Choice("", "")
        if answer is None:
            parcel = pack(jws, letter, lambda digest: self._vault.get(work.ref, digest))
            answer, went = self._carried(work.ref, recipient, parcel)
        why = "; ".join(part for part in (went.why, went.besides) if part)
        if answer is None:
            due = datetime.now(UTC) + self._delivery
            return PostDone(delivered=False, relayed=True, due=due, way=went.way, why=why)
        receipt = self._believed(answer, jws, work)
        kept = self._vault.put(work.ref, answer.encode())
        return PostDone(
            delivered=receipt.event == "delivered",
            receipt=kept,
            recipient_ref=receipt.recipient_ref,
            code=receipt.code,
            reason=receipt.reason,
            way=went.way,
            why=why,
        )

    def _carried(self, ref: str, recipient: TrustedHouse, parcel: Parcel) -> tuple[str | None, Choice]:
        """The receipt of the carrier that was chosen (None: it comes later), and which one that was."""
        there = [way for way in self._carriers if way != MAIL or recipient.email is not None]
        choice = choose(self._law_of(ref), recipient.id, there, self._health)
        try:
            answer = self._carriers[choice.way].send(recipient, parcel)
        except RogatoryError as error:
            self._health.failed(choice.way, recipient.id, outcome_of(error))
            raise
        self._health.worked(choice.way, recipient.id)
        return answer, choice

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
