"""Which words for our cases are in what a provider holds: of its tasks, notifications and deliveries?

What cannot be read, or belongs to nothing of ours, is not dropped: it comes out as `Unread` with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from letters.canonical import canonical
from letters.providers import Provider
from letters.ts103120.evidence import items_of
from letters.ts103120.objects import (
    AnyObject,
    Authorisation,
    Delivery,
    Document,
    Held,
    LDTask,
    LPTask,
    Notification,
)
from letters.ts103120.ours import authorisation_of, identifier
from letters.ts103120.words import (
    Told,
    content_of,
    fingerprint,
    reference_of,
    said_by,
    said_of,
)
from schemas.errors import BadInput
from schemas.ids import digest
from schemas.moves import Evidence, Inform, MoveBody

FOREIGN = "foreign-object"
_SETTLED = frozenset({"Disclosed", "DisclosureNotAvailable", "Rejected", "Cancelled", "Error", "Invalid"})
_SPARE = 64
_CONTENT = frozenset({"delivery:Delivery", "delivery:Manifest", "doc:DocumentBody"})
"""Fields that hold what was delivered: only their digest is kept."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One object as a provider holds it. `at`: when it was changed, or else when it was told to us; `kept`:
    what may be kept of it, without content; `settled`: its words were taken in."""

    held: AnyObject
    kept: dict[str, Any]
    generation: int
    at: datetime
    settled: bool = False

    @property
    def id(self) -> str:
        return self.held.object_identifier.lower()

    def done(self) -> Seen:
        """The same once its words were taken in: what was delivered is let go."""
        held = self.held
        if isinstance(held, Delivery):
            held = held.model_copy(update={"content": None})
        return replace(self, held=held, settled=True)


@dataclass(frozen=True, slots=True)
class ProviderWord:
    """One word for a case of ours. `id` is unique for ever: the receiver deduplicates on it. `objects`: what
    was read, as bytes to keep. `content`: the same words said at two times have the same. `about`: identifier
    and generation of the objects that are settled once the word is taken in. `says_state`: it tells how the
    tasks stand, so that it says nothing new where its content is that of the last such word."""

    provider: str
    id: str
    ref: str
    provider_ref: str | None
    body: MoveBody
    objects: bytes
    content: str
    about: tuple[tuple[str, int], ...]
    says_state: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """Something of a provider that is no word: why, and for which case of ours, if that is known."""

    provider: str
    id: str
    ref: str | None
    code: str
    reason: str
    objects: bytes
    about: tuple[tuple[str, int], ...]


Heard = ProviderWord | Unread


def seen(held: AnyObject, generation: int, told: datetime) -> Seen:
    """An object that was told to us at `told`, in its `generation`."""
    plain = held.model_dump(mode="json", by_alias=True, exclude_none=True)
    kept = {name: each for name, each in plain.items() if name not in _CONTENT}
    dropped = {name: each for name, each in plain.items() if name in _CONTENT}
    if dropped:
        kept["digest"] = digest(canonical(dropped))
    return Seen(held, kept, generation, held.last_changed or told)


def words(provider: Provider, house: str, objects: Sequence[Seen]) -> list[Heard]:
    """Every word in these objects that was not taken in yet. `objects`: all that the provider holds for us,
    for what it says of tasks and deliveries rests on the whole."""
    if all(each.settled for each in objects):
        return []
    reader = _Reader(provider, house, objects)
    return [*reader.of_tasks(), *reader.of_others()]


class _Reader:
    """All that one provider holds for us, sorted by our cases."""

    def __init__(self, provider: Provider, house: str, objects: Sequence[Seen]) -> None:
        self.provider = provider
        self.objects = sorted(objects, key=lambda each: (each.at, each.id))
        self.authorisations: dict[str, Seen] = {}
        self.foreign: dict[str, Seen] = {}
        for each in self.objects:
            if isinstance(each.held, Authorisation):
                ours = authorisation_of(house, each.held.reference or "") == each.id
                (self.authorisations if ours else self.foreign)[each.id] = each
        self.house = house
        self.tasks: dict[str, list[tuple[Seen, Told]]] = {}
        self.strangers: list[Seen] = []
        self._sort_tasks()

    def ref_of(self, authorisation: str) -> str:
        held = self.authorisations[authorisation].held
        return held.reference or "" if isinstance(held, Authorisation) else ""

    def _sort_tasks(self) -> None:
        tasks = [each for each in self.objects if isinstance(each.held, LPTask | LDTask)]
        numbers = {
            named: self._numbers(named, sum(named in each.held.associated for each in tasks))
            for named in self.authorisations
        }
        for each in tasks:
            held = each.held
            named = next((one for one in held.associated if each.id in numbers.get(one, {})), None)
            if named is None or not isinstance(held, LPTask | LDTask):
                self.strangers.append(each)
            else:
                told = Told(numbers[named][each.id], held, each.at)
                self.tasks.setdefault(named, []).append((each, told))

    def _numbers(self, authorisation: str, count: int) -> dict[str, int]:
        """Identifiers that our tasks under this authorisation can have: nobody else's is among them."""
        ref = self.ref_of(authorisation)
        return {
            identifier("task", self.house, ref, str(number)): number for number in range(1, count + _SPARE)
        }

    # --- tasks ----------------------------------------------------------------------------------------

    def of_tasks(self) -> Iterator[Heard]:
        for each in [*self.foreign.values(), *self.strangers]:
            if not each.settled:
                yield self._unread(each, None, FOREIGN, "It belongs to no case of ours.")
        for named, authorisation in self.authorisations.items():
            found = self.tasks.get(named, [])
            tasks = [told for _, told in found]
            held = authorisation.held
            parts = [authorisation, *(each for each, _ in found)]
            if not isinstance(held, Authorisation) or all(each.settled for each in parts):
                continue
            body = said_of(held, tasks, self._all_delivered(found))
            if body is None:
                continue
            content = content_of(held, tasks)
            change = fingerprint(*(f"{each.id} {each.generation} {each.at.isoformat()}" for each in parts))
            yield ProviderWord(
                provider=self.provider.key,
                id=f"{self.provider.key}/t.{named}.{content}.{change}",
                ref=self.ref_of(named),
                provider_ref=reference_of(tasks, held),
                body=body,
                objects=_bytes(parts),
                content=content,
                about=tuple((each.id, each.generation) for each in parts),
                says_state=True,
            )

    def _all_delivered(self, found: Sequence[tuple[Seen, Told]]) -> bool:
        done = [each.id for each, told in found if told.status == "Disclosed"]
        finished = {task for delivery in self._last() for task in delivery.held.associated}
        return bool(done) and all(task in finished for task in done)

    def _last(self) -> list[Seen]:
        """Deliveries that end their sequence; what was delivered twice counts where it came first."""
        found: dict[str, Seen] = {}
        for each in self.objects:
            if isinstance(each.held, Delivery) and each.held.last_sequence is not False:
                found.setdefault(_delivery_mark(each, each.held), each)
        return list(found.values())

    # --- notifications and deliveries -----------------------------------------------------------------

    def of_others(self) -> Iterator[Heard]:
        for each in self.objects:
            held = each.held
            if each.settled:
                continue
            if isinstance(held, Delivery):
                yield self._delivered(each, held)
            elif self._own(held):
                continue
            elif isinstance(held, Notification):
                yield self._notified(each, held)
            elif isinstance(held, Document):
                yield self._unread(each, None, "document-not-taken", "A provider sends no documents here.")

    def _own(self, held: Held) -> bool:
        return held.owner_identifier == self.provider.our_identifier[:255]

    def _authorisation_of(self, held: Held) -> str | None:
        belongs = {each.id: named for named, found in self.tasks.items() for each, _ in found}
        for named in held.associated:
            if named in self.authorisations:
                return named
            if named in belongs:
                return belongs[named]
        return None

    def _notified(self, each: Seen, held: Notification) -> Heard:
        authorisation = self._authorisation_of(held)
        if authorisation is None:
            return self._unread(each, None, FOREIGN, "It belongs to no case of ours.")
        sort = f"{held.type.owner} {held.type.value}" if held.type else ""
        name = held.external_identifier or each.id
        content = fingerprint(name, sort, held.details or "")
        return self._word("n", each, authorisation, said_by(held), content)

    def _delivered(self, each: Seen, held: Delivery) -> Heard:
        authorisation = self._authorisation_of(held)
        if authorisation is None:
            return self._unread(each, None, FOREIGN, "It belongs to no case of ours.")
        content = _delivery_mark(each, held)
        try:
            items = items_of(held, f"p-{content}", self.provider.name[:200])
        except BadInput as error:
            return self._unread(each, self.ref_of(authorisation), error.code, error.what)
        if not items:
            exists = held.content is not None and held.content.data_existence
            body: MoveBody = Inform(
                text=f"The provider says that such data {'exist' if exists else 'do not exist'}."
            )
        else:
            body = Evidence(complete=self._complete(each, authorisation), items=items)
        return self._word("d", each, authorisation, body, content)

    def _complete(self, delivery: Seen, authorisation: str) -> bool:
        """Is it the last delivery of a request whose tasks have all come to their end?"""
        found = self.tasks.get(authorisation, [])
        own = {each.id for each, _ in found}
        last = [each for each in self._last() if own & set(each.held.associated)]
        settled = all(told.status in _SETTLED for _, told in found)
        return bool(found) and settled and self._all_delivered(found) and last[-1:] == [delivery]

    # --- both -----------------------------------------------------------------------------------------

    def _word(self, sort: str, each: Seen, authorisation: str, body: MoveBody, content: str) -> ProviderWord:
        tasks = [told for _, told in self.tasks.get(authorisation, [])]
        return ProviderWord(
            provider=self.provider.key,
            id=f"{self.provider.key}/{sort}.{content}",
            ref=self.ref_of(authorisation),
            provider_ref=reference_of(tasks, self.authorisations[authorisation].held),
            body=body,
            objects=_bytes([each]),
            content=content,
            about=((each.id, each.generation),),
        )

    def _unread(self, each: Seen, ref: str | None, code: str, reason: str) -> Unread:
        return Unread(
            provider=self.provider.key,
            id=f"{self.provider.key}/u.{fingerprint(each.id, str(each.generation), code)}",
            ref=ref,
            code=code,
            reason=reason,
            objects=_bytes([each]),
            about=((each.id, each.generation),),
        )


def _delivery_mark(each: Seen, held: Delivery) -> str:
    """The same for a delivery that is there again under another identifier."""
    name = f"{held.delivery_id.lower()} {held.sequence_number}" if held.delivery_id else each.id
    return fingerprint(name, str(each.kept.get("digest")))


def _bytes(objects: Sequence[Seen]) -> bytes:
    return canonical({"objects": [each.kept for each in objects]})
