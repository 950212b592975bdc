"""How is a letter of ours said to a provider in TS 103 120: which objects are made, changed, cancelled?

What a provider need not know never travels: victims, the recorded test of necessity, and the contents that an
order keeps back from its addressee.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from letters.ts103120.dictionaries import OURS, REQUEST_TYPE, Word
from letters.ts103120.fields import LONG, Approval, Approver, Endpoint, Entry, entry
from letters.ts103120.message import Message, Request, WithObject, asking
from letters.ts103120.objects import (
    Addressees,
    AnyObject,
    Associated,
    Authorisation,
    AuthorisationFlags,
    AuthorisationSpan,
    Details,
    Document,
    DocumentBody,
    Held,
    LDTask,
    LPTask,
    Notification,
    PreservationReference,
    PreservationReferences,
    TaskFlags,
    Values,
)
from letters.ts103120.ours import (
    REQUEST_TYPES,
    Task,
    authorisation_of,
    case_type,
    identifier,
    tasks_of,
    transaction_of,
    value_of,
)
from schemas.errors import BadInput
from schemas.messages import Envelope
from schemas.moves import (
    Answer,
    AnswerLimit,
    Arrive,
    Close,
    Consult,
    Costs,
    FollowUp,
    FollowUpDecided,
    Inform,
    MoveBody,
    Papers,
    ReleaseData,
    Renew,
    Review,
    Withdraw,
)
from schemas.request import Attachment, PreservationRequest, ProductionRequest, RequestBody

KEPT_BACK = frozenset({"necessity-proportionality-grounds", "case-summary"})
"""Contents of an order that are not shown to its addressee (facts of Regulation 2023/1543, 5(5))."""

H = TypeVar("H", bound=Held)
Read = Callable[[str], bytes]
"""Gives the bytes of a document by its digest."""


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Who writes to whom about which request. `request`: as it was sent, from which its tasks are known."""

    us: Endpoint
    provider: Endpoint
    request: RequestBody


def message_of(letter: Envelope, with_whom: Correspondence, read: Read) -> Message:
    """The HI1 message for one sealed letter. The same letter gives the same message.

    Raises BadInput (`no-provider-form`) for a move that a provider is not told.
    """
    writer = _Writer(letter, with_whom, read)
    objects = writer.written()
    actions = tuple(
        Request(
            action_identifier=number,
            create=WithObject(hi1_object=held) if new else None,
            update=None if new else WithObject(hi1_object=held),
        )
        for number, (new, held) in enumerate(objects)
    )
    return asking(with_whom.us, with_whom.provider, transaction_of(letter.id), letter.sent, actions)


_Written = list[tuple[bool, AnyObject]]
"""Objects in the order of their actions; True: made, False: changed."""


class _Writer:
    """The objects of one letter."""

    def __init__(self, letter: Envelope, with_whom: Correspondence, read: Read) -> None:
        self.letter = letter
        self.whom = with_whom
        self.request = with_whom.request
        self.read = read
        self.house, self.ref = letter.sender, letter.sender_ref
        self.authorisation = authorisation_of(self.house, self.ref)
        self.tasks = tasks_of(self.request, self.house, self.ref)

    def written(self) -> _Written:
        body = self.letter.body
        if isinstance(body, Arrive):
            return [
                (True, self._authorised()),
                *self._documents(),
                *((True, self._task(t)) for t in self.tasks),
            ]
        if isinstance(body, Renew):
            told = self._told(Word.RENEWAL, body.reason)
            if body.until is None:
                return [told]
            return [told, *((False, self._wanted("Preserved", t, body)) for t in self.tasks)]
        if isinstance(body, Withdraw | ReleaseData):
            return [self._told(Word.WITHDRAWAL, body.reason), *self._cancelled()]
        if isinstance(body, Review):
            return self._reviewed(body)
        if isinstance(body, FollowUp):
            others = (authorisation_of(self.house, body.ref),) if body.kind == "production" else ()
            return [self._told(Word.FOLLOW_UP, f"{body.kind} {body.ref}", others)]
        if isinstance(body, Answer):
            return [self._told(Word.ANSWER, body.text, _asked(body.question)), *self._documents()]
        word, text = _said(body)
        return [self._told(word, text), *self._documents()]

    # --- the request ----------------------------------------------------------------------------------

    def _authorised(self) -> Authorisation:
        request = self.request
        pressing = request.urgent or request.child_at_risk or request.emergency is not None
        emergency = (entry("AuthorisationFlag", "IsEmergency"),) if request.emergency else ()
        sort = case_type(request)
        return Authorisation(
            object_identifier=self.authorisation,
            country_code=self.whom.us.country_code,
            owner_identifier=self.whom.us.unique_identifier[:255],
            reference=self.ref,
            priority=entry("AuthorisationPriority", "High" if pressing else "Routine"),
            desired_status=entry("AuthorisationDesiredStatus", "Approved"),
            timespan=AuthorisationSpan(start_time=self.letter.sent),
            addressees=Addressees(cspid=(self.whom.provider,)),
            approvals=self._approvals() or None,
            flags=AuthorisationFlags(authorisation_flag=emergency) if emergency else None,
            manual_information=self._in_words(),
            jurisdiction=request.requesting,
            type_of_case=entry("AuthorisationTypeOfCase", sort) if sort else None,
        )

    def _approvals(self) -> tuple[Approval, ...]:
        made = []
        if isinstance(self.request, ProductionRequest) and self.request.necessity is not None:
            test = self.request.necessity
            made.append(
                Approval(
                    approval_type="authorisation",
                    approval_description=f"authorised on {test.authorised_on.isoformat()}",
                    approver_details=Approver(approver_name=test.authorised_by),
                )
            )
        if self.request.emergency is not None:
            urgent = self.request.emergency
            made.append(
                Approval(
                    approval_type="emergency",
                    approver_details=Approver(approver_name=urgent.certified_by),
                    approval_timestamp=urgent.certified_at,
                    approval_is_emergency=True,
                )
            )
        return tuple(made)

    def _in_words(self) -> str:
        request = self.request
        lines = [f"instrument: {request.instrument or 'none named'}", f"language: {request.language}"]
        lines += [f"offence: {offence.slug}" for offence in request.offences]
        if request.confidential:
            lines.append("confidential: the person concerned is not to be told")
        if request.emergency is not None:
            lines.append(f"emergency: {request.emergency.facts}")
        if isinstance(request, PreservationRequest):
            lines.append(f"a request for {request.intends} is to follow")
        lines += [f"{name}: {text}" for name, text in request.contents.items() if name not in KEPT_BACK]
        return _fitting("\n".join(lines))

    def _task(self, task: Task) -> LPTask | LDTask:
        if isinstance(self.request, ProductionRequest):
            return self._to_disclose(task, self.request)
        return self._owned(
            LPTask(
                object_identifier=task.identifier,
                desired_status=entry("LPTaskDesiredStatus", "Preserved"),
                details=Details(type=self._category(task), request_values=_account(task)),
                cspid=self.whom.provider,
            )
        )

    def _to_disclose(self, task: Task, request: ProductionRequest) -> LDTask:
        emergency = entry("LDTaskFlag", "IsEmergency")
        follows = tuple(
            PreservationReference(reference_value=ref, nature_of_reference="earlier request")
            for ref in request.follows
        )
        other = "" if task.measures[0] in REQUEST_TYPES else f"category: {task.measures[0].value}"
        made = LDTask(
            object_identifier=task.identifier,
            reference=order_reference(self.whom.us, self.ref, task.number),
            desired_status=entry("LDTaskDesiredStatus", "Disclosed"),
            details=Details(
                type=self._category(task),
                start_time=request.period_from,
                end_time=request.period_until,
                request_values=_account(task),
            ),
            cspid=self.whom.provider,
            flags=TaskFlags(flag=(emergency,)) if request.emergency else None,
            preservations=PreservationReferences(alternative_preservation_reference=follows)
            if follows
            else None,
            manual_information=other or None,
        )
        return self._owned(made)

    def _category(self, task: Task) -> Entry:
        words = {REQUEST_TYPES.get(measure, "Other") for measure in task.measures}
        if words == {"TrafficData", "StoredContentData"}:
            return entry(REQUEST_TYPE, "TrafficDataAndStoredContentData")
        return entry(REQUEST_TYPE, words.pop() if len(words) == 1 else "Other")

    # --- what follows it ------------------------------------------------------------------------------

    def _reviewed(self, body: Review) -> _Written:
        text = f"{body.result} by {body.by}" + (f": {body.reasons}" if body.reasons else "")
        told = self._told(Word.REVIEW, text)
        if body.result == "dropped":
            return [told, *self._cancelled()]
        return [told, *((False, self._wanted("Disclosed", task)) for task in self.tasks)]

    def _cancelled(self) -> _Written:
        ended: AnyObject = Authorisation(
            object_identifier=self.authorisation,
            reference=self.ref,
            desired_status=entry("AuthorisationDesiredStatus", "Cancelled"),
        )
        return [*((False, self._wanted("Cancelled", task)) for task in self.tasks), (False, ended)]

    def _wanted(self, status: str, task: Task, renewed: Renew | None = None) -> LPTask | LDTask:
        named = task.identifier
        if isinstance(self.request, ProductionRequest):
            wanted = entry("LDTaskDesiredStatus", status)
            return self._owned(LDTask(object_identifier=named, desired_status=wanted))
        return self._owned(
            LPTask(
                object_identifier=named,
                desired_status=entry("LPTaskDesiredStatus", status),
                desired_expiration=renewed.until if renewed else None,
            )
        )

    def _told(self, word: Word | None, text: str, others: tuple[str, ...] = ()) -> tuple[bool, Notification]:
        sort = entry("NotificationType", word, OURS) if word else entry("NotificationType", "General")
        made = Notification(
            object_identifier=identifier("notification", self.letter.id),
            details=_fitting(text),
            type=sort,
            new=True,
            timestamp=self.letter.sent,
        )
        return True, self._owned(made, others)

    def _documents(self) -> _Written:
        return [(True, self._document(number, item)) for number, item in enumerate(self.letter.documents)]

    def _document(self, number: int, item: Attachment) -> Document:
        made = Document(
            object_identifier=identifier("document", self.letter.id, str(number)),
            reference=item.digest,
            name=item.name,
            body=DocumentBody(
                contents=base64.b64encode(self.read(item.digest)).decode("ascii"),
                content_type=item.media_type,
                checksum=item.digest.removeprefix("sha256:"),
                checksum_type="SHA-256",
            ),
        )
        return self._owned(made)

    def _owned(self, held: H, others: tuple[str, ...] = ()) -> H:
        """`held` as ours, belonging to our authorisation."""
        return held.model_copy(
            update={
                "country_code": self.whom.us.country_code,
                "owner_identifier": self.whom.us.unique_identifier[:255],
                "associated_objects": Associated(associated_object=(self.authorisation, *others)),
            }
        )


def order_reference(us: Endpoint, ref: str, number: int) -> str:
    """Our reference of one task to disclose (LDID): `DE-ACTOR01-DE-PRODUCTION-2026-00001.1`."""
    return f"{us.country_code}-{us.unique_identifier}-{ref}.{number}"


def _said(body: MoveBody) -> tuple[Word | None, str]:
    """What else we tell a provider, as a notification. Raises BadInput for what it is not told."""
    if isinstance(body, FollowUpDecided):
        return Word.FOLLOW_UP_DECIDED, f"{body.result} {body.ref}"
    if isinstance(body, Inform | Consult):
        return None, body.text
    if isinstance(body, AnswerLimit):
        return None, f"condition {body.limit} {'accepted' if body.accepted else 'not accepted'}"
    if isinstance(body, Costs):
        return None, f"costs: {body.amount} {body.currency}, borne by the {body.borne_by} side"
    if isinstance(body, Papers):
        return None, body.note or "the papers follow herewith"
    if isinstance(body, Close):
        return Word.CLOSED, "the case is closed on our side"
    raise BadInput(
        f"A provider is not told of {body.event!r} in TS 103 120.",
        where=body.event,
        next_step="tell it by another way, and record that",
        code="no-provider-form",
    )


def _asked(question: str) -> tuple[str, ...]:
    """The notification that asked, where the question came as one (`letters.ts103120.words`)."""
    named = question.removeprefix("q-")
    return (named,) if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", named) else ()


def _account(task: Task) -> Values:
    return Values(request_value=(value_of(task.account),))


def _fitting(text: str) -> str:
    if len(text) > LONG:
        raise BadInput(
            f"What is said is longer than the {LONG} characters that a provider message takes.",
            where="text",
            next_step="say it shorter, or attach it as a document",
            code="no-provider-form",
        )
    return text
