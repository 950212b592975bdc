"""Does the client send once, keep trying only where that helps, and tell problems as they are?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from desk import client
from desk.client import House
from schemas.errors import BadInput, NotAllowed, NotFound, RogatoryError, Unavailable, WrongMove

Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "BACKOFF", (0.001,))


def house(handler: Handler, patience: float = 5.0) -> House:
    return House("http://house.example", "t", patience=patience, transport=httpx.MockTransport(handler))


def problem(status: int, **told: Any) -> httpx.Response:
    return httpx.Response(status, json={"title": "?", "status": status, **told})


def test_a_lost_answer_is_asked_for_again_under_the_same_key() -> None:
    keys: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        if len(keys) == 1:
            raise httpx.ReadError("cut")
        if len(keys) == 2:
            return problem(503, code="unavailable", detail="not now")
        return httpx.Response(200, json={"move": 1})

    with house(handler) as door:
        assert door.post("/cases/R/moves", {"event": "send"}) == {"move": 1}
    assert len(keys) == 3
    assert len(set(keys)) == 1


def test_two_sendings_have_two_keys() -> None:
    keys: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        return httpx.Response(200, json={})

    with house(handler) as door:
        door.post("/a")
        door.post("/a")
    assert len(set(keys)) == 2


def test_patience_ends() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with house(handler, patience=0.05) as door, pytest.raises(Unavailable) as told:
        door.get("/health")
    assert told.value.where == "http://house.example"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, NotAllowed),
        (403, NotAllowed),
        (404, NotFound),
        (422, BadInput),
        (428, BadInput),
        (500, RogatoryError),
    ],
)
def test_a_refusal_is_told_at_once_and_as_it_is(status: int, kind: type[RogatoryError]) -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return problem(status, code="some-code", detail="What.", where="there", next="do this")

    with house(handler) as door, pytest.raises(kind) as told:
        door.get("/x")
    assert (told.value.what, told.value.where, told.value.next_step) == ("What.", "there", "do this")
    assert told.value.code == "some-code"
    assert asked == ["/x"]


def test_a_wrong_move_keeps_the_moves_allowed() -> None:
    refusal = problem(409, code="wrong-move", detail="Not now.", allowed=["close", "answer"])
    with house(lambda _: refusal) as door, pytest.raises(WrongMove) as told:
        door.post("/cases/R/moves", {})
    assert told.value.allowed == ["answer", "close"]


def test_every_fault_of_a_body_is_told() -> None:
    faults = [{"where": "a", "what": "is missing"}, {"where": "b", "what": "is too long"}]
    refusal = problem(422, detail="Wrong.", faults=faults)
    with house(lambda _: refusal) as door, pytest.raises(BadInput) as told:
        door.post("/cases", {})
    assert told.value.next_step == "a: is missing\nb: is too long"


def test_an_answer_that_is_no_problem_is_still_an_error() -> None:
    with house(lambda _: httpx.Response(500, text="<html>")) as door, pytest.raises(RogatoryError):
        door.get("/x")


def test_pages_follow_the_cursor() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        second = request.url.params.get("cursor") == "c"
        assert request.url.params["state"] == "US"
        rows = [{"ref": "B" if second else "A"}]
        return httpx.Response(200, json={"items": rows, "next": None if second else "c"})

    with house(handler) as door:
        assert [row["ref"] for row in door.pages("/cases", state="US", side=None)] == ["A", "B"]


def test_a_saved_file_is_whole_and_private(tmp_path: Path) -> None:
    target = tmp_path / "ledger.jsonl"
    with house(lambda _: httpx.Response(200, content=b"line\n")) as door:
        assert door.save("GET", "/ledger/export", target) == 5
    assert target.read_bytes() == b"line\n"
    assert target.stat().st_mode & 0o077 == 0


def test_a_refused_file_leaves_nothing(tmp_path: Path) -> None:
    with house(lambda _: problem(404, detail="No.")) as door, pytest.raises(NotFound):
        door.save("GET", "/x", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
