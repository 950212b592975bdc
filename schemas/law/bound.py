"""Who is bound by an instrument, by which dated acts, and what do reservations change? parties/<key>.yml"""

from __future__ import annotations

from datetime import date
from typing import Literal

from schemas.ids import Key, State
from schemas.law.base import Fact, Office, Row
from schemas.span import PartialDate
from schemas.vocabulary import Act, Channel, Measure


class Effect(Row):
    """What a reservation or declaration does to the rules; prose alone changes nothing.

    - `not-applied`: the articles in `articles` do not apply with this State (for `measures`, if given);
    - `condition`: condition `condition` is asked for `measures` where this State is requested;
    - `ground`: the optional ground `ground` of `articles` is used by this State;
    - `issuer`: requests to this State under `articles` are issued by one of `offices`;
    - `channel`: requests to this State go by `channel` (`urgent` only if so), `channel_excluded` is closed;
    - `languages`: requests to this State in one of `languages`;
    - `authority`: names `authority` for `function`;
    - `not-extended`: `territories` of this State are left out, though it is bound itself;
    - `designation`: under a statute that designates, this State stands in `category`;
    - `deadline`: the time limit of `articles` is `days` days between this State and the other;
    - `note`: no machine effect, shown to the officer.
    """

    does: Literal[
        "not-applied",
        "condition",
        "ground",
        "channel",
        "languages",
        "authority",
        "issuer",
        "not-extended",
        "designation",
        "deadline",
        "note",
    ]
    articles: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    condition: Key | None = None
    ground: Key | None = None
    channel: Channel | None = None
    channel_excluded: Channel | None = None
    urgent: bool = False
    languages: tuple[str, ...] = ()
    function: str = ""
    authority: str = ""
    unit: str = ""
    offices: tuple[Office, ...] = ()
    territories: tuple[State, ...] = ()
    category: str = ""
    days: int | None = None


class PartyAct(Fact):
    """One act of one State. `on` None: the day is not known (written `unknown`).

    In force on an unknown day is: no before signature, unknown between, yes from `checked` on. What is known
    of such a day without being the day (a year, a month, a report) stands in `earliest` and `latest`.
    `towards`: the other State of a pairwise act. `dated_by`: where the day is not one the source printed.
    """

    act: Act
    on: date | None
    until: date | None = None
    earliest: date | None = None
    latest: date | None = None
    towards: State | None = None
    article: str = ""
    text: str = ""
    effects: tuple[Effect, ...] = ()
    dated_by: Literal["rule", "transposition-deadline"] | None = None


class Completeness(Fact):
    """The list of parties is complete as of `as_of`: absence from it is `no`, not `unknown`.

    With `only` it says less: none but these States could join by `as_of` (members of a union, makers of a
    closed text), so any other is not bound; which of these are bound, only their acts tell.
    """

    as_of: PartialDate
    only: tuple[State, ...] = ()


class Parties(Row):
    """parties/<instrument>.yml"""

    instrument: Key
    complete: Completeness | None = None
    states: dict[State, tuple[PartyAct, ...]]
