"""Which names are guarded in a case, and do they stand in anything that is about to leave?

Names given once for a case lie in its vault, under its key, and are looked for from then on. The ledger says
that names are guarded, how many and by whom, never which; no door hands them out again, and what is refused
says where, not what. An approver may let one go again, with a reason. They go with the key of the case.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from desk import papers
from letters import leaks
from letters.enclosed import looked_into
from records.database import Database
from records.following import Standing
from records.ledger import Entry
from records.open import Records
from schemas.case import CaseState
from schemas.errors import BadInput, NotFound
from schemas.ids import digest as digest_of
from schemas.lifecycle import BATON, LIFECYCLES, OWN
from schemas.moves import Actor, MoveBody, OfferHandoff
from schemas.vocabulary import Side

GUARDED = "names-guarded"
"""Event of the ledger's note that names are guarded from then on: `digest` in the vault, and how many."""
LET_GO = "names-let-go"
"""Event of the note that names are guarded no more: the same, and the reason."""
PLACE = "documents"
"""How the place of a document begins; the start of its digest follows."""
UNREAD = "documents-unread"
"""Event of the note that documents left which could not be looked through: `event` by which, and `documents`
with place and why."""

LEAVING = frozenset(
    {rule.event for rules in LIFECYCLES.values() for rule in rules if rule.by == OWN and rule.emits}
    | set(BATON)
)
"""Moves whose words can become a message: those that some lifecycle tells the other side, and handovers, of
which only the case itself knows whether they cross to another house. What no lifecycle tells (an amended
draft, a legal hold, who has it, a signature) stays here, and is looked through when the request goes."""

WITH_REQUEST = frozenset({"approve", "send"})
"""Moves by which the whole request goes out, or is found good to go."""

_BOOKS = frozenset(
    {"keys", "outbox", "law", "gaps", "deadlines", "errands", "notices", "attention", "holder"}
    | {"ref", "house", "filed_by", "last_author"}
)
"""What a case holds of itself: nobody wrote it, or it tells who of us acted."""

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_STANDING: WeakKeyDictionary[Database, Standing] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Unread:
    """A document, or a part of it, that could not be looked through, and `why` (`letters.inside.WHY`)."""

    place: str
    why: str


@dataclass(frozen=True, slots=True)
class Guarded:
    """How many names are guarded in the case now, the `places` where those just given stand already, and what
    of the documents of a request of ours is `unread`."""

    count: int
    places: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """How many names are guarded, and since when (None: there are none)."""

    count: int
    since: datetime | None


def guard(records: Records, actor: Actor, ref: str, names: Sequence[str], key: str) -> Guarded:
    """Guard `names` in this case from now on; the same key again gives the same answer.

    Raises BadInput for a name without letters, NotFound (also `erased`), Conflict for a key that was used
    for something else.
    """
    given = _plain(names)
    leaks.places({}, given)
    state = records.states.latest(ref)
    # Of what was asked only how much: not even a digest of a name is kept in clear reach.
    name, what = f"{actor.id}:{key}", digest_of(f"{GUARDED} {ref} {len(given)}".encode())
    before = records.attempts.begin(name, actor.id, f"{GUARDED} {ref}", what)
    if before is not None:
        told = json.loads(before)
        unread = tuple(Unread(**one) for one in told.get("unread", ()))
        return Guarded(told["guarded"], tuple(told["places"]), unread, repeated=True)
    keep(records, actor, ref, given)
    found, unread = _inside(records, ref, enclosed_in(state), given)
    places = leaks.told([*leaks.leaks(_texts_of(records, state), given), *found], given)
    done = Guarded(len(names_of(records, ref)), places, unread)
    reply = {"guarded": done.count, "places": done.places, "unread": [asdict(one) for one in done.unread]}
    records.attempts.finish(name, json.dumps(reply))
    return done


def keep(records: Records, actor: Actor, ref: str, names: Sequence[str]) -> None:
    """Seal those of `names` that are not guarded in the case yet, and say so in the ledger."""
    known = set(names_of(records, ref))
    new = [name for name in _plain(names) if name not in known]
    if not new:
        return
    detail = {"digest": _sealed(records, ref, new), "count": len(new)}
    records.ledger.note(ref, actor, GUARDED, detail, datetime.now(UTC))


def let_go(
    records: Records, actor: Actor, ref: str, names: Sequence[str], reason: str, key: str
) -> tuple[int, bool]:
    """Guard `names` no more, which were guarded by mistake or too widely: how many are left, and whether the
    same key did it before.

    Raises BadInput (`not-guarded`) where one of them is not guarded, without saying which, and NameLeaks
    where the reason repeats one; nothing is let go then.
    """
    given = _plain(names)
    leaks.require_none({"reason": reason}, given)
    name, what = f"{actor.id}:{key}", digest_of(f"{LET_GO} {ref} {len(given)}".encode())
    before = records.attempts.begin(name, actor.id, f"{LET_GO} {ref}", what)
    if before is not None:
        return int(json.loads(before)["left"]), True
    known = set(names_of(records, ref))
    if not known.issuperset(given):
        raise BadInput(
            "Not all of these names are guarded in this case.",
            where="names",
            next_step="write each as it was given; nothing was let go",
            code="not-guarded",
        )
    detail = {"digest": _sealed(records, ref, given), "count": len(given), "reason": reason}
    records.ledger.note(ref, actor, LET_GO, detail, datetime.now(UTC))
    left = len(known) - len(given)
    records.attempts.finish(name, json.dumps({"left": left}))
    return left, False


def names_of(records: Records, ref: str) -> tuple[str, ...]:
    """The names guarded in the case; none after its erasure. Raises as the vault where they are lost: what
    cannot be looked through does not leave."""
    found: dict[str, None] = {}
    for entry, detail in _notes(records, ref):
        for name in json.loads(records.vault.get(ref, detail["digest"]))["names"]:
            if entry.event == GUARDED:
                found[name] = None
            else:
                found.pop(name, None)
    return tuple(found)


def kept(records: Records, ref: str) -> Kept:
    """What may be told of them."""
    names = names_of(records, ref)
    return Kept(len(names), next((entry.at for entry, _ in _notes(records, ref)), None) if names else None)


def require_none(records: Records, ref: str, texts: Mapping[str, str]) -> None:
    """Raises NameLeaks where a guarded name stands in `texts` (place to text), with the places."""
    names = names_of(records, ref)
    if names:
        leaks.require_none(texts, names)


def require_move(records: Records, ref: str, body: MoveBody, key: str) -> tuple[Unread, ...]:
    """Before anything of a move is written: no guarded name in what it would tell, nor inside a document that
    goes with it, and nobody sends the list of them as one. What was made under `key` before is not judged
    anew. What could not be looked through is returned, for `tell_unread`. Raises NameLeaks, NotFound."""
    names = names_of(records, ref)
    if not names:
        return ()
    state = records.states.latest(ref)
    if key in state.keys or records.attempts.answered(key) or records.ledger.of_key(ref, key):
        return ()
    said = dict(_written(body.model_dump(mode="json")))
    for digest in _lists(records, ref).intersection(said.values()):
        raise _no_document(ref, digest)
    leaving = body.event in LEAVING and not getattr(body, "by_post", False)
    texts = said if leaving else {}
    if body.event in WITH_REQUEST:
        texts |= dict(_written(state.request.model_dump(mode="json"), "request"))
    leaks.require_none(texts, names)
    if isinstance(body, OfferHandoff) and body.receiver.house == state.house:
        return ()  # from one desk to the next: the documents stay where they are
    return require_inside(records, ref, [one for one in texts.values() if _DIGEST.fullmatch(one)], names)


def require_inside(
    records: Records, ref: str, digests: Iterable[str], names: tuple[str, ...]
) -> tuple[Unread, ...]:
    """Before documents of the case leave: none of the `names` stands inside one. What could not be looked
    through, which keeps nothing here. Raises NameLeaks, which says in which document."""
    if not names:
        return ()
    found, unread = _inside(records, ref, digests, names)
    leaks.refuse(found, names)
    return unread


def tell_unread(records: Records, ref: str, actor: Actor, event: str, unread: Sequence[Unread]) -> None:
    """Say in the ledger what left by `event` without having been looked through."""
    if unread:
        detail = {"event": event, "documents": [asdict(one) for one in unread]}
        records.ledger.note(ref, actor, UNREAD, detail, datetime.now(UTC))


def enclosed_in(state: CaseState) -> list[str]:
    """Digests of the documents that go out with the request; with one of another house none does."""
    return [each.digest for each in state.request.attachments] if state.side is Side.OUTGOING else []


def forecast(records: Records, state: CaseState) -> tuple[tuple[str, ...], tuple[Unread, ...]]:
    """Before a person decides: the places in documents of the request where a guarded name stands, and what
    of them cannot be looked through."""
    names = names_of(records, state.ref)
    if not names:
        return (), ()
    found, unread = _inside(records, state.ref, enclosed_in(state), names)
    return leaks.told(found, names), unread


def _inside(
    records: Records, ref: str, digests: Iterable[str], names: tuple[str, ...]
) -> tuple[list[leaks.Leak], tuple[Unread, ...]]:
    def bytes_of(digest: str) -> Callable[[], bytes]:
        return lambda: records.vault.get(ref, digest)

    found: list[leaks.Leak] = []
    unread: dict[Unread, None] = {}
    here = _here(records, ref, digests)
    for place, inside in looked_into((f"{PLACE}.{digest[:15]}", bytes_of(digest)) for digest in here):
        found += [replace(each, place=_in(place, each.place)) for each in leaks.leaks(inside.texts, names)]
        unread |= {Unread(leaks.unnamed(_in(place, at), names), why): None for at, why in inside.unread}
    return found, tuple(unread)


def _here(records: Records, ref: str, digests: Iterable[str]) -> Iterator[str]:
    """What is not here is no document of the case, and moves that name one are refused for that: unless it
    comes while the others are read."""
    missing: list[str] = []
    for digest in dict.fromkeys(digests):
        if records.vault.has(ref, digest):
            yield digest
        else:
            missing.append(digest)
    yield from (digest for digest in missing if records.vault.has(ref, digest))


def _in(place: str, inner: str) -> str:
    return f"{place}.{inner}" if inner else place


def document(records: Records, ref: str, digest: str) -> bytes:
    """A document of the case out of its vault: the list of guarded names is none. Raises as the vault."""
    if digest in _lists(records, ref):
        raise _no_document(ref, digest)
    return records.vault.get(ref, digest)


def _lists(records: Records, ref: str) -> set[str]:
    return {detail["digest"] for _, detail in _notes(records, ref)}


def _no_document(ref: str, digest: str) -> NotFound:
    """In the vault's own words: that it is the list of names is told to nobody."""
    return NotFound(f"The case {ref} holds no document {digest}.", where=ref, next_step="check the digest")


def _sealed(records: Records, ref: str, names: Sequence[str]) -> str:
    # The digest stands in the ledger: with chance in it nobody can try names against it.
    content = json.dumps({"names": names, "salt": secrets.token_hex(16)}, ensure_ascii=False).encode()
    return records.vault.put(ref, content)


def _notes(records: Records, ref: str) -> Iterator[tuple[Entry, dict[str, Any]]]:
    standing = _STANDING.setdefault(records.database, Standing(records.database, (GUARDED, LET_GO)))
    numbers = standing.numbers(ref)
    for entry in records.ledger.at(numbers) if numbers else ():
        if entry.detail is not None:
            yield entry, json.loads(entry.detail)


def _plain(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(name.split()) for name in names))


def _written(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    return ((where, text) for where, text in leaks.texts_in(value, place) if text)


def _texts_of(records: Records, state: CaseState) -> dict[str, str]:
    texts = dict(_written(state.model_dump(mode="json", exclude=set(_BOOKS))))
    return texts | {f"{PLACE}.{each.digest[:15]}": each.name for each in papers.known(records, state)}
