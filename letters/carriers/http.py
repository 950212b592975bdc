"""How does a parcel travel by HTTP, and what do the answers of the net mean for us?

POST {url}/exchange with the parcel as JSON; the answer's body is the receipt as JWS (`application/jose`),
whatever the status. All but a signed answer may be tried again, because the receiver deduplicates by message
id (`letters.carriers.outcomes`).
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx

from letters.carriers.outcomes import check_status
from letters.trust import TrustedHouse
from schemas.errors import Unavailable
from schemas.messages import Parcel

JOSE = "application/jose"
RECEIPT_LIMIT = 256 * 1024
TIMEOUT = httpx.Timeout(30.0, connect=5.0)
HERE = ("all://127.0.0.1", "all://localhost", "all://[::1]")
"""Houses on this machine are reached without the proxy that the environment may name."""

TRIED_AGAIN = "nothing: the message is tried again; if it lasts, check the address in the trust list"


class HttpCarrier:
    """Carrier over HTTP(S). One pool of connections; close it at the end. Safe to use from many threads."""

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        self._client = httpx.Client(
            timeout=TIMEOUT, follow_redirects=False, transport=transport, mounts=dict.fromkeys(HERE)
        )

    def send(self, recipient: TrustedHouse, parcel: Parcel) -> str:
        """See `letters.carriers.Carrier`."""
        address = f"{recipient.url}/exchange"
        try:
            with self._client.stream(
                "POST",
                address,
                content=parcel.model_dump_json(),
                headers={"Content-Type": "application/json", "Accept": JOSE},
            ) as answer:
                content = _read(answer)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            raise Unavailable(
                f"House {recipient.id} does not answer ({type(error).__name__}).",
                where=address,
                next_step=TRIED_AGAIN,
            ) from error
        return _receipt(answer, content, recipient, address)

    def collect(self) -> list[Parcel]:
        """Others post to our own /exchange: nothing waits elsewhere."""
        return []

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _read(answer: httpx.Response) -> bytes:
    content = b""
    for piece in answer.iter_bytes():
        content += piece
        if len(content) > RECEIPT_LIMIT:
            break
    return content


def _receipt(answer: httpx.Response, content: bytes, recipient: TrustedHouse, address: str) -> str:
    kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == JOSE and len(content) <= RECEIPT_LIMIT and content.isascii():
        return content.decode("ascii").strip()
    check_status(answer.status_code, answer.headers, f"House {recipient.id}", address, TRIED_AGAIN)
    raise Unavailable(
        f"House {recipient.id} answered {answer.status_code} without a receipt.",
        where=address,
        next_step=TRIED_AGAIN,
    )
