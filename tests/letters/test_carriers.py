"""Does the HTTP carrier bring parcels over a real net, and sort every answer of it?"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from letters.carriers import Carrier
from letters.carriers.http import RECEIPT_LIMIT, HttpCarrier
from schemas.errors import EnvelopeRefused, RogatoryError, Unavailable
from schemas.messages import Parcel
from tests.letters.broken_net import broken_by, every_error
from tests.letters.correspondents import US

PARCEL = Parcel(envelope="a.b.c", documents={"sha256:" + "0" * 64: "QQ=="})


class Door(BaseHTTPRequestHandler):
    """Another house's /exchange, with the answer set on the server."""

    answer = (200, "application/jose", b"r.e.c")
    got: list[tuple[str, bytes]]

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.got.append((self.path, self.rfile.read(length)))
        status, kind, content = self.answer
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the screen."""


@contextmanager
def served(answer: tuple[int, str, bytes]) -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    class Answering(Door):
        pass

    Answering.answer, Answering.got = answer, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", Answering.got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def send(url: str) -> str:
    with HttpCarrier() as carrier:
        typed: Carrier = carrier
        assert typed.collect() == []
        answer = typed.send(US.model_copy(update={"url": url}), PARCEL)
    assert answer is not None, "over HTTP the receipt comes at once"
    return answer


@pytest.mark.parametrize("status", [200, 400, 409, 413, 500])
def test_a_signed_answer_counts_whatever_the_status(status: int) -> None:
    with served((status, "application/jose; charset=utf-8", b"r.e.c\n")) as (url, got):
        assert send(url) == "r.e.c"
    assert [path for path, _ in got] == ["/exchange"]
    assert json.loads(got[0][1]) == PARCEL.model_dump()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((503, "application/problem+json", b"{}"), Unavailable),
        ((500, "text/html", b"oops"), Unavailable),
        ((404, "text/html", b"who?"), Unavailable),
        ((401, "application/json", b"{}"), Unavailable),
        ((307, "text/html", b""), Unavailable),
        ((200, "text/html", b"<html>welcome to the hotel net"), Unavailable),
        ((200, "application/jose", b"x" * (RECEIPT_LIMIT + 1)), Unavailable),
        ((200, "application/jose", "r.\u00e9.c".encode()), Unavailable),
        ((413, "text/html", b"too much"), EnvelopeRefused),
    ],
)
def test_an_unsigned_answer_is_no_answer(answer: tuple[int, str, bytes], error: type[RogatoryError]) -> None:
    with served(answer) as (url, got), pytest.raises(error) as caught:
        send(url)
    assert len(got) == 1
    assert url in caught.value.where
    assert caught.value.next_step


def test_a_house_on_this_machine_is_reached_past_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    with served((200, "application/jose", b"r.e.c")) as (url, _):
        assert send(url) == "r.e.c"
    with pytest.raises(Unavailable):
        send("http://192.0.2.1")


def test_a_house_that_is_not_there_may_be_tried_again() -> None:
    with served((200, "application/jose", b"r.e.c")) as (url, _):
        pass
    with pytest.raises(Unavailable) as caught:
        send(url)
    assert caught.value.retry


@pytest.mark.parametrize("kind", every_error())
def test_every_error_of_the_net_is_sorted(kind: type[Exception]) -> None:
    with HttpCarrier(transport=broken_by(kind)) as carrier, pytest.raises(Unavailable):
        carrier.send(US, PARCEL)
