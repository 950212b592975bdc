"""Which lines of the parsers does a sample of the inputs reach?

Told for lines inside functions that read what is foreign. Lines run at import, and functions that only write,
are left out: they would make the figure better or worse without saying anything.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from fuzz.target import Target
from fuzz.trial import TooLong

Lines = dict[str, set[int]]


def lines_of(module: str, left_out: Sequence[str]) -> tuple[str, set[int]]:
    """The file of a module, and the lines in its functions save those of `left_out`."""
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(module)
    code = compile(Path(found.origin).read_text("utf-8"), found.origin, "exec")
    return found.origin, _inside(code, frozenset(left_out), function=False)


def _inside(code: CodeType, left_out: frozenset[str], *, function: bool) -> set[int]:
    found: set[int] = set()
    if function:
        # the first line is that of the definition itself
        found = {line for _, _, line in code.co_lines() if line is not None and line != code.co_firstlineno}
    for inner in code.co_consts:
        if isinstance(inner, CodeType) and inner.co_name not in left_out:
            # CO_NEWLOCALS and CO_OPTIMIZED: a function, and not the body of a class
            found |= _inside(inner, left_out, function=bool(inner.co_flags & 0x3 == 0x3))
    return found


class Watch:
    """Notes every line of `files` that is run while it watches."""

    def __init__(self, files: Sequence[str]) -> None:
        self.seen: Lines = {file: set() for file in files}

    def __enter__(self) -> Watch:
        sys.settrace(self._call)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _call(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self._line if frame.f_code.co_filename in self.seen else None

    def _line(self, frame: FrameType, event: str, argument: Any) -> Any:
        self.seen[frame.f_code.co_filename].add(frame.f_lineno)
        return self._line


def reached(
    targets: Sequence[Target], counts: Sequence[int], seed: int, sample: int
) -> Mapping[str, tuple[int, int]]:
    """For each module: how many of its lines the sample reaches, and how many there are. `sample`: inputs of
    each target, spread over all of them, the honest ones first."""
    wanted: dict[str, tuple[str, set[int]]] = {}
    for target in targets:
        for module, left_out in target.reads.items():
            wanted[module] = lines_of(module, left_out)
    with Watch([file for file, _ in wanted.values()]) as watch:
        for target, count in zip(targets, counts, strict=True):
            for number in _spread(len(target.seeds), count, sample):
                # whether it may raise this is told elsewhere
                with suppress(Exception, TooLong):
                    target.run(target.made(seed, number))
    return {module: (len(watch.seen[file] & lines), len(lines)) for module, (file, lines) in wanted.items()}


def _spread(seeds: int, count: int, sample: int) -> list[int]:
    step = max(1, count // max(1, sample))
    return sorted({*range(min(seeds, count, sample)), *range(0, count, step)})
