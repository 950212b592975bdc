"""Is a State bound on a day, as its acts say, and are two States linked?"""

from __future__ import annotations

from datetime import date

import pytest

from schemas.reasoning import Reason
from tests.law.registries import act, complete, facts, instrument, parties, registry
from treaties.force import linked
from treaties.registry import Registry
from treaties.standing import bound


def standing(acts: list[dict[str, object]], day: str, **more: object) -> Reason:
    """Where AA stands on a day after these acts; `more` goes into the instrument or the party list."""
    listing = {name: more.pop(name) for name in ("complete",) if name in more}
    law = registry(instrument("t", **more), parties("t", {"AA": acts}, **listing))
    return bound(law, "t", "AA", date.fromisoformat(day))


RATIFIED = [act("signed", "2001-11-23"), act("ratified", "2009-03-09"), act("in-force", "2009-07-01")]
BACK = [act("withdrawn", "2020-01-01"), act("acceded", "2022-01-01"), act("in-force", "2022-04-01")]


@pytest.mark.parametrize(
    ("day", "verdict", "claim"),
    [
        ("2001-11-22", "no", "force.not-yet"),
        ("2009-03-09", "no", "force.not-yet"),
        ("2009-06-30", "no", "force.not-yet"),
        ("2009-07-01", "yes", "force.bound"),
        ("2099-01-01", "yes", "force.bound"),
    ],
)
def test_bound_from_the_day_of_entry_into_force(day: str, verdict: str, claim: str) -> None:
    reason = standing(RATIFIED, day)
    assert (reason.verdict.value, reason.claim) == (verdict, claim)
    assert "t:AA.in-force.2009-07-01" in reason.facts


def test_the_day_before_says_when_it_changes_and_cites() -> None:
    reason = standing(RATIFIED, "2009-06-30")
    assert reason.changes_on == date(2009, 7, 1)
    assert reason.citations[0].source == "gazette"
    assert standing(RATIFIED, "2009-07-01").changes_on is None


@pytest.mark.parametrize(
    ("acts", "day", "verdict", "claim"),
    [
        # in force on an unknown day: no before consent, unknown after it, yes when the source showed it
        ([act("ratified", "2010-05-05"), act("in-force")], "2010-05-04", "no", "force.not-yet-agreed"),
        ([act("ratified", "2010-05-05"), act("in-force")], "2010-05-05", "unknown", "force.day-unknown"),
        ([act("ratified", "2010-05-05"), act("in-force")], "2025-11-30", "unknown", "force.day-unknown"),
        ([act("ratified", "2010-05-05"), act("in-force")], "2025-12-01", "yes", "force.day-unknown"),
        ([act("signed", "2010-05-05"), act("in-force")], "2010-05-04", "no", "force.not-yet-agreed"),
        # what was seen "in 2013" is certain only when 2013 is over
        ([act("in-force", checked="2013")], "2013-12-30", "unknown", "force.day-unknown"),
        ([act("in-force", checked="2013")], "2013-12-31", "yes", "force.day-unknown"),
        # consent, and no entry into force recorded
        ([act("ratified", "2010-05-05")], "2010-05-04", "no", "force.not-yet-agreed"),
        ([act("ratified", "2010-05-05")], "2026-01-15", "unknown", "force.entry-unknown"),
        ([act("ratified")], "2026-01-15", "unknown", "force.entry-unknown"),
        ([act("signed", "2005-01-01"), act("ratified")], "2004-12-31", "no", "force.not-yet-agreed"),
        # a successor is bound at the latest from its notice
        ([act("succeeded", "1993-01-01")], "1992-12-31", "unknown", "force.succeeded"),
        ([act("succeeded", "1993-01-01")], "1993-01-01", "yes", "force.succeeded"),
        # a signature alone, in a list that may not be whole
        ([act("signed", "2005-01-01")], "2004-12-31", "no", "force.not-yet-agreed"),
        ([act("signed", "2005-01-01")], "2026-01-15", "unknown", "force.signed-only-as-far-as-known"),
        # provisional application comes before entry into force
        ([act("provisionally-applied", "2021-01-01"), act("in-force", "2021-05-01")], "2021-02-01", "yes",
         "force.provisionally"),
        ([act("in-force", "2017-05-22", dated_by="transposition-deadline")], "2017-05-22", "yes",
         "force.bound-by-transposition-deadline"),
        # endings
        ([*RATIFIED, act("denounced", "2020-01-01")], "2019-12-31", "yes", "force.bound"),
        ([*RATIFIED, act("denounced", "2020-01-01")], "2020-01-01", "no", "force.ended"),
        ([*RATIFIED, act("denounced")], "2015-01-01", "unknown", "force.ended-perhaps"),
        ([*RATIFIED, act("denounced")], "2025-12-01", "no", "force.ended-day-unknown"),
        ([*RATIFIED, *BACK], "2022-03-31", "no", "force.not-yet"),
        ([*RATIFIED, *BACK], "2022-04-01", "yes", "force.bound"),
        ([*RATIFIED, act("withdrawn", "2020-01-01"), act("acceded", "2022-01-01")],
         "2022-01-01", "unknown", "force.entry-unknown"),
        ([act("denounced", "2020-01-01")], "2019-12-31", "unknown", "force.start-unknown"),
        ([act("in-force", "2009-07-01", until="2012-01-01")], "2012-01-01", "no", "force.ended"),
        # suspension and resumption
        ([*RATIFIED, act("suspended", "2020-07-01")], "2020-06-30", "yes", "force.bound"),
        ([*RATIFIED, act("suspended", "2020-07-01")], "2020-07-01", "no", "force.suspended"),
        ([*RATIFIED, act("suspended", "2020-07-01"), act("resumed", "2021-07-01")], "2021-07-01", "yes",
         "force.bound"),
        ([*RATIFIED, act("suspended")], "2025-12-01", "no", "force.suspended-day-unknown"),
    ],
)  # fmt: skip
def test_acts_are_folded_up_to_a_day(
    acts: list[dict[str, object]], day: str, verdict: str, claim: str
) -> None:
    reason = standing(acts, day)
    assert (reason.verdict.value, reason.claim) == (verdict, claim)


def test_a_recalled_row_without_age_counts_from_the_day_it_was_recorded() -> None:
    row = act("in-force", source="memory", confidence="memory", checked="2026-01-10")
    law = registry(instrument("t"), {**parties("t", {"AA": [row]}), "defaults": {"recorded": "2026-01-10"}})
    assert bound(law, "t", "AA", date(2026, 1, 9)).verdict.value == "unknown"
    assert bound(law, "t", "AA", date(2026, 1, 10)).verdict.value == "yes"
    assert bound(law, "t", "AA", date(2026, 1, 10)).citations[0].confidence == "memory"


def test_absence_is_no_only_where_the_list_is_whole() -> None:
    acts = {"BB": [act("in-force", "2000-01-01")]}
    open_list = registry(instrument("t"), parties("t", acts))
    whole = registry(instrument("t"), parties("t", acts, complete=complete("2020")))
    day = date(2026, 1, 15)
    assert bound(open_list, "t", "AA", day).verdict.value == "unknown"
    reason = bound(whole, "t", "AA", day)
    assert (reason.verdict.value, reason.slots["as_of"], reason.facts) == ("no", "2020", ("t:complete",))
    assert reason.citations[0].checked == "2020"


def test_a_signature_in_a_whole_list_is_no() -> None:
    reason = standing([act("signed", "2005-01-01")], "2026-01-15", complete=complete())
    assert (reason.verdict.value, reason.claim) == ("no", "force.signed-only")
    assert set(reason.facts) == {"t:AA.signed.2005-01-01", "t:complete"}


def test_nobody_is_bound_before_the_opening_or_the_general_entry() -> None:
    entry = {"on": "2004-07-01"}
    rows = [act("in-force", "2004-07-01")]
    assert standing(rows, "2001-11-22", opened="2001-11-23").claim == "force.before-opening"
    assert standing([act("ratified", "2003-01-01")], "2004-06-30", entry=entry).claim == "force.not-entered"
    assert standing([act("ratified", "2003-01-01")], "2004-07-01", entry=entry).verdict.value == "unknown"


def test_an_instrument_read_as_pending_binds_nobody_and_shows_its_age() -> None:
    entry = {"on": "unknown", "pending": "true", "condition": "five ratifications"}
    reason = standing([act("ratified", "2023-01-01")], "2026-01-15", entry=entry)
    assert (reason.verdict.value, reason.claim) == ("no", "force.pending")
    assert reason.facts == ("t:AA.ratified.2023-01-01", "t:entry")
    assert reason.slots["as_of"] == "2025-12-01"


def link(law: Registry, day: str = "2026-01-15", key: str = "t") -> Reason:
    """Whether AA and BB are linked by `key`."""
    return linked(law, key, "AA", "BB", date.fromisoformat(day))


def test_a_protocol_needs_its_treaty_between_both() -> None:
    both = {"AA": [act("in-force", "2000-01-01")], "BB": [act("in-force", "2000-01-01")]}
    later = {"AA": [act("in-force", "2000-01-01")], "BB": [act("in-force", "2010-01-01")]}
    law = registry(instrument("t"), instrument("p", requires=["t"]), parties("t", later), parties("p", both))
    assert link(law, "2009-12-31", "p").verdict.value == "no"
    assert link(law, "2010-01-01", "p").verdict.value == "yes"
    assert "t:BB.in-force.2010-01-01" in facts(link(law, "2009-12-31", "p"))


def test_a_treaty_of_two_may_be_recorded_on_one_side() -> None:
    law = registry(
        instrument("aa-bb-mla", form="bilateral", states=["AA", "BB"]),
        parties("aa-bb-mla", {"AA": [act("in-force", "2009-10-18")]}),
    )
    assert link(law, "2009-10-17", "aa-bb-mla").verdict.value == "no"
    assert link(law, "2009-10-18", "aa-bb-mla").verdict.value == "yes"


def test_relations_excluded_by_one_close_the_instrument_for_the_pair_only() -> None:
    rows = [act("in-force", "2000-01-01")]
    law = registry(
        instrument("t"),
        parties(
            "t",
            {"AA": [*rows, act("relations-excluded", "2010-01-01", towards="BB")], "BB": rows, "CC": rows},
        ),
    )
    assert link(law, "2009-12-31").verdict.value == "yes"
    assert link(law, "2009-12-31").changes_on == date(2010, 1, 1)
    assert link(law, "2010-01-01").verdict.value == "no"
    assert linked(law, "t", "AA", "CC", date(2010, 1, 1)).verdict.value == "yes"


def test_an_accession_works_only_with_those_who_accepted_it() -> None:
    old = [act("ratified", "1990-01-01"), act("in-force", "1990-02-01")]
    new = [act("acceded", "2000-01-01"), act("in-force", "2000-02-01")]
    accepting = [*old, act("accession-accepted", "2005-01-01", towards="BB")]
    law = registry(instrument("t"), parties("t", {"AA": accepting, "BB": new, "CC": old}))
    assert link(law, "2004-12-31").verdict.value == "no"
    assert link(law, "2005-01-01").verdict.value == "yes"
    assert linked(law, "t", "CC", "BB", date(2006, 1, 1)).verdict.value == "unknown"
    whole = registry(
        instrument("t"), parties("t", {"AA": accepting, "BB": new, "CC": old}, complete=complete())
    )
    assert linked(whole, "t", "CC", "BB", date(2006, 1, 1)).verdict.value == "no"


def test_law_of_one_state_binds_only_the_requested() -> None:
    law = registry(
        instrument("bb-code-1", form="domestic", states=["BB"], entry={"on": "2009-10-19"}),
        instrument("bb-code-2", form="domestic", states=["BB"], entry={"on": "unknown"}),
        instrument("bb-code-3", form="domestic", states=["BB"]),
    )
    assert link(law, "2009-10-18", "bb-code-1").verdict.value == "no"
    assert link(law, "2009-10-19", "bb-code-1").verdict.value == "yes"
    assert link(law, "2009-10-18", "bb-code-1").changes_on == date(2009, 10, 19)
    assert link(law, "2025-11-30", "bb-code-2").verdict.value == "unknown"
    assert link(law, "2025-12-01", "bb-code-2").verdict.value == "yes"
    assert link(law, "2026-01-15", "bb-code-3").verdict.value == "unknown"


def test_a_retracted_act_does_not_count() -> None:
    wrong = act("in-force", "2000-01-01", retracted={"on": "2026-01-12", "reason": "another State was meant"})
    law = registry(instrument("t"), parties("t", {"AA": [wrong]}, complete=complete()))
    assert bound(law, "t", "AA", date(2026, 1, 15)).verdict.value == "no"
    assert bound(law.known_on(date(2026, 1, 11)), "t", "AA", date(2026, 1, 15)).verdict.value == "yes"
