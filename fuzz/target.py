"""What is one parser to the fuzzer: what it is fed with, how that is changed, how often, and what it runs?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from fuzz.mutate import LONGEST

Shape = Callable[[bytes, bytes, Random], bytes]


@dataclass(frozen=True)
class Target:
    """One parser. `seeds`: honest inputs. `share`: of all inputs, in thousandths. `reads`: its modules, each
    with the functions and classes there that write and read nothing foreign."""

    name: str
    run: Callable[[bytes], object]
    seeds: Sequence[bytes]
    shape: Shape
    share: int
    reads: Mapping[str, tuple[str, ...]]

    def made(self, seed: int, number: int) -> bytes:
        """The input with this number: the same for the same seed, whatever was tried before."""
        if number < len(self.seeds):
            return self.seeds[number]
        chance = Random(f"{seed} {self.name} {number}")
        one, other = chance.choice(self.seeds), chance.choice(self.seeds)
        return self.shape(one, other, chance)[: max(LONGEST, len(one))]
