"""What does the law say for a case, and when do its time limits end?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from pydantic_core import to_json
from temporalio import activity

from activities.limits import Limits
from activities.refusing import told
from letters.trust import TrustList
from records.vault import Vault
from schemas.case import Gap, LawRecorded
from schemas.facets import DutyAsked, GateAsked, IssuerAsked
from schemas.ids import Digest
from schemas.reasoning import Assessment, Candidate, ContentFound, Question
from schemas.request import ExtraditionRequest, ProductionRequest, Request
from schemas.vocabulary import Measure, Verdict
from schemas.work import ASSESS, COUNT, AssessDone, AssessWork, CountDone, CountWork
from treaties.answer_json import as_json
from treaties.asking import addressee_of, basis_named, question_of
from treaties.basis import find_bases
from treaties.counting import Place
from treaties.duties import starting
from treaties.registry import Registry


def _part(name: str) -> Callable[[Request], object]:
    return lambda request: getattr(request, name, None)


def _identity(request: Request) -> object:
    person = getattr(request, "person", None)
    return person is not None and person.name and person.nationality


SAID_ELSEWHERE: dict[str, Callable[[Request], object]] = {
    "account-identifier-exact": _part("accounts"),
    "data-category": _part("measures"),
    "date-range": _part("period_until"),
    "enforceable-judgment-or-warrant": _part("warrant"),
    "facts-showing-emergency": _part("emergency"),
    "identity-nationalities": _identity,
    "identity-nationality": _identity,
    "intent-to-send-mla": _part("intends"),
    "necessity": _part("necessity"),
    "necessity-proportionality-grounds": _part("necessity"),
    "provider": _part("provider"),
    "urgency-reason": _part("urgency_reason"),
    "warrant-or-judgment-exists": _part("warrant"),
}
"""Contents that the request has a place of its own for."""

_CERTIFIED = "certified trans"
"""How formalities in the words of the data ask for a translator who vouches."""
_THRESHOLD = "minimum-penalty"

REMEMBERED = 32
"""Answers kept in memory; a whole one is some hundred kilobytes."""


class Legal:
    """Asks the registry, and keeps the whole answer in the vault of the case. `home`: where we sit."""

    def __init__(self, registry: Callable[[], Registry], vault: Vault, trust: TrustList, home: Place) -> None:
        self._registry = registry
        self._vault = vault
        self._trust = trust
        self._home = home
        self._answers: dict[tuple[str, Question], tuple[Assessment, bytes]] = {}

    @activity.defn(name=ASSESS)
    @told
    def assess(self, work: AssessWork) -> AssessDone:
        """The recorded answer with the chosen basis, what is missing for it, and who is trusted over there.

        Raises BadInput (the same State twice) and UnknownWord (State, offence, instrument), as the law does.
        """
        registry = self._registry()
        on = work.on or work.at.astimezone(self._home.zone_info).date()
        answer, whole = self._answered(registry, question_of(work.request, on))
        chosen = basis_named(answer, work.choose, addressee_of(work.request))
        kept = self._vault.put(work.ref, whole)
        return AssessDone(
            law=_recorded(registry, answer, chosen, on, kept),
            gaps=_gaps(chosen, work.request),
            house=self._house_of(work.request.requested),
        )

    @activity.defn(name=COUNT)
    @told
    def count(self, work: CountWork) -> CountDone:
        """Every time limit that the event starts, and the end of an offer of the baton."""
        return Limits(self._registry(), self._home).counted(work)

    def _answered(self, registry: Registry, question: Question) -> tuple[Assessment, bytes]:
        """The answer, and the whole of it with all candidates and reasons as it is kept: one text for each.

        A draft that is amended asks the same question again and again, so the last answers are remembered.
        """
        asked = (registry.edition, question)
        known = self._answers.get(asked)
        if known is None:
            answer = find_bases(registry, question)
            known = (answer, to_json(as_json(answer, registry)))
            if len(self._answers) >= REMEMBERED:
                self._answers.clear()
            self._answers[asked] = known
        return known

    def _house_of(self, state: str) -> str | None:
        """The one house that speaks for `state`; with none, or several, a person decides where letters go."""
        houses = self._trust.of_state(state)
        return houses[0].id if len(houses) == 1 else None


def _recorded(
    registry: Registry, answer: Assessment, chosen: Candidate | None, on: date, kept: Digest
) -> LawRecorded:
    general = LawRecorded(
        edition=answer.edition,
        on=on,
        assessment=kept,
        good_until=answer.good_until,
        candidates={candidate.instrument: candidate.verdict for candidate in answer.candidates},
        open_questions=len(answer.open_questions),
        deadline_events=_events(registry, answer, chosen),
        gates={
            found.gate: GateAsked(verdict=found.verdict, mandatory=found.mandatory) for found in answer.gates
        },
    )
    if chosen is None:
        return general
    return general.model_copy(
        update={
            "instrument": chosen.instrument,
            "title": chosen.title,
            "verdict": chosen.verdict,
            "articles": tuple(item.article for item in chosen.provisions if item.verdict is Verdict.YES),
            "channel": chosen.channel.value if chosen.channel else None,
            "urgent_channel": chosen.urgent_channel.value if chosen.urgent_channel else None,
            "authority": chosen.authority.name if chosen.authority else "",
            "languages": chosen.languages,
            "contents_required": _fields(chosen.contents, "yes"),
            "contents_advised": _fields(chosen.contents, "conditional"),
            **_asked(chosen),
        }
    )


def _asked(chosen: Candidate) -> dict[str, object]:
    """Whom the request goes to, whether an answer is owed, who must issue it, and what binds besides."""
    return {
        "addressee": chosen.addressee,
        "binding": chosen.binding,
        "issuers": tuple(
            IssuerAsked(
                capacity=found.capacity,
                by=found.by,
                measures=tuple(Measure(measure) for measure in found.measures),
                article=found.article,
                afterwards_hours=found.afterwards_hours,
            )
            for found in chosen.issuers
        ),
        "duties": tuple(
            DutyAsked(duty=found.duty, article=found.article, on_request=found.on_request)
            for found in chosen.duties
        ),
        "certified_translation": any(_CERTIFIED in text.lower() for text in chosen.formalities),
    }


def _events(registry: Registry, answer: Assessment, chosen: Candidate | None) -> tuple[str, ...]:
    """Events at which the law counts in the case; without a basis, that of the State that holds a person."""
    question, basis = answer.question, chosen.instrument if chosen else None
    return starting(registry, basis, question.kind, question.requested)


def _fields(contents: Sequence[ContentFound], required: str) -> tuple[str, ...]:
    """Field slugs once each, in the order of the instrument."""
    return tuple(dict.fromkeys(item.field for item in contents if item.required == required))


def _gaps(chosen: Candidate | None, request: Request) -> list[Gap]:
    """What the law wants to see and does not: a basis, the contents it requires, and what its kind needs."""
    if chosen is None:
        return [Gap(code="basis", field="instrument")]
    found = [Gap(code="basis", field="instrument")] if chosen.verdict is not Verdict.YES else []
    found += _of_kind(chosen, request)
    missing = {
        item.field: item
        for item in reversed(chosen.contents)
        if item.required == "yes" and _lacks(request, item)
    }
    return found + [
        Gap(code="content", field=item.field, article=item.article) for item in _in_order(missing)
    ]


def _of_kind(chosen: Candidate, request: Request) -> Iterable[Gap]:
    """An order below the penalty it needs is none, whoever approves it (Regulation 2023/1543, 5(4))."""
    if isinstance(request, ProductionRequest):
        for item in chosen.conditions:
            if item.condition == _THRESHOLD and item.verdict is Verdict.NO:
                yield Gap(code="threshold", field="offences", article=item.article, overridable=False)
    if addressee_of(request) != chosen.addressee:
        yield Gap(code="addressee", field="direct")
    if isinstance(request, ExtraditionRequest) and request.warrant is None:
        yield Gap(code="warrant", field="warrant", blocking=not request.provisional_arrest)


def _in_order(missing: dict[str, ContentFound]) -> Iterable[ContentFound]:
    return reversed(missing.values())


def _lacks(request: Request, content: ContentFound) -> bool:
    elsewhere = SAID_ELSEWHERE.get(content.field)
    return content.field not in request.contents and not (elsewhere and elsewhere(request))
