"""What decides whether and how a limit is counted?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from activities.limits import Limits
from schemas.deadline import STARTS
from schemas.vocabulary import Measure
from tests.flow.limits import (
    BEFORE_PROTOCOLS,
    DE,
    EXTRADITION,
    MLA,
    ON,
    PRESERVATION,
    PRODUCTION,
    ZONES,
    altered,
    counted,
    counting_of,
)
from treaties import counting
from treaties.counting import Place
from treaties.duties import starting
from treaties.load import shipped


def test_a_day_ends_where_the_authority_sits() -> None:
    before = counted(counting_of(EXTRADITION, "coe-ext-1957", "arrest", "2026-06-30T21:59:59", "DE>CH"))
    after = counted(counting_of(EXTRADITION, "coe-ext-1957", "arrest", "2026-06-30T22:00:00", "DE>CH"))
    for clock in ("arrest-to-papers-may", "arrest-to-papers"):
        assert after[clock].due - before[clock].due == timedelta(days=1)
        assert before[clock].time_zone == "Europe/Zurich"


def test_what_the_end_means_goes_with_the_entry() -> None:
    arrest = counted(counting_of(EXTRADITION, "coe-ext-1957", "arrest", BEFORE_PROTOCOLS, "DE>CH"))
    assert {clock: entry.nature for clock, entry in arrest.items()} == {
        "arrest-to-papers-may": "may", "arrest-to-papers": "must",
    }  # fmt: skip
    assert "release-person" in arrest["arrest-to-papers"].closes_on
    kept = counted(counting_of(PRESERVATION, "budapest", "preserved", ON, "DE>US"))["preserve"]
    assert (kept.nature, kept.dropped_by) == ("floor", ("follow-up", "release-data"))
    eaw = counted(counting_of(EXTRADITION, "eu-eaw", "arrest", ON))["decide"]
    assert set(eaw.dropped_by) == {"consent", "prolong"}


def test_an_order_that_waits_may_not_be_answered_before_its_end() -> None:
    work = counting_of(PRODUCTION, "eu-eevidence", "served", "2026-11-18T10:00", "DE>IE", says=("notified",))
    found = counted(work)
    assert set(found) == {"waiting", "object"}
    assert (found["waiting"].nature, found["waiting"].due_day) == ("wait-and-must", date(2026, 11, 30))
    assert (found["waiting"].pauses_on, found["waiting"].resumes_on) == (("question",), ("answer",))
    plain = work.model_copy(update={"measures": (Measure.SUBSCRIBER_DATA,)})
    assert "waiting" not in counted(plain), "subscriber data are not notified"


def test_of_several_limits_of_one_clock_the_earliest_counts() -> None:
    both = (Measure.SUBSCRIBER_DATA, Measure.TRAFFIC_DATA)
    work = counting_of(PRODUCTION, "budapest-2ap", "served", ON, "DE>US", measures=both)
    assert counted(work)["produce"].rule == "budapest-2ap:8-6-a-i.deadline"
    traffic = work.model_copy(update={"measures": (Measure.TRAFFIC_DATA,)})
    assert counted(traffic)["produce"].due_day == date(2027, 1, 4)


def test_where_it_is_not_known_which_of_two_protects_a_person_the_longer_does() -> None:
    law = shipped().instruments["coe-ext-1957"]
    open_tests = tuple(
        rule.model_copy(update={"when": ()}) if rule.clock == "speciality" else rule for rule in law.deadlines
    )
    entry = counted(
        counting_of(EXTRADITION, "coe-ext-1957", "discharged", ON, "CH>GB"),
        altered("coe-ext-1957", deadlines=open_tests),
    )["speciality"]
    assert (entry.amount, entry.nature) == (45, "ends")


def test_a_limit_is_prolonged_from_its_last_day_and_only_the_one_that_was_prolonged() -> None:
    first = counted(counting_of(EXTRADITION, "eu-eaw", "arrest", ON))["decide"]
    at = first.due.replace(tzinfo=None).isoformat()
    more = counted(counting_of(EXTRADITION, "eu-eaw", "prolong", at, given_clock="decide"))["decide"]
    assert (more.due_day - first.due_day).days == 30
    assert counted(counting_of(EXTRADITION, "eu-eaw", "prolong", at, given_clock="surrender")) == {}
    for kind, key, pair, clock, days in (
        (MLA, "eu-eio", "DE>FR", "decide", 30),
        (EXTRADITION, "uk-eu-tca", "GB>FR", "decide", 30),
    ):
        entry = counted(counting_of(kind, key, "prolong", "2026-11-29T23:00", pair, given_clock=clock))[clock]
        end = date(2026, 11, 29) + timedelta(days=days)
        assert entry.due_day in (end, end + timedelta(days=1)), "29 November ends in London an hour later"
    kept = counted(counting_of(PRESERVATION, "eu-eevidence", "renewed", "2026-11-29T22:59", "DE>IE"))[
        "preserve"
    ]
    assert kept.due_day == date(2026, 12, 29)
    hours = counting_of(EXTRADITION, None, "prolong", ON, "FR>GB", given_clock="arrest-to-papers")
    assert counted(hours)["arrest-to-papers"].due == datetime(2026, 11, 24, 10, tzinfo=UTC)


def test_a_party_has_its_own_figure_and_the_declaration_is_named() -> None:
    longer = counted(counting_of(EXTRADITION, None, "arrest", ON, "US>GB"))["arrest-to-papers"]
    plain = counted(counting_of(EXTRADITION, None, "arrest", ON, "AU>GB"))["arrest-to-papers"]
    assert (longer.amount, plain.amount) == (65, 45)
    assert longer.declared.startswith("gb-extradition-act-2003:US")
    assert plain.declared == ""
    assert counting.EVENT_DAY_IN in plain.count


def test_a_limit_that_may_not_apply_runs_and_says_so() -> None:
    entry = counted(counting_of(EXTRADITION, "coe-ext-1957", "arrest", ON, "DE>RS"))["consent-said"]
    assert counting.UNSURE in entry.count, "whether both are bound by the Third Protocol is not recorded"
    assert Limits(shipped(), Place("Europe/Berlin", DE)).recounted(entry) is None
    sure = counted(counting_of(EXTRADITION, "coe-ext-1957", "arrest", ON, "AT>CH"))["consent-said"]
    assert counting.UNSURE not in sure.count


def test_the_case_tells_the_part_of_the_act_where_the_registry_does_not() -> None:
    work = counting_of(EXTRADITION, None, "arrest", "2026-11-18T12:00", "AF>GB")
    assert set(counted(work)) == {"arrest-to-papers", "hearing"}, "in doubt both parts"
    assert counted(work)["arrest-to-papers"].unit == "working-hours"
    assert set(counted(work.model_copy(update={"says": ("part-2",)}))) == {"arrest-to-papers"}
    told = counted(work.model_copy(update={"says": ("part-1",)}))
    assert (set(told), told["arrest-to-papers"].unit) == ({"arrest-to-papers", "hearing"}, "working-hours")


def test_in_part_1_the_hearing_begins_within_three_weeks_of_the_arrest() -> None:
    found = counted(counting_of(EXTRADITION, None, "arrest", ON, "FR>GB"))
    assert found["hearing"].due_day == date(2026, 12, 10)


def test_the_incoming_side_counts_in_its_own_zone_and_so_does_a_statute() -> None:
    ours = counted(counting_of(EXTRADITION, None, "arrest", ON, "GB<AU"))["arrest-to-papers"]
    assert (ours.acting, ours.time_zone) == ("own", "Europe/London")
    theirs = counted(counting_of(EXTRADITION, None, "arrest", ON, "AU>GB"))["arrest-to-papers"]
    assert (theirs.acting, theirs.requesting, theirs.requested) == ("GB", "AU", "GB")
    assert theirs.due == ours.due
    order = counted(counting_of(PRODUCTION, "gb-copoa-2019", "served", ON, "GB>US"))["produce"]
    assert order.time_zone == "Europe/London", "the order is one of a court there"


def test_a_report_starts_its_year_whatever_the_basis() -> None:
    for kind, key in ((MLA, "budapest"), (PRESERVATION, None), (EXTRADITION, "eu-eaw")):
        found = counted(counting_of(kind, key, "report", ON, "DE>US"))
        entry = found.get("+report-preserve") or found["report-preserve"]
        assert (entry.due_day, entry.time_zone, entry.nature) == (
            date(2027, 11, 20), "America/New_York", "ends",
        )  # fmt: skip


def test_the_case_is_told_all_events_from_which_its_law_counts() -> None:
    treaty = starting(shipped(), "gb-us-ext", EXTRADITION, "GB")
    assert {"arrest", "court", "papers", "to-minister", "decide", "report"} <= set(treaty)
    assert starting(shipped(), None, MLA, "FR") == ("report",)
    assert set(treaty) <= STARTS.keys()


def test_the_law_takes_the_place_of_practice_only_where_it_may_apply() -> None:
    def clocks(pair: str, key: str) -> dict[str, bool]:
        work = counting_of(EXTRADITION, key, "ask-consent", BEFORE_PROTOCOLS, pair)
        home = Place(ZONES.get(work.home_state, ""), work.home_state)
        return {entry.clock: entry.law for entry in Limits(shipped(), home).counted(work).deadlines}

    assert clocks("DE>FR", "eu-eaw") == {"consent-answer": True}
    assert clocks("DE>RS", "coe-ext-1957") == {"consent-answer": False}


def test_a_limit_left_to_the_other_side_cites_the_article_that_leaves_it() -> None:
    given = datetime(2026, 12, 1, 12, tzinfo=UTC)
    work = counting_of(EXTRADITION, "coe-ext-1957", "question", ON, "DE>CH", given=given)
    entry = counted(work)["supplement"]
    assert (entry.article, entry.due, entry.count) == ("13", given, counting.GIVEN)
    assert entry.rule == "coe-ext-1957:13.deadline"


def test_the_end_that_a_provider_tells_is_kept_until_it_tells_another() -> None:
    end = datetime(2027, 2, 1, tzinfo=UTC)
    work = counting_of(PRESERVATION, None, "preserved", ON, "DE>US", given=end, given_clock="preserve")
    (entry,) = [one for one in Limits(shipped(), Place()).counted(work).deadlines if one.clock == "preserve"]
    assert (entry.law, entry.nature, entry.due) == (False, "ends", end)
    assert "renewed" in entry.dropped_by
