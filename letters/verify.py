"""Is a signed message genuine, from a house we trust, for us, and whole? With the whole reason, either way.

The steps for a message that arrives:

1. Establish the time: the moment it arrived by our own clock. What a message says of its own time is a claim.
2. Read it strictly (`readable`), without believing anything.
3. Is it what it announces (`header`), in a version we speak (`version`), with names that are no paths?
4. Who says it: is the key in our trust list (`known-key`), does the signature fit (`signature`)?
5. Does the content fit the published schema (`shape`)?
6. Judge time: not from our future (`clock`), the key good at the time of step 1 (`key-valid`).
7. Is it for us (`addressee`), and does the sender speak for itself only (`own-voice`)?

Every check is made and kept, whatever the others say; the first no, in this order, names the refusal.
"""

from __future__ import annotations

from datetime import datetime

from letters import policies
from letters.policies import Seen, look
from letters.reasons import all_of, first_failure, shown
from letters.trust import TrustList
from schemas.errors import EnvelopeRefused
from schemas.ids import digest
from schemas.messages import Envelope, Head, Receipt
from schemas.reasoning import Reason
from schemas.vocabulary import Verdict

NEXT_STEPS = {
    "malformed": "the sender makes the message again from the published schemas (schemas/json)",
    "unknown-schema-version": "agree on a version: this house speaks rogatory/envelope/1",
    "unknown-key": "exchange trust entries first: `rogatory house introduce`",
    "bad-signature": "the sender sends it again; if it happens twice, ask how it was changed on its way",
    "clock": "set the sender's clock (NTP), then send again under a new message id",
    "key-not-valid": "the sender signs with a current key, or both sides agree on its dates anew",
    "wrong-addressee": "the sender addresses the house it means",
    "wrong-sender": "a house speaks for its State, in signed letters, by its own references and ids",
    "path-in-name": "the sender names the document without folders",
    "receipt-of-another": "ask the other house which message it received",
}


UNREAD = "?"


class Refused(EnvelopeRefused):
    """A refused message with its whole reason.

    `attributed`: the signature fits a key we trust, so that the house it names really said this. Only then
    may anything in it (its id, its reference) be used. `message` and `sender` are what it claims, else `?`.
    """

    def __init__(
        self, reason: Reason, *, attributed: bool, message: str = UNREAD, sender: str = UNREAD
    ) -> None:
        failed = first_failure(reason) or reason
        code = failed.slots.get("code", "malformed")
        super().__init__(
            f"Refused ({code}): expected {failed.slots.get('expected', '?')}, "
            f"found {failed.slots.get('found', '?')}.",
            where=failed.claim,
            next_step=NEXT_STEPS.get(code, "ask the other house"),
            code=code,
        )
        self.reason = reason
        self.attributed = attributed
        self.message = shown(message)
        self.sender = shown(sender)


def verify_envelope(
    jws: str, trust: TrustList, own_house: str, own_state: str, at: datetime
) -> tuple[Envelope, Reason]:
    """The envelope in `jws` and why it is genuine, judged at `at` (when it arrived, UTC).

    Raises Refused (an EnvelopeRefused) with code `malformed`, `unknown-schema-version`, `path-in-name`,
    `unknown-key`, `bad-signature`, `clock`, `key-not-valid`, `wrong-addressee` or `wrong-sender`.
    """
    seen = look(jws, "envelope", trust, at)
    checks = [
        *_genuine(seen),
        policies.addressee(seen, own_house, own_state),
        policies.own_voice(seen),
    ]
    reason = all_of("letter.envelope", checks)
    envelope = seen.message if isinstance(seen.message, Envelope) else None
    if envelope is None or reason.verdict is not Verdict.YES:
        claimed = seen.payload or {}
        raise Refused(
            reason,
            attributed=_attributed(checks),
            message=str(claimed.get("id", UNREAD)),
            sender=str(claimed.get("sender", UNREAD)),
        )
    return envelope, reason


def verify_receipt(
    jws: str, trust: TrustList, *, envelope: str, message: str, recipient: str, at: datetime
) -> Receipt:
    """The receipt in `jws` for our sealed `envelope` (its JWS text) with id `message` sent to `recipient`.

    Its head, where it carries one, must be signed by the same house. Raises Refused, also with code
    `receipt-of-another`.
    """
    seen = look(jws, "receipt", trust, at)
    wanted: dict[str, str | None] = {"house": recipient, "message": message, "of": digest(envelope.encode())}
    checks = [*_genuine(seen), policies.about(seen, wanted)]
    receipt = seen.message if isinstance(seen.message, Receipt) else None
    if receipt is not None and receipt.head is not None:
        checks.append(_head_reason(receipt.head, trust, recipient, at))
    reason = all_of("letter.receipt", checks)
    if receipt is None or reason.verdict is not Verdict.YES:
        raise Refused(reason, attributed=_attributed(checks))
    return receipt


def verify_head(jws: str, trust: TrustList, house: str, at: datetime) -> Head:
    """The signed checkpoint of `house`'s ledger in `jws`. Raises Refused."""
    seen = look(jws, "head", trust, at)
    reason = _judged_head(seen, house)
    if not isinstance(seen.message, Head) or reason.verdict is not Verdict.YES:
        raise Refused(reason, attributed=False)
    return seen.message


def genuine(seen: Seen) -> Reason:
    """Steps 2 to 6 as one reason: is this what its author signed, by a key good at `seen.at`?"""
    return all_of("letter.genuine", _genuine(seen))


def _genuine(seen: Seen) -> list[Reason]:
    return [*signed(seen), policies.key_valid(seen)]


def signed(seen: Seen) -> list[Reason]:
    """The same without the last: whether the key was good when the message was made is judged elsewhere."""
    return [
        policies.readable(seen),
        policies.header(seen),
        policies.version(seen),
        policies.plain_names(seen),
        policies.known_key(seen),
        policies.signature(seen),
        policies.shape(seen),
        policies.clock(seen),
    ]


def _attributed(checks: list[Reason]) -> bool:
    needed = {"letter.readable", "letter.known-key", "letter.signature", "letter.key-valid"}
    return all(check.verdict is Verdict.YES for check in checks if check.claim in needed)


def _head_reason(jws: str, trust: TrustList, house: str, at: datetime) -> Reason:
    return _judged_head(look(jws, "head", trust, at), house)


def _judged_head(seen: Seen, house: str) -> Reason:
    return all_of("letter.head", [*_genuine(seen), policies.about(seen, {"house": house})])
