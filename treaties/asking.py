"""What does a request ask of the law, and is it a question at all?"""

from __future__ import annotations

from datetime import date
from typing import Literal

from schemas.errors import BadInput, UnknownWord
from schemas.reasoning import Assessment, Candidate, OffenceAsked, Question
from schemas.request import (
    ExtraditionRequest,
    PersonSought,
    PreservationRequest,
    ProductionRequest,
    ProsecutionRequest,
    Request,
)
from schemas.vocabulary import Kind, Verdict
from treaties.registry import Registry


def question_of(request: Request, on: date) -> Question:
    """The request as a question to the law, for day `on`.

    Prosecution instead of extradition is asked as the extradition it replaces: by what both are bound to.
    """
    begun = [offence.committed_from for offence in request.offences if offence.committed_from is not None]
    person = request.person if isinstance(request, ExtraditionRequest | ProsecutionRequest) else None
    data = request if isinstance(request, PreservationRequest | ProductionRequest) else None
    return Question(
        requesting=request.requesting,
        requested=request.requested,
        kind=Kind.EXTRADITION if isinstance(request, ProsecutionRequest) else Kind(request.kind),
        measures=request.measures,
        on=on,
        offences=tuple(
            OffenceAsked(offence.slug, offence.max_penalty, offence.max_penalty_requested)
            for offence in request.offences
        ),
        offence_date=min(begun, default=None),
        urgent=request.urgent,
        nationality=None if person is None else _nationality(person, request.requested),
        age=None if person is None or person.born is None else _age(person.born, on),
        provider=None if data is None else data.provider,
        emergency=request.emergency is not None,
    )


def addressee_of(request: Request) -> Literal["state", "provider"]:
    """To whom the request means to go: only what says `direct` goes to a provider."""
    direct = isinstance(request, PreservationRequest | ProductionRequest) and request.direct
    return "provider" if direct else "state"


def _nationality(person: PersonSought, requested: str) -> str | None:
    """Of several nationalities the one that matters: a State may refuse to surrender its own nationals."""
    if requested in person.nationality:
        return requested
    return next(iter(person.nationality), None)


def _age(born: date, on: date) -> int:
    """Full years of age on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def check_day(registry: Registry, question: Question) -> None:
    """Raises BadInput for a day before either State did anything that the registry knows of.

    For whoever asks in earnest: so early a day is a slip of the pen. Tables over all days do not ask this.
    """
    first = _first_acts(registry)
    known = [first[state] for state in (question.requesting, question.requested) if state in first]
    if known and question.on < min(known):
        raise BadInput(
            f"On {question.on} the registry knows neither {question.requesting} nor {question.requested}.",
            where="on",
            next_step=f"the first act it knows of either is of {min(known)}: ask about a day from then on",
            code="before-any-act",
        )


def basis_named(
    answer: Assessment, name: str | None, addressee: Literal["state", "provider"] | None = None
) -> Candidate | None:
    """The candidate `name`, or without a name the first that is `yes` and goes to `addressee`, if that is
    given. Raises UnknownWord if it is none."""
    if name is None:
        fitting = (item for item in answer.candidates if addressee in (None, item.addressee))
        return next((item for item in fitting if item.verdict is Verdict.YES), None)
    for candidate in answer.candidates:
        if candidate.instrument == name:
            return candidate
    known = [candidate.instrument for candidate in answer.candidates]
    raise UnknownWord("legal basis between these States", name, known, where="instrument")


def _first_acts(registry: Registry) -> dict[str, date]:
    """The day of the first dated act of each State."""
    if "first-acts" not in registry.memo:
        found: dict[str, date] = {}
        for key, parties in registry.parties.items():
            for state in parties.states:
                days = [held.row.on for held in registry.acts(key, state) if held.row.on is not None]
                if days:
                    found[state] = min(days + ([found[state]] if state in found else []))
        registry.memo["first-acts"] = found
    first: dict[str, date] = registry.memo["first-acts"]
    return first
