"""How does a message travel to a provider and how does its word come back, and what do the answers mean?

POST {url} with one HI1 message as JSON; the answer's body is the provider's HI1 message, whatever the status.
Words are not pushed to us: we LIST what a provider holds for us and GET what changed. Errors are sorted here,
once: an answer to exactly our transaction counts; everything else may be tried again under the same
identifiers, which the provider knows again.
"""

from __future__ import annotations

import logging
import ssl
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

import httpx

from letters.carriers.http import HERE, TIMEOUT
from letters.carriers.outcomes import PROVIDER, check_status
from letters.providers import Provider, ProviderBook
from letters.ts103120.answers import Answered, answered, heard
from letters.ts103120.check import LARGEST, MALFORMED
from letters.ts103120.dictionaries import ETSI
from letters.ts103120.fields import entry
from letters.ts103120.message import Get, Listed, Listing, Message, Request, WithObject, asking
from letters.ts103120.objects import AnyObject, Delivery, Notification
from letters.ts103120.ours import identifier
from letters.ts103120.reading import Heard, ProviderWord, Seen, Unread, seen, words
from schemas.errors import RogatoryError, Throttled, Unavailable

JSON = "application/json"
TRIED_AGAIN = "nothing: it is tried again; if it lasts, check the address book and ask the provider"
QUICK = httpx.Timeout(10.0, connect=5.0)
"""For asking what is new: a house that is told to stop waits no longer than this for a silent provider."""
PATIENCE = 45.0
"""Seconds for one whole answer, however slowly it drips."""
BETWEEN = 30.0
"""Seconds before a provider is asked again what is new; the emulator may be asked at any time."""
AT_ONCE = 20
"""Objects asked for in one message; a delivery comes alone, since it may be large."""
MOST_A_ROUND = 500
MOST_OBJECTS = 20_000
"""Objects of one provider that we follow; more than that is no answer to our requests."""

_log = logging.getLogger(__name__)


class ProviderCarrier:
    """Carrier to and from the providers of a book, over HTTP(S). Close it at the end.

    Sending is safe from many threads. What was collected is remembered only as long as the process: after a
    new start everything is asked for again, and the receiver knows what it has.
    """

    def __init__(self, book: ProviderBook, house: str, transport: httpx.BaseTransport | None = None) -> None:
        self.book = book
        self._house = house
        self._transport = transport
        self._clients: dict[Provider, httpx.Client] = {}
        self._opening = threading.Lock()
        self._held: dict[str, dict[str, Seen]] = {}
        self._broken: dict[str, dict[str, Unread]] = {}
        self._given_up: dict[str, dict[str, int]] = {}
        self._since: dict[str, datetime] = {}
        self._not_before: dict[str, float] = {}
        self._troubles: dict[str, str] = {}

    # --- sending --------------------------------------------------------------------------------------

    def send(self, recipient: Provider, parcel: Message) -> str:
        """See `letters.carriers.Carrier`. The receipt is the answer to exactly this transaction."""
        content, _ = self._asked(recipient, parcel, TIMEOUT)
        return content.decode("utf-8")

    def outcome(self, recipient: Provider, parcel: Message, receipt: str) -> Answered:
        """What a receipt of `send` says. Objects that were refused and are there all the same, as we made
        them, came with an earlier attempt: that is a success."""
        found = answered(parcel, heard(receipt.encode("utf-8"), parcel, recipient))
        if found.delivered or not found.undone or not self._there(recipient, parcel, found.undone):
            return found
        return Answered(True, found.provider_ref)

    def _there(self, provider: Provider, parcel: Message, undone: Sequence[str]) -> bool:
        made = {
            one.create.hi1_object.object_identifier: one.create.hi1_object
            for one in parcel.requests
            if one.create is not None
        }
        for named in undone:
            theirs = self._got(provider, [named])
            if not theirs or not _alike(made[named], theirs[0]):
                return False
        return True

    # --- collecting -----------------------------------------------------------------------------------

    def collect(self) -> list[Heard]:
        """Every word that was not settled yet, of every provider whose turn it is. One that does not answer
        stops no other."""
        found: list[Heard] = []
        for provider in self.book.providers:
            try:
                found += self._collected(provider)
            except RogatoryError as error:
                self._note(provider, error.code)
            else:
                self._note(provider, "")
        return found

    def settle(self, word: Heard) -> None:
        """The word was taken in or registered: it is not brought again, and the provider is told so once."""
        held, broken = self._held.get(word.provider, {}), self._broken.get(word.provider, {})
        for named, generation in word.about:
            if broken.pop(named, None) is not None:
                self._given_up.setdefault(word.provider, {})[named] = generation
            one = held.get(named)
            if one is not None and one.generation == generation:
                held[named] = one.done()
                if isinstance(word, ProviderWord):
                    self._acknowledge(word.provider, one)

    def _collected(self, provider: Provider) -> list[Heard]:
        now = time.monotonic()
        if self._not_before.get(provider.key, 0.0) > now:
            return []
        if not provider.invented:
            self._not_before[provider.key] = now + BETWEEN
        held = self._held.setdefault(provider.key, {})
        broken = self._broken.setdefault(provider.key, {})
        records = self._listed(provider)
        given_up = self._given_up.get(provider.key, {})
        fresh = [one for one in records if _fresh(one, held, given_up)]
        if len(held) + len(fresh) > MOST_OBJECTS:
            raise Unavailable(
                f"Provider {provider.key} lists more objects than we follow.",
                where=provider.url,
                next_step="ask the provider to list only what belongs to our requests",
                code="over-limit",
            )
        for batch in _batches(fresh[:MOST_A_ROUND]):
            self._fetch(provider, batch, held, broken)
        if len(fresh) <= MOST_A_ROUND:
            changed = [one.last_changed for one in records if one.last_changed is not None]
            if len(changed) == len(records) and changed:
                self._since[provider.key] = max(changed)
        return [*words(provider, self._house, list(held.values())), *broken.values()]

    def _listed(self, provider: Provider) -> Sequence[Listed]:
        since = self._since.get(provider.key)
        question = self._question(
            provider, [Request(action_identifier=0, listing=Listing(last_changed=since))]
        )
        _, answer = self._asked(provider, question)
        one = answer.responses[0] if answer.responses else None
        if one is None or one.listed is None:
            raise _refused(provider, answer)
        return one.listed.list_response_record

    def _fetch(
        self, provider: Provider, batch: Sequence[Listed], held: dict[str, Seen], broken: dict[str, Unread]
    ) -> None:
        try:
            objects = self._got(provider, [one.identifier for one in batch])
        except Unavailable as error:
            if error.code not in (MALFORMED, "over-limit"):
                raise
            if len(batch) > 1:
                for one in batch:
                    self._fetch(provider, [one], held, broken)
                return
            objects = [error.code]
        for one, found in zip(batch, objects, strict=True):
            named, now = one.identifier.lower(), datetime.now(UTC)
            if isinstance(found, str):
                if named not in broken or broken[named].about[0][1] != one.generation:
                    broken[named] = _unread(provider, one, found)
                held.pop(named, None)
            else:
                broken.pop(named, None)
                held[named] = seen(found, one.generation, one.last_changed or now)

    def _got(self, provider: Provider, named: Sequence[str]) -> list[AnyObject | str]:
        """These objects, each or the code of the error that stood in its place."""
        asked = [
            Request(action_identifier=number, get=Get(identifier=one)) for number, one in enumerate(named)
        ]
        _, answer = self._asked(provider, self._question(provider, asked))
        if answer.trouble is not None:
            raise _refused(provider, answer)
        by_number = {one.action_identifier: one for one in answer.responses}
        found: list[AnyObject | str] = []
        for number in range(len(named)):
            one = by_number[number]
            error = f"provider-{one.error.error_code}" if one.error is not None else MALFORMED
            found.append(one.got.hi1_object if one.got is not None else error)
        return found

    def _acknowledge(self, key: str, one: Seen) -> None:
        held: AnyObject
        if isinstance(one.held, Delivery) and _status(one.held) != "Acknowledged":
            held = Delivery(
                object_identifier=one.held.object_identifier,
                desired_status=entry("DeliveryDesiredStatus", "Acknowledged"),
            )
        elif isinstance(one.held, Notification) and one.held.new is not False:
            held = Notification(object_identifier=one.held.object_identifier, new=False)
        else:
            return
        provider = self.book.provider(key)
        if provider is None:
            return
        update = Request(action_identifier=0, update=WithObject(hi1_object=held))
        named = identifier("acknowledged", key, one.id, str(one.generation))
        question = asking(provider.us, provider.endpoint, named, datetime.now(UTC), (update,))
        try:
            self._asked(provider, question)
        except RogatoryError as error:
            # said again when it is next collected, which a new start brings about
            _log.info("provider %s was not told that its word is here: %s", key, error.code)

    def _question(self, provider: Provider, actions: Sequence[Request]) -> Message:
        at = datetime.now(UTC)
        return asking(provider.us, provider.endpoint, str(uuid.uuid4()), at, tuple(actions))

    def _note(self, provider: Provider, code: str) -> None:
        if self._troubles.get(provider.key, "") != code:
            self._troubles[provider.key] = code
            if code:
                _log.warning("provider %s was not heard: %s", provider.key, code)

    # --- the net --------------------------------------------------------------------------------------

    def _asked(
        self, provider: Provider, question: Message, timeout: httpx.Timeout = QUICK
    ) -> tuple[bytes, Message]:
        headers = {"Content-Type": JSON, "Accept": JSON}
        token = provider.token()
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        try:
            with self._client(provider).stream(
                "POST",
                provider.url,
                content=question.to_json().encode("utf-8"),
                headers=headers,
                timeout=timeout,
            ) as answer:
                content = _read(answer, provider)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            raise Unavailable(
                f"Provider {provider.key} does not answer ({type(error).__name__}).",
                where=provider.url,
                next_step=TRIED_AGAIN,
            ) from error
        self._sorted(answer, provider)
        return content, heard(content, question, provider)

    def _sorted(self, answer: httpx.Response, provider: Provider) -> None:
        """Raises what the status and the kind of the answer mean, unless it may hold an HI1 message."""
        status = answer.status_code
        try:
            check_status(status, answer.headers, f"Provider {provider.key}", provider.url, TRIED_AGAIN)
        except Throttled as error:
            self._not_before[provider.key] = time.monotonic() + error.after
            raise
        kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
        if kind != JSON or 300 <= status < 400 or status >= 500:
            raise Unavailable(
                f"Provider {provider.key} answered {status} without a message.",
                where=provider.url,
                next_step=TRIED_AGAIN,
            )

    def _client(self, provider: Provider) -> httpx.Client:
        with self._opening:
            found = self._clients.get(provider)
            if found is None:
                found = self._clients[provider] = httpx.Client(
                    timeout=TIMEOUT,
                    follow_redirects=False,
                    transport=self._transport,
                    mounts=dict.fromkeys(HERE),
                    verify=_tls(provider),
                )
            return found

    def close(self) -> None:
        """Give the connections back."""
        for client in self._clients.values():
            client.close()


def _tls(provider: Provider) -> ssl.SSLContext:
    """Raises OSError if a certificate of the address book cannot be read."""
    context = ssl.create_default_context(cafile=provider.authority)
    if provider.certificate is not None:
        context.load_cert_chain(provider.certificate, provider.certificate_key)
    return context


def _read(answer: httpx.Response, provider: Provider) -> bytes:
    content, end = b"", time.monotonic() + PATIENCE
    for piece in answer.iter_bytes():
        content += piece
        if len(content) > LARGEST or time.monotonic() > end:
            raise Unavailable(
                f"The answer of provider {provider.key} is too large or too slow.",
                where=provider.url,
                next_step="ask the provider for smaller answers",
                code="over-limit",
            )
    return content


def _refused(provider: Provider, answer: Message) -> Unavailable:
    code = answer.trouble.error_code if answer.trouble is not None else 0
    return Unavailable(
        f"Provider {provider.key} does not tell what it holds for us (code {code}).",
        where=provider.url,
        next_step=TRIED_AGAIN,
        code=f"{PROVIDER}{code}",
    )


def _fresh(one: Listed, held: dict[str, Seen], given_up: dict[str, int]) -> bool:
    named = one.identifier.lower()
    known = held[named].generation if named in held else given_up.get(named)
    return known != one.generation


def _batches(records: Sequence[Listed]) -> Iterator[list[Listed]]:
    alone = [one for one in records if _is_delivery(one)]
    rest = (one for one in records if not _is_delivery(one))
    while batch := list(islice(rest, AT_ONCE)):
        yield batch
    for one in alone:
        yield [one]


def _is_delivery(one: Listed) -> bool:
    return (one.object_type.owner, one.object_type.value) == (ETSI, "Delivery")


def _unread(provider: Provider, one: Listed, code: str) -> Unread:
    return Unread(
        provider=provider.key,
        id=f"{provider.key}/u.{identifier(one.identifier.lower(), str(one.generation), code)}",
        ref=None,
        code=code,
        reason="The provider lists this object, but what it gives for it cannot be read.",
        objects=one.model_dump_json(by_alias=True, exclude_none=True).encode(),
        about=((one.identifier.lower(), one.generation),),
    )


def _status(delivery: Delivery) -> str:
    return delivery.status.value if delivery.status is not None else ""


def _alike(ours: AnyObject, theirs: AnyObject | str) -> bool:
    """Is what is there what we made? By what it says, not by what its holder added."""
    if isinstance(theirs, str) or type(ours) is not type(theirs):
        return False
    telling = {"reference", "details"}
    return ours.model_dump(include=telling) == theirs.model_dump(include=telling)
