"""A net that breaks, in every way that the library knows."""

from __future__ import annotations

import inspect

import httpx


def every_error() -> list[type[Exception]]:
    """Every exception of the library that a caller of its client may meet."""
    return [
        kind
        for _, kind in inspect.getmembers(httpx, inspect.isclass)
        if issubclass(kind, Exception) and not issubclass(kind, httpx.CookieConflict)
    ]


def broken_by(kind: type[Exception]) -> httpx.MockTransport:
    """A net on which every message ends with such an error."""

    def fail(request: httpx.Request) -> httpx.Response:
        made = kind.__new__(kind)
        Exception.__init__(made, "broken")
        raise made

    return httpx.MockTransport(fail)
