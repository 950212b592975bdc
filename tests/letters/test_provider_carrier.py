"""Does the carrier bring messages to a provider over a real net, and sort every answer, also a false one?"""

from __future__ import annotations

import base64
import inspect
import json
import os
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from desk.emulator.provider import Emulator
from desk.emulator.server import serving
from desk.emulator.store import Store
from letters.canonical import canonical
from letters.carriers import Carrier
from letters.carriers.provider import BETWEEN, LONGEST_WAIT, ProviderCarrier
from letters.providers import Provider, ProviderBook
from letters.seal import make_key, sign
from letters.ts103120.answers import receipt_of
from letters.ts103120.check import LARGEST, MALFORMED
from letters.ts103120.message import Message
from letters.ts103120.reading import FOREIGN, Heard, ProviderWord, Unread
from schemas.errors import EnvelopeRefused, RogatoryError, Throttled, Unavailable
from schemas.ids import digest
from schemas.moves import (
    Acknowledge,
    Answer,
    Arrive,
    Ask,
    Decide,
    Evidence,
    Objection,
    Preserved,
    ReleaseData,
    Renew,
    Review,
    Withdraw,
)
from tests.letters.provider_cases import (
    GIVE_REF,
    HOUSE,
    KEEP_REF,
    SECRET,
    asked_to_give,
    asked_to_keep,
    give,
    keep,
    provider,
    written,
)


class Line:
    """A carrier, and the emulator at its other end."""

    def __init__(self, emulator: Emulator, url: str, **changes: Any) -> None:
        self.emulator = emulator
        self.provider = provider(url, **changes)
        self.carrier = ProviderCarrier(ProviderBook([self.provider]), HOUSE)
        self.known: set[str] = set()

    def send(self, message: Message) -> None:
        """Sends, and expects that it was taken."""
        receipt = self.carrier.send(self.provider, message)
        assert self.carrier.outcome(self.provider, message, receipt).delivered, receipt

    def collect(self) -> list[Heard]:
        """Everything new, settled at once."""
        found = self.carrier.collect()
        for word in found:
            self.carrier.settle(word)
        return found

    def bodies(self) -> list[Any]:
        """The moves in what is new; what was acknowledged comes once more, under the same id."""
        found = [word for word in self.collect() if word.id not in self.known]
        self.known |= {word.id for word in found}
        assert all(isinstance(word, ProviderWord) for word in found), found
        return [word.body for word in found if isinstance(word, ProviderWord)]


@contextmanager
def line(tmp_path: Path, *behave: str, **changes: Any) -> Iterator[Line]:
    store = Store(tmp_path / "emulator.sqlite")
    emulator = Emulator(store, behave, token=changes.pop("expects", None))
    with serving(emulator) as url:
        made = Line(emulator, url, **changes)
        try:
            yield made
        finally:
            made.carrier.close()
    store.close()


# --- each behaviour of the emulator, over real HTTP ---------------------------------------------------


def test_data_are_kept_with_start_and_end(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        typed: Carrier[Provider, Message, Heard] = way.carrier
        assert typed.collect() == []
        way.send(asked_to_keep())
        [word] = way.collect()
        assert isinstance(word, ProviderWord)
        assert (word.ref, word.provider_ref) == (KEEP_REF, "EMULATOR-00001")
        body = word.body
        assert isinstance(body, Preserved)
        assert body.end is not None
        assert timedelta(days=89) < body.end - body.start <= timedelta(days=90)
        assert body.partial is None
        assert way.collect() == []


def test_a_late_answer_is_acknowledged_first(tmp_path: Path) -> None:
    with line(tmp_path, "delay=1") as way:
        way.send(asked_to_keep())
        assert [type(body) for body in way.bodies()] == [Acknowledge]
        assert way.collect() == []
        way.emulator.store._connection.execute("UPDATE words SET due = 0")
        assert [type(body) for body in way.bodies()] == [Preserved]


def test_evidence_is_told_by_digest_and_only_the_last_delivery_is_complete(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        way.send(asked_to_give())
        bodies = way.bodies()
        assert [type(body) for body in bodies] == [Evidence, Evidence]
        assert [body.complete for body in bodies] == [False, True]
        items = [item for body in bodies for item in body.items]
        assert len({item.id for item in items}) == len({item.sha256 for item in items}) == 4
        assert all("no real data" in item.custodian for item in items)


@pytest.mark.parametrize("request_of", [asked_to_keep, asked_to_give])
def test_a_refusal_brings_its_code(tmp_path: Path, request_of: Callable[[], Message]) -> None:
    with line(tmp_path, "refuse=77") as way:
        way.send(request_of())
        [body] = way.bodies()
        assert isinstance(body, Decide)
        assert (body.decision, body.grounds) == ("refused", ("provider-77",))
        assert "task 1: Rejected (code 77)" in (body.reasons or "")


def test_part_of_it_refused_is_told_as_a_part(tmp_path: Path) -> None:
    with line(tmp_path, "refuse=5@a-one") as way:
        way.send(asked_to_keep())
        [body] = way.bodies()
        assert isinstance(body, Preserved)
        assert "task 1: Rejected (code 5)" in (body.partial or "")
        assert "a-one" not in (body.partial or "")


def test_silence_says_nothing(tmp_path: Path) -> None:
    with line(tmp_path, "silent") as way:
        way.send(asked_to_keep())
        assert way.collect() == []


@pytest.mark.parametrize(("request_of", "words"), [(asked_to_keep, 1), (asked_to_give, 2)])
def test_what_is_said_twice_is_one_word(
    tmp_path: Path, request_of: Callable[[], Message], words: int
) -> None:
    with line(tmp_path, "duplicate") as way:
        way.send(request_of())
        ids = [word.id for word in [*way.collect(), *way.collect()]]
        assert len(set(ids)) == words


@pytest.mark.parametrize("request_of", [asked_to_keep, asked_to_give])
def test_a_second_word_that_differs_is_another_word(
    tmp_path: Path, request_of: Callable[[], Message]
) -> None:
    with line(tmp_path, "contradict") as way:
        way.send(request_of())
        first, second = way.bodies(), way.bodies()
        assert first
        assert second
        if isinstance(first[0], Preserved):
            assert isinstance(second[0], Preserved)
            assert first[0].end is not None
            assert second[0].end is not None
            assert first[0].end > second[0].end
        else:
            assert isinstance(second[0], Decide)
            assert second[0].decision == "refused"


def test_a_question_is_answered_and_it_goes_on(tmp_path: Path) -> None:
    with line(tmp_path, "question*1") as way:
        way.send(asked_to_keep(accounts=("a-one",)))
        found = way.bodies()
        [ask] = [body for body in found if isinstance(body, Ask)]
        assert "no real data" in ask.text
        request = keep(accounts=("a-one",))
        way.send(written(Answer(question=ask.id, text="the first"), request, KEEP_REF, 2))
        assert [type(body) for body in way.bodies()] == [Preserved]


@pytest.mark.parametrize("ground", ["impossible", "privilege", "third-country-law", "other"])
def test_an_objection_names_its_ground_and_a_review_ends_it(tmp_path: Path, ground: str) -> None:
    request = give(measures=("traffic-data",))
    with line(tmp_path, f"object={ground}*1") as way:
        way.send(asked_to_give(measures=("traffic-data",)))
        [objection] = [body for body in way.bodies() if isinstance(body, Objection)]
        assert objection.ground == ground
        way.send(written(Review(result="upheld", by="court"), request, GIVE_REF, 2))
        assert [type(body) for body in way.bodies() if not isinstance(body, Acknowledge)] == [Evidence]


def test_a_renewal_to_a_day_gets_that_day_and_without_one_as_long_again(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        way.send(asked_to_keep())
        way.collect()
        until = datetime(2027, 11, 21, 12, 0, tzinfo=UTC)
        way.send(written(Renew(until=until, reason="the request follows"), keep(), KEEP_REF, 2))
        [body] = way.bodies()
        assert isinstance(body, Preserved)
        assert body.end == until
        way.send(written(Renew(reason="the request follows"), keep(), KEEP_REF, 3))
        [body] = way.bodies()
        assert isinstance(body, Preserved)
        assert body.end != until


def test_what_is_withdrawn_is_released(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        way.send(asked_to_keep())
        way.collect()
        way.send(written(Withdraw(reason="no longer needed"), keep(), KEEP_REF, 2))
        assert [type(body) for body in way.bodies()] == [ReleaseData]


# --- sent once ----------------------------------------------------------------------------------------


def test_an_answer_that_was_lost_is_got_by_sending_again_and_nothing_is_made_twice(tmp_path: Path) -> None:
    with line(tmp_path, "lose*1") as way:
        message = asked_to_keep()
        with pytest.raises(Unavailable):
            way.carrier.send(way.provider, message)
        objects = way.emulator.state()["objects"]
        way.send(message)
        state = way.emulator.state()
        assert (state["taken"], state["repeated"], state["objects"]) == (1, 1, objects)


def test_objects_that_are_there_already_are_a_success(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        message = asked_to_keep()
        way.send(message)
        way.emulator.store._connection.execute("DELETE FROM answers")
        way.send(message)


def test_other_objects_under_our_identifiers_are_none(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        way.send(asked_to_keep())
        way.emulator.store._connection.execute("DELETE FROM answers")
        other = asked_to_keep(accounts=("c", "d"))
        receipt = way.carrier.send(way.provider, other)
        assert not way.carrier.outcome(way.provider, other, receipt).delivered


def test_an_answer_from_another_than_was_asked_is_none(tmp_path: Path) -> None:
    request = keep()
    body = Arrive(request=request, foreign_ref=KEEP_REF)
    message = written(body, request, KEEP_REF, identifier="ANOTHER-EMULATOR")
    with line(tmp_path, identifier="ANOTHER-EMULATOR") as way, pytest.raises(Unavailable) as caught:
        way.carrier.send(way.provider, message)
    assert caught.value.code == "wrong-transaction"


def test_a_message_refused_as_a_whole_is_refused_for_good(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        first, second = asked_to_keep(), asked_to_keep(accounts=("c", "d"))
        way.send(first)
        found = way.carrier.outcome(way.provider, second, way.carrier.send(way.provider, second))
        assert (found.delivered, found.code, found.undone) == (False, "provider-15", None)


def test_an_update_of_what_is_not_there_is_refused_with_its_code(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        message = written(Withdraw(reason="no longer needed"), keep(), KEEP_REF, 2)
        found = way.carrier.outcome(way.provider, message, way.carrier.send(way.provider, message))
        assert (found.delivered, found.code) == (False, "provider-12")
        assert "action 1" in found.reason


# --- a bad line ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behave", "code"),
    [
        ("wrong-transaction", "wrong-transaction"),
        ("malformed", MALFORMED),
        ("malformed=html", "unavailable"),
        ("lose", "unavailable"),
        ("throttle=7", "throttled"),
    ],
)
def test_no_answer_to_our_transaction_is_no_answer(tmp_path: Path, behave: str, code: str) -> None:
    with line(tmp_path, behave) as way:
        with pytest.raises(Unavailable) as caught:
            way.carrier.send(way.provider, asked_to_keep())
        assert (caught.value.code, caught.value.retry) == (code, True)
        assert way.carrier.collect() == []
        way.emulator.behave([])
        way.send(asked_to_keep())


def test_a_provider_that_asks_us_to_wait_is_not_asked_meanwhile(tmp_path: Path) -> None:
    with line(tmp_path, "throttle=7*1") as way:
        with pytest.raises(Throttled) as caught:
            way.carrier.send(way.provider, asked_to_keep())
        assert caught.value.after == 7
        way.send(asked_to_keep())
        assert way.carrier.collect() == []
        way.carrier._not_before.clear()
        assert len(way.carrier.collect()) == 1


def test_a_real_provider_is_not_asked_all_the_time(tmp_path: Path) -> None:
    with line(tmp_path, invented=False) as way:
        assert way.carrier.collect() == []
        way.send(asked_to_keep())
        assert way.carrier.collect() == []
        way.carrier._not_before[way.provider.key] -= BETWEEN
        assert len(way.carrier.collect()) == 1


def test_a_token_is_shown_and_its_file_is_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("sesame\n", "ascii")
    os.chmod(file, 0o600)
    with line(tmp_path, expects="sesame", token_file=file) as way:
        way.send(asked_to_keep())
        os.chmod(file, 0o644)
        with pytest.raises(Unavailable, match="read by others"):
            way.carrier.send(way.provider, asked_to_keep())
    with line(tmp_path, expects="other", token_file=None) as way:
        with pytest.raises(Unavailable) as caught:
            way.carrier.send(way.provider, asked_to_keep())
        assert caught.value.code == "not-authorised"


def test_a_provider_that_is_not_there_may_be_tried_again_and_stops_no_other(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        way.send(asked_to_keep())
        away = provider("http://127.0.0.1:1", key="away")
        with carrier_to(away, way.provider) as both:
            with pytest.raises(Unavailable) as caught:
                both.send(away, asked_to_keep())
            assert caught.value.retry
            assert [word.provider for word in both.collect()] == ["invented-mail"]


@contextmanager
def carrier_to(*providers: Provider) -> Iterator[ProviderCarrier]:
    made = ProviderCarrier(ProviderBook(providers), HOUSE)
    try:
        yield made
    finally:
        made.close()


# --- what was collected -------------------------------------------------------------------------------


def test_a_word_not_settled_is_brought_again_also_after_a_new_start(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        way.send(asked_to_give())
        first = way.carrier.collect()
        assert [word.id for word in way.carrier.collect()] == [word.id for word in first]
        with carrier_to(way.provider) as fresh:
            assert [word.id for word in fresh.collect()] == [word.id for word in first]


def test_a_settled_delivery_is_acknowledged_at_the_provider_once(tmp_path: Path) -> None:
    with line(tmp_path) as way:
        way.send(asked_to_give(measures=("traffic-data",)))
        first = way.collect()
        again = way.collect()
        assert {word.id for word in again} <= {word.id for word in first}
        assert way.collect() == []
        [kept] = [one for one in way.emulator.store.all() if one.kind == "Delivery"]
        assert kept.value["delivery:DeliveryStatus"]["common:Value"] == "Acknowledged"


# --- a hostile provider -------------------------------------------------------------------------------


class Door(BaseHTTPRequestHandler):
    """A provider that answers what the test says."""

    answer: Callable[[dict[str, Any]], tuple[int, str, bytes]]

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, kind, content = type(self).answer(asked)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the screen."""


@contextmanager
def hostile(
    answer: Callable[[dict[str, Any]], tuple[int, str, bytes]],
    tls: ssl.SSLContext | None = None,
    **changes: Any,
) -> Iterator[tuple[ProviderCarrier, Provider]]:
    class Answering(Door):
        pass

    Answering.answer = staticmethod(answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]  # no noise
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    one = provider(f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}", **changes)
    try:
        with carrier_to(one) as carrier:
            yield carrier, one
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def issued(folder: Path, name: str, by: tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None) -> Any:
    """A certificate and its key, written to the folder: by an authority, or for one."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by[0].subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(by[1] if by else key, hashes.SHA256())
    )
    (folder / f"{name}.pem").write_bytes(made.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / f"{name}.key").write_bytes(private)
    return made, key


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


def reply(asked: dict[str, Any], payload: dict[str, Any], **header: Any) -> bytes:
    """An answer of the right parties to the right transaction, save what `header` says."""
    said = asked["Header"]
    value = {
        "Header": {
            **said,
            "SenderIdentifier": said["ReceiverIdentifier"],
            "ReceiverIdentifier": said["SenderIdentifier"],
            **header,
        },
        "Payload": {"ResponsePayload": payload},
    }
    return json.dumps(value).encode()


def actions(asked: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = asked["Payload"]["RequestPayload"]["ActionRequests"]["ActionRequest"]
    return found


def done(asked: dict[str, Any]) -> dict[str, Any]:
    """What a willing provider would answer to a request that makes objects."""
    answers = [
        {
            "ActionIdentifier": one["ActionIdentifier"],
            "CREATEResponse": {"Identifier": one["CREATE"]["HI1Object"]["ObjectIdentifier"]},
        }
        for one in actions(asked)
    ]
    return {"ActionResponses": {"ActionResponse": answers}}


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


def every_error() -> list[type[Exception]]:
    """Every exception of the library that a caller of its client may meet."""
    return [
        kind
        for _, kind in inspect.getmembers(httpx, inspect.isclass)
        if issubclass(kind, Exception) and not issubclass(kind, httpx.CookieConflict)
    ]


@pytest.mark.parametrize("kind", every_error())
def test_every_error_of_the_net_is_sorted(kind: type[Exception]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        made = kind.__new__(kind)
        Exception.__init__(made, "broken")
        raise made

    with carrier_to() as carrier:
        carrier._transport = httpx.MockTransport(fail)
        with pytest.raises(Unavailable):
            carrier.send(provider("https://example.org"), asked_to_keep())
