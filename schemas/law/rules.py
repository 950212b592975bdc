"""Which rules does a text hold, and for which States, days and requests does each apply?"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from schemas.deadline import CLOCKS, SAID, STARTS, Nature, Owner
from schemas.ids import Key
from schemas.law.base import Fact, Office, Row, Text
from schemas.vocabulary import Channel, Kind, Measure


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
    events that make it moot; between `pauses_on` and `resumes_on` it stands still. `owner`: who has to act,
    where the text says another than the clock does.
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
    owner: Owner | None = None

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

    - `consult-before-refusal`, `consult-before-postponement`: hear the requesting State before it refuses, or
      puts off what was asked;
    - `submit-for-prosecution`: put the case to its own prosecutors where it does not extradite its national.
    """

    duty: Literal["consult-before-refusal", "consult-before-postponement", "submit-for-prosecution"]
    on_request: bool = False
