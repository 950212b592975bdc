"""How are the pieces of an item brought from the other house over HTTP?

POST {url}/exchange/evidence asks, GET .../evidence/pieces with a byte range brings the encrypted pieces in
one stream, so that a broken one goes on where it broke. What is read is bounded by the signed answer, never
by what the other house happens to send, and nothing is decompressed on the way.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Full, Queue
from types import TracebackType
from typing import Any, Self

import httpx

from letters.carriers.http import HERE, JOSE
from letters.chunks import DIGEST, Piece, PieceRefused, Plan
from letters.trust import TrustedHouse
from schemas.errors import EnvelopeRefused, Unavailable

ANSWER_LIMIT = 256 * 1024
ENTRIES_LIMIT = 4 * 1024 * 1024
PATH = "/exchange/evidence"
TIMEOUT = httpx.Timeout(30.0, connect=5.0)


class EvidenceRoad:
    """The way to the other house's sealed items. Close it at the end."""

    def __init__(self, house: TrustedHouse, transport: httpx.BaseTransport | None = None) -> None:
        self._house = house
        self._client = httpx.Client(
            timeout=TIMEOUT,
            follow_redirects=False,
            transport=transport,
            mounts=dict.fromkeys(HERE),
            headers={"Accept-Encoding": "identity"},
        )

    def ask(self, jws: str) -> str:
        """The signed answer to a signed question. Raises EnvelopeRefused as the other house says,
        Unavailable."""
        with self._asked("POST", PATH, content=jws.encode(), headers={"Content-Type": JOSE}) as answer:
            return _ascii(_bounded(answer, ANSWER_LIMIT))

    def digests(self, ticket: str, ref: str, item: str, count: int) -> bytes:
        """The digests of all encrypted pieces, 32 bytes each. Raises as `ask`."""
        query = {"ref": ref, "item": item}
        with self._asked("GET", f"{PATH}/digests", params=query, headers=_with(ticket)) as answer:
            return _bounded(answer, count * DIGEST)

    def pieces(self, ticket: str, ref: str, item: str, plan: Plan, first: int) -> Iterator[Piece]:
        """The encrypted pieces from `first` on, each whole. Raises PieceRefused (`truncated`) where the other
        house ends before its time, Unavailable where the line breaks."""
        headers = {**_with(ticket), "Range": f"bytes={plan.offset(first)}-"}
        query = {"ref": ref, "item": item}
        with self._asked("GET", f"{PATH}/pieces", params=query, headers=headers) as answer:
            yield from cut(answer.iter_raw(), plan, first)

    def tell(self, entries: list[str], ticket: str = "") -> dict[str, Any]:
        """Tell the other house signed entries of a manifest; what it answers. Raises as `ask`."""
        body = {"entries": entries}
        with self._asked("POST", f"{PATH}/custody", json=body, headers=_with(ticket)) as answer:
            return _object(answer)

    def entries(self, ticket: str, ref: str, item: str) -> list[str]:
        """The other house's manifest of the item: signed entries, not checked yet. Raises as `ask`."""
        query = {"ref": ref, "item": item}
        with self._asked("GET", f"{PATH}/custody", params=query, headers=_with(ticket)) as answer:
            told = _object(answer).get("entries")
        if not isinstance(told, list) or not all(isinstance(each, str) for each in told):
            raise _unreadable()
        return told

    def close(self) -> None:
        """Give the connection back."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _asked(self, method: str, path: str, **parts: Any) -> Iterator[httpx.Response]:
        address = f"{self._house.url}{path}"
        try:
            with self._client.stream(method, address, **parts) as answer:
                if answer.status_code >= 300:
                    raise self._refusal(answer, address)
                if answer.headers.get("content-encoding", "identity") != "identity":
                    # What is compressed may be a thousand times larger than it says.
                    raise EnvelopeRefused(
                        "The other house compresses what it sends.",
                        where=address,
                        next_step="its operator turns that off between the two houses",
                        code="compressed",
                    )
                yield answer
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            raise Unavailable(
                f"House {self._house.id} does not answer ({type(error).__name__}).",
                where=address,
                next_step="fetch the item again: what came is kept",
            ) from error

    def _refusal(self, answer: httpx.Response, address: str) -> EnvelopeRefused | Unavailable:
        try:
            told = _object(answer)
        except EnvelopeRefused:
            told = {}
        code = str(told.get("code", ""))[:80]
        if answer.status_code >= 500 or not code:
            return Unavailable(
                f"House {self._house.id} answered {answer.status_code}.",
                where=address,
                next_step="fetch the item again later",
            )
        return EnvelopeRefused(
            f"House {self._house.id} refuses ({code}).",
            where=address,
            next_step="ask the other house; its ledger holds the refusal",
            code=code if code.replace("-", "").isalnum() else "refused",
        )


def ahead(pieces: Iterator[Piece], depth: int = 2) -> Iterator[Piece]:
    """The same pieces, read in another thread at most `depth` ahead: the next one comes while one is
    opened."""
    waiting: Queue[Piece | BaseException | None] = Queue(depth)
    left = threading.Event()

    def put(what: Piece | BaseException | None) -> bool:
        while not left.is_set():
            with suppress(Full):
                waiting.put(what, timeout=0.2)
                return True
        return False

    def read() -> None:
        try:
            for piece in pieces:
                if not put(piece):
                    return
            put(None)
        except BaseException as error:
            put(error)

    threading.Thread(target=read, daemon=True).start()
    try:
        while (piece := waiting.get()) is not None:
            if isinstance(piece, BaseException):
                raise piece
            yield piece
    finally:
        left.set()


def cut(parts: Iterator[bytes], plan: Plan, first: int) -> Iterator[Piece]:
    """Whole pieces out of what comes from the net. No piece is copied twice: a gigabyte is many of them."""
    number, filled = first, 0
    piece = bytearray(plan.sealed(number))
    for part in parts:
        rest = memoryview(part)
        while len(rest):
            if number == plan.count:
                raise PieceRefused("surplus", "More came than the signed answer says.", number - 1)
            taken = min(len(rest), len(piece) - filled)
            piece[filled : filled + taken] = rest[:taken]
            filled, rest = filled + taken, rest[taken:]
            if filled == len(piece):
                yield piece
                number, filled = number + 1, 0
                piece = bytearray(plan.sealed(number) if number < plan.count else 0)
    if number < plan.count:
        raise PieceRefused("truncated", f"{plan.count - number} pieces did not come.", number)


def _with(ticket: str) -> dict[str, str]:
    return {"Authorization": f"Ticket {ticket}"} if ticket else {}


def _bounded(answer: httpx.Response, most: int) -> bytes:
    content = bytearray()
    for part in answer.iter_raw(64 * 1024):
        content += part
        if len(content) > most:
            raise EnvelopeRefused(
                f"The other house sends more than {most} bytes here.",
                next_step="ask the other house; nothing of it was kept",
                code="over-limit",
            )
    return bytes(content)


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = json.loads(_bounded(answer, ENTRIES_LIMIT))
    except (ValueError, RecursionError) as error:
        raise _unreadable() from error
    if not isinstance(told, dict):
        raise _unreadable()
    return told


def _ascii(content: bytes) -> str:
    if not content.isascii():
        raise _unreadable()
    return content.decode("ascii").strip()


def _unreadable() -> EnvelopeRefused:
    return EnvelopeRefused(
        "The answer of the other house cannot be read.", next_step="ask the other house", code="malformed"
    )
