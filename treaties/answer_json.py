"""What does an assessment look like as JSON, stable from run to run?

`as_json(assessment, registry, locale="en")` gives plain dicts, lists, text, numbers and None. Codes and days
are for machines; `title`, `why`, `because` and `sentence` are in the language asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from schemas.reasoning import (
    Assessment,
    AuthorityFound,
    Candidate,
    Citation,
    ConditionVerdict,
    DeadlineFound,
    GateFound,
    GroundFound,
    IssuerFound,
    OpenQuestion,
    ProviderFound,
    ProvisionVerdict,
    Question,
    Reason,
)
from schemas.vocabulary import Confidence, Verdict
from treaties.explain import asked, because, gated, why
from treaties.logic import walk
from treaties.registry import Registry
from treaties.tongue import tongue

Json = dict[str, Any]


def as_json(assessment: Assessment, registry: Registry, locale: str = "en") -> Json:
    """The whole assessment: edition, question, ranked candidates, open questions, gates, `good_until`, and
    the language in which it speaks with what to know of the translation.

    Days are ISO text, absent values None, lists in the order of the assessment.
    """
    speech = tongue(registry, locale)
    return {
        "edition": assessment.edition,
        "question": question_json(assessment.question),
        "candidates": [_candidate(one, registry, locale) for one in assessment.candidates],
        "open_questions": [_open(one, registry, locale) for one in assessment.open_questions],
        "gates": [_gate(one, registry, locale) for one in assessment.gates],
        "good_until": _day(assessment.good_until),
        "language": speech.language,
        "notice": speech.notice,
    }


def question_json(question: Question) -> Json:
    """The question as it was understood."""
    return {
        "requesting": question.requesting,
        "requested": question.requested,
        "kind": question.kind.value,
        "measures": [measure.value for measure in question.measures],
        "on": question.on.isoformat(),
        "known_on": _day(question.known_on),
        "offences": [
            {
                "slug": offence.slug,
                "max_requesting": offence.max_requesting,
                "max_requested": offence.max_requested,
            }
            for offence in question.offences
        ],
        "offence_date": _day(question.offence_date),
        "arrest_date": _day(question.arrest_date),
        "urgent": question.urgent,
        "nationality": question.nationality,
        "age": question.age,
        "provider": question.provider,
        "emergency": question.emergency,
    }


def reason_json(reason: Reason) -> Json:
    """A reason with everything it rests on."""
    return {
        "claim": reason.claim,
        "verdict": reason.verdict.value,
        "slots": dict(reason.slots),
        "citations": [citation_json(citation) for citation in reason.citations],
        "facts": list(reason.facts),
        "children": [reason_json(child) for child in reason.children],
        "changes_on": _day(reason.changes_on),
    }


def citation_json(citation: Citation) -> Json:
    """Where a claim stands, how old the reading is (`checked`), and whether it was `read` or `memory`."""
    return {
        "instrument": citation.instrument,
        "article": citation.article,
        "source": citation.source,
        "place": citation.place,
        "checked": citation.checked,
        "confidence": citation.confidence,
    }


def _candidate(candidate: Candidate, registry: Registry, locale: str) -> Json:
    return {
        "instrument": candidate.instrument,
        "title": tongue(registry, locale).instrument(candidate.instrument),
        "verdict": candidate.verdict.value,
        "rank": candidate.rank,
        "why": why(candidate, registry, locale),
        "because": because(candidate, registry, locale),
        "confidence": _confidence(candidate),
        "age": _age(candidate),
        **parts_json(candidate),
        "reason": reason_json(candidate.reason),
    }


def parts_json(candidate: Candidate) -> Json:
    """What a candidate says beyond its verdict, without a sentence."""
    return {
        "conditions": [_condition(one) for one in candidate.conditions],
        "provisions": [_provision(one) for one in candidate.provisions],
        "channel": None if candidate.channel is None else candidate.channel.value,
        "channel_reason": None if candidate.channel_reason is None else reason_json(candidate.channel_reason),
        "urgent_channel": None if candidate.urgent_channel is None else candidate.urgent_channel.value,
        "authority": None if candidate.authority is None else _authority(candidate.authority),
        "languages": list(candidate.languages),
        "formalities": list(candidate.formalities),
        "thresholds": list(candidate.thresholds),
        "deadlines": [_deadline(one) for one in candidate.deadlines],
        "grounds": [_ground(one) for one in candidate.grounds],
        "not_grounds": [_ground(one) for one in candidate.not_grounds],
        "addressee": candidate.addressee,
        "binding": candidate.binding,
        "provider": None if candidate.provider is None else _provider(candidate.provider),
        "issuers": [_issuer(one) for one in candidate.issuers],
        "duties": [
            {
                "duty": one.duty,
                "article": one.article,
                "on_request": one.on_request,
                "citations": [citation_json(citation) for citation in one.citations],
            }
            for one in candidate.duties
        ],
        "contents": [
            {"field": one.field, "article": one.article, "required": one.required, "note": one.note}
            for one in candidate.contents
        ],
    }


def _condition(one: ConditionVerdict) -> Json:
    return {
        "condition": one.condition,
        "verdict": one.verdict.value,
        "article": one.article,
        "reason": reason_json(one.reason),
    }


def _provision(one: ProvisionVerdict) -> Json:
    return {
        "article": one.article,
        "verdict": one.verdict.value,
        "force": one.force,
        "names": one.names,
        "reason": reason_json(one.reason),
    }


def _deadline(one: DeadlineFound) -> Json:
    return {
        "id": one.id,
        "event_from": one.event_from,
        "event_to": one.event_to,
        "amount": one.amount,
        "unit": one.unit,
        "article": one.article,
        "consequence": one.consequence,
        "citations": [citation_json(citation) for citation in one.citations],
    }


def _ground(one: GroundFound) -> Json:
    return {
        "ground": one.ground,
        "article": one.article,
        "mandatory": one.mandatory,
        "note": one.note,
        "cure": one.cure,
        "citations": [citation_json(citation) for citation in one.citations],
    }


def _issuer(one: IssuerFound) -> Json:
    return {
        "capacity": one.capacity,
        "by": list(one.by),
        "measures": list(one.measures),
        "article": one.article,
        "afterwards_hours": one.afterwards_hours,
        "note": one.note,
        "citations": [citation_json(citation) for citation in one.citations],
    }


def _provider(one: ProviderFound) -> Json:
    return {
        "key": one.key,
        "name": one.name,
        "state": one.state,
        "addressee": one.addressee,
        "ways": list(one.ways),
        "languages": list(one.languages),
        "proof": one.proof,
        "invented": one.invented,
        "citations": [citation_json(citation) for citation in one.citations],
    }


def _authority(one: AuthorityFound) -> Json:
    return {
        "name": one.name,
        "unit": one.unit,
        "function": one.function,
        "languages": list(one.languages),
        "formalities": one.formalities,
        "confidence": one.citations[0].confidence if one.citations else Confidence.MEMORY.value,
        "citations": [citation_json(citation) for citation in one.citations],
    }


def _open(one: OpenQuestion, registry: Registry, locale: str) -> Json:
    return {
        "about": one.about,
        "instrument": one.instrument,
        "slots": dict(one.slots),
        "sentence": asked(one, registry, locale),
    }


def _gate(one: GateFound, registry: Registry, locale: str) -> Json:
    sentence, cure = gated(one, registry, locale)
    return {
        "gate": one.gate,
        "verdict": one.verdict.value,
        "mandatory": one.mandatory,
        "sentence": sentence,
        "cure": cure,
        "reason": reason_json(one.reason),
    }


def _confidence(candidate: Candidate) -> str:
    """`memory` as soon as one thing the verdict rests on was recalled and not read."""
    memory = Confidence.MEMORY.value
    cited = any(citation.confidence == memory for citation in _resting_on(candidate))
    return memory if cited else Confidence.READ.value


def _age(candidate: Candidate) -> str | None:
    """The oldest `checked` among what decides whether the two are bound; None where no source shows one."""
    force = candidate.reason.children[0] if candidate.reason.children else candidate.reason
    return min((c.checked for reason in walk(force) for c in reason.citations if c.checked), default=None)


def _resting_on(candidate: Candidate) -> Iterable[Citation]:
    """What is cited for the verdict: not the articles and conditions that came out otherwise."""
    todo = [candidate.reason]
    while todo:
        reason = todo.pop()
        yield from reason.citations
        todo.extend(child for child in reason.children if child.verdict is reason.verdict)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def verdicts(assessment: Assessment) -> dict[str, Verdict]:
    """Instrument keys with their verdicts, in the order of the ranks."""
    return {candidate.instrument: candidate.verdict for candidate in assessment.candidates}
