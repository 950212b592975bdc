"""How do several processes try the inputs, so that one that dies or hangs is a finding and not the end?

Each process says which input it is about to try only by a number in shared memory: the parent can make the
same input again.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

from fuzz.target import Target
from fuzz.trial import FAULT, REFUSED, Trial, bound

PIECE = 500
"""Inputs of one errand."""
PATIENCE = 90.0
"""Seconds without a sign of life after which a process is taken for hung."""
MOST_OF_A_SORT = 3

_fork = multiprocessing.get_context("fork")


@dataclass
class Tally:
    """What came of one parser."""

    inputs: int = 0
    refused: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    faults: dict[str, list[tuple[bytes, str]]] = field(default_factory=dict)
    count: int = 0

    def fault(self, sign: str, content: bytes, told: str) -> None:
        """Keep it, unless there are enough of its sort."""
        self.count += 1
        kept = self.faults.setdefault(sign, [])
        if len(kept) < MOST_OF_A_SORT:
            kept.append((content, told))


Errand = tuple[int, int, int]
"""Number of the target, first input, end."""
Report = tuple[int, int, float, float, list[tuple[str, bytes, str]]]
"""Of one errand: inputs, refused, seconds, the slowest, and faults with sign, input and what is told."""


@dataclass
class _Hand:
    process: Any
    line: Connection
    at: Any
    errand: Errand | None = None
    seen: int = -1
    since: float = 0.0


def tried(targets: Sequence[Target], counts: Sequence[int], seed: int, hands: int) -> list[Tally]:
    """What came of `counts` inputs for each target, tried by `hands` processes; of those tried so far, if it
    is interrupted."""
    tallies = [Tally() for _ in targets]
    errands = _errands(counts)
    crew = [_hired(targets, seed) for _ in range(hands)]
    with suppress(KeyboardInterrupt):
        for hand in crew:
            _sent(hand, errands)
        while any(hand.errand for hand in crew):
            ready = wait([hand.line for hand in crew if hand.errand], timeout=1.0)
            for number, hand in enumerate(crew):
                if hand.errand is None:
                    continue
                if hand.line in ready and _told(hand, tallies):
                    _sent(hand, errands)
                elif hand.line in ready or _hangs(hand):
                    crew[number] = _replaced(hand, targets, tallies, seed, errands)
    for hand in crew:
        hand.process.kill()
        hand.process.join()
    return tallies


def _errands(counts: Sequence[int]) -> deque[Errand]:
    """All of them, so that every target is as far as the others at any time."""
    made = [
        (first / count, number, first, min(first + PIECE, count))
        for number, count in enumerate(counts)
        for first in range(0, count, PIECE)
    ]
    return deque((number, first, end) for _, number, first, end in sorted(made))


def _hired(targets: Sequence[Target], seed: int) -> _Hand:
    ours, theirs = _fork.Pipe()
    at = _fork.Value("q", -1)
    process = _fork.Process(target=_work, args=(targets, seed, theirs, at), daemon=True)
    process.start()
    theirs.close()
    return _Hand(process, ours, at)


def _sent(hand: _Hand, errands: deque[Errand]) -> None:
    hand.errand = errands.popleft() if errands else None
    hand.seen, hand.since = -1, time.monotonic()
    if hand.errand is not None:
        hand.line.send(hand.errand)


def _told(hand: _Hand, tallies: list[Tally]) -> bool:
    """Take in what a process says of its errand; False if it is dead."""
    try:
        number, inputs, refused, seconds, slowest, faults = hand.line.recv()
    except (EOFError, ConnectionError):
        return False
    tally = tallies[number]
    tally.inputs += inputs
    tally.refused += refused
    tally.seconds += seconds
    tally.slowest = max(tally.slowest, slowest)
    for sign, content, told in faults:
        tally.fault(sign, content, told)
    return True


def _hangs(hand: _Hand) -> bool:
    now = time.monotonic()
    if hand.at.value != hand.seen:
        hand.seen, hand.since = hand.at.value, now
    return now - hand.since > PATIENCE


def _replaced(
    hand: _Hand, targets: Sequence[Target], tallies: list[Tally], seed: int, errands: deque[Errand]
) -> _Hand:
    """The input it died of, or hangs on, is a fault; another process does the rest of its errand."""
    hand.process.kill()
    hand.process.join()
    number, first, end = hand.errand or (0, 0, 0)
    at = int(hand.at.value)
    how = "hangs" if hand.process.exitcode == -9 else f"process ended with {hand.process.exitcode}"
    tallies[number].fault(how, targets[number].made(seed, at), f"input {at}: {how}")
    tallies[number].inputs += 1
    # What it had found before died with it: that is tried again.
    rest = [(number, *span) for span in ((first, at), (at + 1, end)) if span[0] < span[1]]
    errands.extendleft(reversed(rest))
    fresh = _hired(targets, seed)
    _sent(fresh, errands)
    return fresh


def _work(targets: Sequence[Target], seed: int, line: Connection, at: Any) -> None:
    bound()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    trial, parent = Trial(), os.getppid()
    while True:
        # A process that was forked later holds our line open too: its end alone says nothing.
        while not line.poll(1.0):
            if os.getppid() != parent:
                os._exit(0)
        try:
            number, first, end = line.recv()
        except EOFError:
            os._exit(0)
        line.send((number, *_errand_done(trial, targets[number], seed, range(first, end), at)))


def _errand_done(trial: Trial, target: Target, seed: int, numbers: range, at: Any) -> Report:
    refused, slowest, start = 0, 0.0, time.process_time()
    faults: list[tuple[str, bytes, str]] = []
    for number in numbers:
        at.value = number
        content = target.made(seed, number)
        outcome = trial(target.run, content)
        refused += outcome.kind == REFUSED
        slowest = max(slowest, outcome.seconds)
        if outcome.kind == FAULT:
            faults.append((outcome.sign, content, outcome.told))
    return len(numbers), refused, time.process_time() - start, slowest, faults
