"""What do providers answer in ETSI TS 103 120: messages, objects, deliveries?"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from fuzz.target import Target
from fuzz.trees import json_spoiled
from letters.ts103120 import answers, check
from letters.ts103120.dictionaries import DICTIONARIES, ETSI
from letters.ts103120.evidence import MANIFEST
from letters.ts103120.message import Done, Got, ListedAll, Message, Response, answering
from letters.ts103120.objects import TYPE, AnyObject
from letters.ts103120.reading import seen, words
from schemas.errors import RogatoryError
from tests.letters.correspondents import US_KEY
from tests.letters.provider_cases import HOUSE, SENT, asked_to_give, asked_to_keep, provider

GOLDEN = Path(__file__).parents[2] / "tests" / "letters" / "golden_ts103120"
SAMPLES = Path(__file__).parents[3] / "shared" / "standards" / "etsi-ts-103120" / "examples" / "json"
READS = {
    "letters.ts103120.check": (),
    "letters.ts103120.answers": ("receipt_of", "line", "_printable"),
    "letters.ts103120.reading": (),
    "letters.ts103120.evidence": (),
    "letters.ts103120.words": ("reference_of",),
}
SIGNED = provider(public_key=US_KEY.public)


def targets() -> list[Target]:
    """The parsers of this module."""
    golden = [file.read_bytes() for file in sorted(GOLDEN.glob("*.json"))]
    samples = [file.read_bytes() for file in sorted(SAMPLES.glob("*.json"))] if SAMPLES.is_dir() else []
    asked = [_text(asked_to_keep()), _text(asked_to_give())]
    said = [_text(_answer(question)) for question in (asked_to_keep(), asked_to_give())]
    held = [_json([_plain(one) for one in _objects()]), *(_json([_plain(one)]) for one in _objects())]
    return [
        Target("provider-message", check.read, [*golden, *samples, *asked, *said], json_spoiled, 80, READS),
        Target("provider-answer", _heard, [*said, *golden], json_spoiled, 25, READS),
        Target(
            "provider-words", _words, [*held, *_statuses(), _json(_deliveries())], json_spoiled, 35, READS
        ),
    ]


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _text(message: Message) -> bytes:
    return message.to_json().encode()


def _plain(held: AnyObject) -> dict[str, Any]:
    return held.model_dump(mode="json", by_alias=True, exclude_none=True)


def _answer(question: Message) -> Message:
    """Everything was done as asked."""
    told = tuple(
        Response(
            action_identifier=one.action_identifier,
            created=Done(
                identifier=one.create.hi1_object.object_identifier, hi1_object=one.create.hi1_object
            ),
        )
        for one in question.requests
        if one.create is not None
    )
    return answering(question, SENT, told)


def _objects() -> list[AnyObject]:
    """What a provider holds once we have asked for something, with each task in a later status."""
    found: list[AnyObject] = []
    for question in (asked_to_keep(), asked_to_give()):
        found += [one.create.hi1_object for one in question.requests if one.create is not None]
    return found


def _statuses() -> list[bytes]:
    """The same with every task in one status after the other."""
    found = []
    for name in ("LPTaskStatus", "LDTaskStatus"):
        for value in DICTIONARIES[(ETSI, name)]:
            status = {"common:Owner": ETSI, "common:Name": name, "common:Value": value}
            held = [_plain(one) for one in _objects()]
            kind = name.removesuffix("Status")
            found.append(
                _json([{**one, "task:Status": status} if kind in one[TYPE] else one for one in held])
            )
    return found


def _deliveries() -> list[dict[str, Any]]:
    """The same with a delivery of each sort, and a notification, behind them."""
    held = [_plain(one) for one in _objects()]
    task = next(one for one in held if "LDTask" in one[TYPE])
    about = {"AssociatedObjects": {"AssociatedObject": [task["ObjectIdentifier"]]}}
    item = {"sha256": "sha256:" + "0" * 64, "size": 3, "description": "x", "kind": "y"}
    listed = {
        "delivery:ExternalSchema": {"delivery:ManifestID": MANIFEST},
    }
    checked = {"delivery:Checksum": "0" * 64, "delivery:ChecksumType": "SHA-256"}
    content: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
        ({"delivery:BinaryData": {"delivery:Data": base64.b64encode(b"invented").decode()}}, {}),
        ({"delivery:JSONData": {"items": [item]}}, {"delivery:Manifest": listed}),
        ({"delivery:JSONData": {"items": [item]}}, {}),
        ({"delivery:XMLData": {"a": "b"}}, {}),
        ({"delivery:URL": {"delivery:URL": "https://x.example/y", **checked}}, {}),
        ({"delivery:DataExistence": True}, {}),
    )
    made = [
        {
            TYPE: "{http://uri.etsi.org/03120/common/2019/10/Delivery}DeliveryObject",
            "ObjectIdentifier": f"00000000-0000-4000-8000-00000000000{number}",
            **about,
            "delivery:Delivery": one,
            **more,
        }
        for number, (one, more) in enumerate(content)
    ]
    note = {
        TYPE: "{http://uri.etsi.org/03120/common/2016/02/Notification}NotificationObject",
        "ObjectIdentifier": "00000000-0000-4000-8000-000000000010",
        **about,
        "notification:NotificationDetails": "invented",
    }
    return [*held, *made, note]


def _heard(data: bytes) -> object:
    question = asked_to_keep()
    try:
        return answers.answered(question, answers.heard(data, question, SIGNED))
    except RogatoryError:
        pass
    found = answers.heard(data, question, provider())
    answers.receipt_of(data)
    return answers.answered(question, found)


def _words(data: bytes) -> object:
    """Each object as it is got, and then what all that could be read say together."""
    value = check.plain(data)
    rows = value if isinstance(value, list) else [value]
    held = []
    for number, row in enumerate(rows[:40]):
        frame = {
            **_FRAME,
            "Payload": {
                "ResponsePayload": {
                    "ActionResponses": {
                        "ActionResponse": [{"ActionIdentifier": 0, "GETResponse": {"HI1Object": row}}]
                    }
                }
            },
        }
        try:
            (said,) = check.read(_json(frame)).responses
        except RogatoryError:
            continue
        if isinstance(said.got, Got):
            held.append(seen(said.got.hi1_object, number, SENT))
    return [word.done() for word in held], words(provider(), HOUSE, held)


_FRAME: dict[str, Any] = {
    "Header": answering(
        asked_to_keep(), SENT, (Response(action_identifier=0, listed=ListedAll()),)
    ).to_dict()["Header"]
}
