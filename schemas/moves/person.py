"""What happens to a person whose surrender is asked: found, arrested, heard, consenting, handed over?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from schemas.ids import Key, State
from schemas.moves.base import Happened
from schemas.request import Body, Line, Passage


class Alert(Body):
    """A notice or alert is out, noted as a reference and nothing more: what it is worth as a ground for
    arrest is a matter of the law there (INTERPOL red notice; SIS, Regulation 2018/1862, 26)."""

    event: Literal["alert"] = "alert"
    source: Literal["interpol-red-notice", "interpol-diffusion", "sis-alert", "other"]
    reference: Line
    issued_on: date | None = None


class Located(Happened):
    """The person was found. No place of stay here that the papers do not need."""

    event: Literal["located"] = "located"
    note: Passage


class Arrest(Happened):
    """The person was arrested: every clock of detention starts here. `person`: the id in the request."""

    event: Literal["arrest"] = "arrest"
    person: Key
    provisional: bool = True
    authority: Line | None = None
    note: Passage | None = None


class ReleasePerson(Happened):
    """The person is free, or free on conditions. It ends no request."""

    event: Literal["release-person"] = "release-person"
    reason: Passage
    conditions: Passage | None = None


class Court(Happened):
    """The court stage: `opened` (first appearance), `hearing` (it
    begins), `committed` (surrender is lawful), `inadmissible`."""

    event: Literal["court"] = "court"
    stage: Literal["opened", "hearing", "adjourned", "committed", "inadmissible", "appeal", "appeal-decided"]
    authority: Line
    note: Passage | None = None


class Consent(Happened):
    """The person's word before a judge on simplified surrender (Third Protocol 4; EAW 13). `waives`: also
    renounces the rule of speciality."""

    event: Literal["consent"] = "consent"
    given: bool
    before: Line
    waives_speciality: bool = False
    revocable: bool = False


class ToMinister(Happened):
    """The court's part is over and the case lies with the executive."""

    event: Literal["to-minister"] = "to-minister"
    authority: Line


class AskAssurance(Happened):
    """An assurance is wanted before surrender. `about`: the gate or ground it is to cure."""

    event: Literal["ask-assurance"] = "ask-assurance"
    id: Key
    about: Key
    text: Passage
    answer_by: datetime | None = None


class GiveAssurance(Happened):
    """The assurance, by whom it binds."""

    event: Literal["assurance"] = "assurance"
    id: Key
    text: Passage
    given_by: Line


class CheckAssurance(Happened):
    """Is it enough? Weighed by the side that asked for it."""

    event: Literal["check-assurance"] = "check-assurance"
    id: Key
    sufficient: bool
    note: Passage


class Competing(Happened):
    """Another State wants the same person. `ref`: our case of it, if any, which is told of this one as well;
    `from_case`: that case of this house said it. Neither leaves the house."""

    event: Literal["competing"] = "competing"
    id: Key
    state: State
    received: date
    offence: Key | None = None
    ref: Line | None = None
    from_case: bool = False


class DecideCompeting(Happened):
    """Decided together over all of them (1957 Convention 17; EAW 16): who goes first, and why: seriousness,
    place, dates, nationality, onward extradition. `from_case` as in Competing."""

    event: Literal["decide-competing"] = "decide-competing"
    first: State
    reasons: Passage
    from_case: bool = False


class FixSurrender(Happened):
    """Place and day of surrender. The window of 15 and 30 days runs from this day."""

    event: Literal["fix-surrender"] = "fix-surrender"
    on: datetime
    place: Line


class MissSurrender(Happened):
    """The person was not handed over on the day. `force_majeure`: a new day is agreed (1957 Convention
    18(5))."""

    event: Literal["miss-surrender"] = "miss-surrender"
    reason: Passage
    force_majeure: bool = False


class Surrendered(Happened):
    """Handed over. `custody_days`: spent in custody for it, to be deducted. `temporary`: to be given back by
    `return_by` (1957 Convention 19(2))."""

    event: Literal["surrendered"] = "surrendered"
    place: Line
    custody_days: int = Field(ge=0, le=20_000)
    temporary: bool = False
    return_by: datetime | None = None


class ReturnedPerson(Happened):
    """The temporary surrender is over: the person is back."""

    event: Literal["returned-person"] = "returned-person"
    note: Passage | None = None


class Discharged(Happened):
    """Finally discharged and free to leave: what is left of the rule of speciality runs from here."""

    event: Literal["discharged"] = "discharged"
    note: Passage | None = None


class AskConsent(Happened):
    """May the person be tried for another offence, or passed on to a third State (1957 Convention 14, 15;
    EAW 27, 28)?"""

    event: Literal["ask-consent"] = "ask-consent"
    id: Key
    purpose: Literal["other-offence", "onward"]
    offence: Key | None = None
    to: State | None = None
    text: Passage


class AnswerConsent(Happened):
    """The word of the State that surrendered."""

    event: Literal["answer-consent"] = "answer-consent"
    id: Key
    given: bool
    reasons: Passage | None = None


class Proceedings(Happened):
    """How a prosecution in the place of surrender goes (1957 Convention 6(2): the result is told)."""

    event: Literal["proceedings"] = "proceedings"
    stage: Literal["submitted", "opened", "discontinued", "judgment", "final"]
    authority: Line
    text: Passage | None = None
