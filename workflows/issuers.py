"""Who had to issue or validate this request under its legal basis, and has one of them done so?

Competence is not overridden: a request that the wrong authority signed is none (Directive 2014/41, 2(c);
Regulation 2023/1543, 4; Framework Decision 2002/584, 6). Where the law names nobody, issuance is only shown.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas.case import CaseState, Gap
from schemas.facets import IssuerAsked
from schemas.request import notice_only
from schemas.vocabulary import Measure

SINCE = 2
"""The release of our rules from which competence blocks."""
ISSUANCE, VALIDATION = "issuance", "validation"


def asked(state: CaseState) -> tuple[IssuerAsked, ...]:
    """What the recorded law asks of whoever issues; nothing in cases of earlier rules, nor of a mere notice,
    which orders nothing."""
    if notice_only(state.request):
        return ()
    return state.law.issuers if state.law and state.version >= SINCE else ()


def missing(state: CaseState, *, at_once: bool = False) -> list[Gap]:
    """Gaps of issuance and validation. `at_once`: of those, what an emergency lets follow is left out
    (Regulation 2023/1543, 4(5))."""
    found: dict[tuple[str, str], Gap] = {}
    for measure in state.request.measures:
        rules = [rule for rule in asked(state) if not rule.measures or measure in rule.measures]
        for gap in _lacking(state, rules):
            if not (at_once and gap.code == VALIDATION and _may_follow(state, measure)):
                found.setdefault((gap.code, gap.field), gap)
    if not found and not functions(state, "issued"):
        return [Gap(code=ISSUANCE, blocking=False)]
    return list(found.values())


def functions(state: CaseState, capacity: str) -> set[str]:
    """What those were who issued, or validated; empty text where nobody said."""
    return {signed.function for signed in state.signed if signed.capacity == capacity}


def _lacking(state: CaseState, rules: list[IssuerAsked]) -> Iterable[Gap]:
    issued, validated = functions(state, "issued"), functions(state, "validated")
    makers = [rule for rule in rules if rule.capacity == "issue"]
    checkers = [rule for rule in rules if rule.capacity == "validate"]
    if makers:
        if not issued:
            yield _gap(ISSUANCE, makers)
        elif not (issued & _any_of(makers) or validated & _any_of(checkers)):
            yield _gap(VALIDATION if checkers else ISSUANCE, checkers or makers)
        return
    # whoever issues, each of these has to look at it
    for rule in checkers:
        if not validated & set(rule.by):
            yield _gap(VALIDATION, [rule])


def _any_of(rules: Iterable[IssuerAsked]) -> set[str]:
    return {function for rule in rules for function in rule.by}


def _gap(code: str, rules: list[IssuerAsked]) -> Gap:
    by = dict.fromkeys(function for rule in rules for function in rule.by)
    return Gap(code=code, field=",".join(by), article=rules[0].article, overridable=False)


def _may_follow(state: CaseState, measure: Measure) -> bool:
    later = (rule for rule in asked(state) if rule.afterwards_hours is not None)
    return state.request.emergency is not None and any(
        not rule.measures or measure in rule.measures for rule in later
    )
