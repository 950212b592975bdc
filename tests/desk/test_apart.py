"""Is long work done once, apart, and its result kept until the next is there?"""

from __future__ import annotations

import threading
from datetime import timedelta

from desk.apart import MOST_KEPT, Apart, Piece
from schemas.errors import BadInput
from tests.patience import until

LONG = timedelta(hours=1)


def ended(apart: Apart, name: str) -> Piece:
    """The work of this name, once it is over."""
    until(lambda: apart.last(name) is not None and apart.running(name) is None, f"the end of {name}")
    last = apart.last(name)
    assert last is not None
    return last


def test_who_asks_meanwhile_waits_for_the_same_work() -> None:
    apart, go, done = Apart(), threading.Event(), []

    def work() -> int:
        go.wait(5)
        done.append(1)
        return 7

    first = apart.fresh("x", work, LONG)
    assert first.running
    assert apart.fresh("x", work, LONG) is first
    go.set()
    assert ended(apart, "x").value == 7
    assert apart.fresh("x", work, LONG).value == 7
    assert done == [1]


def test_a_patient_caller_gets_the_first_result_at_once() -> None:
    assert Apart().fresh("x", lambda: 3, LONG, wait=5).value == 3


def test_the_old_result_is_given_while_the_new_one_is_made() -> None:
    apart, go = Apart(), threading.Event()
    apart.begin("x", lambda: "old")
    ended(apart, "x")

    def work() -> str:
        go.wait(5)
        return "new"

    assert apart.fresh("x", work, timedelta(0), wait=1).value == "old"
    go.set()
    assert ended(apart, "x").value == "new"


def test_what_goes_wrong_is_told_without_its_content() -> None:
    apart = Apart()

    def refuse() -> None:
        raise BadInput("It is not so.")

    def fail() -> None:
        raise RuntimeError("Xenia Invented")

    apart.begin("refused", refuse)
    apart.begin("failed", fail)
    refused, failed = ended(apart, "refused"), ended(apart, "failed")
    assert refused.error is not None
    assert not refused.done
    assert failed.failed
    assert "Xenia" not in repr(failed)


def test_no_more_is_kept_than_there_is_room_for() -> None:
    apart = Apart()
    for number in range(MOST_KEPT + 3):
        apart.begin(str(number), lambda: None)
        ended(apart, str(number))
    assert apart.last("0") is None
    assert apart.last(str(MOST_KEPT + 2)) is not None
