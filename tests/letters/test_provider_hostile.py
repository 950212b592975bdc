"""Does no answer of a provider, however false, broken or foreign, pass for one or bring us down?"""

from __future__ import annotations

import base64
import json
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from letters.canonical import canonical
from letters.carriers.outcomes import LONGEST_WAIT
from letters.seal import make_key, sign
from letters.ts103120.answers import receipt_of
from letters.ts103120.check import LARGEST
from letters.ts103120.message import Message
from letters.ts103120.reading import FOREIGN, ProviderWord, Unread
from schemas.errors import EnvelopeRefused, RogatoryError, Throttled, Unavailable
from schemas.ids import digest
from schemas.moves import (
    Evidence,
)
from tests.letters.broken_net import broken_by, every_error
from tests.letters.provider_cases import (
    GIVE_REF,
    SECRET,
    asked_to_give,
    asked_to_keep,
    provider,
)
from tests.letters.provider_lines import actions, carrier_to, done, hostile, issued, reply


@pytest.mark.parametrize(
    ("status", "kind", "content", "error"),
    [
        (200, "text/html", b"<html>welcome to the hotel net", Unavailable),
        (404, "text/html", b"who?", Unavailable),
        (500, "application/json", b"{}", Unavailable),
        (503, "application/json", b"{}", Unavailable),
        (307, "application/json", b"{}", Unavailable),
        (401, "application/json", b"{}", Unavailable),
        (403, "application/json", b"{}", Unavailable),
        (429, "application/json", b"{}", Throttled),
        (200, "application/json", b"", Unavailable),
        (200, "application/json", b"[" * 200_000, Unavailable),
        (200, "application/json", b" " * (LARGEST + 1), Unavailable),
        (200, "application/octet-stream", b"{}", Unavailable),
        (413, "text/html", b"too much", EnvelopeRefused),
    ],
)
def test_what_is_no_message_is_no_answer(
    status: int, kind: str, content: bytes, error: type[RogatoryError]
) -> None:
    with hostile(lambda asked: (status, kind, content)) as (carrier, one):
        with pytest.raises(error) as caught:
            carrier.send(one, asked_to_keep())
        assert caught.value.next_step
        assert carrier.collect() == []


def test_the_answer_of_another_or_to_other_actions_is_no_answer() -> None:
    def fewer(asked: dict[str, Any]) -> bytes:
        payload = done(asked)
        payload["ActionResponses"]["ActionResponse"].pop()
        return reply(asked, payload)

    def swapped(asked: dict[str, Any]) -> bytes:
        payload = done(asked)
        first, second = payload["ActionResponses"]["ActionResponse"][:2]
        first["CREATEResponse"], second["CREATEResponse"] = second["CREATEResponse"], first["CREATEResponse"]
        return reply(asked, payload)

    def other_verb(asked: dict[str, Any]) -> bytes:
        text = json.dumps(done(asked)).replace("CREATEResponse", "UPDATEResponse")
        return reply(asked, json.loads(text))

    other = {"CountryCode": "XX", "UniqueIdentifier": "SOMEBODY"}
    lies: list[Callable[[dict[str, Any]], bytes]] = [
        fewer,
        swapped,
        other_verb,
        lambda asked: reply(asked, done(asked), SenderIdentifier=other),
        lambda asked: reply(asked, done(asked), ReceiverIdentifier=other),
    ]
    for lie in lies:
        with hostile(lambda asked, lie=lie: (200, "application/json", lie(asked))) as (carrier, one):  # type: ignore[misc]  # the lie of this turn
            with pytest.raises(Unavailable) as caught:
                carrier.send(one, asked_to_keep())
            assert caught.value.code == "wrong-transaction"
    with hostile(lambda asked: (200, "application/json", reply(asked, done(asked)))) as (carrier, one):
        assert carrier.outcome(one, asked_to_keep(), carrier.send(one, asked_to_keep())).delivered


def holding(*objects: dict[str, Any]) -> Callable[[dict[str, Any]], tuple[int, str, bytes]]:
    """A provider that lists and gives these objects."""
    by_id = {one["ObjectIdentifier"]: one for one in objects}

    def listed(one: dict[str, Any]) -> dict[str, Any]:
        kind = one["@xsi:type"].rsplit("}", 1)[-1].removesuffix("Object")
        sort = {"common:Owner": "ETSI", "common:Name": "ObjectType", "common:Value": kind}
        return {"ObjectType": sort, "Identifier": one["ObjectIdentifier"], "Generation": 1}

    def one_answer(action: dict[str, Any]) -> dict[str, Any]:
        number = {"ActionIdentifier": action["ActionIdentifier"]}
        if "LIST" in action:
            return {**number, "LISTResponse": {"ListResponseRecord": [listed(one) for one in objects]}}
        if "GET" in action:
            return {**number, "GETResponse": {"HI1Object": by_id[action["GET"]["Identifier"]]}}
        return {**number, "UPDATEResponse": {"Identifier": action["UPDATE"]["HI1Object"]["ObjectIdentifier"]}}

    def answer(asked: dict[str, Any]) -> tuple[int, str, bytes]:
        answers = [one_answer(action) for action in actions(asked)]
        return 200, "application/json", reply(asked, {"ActionResponses": {"ActionResponse": answers}})

    return answer


def objects_of(message: Message) -> list[dict[str, Any]]:
    return [
        action["CREATE"]["HI1Object"]
        for action in actions(message.to_dict())
        if action["CREATE"]["HI1Object"]["@xsi:type"].find("Document") < 0
    ]


WRONG = {"delivery:Checksum": "0" * 64, "delivery:ChecksumType": "SHA-256"}


def delivery(task: dict[str, Any], content: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "@xsi:type": "{http://uri.etsi.org/03120/common/2019/10/Delivery}DeliveryObject",
        "ObjectIdentifier": "11f49f11-39df-4596-aa58-1f7199b587df",
        "AssociatedObjects": {"AssociatedObject": [task["ObjectIdentifier"]]},
        "delivery:Delivery": content,
        **more,
    }


def test_an_object_of_no_case_of_ours_is_told_as_such() -> None:
    authorisation, task, _ = objects_of(asked_to_keep())
    stolen = {**authorisation, "auth:AuthorisationReference": "DE-PRESERVATION-2026-00099"}
    strange = {**task, "ObjectIdentifier": "f1205c94-4f56-4d97-9717-39410073979b"}
    with hostile(holding(stolen, task)) as (carrier, _one):
        found = carrier.collect()
        assert [type(word) for word in found] == [Unread, Unread]
        assert {word.code for word in found if isinstance(word, Unread)} == {FOREIGN}
    with hostile(holding(authorisation, strange)) as (carrier, _one):
        assert FOREIGN in {word.code for word in carrier.collect() if isinstance(word, Unread)}


def test_content_delivered_is_named_by_digest_and_never_kept() -> None:
    authorisation, task = objects_of(asked_to_give(measures=("traffic-data",)))
    content = {"delivery:BinaryData": {"delivery:Data": base64.b64encode(SECRET.encode()).decode()}}
    extra = {"delivery:Surprise": SECRET}
    with hostile(holding(authorisation, task, delivery(task, content, **extra))) as (carrier, _one):
        [word] = [one for one in carrier.collect() if isinstance(one, ProviderWord)]
        assert isinstance(word.body, Evidence)
        assert word.body.items[0].sha256 == digest(SECRET.encode())
        encoded = content["delivery:BinaryData"]["delivery:Data"].encode()
        assert SECRET.encode() not in word.objects
        assert encoded not in word.objects
        carrier.settle(word)
        assert encoded.decode() not in repr(carrier._held)


@pytest.mark.parametrize(
    "content",
    [
        {"delivery:BinaryData": {"delivery:Data": "QQ==", **WRONG}},
        {"delivery:BinaryData": {"delivery:Data": "QQ"}},
        {"delivery:URL": {"delivery:URL": "https://example.org/x"}},
        {"delivery:URL": {"delivery:URL": "https://example.org/x", **WRONG, "delivery:Checksum": "0"}},
        {},
    ],
)
def test_a_delivery_without_a_true_digest_is_told_as_such(content: dict[str, Any]) -> None:
    authorisation, task = objects_of(asked_to_give(measures=("traffic-data",)))
    with hostile(holding(authorisation, task, delivery(task, content))) as (carrier, _one):
        [word] = carrier.collect()
        assert isinstance(word, Unread)
        assert (word.code, word.ref) == ("delivery-unreadable", GIVE_REF)
        carrier.settle(word)
        assert carrier.collect() == []


def test_one_object_that_cannot_be_read_hides_no_other() -> None:
    authorisation, first, second = objects_of(asked_to_keep())
    status = {"common:Owner": "ETSI", "common:Name": "LPTaskStatus", "common:Value": "Preserved"}
    good = {**first, "task:Status": status}
    bad = {**second, "task:Status": {**status, "common:Value": "Frozen"}}
    with hostile(holding(authorisation, good, bad)) as (carrier, _one):
        found = carrier.collect()
        assert {type(word) for word in found} == {ProviderWord, Unread}
        for word in found:
            carrier.settle(word)
        assert carrier.collect() == []


def test_text_of_a_provider_cannot_steer_a_terminal() -> None:
    authorisation, task = objects_of(asked_to_give(measures=("traffic-data",)))
    note = {
        "@xsi:type": "{http://uri.etsi.org/03120/common/2016/02/Notification}NotificationObject",
        "ObjectIdentifier": "21f49f11-39df-4596-aa58-1f7199b587df",
        "AssociatedObjects": {"AssociatedObject": [task["ObjectIdentifier"]]},
        "notification:NotificationDetails": "\x1b[2Jred\u202e\n\x00 line" + "x" * 60_000,
    }
    with hostile(holding(authorisation, task, note)) as (carrier, _one):
        [word] = carrier.collect()
        assert isinstance(word, ProviderWord)
        assert word.body.event == "inform"


def test_what_a_provider_signs_must_be_signed_by_its_key() -> None:
    key, other = make_key("invented"), make_key("invented")
    public = {"x": key.public["x"]}

    def signed_by(which: Any) -> Callable[[dict[str, Any]], tuple[int, str, bytes]]:
        def answer(asked: dict[str, Any]) -> tuple[int, str, bytes]:
            value = json.loads(reply(asked, done(asked)))
            protected, _, signature = sign(canonical(value), which).split(".")
            value["Signature"] = {"protected": protected, "signature": signature}
            return 200, "application/json", json.dumps(value).encode()

        return answer

    with hostile(signed_by(key), public_key=public) as (carrier, one):
        assert carrier.send(one, asked_to_keep())
    unsigned: Callable[[dict[str, Any]], tuple[int, str, bytes]] = lambda asked: (  # noqa: E731  # beside the other
        200,
        "application/json",
        reply(asked, done(asked)),
    )
    for wrong in (signed_by(other), unsigned):
        with hostile(wrong, public_key=public) as (carrier, one), pytest.raises(Unavailable) as caught:
            carrier.send(one, asked_to_keep())
        assert caught.value.code == "provider-signature"


def test_a_receipt_keeps_no_content_that_came_along() -> None:
    message = asked_to_give()
    payload = done(message.to_dict())
    document = next(
        one for one in actions(message.to_dict()) if "doc:DocumentBody" in one["CREATE"]["HI1Object"]
    )
    answer = payload["ActionResponses"]["ActionResponse"][document["ActionIdentifier"]]
    answer["CREATEResponse"]["HI1Object"] = {
        **document["CREATE"]["HI1Object"],
        "doc:DocumentBody": {"doc:Contents": base64.b64encode(SECRET.encode()).decode()},
    }
    content = reply(message.to_dict(), payload)
    assert base64.b64encode(SECRET.encode()) not in receipt_of(content)
    assert digest(content).encode() in receipt_of(content)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 1.0), ("12", 12.0), ("999999", LONGEST_WAIT), ("soon", 60.0), ("", 60.0)],
)
def test_how_long_to_wait_stays_within_reason(text: str, seconds: float) -> None:
    answer = httpx.Response(429, headers={"Retry-After": text} if text else {})
    with carrier_to() as carrier:
        carrier._transport = httpx.MockTransport(lambda request: answer)
        with pytest.raises(Throttled) as caught:
            carrier.send(provider("https://example.org"), asked_to_keep())
    assert caught.value.after == seconds


@pytest.mark.parametrize("kind", every_error())
def test_every_error_of_the_net_is_sorted(kind: type[Exception]) -> None:
    with carrier_to() as carrier:
        carrier._transport = broken_by(kind)
        with pytest.raises(Unavailable):
            carrier.send(provider("https://example.org"), asked_to_keep())


def test_certificates_of_both_sides_are_checked(tmp_path: Path) -> None:
    authority = issued(tmp_path, "authority", None)
    issued(tmp_path, "server", authority)
    issued(tmp_path, "client", authority)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=tmp_path / "authority.pem")
    tls.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    tls.verify_mode = ssl.CERT_REQUIRED
    ours = {"certificate": tmp_path / "client.pem", "certificate_key": tmp_path / "client.key"}
    theirs = {"authority": tmp_path / "authority.pem"}

    def willing(asked: dict[str, Any]) -> tuple[int, str, bytes]:
        return 200, "application/json", reply(asked, done(asked))

    with hostile(willing, tls, **ours, **theirs) as (carrier, one):
        assert carrier.send(one, asked_to_keep())
    for missing in (ours, theirs, {**theirs, "certificate": tmp_path / "nowhere.pem"}):
        with hostile(willing, tls, **missing) as (carrier, one), pytest.raises(Unavailable):
            carrier.send(one, asked_to_keep())
