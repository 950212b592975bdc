"""Are the figures those of the cases, and can nothing that is hidden be computed back?"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from desk import figures
from desk.figures import NO_GROUND, Line, Wanted, collect, spread, summary_of
from desk.transparency import LEAST, published, report_of
from records.open import Records
from schemas.case import CaseState, Counterpart, Decision
from schemas.handoff import Holder
from schemas.moves import Actor
from schemas.request import MlaRequest, Outcome
from schemas.vocabulary import Kind, Role, Side
from schemas.work import FileWork
from workflows.row import row_of

ANNA = Actor(id="anna", house="de-test", roles=(Role.OFFICER,))
START = datetime(2025, 3, 1, 9, tzinfo=UTC)


def lived(
    records: Records,
    ref: str,
    way: list[tuple[str, int]],
    *,
    side: Side = Side.OUTGOING,
    other: str = "US",
    start: datetime = START,
    **more: Any,
) -> None:
    """A case that came into each status on that day after its start, the last with `more` in its state."""
    records.keys.create(ref)
    own, them = ("DE", other) if side is Side.OUTGOING else (other, "DE")
    request = MlaRequest.model_validate(
        {"kind": "mla", "requesting": own, "requested": them, "measures": ["subscriber-data"]}
    )
    for number, (status, day) in enumerate(way, start=1):
        now = start + timedelta(days=day)
        state = CaseState(
            ref=ref,
            house="de-test",
            state="DE",
            kind=Kind.MLA,
            side=side,
            status=status,
            move=number,
            opened=start,
            updated=now,
            filed_by="anna",
            last_author="anna",
            counterpart=Counterpart(state=other),
            holder=Holder(house="de-test", function="central-authority"),
            held_since=start,
            request=request,
            **(more if number == len(way) else {}),
        )
        row = row_of(state)
        records.file(
            FileWork(
                ref=ref, move=number, at=now, actor=ANNA, event="amend", key=f"{ref}-{number}", detail="{}",
                state=state, row=row,
            )
        )  # fmt: skip


def refusal(*grounds: str) -> list[Decision]:
    return [Decision(decision="refused", at=START, grounds=grounds)]


def test_times_are_those_of_the_stages_a_case_has_left(records: Records) -> None:
    way = [("draft", 0), ("approved", 4), ("sent", 5), ("sent", 6), ("acknowledged", 15), ("executed", 45)]
    lived(records, "DE-MLA-2025-00001", way)
    line = collect(records).lines["DE-MLA-2025-00001"]
    assert dict(line.stays) == {"draft": 4.0, "approved": 1.0, "sent": 10.0, "acknowledged": 30.0}
    assert line.answer == 40.0
    assert (line.year, line.result, line.refused) == (2025, "executed", False)


def test_what_came_of_it_is_what_was_told(records: Records) -> None:
    outcome = Outcome(result="executed", victims_identified=3, arrests=0)
    lived(records, "A-1", [("draft", 0), ("sent", 1), ("executed", 2), ("closed", 3)], outcome=outcome)
    lived(records, "A-2", [("draft", 0), ("sent", 1), ("withdrawn", 2), ("closed", 3)])
    lived(records, "A-3", [("draft", 0), ("sent", 1)])
    found = summary_of(collect(records), Wanted())
    assert (found.victims.total, found.victims.cases) == (3, 1)
    assert (found.arrests.total, found.arrests.cases) == (0, 1)
    assert (found.convictions.total, found.convictions.cases) == (0, 0)
    assert dict(found.results) == {"executed": 1, "withdrawn": 1, "open": 1}


def test_a_refusal_has_its_grounds_or_says_that_none_was_told(records: Records) -> None:
    end = [("draft", 0), ("sent", 1), ("refused", 9)]
    lived(records, "B-1", end, decisions=refusal("political-offence", "ordre-public"))
    lived(records, "B-2", end, decisions=refusal())
    lived(records, "B-3", [*end, ("closed", 12)], decisions=refusal("political-offence"))
    found = summary_of(collect(records), Wanted())
    assert found.refused == 3
    assert dict(found.grounds) == {"political-offence": 2, "ordre-public": 1, NO_GROUND: 1}


def test_quartiles_are_those_of_the_sample(records: Records) -> None:
    for number, days in enumerate((10, 20, 30, 40)):
        lived(records, f"C-{number}", [("sent", 0), ("executed", days)], other="FR")
    (one,) = summary_of(collect(records), Wanted()).partners
    assert one.answer is not None
    assert (one.answer.n, one.answer.low, one.answer.middle, one.answer.high) == (4, 17.5, 25.0, 32.5)
    assert spread("x", [7.0]).middle == 7.0


def test_choices_count_only_what_they_name(records: Records) -> None:
    lived(records, "D-1", [("sent", 0)])
    lived(records, "D-2", [("received", 0)], side=Side.INCOMING, start=START.replace(year=2024))
    collected = collect(records)
    assert collected.years == [2025, 2024]
    assert summary_of(collected, Wanted(year=2024)).cases == 1
    assert summary_of(collected, Wanted(side="outgoing")).cases == 1
    assert summary_of(collected, Wanted(kind="extradition")).cases == 0


def test_only_what_changed_is_read_again(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    lived(records, "E-1", [("sent", 0)])
    lived(records, "E-2", [("sent", 0)])
    before = collect(records)
    lived(records, "E-3", [("sent", 0)])
    read: list[str] = []
    inner = figures._read

    def noting(all: Records, refs: list[str]) -> Iterator[tuple[str, Line]]:
        read.extend(refs)
        return inner(all, refs)

    monkeypatch.setattr(figures, "_read", noting)
    after = collect(records, before)
    assert read == ["E-3"]
    assert set(after.lines) == {"E-1", "E-2", "E-3"}


def test_no_name_is_in_a_line(records: Records) -> None:
    lived(records, "F-1", [("sent", 0), ("executed", 1)], outcome=Outcome(result="executed", note="Xenia"))
    told = repr(dict(collect(records).lines))
    assert "executed" in told
    assert "Xenia" not in told


def test_lines_are_of_a_kind_that_the_collector_leaves_alone(records: Records) -> None:
    lived(records, "G-1", [("sent", 0), ("executed", 1)])
    lines = collect(records).lines
    for _ in range(3):
        gc.collect()
    assert isinstance(lines, figures.Lines)
    assert not any(gc.is_tracked(each) for each in lines._rows.values())


# --- what is published ---------------------------------------------------------------------------------


def answers(cells: Mapping[str, int]) -> tuple[Any, ...]:
    """What a reader sees, and what the keenest knows besides: which of the hidden ones are small."""
    found = published(cells)
    small = frozenset(key for key, value in cells.items() if 0 < value < LEAST)
    shown = tuple(found.cells.items())
    whole = all(value is None for value in found.cells.values())
    return (found.total, shown, None if whole else small)


def tables(names: str, most: int) -> Iterator[dict[str, int]]:
    """Every table of these cells with a total of at most `most`."""
    if not names:
        yield {}
        return
    for value in range(most + 1):
        for rest in tables(names[1:], most - value):
            yield {names[0]: value, **rest}


@pytest.mark.parametrize(("names", "most"), [("a", 30), ("ab", 30), ("abc", 30), ("abcd", 30), ("abcde", 22)])
def test_no_hidden_number_can_be_computed_back(names: str, most: int) -> None:
    """Every table there can be: for each hidden small number at least two values fit what is published."""
    fits: dict[Any, list[dict[str, int]]] = defaultdict(list)
    for cells in tables(names, most):
        fits[answers(cells)].append(cells)
    checked = 0
    for (_, shown, _), found in fits.items():
        for key, value in shown:
            assert value is None or value == 0 or value >= LEAST
            if value is None and any(0 < one[key] < LEAST for one in found):
                assert len({one[key] for one in found}) >= 2, found
                checked += 1
    assert checked


def test_the_search_finds_a_rule_that_only_hides_small_numbers() -> None:
    """The test above can fail: leaving out the small numbers alone gives them away."""
    cells = {"a": 3, "b": 20}
    total, shown = sum(cells.values()), [20]
    assert total - sum(shown) == cells["a"]
    assert published(cells).cells == {"a": None, "b": None}


def test_what_is_not_small_is_published() -> None:
    found = published({"a": 0, "b": 7, "c": 30})
    assert (found.total, dict(found.cells)) == (37, {"a": 0, "b": 7, "c": 30})
    found = published({"a": 2, "b": 7, "c": 30, "d": 40})
    assert (found.total, dict(found.cells)) == (79, {"a": None, "b": None, "c": None, "d": 40})
    assert published({"a": 1, "b": 2}).total is None


def test_the_order_tells_nothing() -> None:
    one, other = {"a": 1, "b": 2, "c": 9, "d": 9, "e": 9}, {"e": 9, "d": 9, "c": 9, "b": 1, "a": 2}
    assert list(published(one).cells.items()) == list(published(other).cells.items())


def line(state: str, **changes: Any) -> Line:
    given: dict[str, Any] = {
        "kind": "mla", "side": "outgoing", "state": state, "year": 2025, "updated": "", "stays": (),
        "answer": 10.0, "result": "executed", "refused": False, "grounds": (), "victims": None,
        "arrests": None, "convictions": None, "sent": True,
    }  # fmt: skip
    return Line(**{**given, **changes})


def test_grounds_do_not_tell_the_refusals_that_the_results_hide() -> None:
    def grounds(refused: int, rest: dict[str, int]) -> tuple[Any, Any]:
        lines = [line("US", result="refused", refused=True, grounds=("political",)) for _ in range(refused)]
        lines += [line("US", result=result) for result, many in rest.items() for _ in range(many)]
        block = report_of(
            figures.Collected(START, 0.0, {str(number): one for number, one in enumerate(lines)}), 2025, 2026
        ).blocks[0]
        return block.results.cells["refused"], block.grounds.cells["political"]

    # Five were refused, left out beside the one that was withdrawn: the grounds must not say five.
    assert grounds(5, {"withdrawn": 1, "executed": 9, "lapsed": 20}) == (None, None)
    assert grounds(7, {"executed": 9, "lapsed": 20}) == (7, 7)


def test_the_report_counts_only_requests_that_were_sent(records: Records) -> None:
    """A draft, and one that was withdrawn as a draft, are no requests sent; what comes in is always one."""
    lived(records, "DE-MLA-2025-00001", [("draft", 0)])
    lived(records, "DE-MLA-2025-00002", [("draft", 0), ("approved", 1), ("withdrawn", 2), ("closed", 3)])
    lived(records, "DE-MLA-2025-00003", [("draft", 0), ("sent", 1), ("withdrawn", 2), ("closed", 3)])
    lived(records, "DE-MLA-2025-00004", [("withdrawn", 0)], side=Side.INCOMING)
    found = collect(records)
    assert [found.lines[f"DE-MLA-2025-0000{number}"].sent for number in (1, 2, 3, 4)] == [0, 0, 1, 1]
    lines = {str(number): line("US", sent=number < 7) for number in range(20)}
    outgoing = report_of(figures.Collected(START, 0.0, lines), 2025, 2026).blocks[0]
    assert outgoing.kinds.total == outgoing.partners.total == outgoing.results.total == 7


def test_the_report_tells_no_time_of_few_cases_and_no_outcome_of_few() -> None:
    lines = [line("US") for _ in range(30)] + [line("FR") for _ in range(8)] + [line("IE", victims=9)]
    lines += [line("GB", arrests=2) for _ in range(6)]
    lines += [line("ES", answer=None) for _ in range(10)]
    collected = figures.Collected(START, 0.0, {str(number): one for number, one in enumerate(lines)})
    report = report_of(collected, 2025, 2026)
    block = report.blocks[0]
    assert block.partners.total == 55
    assert block.partners.cells["IE"] is None
    assert block.partners.cells["GB"] is None
    # France and Britain have enough cases for a time, but how many they are is hidden: so is the time.
    assert block.partners.cells["FR"] is None
    assert block.partners.cells["ES"] == 10
    assert set(block.answers) == {"US"}
    # Nine victims, told by one case; twelve arrests, told by six.
    assert dict(report.outcomes) == {"victims": None, "arrests": 12, "convictions": None}
    assert report.over
    assert not report_of(collected, 2025, 2025).over
