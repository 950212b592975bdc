"""Which closed words are used, what does each mean, and where does it end against its neighbour?"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from schemas.errors import UnknownWord

E = TypeVar("E", bound=StrEnum)


class Verdict(StrEnum):
    """Three answers. Unknown is never no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What sort of request: decides process and lifecycle. `prosecution` (submit the case to your own
    prosecutors) is the child of an extradition refused for nationality, and rests on the same law."""

    MLA = "mla"
    EXTRADITION = "extradition"
    PRESERVATION = "preservation"
    PRODUCTION = "production"
    PROSECUTION = "prosecution"


class Measure(StrEnum):
    """What is asked for. Subscriber data is who holds an account; traffic data is who talked when; stored
    content is what was said or kept; interception is content or traffic as it happens."""

    SUBSCRIBER_DATA = "subscriber-data"
    TRAFFIC_DATA = "traffic-data"
    STORED_CONTENT = "stored-content"
    INTERCEPTION = "interception"
    PRESERVATION = "preservation"
    TESTIMONY = "testimony"
    VIDEO_HEARING = "video-hearing"
    SEARCH_AND_SEIZURE = "search-and-seizure"
    SERVICE_OF_DOCUMENTS = "service-of-documents"
    BANK_RECORDS = "bank-records"
    FREEZING = "freezing"
    CONFISCATION = "confiscation"
    LOCATION_OR_IDENTIFICATION_RECORDS = "location-or-identification-records"
    TRANSFER_OF_DETAINED_WITNESS = "transfer-of-detained-witness"
    JOINT_TEAM = "joint-team"
    SURRENDER = "surrender"


COMMUNICATIONS_DATA = frozenset(
    {Measure.SUBSCRIBER_DATA, Measure.TRAFFIC_DATA, Measure.STORED_CONTENT, Measure.INTERCEPTION}
)
COERCIVE = frozenset(
    {
        Measure.SEARCH_AND_SEIZURE,
        Measure.BANK_RECORDS,
        Measure.FREEZING,
        Measure.CONFISCATION,
        Measure.TRANSFER_OF_DETAINED_WITNESS,
        Measure.SURRENDER,
    }
)
"""Measures that need a recorded necessity test (ICCPR 17) before sending: COMMUNICATIONS_DATA | COERCIVE."""


class Act(StrEnum):
    """What a State did to an instrument on a day. Folded up to a day by `treaties.force`."""

    SIGNED = "signed"
    RATIFIED = "ratified"
    ACCEPTED = "accepted"
    APPROVED = "approved"
    ACCEDED = "acceded"
    ACCESSION_ACCEPTED = "accession-accepted"
    SUCCEEDED = "succeeded"
    PROVISIONALLY_APPLIED = "provisionally-applied"
    IN_FORCE = "in-force"
    EXTENDED = "extended"
    EXTENSION_ENDED = "extension-ended"
    RESERVATION = "reservation"
    DECLARATION = "declaration"
    OBJECTION = "objection"
    RELATIONS_EXCLUDED = "relations-excluded"
    AMENDED = "amended"
    REPLACED = "replaced"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    WITHDRAWN = "withdrawn"
    DENOUNCED = "denounced"
    TERMINATED = "terminated"


CONSENT = frozenset({Act.RATIFIED, Act.ACCEPTED, Act.APPROVED, Act.ACCEDED, Act.SUCCEEDED})
"""Acts by which a State consents to be bound; entry into force follows by the instrument's own rule."""
ENDING = frozenset({Act.WITHDRAWN, Act.DENOUNCED, Act.TERMINATED, Act.EXTENSION_ENDED, Act.REPLACED})
"""The day of an ending act is the first day on which the State is no longer bound."""
PAIRWISE = frozenset({Act.ACCESSION_ACCEPTED, Act.OBJECTION, Act.RELATIONS_EXCLUDED})


class Form(StrEnum):
    """What sort of thing an instrument is."""

    MULTILATERAL = "multilateral"
    BILATERAL = "bilateral"
    EU_ACT = "eu-act"
    EXECUTIVE_AGREEMENT = "executive-agreement"
    SCHEME = "scheme"
    DOMESTIC = "domestic"
    PRACTICE = "practice"


class Channel(StrEnum):
    """The way a request may travel by law, most direct first; the order of members is the rank."""

    PROVIDER_DIRECT = "provider-direct"
    COMPETENT_AUTHORITY_DIRECT = "competent-authority-direct"
    JUDICIAL_DIRECT = "judicial-direct"
    JUDICIAL_DIRECT_OR_SIS = "judicial-direct-or-sis"
    POST_DIRECT = "post-direct"
    JUDICIAL_TO_RECORDS_OFFICE = "judicial-to-records-office"
    CONTACT_24_7 = "24-7-point"
    ORAL = "oral"
    ELECTRONIC = "electronic"
    SECURE_EMAIL_OR_FAX = "secure-email-or-fax"
    CENTRAL_AUTHORITY = "central-authority"
    EXTRADITION_AUTHORITY = "extradition-authority"
    MINISTRY_OF_JUSTICE = "ministry-of-justice"
    INTERPOL = "interpol"
    LAW_ENFORCEMENT_ATTACHE = "law-enforcement-attache"
    DIPLOMATIC = "diplomatic"
    AS_OTHER_BASIS = "as-other-treaty-or-domestic-law"


class Confidence(StrEnum):
    """Was it read in the named source, or recalled?"""

    READ = "read"
    MEMORY = "memory"


class Side(StrEnum):
    """Whose desk the case lies on: outgoing (we ask) or incoming (we are asked)."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"


class Role(StrEnum):
    """What an actor of the house may do; `desk.who` maps roles to permissions."""

    OFFICER = "officer"
    APPROVER = "approver"
    ISSUING_AUTHORITY = "issuing-authority"
    LIAISON = "liaison"
    TREATY_DESK = "treaty-desk"
    AUDITOR = "auditor"
    OPERATOR = "operator"


def word(kind: type[E], text: str, where: str = "") -> E:
    """The member of closed list `kind` that `text` names (any case). Raises UnknownWord with the nearest."""
    try:
        return kind(text.strip().lower())
    except ValueError:
        raise UnknownWord(kind.__name__.lower(), text, [m.value for m in kind], where=where) from None
