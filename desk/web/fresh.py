"""Has somebody shown just now who they are? Asked before a way in, a token or an invitation is made.

Who finds a screen open must not be able to make a way in of it. Nor by way of the provider: it lets in
whoever sits there without a question, so it counts only if it was told to ask anew.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fastapi import Request
from fastapi.responses import Response

from desk.entrance import OIDC
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
    session = visitor.session
    if session is None or session.means == OIDC:
        return False
    return datetime.now(UTC) - session.made < age
