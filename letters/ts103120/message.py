"""What travels to a provider and back: one HI1 message, with its header and its actions?"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Self

from pydantic import ConfigDict, Field, model_validator

from letters.ts103120.dictionaries import OURS
from letters.ts103120.fields import (
    Count,
    Country,
    Endpoint,
    Entry,
    Identifier,
    Long,
    Microsecond,
    Moment,
    Part,
    Short,
    Trouble,
)
from letters.ts103120.objects import AnyObject

ETSI_VERSION = "V1.23.1"
"""The state of the standard whose schemas our messages are tested against."""
PROFILE_VERSION = "v1.0"

NAMESPACES = {
    "@xmlns": "http://uri.etsi.org/03120/common/2019/10/Core",
    "@xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "@xmlns:common": "http://uri.etsi.org/03120/common/2016/02/Common",
    "@xmlns:auth": "http://uri.etsi.org/03120/common/2020/09/Authorisation",
    "@xmlns:task": "http://uri.etsi.org/03120/common/2020/09/Task",
    "@xmlns:doc": "http://uri.etsi.org/03120/common/2020/09/Document",
    "@xmlns:notification": "http://uri.etsi.org/03120/common/2016/02/Notification",
    "@xmlns:delivery": "http://uri.etsi.org/03120/common/2019/10/Delivery",
}


class Closed(Part):
    """Base of the frame around the objects: here a field we do not know is a fault."""

    model_config = ConfigDict(extra="forbid")


class Version(Closed):
    etsi_version: str = Field(default=ETSI_VERSION, alias="ETSIVersion", pattern=r"^V\d+\.\d+\.\d+$")
    national_profile_owner: Short = OURS
    national_profile_version: Short = PROFILE_VERSION


class Header(Closed):
    sender_identifier: Endpoint
    receiver_identifier: Endpoint
    transaction_identifier: Identifier
    timestamp: Microsecond
    version: Version = Version()
    workflow_identifier: Long | None = None


# --- asking -------------------------------------------------------------------------------------------


class WithObject(Closed):
    hi1_object: AnyObject = Field(alias="HI1Object")


class Deliver(WithObject):
    identifier: Identifier


class Get(Closed):
    identifier: Identifier


class Listing(Closed):
    object_type: Entry | None = None
    last_changed: Moment | None = None
    maximum_object_count: Count | None = None


class Request(Closed):
    """One action asked for: exactly one of its verbs."""

    action_identifier: Count
    create: WithObject | None = Field(default=None, alias="CREATE")
    update: WithObject | None = Field(default=None, alias="UPDATE")
    deliver: Deliver | None = Field(default=None, alias="DELIVER")
    get: Get | None = Field(default=None, alias="GET")
    listing: Listing | None = Field(default=None, alias="LIST")

    @model_validator(mode="after")
    def _one_verb(self) -> Self:
        verbs = (self.create, self.update, self.deliver, self.get, self.listing)
        if sum(verb is not None for verb in verbs) != 1:
            raise ValueError("an action has exactly one of CREATE, UPDATE, DELIVER, GET, LIST")
        return self


class Requests(Closed):
    action_request: tuple[Request, ...] = Field(min_length=1)


class RequestPayload(Closed):
    action_requests: Requests


# --- answering ----------------------------------------------------------------------------------------


class Done(Closed):
    """CREATE, UPDATE or DELIVER was done."""

    identifier: Identifier
    hi1_object: AnyObject | None = Field(default=None, alias="HI1Object")


class Got(Closed):
    hi1_object: AnyObject = Field(alias="HI1Object")


class Listed(Closed):
    object_type: Entry
    identifier: Identifier
    country_code: Country | None = None
    owner_identifier: Short | None = None
    generation: Count
    external_identifier: Long | None = None
    last_changed: Moment | None = None


class ListedAll(Closed):
    list_response_record: tuple[Listed, ...] = ()


class Response(Closed):
    """One action answered: exactly one of these."""

    action_identifier: Count
    created: Done | None = Field(default=None, alias="CREATEResponse")
    updated: Done | None = Field(default=None, alias="UPDATEResponse")
    delivered: Done | None = Field(default=None, alias="DELIVERResponse")
    got: Got | None = Field(default=None, alias="GETResponse")
    listed: ListedAll | None = Field(default=None, alias="LISTResponse")
    error: Trouble | None = Field(default=None, alias="ErrorInformation")

    @property
    def done(self) -> Done | None:
        """What an action that changed something answered."""
        return self.created or self.updated or self.delivered

    @model_validator(mode="after")
    def _one_answer(self) -> Self:
        answers = (self.created, self.updated, self.delivered, self.got, self.listed, self.error)
        if sum(answer is not None for answer in answers) != 1:
            raise ValueError("an action has exactly one answer")
        return self


class Responses(Closed):
    action_response: tuple[Response, ...] = Field(min_length=1)


class ResponsePayload(Closed):
    action_responses: Responses | None = None
    error_information: Trouble | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.action_responses is None) == (self.error_information is None):
            raise ValueError("either ActionResponses or ErrorInformation")
        return self


class Payload(Closed):
    request_payload: RequestPayload | None = None
    response_payload: ResponsePayload | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.request_payload is None) == (self.response_payload is None):
            raise ValueError("either RequestPayload or ResponsePayload")
        return self


class Signature(Closed):
    """A JWS of the rest of the message, its payload left out (RFC 7515, appendix F)."""

    protected: str
    signature: str


class Message(Closed):
    """One HI1 message. `to_json` is the one way to write it."""

    header: Header
    payload: Payload
    signature: Signature | None = None

    @property
    def requests(self) -> tuple[Request, ...]:
        """Its actions, if it asks for some."""
        asked = self.payload.request_payload
        return asked.action_requests.action_request if asked else ()

    @property
    def responses(self) -> tuple[Response, ...]:
        """Its answers, if it answers action by action."""
        said = self.payload.response_payload
        return said.action_responses.action_response if said and said.action_responses else ()

    @property
    def trouble(self) -> Trouble | None:
        """Why the whole message was refused, if it was."""
        said = self.payload.response_payload
        return said.error_information if said else None

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values, with its namespaces, nothing empty in it."""
        return {**NAMESPACES, **self.model_dump(mode="json", by_alias=True, exclude_none=True)}

    def to_json(self) -> str:
        """As it is posted."""
        return json.dumps(self.to_dict(), ensure_ascii=False)


def asking(
    sender: Endpoint, receiver: Endpoint, transaction: str, at: datetime, actions: tuple[Request, ...]
) -> Message:
    """A message that asks for `actions`."""
    header = Header(
        sender_identifier=sender,
        receiver_identifier=receiver,
        transaction_identifier=transaction,
        timestamp=at,
    )
    requests = Requests(action_request=actions)
    return Message(header=header, payload=Payload(request_payload=RequestPayload(action_requests=requests)))


def answering(
    question: Message, at: datetime, answers: tuple[Response, ...] = (), trouble: Trouble | None = None
) -> Message:
    """The answer to `question`: action by action, or one trouble for the whole."""
    header = Header(
        sender_identifier=question.header.receiver_identifier,
        receiver_identifier=question.header.sender_identifier,
        transaction_identifier=question.header.transaction_identifier,
        timestamp=at,
    )
    said = (
        ResponsePayload(error_information=trouble)
        if trouble is not None
        else ResponsePayload(action_responses=Responses(action_response=answers))
    )
    return Message(header=header, payload=Payload(response_payload=said))
