"""How many questions of law are answered in a second, each with its whole tree of reasons?

`run()` asks a sample of all ordered pairs of States. The control builds as many bare reasons as the answers
hold, of the same shape and in the same run: what no way of reasoning in Python could save.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from schemas.reasoning import Assessment, Citation, Question, Reason
from schemas.vocabulary import Kind, Measure, Verdict
from treaties.answer_json import as_json
from treaties.basis import find_bases
from treaties.load import PACKAGED, load_registry
from treaties.logic import walk
from treaties.registry import Registry

SAMPLE = 3000
WARM = 300
ON = date(2026, 11, 21)


@dataclass
class Tally:
    """What was measured: seconds of each answer, of showing it, and of its control."""

    times: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    control: list[float] = field(default_factory=list)
    candidates: int = 0
    reasons: int = 0


def run() -> list[str]:
    """Figures of one run, a line each."""
    start = time.perf_counter()
    law = load_registry([PACKAGED])
    loaded = time.perf_counter() - start
    questions = _questions(law, SAMPLE + WARM)
    for question in questions[:WARM]:
        find_bases(law, question)
    tally = _asked(law, questions[WARM:])
    pairs = len(law.jurisdictions) * (len(law.jurisdictions) - 1)
    mean = sum(tally.times) / SAMPLE
    bare = f"control, bare reasons only: p50 {_at(tally.control, 0.5):.2f} ms"
    return [
        f"registry: {len(law.instruments)} instruments, {sum(1 for _ in law.facts())} facts, "
        f"loaded in {loaded:.2f} s",
        f"answers with full reason trees: {1 / mean:.0f} per second on one core, "
        f"p50 {_at(tally.times, 0.5):.2f} ms, p99 {_at(tally.times, 0.99):.2f} ms",
        f"an answer: {tally.candidates / SAMPLE:.1f} candidates, {tally.reasons / SAMPLE:.0f} reasons; "
        f"as JSON p50 {_at(tally.shown, 0.5):.2f} ms more",
        f"{bare}; {sum(tally.control) / sum(tally.times):.2f} of the time of the answers",
        f"all {pairs} ordered pairs for one measure: about {pairs * mean:.0f} s on one core",
    ]


def _asked(law: Registry, questions: Iterable[Question]) -> Tally:
    """Every question asked, shown and set beside its control, one by one: no answer is kept, as in a desk."""
    tally = Tally()
    for question in questions:
        start = time.perf_counter()
        answer = find_bases(law, question)
        answered = time.perf_counter()
        as_json(answer, law)
        shown = time.perf_counter()
        reasons = _reasons(answer)
        before = time.perf_counter()
        _bare(reasons)
        after = time.perf_counter()
        tally.times.append(answered - start)
        tally.shown.append(shown - answered)
        tally.control.append(after - before)
        tally.candidates += len(answer.candidates)
        tally.reasons += reasons
    return tally


def _questions(law: Registry, number: int) -> list[Question]:
    """Ordered pairs in a random order that is the same in every run."""
    states = sorted(law.jurisdictions)
    pairs = [(one, other) for one in states for other in states if one != other]
    random.Random(1).shuffle(pairs)
    return [Question(one, other, Kind.MLA, (Measure.SUBSCRIBER_DATA,), ON) for one, other in pairs[:number]]


def _reasons(answer: Assessment) -> int:
    """How many different reasons the answer is made of; one that serves twice is counted once."""
    tops = [top for one in answer.candidates for top in (one.reason, *(p.reason for p in one.provisions))]
    return len({id(reason) for top in tops for reason in walk(top)})


def _bare(number: int) -> list[Reason]:
    cited = (Citation("budapest", "25(1)"),)
    return [
        Reason("claim", Verdict.YES, {"instrument": "budapest"}, cited, ("f",), (), None)
        for _ in range(number)
    ]


def _at(times: list[float], share: float) -> float:
    """The time in milliseconds that this share of the answers stays within."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000
