"""May this house file this request, on which side, and does it say what can be?

What is refused here is refused before anything of it is kept: no reference is used up, no case begun.
"""

from __future__ import annotations

from datetime import date, timedelta

from desk.reading import line_of
from records.open import Records
from schemas.errors import BadInput, Conflict
from schemas.lifecycle import FINAL
from schemas.moves import Actor, Amend, Arrive, FileRequest
from schemas.request import (
    ExtraditionRequest,
    PreservationRequest,
    ProductionRequest,
    ProsecutionRequest,
    Request,
)
from schemas.vocabulary import Side
from treaties.asking import basis_named, check_day, question_of
from treaties.basis import find_bases
from treaties.registry import Registry

A_DAY = timedelta(days=1)
A_YEAR = timedelta(days=366)


def check_side(body: FileRequest | Arrive, ours: str) -> None:
    """A house files its own State's requests, and records by hand those to its State that came by post.

    Raises BadInput, naming the field, for anything else.
    """
    request = body.request
    if isinstance(body, FileRequest) and request.requesting != ours:
        raise BadInput(
            f"This house files for {ours}, the request is {request.requesting}'s.",
            where="request.requesting",
            next_step=f"set it to {ours}; what came by post: `rogatory arrive`, or POST /cases/arrivals",
        )
    if isinstance(body, Arrive) and body.counterpart_house is not None:
        raise BadInput(
            "What came by post came from no house.",
            where="counterpart_house",
            next_step="leave it out: what a house sends arrives by itself",
        )
    if isinstance(body, Arrive) and (request.requested != ours or not body.by_post):
        raise BadInput(
            f"Only a request to {ours} that came by post is recorded by hand.",
            where="request.requested",
            next_step=f"set requested to {ours} and by_post to true",
        )


def check_request(registry: Registry, body: FileRequest | Arrive | Amend, today: date) -> None:
    """The law knows the words of the request, and its days can be. Asks the law as the case will.

    Raises UnknownWord with the nearest word (State, offence, instrument), BadInput.
    """
    request = body.request
    _check_days(request, today)
    _check_wanted(body, today)
    if isinstance(body, Arrive) and body.happened_at is not None:
        _check_past({"happened_at": body.happened_at.date() - A_DAY}, today)
    question = question_of(request, request.on or today)
    answer = find_bases(registry, question)
    check_day(registry, question)
    basis_named(answer, request.instrument)
    if request.attachments and not isinstance(body, Amend):
        raise BadInput(
            "A case must be there before documents are put to it.",
            where="request.attachments",
            next_step="file it without; then add the documents, and name them in an amended request",
        )


def check_new(records: Records, actor: Actor, body: Arrive) -> None:
    """The same request does not become two cases because it came twice by post. Raises Conflict.

    Where several requests come under one number of a file, the second one's number says which it is.
    """
    request = body.request
    for row in records.docket.by_reference(body.foreign_ref, aliases=False):
        same = row.counterpart_state == request.requesting and row.kind == request.kind
        if same and row.side is Side.INCOMING and row.status not in FINAL:
            seen = line_of(actor, row, exact=True) is not None
            there = f"go on in {row.ref}" if seen else "ask the central authority"
            raise Conflict(
                f"A request of {request.requesting} with this reference is here already.",
                where="foreign_ref",
                next_step=f"{there}; if this is another one, tell them apart, as in `999 Js 1/26 (2)`",
                code="here-already",
            )


def _check_days(request: Request, today: date) -> None:
    if request.on is not None and request.on > today + A_YEAR:
        raise BadInput(
            "The law of a day more than a year ahead is not known.",
            where="request.on",
            next_step="give the day of the request, or leave it out for today",
            code="in-the-future",
        )
    for number, offence in enumerate(request.offences):
        begun, ended = offence.committed_from, offence.committed_until
        where = f"request.offences.{number}"
        if begun is not None and ended is not None and ended < begun:
            raise BadInput(
                "An offence cannot end before it began.",
                where=f"{where}.committed_until",
                next_step=f"give a day from {begun} on",
            )
        _check_past({f"{where}.committed_from": begun, f"{where}.committed_until": ended}, today)
    if request.necessity is not None:
        _check_past({"request.necessity.authorised_on": request.necessity.authorised_on}, today)
    _check_days_of_kind(request, today)


def _check_days_of_kind(request: Request, today: date) -> None:
    """Days that only one kind of request names."""
    if isinstance(request, ExtraditionRequest | ProsecutionRequest):
        _check_past({"request.person.born": request.person.born}, today)
    if isinstance(request, ExtraditionRequest) and request.warrant is not None:
        _check_past({"request.warrant.issued_on": request.warrant.issued_on}, today)
    if isinstance(request, ProductionRequest):
        begun, ended = request.period_from, request.period_until
        for name, moment in (("period_from", begun), ("period_until", ended)):
            if moment is not None and moment.tzinfo is None:
                raise BadInput(
                    "Without its zone a moment is several.",
                    where=f"request.{name}",
                    next_step="write it as 2026-11-20T14:30:00+01:00",
                )
        if begun is not None and ended is not None and ended < begun:
            raise BadInput(
                "The period cannot end before it begins.",
                where="request.period_until",
                next_step=f"give a moment from {begun.isoformat(timespec='minutes')} on",
            )


def _check_wanted(body: FileRequest | Arrive | Amend, today: date) -> None:
    """What we ask for is still to come; what came by post may lie here for longer than it asked."""
    request = body.request
    if isinstance(body, Arrive) or not isinstance(request, PreservationRequest):
        return
    if request.until is not None and request.until < today:
        raise BadInput(
            "Data cannot be asked to be kept until a day that is over.",
            where="request.until",
            next_step=f"give a day from {today} on, or leave it out",
        )


def _check_past(days: dict[str, date | None], today: date) -> None:
    for where, day in days.items():
        if day is not None and day > today:
            raise BadInput(
                "That cannot have been done on a day that is still to come.",
                where=where,
                next_step=f"give a day up to {today}",
                code="in-the-future",
            )
