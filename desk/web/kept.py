"""What becomes of what a person typed when their session ended meanwhile? It is kept, sealed, for them alone,
and stands in the same form again once they have signed in."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from desk.api.doors import house_of

if TYPE_CHECKING:
    from desk.web.frame import Visitor

PARAMETER = "kept"
NEVER = frozenset({"password", "again", "secret", "credential"})
"""Fields that are not kept: what opens an account stands nowhere, not even sealed."""


async def keep(request: Request, account: str) -> str:
    """Keeps the text fields of the posted form for `account`: the word by which they are found."""
    from desk.web.frame import CSRF, form_of

    form = await form_of(request)
    typed: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str) and name != CSRF and name not in NEVER:
            typed.setdefault(name, []).append(value)
    records, token = house_of(request).records, secrets.token_urlsafe(24)
    content = json.dumps(typed).encode()
    await run_in_threadpool(records.kept_forms.keep, token, account, request.url.path, content)
    return token


def page_of(request: Request, token: str | None) -> str:
    """The page that shows the form again."""
    query = [pair for pair in parse_qsl(request.url.query) if pair[0] != PARAMETER]
    if token is not None:
        query.append((PARAMETER, token))
    return request.url.path + (f"?{urlencode(query)}" if query else "")


def again(request: Request, visitor: Visitor) -> dict[str, list[str]] | None:
    """What was kept for this visitor and this page, if the address names something."""
    token = request.query_params.get(PARAMETER)
    if not token or visitor.actor is None:
        return None
    content = visitor.house.records.kept_forms.take(token, visitor.actor.id, request.url.path)
    if content is None:
        return None
    found: dict[str, list[str]] = json.loads(content)
    return found
