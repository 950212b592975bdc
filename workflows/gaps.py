"""What is still missing before a request may be sent?

The law side (contents, basis, threshold) comes with the recorded answer; here is what the case must show.
"""

from __future__ import annotations

from schemas.case import CaseState, Gap
from schemas.request import RequestBody, notice_only
from schemas.vocabulary import Kind, Measure, Side
from workflows import issuers, rights

_OF_THE_CASE = frozenset(
    {
        "necessity",
        "urgency-reason",
        "issuance",
        "validation",
        "rights",
        "preservation-first",
        "data-protection-ground",
        "translation",
        "certification",
    }
)
_SINCE = 2
"""The release of our rules from which a case shows more than necessity, urgency and issuance."""

_AT_REST = frozenset({Measure.SUBSCRIBER_DATA, Measure.TRAFFIC_DATA, Measure.STORED_CONTENT})
"""Communications data that are there already, and may be gone before the request is granted."""
_DISCLOSING = frozenset({Kind.MLA, Kind.PRODUCTION})
_PERSONAL = ("identifiers", "victims", "accounts", "person", "attachments")
"""Parts of a request that speak of persons; its free text is nobody's to read here."""


def refresh(state: CaseState, of_law: list[Gap] | None = None) -> None:
    """Brings `state.gaps` up to date; `of_law` are the gaps of a new answer (None: those known stay)."""
    if of_law is None:
        of_law = [gap for gap in state.gaps if gap.code not in _OF_THE_CASE]
    if notice_only(state.request):
        # the contents are those of a request, and nothing is requested
        of_law = [gap for gap in of_law if gap.code != "content"]
    if state.law is not None and state.law.override is not None:
        of_law = [gap for gap in of_law if gap.code != "basis"]
    state.gaps = [*of_law, *_of_case(state)]


def blocking(state: CaseState) -> list[Gap]:
    """Gaps that keep the request from being approved without an override."""
    return [gap for gap in state.gaps if gap.blocking]


def unyielding(state: CaseState, *, at_once: bool = False) -> list[Gap]:
    """Gaps that no reason of an approver mends. `at_once`: in an emergency some may be mended afterwards."""
    signed = issuers.missing(state, at_once=at_once)
    others = [gap for gap in state.gaps if gap.code not in (issuers.ISSUANCE, issuers.VALIDATION)]
    return [gap for gap in (*others, *signed) if gap.blocking and not gap.overridable]


def told(gaps: list[Gap]) -> str:
    """Gaps as one line: codes with the field they concern."""
    return ", ".join(f"{gap.code} {gap.field}".strip() for gap in gaps)


def _of_case(state: CaseState) -> list[Gap]:
    newer = state.version >= _SINCE
    if state.side is Side.INCOMING:
        return rights.of_rights(state) if newer else []
    found: list[Gap] = []
    request = state.request
    if request.needs_necessity and request.necessity is None:
        found.append(Gap(code="necessity", field="necessity", article="ICCPR 17"))
    if request.urgent and not (request.urgency_reason or request.emergency):
        found.append(Gap(code="urgency-reason", field="urgency_reason"))
    if newer:
        found += [*rights.of_rights(state), *_of_language(state)]
        if not request.data_protection_ground and _is_personal(request):
            found.append(Gap(code="data-protection-ground", field="data_protection_ground"))
        if _wants_preservation_first(state):
            found.append(
                Gap(code="preservation-first", field="follows", article="Budapest 29", blocking=False)
            )
    return [*found, *issuers.missing(state)]


def _of_language(state: CaseState) -> list[Gap]:
    """A language the other side takes, and a certified translation where it asks for one."""
    accepted = state.law.languages if state.law else ()
    if not accepted or state.request.language in accepted:
        return []
    into = [one for one in state.translations if one.language in accepted]
    if not into:
        return [Gap(code="translation", field=",".join(accepted))]
    asks = state.law is not None and state.law.certified_translation
    if asks and not any(one.certified for one in into):
        return [Gap(code="certification", field=",".join(one.language for one in into))]
    return []


def _is_personal(request: RequestBody) -> bool:
    return any(getattr(request, name, None) for name in _PERSONAL)


def _wants_preservation_first(state: CaseState) -> bool:
    """Data that may vanish are asked for, and nobody said that they are kept, or why not."""
    request = state.request
    if state.kind not in _DISCLOSING or not _AT_REST & set(request.measures):
        return False
    linked = request.follows or any(link.why == "follows" for link in state.links)
    spared = getattr(request, "no_preservation", None) or getattr(request, "spontaneous", False)
    return not (linked or spared)
