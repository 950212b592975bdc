"""How does a program talk to a house over its HTTP API? Sends once; problems become our errors."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from schemas.errors import BadInput, Conflict, NotAllowed, NotFound, RogatoryError, Unavailable, WrongMove

BACKOFF = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds between tries while a house does not answer; the last one repeats."""

BY_STATUS: dict[int, type[RogatoryError]] = {
    400: BadInput,
    401: NotAllowed,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    413: BadInput,
    415: BadInput,
    422: BadInput,
    428: BadInput,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}


def error_of(response: httpx.Response) -> RogatoryError:
    """The error that a refusing answer (RFC 9457 problem, or anything else) stands for."""
    try:
        problem = response.json()
    except ValueError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    what = str(problem.get("what") or problem.get("detail") or problem.get("title") or response.reason_phrase)
    where = str(problem.get("where") or "")
    code = str(problem.get("code") or "") or None
    if "allowed" in problem:
        return WrongMove(what, allowed=problem["allowed"] or (), where=where, code=code)
    kind = BY_STATUS.get(response.status_code, RogatoryError)
    error = kind(what, where=where, next_step=_next(problem), code=code)
    error.status = response.status_code
    return error


def _next(problem: Mapping[str, Any]) -> str:
    told = str(problem.get("next") or "")
    faults = [
        " ".join([f"{fault.get('where')}:", *filter(None, (fault.get("what"), fault.get("next")))])
        for fault in problem.get("faults") or ()
    ]
    if len(faults) == 1:
        # Its place and what it is were said; what to do about it may not have been.
        return str(problem["faults"][0].get("next") or told)
    return "\n".join([told, *faults] if told else faults) if faults else told


def new_key() -> str:
    """A fresh idempotency key: sending twice under one key does the thing once."""
    return uuid.uuid4().hex


class House:
    """One house, spoken to by one actor. `patience`: seconds to keep trying while it does not answer.

    Every sending carries an idempotency key, so a second try after a lost answer repeats the answer and
    does nothing twice. Raises the errors of `schemas.errors`; Unavailable when patience ends.
    """

    def __init__(
        self,
        url: str,
        token: str = "",
        *,
        patience: float = 10.0,
        timeout: float = 60.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.patience = patience
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(
            base_url=self.url, headers=headers, timeout=timeout, transport=transport, trust_env=False
        )

    def __enter__(self) -> House:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, **query: Any) -> Any:
        """The JSON under `path`; query values that are None are left out."""
        return self._ask("GET", path, params=_given(query)).json()

    def read(self, path: str, **query: Any) -> bytes:
        """The bytes under `path`: a document, or an export."""
        return self._ask("GET", path, params=_given(query)).content

    def post(self, path: str, body: Any = None, *, key: str | None = None, **query: Any) -> Any:
        """Sends JSON once under `key` (a fresh one if not given) and returns the JSON of the answer."""
        headers = {"Idempotency-Key": key or new_key()}
        return self._ask("POST", path, json=body, headers=headers, params=_given(query)).json()

    def send(self, path: str, content: bytes, media: str, *, key: str | None = None, **query: Any) -> Any:
        """Sends bytes of media type `media` once under `key` and returns the JSON of the answer."""
        headers = {"Idempotency-Key": key or new_key(), "Content-Type": media}
        return self._ask("POST", path, content=content, headers=headers, params=_given(query)).json()

    def pour(
        self, path: str, parts: Iterator[bytes], size: int, headers: Mapping[str, str], **query: Any
    ) -> Any:
        """Sends `size` bytes as they come, once: what breaks is not tried again here. The JSON of the
        answer."""
        told = {"Content-Type": "application/octet-stream", "Content-Length": str(size), **headers}
        try:
            answer = self._http.post(path, content=parts, headers=told, params=_given(query), timeout=None)
        except httpx.TransportError as error:
            raise self._silent(error) from error
        if answer.is_error:
            raise error_of(answer)
        return answer.json()

    def pages(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Every item of a paged list, page after page."""
        cursor: str | None = None
        while True:
            page = self.get(path, **query, cursor=cursor)
            yield from page["items"]
            cursor = page.get("next")
            if not cursor:
                return

    def save(self, method: str, path: str, target: Path, body: Any = None) -> int:
        """Streams the answer of `path` into the new file `target` (only its owner may read it); its size.

        The file appears only when it is whole.
        """
        part = target.with_name(target.name + ".part")
        try:
            with self._stream(method, path, body) as answer, part.open("wb") as out:
                part.chmod(0o600)
                size = sum(out.write(piece) for piece in answer.iter_bytes())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return size

    @contextmanager
    def _stream(self, method: str, path: str, body: Any = None) -> Iterator[httpx.Response]:
        headers = {"Idempotency-Key": new_key()}
        try:
            with self._http.stream(method, path, json=body, headers=headers) as answer:
                if answer.is_error:
                    answer.read()
                    raise error_of(answer)
                yield answer
        except httpx.TransportError as error:
            raise self._silent(error) from error

    def _ask(self, method: str, path: str, **parts: Any) -> httpx.Response:
        end = time.monotonic() + self.patience
        tries = 0
        while True:
            error: RogatoryError
            try:
                answer = self._http.request(method, path, **parts)
            except httpx.TransportError as lost:
                error = self._silent(lost)
            else:
                if not answer.is_error:
                    return answer
                error = error_of(answer)
            pause = BACKOFF[min(tries, len(BACKOFF) - 1)]
            if not error.retry or time.monotonic() + pause > end:
                raise error
            tries += 1
            time.sleep(pause)

    def _silent(self, error: httpx.TransportError) -> Unavailable:
        return Unavailable(
            f"The house at {self.url} does not answer ({type(error).__name__}).",
            where=self.url,
            next_step="start it with `make run`, or name another one with --house",
        )


def _given(query: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if value is not None}
