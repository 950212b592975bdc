"""Is the seal of a letter one to rely on? Single checks on a PDF, each with its reason.

A seal counts by the certificate it came with, which stands in the trust list itself, judged at the time of
the time stamp. Without one the seal's own time proves nothing, so the certificate must be good today.
"""

from __future__ import annotations

from datetime import datetime

from letters.compact import plain_json
from letters.finding import CLAIMED, Finding, Signature, from_house
from letters.pades import DIGESTS, Seal, attached, seals_in
from letters.reasons import all_of, judged, not_judged, shown
from letters.trust import TrustedHouse, TrustList
from schemas.errors import EnvelopeRefused
from schemas.messages import Envelope
from schemas.reasoning import Reason

REQUEST = "request.json"
"""Name of the request inside a letter that opens a case."""


def letter(pdf: bytes, trust: TrustList, at: datetime, sender: str | None = None) -> Finding:
    """The finding about a PDF at `at` (now). `sender`: the house that should have sealed it last.

    Raises BadInput (`no-pdf`) for what cannot be read at all.
    """
    seals = seals_in(pdf, trust.stampers)
    if not seals:
        nothing = judged("seal.there", False, "not-sealed", expected="a seal", found="none")
        return Finding("letter", (), all_of("letter.sealed", [nothing]))
    checks = [_seal(seal, trust, at) for seal in seals]
    last = seals[-1]
    found = trust.holder(last.fingerprint)
    checks.append(_to_the_end(last))
    if found is not None:
        checks += _own_request(pdf, found[0])
    checks += from_house(found[0].id if found else "", sender)
    signatures = tuple(_signature(seal, trust) for seal in seals)
    return Finding("letter", signatures, all_of("letter.sealed", checks))


def enclosed(pdf_digest: str, envelope: Envelope, listed: set[str]) -> Reason:
    """Does a signed message name this very file?"""
    found = pdf_digest if pdf_digest in listed else f"{len(listed)} others in {envelope.id}"
    return judged(
        "letter.enclosed", pdf_digest in listed, "document-unlisted", expected=pdf_digest, found=found
    )


def _seal(seal: Seal, trust: TrustList, at: datetime) -> Reason:
    checks = [
        _content(seal),
        _signed(seal),
        _whole(seal),
        _strong(seal),
        _known(seal, trust),
        _stamped(seal),
        _valid(seal, trust, at),
    ]
    return all_of("seal", checks, {"field": seal.field})


def _content(seal: Seal) -> Reason:
    found = "as signed" if seal.content else "other bytes than those signed"
    return judged("seal.content", seal.content, "altered", expected="as signed", found=found)


def _signed(seal: Seal) -> Reason:
    found = "fits" if seal.signature else "does not fit"
    return judged("seal.signature", seal.signature, "bad-signature", expected="fits", found=found)


def _whole(seal: Seal) -> Reason:
    return judged(
        "seal.whole",
        not seal.beyond,
        "altered",
        expected="nothing in the file but what is signed",
        found=seal.beyond or "nothing else",
    )


def _to_the_end(last: Seal) -> Reason:
    found = "to its end" if last.last else "not to its end"
    return judged("seal.to-the-end", last.last, "altered", expected="to its end", found=found)


def _strong(seal: Seal) -> Reason:
    expected = ", ".join(sorted(DIGESTS))
    return judged("seal.digest", seal.digest in DIGESTS, "weak-digest", expected=expected, found=seal.digest)


def _known(seal: Seal, trust: TrustList) -> Reason:
    known = trust.holder(seal.fingerprint)
    found = f"{seal.subject} {seal.fingerprint[:16]}"
    return judged(
        "seal.known-certificate",
        known is not None,
        "unknown-certificate",
        expected="a certificate in the trust list",
        found=found,
    )


def _stamped(seal: Seal) -> Reason:
    """A time stamp that is there must hold; none at all is a weaker seal, not a bad one."""
    stamp = seal.stamp
    expected = "a time stamp of an authority in the trust list, or none"
    if stamp is None:
        return judged("seal.stamped", True, "", expected=expected, found="none")
    if not stamp.fits:
        return judged(
            "seal.stamped", False, "stamp-broken", expected="over this signature", found="does not fit"
        )
    found = f"{stamp.authority} at {stamp.at.isoformat()}"
    return judged("seal.stamped", bool(stamp.believed), "unknown-stamper", expected=expected, found=found)


def _valid(seal: Seal, trust: TrustList, at: datetime) -> Reason:
    """Was the certificate good when the stamp says it was sealed? Without a stamp: is it good today?"""
    known = trust.holder(seal.fingerprint)
    if known is None:
        return not_judged("letter.key-valid", "seal.known-certificate")
    if seal.stamp is not None and not (seal.stamp.fits and seal.stamp.believed):
        return not_judged("letter.key-valid", "seal.stamped")
    return known[1].validity(seal.stamp.at if seal.stamp else at)


def _own_request(pdf: bytes, house: TrustedHouse) -> list[Reason]:
    """A request inside speaks for the State of the house that sealed it."""
    content = attached(pdf, REQUEST)
    if content is None:
        return []
    try:
        state = str(plain_json(content).get("requesting", "?"))
    except EnvelopeRefused:
        state = "a request that cannot be read"
    return [
        judged(
            "letter.own-voice",
            state == house.state,
            "wrong-sender",
            expected=f"a request of {house.state}",
            found=shown(state),
        )
    ]


def _signature(seal: Seal, trust: TrustList) -> Signature:
    known = trust.holder(seal.fingerprint)
    at, how = seal.claimed, CLAIMED
    if seal.stamp is not None and seal.stamp.fits and seal.stamp.believed:
        at, how = seal.stamp.at, f"time stamp of {seal.stamp.believed}"
    if known is None:
        return Signature(seal.subject, seal.fingerprint, at=at, how=how)
    house = known[0]
    return Signature(house.id, seal.fingerprint, house.name, house.state, at, how)
