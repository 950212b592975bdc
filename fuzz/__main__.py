"""`python -m fuzz [--inputs N] [--seed N] [--only NAME] [--out FOLDER]`: feed every parser what nobody honest
would send, and say which lines that reaches. Exit status 1 when one did what it must not.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from fuzz.crew import Tally, tried
from fuzz.lines import reached
from fuzz.smaller import smaller
from fuzz.target import Target
from fuzz.targets import targets
from fuzz.trial import FAULT, Trial, bound, quiet

FOLDER = Path("var/fuzz")
SAMPLE = 250
"""Inputs of each parser that are run again, watched line by line."""


def main(words: Sequence[str]) -> int:
    """Runs what the words of the command line ask for."""
    asked = _asked(words)
    os.environ.setdefault("ROGATORY_HOME", str(asked.out / "house"))
    known = targets(asked.out)
    chosen = [one for one in known if asked.only is None or one.name == asked.only]
    if not chosen:
        print(f"no parser {asked.only}; known: {', '.join(one.name for one in known)}", file=sys.stderr)
        return 2
    if asked.replay is not None:
        return _replayed(chosen, asked.replay)
    # also where the shell that began it has both ignored
    for word in (signal.SIGINT, signal.SIGTERM):
        signal.signal(word, signal.default_int_handler)
    start = time.monotonic()
    counts = _counts(chosen, asked.inputs)
    tallies = tried(chosen, counts, asked.seed, asked.hands)
    for line in _table(chosen, tallies, sum(counts), time.monotonic() - start):
        print(line, flush=True)
    if asked.sample:
        for line in _lines(reached(chosen, counts, asked.seed, asked.sample), asked.sample):
            print(line)
    found = _kept(chosen, tallies, asked.out)
    return 1 if found else 0


def _asked(words: Sequence[str]) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="python -m fuzz", description="Feed every parser foreign bytes.")
    reader.add_argument("--inputs", type=int, default=1_000_000, help="of all parsers together (a million)")
    reader.add_argument("--seed", type=int, default=20261122)
    reader.add_argument("--only", metavar="NAME", help="one parser")
    reader.add_argument("--hands", type=int, default=2, help="processes (2)")
    reader.add_argument(
        "--sample", type=int, default=SAMPLE, help=f"of each parser, for the lines ({SAMPLE}; 0: none)"
    )
    reader.add_argument("--out", type=Path, default=FOLDER, help=f"where findings go ({FOLDER})")
    reader.add_argument("--replay", type=Path, metavar="FILE", help="try one saved input, with --only")
    return reader.parse_args(words)


def _counts(chosen: Sequence[Target], inputs: int) -> list[int]:
    """How many inputs each parser gets: its share, and never fewer than its honest ones."""
    whole = sum(one.share for one in chosen)
    return [max(len(one.seeds), -(-inputs * one.share // whole)) for one in chosen]


def _table(chosen: Sequence[Target], tallies: Sequence[Tally], wanted: int, seconds: float) -> list[str]:
    lines = [
        f"{'parser':<20}{'inputs':>10}{'a second':>10}{'refused':>10}{'taken':>9}{'slowest':>10}{'faults':>8}"
    ]
    for target, tally in zip(chosen, tallies, strict=True):
        pace = tally.inputs / tally.seconds if tally.seconds else 0.0
        taken = tally.inputs - tally.refused - tally.count
        lines.append(
            f"{target.name:<20}{tally.inputs:>10,}{pace:>10,.0f}{tally.refused:>10,}{taken:>9,}"
            f"{tally.slowest * 1000:>7,.0f} ms{tally.count:>8,}"
        )
    inputs, faults = sum(one.inputs for one in tallies), sum(one.count for one in tallies)
    stopped = "" if inputs >= wanted else f" of {wanted:,}, then it was stopped"
    lines.append(f"{inputs:,} inputs{stopped}, in {seconds:,.0f} s, {faults:,} faults")
    return lines


def _lines(found: Mapping[str, tuple[int, int]], sample: int) -> list[str]:
    lines = [f"\nlines of the parsers reached by {sample} inputs of each"]
    for module, (seen, there) in sorted(found.items()):
        lines.append(f"  {module:<36}{seen:>5} of {there:>4}{100 * seen / max(1, there):>7.0f} %")
    seen, there = (sum(one[part] for one in found.values()) for part in (0, 1))
    lines.append(f"  {'all':<36}{seen:>5} of {there:>4}{100 * seen / max(1, there):>7.0f} %")
    return lines


def _kept(chosen: Sequence[Target], tallies: Sequence[Tally], out: Path) -> int:
    """Saves what was found, as small as it can be made; how many sorts there are."""
    trial, found = None, 0
    for target, tally in zip(chosen, tallies, strict=True):
        for sign, rows in tally.faults.items():
            found += 1
            content, told = min(rows, key=lambda row: len(row[0]))
            if not sign.startswith(("process", "hangs", "slow", "memory")):
                if trial is None:
                    bound()
                    trial = Trial()
                content = _least(target, sign, content, trial)
            name = f"{target.name}-{hashlib.sha256(content).hexdigest()[:12]}"
            (out / "found").mkdir(parents=True, exist_ok=True)
            file = out / "found" / name
            file.write_bytes(content)
            print(f"\n{target.name}: {sign}\n{told.rstrip()}")
            print(f"again: python -m fuzz --only {target.name} --replay {file}")
    return found


def _least(target: Target, sign: str, content: bytes, trial: Trial) -> bytes:
    def same(shorter: bytes) -> bool:
        outcome = trial(target.run, shorter)
        return outcome.kind == FAULT and outcome.sign == sign

    return smaller(content, same) if same(content) else content


def _replayed(chosen: Sequence[Target], file: Path) -> int:
    bound()
    outcome = Trial()(chosen[0].run, file.read_bytes())
    print(f"{chosen[0].name}: {outcome.kind} {outcome.sign} ({outcome.seconds:.3f} s)\n{outcome.told}")
    return 1 if outcome.kind == FAULT else 0


if __name__ == "__main__":
    quiet()
    raise SystemExit(main(sys.argv[1:]))
