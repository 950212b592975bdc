"""What holds for every registry: no early yes, no luck of order, no change without its fact?"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.reasoning import Assessment, Candidate
from tests.law.registries import REACH, Row, act, ask, complete, facts, instrument, parties, registry
from treaties.force import linked
from treaties.logic import walk
from treaties.registry import Registry
from treaties.standing import bound

EPOCH = date(2000, 1, 1)
DAYS = st.integers(0, 40).map(lambda weeks: (EPOCH + timedelta(weeks=weeks)).isoformat())
DAY = st.integers(-5, 45).map(lambda weeks: EPOCH + timedelta(weeks=weeks))
MAYBE = st.one_of(DAYS, st.just("unknown"))
NAMES = st.sampled_from(
    ["signed", "ratified", "acceded", "succeeded", "in-force", "denounced", "suspended", "resumed",
     "provisionally-applied", "declaration"]
)  # fmt: skip
CHECKED = st.sampled_from(["2000-03-01", "2000", "2001-06-01", "2025-12-01"])
SHUT = {"does": "not-applied", "articles": ["1"]}


@st.composite
def acts(draw: st.DrawFn) -> Row:
    """One act, perhaps on an unknown day, perhaps with an effect."""
    name = draw(NAMES)
    row = act(name, draw(MAYBE), checked=draw(CHECKED))
    return {**row, "effects": [SHUT]} if name == "declaration" else row


ACTS = st.lists(acts(), max_size=5)
SIDES = st.fixed_dictionaries({"AA": ACTS, "BB": ACTS})
LISTED = st.sampled_from([{}, {"complete": complete("2001")}])
ENTRIES = st.one_of(st.none(), MAYBE)
FALLBACK = [{"test": "none-in-force", "values": ["mla-treaty"], "article": "27(1)"}]
LIST = {"BB": {"treaty_lists": [{"id": "lists.mla", "kind": "mla", "as_of": "2015"}]}}


def law_of(
    sides: dict[str, list[Row]], listed: Row, entry: str | None, treaty: dict[str, list[Row]], whole: bool
) -> Registry:
    """A convention that gives way to a treaty, the treaty, and perhaps a whole list of treaties."""
    more: Row = {} if entry is None else {"entry": {"on": entry}}
    fallback = {"id": "27", "article": "27", "role": "procedure", "force": "duty", "when": FALLBACK}
    return registry(
        instrument("convention", provisions=[REACH, fallback], **more),
        instrument("treaty", counts_as=["mla-treaty"]),
        parties("convention", sides, **listed),
        parties("treaty", treaty),
        states=LIST if whole else {},
    )


LAWS = st.builds(law_of, SIDES, LISTED, ENTRIES, SIDES, st.booleans())


@given(SIDES, LISTED, st.one_of(st.none(), DAYS), DAY)
def test_nothing_is_in_force_before_the_state_or_the_instrument_could_be_bound(
    sides: dict[str, list[Row]], listed: Row, entry: str | None, day: date
) -> None:
    law = law_of(sides, listed, entry, {}, False)
    for state, rows in sides.items():
        starts = [row for row in rows if row["act"] in {"in-force", "provisionally-applied", "succeeded"}]
        known = [date.fromisoformat(row["on"]) for row in starts if row["on"] != "unknown"]
        undated = any(row["on"] == "unknown" for row in starts)
        verdict = bound(law, "convention", state, day).verdict.value
        if verdict == "yes" and not undated:
            assert min(known) <= day
        applied = any(row["act"] == "provisionally-applied" for row in rows)
        if entry is not None and day < date.fromisoformat(entry) and not applied:
            assert verdict == "no"


@given(SIDES, LISTED, DAY)
def test_the_day_before_a_single_entry_into_force_is_never_yes(
    sides: dict[str, list[Row]], listed: Row, day: date
) -> None:
    single = act("in-force", day.isoformat())
    quiet = {"signed", "ratified", "acceded", "declaration"}
    rows = [row for row in sides["AA"] if row["act"] in quiet]
    law = law_of({"AA": [*rows, single], "BB": [act("in-force", "1990-01-01")]}, listed, None, {}, False)
    before = linked(law, "convention", "AA", "BB", day - timedelta(days=1))
    assert before.verdict.value == "no"
    assert linked(law, "convention", "AA", "BB", day).verdict.value == "yes"
    assert before.changes_on == day


@given(SIDES, LISTED, ENTRIES, DAY, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    sides: dict[str, list[Row]], listed: Row, entry: str | None, day: date, random: Random
) -> None:
    turned = {state: random.sample(rows, len(rows)) for state, rows in reversed(sides.items())}
    one, other = law_of(sides, listed, entry, {}, True), law_of(turned, listed, entry, {}, True)
    first, second = ask(one, day.isoformat()), ask(other, day.isoformat())
    assert (first.candidates, first.open_questions, first.good_until) == (
        second.candidates,
        second.open_questions,
        second.good_until,
    )


def verdicts(answer: Assessment) -> dict[str, Candidate]:
    """Candidates by key."""
    return {one.instrument: one for one in answer.candidates}


@settings(max_examples=200)
@given(SIDES, LISTED, ENTRIES, SIDES, st.booleans(), acts(), st.sampled_from(["AA", "BB"]), DAY)
def test_a_verdict_changes_only_if_the_added_fact_stands_in_the_new_reason(
    sides: dict[str, list[Row]],
    listed: Row,
    entry: str | None,
    treaty: dict[str, list[Row]],
    whole: bool,
    added: Row,
    state: str,
    day: date,
) -> None:
    before = law_of(sides, listed, entry, treaty, whole)
    # What is added is recorded later: of two rows that bear one name the first recorded keeps it.
    added = {**added, "recorded": "2026-01-11"}
    after = law_of({**sides, state: [*sides[state], added]}, listed, entry, treaty, whole)
    new = {fact for fact, _ in after.facts()} - {fact for fact, _ in before.facts()}
    old_answer, new_answer = ask(before, day.isoformat()), ask(after, day.isoformat())
    for key, candidate in verdicts(new_answer).items():
        was = verdicts(old_answer).get(key)
        if was is None:
            continue
        known = facts(candidate.reason)
        if was.verdict is not candidate.verdict:
            assert new & known, (was.reason, candidate.reason)
        for one, other in zip(was.provisions, candidate.provisions, strict=True):
            if one.verdict is not other.verdict:
                assert new & (known | facts(other.reason))


@given(LAWS, DAY)
def test_an_answer_holds_until_the_day_it_names(law: Registry, day: date) -> None:
    answer = ask(law, day.isoformat())
    until = answer.good_until
    assert until is None or until > day
    last = until - timedelta(days=1) if until is not None else date(2040, 1, 1)
    later = ask(law, last.isoformat())
    assert {key: one.verdict for key, one in verdicts(answer).items()} == {
        key: one.verdict for key, one in verdicts(later).items()
    }


@given(LAWS, DAY)
def test_every_reason_cites_or_rests_on_others(law: Registry, day: date) -> None:
    for one in ask(law, day.isoformat()).candidates:
        for reason in walk(one.reason):
            assert reason.citations or reason.children
