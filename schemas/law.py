"""How is law written down as data: instruments, acts, authorities, offences, sources?

Every fact row has a span or a day, a source with the place in it, when it was recorded here, how old the
reading is (`checked`), and whether it was read or recalled. A wrong row is retracted, not erased.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.deadline import CLOCKS, SAID, STARTS, Nature
from schemas.ids import Key, State
from schemas.span import PartialDate
from schemas.vocabulary import Act, Channel, Confidence, Form, Kind, Measure

Text = Annotated[str, Field(min_length=1)]


class Row(BaseModel):
    """Base of everything read from a law file: closed fields, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Retraction(Row):
    """Why a row was wrong and since when we know; before that day we believed it."""

    on: date
    reason: Text


class Fact(Row):
    """What every fact row carries. `grade` keeps a high/medium/low given by whoever read the source."""

    source: Key
    place: str = ""
    recorded: date
    checked: PartialDate | None = None
    confidence: Confidence
    grade: Literal["high", "medium", "low"] | None = None
    note: str = ""
    retracted: Retraction | None = None


class Source(Row):
    """sources/<key>.yml: what was read. `as_of`: the age of what it shows; `how`: how it was read."""

    key: Key
    title: Text
    publisher: str = ""
    address: str = ""
    as_of: PartialDate | None = None
    how: str = ""
    note: str = ""


Office = Literal[
    "judge",
    "court",
    "investigating-judge",
    "prosecutor",
    "other-competent-authority",
    "governmental-entity",
    "designated-authority",
]
"""Who issues or validates. A governmental entity is one of the State whose statute says so, never a foreign
one; a designated authority is the one each side of an agreement named to the other."""


# --- who is bound: parties/<instrument>.yml ---------------------------------------------------------


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


# --- what the text says: instruments/<key>.yml -------------------------------------------------------


class Test(Row):
    """A test on the pair or the question that decides whether a rule applies.

    - `none-in-force`: no other instrument that counts as one of `values` (`mla-treaty`, `extradition-treaty`,
      `reciprocal-legislation`) is in force between the two on the day (Budapest 27(1), UNTOC 18(7));
    - `both-bound` / `not-both-bound`: both are bound by every instrument of `values`;
    - `urgent` / `emergency`: the question says so;
    - `requested-is` / `requesting-is`: the State is one of `values`; `requested-is-not`: it is none of them;
    - `one-side-is`: just one of the two is one of `values` (an agreement of a bloc with others binds nobody
      inside the bloc towards one another);
    - `measure-is`: one of the measures of `values` is asked;
    - `designated`: the requesting State is designated under this statute, in one of the categories `values`
      if any are given;
    - `arranged`: the two made an arrangement for this one case, which only a person can say;
    - `case-says` / `case-says-not`: the case tells one of the words `values` / none of them. Only a case that
      runs can answer it, so only time limits have such a test, and a question asked without a case leaves it
      open.
    """

    test: Literal[
        "none-in-force",
        "both-bound",
        "not-both-bound",
        "urgent",
        "emergency",
        "requested-is",
        "requested-is-not",
        "requesting-is",
        "one-side-is",
        "measure-is",
        "designated",
        "arranged",
        "case-says",
        "case-says-not",
    ]
    values: tuple[str, ...] = ()
    article: str = ""

    @model_validator(mode="after")
    def _words_of_a_case(self) -> Test:
        if self.test.startswith("case-says") and not (self.values and set(self.values) <= SAID.keys()):
            raise ValueError(f"{self.test} needs one or more of the words {', '.join(sorted(SAID))}")
        return self


class Rule(Fact):
    """A rule of the text. `id` is unique in its instrument. Empty `kinds` or `measures`: any.

    All tests of `when` must hold. `span` gives the days on which this wording stood, if not always.
    """

    id: str
    article: Text
    kinds: tuple[Kind, ...] = ()
    measures: tuple[Measure, ...] = ()
    when: tuple[Test, ...] = ()
    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _asked_of_a_question(self) -> Rule:
        if not isinstance(self, DeadlineRule) and any(
            test.test.startswith("case-says") for test in self.when
        ):
            raise ValueError(
                "only time limits may ask what a case says: a question about the law has no case"
            )
        return self


class Provision(Rule):
    """An article that gives assistance (`reach`), steers it (`procedure`) or safeguards it.

    Only `reach` provisions make a candidate `yes`. `names`: measures it names expressly (a rank step).
    """

    role: Literal["reach", "procedure", "safeguard"]
    force: Literal["duty", "option"]
    names: tuple[Measure, ...] = ()
    title: str = ""


class ChannelRule(Rule):
    """By which way a request may go. `urgent`: an additional way in urgent cases."""

    channel: Channel
    urgent: bool = False
    formalities: str = ""


class LanguageRule(Rule):
    """Languages: `requested` (a language of the requested State), `acceptable` (as it notified),
    `none` (no translation needed), or the codes in `codes` (ISO 639-1)."""

    regime: Literal["requested", "requesting-or-requested", "acceptable", "none", "codes", "both"]
    codes: tuple[str, ...] = ()
    text: str = ""


class DeadlineRule(Rule):
    """A time limit: from an event to an event. `amount` None: open or set by the requested State.

    In a case `event` (a word of `schemas.deadline.STARTS`) starts the clock `clock` (of `CLOCKS` there); both
    are empty where no case meets the limit. `event_day_counts`: the day of the event is day one. `nature` is
    told in `schemas.deadline`. `closes_on`: events that meet it (empty: those of the clock); `dropped_by`:
    events that make it moot; between `pauses_on` and `resumes_on` it stands still.
    """

    event_from: Text
    event_to: Text
    amount: int | None = None
    unit: Literal["hours", "working-hours", "days", "calendar-days", "working-days", "months", "years"]
    extendable_by: str = ""
    consequence: str = ""
    event: str = ""
    clock: str = ""
    nature: Nature = "must"
    event_day_counts: bool = False
    closes_on: tuple[str, ...] = ()
    dropped_by: tuple[str, ...] = ()
    pauses_on: tuple[str, ...] = ()
    resumes_on: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _words_of_a_clock(self) -> DeadlineRule:
        if bool(self.event) is not bool(self.clock):
            raise ValueError("`event` and `clock` go together: what starts it, and which clock it is")
        if self.event and self.event not in STARTS:
            raise ValueError(f"no case starts a clock from {self.event!r}; known: {', '.join(STARTS)}")
        if self.clock and self.clock not in CLOCKS:
            raise ValueError(f"there is no clock {self.clock!r}; known: {', '.join(CLOCKS)}")
        return self


class ConditionRule(Rule):
    """A condition of the case, evaluated on the question; unknown becomes an open question.

    - `offence-scope`: the offence is one the instrument covers (offences.yml cites this instrument);
    - `electronic-evidence`: computer crime, or evidence in electronic form (true for communications data);
    - `transnational-organised`: serious crime, transnational, organised group (UNTOC 3): a person must say;
    - `minimum-penalty`: maximum penalty of at least `months` in `where`, or more than it if `more_than`; for
      an offence of `spared` the floor may fall away, which a person must say;
    - `dual-criminality`: criminal on both sides, by conduct; supported where both are bound to criminalise;
    - `treaty-dependent`: the requested State makes assistance conditional on a treaty and none exists;
    - `question`: only a person can say; always unknown, `text` says what to bring.
    """

    condition: Key
    evaluates: Literal[
        "offence-scope",
        "electronic-evidence",
        "transnational-organised",
        "minimum-penalty",
        "dual-criminality",
        "treaty-dependent",
        "question",
    ]
    months: int | None = None
    more_than: bool = False
    where: Literal["requesting", "requested", "both"] = "both"
    spared: tuple[Key, ...] = ()
    text: str = ""


class GroundRule(Rule):
    """A ground for refusal; `cure`: what would lift it."""

    ground: Key
    mandatory: Literal["yes", "no", "may-by-reservation"]
    cure: str = ""


class NotGroundRule(Rule):
    """What may not be used to refuse."""

    not_ground: Key


class ContentRule(Rule):
    """A content the request must carry."""

    field: Key
    required: Literal["yes", "conditional", "no"]


class PrecedenceRule(Rule):
    """This instrument goes before those in `over` (for the days and States where both apply)."""

    over: tuple[Key, ...] = ()
    over_counting_as: tuple[str, ...] = ()


class SavingRule(Rule):
    """Which requests go on under the instrument though it ended, or fall under it though they are older.

    `event`: what decides, the receipt of the request or the arrest of the person. Where it happened `before`
    that day, the instrument goes on applying, whatever ends it from then on; else it does not. Where it
    happened on or after the day `after`, the instrument applies though the request is older; else it leaves
    the case to what came before. Without either the rule is only shown. Its `when` may hold tests that the
    question itself answers.
    """

    text: Text
    event: Literal["request", "arrest"] = "request"
    before: date | None = None
    after: date | None = None


class IssuerRule(Rule):
    """Who must issue the request, or validate it.

    A request under the instrument for such measures is issued by one of `by` of the rules `issue`, or issued
    by another competent authority and validated by one of `by` of the rules `validate`; where there is none
    of these, nobody else may issue it. Several rules `validate` are all to be met; one with
    `afterwards_hours` stands in for the others: validation may then follow within so many hours.
    """

    capacity: Literal["issue", "validate"]
    by: tuple[Office, ...] = Field(min_length=1)
    afterwards_hours: int | None = None


class DutyRule(Rule):
    """What the text binds the requested State to do besides answering; `on_request`: only if asked to.

    - `consult-before-refusal`: hear the requesting State before it refuses or postpones;
    - `submit-for-prosecution`: put the case to its own prosecutors where it does not extradite its national.
    """

    duty: Literal["consult-before-refusal", "submit-for-prosecution"]
    on_request: bool = False


class Entry(Fact):
    """General entry into force, and the rule for later parties in our own words.

    `on` None: the day is not known; with `pending`, the source shows that the instrument is not in force yet.
    """

    on: date | None
    pending: bool = False
    condition: str = ""
    later_parties: str = ""


class Instrument(Row):
    """instruments/<key>.yml: what the text says.

    `counts_as`: what it is for fallback clauses. `requires`: instruments both must be bound by as well
    (protocols). `governing_date`: the day that decides which law applies. `states`: bilateral, domestic.
    `designates`: a statute of one State whose party file lists the States it is open to.
    `text_read`: False where only the existence is known; then reach is presumed from the title and says so.
    """

    key: Key
    title: Text
    short: str = ""
    form: Form
    kinds: tuple[Kind, ...]
    opened: date | None = None
    adopted: date | None = None
    entry: Entry | None = None
    states: tuple[State, ...] = ()
    counts_as: tuple[str, ...] = ()
    requires: tuple[Key, ...] = ()
    amends: tuple[Key, ...] = ()
    governing_date: Literal["request", "offence", "arrest"] = "request"
    designates: bool = False
    text_read: bool = True
    note: str = ""
    provisions: tuple[Provision, ...] = ()
    channels: tuple[ChannelRule, ...] = ()
    languages: tuple[LanguageRule, ...] = ()
    deadlines: tuple[DeadlineRule, ...] = ()
    conditions: tuple[ConditionRule, ...] = ()
    grounds: tuple[GroundRule, ...] = ()
    not_grounds: tuple[NotGroundRule, ...] = ()
    contents: tuple[ContentRule, ...] = ()
    issuers: tuple[IssuerRule, ...] = ()
    duties: tuple[DutyRule, ...] = ()
    precedence: tuple[PrecedenceRule, ...] = ()
    saving: tuple[SavingRule, ...] = ()

    @model_validator(mode="after")
    def _two_states(self) -> Instrument:
        if self.form is Form.BILATERAL and len(self.states) != 2:
            raise ValueError("a bilateral instrument names exactly two states")
        return self


# --- practice: states/<code>.yml ----------------------------------------------------------------------


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
