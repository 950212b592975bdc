"""What does the law say for a case, and when do its time limits end?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from pydantic_core import to_json
from temporalio import activity

from activities.counting import Place
from activities.limits import Limits
from activities.refusing import told
from letters.trust import TrustList
from records.vault import Vault
from schemas.case import Gap, LawRecorded
from schemas.ids import Digest
from schemas.reasoning import Assessment, Candidate, ContentFound, Question
from schemas.request import Request
from schemas.vocabulary import Verdict
from schemas.work import ASSESS, COUNT, AssessDone, AssessWork, CountDone, CountWork
from treaties.answer_json import as_json
from treaties.asking import basis_named, question_of
from treaties.basis import find_bases
from treaties.registry import Registry

SAID_ELSEWHERE: dict[str, Callable[[Request], object]] = {
    "necessity": lambda request: request.necessity,
    "urgency-reason": lambda request: request.urgency_reason,
}
"""Contents that the request has a place of its own for."""

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
        chosen = basis_named(answer, work.choose)
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
    )
    if chosen is None:
        return general
    rules = registry.rulebook(chosen.instrument).deadlines
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
            "deadline_events": tuple(sorted({held.row.event for held in rules if held.row.event})),
        }
    )


def _fields(contents: Sequence[ContentFound], required: str) -> tuple[str, ...]:
    """Field slugs once each, in the order of the instrument."""
    return tuple(dict.fromkeys(item.field for item in contents if item.required == required))


def _gaps(chosen: Candidate | None, request: Request) -> list[Gap]:
    """What the law wants to see and does not: a basis, and the contents it requires."""
    if chosen is None:
        return [Gap(code="basis", field="instrument")]
    found = [Gap(code="basis", field="instrument")] if chosen.verdict is not Verdict.YES else []
    missing = {
        item.field: item
        for item in reversed(chosen.contents)
        if item.required == "yes" and _lacks(request, item)
    }
    return found + [
        Gap(code="content", field=item.field, article=item.article) for item in _in_order(missing)
    ]


def _in_order(missing: dict[str, ContentFound]) -> Iterable[ContentFound]:
    return reversed(missing.values())


def _lacks(request: Request, content: ContentFound) -> bool:
    elsewhere = SAID_ELSEWHERE.get(content.field)
    return content.field not in request.contents and not (elsewhere and elsewhere(request))
