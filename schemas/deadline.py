"""What is a time limit, once counted? A date with its article, kept by a clock, never overwritten.

Here stand also the words of clocks: what starts one, which there are, what a limit does when it is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

Nature = Literal["must", "may", "floor", "ends", "wait", "wait-and-must"]
"""What the end of a limit means.

- `must`: it has to be done by then;
- `may`: from then on the other side may act (let a person go, say), and need not;
- `floor`: no earlier than then may a state end lawfully; it may well go on;
- `ends`: a protection, a right or a state ends then;
- `wait`: before it nothing may be done;
- `wait-and-must`: nothing before it, and at its end it has to be done.
"""

SAID: dict[str, str] = {
    "urgent": "the request is urgent",
    "emergency": "somebody certified that life or safety is at risk",
    "notified": "the enforcing authority has to be told, and the order waits for it",
    "consented": "the person agreed to be surrendered",
    "prosecution-instead": "the case follows a refusal because of nationality",
    "papers-first": "it was asked ahead of its papers, which are still to come",
    "papers-in": "the papers came before the arrest, which was no provisional one",
    "papers-awaited": "the State that is asked has no papers yet, or nobody knows that it has",
    "detained": "the person is in custody for this request",
    "direct": "the order goes to the provider itself, not through its State",
    "told-of": "the order went to the provider itself, and its State is told of it",
    "part-1": "surrender on a warrant (Extradition Act 2003, Part 1)",
    "part-2": "extradition on a request (Extradition Act 2003, Part 2)",
}
"""What a case tells about itself, and time limits ask."""

STARTS: dict[str, str] = {
    "delivered": "the other side received the request",
    "arrive": "the request came in: the same moment, seen from the side that is asked",
    "acknowledge": "receipt of the request was acknowledged",
    "decide": "it was decided to grant what is asked",
    "question": "more information was asked for",
    "issue": "the order was made, or the request issued",
    "send": "the request was sent",
    "send-emergency": "it was sent in an emergency, before it was approved or validated",
    "arrest": "the person was arrested",
    "consent": "the person agreed to be surrendered",
    "papers": "the requested State has the request and its papers",
    "court": "the person first came before the court",
    "committed": "the court found that the person may be surrendered",
    "custody-reviewed": "a later step in court, at which the custody was looked at again",
    "to-minister": "the case went to the executive",
    "surrender-fixed": "the day appointed for surrender",
    "surrendered": "the person was handed over",
    "returned-person": "a temporary surrender is over",
    "discharged": "the person was finally discharged and free to leave",
    "ask-consent": "consent to try the person for another offence was asked for",
    "ask-onward": "consent to pass the person on to another State was asked for",
    "prolong": "the limit before it was over, and was prolonged",
    "preserved": "from then on the data are kept",
    "renewed": "from then on the data are kept for another term",
    "report": "a provider's report on child sexual exploitation was complete",
    "served": "the provider has the order",
    "notified": "the enforcing authority was told of the order, or the other State of an interception",
    "objection": "there was an objection to the order",
    "enforce": "the enforcing authority has the order to enforce it",
    "witness-free": "the witness was told that nobody needs them there any more",
    "released": "the person was released",
}
"""Events of a case from which a time limit may be counted, on either side.

A refusal is none of them: a decision to refuse does not `decide`, a person who does not agree does not
`consent`. `prolong` happens at the end of the limit that it prolongs, `surrender-fixed` on the appointed day,
`preserved` and `renewed` when the time they tell of begins. What meets a limit or makes it moot is named as
the move is (`fix-surrender`, `answer-consent`).
"""

Acting = Literal["requested", "requesting", "own"]

Owner = Literal[
    "central-authority",
    "court",
    "executing-authority",
    "enforcing-authority",
    "issuing-authority",
    "prosecutor",
    "foreign-ministry",
    "24-7-point",
    "provider",
    "approver",
]
"""Who has to act in time, in the State whose days count: a function there, or the provider itself."""

_COURT: Owner = "court"
_EXECUTING: Owner = "executing-authority"
_ISSUING: Owner = "issuing-authority"
_POINT: Owner = "24-7-point"
_PROVIDER: Owner = "provider"


@dataclass(frozen=True, slots=True)
class Clock:
    """A name under which limits run. `acts`: whose days count; `closes_on`: what meets it, unless the rule
    itself says so; `protects`: its end takes something from a person, so in doubt the later end counts;
    `owner`: who has to act, unless the rule itself says so (lifecycle of the facts)."""

    meaning: str
    acts: Acting = "requested"
    closes_on: tuple[str, ...] = ()
    protects: bool = False
    owner: Owner = "central-authority"


_FREE = "release-person"

CLOCKS: dict[str, Clock] = {
    "acknowledge": Clock("acknowledge receipt", closes_on=("acknowledge",)),
    "postponed": Clock("take up again what was put off", closes_on=("decide", "evidence", "withdraw")),
    "supplement": Clock("give the information that was asked for", "requesting", ("answer",)),
    "decide": Clock("decide on the request", closes_on=("decide",)),
    "execute": Clock("carry out what was granted", closes_on=("evidence",), owner=_EXECUTING),
    "consent-said": Clock("say whether the person agrees", closes_on=("consent", "consent-refused")),
    "arrest-to-papers-may": Clock("papers there, else the person may be let go", closes_on=("papers", _FREE)),
    "arrest-to-papers": Clock("papers there, else the person must be let go", closes_on=("papers", _FREE)),
    "notice-of-decision": Clock("tell the decision", closes_on=("decide",)),
    "surrender": Clock("hand the person over", closes_on=("surrendered",), owner=_EXECUTING),
    "surrender-may": Clock(
        "take the person over, who may be let go from then on",
        closes_on=("surrendered", _FREE),
        owner=_EXECUTING,
    ),
    "surrender-must": Clock(
        "take the person over, who must be let go then", closes_on=("surrendered", _FREE), owner=_EXECUTING
    ),
    "speciality": Clock("the rule of speciality protects the person", "requesting", protects=True),
    "consent-answer": Clock(
        "answer: may the person be tried for another offence?", closes_on=("answer-consent",)
    ),
    "onward-answer": Clock("answer: may the person be passed on?", closes_on=("answer-onward",)),
    "hearing": Clock(
        "begin the hearing", closes_on=("hearing", "to-minister", "decide", _FREE), owner=_COURT
    ),
    "minister": Clock("decision of the executive", closes_on=("decide",)),
    "representations": Clock("be heard by the executive before it decides", closes_on=("decide",)),
    "removal": Clock(
        "take the person out of the country", closes_on=("surrendered", _FREE), owner=_EXECUTING
    ),
    "safe-conduct": Clock("nobody may touch the witness", "requesting", protects=True),
    "produce": Clock("hand over the data", closes_on=("evidence",), owner=_PROVIDER),
    "waiting": Clock("hold the data back, then hand them over", closes_on=("evidence",), owner=_PROVIDER),
    "object": Clock("raise an objection", closes_on=("objection", "enforcing-answer"), owner=_PROVIDER),
    "clarify": Clock("clear up or correct the order", "requesting", ("answer",), owner=_ISSUING),
    "serve": Clock("serve the order on the provider", closes_on=("served",)),
    "validate": Clock("have the order validated afterwards", "requesting", ("issue",), owner=_ISSUING),
    "enforce-decision": Clock(
        "decide whether to enforce the order", closes_on=("enforced",), owner="enforcing-authority"
    ),
    "preserve": Clock("the data are kept", owner=_POINT),
    "renew": Clock("ask for the data to be kept on", "requesting", ("renew", "renewed"), owner=_POINT),
    "report-preserve": Clock("the provider keeps what belongs to its report", owner=_PROVIDER),
    "second-approval": Clock("approve what went out in an emergency", "own", ("approve",), owner="approver"),
    "papers": Clock("make the papers ready before the arrest has to end", "requesting", ("papers", _FREE)),
    "papers-follow": Clock("send the papers of a request made ahead of them", "requesting", ("papers",)),
    "assurance": Clock("give the assurance that was asked for", "requesting", ("assurance",)),
    "custody-review": Clock(
        "look again at whether the person must be held",
        closes_on=("court", _FREE, "surrendered"),
        owner=_COURT,
    ),
    "return-person": Clock("give the person back", "requesting", ("returned-person",)),
    "speciality-check": Clock("see whether the rule of speciality is kept", "requesting", ("discharged",)),
    "confirm": Clock("say whether the data are kept", closes_on=("preserved", "decide"), owner=_POINT),
    "follow-up": Clock("send the request that must follow", "requesting", ("follow-up", "release-data")),
    "renewal-answer": Clock(
        "say whether the data are kept on", closes_on=("renewed", "release-data"), owner=_POINT
    ),
    "review": Clock("decide on the objection", "requesting", ("review", "withdraw"), owner=_ISSUING),
    "proceedings": Clock(
        "tell how the prosecution here goes", closes_on=("proceedings",), owner="prosecutor"
    ),
}
"""Every clock a case can have, set by the law or by our practice."""


class ClockStatus(StrEnum):
    """A pause closes one entry and opens the next."""

    RUNNING = "running"
    MET = "met"
    PAUSED = "paused"
    MISSED = "missed"
    DROPPED = "dropped"


class Deadline(BaseModel):
    """One counted time limit.

    `due` is the moment (UTC) after which it is missed; `due_day` the last day in `time_zone`. `law` False:
    our own practice, no legal source. `count` says how it was counted (codes), `calendar` which holiday
    calendar and version. `rule` is the fact id of the rule, `declared` that of the declaration by which a
    party has another figure. `acting`: whose days count (a State, or `own` for this house), for a request of
    `requesting` to `requested`. `closes_on`: events that meet it; `dropped_by`: events that make it moot.
    """

    model_config = ConfigDict(extra="forbid")

    id: str
    clock: str
    rule: str
    instrument: str
    article: str
    law: bool
    event: str
    started: datetime
    due: datetime
    due_day: date
    amount: int
    unit: str
    time_zone: str
    count: str
    calendar: str = ""
    consequence: str = ""
    owner: str = ""
    nature: str = "must"
    declared: str = ""
    acting: str = ""
    requesting: str = ""
    requested: str = ""
    closes_on: tuple[str, ...] = ()
    dropped_by: tuple[str, ...] = ()
    pauses_on: tuple[str, ...] = ()
    resumes_on: tuple[str, ...] = ()
    status: ClockStatus = ClockStatus.RUNNING
    closed: datetime | None = None
    left_seconds: int | None = None
    warned: tuple[str, ...] = ()
