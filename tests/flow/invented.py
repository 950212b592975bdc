"""Which invented requests and people do the flow tests use? Nothing here names a real person or account."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from schemas.case import Gap, LawRecorded
from schemas.ids import digest
from schemas.moves import Actor
from schemas.request import Emergency, EvidenceItem, MlaRequest, Necessity, OffenceCharged, Outcome, Request
from schemas.vocabulary import Measure, Role, Verdict
from schemas.work import AssessDone
from treaties.counting import Place

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DAY = digest(b"evidence, invented")
REF = "DE-MLA-2026-00001"
HOME = Place("Europe/Berlin", "DE")

OFFICER_DE = Actor(id="officer-de", house="de", roles=(Role.OFFICER,))
APPROVER_DE = Actor(id="approver-de", house="de", roles=(Role.OFFICER, Role.APPROVER))
JUDGE_DE = Actor(id="judge-de", house="de", roles=(Role.ISSUING_AUTHORITY,), agency="court")
OFFICER_US = Actor(id="officer-us", house="us", roles=(Role.OFFICER,))
APPROVER_US = Actor(id="approver-us", house="us", roles=(Role.APPROVER,))
COURT_US = Actor(id="judge-us", house="us", roles=(Role.ISSUING_AUTHORITY,), agency="court")

REQUIRED = ("requesting-authority", "object-and-reason")


def necessity() -> Necessity:
    """A recorded test, complete."""
    return Necessity(
        legality="Sections 100g and 100j of the Code of Criminal Procedure (invented case)",
        legitimate_aim="to protect a child",
        necessity="no milder means is at hand",
        proportionality="one account, two weeks",
        non_discrimination="chosen by conduct alone",
        authorised_by="Amtsgericht Musterstadt (invented)",
        authorised_on=date(2026, 11, 20),
    )


def emergency(**changes: Any) -> Emergency:
    """A claim of danger to life, certified an hour before the tests begin."""
    whole: dict[str, Any] = {
        "facts": "a child is in danger now (invented)",
        "certified_by": "duty prosecutor, Musterstadt (invented)",
        "certified_at": START - timedelta(hours=1),
    }
    return Emergency(**(whole | changes))


def request(**changes: Any) -> MlaRequest:
    """A request from DE to US without gaps, save for what `changes` says."""
    whole: dict[str, Any] = {
        "requesting": "DE",
        "requested": "US",
        "measures": (Measure.SUBSCRIBER_DATA,),
        "offences": (
            OffenceCharged(slug="csam-distribution", law="section 184b (invented case)", max_penalty=120),
        ),
        "contents": dict.fromkeys(REQUIRED, "as required (invented)"),
        "necessity": necessity(),
        "child_at_risk": True,
        "no_preservation": "the provider keeps what it reported for a year (invented)",
    }
    return MlaRequest(**(whole | changes))


def item(name: str = "item-1") -> EvidenceItem:
    """An item of evidence by digest."""
    return EvidenceItem(
        id=name, description="subscriber record", kind="record", sha256=digest(name.encode()), custodian="us"
    )


def outcome(result: Any = "executed") -> Outcome:
    """What came of it."""
    return Outcome(result=result, victims_identified=1)


def fake_answer(asked: Request, choose: str | None, house: str | None = "us") -> AssessDone:
    """A recorded answer as the law might give it: one sure basis, one doubtful, two contents required."""
    instrument = choose or "de-us-mla"
    verdict = {"de-us-mla": Verdict.YES, "budapest": Verdict.YES}.get(instrument, Verdict.UNKNOWN)
    missing = [
        Gap(code="content", field=field, article="14") for field in REQUIRED if field not in asked.contents
    ]
    doubtful = [Gap(code="basis", field="instrument")] if verdict is not Verdict.YES else []
    return AssessDone(
        law=LawRecorded(
            edition="edition-of-the-test",
            on=date(2026, 11, 21),
            assessment=digest(b"assessment"),
            instrument=instrument,
            title=instrument,
            verdict=verdict,
            candidates={"de-us-mla": Verdict.YES, "untoc": Verdict.UNKNOWN},
            contents_required=REQUIRED,
        ),
        gaps=doubtful + missing,
        house=house,
    )
