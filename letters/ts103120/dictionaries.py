"""Which words may a provider message use, in which dictionary of which owner?

The values are those of ETSI's own dictionaries, as far as we use them, and of one of ours for what ETSI has
no word for: what a notification is about. The schema checks none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

ETSI = "ETSI"
OURS = "Rogatory"
"""Owner of our profile and of the dictionaries in it."""

NOTIFICATION_TYPE = "NotificationType"
REQUEST_TYPE = "RequestType"


class Word(StrEnum):
    """What a notification of our profile is about (dictionary `NotificationType`, owner `Rogatory`)."""

    QUESTION = "Question"
    ANSWER = "Answer"
    RENEWAL = "PreservationRenewal"
    FOLLOW_UP = "FollowUpRequest"
    FOLLOW_UP_DECIDED = "FollowUpDecided"
    WITHDRAWAL = "Withdrawal"
    REVIEW = "ReviewOfObjection"
    IMPOSSIBLE = "ObjectionImpossible"
    PRIVILEGE = "ObjectionPrivilege"
    THIRD_COUNTRY = "ObjectionThirdCountryLaw"
    OBJECTION = "ObjectionOther"
    CLOSED = "CaseClosed"


OBJECTIONS: Mapping[str, str] = {
    Word.IMPOSSIBLE: "impossible",
    Word.PRIVILEGE: "privilege",
    Word.THIRD_COUNTRY: "third-country-law",
    Word.OBJECTION: "other",
}
"""Notification of an objection -> ground in our own words (`schemas.moves.Objection`)."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_AUTHORISATION = "AwaitingApproval EmergencyApproval Approved Rejected Suspended Cancelled Expired"
_SERVED = " CreatingForCSP SubmittedToCSP"

DICTIONARIES: Mapping[tuple[str, str], frozenset[str]] = {
    (ETSI, "ObjectType"): _words("Authorisation Document Notification Task LDTask LPTask Delivery"),
    (ETSI, "AuthorisationPriority"): _words("High Routine"),
    (ETSI, "AuthorisationStatus"): _words(_AUTHORISATION + _SERVED + " Invalid AwaitingUpdateApproval"),
    (ETSI, "AuthorisationDesiredStatus"): _words(_AUTHORISATION + _SERVED),
    (ETSI, "AuthorisationFlag"): _words("IsEmergency IsConsensual IsTest IsDataAvailable"),
    (ETSI, "AuthorisationTypeOfCase"): _words(
        "ChildExploitationOrChildSexualAbuse Corruption Cybercrime Defamation DrugsOrDrugTrafficking"
        " HarassmentOrThreatToPersonalSafety HateSpeech HumanTrafficking MissingPerson MoneyLaundering"
        " OtherFinancialCrimeOrFraud SexualAbuseOrExploitation Theft TerrorismOrThreatToPublicSafety"
        " ViolenceOrCrimeAgainstAPerson Other NotSpecified"
    ),
    (ETSI, "DocumentStatus"): _words(_AUTHORISATION.replace("EmergencyApproval ", "") + " Invalid"),
    (ETSI, "DocumentDesiredStatus"): _words(_AUTHORISATION.replace("EmergencyApproval ", "")),
    (ETSI, "DocumentType"): _words("Warrant TakedownRefinement"),
    (ETSI, NOTIFICATION_TYPE): _words("General"),
    (OURS, NOTIFICATION_TYPE): frozenset(word.value for word in Word),
    (ETSI, "LDTaskStatus"): _words(
        "AwaitingApproval AwaitingDisclosure Disclosed DisclosureNotAvailable Rejected Cancelled Error"
        " Invalid"
    ),
    (ETSI, "LDTaskDesiredStatus"): _words("AwaitingApproval AwaitingDisclosure Disclosed Rejected Cancelled"),
    (ETSI, REQUEST_TYPE): _words(
        "SubscriberData UserIdentifyingData TrafficData StoredContentData"
        " SubscriberDataAndUserIdentifyingData TrafficDataAndStoredContentData Other"
    ),
    (ETSI, "LDTaskFlag"): _words("IsTest IsEmergency IsNonLocal IsLocal"),
    (ETSI, "LPTaskStatus"): _words(
        "AwaitingPreservation Preserved PreservationNotAvailable Rejected Cancelled Expired Error Invalid"
    ),
    (ETSI, "LPTaskDesiredStatus"): _words("AwaitingPreservation Preserved Cancelled"),
    (ETSI, "DeliveryStatus"): _words("Available Acknowledged Expired Error Received"),
    (ETSI, "DeliveryDesiredStatus"): _words("Available Acknowledged Error Received"),
    (ETSI, "ManifestSpecification"): _words("TS102657-ASN.1 TS102657-XML TS103705 TS103707 TS103976"),
}
"""(owner, name) -> values."""

FIELDS: Mapping[str, frozenset[str]] = {
    "ObjectType": _words("ObjectType"),
    "auth:AuthorisationPriority": _words("AuthorisationPriority"),
    "auth:AuthorisationStatus": _words("AuthorisationStatus"),
    "auth:AuthorisationDesiredStatus": _words("AuthorisationDesiredStatus"),
    "auth:AuthorisationFlag": _words("AuthorisationFlag"),
    "auth:AuthorisationTypeOfCase": _words("AuthorisationTypeOfCase"),
    "doc:DocumentStatus": _words("DocumentStatus"),
    "doc:DocumentDesiredStatus": _words("DocumentDesiredStatus"),
    "doc:DocumentType": _words("DocumentType"),
    "notification:NotificationType": _words(NOTIFICATION_TYPE),
    "notification:Status": _words(
        "AuthorisationStatus DocumentStatus LDTaskStatus LPTaskStatus DeliveryStatus"
    ),
    "task:Type": _words(REQUEST_TYPE),
    "task:LDTaskFlag": _words("LDTaskFlag"),
    "task:LPTaskObject.Status": _words("LPTaskStatus"),
    "task:LPTaskObject.DesiredStatus": _words("LPTaskDesiredStatus"),
    "task:LDTaskObject.Status": _words("LDTaskStatus"),
    "task:LDTaskObject.DesiredStatus": _words("LDTaskDesiredStatus"),
    "delivery:DeliveryStatus": _words("DeliveryStatus"),
    "delivery:DeliveryDesiredStatus": _words("DeliveryDesiredStatus"),
    "delivery:Specification": _words("ManifestSpecification"),
}
"""Field -> names of the dictionaries whose words it takes. A field not listed takes any owner's word."""
