"""Does the fuzzer find what it is there for, say it once and small, and tell how to do it again?"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from fuzz import lines, shapes, trees
from fuzz.smaller import smaller
from fuzz.target import Target
from fuzz.trial import FAULT, MEMORY, REFUSED, TAKEN, Trial
from schemas.errors import BadInput

BROKEN = """
import os, sys
from fuzz.crew import tried
from fuzz.shapes import bytes_spoiled
from fuzz.target import Target

def run(content):
    if len(content) > 12:
        os._exit(3)
    if b"x" in content:
        raise KeyError(content)

[tally] = tried([Target("broken", run, [b"one", b"two x"], bytes_spoiled, 1, {})], [60], 1, 2)
print(sorted(tally.faults), tally.inputs == 60, all(len(one) <= 3 for one in tally.faults.values()))
"""


def refuse(content: bytes) -> object:
    if content == b"ours":
        raise BadInput("It is ours.")
    if content == b"theirs":
        raise ValueError("theirs")
    return None


@pytest.mark.parametrize(
    ("content", "kind", "sign"),
    [
        (b"good", TAKEN, ""),
        (b"ours", REFUSED, ""),
        (b"theirs", FAULT, "ValueError test_fuzzer.py:refuse"),
    ],
)
def test_a_trial_tells_a_refusal_from_a_fault(content: bytes, kind: str, sign: str) -> None:
    outcome = Trial()(refuse, content)
    assert (outcome.kind, outcome.sign) == (kind, sign)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forgets the peak of other tests")
@pytest.mark.parametrize("earlier", [0, 2 * MEMORY], ids=["first", "after a higher peak"])
def test_a_parser_that_takes_much_memory_is_told(earlier: int) -> None:
    b"x" * earlier
    outcome = Trial()(lambda content: len(b"x" * (MEMORY + MEMORY // 4)), b"")
    assert (outcome.kind, outcome.sign) == (FAULT, "memory")


def test_a_parser_that_takes_too_long_is_stopped_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzz.trial.SECONDS", 0.05)

    def endless(content: bytes) -> object:
        while True:
            # as a parser does that swallows everything
            with suppress(Exception):
                sum(range(1000))

    outcome = Trial()(endless, b"")
    assert (outcome.kind, outcome.sign.split()[0]) == (FAULT, "TooLong")


def test_a_process_that_dies_is_a_finding_and_not_the_end() -> None:
    done = subprocess.run([sys.executable, "-c", BROKEN], capture_output=True, text=True, check=True)
    faults, whole, few = done.stdout.strip().rsplit(" ", 2)
    assert "process ended with 3" in faults
    assert "KeyError" in faults
    assert (whole, few) == ("True", "True")


def test_the_same_seed_makes_the_same_inputs() -> None:
    def some(seed: int) -> list[bytes]:
        # made anew each time: what an earlier run changed must not show
        target = Target("a", refuse, [b'{"a": [1, {"b": []}]}', b"[]"], trees.json_spoiled, 1, {})
        return [target.made(seed, number) for number in range(300)]

    assert some(1) == some(1)
    assert some(1) != some(2)
    assert len(set(some(1))) > 200


def test_the_least_that_does_the_same_is_kept() -> None:
    assert smaller(b"a" * 500 + b"<x>" + b"b" * 500, lambda content: b"<x>" in content) == b"<x>"


def test_a_value_of_der_is_changed_and_its_lengths_are_right_again() -> None:
    inner = b"\x30\x06\x02\x01\x05\x02\x01\x07"
    changed = {shapes.der_spoiled(inner, inner, Random(number)) for number in range(300)}
    assert sum(1 for one in changed if _whole(one)) > 20


def _whole(content: bytes) -> bool:
    return len(content) > 2 and content[0] == 0x30 and content[1] == len(content) - 2


def test_lines_are_counted_in_functions_that_read() -> None:
    file, whole = lines.lines_of("fuzz.smaller", ())
    _, none = lines.lines_of("fuzz.smaller", ("smaller",))
    assert len(whole) > 8
    assert none == set()
    assert Path(file).name == "smaller.py"
    target = Target("a", lambda content: smaller(content, lambda _: False), [b"ab"], shapes.bytes_spoiled, 1,
                    {"fuzz.smaller": ()})  # fmt: skip
    seen, there = lines.reached([target], [20], 1, 5)["fuzz.smaller"]
    assert 0 < seen <= there == len(whole)


def fuzz(*words: str) -> tuple[int, str]:
    """Exit status and all that one run says."""
    done = subprocess.run([sys.executable, "-m", "fuzz", *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_run_prints_its_table_and_the_lines_and_does_one_input_again(tmp_path: Path) -> None:
    common = ("--only", "retry-after", "--out", str(tmp_path))
    code, told = fuzz(*common, "--inputs", "300", "--sample", "40")
    assert code == 0, told
    assert "300 inputs, in" in told
    assert "letters.carriers.outcomes" in told
    saved = tmp_path / "input"
    saved.write_bytes(b"120")
    code, told = fuzz(*common, "--replay", str(saved))
    assert (code, "retry-after: taken" in told) == (0, True)
