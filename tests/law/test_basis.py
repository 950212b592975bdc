"""Are the bases found, judged, ranked and explained as the text of the instruments says?"""

from __future__ import annotations

from datetime import date

import pytest

from schemas.errors import BadInput, UnknownWord
from schemas.reasoning import OffenceAsked
from tests.law.registries import (
    REACH,
    Row,
    act,
    ask,
    candidate,
    claims,
    facts,
    instrument,
    parties,
    registry,
    verdict,
)
from treaties.registry import Registry

BOUND: dict[str, list[Row]] = {"AA": [act("in-force", "2000-01-01")], "BB": [act("in-force", "2000-01-01")]}
FALLBACK = {"test": "none-in-force", "values": ["mla-treaty"], "article": "27(1)"}
LIST: dict[str, Row] = {"BB": {"treaty_lists": [{"id": "lists.mla", "kind": "mla", "as_of": "2015"}]}}


def with_fallback(states: dict[str, Row] | None = None, since: str = "2009-10-18") -> Registry:
    """A convention with a fallback article, and a treaty of the two in force from `since`."""
    return registry(
        instrument(
            "convention",
            provisions=[
                {**REACH, "id": "25", "article": "25"},
                {"id": "27", "article": "27", "role": "procedure", "force": "duty", "when": [FALLBACK]},
            ],
            channels=[{"id": "27-2", "article": "27(2)", "channel": "central-authority", "when": [FALLBACK]}],
            grounds=[
                {
                    "id": "27-4",
                    "article": "27(4)",
                    "ground": "political-offence",
                    "mandatory": "no",
                    "when": [FALLBACK],
                }
            ],
        ),
        parties("convention", BOUND),
        instrument("aa-bb-mla", form="bilateral", states=["AA", "BB"], counts_as=["mla-treaty"]),
        parties("aa-bb-mla", {"AA": [act("in-force", since)], "BB": [act("in-force", since)]}),
        states=states,
    )


def articles(law: Registry, on: str, key: str = "convention") -> dict[str, str]:
    """The verdict of each article of the instrument on that day."""
    return {one.article: one.verdict.value for one in candidate(ask(law, on), key).provisions}


def test_a_fallback_article_closes_on_the_day_a_treaty_enters_into_force() -> None:
    law = with_fallback(LIST)
    assert articles(law, "2009-10-17") == {"25": "yes", "27": "yes"}
    assert articles(law, "2009-10-18") == {"25": "yes", "27": "no"}
    closed = candidate(ask(law, "2009-10-18"), "convention")
    assert closed.verdict.value == "yes"
    reason = closed.provisions[1].reason
    assert any(c.article == "27(1)" for child in reason.children for c in child.citations)
    assert "aa-bb-mla:AA.in-force.2009-10-18" in facts(reason)
    assert ask(law, "2009-10-17").good_until == date(2009, 10, 18)


def test_channel_and_grounds_of_the_fallback_close_with_it() -> None:
    law = with_fallback(LIST)
    before, after = (candidate(ask(law, on), "convention") for on in ("2009-10-17", "2009-10-18"))
    assert (before.channel, [g.ground for g in before.grounds]) == (
        "central-authority",
        ["political-offence"],
    )
    assert (after.channel, list(after.grounds)) == ("as-other-treaty-or-domestic-law", [])


def test_a_treaty_we_may_not_know_keeps_the_fallback_unknown_and_asks() -> None:
    answer = ask(with_fallback(), "2009-10-17")
    assert {p.article: p.verdict.value for p in candidate(answer, "convention").provisions}["27"] == "unknown"
    asked = [question.about for question in answer.open_questions]
    assert asked.count("proviso.unlisted-treaty") == 1
    assert articles(with_fallback(), "2009-10-18")["27"] == "no"


def test_whole_list_of_either_state_excludes_an_unlisted_treaty_and_is_cited() -> None:
    for state in ("AA", "BB"):
        law = with_fallback({state: LIST["BB"]})
        reason = candidate(ask(law, "2009-10-17"), "convention").provisions[1].reason
        assert reason.verdict.value == "yes"
        assert f"{state}:lists.mla" in facts(reason)


def test_an_article_excluded_by_reservation_is_closed_both_ways() -> None:
    effect = {"does": "not-applied", "articles": ["1"], "measures": ["subscriber-data"]}
    reserved = act("reservation", "2005-01-01", article="1", effects=[effect])
    law = registry(instrument("t"), parties("t", {**BOUND, "AA": [*BOUND["AA"], reserved]}))
    assert verdict(ask(law, "2004-12-31"), "t") == "yes"
    assert ask(law, "2004-12-31").good_until == date(2005, 1, 1)
    for sides in (("AA", "BB"), ("BB", "AA")):
        answer = ask(law, "2005-01-01", *sides)
        assert verdict(answer, "t") == "no"
        assert "scope.not-excluded" in claims(candidate(answer, "t").reason)
    assert verdict(ask(law, "2005-01-01", measures=["testimony"]), "t") == "yes"


def test_every_measure_must_be_reached() -> None:
    some = [{**REACH, "measures": ["subscriber-data"], "names": ["subscriber-data"]}]
    law = registry(instrument("t", provisions=some), parties("t", BOUND))
    assert verdict(ask(law), "t") == "yes"
    assert verdict(ask(law, measures=["stored-content"]), "t") == "no"
    both = ask(law, measures=["subscriber-data", "stored-content"])
    assert verdict(both, "t") == "no"
    assert [p.verdict.value for p in candidate(both, "t").provisions] == ["yes"]


def test_an_article_stands_in_its_wording_only_for_its_days() -> None:
    law = registry(
        instrument("t", provisions=[{**REACH, "since": "2010-02-01", "until": "2020-01-01"}]),
        parties("t", BOUND),
    )
    found = {
        on: verdict(ask(law, on), "t") for on in ("2010-01-31", "2010-02-01", "2019-12-31", "2020-01-01")
    }
    assert list(found.values()) == ["no", "yes", "yes", "no"]
    assert ask(law, "2010-01-31").good_until == date(2010, 2, 1)


def test_no_article_recorded_is_unknown_and_no_article_on_it_is_no() -> None:
    silent = registry(instrument("t", provisions=[]), parties("t", BOUND))
    elsewhere = registry(
        instrument("t", kinds=["mla", "extradition"], provisions=[{**REACH, "kinds": ["extradition"]}]),
        parties("t", BOUND),
    )
    assert verdict(ask(silent), "t") == "unknown"
    assert verdict(ask(elsewhere), "t") == "no"
    assert verdict(ask(registry(instrument("t", kinds=["extradition"]), parties("t", BOUND))), "t") == "none"


# --- conditions ---------------------------------------------------------------------------------------

OFFENCES: list[Row] = [
    {
        "slug": "csam-distribution",
        "name": "distribution of child sexual abuse material",
        "conduct": "making it available to others",
        "articles": [{"instrument": "crimes", "article": "3(1)(c)"}],
    },
    {"slug": "csam-possession", "name": "possession", "conduct": "holding it", "articles": []},
]


def conditional(evaluates: str, **more: object) -> Registry:
    """A treaty with one condition, and a convention `crimes` that both joined and that names an offence."""
    rule = {
        "id": "c",
        "article": "5",
        "condition": evaluates,
        "evaluates": evaluates,
        "text": "what it asks",
        **more,
    }
    return registry(
        instrument("t", conditions=[rule]),
        instrument("crimes", kinds=[], provisions=[]),
        parties("t", BOUND),
        parties("crimes", BOUND),
        offences=OFFENCES,
    )


@pytest.mark.parametrize(
    ("evaluates", "offences", "condition", "candidate_is"),
    [
        ("dual-criminality", [], "unknown", "yes"),
        ("dual-criminality", [OffenceAsked("csam-distribution")], "yes", "yes"),
        ("dual-criminality", [OffenceAsked("csam-possession")], "unknown", "yes"),
        ("dual-criminality", [OffenceAsked("csam-possession", 60, 60)], "yes", "yes"),
        ("dual-criminality", [OffenceAsked("csam-possession", 60, 0)], "no", "no"),
        ("minimum-penalty", [], "unknown", "yes"),
        ("minimum-penalty", [OffenceAsked("csam-possession", 12, None)], "unknown", "yes"),
        ("minimum-penalty", [OffenceAsked("csam-possession", 12, 12)], "yes", "yes"),
        ("minimum-penalty", [OffenceAsked("csam-possession", 11, None)], "no", "no"),
        (
            "minimum-penalty",
            [OffenceAsked("csam-possession", 11, 60), OffenceAsked("csam-distribution", 60, 60)],
            "yes",
            "yes",
        ),
        ("offence-scope", [], "unknown", "yes"),
        ("offence-scope", [OffenceAsked("csam-possession")], "no", "no"),
        ("electronic-evidence", [], "yes", "yes"),
        ("transnational-organised", [OffenceAsked("csam-possession", 60)], "unknown", "yes"),
        ("transnational-organised", [OffenceAsked("csam-possession", 11)], "no", "no"),
        ("question", [], "unknown", "yes"),
    ],
)
def test_a_condition_counts_against_the_candidate_only_when_known_to_fail(
    evaluates: str, offences: list[OffenceAsked], condition: str, candidate_is: str
) -> None:
    answer = ask(conditional(evaluates, months="12"), offences=offences)
    found = candidate(answer, "t")
    assert [one.verdict.value for one in found.conditions] == [condition]
    assert found.verdict.value == candidate_is
    asked = {question.instrument for question in answer.open_questions}
    assert ("t" in asked) is (condition == "unknown" and candidate_is == "yes")


def test_a_threshold_of_more_than_a_year_is_not_met_by_a_year() -> None:
    law = conditional("minimum-penalty", months="12", more_than="true")
    assert verdict(ask(law, offences=[OffenceAsked("csam-possession", 12, 13)]), "t") == "no"
    assert verdict(ask(law, offences=[OffenceAsked("csam-possession", 13, 13)]), "t") == "yes"


def test_dual_criminality_is_shown_by_the_article_that_binds_both() -> None:
    law = conditional("dual-criminality")
    reason = candidate(ask(law, offences=[OffenceAsked("csam-distribution")]), "t").conditions[0].reason
    assert {"offences:csam-distribution.crimes.3(1)(c)", "crimes:AA.in-force.2000-01-01"} <= facts(reason)


def test_the_condition_of_the_instrument_that_names_the_offence_is_met() -> None:
    rule = {"id": "c", "article": "3", "condition": "offence-scope", "evaluates": "offence-scope"}
    law = registry(instrument("crimes", conditions=[rule]), parties("crimes", BOUND), offences=OFFENCES)
    assert verdict(ask(law, offences=[OffenceAsked("csam-distribution")]), "crimes") == "yes"
    assert verdict(ask(law, offences=[OffenceAsked("csam-possession")]), "crimes") == "no"


def test_electronic_evidence_is_asked_where_the_measure_does_not_say() -> None:
    law = conditional("electronic-evidence")
    answer = ask(law, measures=["testimony"])
    assert candidate(answer, "t").conditions[0].verdict.value == "unknown"
    assert answer.open_questions[0].about == "condition.electronic-not-told"


def test_an_instrument_that_stands_in_for_a_treaty_gives_way_to_one() -> None:
    rule = {"id": "c", "article": "38(3)", "condition": "treaty-dependent", "evaluates": "treaty-dependent"}
    treaty = (
        instrument("aa-bb-mla", form="bilateral", states=["AA", "BB"], counts_as=["mla-treaty"]),
        parties("aa-bb-mla", {"AA": [act("in-force", "2010-01-01")]}),
    )
    law = registry(instrument("t", conditions=[rule]), parties("t", BOUND), *treaty, states=LIST)
    assert verdict(ask(law, "2009-12-31"), "t") == "yes"
    assert verdict(ask(law, "2010-01-01"), "t") == "no"
    assert "condition.needs-a-treaty" in {q.about for q in ask(law, "2009-12-31").open_questions}


def test_the_requested_state_declares_conditions_and_the_requesting_does_not() -> None:
    effect = {"does": "condition", "condition": "dual-criminality", "articles": ["29(4)"]}
    declared = act("declaration", "2004-01-01", effects=[effect])
    law = registry(instrument("t"), parties("t", {**BOUND, "BB": [*BOUND["BB"], declared]}))
    assert [c.condition for c in candidate(ask(law), "t").conditions] == ["dual-criminality"]
    assert list(candidate(ask(law, "2026-01-15", "BB", "AA"), "t").conditions) == []


# --- governing day, rank, what was known --------------------------------------------------------------


def test_the_day_of_the_offence_governs_where_the_instrument_says_so() -> None:
    law = registry(
        instrument("t", governing_date="offence"),
        parties("t", {"AA": [act("in-force", "2010-01-01")], "BB": [act("in-force", "2010-01-01")]}),
    )
    assert verdict(ask(law, offence_date=date(2009, 12, 31)), "t") == "no"
    assert verdict(ask(law, offence_date=date(2010, 1, 1)), "t") == "yes"
    unknown = ask(law)
    assert verdict(unknown, "t") == "unknown"
    assert "force.governing-day-unknown" in claims(candidate(unknown, "t").reason)


def ranked(*files: Row) -> list[str]:
    """Keys by rank, for instruments all in force between the two."""
    law = registry(*files, *(parties(str(file["key"]), BOUND) for file in files))
    answer = ask(law)
    assert [one.rank for one in answer.candidates] == list(range(1, len(answer.candidates) + 1))
    return [one.instrument for one in answer.candidates]


def test_rank_verdict_then_precedence_then_duty_then_name_then_channel_then_key() -> None:
    option = [{**REACH, "force": "option"}]
    named = [{**REACH, "names": ["subscriber-data"]}]
    direct = [{"id": "ch", "article": "4", "channel": "judicial-direct"}]
    diplomatic = [{"id": "ch", "article": "4", "channel": "diplomatic"}]
    assert ranked(
        instrument("a-diplomatic", channels=diplomatic),
        instrument("b-direct", channels=direct),
        instrument("c-named", provisions=named),
        instrument("d-option", provisions=option),
        instrument(
            "e-first", provisions=option, precedence=[{"id": "p", "article": "34", "over": ["c-named"]}]
        ),
        instrument("f-other", provisions=[{**REACH, "measures": ["testimony"]}]),
        instrument("g-alike"),
        instrument("h-alike"),
    ) == ["e-first", "c-named", "b-direct", "a-diplomatic", "g-alike", "h-alike", "d-option", "f-other"]


def test_a_circle_of_precedence_falls_back_on_merit() -> None:
    first = instrument("a", precedence=[{"id": "p", "article": "1", "over": ["b"]}])
    second = instrument("b", precedence=[{"id": "p", "article": "1", "over": ["a"]}])
    assert ranked(second, first) == ["a", "b"]


def test_precedence_never_lifts_a_verdict() -> None:
    law = registry(
        instrument("a"),
        instrument("b", precedence=[{"id": "p", "article": "1", "over": ["a"]}]),
        parties("a", BOUND),
        parties("b", {"AA": BOUND["AA"]}),
    )
    assert [(one.instrument, one.verdict.value) for one in ask(law).candidates] == [
        ("a", "yes"),
        ("b", "unknown"),
    ]


def test_an_agreement_with_a_bloc_links_no_two_of_its_members() -> None:
    rule = {**REACH, "when": [{"test": "one-side-is", "values": ["CC"], "article": "774"}]}
    law = registry(instrument("t", provisions=[rule]), parties("t", {**BOUND, "CC": BOUND["AA"]}))
    assert verdict(ask(law), "t") == "no"
    assert verdict(ask(law, "2026-01-15", "AA", "CC"), "t") == "yes"
    assert verdict(ask(law, "2026-01-15", "CC", "BB"), "t") == "yes"


def test_candidates_are_what_either_joined_what_both_made_and_the_law_of_the_requested() -> None:
    law = registry(
        instrument("joined-by-one"),
        instrument("spoken-of-only"),
        instrument("of-others"),
        instrument("aa-bb-mla", form="bilateral", states=["AA", "BB"]),
        instrument("bb-cc-mla", form="bilateral", states=["BB", "CC"]),
        instrument("aa-code", form="domestic", states=["AA"]),
        instrument("bb-code", form="domestic", states=["BB"]),
        parties("joined-by-one", {"AA": [act("signed", "2000-01-01")]}),
        parties("spoken-of-only", {"AA": [act("declaration", "2000-01-01")]}),
        parties("of-others", {"CC": BOUND["AA"]}),
    )
    assert {one.instrument for one in ask(law).candidates} == {"joined-by-one", "aa-bb-mla", "bb-code"}


def test_before_the_first_record_everything_is_unknown_and_says_so() -> None:
    law = registry(instrument("t"), parties("t", BOUND))
    answer = ask(law, known_on=date(2026, 1, 9))
    assert [(one.verdict.value, one.reason.claim) for one in answer.candidates] == [
        ("unknown", "candidate.not-yet-recorded")
    ]
    assert verdict(ask(law, known_on=date(2026, 1, 10)), "t") == "yes"


def test_what_was_recorded_later_was_not_believed_earlier() -> None:
    later = act("denounced", "2026-01-11", recorded="2026-01-12")
    law = registry(instrument("t"), parties("t", {**BOUND, "BB": [*BOUND["BB"], later]}))
    assert verdict(ask(law), "t") == "no"
    assert verdict(ask(law, known_on=date(2026, 1, 11)), "t") == "yes"
    assert ask(law, known_on=date(2026, 1, 11)).edition == law.edition


def test_a_day_before_any_act_is_simply_answered() -> None:
    assert verdict(ask(registry(instrument("t"), parties("t", BOUND)), "1900-01-01"), "t") == "no"


def test_bad_questions_are_refused() -> None:
    law = registry(instrument("t"), parties("t", BOUND), offences=OFFENCES[1:])
    with pytest.raises(BadInput, match="cannot ask itself"):
        ask(law, requesting="BB")
    with pytest.raises(UnknownWord, match="'XX' is not a known state"):
        ask(law, requesting="XX")
    with pytest.raises(UnknownWord, match="did you mean csam-possession"):
        ask(law, offences=[OffenceAsked("csam-posession")])
