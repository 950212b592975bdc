"""What does a request ask of the law?"""

from __future__ import annotations

from datetime import date

from schemas.reasoning import OffenceAsked, Question
from schemas.request import MlaRequest
from schemas.vocabulary import Kind


def question_of(request: MlaRequest, on: date) -> Question:
    """The request as a question to the law, for day `on`."""
    begun = [offence.committed_from for offence in request.offences if offence.committed_from is not None]
    return Question(
        requesting=request.requesting,
        requested=request.requested,
        kind=Kind(request.kind),
        measures=request.measures,
        on=on,
        offences=tuple(
            OffenceAsked(offence.slug, offence.max_penalty, offence.max_penalty_requested)
            for offence in request.offences
        ),
        offence_date=min(begun, default=None),
        urgent=request.urgent,
    )
