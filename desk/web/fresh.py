"""Has somebody shown just now who they are? Asked before a way in, a token or an invitation is made.

Who finds a screen open must not be able to make a way in of it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fastapi import Request
from fastapi.responses import Response

from desk.web.frame import SIGN_IN, Visitor, onward

JUST_NOW = timedelta(minutes=10)
STILL = timedelta(minutes=20)
"""A form that was opened JUST_NOW may be filled for as long again."""


def to_open(visitor: Visitor) -> bool:
    """May the form be shown?"""
    return _since(visitor, JUST_NOW)


def to_send(visitor: Visitor) -> bool:
    """May the form be taken?"""
    return _since(visitor, STILL)


def again(request: Request) -> Response:
    """To the sign-in, and back to the form."""
    return onward(SIGN_IN, again="1", back=request.url.path)


def _since(visitor: Visitor, age: timedelta) -> bool:
    return visitor.session is not None and datetime.now(UTC) - visitor.session.made < age
