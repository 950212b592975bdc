"""What becomes of what a person typed when their session ended meanwhile? It is kept, sealed, for them alone,
and stands in the same form again once they have signed in."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from records.kept_forms import KeptForms

PARAMETER = "kept"
NEVER = frozenset({"password", "again", "secret", "credential", "guarded", "let-go"})
"""Fields that are not kept: what opens an account stands nowhere, not even sealed, and the names guarded in a
case under its own key only."""


def keep(forms: KeptForms, account: str, path: str, typed: Mapping[str, list[str]]) -> str:
    """Keeps the texts of a form that was posted to `path` for `account`: the word by which they are found."""
    token = secrets.token_urlsafe(24)
    content = {name: texts for name, texts in typed.items() if name not in NEVER}
    forms.keep(token, account, path, json.dumps(content).encode())
    return token


def page_of(path: str, query: str, token: str | None) -> str:
    """The address that shows the form again."""
    pairs = [pair for pair in parse_qsl(query) if pair[0] != PARAMETER]
    if token is not None:
        pairs.append((PARAMETER, token))
    return path + (f"?{urlencode(pairs)}" if pairs else "")


def again(forms: KeptForms, account: str, path: str, token: str) -> dict[str, list[str]] | None:
    """What was kept under this word for this account and this page."""
    content = forms.take(token, account, path)
    if content is None:
        return None
    found: dict[str, list[str]] = json.loads(content)
    return found
