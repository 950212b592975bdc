"""How does a notice get to another program of the office, and how does that know it is ours?

POST of canonical JSON (RFC 8785). `Rogatory-Signature` is a detached compact JWS (RFC 7515, appendix F) by
the house's signing key: put the base64url of the body between its two points and verify. `Idempotency-Key` is
the id of the notice: the same again is the same notice.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx

from letters.carriers.http import HERE
from letters.notices import hook_of
from letters.seal import SigningKey, sign
from schemas.errors import BadInput, Unavailable
from schemas.work import NotifyWork

SIGNATURE = "Rogatory-Signature"
PATIENCE = httpx.Timeout(8.0, connect=4.0)
LATER = frozenset({408, 425, 429})
"""Refusals that pass; with every 5xx."""


def detached(jws: str) -> str:
    """The compact JWS without its payload."""
    header, _, signature = jws.split(".")
    return f"{header}..{signature}"


def webhook(url: str, key: SigningKey) -> Webhook | None:
    """The webhook at `url`, None if that is empty. Raises BadInput unless it is one of http(s)."""
    if not url:
        return None
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL()
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise BadInput("This is no address.", where="webhook_url", next_step="write https://...")
    return Webhook(url, key)


class Webhook:
    """Posts notices to one address. Safe to use from many threads; close it at the end."""

    def __init__(self, url: str, key: SigningKey) -> None:
        self._url = url
        self._key = key
        self._client = httpx.Client(timeout=PATIENCE, follow_redirects=False, mounts=dict.fromkeys(HERE))

    def post(self, work: NotifyWork) -> bool:
        """Was the notice taken? False: refused for good. Raises Unavailable if it may be tried again.

        Errors do not repeat the address: such addresses often carry a secret.
        """
        body = hook_of(work, self._key.house)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": work.notice,
            SIGNATURE: detached(sign(body, self._key)),
        }
        try:
            status = self._client.post(self._url, content=body, headers=headers).status_code
        except (httpx.HTTPError, OSError) as error:
            raise _later(f"does not answer ({type(error).__name__})") from None
        if status in LATER or status >= 500:
            raise _later(f"answered {status}")
        return 200 <= status < 300

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _later(what: str) -> Unavailable:
    return Unavailable(
        f"The webhook {what}.",
        where="webhook_url",
        next_step="nothing: it is tried again; if it lasts, look at the program behind it",
        code="webhook-not-taken",
    )
