"""What is still missing before a request may be sent?

The law side (contents, basis) comes with the recorded answer; here is what the case itself must show.
"""

from __future__ import annotations

from schemas.case import CaseState, Gap
from schemas.vocabulary import Side

_OF_THE_CASE = frozenset({"necessity", "issuance", "urgency-reason"})


def refresh(state: CaseState, of_law: list[Gap] | None = None) -> None:
    """Brings `state.gaps` up to date; `of_law` are the gaps of a new answer (None: those known stay)."""
    if of_law is None:
        of_law = [gap for gap in state.gaps if gap.code not in _OF_THE_CASE]
    if state.law is not None and state.law.override is not None:
        of_law = [gap for gap in of_law if gap.code != "basis"]
    state.gaps = [*of_law, *(_of_case(state) if state.side is Side.OUTGOING else ())]


def blocking(state: CaseState) -> list[Gap]:
    """Gaps that keep the request from being approved without an override."""
    return [gap for gap in state.gaps if gap.blocking]


def told(gaps: list[Gap]) -> str:
    """Gaps as one line: codes with the field they concern."""
    return ", ".join(f"{gap.code} {gap.field}".strip() for gap in gaps)


def _of_case(state: CaseState) -> list[Gap]:
    found: list[Gap] = []
    request = state.request
    if request.needs_necessity and request.necessity is None:
        found.append(Gap(code="necessity", field="necessity", article="ICCPR 17"))
    if request.urgent and not request.urgency_reason:
        found.append(Gap(code="urgency-reason", field="urgency_reason"))
    if not any(signed.capacity == "issued" for signed in state.signed):
        found.append(Gap(code="issuance", blocking=False))
    return found
