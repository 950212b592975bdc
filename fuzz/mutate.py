"""How are bytes changed without knowing what they mean? Every change is drawn from a seeded chance."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

LONGEST = 200_000
"""Bytes of one input; what is larger is one of the seeds."""

MAGIC = (
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\r\n",
    b"\n",
    b"\t",
    b"..",
    b"../",
    b"\\",
    b"'",
    b'"',
    b"=",
    b"=1+1",
    b"%00",
    b"NaN",
    b"Infinity",
    b"-0",
    b"1e999",
    b"9" * 400,
    b"-1",
    b"0",
    b"4294967296",
    b"18446744073709551616",
    b"0001-01-01T00:00:00Z",
    b"9999-12-31T23:59:59Z",
    b"9999-12-31T23:59:59-23:59",
    b"0001-01-01T00:00:00+23:59",
    b"2026-02-30",
    b"9999-12-31",
    b"0001-01-01",
    b"null",
    b"true",
    b"&a",
    b"*a",
    b"!!x",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"&b;",
    b"\xe2\x80\xae",
    b"\xf0\x9f\x92\xa9",
    b"\xc2\x85",
    b"{",
    b"}",
    b"[",
    b"]",
)
_NUMBER = re.compile(rb"\d+")

Change = Callable[[bytes, Random], bytes]


def spoiled(data: bytes, chance: Random) -> bytes:
    """`data` with one to a handful of changes anywhere."""
    for _ in range(1 + min(int(chance.expovariate(0.9)), 8)):
        data = chance.choice(CHANGES)(data, chance)
    return data[:LONGEST]


def spliced(data: bytes, other: bytes, chance: Random) -> bytes:
    """The beginning of one and the end of another."""
    cut, resume = chance.randint(0, len(data)), chance.randint(0, len(other))
    return (data[:cut] + other[resume:])[:LONGEST]


def _span(data: bytes, chance: Random, most: int = 64) -> tuple[int, int]:
    first = chance.randint(0, len(data))
    return first, min(len(data), first + chance.randint(1, most))


def flip(data: bytes, chance: Random) -> bytes:
    """One bit."""
    if not data:
        return data
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


def overwrite(data: bytes, chance: Random) -> bytes:
    """A few bytes by others."""
    first, last = _span(data, chance, 8)
    return data[:first] + chance.randbytes(last - first) + data[last:]


def drop(data: bytes, chance: Random) -> bytes:
    """A piece left out."""
    first, last = _span(data, chance, max(4, len(data) // 8))
    return data[:first] + data[last:]


def twice(data: bytes, chance: Random) -> bytes:
    """A piece said twice, or a hundred times."""
    first, last = _span(data, chance)
    return data[:last] + data[first:last] * chance.choice((1, 1, 2, 100)) + data[last:]


def magic(data: bytes, chance: Random) -> bytes:
    """Something put in that readers stumble over."""
    first, last = _span(data, chance, 12)
    return data[:first] + chance.choice(MAGIC) + data[last if chance.random() < 0.5 else first :]


def number(data: bytes, chance: Random) -> bytes:
    """One number by another."""
    found = list(_NUMBER.finditer(data[: 1 << 16]))
    if not found:
        return flip(data, chance)
    one = chance.choice(found)
    value = chance.choice(
        (b"0", b"1", b"-1", b"65536", b"2147483648", b"9" * 20, b"9" * 5000, b"1.5", b"1e309")
    )
    return data[: one.start()] + value + data[one.end() :]


def cut(data: bytes, chance: Random) -> bytes:
    """The end left out."""
    return data[: chance.randint(0, len(data))]


def swap(data: bytes, chance: Random) -> bytes:
    """Two pieces change places."""
    one, other = sorted((_span(data, chance), _span(data, chance)))
    if one[1] > other[0]:
        return drop(data, chance)
    left, right = data[one[0] : one[1]], data[other[0] : other[1]]
    return data[: one[0]] + right + data[one[1] : other[0]] + left + data[other[1] :]


def nest(data: bytes, chance: Random) -> bytes:
    """A nest that goes on and on."""
    opened = chance.choice((b"[", b'{"a":', b"(", b"<a>", b"- ", b"{a: ", b"\x30\x80", b"<<"))
    place = chance.randint(0, len(data))
    return data[:place] + opened * chance.choice((40, 1200, 20_000)) + data[place:]


CHANGES: Sequence[Change] = (
    flip,
    flip,
    overwrite,
    overwrite,
    drop,
    drop,
    twice,
    magic,
    magic,
    number,
    number,
    cut,
    swap,
    nest,
)
