"""Does a signed head cover what the ledger holds, without a signature for every entry?"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import rfc8785

from records import heads as module
from records.chain import first_root, next_root
from records.moments import now
from records.open import Records, open_records
from records.verify import open_head
from schemas.messages import Head
from tests.records.papers import HOUSE, Signer, filed, payload_of


def opened(jws: str, signer: Signer) -> Head:
    """The head, its signature checked."""
    head = open_head(jws, signer.keys)
    assert isinstance(head, Head)
    return head


class Clock:
    """The heads' clock, which only a test moves on."""

    def __init__(self) -> None:
        self.at = now()

    def __call__(self) -> datetime:
        return self.at

    def pass_time(self, seconds: float) -> None:
        """It goes forward, or back."""
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock in the place of the machine's."""
    made = Clock()
    monkeypatch.setattr(module, "now", made)
    return made


def test_a_head_chains_every_entry(records: Records, clock: Clock) -> None:
    signer, root, refs = Signer(), first_root(HOUSE), []
    assert opened(records.heads.current(signer.sign), signer).count == 0
    for moves in (2, 1):
        clock.pass_time(6)
        refs.append(filed(records, moves))
        for entry in records.ledger.entries(refs[-1]):
            root = next_root(root, entry.hash)
        head = opened(records.heads.current(signer.sign), signer)
        assert (head.house, head.root) == (HOUSE, f"sha256:{root}")
    assert head.count == 3
    assert len(records.heads.all()) == 3


def test_a_fresh_head_is_shown_again(records: Records, clock: Clock) -> None:
    signer = Signer()
    filed(records, 1)
    first = records.heads.current(signer.sign)
    filed(records, 1)
    assert records.heads.current(signer.sign) == first
    clock.pass_time(5)
    second = records.heads.current(signer.sign)
    assert opened(second, signer).count == 2
    # nothing was filed since: time alone makes no new head
    clock.pass_time(500)
    assert records.heads.current(signer.sign) == second


def test_a_clock_set_back_does_not_keep_an_old_head(records: Records, clock: Clock) -> None:
    signer = Signer()
    filed(records, 1)
    records.heads.current(signer.sign)
    filed(records, 1)
    clock.pass_time(-3600)
    assert opened(records.heads.current(signer.sign), signer).count == 2


def test_two_processes_agree_on_one_head_per_point(records: Records) -> None:
    filed(records, 1)
    other = open_records(records.settings)
    inner: list[str] = []
    signer = Signer()

    def slow(payload: bytes) -> str:
        inner.append(other.heads.current(signer.sign))
        return signer.sign(payload)

    try:
        assert records.heads.current(slow) == inner[0]
    finally:
        other.close()


def test_what_is_signed_is_canonical(records: Records) -> None:
    seen: list[bytes] = []

    def sign(payload: bytes) -> str:
        seen.append(payload)
        return Signer().sign(payload)

    content = payload_of(records.heads.current(sign))
    assert rfc8785.dumps(content) == seen[0]
    assert abs(Head(**content).at - now()) < timedelta(minutes=1)
