"""When was this signed, by a clock that is not ours? Time stamps by RFC 3161, asked for and read.

One request per seal, over HTTP, to the authority in the settings and nowhere else. What comes back is
compared with what was asked before it is used: another digest, another nonce or no answer is a refusal.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from asn1crypto import cms, tsp
from pyhanko.sign.timestamps import TimeStamper

from letters.reasons import shown
from schemas.errors import EnvelopeRefused, RogatoryError, Unavailable

SECONDS = 20.0
"""How long an authority may take. Sealing waits for it, so it is short."""

LARGEST = 256 * 1024
"""Bytes of an answer: a token with its certificates takes a few thousand."""

REQUEST, REPLY = "application/timestamp-query", "application/timestamp-reply"


class StampRefused(RogatoryError):
    """The authority answered, but not with a stamp for what was asked."""

    code = "stamp-refused"
    status = 502


class HttpStamper(TimeStamper):
    """Asks the authority at `url`. `client`: how; by default one of its own per request."""

    def __init__(self, url: str, client: httpx.Client | None = None) -> None:
        TimeStamper.__init__(self)
        self.url = url
        self._client = client

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The answer to `req`, checked against it. Raises Unavailable, StampRefused."""
        content = self._asked(req.dump())
        try:
            answer = tsp.TimeStampResp.load(content, strict=True)
            check_answer(answer, req, self.url)
        except RogatoryError:
            raise
        except Exception as error:
            # The reader of this format raises whatever it stumbles over; the bytes are a stranger's.
            raise self._refused(
                f"no time stamp can be read in the answer ({type(error).__name__})"
            ) from error
        return answer

    def _asked(self, query: bytes) -> bytes:
        try:
            with (
                _client(self._client) as client,
                client.stream(
                    "POST", self.url, content=query, headers={"content-type": REQUEST, "accept": REPLY}
                ) as reply,
            ):
                if reply.status_code >= 500 or reply.status_code == 429:
                    raise _unavailable(self.url, f"status {reply.status_code}")
                if reply.status_code != 200:
                    raise self._refused(f"status {reply.status_code}")
                found = reply.headers.get("content-type", "").split(";")[0].strip().lower()
                if found != REPLY:
                    raise self._refused(f"{shown(found) or 'no type'} instead of {REPLY}")
                return self._whole(reply)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _unavailable(self.url, type(error).__name__) from error

    def _whole(self, reply: httpx.Response) -> bytes:
        content = b""
        for piece in reply.iter_bytes():
            content += piece
            if len(content) > LARGEST:
                raise self._refused(f"more than {LARGEST} bytes")
        return content

    def _refused(self, found: str) -> StampRefused:
        return _refused(self.url, found)


def _client(given: httpx.Client | None) -> AbstractContextManager[httpx.Client]:
    # A redirect would tell another machine what we seal; proxies of the environment are the operator's.
    if given is None:
        return httpx.Client(timeout=SECONDS, follow_redirects=False)
    return nullcontext(given)


def _refused(url: str, found: str) -> StampRefused:
    return StampRefused(
        f"The time-stamping authority gave no stamp: {found}.",
        where=url,
        next_step="ask its operator, or name another authority in the setting tsa_url",
    )


def _unavailable(url: str, found: str) -> Unavailable:
    return Unavailable(
        f"The time-stamping authority does not answer ({found}).",
        where=url,
        next_step="try again; nothing was sealed",
        code="stamper-unavailable",
    )


def check_answer(answer: tsp.TimeStampResp, asked: tsp.TimeStampReq, url: str) -> None:
    """Is `answer` a stamp over just what was asked? Raises StampRefused."""
    status = answer["status"]["status"].native
    if status not in ("granted", "granted_with_mods"):
        why = "; ".join(answer["status"]["status_string"].native or []) or "no reason given"
        raise _refused(url, f"{status}: {shown(why)}")
    info = answer["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
    wanted = asked["message_imprint"]
    if info["message_imprint"]["hashed_message"].native != wanted["hashed_message"].native:
        raise _refused(url, "it stamped something else")
    if info["nonce"].native != asked["nonce"].native:
        raise _refused(url, "it answers another request (nonce)")


_NO_PARAMETERS = (b"", b"\x05\x00")
"""Left out, or NULL: both are usual for a digest."""


@dataclass(frozen=True, slots=True)
class Token:
    """A time stamp as it lies in a signature, not believed yet. `at`: what the authority says, UTC."""

    at: datetime
    authority: str
    signed: cms.SignedData


def token_in(unsigned: cms.CMSAttributes) -> Token | None:
    """The time stamp among the unsigned attributes of a signature. Raises EnvelopeRefused if it is broken."""
    values = [
        attribute["values"]
        for attribute in unsigned
        if attribute["type"].native == "signature_time_stamp_token"
    ]
    if not values:
        return None
    if len(values) > 1 or len(values[0]) != 1:
        raise EnvelopeRefused("More than one time stamp lies in the signature.", code="malformed")
    signed = values[0][0]["content"]
    info = signed["encap_content_info"]["content"].parsed
    return Token(info["gen_time"].native.astimezone(UTC), _authority(signed), signed)


def announces(signed: cms.SignedData, digest: str) -> bool:
    """Does the signed package say of itself what is so: at its head and at its signer the digest that the
    signature uses, and no other, and the versions that follow from what it holds (RFC 5652, 5.1 and 5.3)?
    Nothing of this is signed, and most readers do not look there; then a changed byte would pass."""
    [signer] = signed["signer_infos"]
    by_key = signer["sid"].name == "subject_key_identifier"
    plain = signed["encap_content_info"]["content_type"].native == "data"
    versions = (signed["version"].native, signer["version"].native)
    algorithms = [*signed["digest_algorithms"], signer["digest_algorithm"]]
    return (
        versions == ("v1" if plain and not by_key else "v3", "v3" if by_key else "v1")
        and [each["algorithm"].native for each in algorithms] == [digest, digest]
        and all(each["parameters"].dump() in _NO_PARAMETERS for each in algorithms)
    )


def _authority(signed: cms.SignedData) -> str:
    """Who says to have stamped, for people: the subject of the certificate that may stamp."""
    for choice in signed["certificates"] or ():
        found = choice.chosen
        usage = found.extended_key_usage_value
        if usage is not None and "time_stamping" in usage.native:
            return shown(found.subject.human_friendly)
    return "an authority that sent no certificate"
