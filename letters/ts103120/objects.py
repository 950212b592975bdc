"""Which objects travel in a TS 103 120 message, and what does each say? Only what we use of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, Field

from letters.ts103120.fields import (
    Approval,
    Base64,
    Checksums,
    Count,
    Country,
    Endpoint,
    Entry,
    Identifier,
    Long,
    Microsecond,
    Moment,
    OrderReference,
    Part,
    Plain,
    Short,
    Trouble,
    spelled,
)

TYPE = "@xsi:type"


class Associated(Part):
    associated_object: tuple[Identifier, ...] = ()


class Held(Part):
    """What every object has. `generation` and `last_changed` are the receiver's; `external_identifier` is, by
    our profile, the reference that the provider gives to it."""

    object_identifier: Identifier
    country_code: Country | None = None
    owner_identifier: Short | None = None
    generation: Count | None = None
    external_identifier: Long | None = None
    associated_objects: Associated | None = None
    last_changed: Moment | None = None

    @property
    def associated(self) -> tuple[str, ...]:
        """Identifiers of the objects it belongs to, in small letters."""
        found = self.associated_objects.associated_object if self.associated_objects else ()
        return tuple(each.lower() for each in found)


# --- authorisation ------------------------------------------------------------------------------------


class AuthorisationPart(Plain):
    model_config = ConfigDict(alias_generator=spelled("auth:"), populate_by_name=True)


class AuthorisationSpan(AuthorisationPart):
    start_time: Moment | None = None
    end_time: Moment | None = None


class AuthorisationFlags(AuthorisationPart):
    authorisation_flag: tuple[Entry, ...] = ()


class Addressees(AuthorisationPart):
    cspid: tuple[Endpoint, ...] = Field(default=(), alias="auth:CSPID")


class Authorisation(Held):
    """On what the tasks rest. `reference`: our reference of the case, by which a word finds it."""

    xsi_type: Literal["{http://uri.etsi.org/03120/common/2020/09/Authorisation}AuthorisationObject"] = Field(
        default="{http://uri.etsi.org/03120/common/2020/09/Authorisation}AuthorisationObject", alias=TYPE
    )
    reference: Long | None = Field(default=None, alias="auth:AuthorisationReference")
    priority: Entry | None = Field(default=None, alias="auth:AuthorisationPriority")
    status: Entry | None = Field(default=None, alias="auth:AuthorisationStatus")
    desired_status: Entry | None = Field(default=None, alias="auth:AuthorisationDesiredStatus")
    timespan: AuthorisationSpan | None = Field(default=None, alias="auth:AuthorisationTimespan")
    addressees: Addressees | None = Field(default=None, alias="auth:AuthorisationCSPID")
    approvals: tuple[Approval, ...] | None = Field(default=None, alias="auth:AuthorisationApprovalDetails")
    invalid_reason: Trouble | None = Field(default=None, alias="auth:AuthorisationInvalidReason")
    flags: AuthorisationFlags | None = Field(default=None, alias="auth:AuthorisationFlags")
    manual_information: Long | None = Field(default=None, alias="auth:AuthorisationManualInformation")
    jurisdiction: Long | None = Field(default=None, alias="auth:AuthorisationJurisdiction")
    type_of_case: Entry | None = Field(default=None, alias="auth:AuthorisationTypeOfCase")


# --- tasks --------------------------------------------------------------------------------------------


class TaskPart(Plain):
    model_config = ConfigDict(alias_generator=spelled("task:"), populate_by_name=True)


class Format(TaskPart):
    format_owner: Short
    format_name: Short


class Value(TaskPart):
    """One account, and how it is to be read."""

    format_type: Format
    value: Annotated[str, Field(min_length=1, max_length=65_535)]


class Values(TaskPart):
    request_value: tuple[Value, ...] = ()


class Details(TaskPart):
    """Which data of which account, from when until when."""

    type: Entry | None = None
    start_time: Moment | None = None
    end_time: Moment | None = None
    request_values: Values | None = None


class TaskFlags(TaskPart):
    flag: tuple[Entry, ...] = Field(default=(), alias="task:LDTaskFlag")


class PreservationReference(TaskPart):
    reference_value: Long
    nature_of_reference: Long | None = None


class PreservationReferences(TaskPart):
    alternative_preservation_reference: tuple[PreservationReference, ...] = ()


class LPTask(Held):
    """Keep the data of one account. `expiration`: until when the provider says it keeps them."""

    xsi_type: Literal["{http://uri.etsi.org/03120/common/2020/09/Task}LPTaskObject"] = Field(
        default="{http://uri.etsi.org/03120/common/2020/09/Task}LPTaskObject", alias=TYPE
    )
    status: Entry | None = Field(default=None, alias="task:Status")
    status_reason: Trouble | None = Field(default=None, alias="task:StatusReason")
    desired_status: Entry | None = Field(default=None, alias="task:DesiredStatus")
    details: Details | None = Field(default=None, alias="task:RequestDetails")
    desired_expiration: Moment | None = Field(default=None, alias="task:DesiredPreservationExpiration")
    expiration: Moment | None = Field(default=None, alias="task:PreservationExpiration")
    cspid: Endpoint | None = Field(default=None, alias="task:CSPID")


class LDTask(Held):
    """Disclose one category of data of one account."""

    xsi_type: Literal["{http://uri.etsi.org/03120/common/2020/09/Task}LDTaskObject"] = Field(
        default="{http://uri.etsi.org/03120/common/2020/09/Task}LDTaskObject", alias=TYPE
    )
    reference: OrderReference | None = Field(default=None, alias="task:Reference")
    status: Entry | None = Field(default=None, alias="task:Status")
    status_reason: Trouble | None = Field(default=None, alias="task:StatusReason")
    desired_status: Entry | None = Field(default=None, alias="task:DesiredStatus")
    details: Details | None = Field(default=None, alias="task:RequestDetails")
    cspid: Endpoint | None = Field(default=None, alias="task:CSPID")
    flags: TaskFlags | None = Field(default=None, alias="task:Flags")
    preservations: PreservationReferences | None = Field(
        default=None, alias="task:AlternativePreservationReferences"
    )
    manual_information: Long | None = Field(default=None, alias="task:ManualInformation")


# --- documents, notifications, deliveries -------------------------------------------------------------


class DocumentPart(Plain):
    model_config = ConfigDict(alias_generator=spelled("doc:"), populate_by_name=True)


class DocumentBody(DocumentPart):
    contents: Base64 | None = None
    content_type: Short | None = None
    checksum: Short | None = None
    checksum_type: Short | None = None


class Document(Held):
    """A paper that travels with a request or an answer of ours."""

    xsi_type: Literal["{http://uri.etsi.org/03120/common/2020/09/Document}DocumentObject"] = Field(
        default="{http://uri.etsi.org/03120/common/2020/09/Document}DocumentObject", alias=TYPE
    )
    reference: Long | None = Field(default=None, alias="doc:DocumentReference")
    name: Long | None = Field(default=None, alias="doc:DocumentName")
    status: Entry | None = Field(default=None, alias="doc:DocumentStatus")
    type: Entry | None = Field(default=None, alias="doc:DocumentType")
    body: DocumentBody | None = Field(default=None, alias="doc:DocumentBody")


class NotificationPart(Plain):
    model_config = ConfigDict(alias_generator=spelled("notification:"), populate_by_name=True)


class ObjectStatus(NotificationPart):
    associated_object: Identifier
    status: Entry
    details: Long | None = None


class Statuses(NotificationPart):
    associated_object_status: tuple[ObjectStatus, ...] = ()


class Notification(Held):
    """Something said beside the objects. `new` is taken back by whoever has read it."""

    xsi_type: Literal["{http://uri.etsi.org/03120/common/2016/02/Notification}NotificationObject"] = Field(
        default="{http://uri.etsi.org/03120/common/2016/02/Notification}NotificationObject", alias=TYPE
    )
    details: Long | None = Field(default=None, alias="notification:NotificationDetails")
    type: Entry | None = Field(default=None, alias="notification:NotificationType")
    new: bool | None = Field(default=None, alias="notification:NewNotification")
    timestamp: Moment | None = Field(default=None, alias="notification:NotificationTimestamp")
    statuses: Statuses | None = Field(default=None, alias="notification:StatusOfAssociatedObjects")


class DeliveryPart(Plain):
    model_config = ConfigDict(alias_generator=spelled("delivery:"), populate_by_name=True)


class DeliveryReference(DeliveryPart):
    ldid: OrderReference | None = Field(default=None, alias="delivery:LDID")


class ManifestContents(DeliveryPart):
    json_schema: Any = Field(default=None, alias="delivery:JSONSchema")


class ExternalSchema(DeliveryPart):
    manifest_id: Long | None = Field(default=None, alias="delivery:ManifestID")
    manifest_contents: ManifestContents | None = None


class Manifest(DeliveryPart):
    specification: Entry | None = None
    external_schema: ExternalSchema | None = None


class Binary(DeliveryPart):
    data: str
    content_type: Short | None = None
    checksum: Short | None = None
    checksum_type: Short | None = None
    checksums: Checksums | None = None
    content_length: Count | None = None


class Address(DeliveryPart):
    url: str = Field(alias="delivery:URL")
    content_length: Count | None = None
    content_type: Long | None = None
    expiry: Microsecond | None = None
    checksum: Short | None = None
    checksum_type: Short | None = None
    checksums: Checksums | None = None


class Content(DeliveryPart):
    """One of these. What is delivered is never kept here: only what it is, by digest."""

    binary_data: Binary | None = None
    json_data: Any = Field(default=None, alias="delivery:JSONData")
    xml_data: Any = Field(default=None, alias="delivery:XMLData")
    address: Address | None = Field(default=None, alias="delivery:URL")
    data_existence: bool | None = None


class Delivery(Held):
    """What the provider hands over for one task, or for a part of it."""

    xsi_type: Literal["{http://uri.etsi.org/03120/common/2019/10/Delivery}DeliveryObject"] = Field(
        default="{http://uri.etsi.org/03120/common/2019/10/Delivery}DeliveryObject", alias=TYPE
    )
    reference: DeliveryReference | None = Field(default=None, alias="delivery:Reference")
    delivery_id: Identifier | None = Field(default=None, alias="delivery:DeliveryID")
    sequence_number: Count | None = Field(default=None, alias="delivery:SequenceNumber")
    last_sequence: bool | None = Field(default=None, alias="delivery:LastSequence")
    manifest: Manifest | None = Field(default=None, alias="delivery:Manifest")
    content: Content | None = Field(default=None, alias="delivery:Delivery")
    status: Entry | None = Field(default=None, alias="delivery:DeliveryStatus")
    desired_status: Entry | None = Field(default=None, alias="delivery:DeliveryDesiredStatus")


AnyObject: TypeAlias = Annotated[
    Authorisation | LPTask | LDTask | Document | Notification | Delivery, Field(discriminator="xsi_type")
]

KINDS: dict[type[Held], str] = {
    Authorisation: "Authorisation",
    LPTask: "LPTask",
    LDTask: "LDTask",
    Document: "Document",
    Notification: "Notification",
    Delivery: "Delivery",
}
"""Object -> word of the dictionary `ObjectType`."""
