"""What do other houses and providers answer over HTTP: receipts, sealed items, pieces, lists, headers?"""

from __future__ import annotations

import json
from typing import Any

import httpx

from fuzz.shapes import bytes_spoiled
from fuzz.target import Target
from fuzz.trees import json_spoiled
from letters.carriers.http import HttpCarrier
from letters.carriers.outcomes import asked_to_wait
from letters.carriers.provider import ProviderCarrier
from letters.chunks import Half, Plan, Sealer, check_piece, piece_digest
from letters.fetching import EvidenceRoad, cut
from letters.providers import ProviderBook
from letters.ts103120.fields import entry
from letters.ts103120.message import Listed, ListedAll, Message, Response, answering
from schemas.errors import RogatoryError
from schemas.ids import digest
from schemas.messages import Parcel
from tests.letters.correspondents import DE_KEY, US, letter
from tests.letters.provider_cases import SENT, asked_to_keep, provider

PLAN = Plan(100, 32)
KEY = b"k" * 32
SEALER = Sealer(KEY, digest(b"x" * 100), PLAN)
PIECES = [SEALER.seal(number, b"x" * PLAN.plain(number)) for number in range(PLAN.count)]
HALF, OTHER = Half(), Half()


def targets() -> list[Target]:
    """The parsers of this module."""
    entries = json.dumps({"entries": ["a.b.c"], "code": "unknown-case"}).encode()
    listed = json.dumps({"list": _listed(), "objects": _objects()}).encode()
    return [
        Target(
            "house-answer",
            _house,
            [entries, b"a.b.c", b"{}", b"x" * 128],
            json_spoiled,
            12,
            {
                "letters.fetching": ("ahead", "close", "__enter__", "__exit__"),
                "letters.carriers.http": ("collect", "close", "__enter__", "__exit__"),
            },
        ),
        Target(
            "provider-collected",
            _collected,
            [listed],
            json_spoiled,
            1,
            {"letters.carriers.provider": ("send", "outcome", "_there", "settle", "close", "_alike", "_tls")},
        ),
        Target(
            "piece", _piece, [b"".join(PIECES), PIECES[0]], bytes_spoiled, 80, {"letters.chunks": ("seal",)}
        ),
        Target("key-agreed", _agreed, [f"{OTHER.public} {'A' * 64}".encode()], bytes_spoiled, 50, {}),
        Target(
            "retry-after",
            lambda data: asked_to_wait({"retry-after": data.decode("latin-1")}),
            [b"120", b"Wed, 21 Oct 2026 07:28:00 GMT"],
            bytes_spoiled,
            50,
            {"letters.carriers.outcomes": ("outcome_of", "check_status")},
        ),
    ]


def _refusing(work: Any) -> None:
    try:
        work()
    except RogatoryError:
        return


def _house(data: bytes) -> object:
    status = (200, 200, 200, 400, 409, 503)[len(data) % 6]
    kind = "application/jose" if len(data) % 2 else "application/json"
    door = httpx.MockTransport(
        lambda _: httpx.Response(status, stream=_Once(data), headers={"content-type": kind})
    )
    with EvidenceRoad(US, door) as road:
        _refusing(lambda: road.ask("a.b.c"))
        _refusing(lambda: road.entries("ticket", "ref", "e1"))
        _refusing(lambda: road.tell(["a.b.c"]))
        _refusing(lambda: road.digests("ticket", "ref", "e1", PLAN.count))
        _refusing(lambda: list(road.pieces("ticket", "ref", "e1", PLAN, 0)))
    with HttpCarrier(door) as carrier:
        return carrier.send(US, Parcel(envelope="a.b.c"))


class _Once(httpx.SyncByteStream):
    """A body that was not read yet, as one from the net."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __iter__(self) -> Any:
        for first in range(0, len(self.content), 50):
            yield self.content[first : first + 50]


def _listed() -> dict[str, Any]:
    one = Listed(
        object_type=entry("ObjectType", "LPTask"), identifier=letter_id(), generation=1, last_changed=SENT
    )
    return ListedAll(list_response_record=(one,)).model_dump(mode="json", by_alias=True, exclude_none=True)


def letter_id() -> str:
    """The identifier of the first object that we make."""
    held = asked_to_keep().requests[0].create
    return held.hi1_object.object_identifier if held is not None else letter().id


def _objects() -> list[dict[str, Any]]:
    made = [one.create.hi1_object for one in asked_to_keep().requests if one.create is not None]
    return [one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in made]


def _collected(data: bytes) -> object:
    """A provider that lists and gives what it is told to; each of our questions gets an answer of the right
    frame, so that what is inside is read."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    told = value if isinstance(value, dict) else {}
    given = told.get("objects") if isinstance(told.get("objects"), list) else [value]

    def answer(asked: httpx.Request) -> httpx.Response:
        question = Message.model_validate(
            {name: one for name, one in json.loads(asked.content).items() if not name.startswith("@")}
        )
        frame = answering(question, SENT, (Response(action_identifier=0, listed=ListedAll()),)).to_dict()
        rows = []
        for number, one in enumerate(question.requests):
            inside: Any = {"LISTResponse": told.get("list")}
            if one.get is not None:
                inside = {"GETResponse": {"HI1Object": given[number % len(given)] if given else None}}
            rows.append({"ActionIdentifier": one.action_identifier, **inside})
        frame["Payload"] = {"ResponsePayload": {"ActionResponses": {"ActionResponse": rows}}}
        return httpx.Response(200, content=json.dumps(frame), headers={"content-type": "application/json"})

    carrier = ProviderCarrier(ProviderBook([provider()]), "de", httpx.MockTransport(answer))
    try:
        found = carrier.collect()
        for word in found:
            carrier.settle(word)
    finally:
        carrier.close()
    return found


def _piece(data: bytes) -> object:
    digests = b"".join(piece_digest(one) for one in PIECES)
    parts = iter([data[first : first + 20] for first in range(0, len(data), 20)])
    opened = []
    for number, box in enumerate(cut(parts, PLAN, 0)):
        _refusing(lambda number=number, box=box: check_piece(number, box, digests, PLAN))
        opened.append(SEALER.open(number, box))
    return opened


def _agreed(data: bytes) -> object:
    text = data.decode("utf-8", "replace")
    theirs, _, wrapped = text.partition(" ")
    _refusing(lambda: HALF.wrap(theirs, KEY, b"bound"))
    return HALF.unwrap(theirs, wrapped, b"bound"), DE_KEY
