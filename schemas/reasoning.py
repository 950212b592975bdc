"""What is asked of the law, and what does an answer look like?

Plain slotted dataclasses: an answer carries hundreds of reasons and is made in about a millisecond.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from schemas.vocabulary import Channel, Kind, Measure, Verdict


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a claim stands: `instrument` key, `article` as printed, `source` key, and how sure we are."""

    instrument: str
    article: str = ""
    source: str = ""
    place: str = ""
    checked: str = ""
    confidence: str = "read"


@dataclass(frozen=True, slots=True)
class Reason:
    """One claim with its verdict and everything it rests on. All children are kept, also those that lost.

    `claim` is a code of `treaties.explain`; `slots` its fillings (codes, days, articles: never sentences).
    `changes_on` is the first later day on which a fact used by this reason (children included) changes.
    """

    claim: str
    verdict: Verdict
    slots: dict[str, str] = field(default_factory=dict)
    citations: tuple[Citation, ...] = ()
    facts: tuple[str, ...] = ()
    children: tuple[Reason, ...] = ()
    changes_on: date | None = None


LIFE = 12 * 1000
"""Life imprisonment in months: longer than any term of years."""


@dataclass(frozen=True, slots=True)
class OffenceAsked:
    """One offence of the case: a slug of offences.yml and the maximum penalties on both sides, in months."""

    slug: str
    max_requesting: int | None = None
    max_requested: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the law. `on` is the day of the request; `known_on` asks what we believed that day.

    Every field after `on` may be unknown (None or empty): it then becomes an open question, not a no.
    `emergency`: somebody certified that life or safety is at risk; urgency alone does not say so.
    `provider`: the provider (a key of the registry) to which a request might go directly.
    """

    requesting: str
    requested: str
    kind: Kind
    measures: tuple[Measure, ...]
    on: date
    known_on: date | None = None
    offences: tuple[OffenceAsked, ...] = ()
    offence_date: date | None = None
    arrest_date: date | None = None
    urgent: bool = False
    nationality: str | None = None
    age: int | None = None
    provider: str | None = None
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class ProvisionVerdict:
    """Is this article open to the question? `force`: duty or option; `names`: names the measure expressly."""

    article: str
    verdict: Verdict
    reason: Reason
    force: str = ""
    names: bool = False


@dataclass(frozen=True, slots=True)
class ConditionVerdict:
    """A condition of the case (threshold, dual criminality, nationality, scope ...) with its own verdict."""

    condition: str
    verdict: Verdict
    article: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class DeadlineFound:
    """A time limit the basis will set. `amount` None: left open or set by the requested State."""

    id: str
    event_from: str
    event_to: str
    amount: int | None
    unit: str
    article: str
    consequence: str = ""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class GroundFound:
    """A ground for refusal to expect; `mandatory` yes, no, may-by-reservation; `cure`: what lifts it."""

    ground: str
    article: str
    mandatory: str
    note: str = ""
    cure: str = ""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class ContentFound:
    """A content the request must carry; `required` yes, conditional or no."""

    field: str
    article: str
    required: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class AuthorityFound:
    """Whom to address in the requested State. `confidence` memory is shown as such."""

    name: str
    unit: str = ""
    function: str = ""
    languages: tuple[str, ...] = ()
    formalities: str = ""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class IssuerFound:
    """Who must issue (`capacity` issue) or validate such a request; one of `by` will do.

    `afterwards_hours`: validation may follow within so many hours; None: it must be there when it is sent.
    """

    capacity: Literal["issue", "validate"]
    by: tuple[str, ...]
    measures: tuple[str, ...]
    article: str
    afterwards_hours: int | None = None
    note: str = ""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyFound:
    """What the requested State must do besides answering; `on_request`: only if asked to."""

    duty: str
    article: str
    on_request: bool = False
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class ProviderFound:
    """The provider to which the request goes directly: where its addressee sits and what it wants."""

    key: str
    name: str
    state: str
    addressee: str
    ways: tuple[str, ...]
    languages: tuple[str, ...] = ()
    proof: str = ""
    invented: bool = False
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible legal basis, also when rejected. `rank` starts at 1.

    `addressee`: whether the request goes to the State or directly to a provider. `binding`: whether the
    articles that reach all that is asked make an answer a duty; an option protects nothing.
    """

    instrument: str
    title: str
    verdict: Verdict
    rank: int
    reason: Reason
    conditions: tuple[ConditionVerdict, ...] = ()
    provisions: tuple[ProvisionVerdict, ...] = ()
    channel: Channel | None = None
    channel_reason: Reason | None = None
    urgent_channel: Channel | None = None
    authority: AuthorityFound | None = None
    languages: tuple[str, ...] = ()
    formalities: tuple[str, ...] = ()
    thresholds: tuple[str, ...] = ()
    deadlines: tuple[DeadlineFound, ...] = ()
    grounds: tuple[GroundFound, ...] = ()
    not_grounds: tuple[GroundFound, ...] = ()
    contents: tuple[ContentFound, ...] = ()
    addressee: Literal["state", "provider"] = "state"
    binding: Literal["duty", "option"] = "option"
    issuers: tuple[IssuerFound, ...] = ()
    duties: tuple[DutyFound, ...] = ()
    provider: ProviderFound | None = None


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A fact only a person can bring: `about` a claim code, `instrument` the candidate that asks."""

    about: str
    instrument: str
    slots: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GateFound:
    """A question of human rights that the case raises. It never decides about a basis.

    `verdict`: yes, nothing stands in the way; no, a fact does, until `cure`; unknown, a person must say.
    `mandatory`: not to be overridden before surrender.
    """

    gate: str
    verdict: Verdict
    reason: Reason
    cure: str
    mandatory: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole answer. `good_until`: first day on which any fact it used changes; None: none known."""

    edition: str
    question: Question
    candidates: tuple[Candidate, ...]
    open_questions: tuple[OpenQuestion, ...]
    good_until: date | None
    gates: tuple[GateFound, ...] = ()
