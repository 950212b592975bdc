"""How does a house come to a new key, and how do others learn of it without meeting again?

The next key is told under the present one and proves by a signature of its own that the house holds it. A
counterpart that believes the present key believes the next one then; a key that was revoked can tell nothing.
"""

from __future__ import annotations

from datetime import datetime

from joserfc import jws as jose
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from letters import policies
from letters.canonical import canonical
from letters.compact import REGISTRY, parse
from letters.policies import Seen, look
from letters.reasons import all_of, judged, not_judged
from letters.seal import SigningKey, seal, sign
from letters.trust import PublicKey, TrustedHouse, TrustedKey, TrustList
from letters.verify import NEXT_STEPS, Refused, signed
from schemas.errors import EnvelopeRefused
from schemas.messages import CLOCK_SKEW_SECONDS, KeyChange, KeyProof
from schemas.reasoning import Reason
from schemas.vocabulary import Verdict

NEXT_STEPS |= {
    "bad-proof": "ask the other house for its change of keys again, made by `rogatory house rotate-key`",
    "replaces-another": "the change is told under the key it replaces",
}


def key_change(now: SigningKey, then: SigningKey, at: datetime, until: datetime) -> str:
    """`then` told under `now` (compact JWS); `until`: from when on `now` counts no more."""
    proof = KeyProof(house=now.house, kid=then.kid, replaces=now.kid)
    change = KeyChange(
        house=now.house,
        at=at,
        kid=then.kid,
        jwk=PublicKey.model_validate(then.public),
        replaces=now.kid,
        until=until,
        proof=sign(canonical(proof), then),
    )
    return seal(change, now)


def verify_key_change(jws: str, trust: TrustList, at: datetime) -> tuple[KeyChange, Reason]:
    """The change in `jws` and why it is believed at `at`. Raises Refused."""
    seen = look(jws, "key-change", trust, at)
    reason = all_of("letter.key-change", [*signed(seen), policies.key_valid(seen), *proofs(seen)])
    change = seen.message if isinstance(seen.message, KeyChange) else None
    if change is None or reason.verdict is not Verdict.YES:
        raise Refused(reason, attributed=False)
    return change, reason


def proofs(seen: Seen) -> list[Reason]:
    """Is it told under the key it replaces, and does the house hold the next key?"""
    change = seen.message
    if not isinstance(change, KeyChange) or seen.compact is None:
        return [not_judged("letter.key-proof", "letter.shape")]
    wanted = KeyProof(house=change.house, kid=change.kid, replaces=change.replaces)
    found = "fits" if _signed_by(change.proof, change.jwk, canonical(wanted), change.kid) else "does not fit"
    return [
        judged(
            "letter.replaces",
            seen.compact.kid == change.replaces,
            "replaces-another",
            expected=change.replaces,
            found=seen.compact.kid,
        ),
        judged("letter.key-proof", found == "fits", "bad-proof", expected="fits", found=found),
    ]


def _signed_by(text: str, jwk: PublicKey, wanted: bytes, kid: str) -> bool:
    try:
        compact = parse(text)
        jose.deserialize_compact(text, OKPKey.import_key(jwk.model_dump()), registry=REGISTRY)
    except (EnvelopeRefused, JoseError, ValueError):
        return False
    return compact.payload == wanted and compact.kid == kid


def renewed(trust: TrustList, change: KeyChange) -> TrustList:
    """`trust` with the next key in it, and an end to the present one. The change was verified before."""
    # A house whose clock is behind must not take the key for one of tomorrow.
    since = policies.moved(change.at, -CLOCK_SKEW_SECONDS)
    key = TrustedKey(kid=change.kid, jwk=change.jwk, valid_from=since)
    house = trust.house(change.house)
    if house is None:
        raise ValueError(f"{change.house}: a change of keys was not verified with this list")
    known = house.key(change.kid)
    fresh = TrustedHouse.model_validate({**house.model_dump(), "keys": (known or key,)})
    return trust.with_house(fresh).ended(change.house, change.replaces, until=change.until)
