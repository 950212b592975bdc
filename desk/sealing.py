"""How does the desk seal the letter of a case, and how does anybody check a signed file without a server?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from desk import guarded
from desk.letters import names_of
from letters import leaks, typeset
from letters.canonical import canonical
from letters.drafting import attachment, draft
from letters.finding import Finding, Signature
from letters.keys import open_signer
from letters.outside import companion_text, verify
from letters.outside_pdf import letter
from letters.pades import sealed
from letters.reasons import judged
from letters.stamp import HttpStamper
from letters.trust import TrustList
from letters.view import Identity, Letterhead, Release
from records.chain import EXPORT
from records.open import Records
from records.verify import Problem, verify_bytes
from schemas.case import CaseState
from schemas.errors import BadInput, Conflict
from schemas.ids import digest
from schemas.moves import Actor
from schemas.reasoning import Reason
from schemas.settings import Settings
from schemas.vocabulary import Verdict
from treaties.registry import Registry

ANNEX = "identity-annex"
"""The form by which identities leave."""
RELEASED = "annex-released"
"""Event of the ledger's note that identities were let out."""
SHOWN = 20
"""Problems of a ledger that are told: the first ones say most."""


def sealed_letter(settings: Settings, pdf: bytes, reason: str = "") -> bytes:
    """`pdf` sealed for the house, with a time stamp where the setting `tsa_url` names an authority.

    Raises NotFound without key and certificate, BadInput for what is no PDF or sealed already,
    StampRefused or Unavailable by the authority or the token.
    """
    stamper = HttpStamper(settings.tsa_url) if settings.tsa_url else None
    with open_signer(settings.keys, settings.signing, settings.signing_pin_file) as signer:
        return sealed(pdf, signer, stamper, reason=reason)


def sealed_annex(
    records: Records, registry: Registry, state: CaseState, language: str, release: Release
) -> bytes:
    """The annex that tells who the persons are whom the request names by pseudonym, sealed for the house.

    Nothing of the annex is kept here. Raises BadInput (`unknown-pseudonym`), NameLeaks where one of the names
    stands anywhere in what goes by itself, and what `draft`, `pdf` and `sealed_letter` raise.
    """
    settings, request = records.settings, state.request
    known = {one.pseudonym for one in getattr(request, "victims", ())}
    for number, one in enumerate(release.people):
        if one.pseudonym not in known:
            raise BadInput(
                f"The request names nobody {one.pseudonym!r}.",
                where=f"people.{number}.pseudonym",
                next_step=f"known: {', '.join(sorted(known)) or 'none'}",
                code="unknown-pseudonym",
            )
    rest = leaks.texts_of_json(canonical(request), "request") | {"reason": release.reason}
    leaks.require_none(rest, [one.name for one in release.people])
    made = draft(
        state,
        ANNEX,
        language,
        house=Letterhead(settings.name, settings.state, tuple(settings.letterhead), settings.time_zone),
        names=names_of(state, registry, language),
        release=release,
    )
    page = typeset.pdf(made, attachment(made, state).content, fonts=settings.font_folder)
    return sealed_letter(settings, page)


def release_annex(
    records: Records,
    registry: Registry,
    actor: Actor,
    ref: str,
    people: Sequence[tuple[str, str, date | None, str]],
    reason: str,
    language: str,
    key: str,
) -> bytes:
    """The sealed annex that `actor` releases: pseudonym, name, day of birth and details of each person.

    The ledger tells who released it, why, for which pseudonyms, and its digest; who the persons are it does
    not. Their names are guarded in the case from then on (`desk.guarded`). Raises Conflict where `key` was
    used before, NameLeaks where a name stands inside a document of the request, and as `sealed_annex`.
    """
    at = datetime.now(UTC)
    told = Release(tuple(Identity(*one) for one in people), actor.id, at, reason)
    state, names = records.states.latest(ref), tuple(one.name for one in told.people)
    made = sealed_annex(records, registry, state, language, told)
    unread = guarded.require_inside(records, ref, guarded.enclosed_in(state), names)
    # Of what was asked only the fact: not even a digest of a name is kept.
    name, what = f"{actor.id}:{key}", digest(f"{RELEASED} {ref}".encode())
    if records.attempts.begin(name, actor.id, f"{RELEASED} {ref}", what) is not None:
        raise Conflict(
            "An annex was released under this key before.",
            where="Idempotency-Key",
            next_step="if it was lost, release it anew under another key: the ledger shows both",
            code="released-before",
        )
    detail = {
        "digest": digest(made),
        "size": len(made),
        "language": language,
        "pseudonyms": [one.pseudonym for one in told.people],
        "reason": reason,
    }
    # First: once a name is out, nothing else of the case may go with it.
    guarded.keep(records, actor, ref, names)
    records.ledger.note(ref, actor, RELEASED, detail, at)
    guarded.tell_unread(records, ref, actor, RELEASED, unread)
    records.attempts.finish(name, "{}")
    return made


def seals_of(settings: Settings, pdf: bytes) -> Finding:
    """What the seals of a letter say, by the trust list of the house, now."""
    return letter(pdf, TrustList.load(settings.keys / "trust.json"), datetime.now(UTC))


def trusted_in(files: Iterable[Path]) -> TrustList:
    """One list of all that these trust lists believe. Raises NotFound, BadInput."""
    made = TrustList()
    for file in files:
        read = TrustList.load(file)
        for house in read.houses:
            made = made.with_house(house)
        for stamper in read.stampers:
            made = made.with_stamper(stamper)
    return made


def verified(
    content: bytes,
    trust: TrustList,
    *,
    companion: bytes | None = None,
    sender: str | None = None,
    at: datetime | None = None,
) -> Finding:
    """The finding about one file, judged at `at` (now). `companion`: what belongs to it: a receipt, the
    message of a receipt or letter, the head of a ledger. `sender`: the house it should be from.

    Raises BadInput for a file of no kind that is signed here.
    """
    moment = at or datetime.now(UTC)
    beside = companion_text(companion) if companion is not None else None
    if content.startswith(b"{") and EXPORT.encode() in content[:400].split(b"\n", 1)[0]:
        return _ledger(content, trust, moment, beside, sender)
    return verify(content, trust, moment, companion=beside, sender=sender)


def _ledger(content: bytes, trust: TrustList, at: datetime, head: str | None, sender: str | None) -> Finding:
    """An export is not signed itself: its chain shows that it is whole, a signed head whose it is."""
    told = None if head is None else verify(head.encode(), trust, at, sender=sender)
    jwks = {key.kid: key.jwk.model_dump() for house in trust.houses for key in house.keys}
    problems = verify_bytes(content, head, jwks)
    checks = [_chain(problems)]
    signatures: tuple[Signature, ...] = ()
    if told is None:
        slots = {"expected": "a signed head of the house", "found": "none", "code": "no-head"}
        checks.append(Reason("ledger.head", Verdict.UNKNOWN, slots))
    else:
        checks.append(told.reason)
        signatures = told.signatures
    worst = [check.verdict for check in checks]
    verdict = next(word for word in (Verdict.NO, Verdict.UNKNOWN, Verdict.YES) if word in worst)
    return Finding("ledger", signatures, Reason("ledger", verdict, {}, children=tuple(checks)))


def _chain(problems: list[Problem]) -> Reason:
    found = "; ".join(f"{one.where}: {one.what}" for one in problems[:SHOWN]) or "whole"
    code = problems[0].code if problems else ""
    return judged("ledger.chain", not problems, code, expected="whole", found=found)


def told(finding: Finding, file: str) -> dict[str, Any]:
    """The finding as data: who signed, and every check with what was expected and found."""
    return {
        "file": file,
        "kind": finding.kind,
        "verdict": finding.verdict.value,
        "signed": [_signature(one) for one in finding.signatures],
        "checks": _reason(finding.reason),
    }


def _signature(one: Signature) -> dict[str, Any]:
    return {
        "house": one.house,
        "name": one.name,
        "state": one.state,
        "key": one.key,
        "at": one.at.isoformat() if one.at else None,
        "time": one.how,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    made: dict[str, Any] = {"claim": reason.claim, "verdict": reason.verdict.value, **reason.slots}
    if "needs" in made:
        # What was not judged failed nothing itself: the check it needs has the code.
        made.pop("code", None)
    if reason.children:
        made["checks"] = [_reason(child) for child in reason.children]
    return made
