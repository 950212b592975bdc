"""Has every error one shape, and does none of them tell what it was working on?"""

from __future__ import annotations

import logging

import httpx
import pytest
from fastapi import Depends, FastAPI

from desk import problems
from desk.api.doors import GuardedRoute, OpenDoor
from desk.client import error_of
from schemas import errors
from schemas.errors import RogatoryError
from schemas.logs import keep_log
from tests.desk.conftest import MARK, Caller

REQUIRED = {"type", "title", "status", "detail", "code", "where", "next", "retry"}


def every_error() -> list[type[RogatoryError]]:
    found: list[type[RogatoryError]] = []
    todo: list[type[RogatoryError]] = [RogatoryError]
    while todo:
        kind = todo.pop()
        found.append(kind)
        todo += [each for each in kind.__subclasses__() if each not in todo]
    return [each for each in found if each.__module__ in (errors.__name__, problems.__name__)]


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: kind.__name__)
def test_every_error_has_the_same_shape(kind: type[RogatoryError]) -> None:
    error = kind.__new__(kind)
    RogatoryError.__init__(error, "What.", where="here", next_step="do this")
    told = problems.problem(error, "/x")
    assert set(told) >= REQUIRED
    assert told["type"] == f"urn:rogatory:problem:{kind.code}"
    assert problems._TITLES[kind.status]
    answer = problems.answer(error, "/x")
    assert answer.media_type == "application/problem+json"
    assert answer.status_code == kind.status
    assert ("retry-after" in answer.headers) == kind.retry


def test_our_own_client_reads_what_we_tell() -> None:
    error = errors.WrongMove("Not now.", allowed=["approve"], where="R-1")
    answer = problems.answer(error)
    read = error_of(httpx.Response(answer.status_code, content=bytes(answer.body)))
    assert (read.what, read.where, read.code) == ("Not now.", "R-1", "wrong-move")
    assert getattr(read, "allowed", None) == ["approve"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("DELETE", "/health", 405), ("GET", "/docs", 404), ("GET", "/redoc", 404)],
)
async def test_the_frameworks_own_errors_look_like_ours(
    call: Caller, method: str, path: str, status: int
) -> None:
    answer = await call(None, method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) >= REQUIRED


async def test_a_fault_nobody_foresaw_tells_no_name(caplog: pytest.LogCaptureFixture) -> None:
    app = FastAPI()
    problems.tell_problems(app)
    app.router.route_class = GuardedRoute

    @app.get("/broken", dependencies=[Depends(OpenDoor("a test"))])
    def broken() -> None:
        raise ValueError(MARK)

    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    with caplog.at_level(logging.DEBUG):
        async with httpx.AsyncClient(transport=transport, base_url="http://house") as http:
            answer = await http.get("/broken")
    assert answer.status_code == 500
    told = answer.json()
    assert told["code"] == "fault"
    assert told["where"] == "ValueError"
    assert MARK not in answer.text + caplog.text
    number = told["detail"].split()[-1].rstrip(".")
    assert number in caplog.text
    assert "test_problems.py" in caplog.text


def test_a_log_keeps_type_and_place_of_an_error_and_not_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    before = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        keep_log(logging.WARNING)
        try:
            raise ValueError(MARK) from KeyError(MARK)
        except ValueError:
            logging.getLogger("some.library").exception("It failed")
    finally:
        logging.getLogger().handlers[:] = before[0]
        logging.getLogger().setLevel(before[1])
    told = capsys.readouterr().err
    assert "It failed" in told
    assert "ValueError in test_a_log_keeps" in told
    assert MARK not in told
