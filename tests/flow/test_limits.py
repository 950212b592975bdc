"""Does every time limit of the law start in a case, from the right event, and end on the right day there?"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from activities.limits import Limits
from schemas.deadline import CLOCKS, SAID, STARTS, ClockStatus, Deadline
from schemas.law import DeadlineRule, GroundRule, Retraction
from schemas.law import Test as Proviso
from schemas.lifecycle import PRACTICE_CLOCKS
from schemas.vocabulary import Kind, Measure, Side
from schemas.work import CountWork
from tools.facts.clocks import BORROWED, CLOCKED, NO_CASE, PROLONGED, unplaced
from tools.facts.places import LEFT_OUT, NO_LAW, key_of_row
from tools.facts.table import FactRow
from treaties import counting, recounting
from treaties.counting import Place
from treaties.duties import starting
from treaties.load import shipped
from treaties.registry import Registry

ROOT = Path(__file__).parents[2]
FACTS = ROOT.parent / "shared" / "facts" / "procedure" / "deadlines.csv"
GUIDE = ROOT / "docs" / "clocks.md"
MLA, EXTRADITION, PRESERVATION, PRODUCTION = Kind.MLA, Kind.EXTRADITION, Kind.PRESERVATION, Kind.PRODUCTION
DE, US, GB, NL = "DE", "US", "GB", "NL"
ZONES = {DE: "Europe/Berlin", US: "America/New_York", GB: "Europe/London", NL: "Europe/Amsterdam"}
ZONES |= {"CH": "Europe/Zurich", "AT": "Europe/Vienna"}


def counting_of(
    kind: Kind, instrument: str | None, event: str, at: str, pair: str = "DE>FR", **changes: Any
) -> CountWork:
    """An event of a case in the house of the State that asks (`DE>FR`) or that is asked (`DE<FR`)."""
    home, other = re.split("[<>]", pair)
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    given: dict[str, Any] = {
        "ref": "X",
        "kind": kind,
        "side": Side.OUTGOING if ">" in pair else Side.INCOMING,
        "event": event,
        "at": moment,
        "now": moment,
        "home_state": home,
        "counterpart_state": other,
        "instrument": instrument,
    }
    return CountWork(**(given | changes))


def counted(work: CountWork, law: Registry | None = None) -> dict[str, Deadline]:
    """What the law sets, by instrument and clock where the basis is not alone, else by clock."""
    house = Limits(law or shipped(), Place(ZONES.get(work.home_state, ""), work.home_state))
    found = [entry for entry in house.counted(work).deadlines if entry.law]
    return {
        entry.clock if entry.instrument == (work.instrument or entry.instrument) else f"+{entry.clock}": entry
        for entry in found
    }


# --- every limit has its place ---------------------------------------------------------------------------


def rules() -> Iterator[tuple[str, DeadlineRule]]:
    for key, law in shipped().instruments.items():
        for rule in law.deadlines:
            yield key, rule


def test_every_limit_of_the_registry_starts_in_a_case_or_is_on_the_closed_list() -> None:
    assert [(key, rule.id) for key, rule in rules() if unplaced(key, rule.id)] == []
    assert unplaced("budapest", "99.deadline")
    idle = {(key, rule.id) for key, rule in rules() if not rule.clock}
    assert idle == set(NO_CASE), "a limit of the closed list starts, or another does not"
    assert all(len(reason) > 20 for reason in NO_CASE.values())


def test_no_line_of_the_tables_is_left_from_a_limit_that_is_gone() -> None:
    held = {(key, rule.id) for key, rule in rules()}
    told = CLOCKED.keys() | NO_CASE.keys() | {(key, more["id"]) for (key, _), more in PROLONGED.items()}
    assert told <= held
    assert not CLOCKED.keys() & NO_CASE.keys()
    assert set(BORROWED.values()) <= {key for key, _ in held}


@pytest.mark.skipif(not FACTS.is_file(), reason="NOT CHECKED against the facts: no folder ../shared/facts")
def test_every_row_of_the_facts_is_a_limit_of_the_registry_or_binds_nobody() -> None:
    missing = []
    with FACTS.open(encoding="utf-8", newline="") as stream:
        for line, cells in enumerate(csv.DictReader(stream), start=2):
            row = FactRow(FACTS.name, line, cells)
            name, article = cells["instrument"], cells["article"]
            if name in NO_LAW or (name, article) in LEFT_OUT:
                continue
            law = shipped().instruments[key_of_row(row)]
            fitting = [
                rule
                for rule in law.deadlines
                if (rule.article, rule.event_from) == (article, cells["event_from"])
                and str(rule.amount or "") == cells["amount"]
            ]
            missing += [] if fitting else [(line, name, article)]
    assert missing == []


def test_every_word_of_a_rule_is_one_of_a_case() -> None:
    names = {clock.clock for clocks in PRACTICE_CLOCKS.values() for clock in clocks}
    assert names <= CLOCKS.keys(), "a clock of our practice has no entry among the clocks"
    says = {clock.says for clocks in PRACTICE_CLOCKS.values() for clock in clocks if clock.says}
    assert says <= SAID.keys()
    with pytest.raises(ValueError, match="only time limits may ask"):
        GroundRule.model_validate(GROUND | {"when": [{"test": "case-says", "values": ["emergency"]}]})
    for bad in (
        {"event": "arest", "clock": "decide"},
        {"event": "arrest", "clock": "x"},
        {"event": "arrest"},
    ):
        with pytest.raises(ValueError, match=r"no case starts|no clock|go together"):
            DeadlineRule.model_validate(CITED | bad)
    with pytest.raises(ValueError, match="needs one or more of the words"):
        Proviso(test="case-says", values=("urgnt",))


GROUND: dict[str, Any] = {
    "id": "1.ground.x",
    "article": "1",
    "ground": "x",
    "mandatory": "no",
    "source": "memory",
    "recorded": "2026-11-21",
    "confidence": "memory",
}
CITED: dict[str, Any] = {
    "id": "1.deadline",
    "article": "1",
    "event_from": "x",
    "event_to": "y",
    "amount": 1,
    "unit": "days",
    "source": "memory",
    "recorded": "2026-11-21",
    "confidence": "memory",
}


def test_the_guide_tells_every_clock_every_event_and_every_word() -> None:
    text = GUIDE.read_text("utf-8")
    told = set(re.findall(r"^\| `([a-z0-9-]+)` \|", text, flags=re.M))
    assert told == CLOCKS.keys() | STARTS.keys() | SAID.keys()


# --- each clock: the last day, in the zone of whoever acts --------------------------------------------------

ARREST = "2026-10-20T22:30"
"""Half past midnight of the 21st in Zurich; four days later its clocks go back."""

BEFORE_PROTOCOLS = "2008-10-20T22:30"
"""The same night of 2008: the Third and Fourth Protocols to the Convention did not exist."""

ON = "2026-11-20T10:00"
"""A Friday."""

LAST_DAYS: list[tuple[Kind, str | None, str, str, str, tuple[str, ...], dict[str, str]]] = [
    # extradition: arrest
    (EXTRADITION, "coe-ext-1957", "arrest", BEFORE_PROTOCOLS, "DE>RS", (),
     {"arrest-to-papers-may": "2008-11-08", "arrest-to-papers": "2008-11-30"}),
    (EXTRADITION, "coe-ext-1957", "arrest", ARREST, "AT>CH", (),
     {"arrest-to-papers-may": "2026-11-08", "arrest-to-papers": "2026-11-30", "consent-said": "2026-10-31"}),
    (EXTRADITION, "coe-ext-1957", "arrest", BEFORE_PROTOCOLS, "DE>RS", ("papers-in",), {}),
    (EXTRADITION, "nl-us-ext", "arrest", "2026-03-01T04:59:59", "NL>US", (),
     {"arrest-to-papers": "2026-04-29"}),
    (EXTRADITION, "nl-us-ext", "arrest", "2026-03-01T05:00:00", "NL>US", (),
     {"arrest-to-papers": "2026-04-30"}),
    (EXTRADITION, "ca-nl-ext", "arrest", "2027-12-31T12:00", "NL>CA", (), {"arrest-to-papers": "2028-02-29"}),
    (EXTRADITION, "eu-eaw", "arrest", ON, "DE>FR", (), {"decide": "2027-01-19"}),
    # extradition: consent, decision, surrender; 25 December rolls to Monday under acts of the Union
    (EXTRADITION, "eu-eaw", "consent", "2026-12-15T10:00", "DE>FR", (), {"decide": "2026-12-28"}),
    (EXTRADITION, "eu-eaw", "decide", "2026-12-15T10:00", "DE>FR", (), {"surrender": "2026-12-28"}),
    (EXTRADITION, "eu-eaw", "surrender-fixed", "2026-12-15T10:00", "DE>FR", (),
     {"surrender-must": "2026-12-28"}),
    (EXTRADITION, "uk-eu-tca", "consent", "2026-12-15T10:00", "GB>FR", (), {"decide": "2026-12-25"}),
    (EXTRADITION, "uk-eu-tca", "arrest", ON, "GB>FR", (), {"decide": "2027-01-19"}),
    (EXTRADITION, "uk-eu-tca", "decide", ON, "GB>FR", (), {"surrender": "2026-11-30"}),
    (EXTRADITION, "coe-ext-1957", "consent", ON, "AT>CH", (), {"notice-of-decision": "2026-12-10"}),
    (EXTRADITION, "coe-ext-1957", "decide", ON, "AT>CH", ("consented",), {"surrender": "2026-11-30"}),
    (EXTRADITION, "coe-ext-1957", "decide", ON, "AT>CH", (), {}),
    (EXTRADITION, "coe-ext-1957", "surrender-fixed", ON, "DE>RS", (),
     {"surrender-may": "2026-12-05", "surrender-must": "2026-12-20"}),
    (EXTRADITION, "ca-nl-ext", "surrender-fixed", ON, "NL>CA", (),
     {"surrender-may": "2026-12-05", "surrender-must": "2026-12-20"}),
    # extradition: afterwards
    (EXTRADITION, "coe-ext-1957", "discharged", ON, "DE>RU", (), {"speciality": "2027-01-04"}),
    (EXTRADITION, "coe-ext-1957", "discharged", ON, "CH>GB", (), {"speciality": "2026-12-20"}),
    (EXTRADITION, "nl-us-ext", "discharged", ON, "NL>US", (), {"speciality": "2026-12-20"}),
    (EXTRADITION, "ca-nl-ext", "discharged", ON, "NL>CA", (), {"speciality": "2026-12-20"}),
    (EXTRADITION, "eu-eaw", "discharged", ON, "DE>FR", (), {"speciality": "2027-01-04"}),
    (EXTRADITION, "coe-ext-1957", "ask-consent", ON, "AT>CH", (), {"consent-answer": "2027-02-18"}),
    (EXTRADITION, "coe-ext-1957", "ask-onward", ON, "AT>CH", (), {"onward-answer": "2027-02-18"}),
    (EXTRADITION, "coe-ext-1957", "ask-consent", BEFORE_PROTOCOLS, "DE>RS", (), {}),
    (EXTRADITION, "eu-eaw", "ask-consent", ON, "DE>FR", (), {"consent-answer": "2026-12-21"}),
    (EXTRADITION, "eu-eaw", "ask-onward", ON, "DE>FR", (), {"onward-answer": "2026-12-21"}),
    # extradition: the statutes by which courts and ministers hold a person, whatever the treaty
    (EXTRADITION, "gb-us-ext", "arrest", ON, "US>GB", (), {"+arrest-to-papers": "2027-01-23"}),
    (EXTRADITION, None, "arrest", ON, "AU>GB", (), {"arrest-to-papers": "2027-01-03"}),
    (EXTRADITION, None, "court", "2027-03-01T10:00", "AU>GB", (), {"hearing": "2027-04-30"}),
    (EXTRADITION, None, "court", "2027-03-01T10:00", "AU>GB", ("papers-first",), {}),
    (EXTRADITION, None, "papers", "2027-12-31T10:00", "AU>GB", (), {"hearing": "2028-02-29"}),
    (EXTRADITION, None, "to-minister", ON, "AU>GB", (),
     {"minister": "2027-01-19", "representations": "2026-12-18"}),
    (EXTRADITION, None, "decide", ON, "AU>GB", (), {"surrender": "2026-12-17"}),
    (EXTRADITION, "uk-eu-tca", "decide", ON, "FR>GB", (),
     {"surrender": "2026-11-30", "+surrender": "2026-11-29"}),
    (EXTRADITION, "uk-eu-tca", "surrender-fixed", ON, "FR>GB", (),
     {"surrender-must": "2026-11-30", "+surrender-must": "2026-11-29"}),
    (EXTRADITION, "de-us-ext", "committed", "2026-12-31T12:00", "DE>US", (), {"+removal": "2027-02-28"}),
    # data that are kept
    (PRESERVATION, "budapest", "preserved", ON, "DE>US", (), {"preserve": "2027-01-19"}),
    (PRESERVATION, "uncc", "preserved", ON, "DE>US", (), {"preserve": "2027-01-19"}),
    (PRESERVATION, "harare", "preserved", ON, "GB>AU", (), {"preserve": "2027-03-20"}),
    (PRESERVATION, "us-18-usc-2703f", "preserved", ON, "DE>US", (), {"preserve": "2027-02-18"}),
    (PRESERVATION, "us-18-usc-2703f", "renewed", "2027-02-18T10:00", "DE>US", (), {"preserve": "2027-05-19"}),
    # the sixtieth day is a Saturday: kept, since the earliest end counts
    (PRESERVATION, "eu-eevidence", "served", "2026-11-24T10:00", "DE>IE", (), {"preserve": "2027-01-23"}),
    (PRESERVATION, "eu-eevidence", "delivered", "2026-11-24T10:00", "DE>IE", (), {"preserve": "2027-01-23"}),
    (PRESERVATION, "eu-eevidence", "preserved", "2026-11-24T10:00", "DE>IE", (), {"preserve": "2027-01-23"}),
    (PRESERVATION, "eu-eevidence", "arrive", "2026-11-24T10:00", "DE<IE", (), {}),
    (MLA, None, "report", "2028-02-29T12:00", "DE>US", (), {"report-preserve": "2029-02-28"}),
    # data from providers
    (PRODUCTION, "eu-eevidence", "served", "2026-11-18T10:00", "DE>IE", (),
     {"produce": "2026-11-30", "object": "2026-11-30"}),
    (PRODUCTION, "eu-eevidence", "notified", "2026-11-18T10:00", "DE>IE", (), {"object": "2026-11-30"}),
    (PRODUCTION, "eu-eevidence", "question", ON, "DE>IE", (), {"clarify": "2026-11-25"}),
    (PRODUCTION, "eu-eevidence", "enforce", ON, "DE>IE", (), {"enforce-decision": "2026-11-27"}),
    (PRODUCTION, "budapest-2ap", "served", ON, "DE>US", ("direct",), {"produce": "2026-12-20"}),
    (PRODUCTION, "budapest-2ap", "delivered", ON, "DE>US", ("direct",), {"produce": "2026-12-20"}),
    (PRODUCTION, "budapest-2ap", "delivered", ON, "DE>US", (), {"serve": "2027-01-04"}),
    (PRODUCTION, "budapest-2ap", "served", ON, "DE>US", (), {"produce": "2026-12-10"}),
    (PRODUCTION, "us-18-usc-2702", "served", ON, "DE>US", (), {"object": "2026-12-04"}),
    (PRODUCTION, "gb-copoa-2019", "served", ON, "GB>US", (), {"produce": "2026-11-26"}),
    (PRODUCTION, "gb-copoa-2019", "issue", ON, "GB>US", (), {"serve": "2027-02-19"}),
    # mutual assistance
    (MLA, "eu-eio", "arrive", ON, "DE<FR", (), {"acknowledge": "2026-11-27", "decide": "2026-12-21"}),
    (MLA, "eu-eio", "decide", ON, "DE<FR", (), {"execute": "2027-02-18"}),
    (MLA, "uk-eu-tca", "delivered", ON, "DE>GB", (), {"decide": "2027-01-04"}),
    (MLA, "uk-eu-tca", "decide", ON, "DE>GB", (), {"execute": "2027-02-18"}),
    (MLA, "coe-mla-1959", "witness-free", ON, "DE>CH", (), {"safe-conduct": "2026-12-05"}),
    (MLA, "untoc", "witness-free", ON, "DE>US", (), {"safe-conduct": "2026-12-05"}),
    (MLA, "uncac", "witness-free", ON, "DE>US", (), {"safe-conduct": "2026-12-05"}),
    (MLA, "uncc", "witness-free", ON, "DE>US", (), {"safe-conduct": "2026-12-05"}),
    (MLA, "eu-eio", "witness-free", ON, "DE>FR", (), {"safe-conduct": "2026-12-07"}),
    (MLA, "nl-us-mla", "witness-free", ON, "NL>US", (), {"safe-conduct": "2026-11-30"}),
    (MLA, "ca-nl-mla", "witness-free", ON, "NL>CA", (), {"safe-conduct": "2026-12-05"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "instrument", "event", "at", "pair", "says", "last"), LAST_DAYS)
def test_the_last_day_of_each_clock(
    kind: Kind,
    instrument: str | None,
    event: str,
    at: str,
    pair: str,
    says: tuple[str, ...],
    last: dict[str, str],
) -> None:
    found = counted(counting_of(kind, instrument, event, at, pair, says=says))
    assert {clock: entry.due_day.isoformat() for clock, entry in found.items()} == last
    for entry in found.values():
        # The second before the end is in time there, the end itself is the next day.
        zone = ZoneInfo(entry.time_zone)
        assert entry.due.astimezone(zone) == datetime.combine(entry.due_day + timedelta(days=1), time(), zone)
        assert (entry.due - timedelta(seconds=1)).astimezone(zone).date() == entry.due_day
        assert entry.rule.startswith(f"{entry.instrument}:")
        assert entry.closes_on == CLOCKS[entry.clock].closes_on or entry.clock == "object"


HOURS: list[tuple[Kind, str | None, str, str, str, tuple[str, ...], str, str]] = [
    (PRODUCTION, "eu-eevidence", "served", "2026-11-20T22:00", "DE>IE", ("emergency",),
     "produce", "2026-11-21T06:00"),
    (PRODUCTION, "eu-eevidence", "served", "2026-11-20T22:00", "DE>IE", ("emergency", "notified"),
     "produce", "2026-11-21T06:00"),
    (PRODUCTION, "eu-eevidence", "notified", ON, "DE>IE", ("emergency",), "object", "2026-11-24T10:00"),
    (PRODUCTION, "eu-eevidence", "send-emergency", ON, "DE>IE", ("emergency",),
     "validate", "2026-11-22T10:00"),
    (PRESERVATION, "eu-eio", "delivered", "2026-10-24T20:00", "DE>FR", (), "decide", "2026-10-25T20:00"),
    (MLA, "eu-eio", "notified", ON, "DE>FR", (), "object", "2026-11-24T10:00"),
    # Thursday noon before Christmas: twelve hours, then Friday to Monday are days off, then a day and a half
    (EXTRADITION, None, "arrest", "2026-12-24T12:00", "FR>GB", (), "arrest-to-papers", "2026-12-30T12:00"),
    # Good Friday, and the weekend on which the clocks had already gone forward
    (EXTRADITION, None, "arrest", "2026-03-27T12:00", "FR>GB", (), "arrest-to-papers", "2026-03-31T11:00"),
    (EXTRADITION, None, "arrest", "2026-11-18T12:00", "FR>GB", (), "arrest-to-papers", "2026-11-20T12:00"),
    # arrested on a Saturday: the hours begin with Monday
    (EXTRADITION, None, "arrest", "2026-11-21T12:00", "FR>GB", (), "arrest-to-papers", "2026-11-25T00:00"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "instrument", "event", "at", "pair", "says", "clock", "due"), HOURS)
def test_the_last_hour_of_each_clock(
    kind: Kind,
    instrument: str | None,
    event: str,
    at: str,
    pair: str,
    says: tuple[str, ...],
    clock: str,
    due: str,
) -> None:
    entry = counted(counting_of(kind, instrument, event, at, pair, says=says))[clock]
    assert entry.due == datetime.fromisoformat(due).replace(tzinfo=UTC)
    zone = ZoneInfo(entry.time_zone)
    assert entry.due_day == (entry.due - timedelta(seconds=1)).astimezone(zone).date()


def test_every_limit_that_starts_is_counted_somewhere_above() -> None:
    """A new limit wants a line in one of the tables: its last day, worked out by a person."""
    rows = [row[:6] for row in LAST_DAYS] + [row[:6] for row in HOURS]
    counted_rules = {
        entry.rule
        for kind, key, event, at, pair, says in rows
        for entry in counted(counting_of(kind, key, event, at, pair, says=says)).values()
    }
    elsewhere = {
        "eu-eevidence:10-2.deadline", "coe-ext-1957:13.deadline", "budapest-2ap:8-6-a-ii.deadline",
        "eu-eaw:17-4.deadline", "eu-eio:12-5.deadline", "eu-eevidence:11-1.deadline~2",
        "uk-eu-tca:615.prolonged.deadline", "gb-extradition-act-2003:6-2-3c-8a.prolonged.deadline",
        "gb-extradition-act-2003:8-4.deadline",
    }  # fmt: skip
    protocols = tuple(f"{key}:" for key in BORROWED.values())
    starting_rules = {f"{key}:{rule.id}" for key, rule in rules() if rule.clock}
    left = {rule for rule in starting_rules - counted_rules - elsewhere if not rule.startswith(protocols)}
    assert left == set()
    assert elsewhere <= starting_rules


# --- what decides whether and how it is counted -----------------------------------------------------------


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


def altered(key: str, **changes: Any) -> Registry:
    """The shipped law with one instrument changed."""
    law = shipped()
    laws = {**law.instruments, key: law.instruments[key].model_copy(update=changes)}
    return Registry(
        edition="changed",
        instruments=laws,
        parties=law.parties,
        jurisdictions=law.jurisdictions,
        offences=law.offences,
        sources=law.sources,
        entries=law.entries,
        completeness=law.completeness,
    )


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


# --- a calendar or a law that changed ---------------------------------------------------------------------


def eaw() -> Deadline:
    return counted(counting_of(EXTRADITION, "eu-eaw", "consent", "2026-12-15T10:00"))["decide"]


def again(entry: Deadline, law: Registry | None = None) -> Deadline | None:
    return Limits(law or shipped(), Place("Europe/Berlin", DE)).recounted(entry)


@pytest.mark.parametrize("row", LAST_DAYS)
def test_nothing_is_told_anew_where_nothing_changed(row: Any) -> None:
    work = counting_of(*row[:5], says=row[5])
    house = Limits(shipped(), Place(ZONES.get(work.home_state, ""), work.home_state))
    assert [house.recounted(entry) for entry in house.counted(work).deadlines] == [None] * len(
        house.counted(work).deadlines
    )


def test_a_new_calendar_and_a_moved_holiday_show(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = eaw()
    older = entry.model_copy(update={"calendar": "FR holidays/0.1"})
    newer = again(older)
    assert newer is not None
    assert (newer.calendar, newer.due) == (entry.calendar, entry.due)
    monkeypatch.setattr(recounting, "end_of", _with_a_holiday(date(2026, 12, 28)))
    moved = again(entry)
    assert moved is not None
    assert (moved.due_day, moved.id, moved.started) == (date(2026, 12, 29), entry.id, entry.started)


def _with_a_holiday(day: date) -> Any:
    def counted_so(*given: Any, **named: Any) -> counting.Counted:
        ends = counting.end_of(*given, **named)
        if ends.day != day:
            return ends
        next_day = timedelta(days=1)
        return counting.Counted(ends.due + next_day, ends.day + next_day, ends.zone, ends.how, ends.calendar)

    return counted_so


def test_a_law_that_changed_or_went_shows_and_keeps_the_date_it_gave() -> None:
    law = shipped().instruments["eu-eaw"]
    longer = tuple(
        rule.model_copy(update={"amount": 20}) if rule.id == "17-2.deadline" else rule
        for rule in law.deadlines
    )
    changed = again(eaw(), altered("eu-eaw", deadlines=longer))
    assert changed is not None
    assert (changed.amount, changed.due_day) == (20, date(2027, 1, 4))
    gone_rules = tuple(
        rule.model_copy(update={"retracted": Retraction(on=date(2026, 12, 1), reason="misread")})
        if rule.id == "17-2.deadline"
        else rule
        for rule in law.deadlines
    )
    without = altered("eu-eaw", deadlines=gone_rules)
    gone = again(eaw(), without)
    assert gone is not None
    assert (gone.due, gone.status) == (eaw().due, ClockStatus.RUNNING)
    assert counting.RULE_GONE in gone.count
    assert again(gone, without) is None, "told once"


def test_a_recount_is_part_of_the_answer_and_what_the_other_side_set_is_left_alone() -> None:
    older = eaw().model_copy(update={"calendar": "FR holidays/0.1"})
    work = counting_of(EXTRADITION, "eu-eaw", "recounted", ON, recount=[older, eaw()], first_id=9)
    found = Limits(shipped(), Place("Europe/Berlin", DE)).counted(work).deadlines
    assert [(entry.id, entry.due) for entry in found] == [("d9", older.due)]
    given = eaw().model_copy(update={"law": False, "rule": "given", "amount": 0, "unit": ""})
    assert again(given) is None


def test_our_own_practice_is_counted_again_with_its_own_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    work = counting_of(MLA, None, "arrive", "2026-12-14T10:00", "DE<US")
    house = Limits(shipped(), Place("Europe/Berlin", DE))
    (ours,) = [entry for entry in house.counted(work).deadlines if entry.rule == "practice:acknowledge"]
    assert (ours.amount, ours.unit, house.recounted(ours)) == (3, "working-days", None)
    monkeypatch.setattr(recounting, "end_of", _with_a_holiday(ours.due_day))
    moved = house.recounted(ours)
    assert moved is not None
    assert (moved.due_day - ours.due_day, moved.amount) == (timedelta(days=1), 3)


def test_a_limit_that_ends_at_another_moment_is_warned_of_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    warned = eaw().model_copy(update={"warned": ("7-days",)})
    assert again(warned) is None
    monkeypatch.setattr(recounting, "end_of", _with_a_holiday(warned.due_day))
    moved = again(warned)
    assert moved is not None
    assert moved.warned == ()


def test_a_new_edition_of_the_calendar_that_comes_to_the_same_is_no_change() -> None:
    older = eaw().model_copy(update={"calendar": "FR holidays/0.1", "consequence": "said otherwise"})
    home = Place("Europe/Berlin", DE)
    assert again(older) is not None
    assert not recounting.ends_otherwise(shipped(), home, older)
    assert recounting.ends_otherwise(shipped(), home, older.model_copy(update={"amount": 9}))


def test_an_entry_of_an_earlier_version_is_counted_where_it_was() -> None:
    old = eaw().model_copy(update={"acting": "", "requesting": "", "requested": ""})
    assert again(old) is None
    assert again(old.model_copy(update={"amount": 9, "due_day": date(2026, 12, 24)})) is not None


def test_a_new_declaration_shows() -> None:
    entry = counted(counting_of(EXTRADITION, None, "arrest", ON, "US>GB"))["arrest-to-papers"]
    house = Limits(shipped(), Place("America/New_York", US))
    assert house.recounted(entry) is None
    before = entry.model_copy(update={"amount": 45})
    changed = house.recounted(before)
    assert changed is not None
    assert (changed.amount, changed.due) == (65, entry.due)
