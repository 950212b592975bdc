"""How long does it take to ask for every ordered pair of States, and to weigh a change of the law?"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import date

from schemas.reasoning import Question
from schemas.vocabulary import Kind, Measure
from treaties.basis import find_bases
from treaties.impact import impact
from treaties.load import shipped
from treaties.proposal import supposed
from treaties.registry import Registry
from treaties.sweep import Asked, Pair, jurisdictions, sweep

ASKED = Asked(Kind.MLA, (Measure.SUBSCRIBER_DATA,), date(2026, 11, 21))
ACCESSION = ("IE budapest ratified 2026-11-16", "IE budapest in-force 2027-03-01")
WHOLE_ANSWERS = 2_000
"""Answers with their whole reason trees, as the control of what the sweep leaves out."""


def run() -> list[str]:
    """Sweeps the world once alone and once on all cores, then weighs a trial accession."""
    start = time.perf_counter()
    law = shipped()
    loaded = time.perf_counter() - start
    alone, alone_work, pairs = _swept(law, 1)
    cores = os.cpu_count() or 1
    together, _, _ = _swept(law, cores)
    counted = Counter(one.gap or "none" for one in pairs).most_common()
    # As a fresh process would weigh it: nothing worked out before.
    fresh = replace(law, memo={})
    start = time.process_time()
    found = supposed(fresh, ACCESSION, ASKED.on)
    considered = time.process_time() - start
    start = time.process_time()
    moved = impact(fresh, found.after, found.differences, ASKED.on)
    weighed = time.process_time() - start
    return [
        f"law loaded in {loaded:.1f} s",
        f"{len(pairs)} ordered pairs on one core: {alone:.1f} s, of which {alone_work:.1f} s at work "
        "(aim: under 60)",
        f"the same on {cores} cores, each with its own copy of the law: {together:.1f} s",
        f"a pair in the sweep: {alone_work / len(pairs) * 1e6:.0f} µs; a whole answer: {_whole(law):.0f} µs",
        f"gaps: {', '.join(f'{gap} {many}' for gap, many in counted)}",
        f"trial accession of Ireland: checked and folded in {considered:.2f} s, weighed in {weighed:.2f} s "
        f"({moved.pairs} pairs asked, {len(moved.moved)} bases moved)",
        f"memory of this process: {_megabytes():.0f} MB (aim: under 300)",
    ]


def _swept(law: Registry, processes: int) -> tuple[float, float, list[Pair]]:
    """Seconds on the clock, seconds of this process's own work, and the table."""
    start, work = time.perf_counter(), time.process_time()
    pairs = list(sweep(replace(law, memo={}), ASKED, processes=processes))
    return time.perf_counter() - start, time.process_time() - work, pairs


def _whole(law: Registry) -> float:
    """Microseconds of a whole answer, over pairs spread over the world."""
    states = jurisdictions(law)
    every = [(one, other) for one in states for other in states if one != other]
    chosen = every[:: max(1, len(every) // WHOLE_ANSWERS)]
    start = time.process_time()
    for requesting, requested in chosen:
        find_bases(law, Question(requesting, requested, ASKED.kind, ASKED.measures, ASKED.on))
    return (time.process_time() - start) / len(chosen) * 1e6


def _megabytes() -> float:
    # Linux counts in kilobytes, macOS in bytes.
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
