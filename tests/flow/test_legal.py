"""What does the law say for a case, what does it record, and which gaps does it see?"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from activities.legal import Legal
from letters.trust import TrustList
from records.open import Records
from schemas.request import MlaRequest, OffenceCharged, ProductionRequest
from schemas.vocabulary import Measure, Verdict
from schemas.work import AssessWork
from tests.flow.invented import HOME, REF, START, emergency, request
from treaties.load import PACKAGED, load_registry, shipped


def asked(made: MlaRequest, **changes: Any) -> AssessWork:
    return AssessWork(ref=REF, request=made, at=START, **changes)


def test_the_answer_is_recorded_with_its_edition_and_kept_whole(legal: Legal, records: Records) -> None:
    done = legal.assess(asked(request()))
    law = done.law
    assert law.edition == shipped().edition
    assert law.candidates["budapest"] is Verdict.YES
    assert law.instrument is not None
    assert law.verdict is Verdict.YES
    whole = json.loads(records.vault.get(REF, law.assessment))
    assert [item["instrument"] for item in whole["candidates"]] == list(law.candidates)
    assert done.house == "us"
    assert legal.assess(asked(request())) == done, "the same question, another answer"


def test_what_the_chosen_basis_requires_and_the_request_lacks_is_a_gap(legal: Legal) -> None:
    done = legal.assess(asked(request(contents={}), choose="coe-mla-1959"))
    assert done.law.verdict is not Verdict.YES, "the United States are no party to the 1959 Convention"
    assert ("basis", "instrument") in {(gap.code, gap.field) for gap in done.gaps}
    bound = legal.assess(asked(request(contents={}, requested="FR"), choose="coe-mla-1959"))
    missing = {gap.field: gap.article for gap in bound.gaps if gap.code == "content"}
    assert missing == {"requesting-authority": "14", "object-and-reason": "14"}
    full = request(requested="FR", contents={"requesting-authority": "x", "object-and-reason": "y"})
    assert not legal.assess(asked(full, choose="coe-mla-1959")).gaps


def test_where_nothing_is_sure_there_is_a_gap_and_no_basis(legal: Legal) -> None:
    done = legal.assess(asked(request(requested="FR"), on=date(1950, 1, 1)))
    assert done.law.instrument is None
    assert [gap.code for gap in done.gaps] == ["basis"]
    assert done.house is None


def test_the_day_is_that_of_our_own_house(legal: Legal) -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert legal.assess(AssessWork(ref=REF, request=request(), at=late)).law.on == date(2026, 11, 22)
    assert legal.assess(asked(request(), on=date(2009, 7, 1))).law.on == date(2009, 7, 1)


@pytest.mark.parametrize(
    ("work", "code"),
    [
        (asked(request(requested="ZZ")), "unknown-word"),
        (asked(request(requested="DE")), "bad-input"),
        (asked(request(), choose="budapset"), "unknown-word"),
    ],
)
def test_what_the_law_refuses_is_told_as_plain_data_and_for_good(
    legal: Legal, work: AssessWork, code: str
) -> None:
    with pytest.raises(ApplicationError) as caught:
        legal.assess(work)
    assert caught.value.non_retryable
    assert (caught.value.type, caught.value.details[0]["code"]) == (code, code)
    assert caught.value.details[0]["next"]


@pytest.fixture
def with_provider(records: Records, trust: TrustList) -> Legal:
    """The shipped law with the invented provider, whose addressee sits in the Netherlands."""
    registry = load_registry([PACKAGED, Path(__file__).parents[2] / "examples" / "overlay"])
    return Legal(lambda: registry, records.vault, trust, HOME)


def test_who_must_issue_what_binds_and_what_is_to_be_answered_is_recorded(legal: Legal) -> None:
    law = legal.assess(asked(request(requested="FR"), choose="eu-eio")).law
    assert {rule.capacity for rule in law.issuers} == {"issue", "validate"}
    assert {"judge", "prosecutor"} <= set(law.issuers[0].by)
    assert [(duty.duty, duty.article) for duty in law.duties] == [("consult-before-refusal", "11(4)")]
    assert (law.addressee, law.binding) == ("state", "duty")
    assert law.gates["death-penalty"].mandatory
    unknown = legal.assess(asked(request(requested="FR"), on=date(1950, 1, 1))).law
    assert (unknown.issuers, unknown.duties) == ((), ())
    assert "death-penalty" in unknown.gates, "questions of human rights wait for no basis"


def order(**changes: Any) -> ProductionRequest:
    """An order of Germany for the invented provider's addressee in the Netherlands."""
    whole: dict[str, Any] = {
        "requesting": "DE",
        "requested": "NL",
        "measures": (Measure.TRAFFIC_DATA,),
        "provider": "example-cloud",
        "accounts": ("account-0001 (invented)",),
        "offences": (OffenceCharged(slug="money-laundering", law="invented", max_penalty=35),),
    }
    return ProductionRequest(**(whole | changes))


@pytest.mark.parametrize(("months", "below"), [(35, True), (36, False)])
def test_an_order_below_the_threshold_is_a_gap_that_stays(
    with_provider: Legal, months: int, below: bool
) -> None:
    charged = OffenceCharged(slug="money-laundering", law="invented", max_penalty=months)
    work = AssessWork(ref=REF, request=order(offences=(charged,)), at=START, choose="eu-eevidence")
    done = with_provider.assess(work)
    found = [(gap.code, gap.overridable) for gap in done.gaps if gap.code in ("threshold", "addressee")]
    assert found == ([("threshold", False)] if below else [])
    assert done.law.addressee == "provider"


def test_subscriber_data_know_no_threshold_and_an_emergency_lets_validation_follow(
    with_provider: Legal,
) -> None:
    work = AssessWork(
        ref=REF,
        request=order(measures=(Measure.SUBSCRIBER_DATA,), emergency=emergency()),
        at=START,
        choose="eu-eevidence",
    )
    done = with_provider.assess(work)
    assert "threshold" not in {gap.code for gap in done.gaps}
    assert 48 in {rule.afterwards_hours for rule in done.law.issuers}


def test_what_goes_to_the_wrong_door_is_a_gap(with_provider: Legal) -> None:
    work = AssessWork(ref=REF, request=order(direct=False), at=START, choose="eu-eevidence")
    assert "addressee" in {gap.code for gap in with_provider.assess(work).gaps}


def test_without_a_name_the_basis_is_one_that_goes_where_the_request_does(with_provider: Legal) -> None:
    wide = OffenceCharged(slug="csam-distribution", law="invented", max_penalty=120)
    done = with_provider.assess(AssessWork(ref=REF, request=order(offences=(wide,)), at=START))
    assert done.law.addressee == "provider"
