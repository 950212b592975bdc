"""Who acts for a State, which providers are addressed, which conduct is criminal?"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from schemas.ids import Key, State
from schemas.law.base import Fact, Row, Text
from schemas.span import PartialDate
from schemas.vocabulary import Channel, Confidence, Kind, Measure


class AuthorityRow(Fact):
    """Who acts for a State in a function, since when. `instrument` None: for any."""

    id: str
    function: Key
    name: str = ""
    unit: str = ""
    instrument: Key | None = None
    languages: tuple[str, ...] = ()
    channel: Channel | None = None
    formalities: str = ""
    since: date | None = None
    until: date | None = None


class LanguageRow(Fact):
    """Languages a State accepts requests in. `instrument` None: for any."""

    id: str
    codes: tuple[str, ...] = ()
    instrument: Key | None = None
    text: str = ""
    since: date | None = None
    until: date | None = None


class TreatyList(Fact):
    """The registry holds every treaty of this kind this State had as of `as_of`: absence is `no`."""

    id: str
    kind: Kind
    as_of: PartialDate


class Membership(Fact):
    """Member of an organisation, from `since` until `until` (either may be unknown)."""

    id: str
    organisation: Key
    since: date | None = None
    until: date | None = None


class Jurisdiction(Row):
    """states/<code>.yml: a State or territory and its practice. Listing takes no position on status.

    `death_penalty`: abolished for all crimes, or for ordinary crimes, or kept but not used for long, or kept.
    """

    code: State
    iso3: str = ""
    name: Text
    parent: State | None = None
    official_languages: tuple[str, ...] = ()
    legal_tradition: str = ""
    death_penalty: Literal["abolitionist", "ordinary-crimes", "de-facto", "retentionist"] | None = None
    time_zone: str = ""
    holidays: str = ""
    source: Key
    confidence: Confidence
    recorded: date
    note: str = ""
    memberships: tuple[Membership, ...] = ()
    authorities: tuple[AuthorityRow, ...] = ()
    languages: tuple[LanguageRow, ...] = ()
    treaty_lists: tuple[TreatyList, ...] = ()


# --- providers/<key>.yml ------------------------------------------------------------------------------


class Provider(Fact):
    """providers/<key>.yml: whom a request addressed to a provider reaches, and what it wants to see.

    `state`: where the addressee sits, whatever the seat of the provider or the place of its data; `measures`:
    what it answers for (empty: any); `proof`: what it demands of the sender. `invented`: no such provider.
    """

    key: Key
    name: Text
    state: State
    addressee: Literal["establishment", "legal-representative"]
    invented: bool = False
    measures: tuple[Measure, ...] = ()
    ways: tuple[Literal["ts-103120", "portal", "letter", "e-mail"], ...] = Field(min_length=1)
    languages: tuple[str, ...] = ()
    proof: str = ""


# --- offences.yml -------------------------------------------------------------------------------------


class Criminalised(Fact):
    """An article that binds its parties to criminalise the conduct."""

    instrument: Key
    article: Text
    narrowed: str = ""


class Offence(Row):
    """Conduct by slug. `avoid`: words not to use for it; `eu_list`: EU list-offence category slug."""

    slug: Key
    name: Text
    conduct: Text
    child: bool = False
    eu_list: str = ""
    avoid: tuple[str, ...] = ()
    articles: tuple[Criminalised, ...] = ()
