"""How does the emulator answer one HI1 message, action by action?"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from desk.emulator.behaviour import Behaviour, Manners, behaviour
from desk.emulator.deeds import SAYS, Deeds, associated, is_task, word
from desk.emulator.store import Kept, Store
from letters.ts103120.check import check, plain
from letters.ts103120.dictionaries import OURS, Word
from letters.ts103120.fields import seconds
from letters.ts103120.message import ETSI_VERSION, NAMESPACES
from schemas.errors import BadInput
from schemas.ids import digest

JSON = "application/json"
SERVER = "rogatory-provider-emulator (holds no real data)"

_REFUSED, _FOREIGN, _UNKNOWN, _THERE, _NOT_TAKEN, _REUSED = 10, 11, 12, 13, 14, 15
"""Its own codes of errors; the standard's are not known here."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back over HTTP. `drop`: nothing does, the connection ends."""

    status: int = 200
    body: bytes = b""
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False


class Emulator:
    """One emulated provider. Safe to use from many threads."""

    def __init__(
        self,
        store: Store,
        told: Sequence[str] = (),
        *,
        country: str = "XX",
        identifier: str = "ROGATORY-EMULATOR",
        token: str | None = None,
    ) -> None:
        self.store = store
        self.country, self.identifier, self.token = country, identifier, token
        self.manners = Manners([behaviour(one) for one in told])
        self.deeds = Deeds(store, self.manners, country)
        self.log: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    # --- control --------------------------------------------------------------------------------------

    def behave(self, told: Sequence[str]) -> None:
        """Behave so from now on; an empty list: answer. Raises BadInput."""
        lines = [behaviour(one) for one in told]
        with self._lock:
            self.manners.told[:] = lines

    def state(self) -> dict[str, Any]:
        """How it stands, for the control endpoint."""
        with self._lock:
            return {
                "what": "Rogatory provider emulator",
                "holds_real_data": False,
                "behave": [str(one) for one in self.manners.told],
                "identifier": f"{self.country} {self.identifier}",
                "objects": len(self.store.all()),
                "taken": self.store.counted("taken"),
                "repeated": self.store.counted("repeated"),
            }

    # --- HI1 ------------------------------------------------------------------------------------------

    def handle(self, content: bytes, authorization: str = "") -> Reply:
        """The reply to one message posted."""
        if self.token is not None and authorization != f"Bearer {self.token}":
            return Reply(401, b'{"error": "EMULATOR: no token, or a wrong one"}')
        with self._lock:
            struck = self.manners.on_the_way(content.decode("utf-8", "replace"))
            if struck is not None and struck.name == "throttle":
                return Reply(429, b"{}", headers={"Retry-After": str(struck.number(1))})
            reply = self._answered(content)
        return reply if struck is None else _struck(reply, struck)

    def _answered(self, content: bytes) -> Reply:
        try:
            value = plain(content)
        except BadInput as error:
            return self._refused(None, str(error))
        faults = check(value)
        if faults:
            return self._refused(value, "; ".join(str(one) for one in faults))
        if "RequestPayload" not in value["Payload"]:
            return self._refused(value, "this message asks for nothing")
        header = value["Header"]
        to = header["ReceiverIdentifier"]
        if (to["CountryCode"], to["UniqueIdentifier"]) != (self.country, self.identifier):
            return self._refused(value, "this message is for somebody else", _FOREIGN)
        transaction = header["TransactionIdentifier"]
        before = self.store.answer(transaction)
        if before is not None:
            if before[0] != digest(content):
                return self._refused(value, "this transaction was another message before", _REUSED)
            self.store.count("repeated")
            return Reply(body=before[1].encode())
        self.store.begin()
        try:
            reply = self._acted(value)
            if _changes(value):
                self.store.count("taken")
                self.store.keep_answer(transaction, digest(content), reply.body.decode())
            self.store.commit()
        except BaseException:
            self.store.rollback()
            raise
        return reply

    def _acted(self, value: dict[str, Any]) -> Reply:
        self.deeds.do_what_is_due()
        actions = value["Payload"]["RequestPayload"]["ActionRequests"]["ActionRequest"]
        answers = [
            {"ActionIdentifier": one["ActionIdentifier"], **self._one(one, value["Header"])}
            for one in actions
        ]
        payload = {"ResponsePayload": {"ActionResponses": {"ActionResponse": answers}}}
        return Reply(body=self._message(value, payload))

    def _one(self, action: dict[str, Any], header: dict[str, Any]) -> dict[str, Any]:
        if "LIST" in action:
            return {"LISTResponse": {"ListResponseRecord": self._listed(action["LIST"])}}
        if "GET" in action:
            kept = self.store.get(action["GET"]["Identifier"])
            if kept is None:
                return _error(_UNKNOWN, "no such object")
            self.store.fetched(kept.id)
            return {"GETResponse": {"HI1Object": _shown(kept)}}
        if "CREATE" in action:
            return self._made(action["CREATE"]["HI1Object"])
        if "UPDATE" in action:
            return self._changed(action["UPDATE"]["HI1Object"])
        return _error(_NOT_TAKEN, "nothing is delivered to this provider")

    def _listed(self, wanted: dict[str, Any]) -> list[dict[str, Any]]:
        since = datetime.fromisoformat(wanted["LastChanged"]) if "LastChanged" in wanted else None
        return [
            {
                "ObjectType": word("ObjectType", kept.kind),
                "Identifier": kept.id,
                "Generation": kept.generation,
                "LastChanged": seconds(kept.changed),
            }
            for kept in self.store.all()
            if since is None or kept.changed >= since
        ]

    def _made(self, value: dict[str, Any]) -> dict[str, Any]:
        named = value["ObjectIdentifier"]
        if self.store.get(named) is not None:
            return _error(_THERE, "there is an object with this identifier already")
        kind = _kind(value)
        if kind == "Authorisation":
            value = {**value, "ExternalIdentifier": f"EMULATOR-{self.store.count('references'):05d}"}
            value["auth:AuthorisationStatus"] = word("AuthorisationStatus", "Approved")
        if kind == "Document":
            # what is written to a provider that is none is not kept by it either
            value = {name: each for name, each in value.items() if name != "doc:DocumentBody"}
        kept = self.store.put(named, kind, value)
        if is_task(kept):
            kept = self.deeds.take_up(kept)
        if kind == "Notification":
            self._told(value)
        return {"CREATEResponse": {"Identifier": named, "HI1Object": _shown(kept)}}

    def _told(self, value: dict[str, Any]) -> None:
        sort = value.get("notification:NotificationType", {})
        if sort.get("common:Owner") != OURS:
            return
        for authorisation in associated(value):
            if sort["common:Value"] == Word.ANSWER:
                self.deeds.go_on(authorisation)
            elif sort["common:Value"] == Word.RENEWAL:
                self.deeds.keep_on(authorisation)

    def _changed(self, value: dict[str, Any]) -> dict[str, Any]:
        named = value["ObjectIdentifier"]
        before = self.store.get(named)
        if before is None or before.kind != _kind(value):
            return _error(_UNKNOWN, "no such object")
        kept = self.store.put(named, before.kind, {**before.value, **value})
        wanted = value.get("task:DesiredStatus") or {}
        if is_task(kept) and wanted.get("common:Value") == "Cancelled":
            self.deeds.cancel(kept)
        elif is_task(kept) and wanted.get("common:Value") == "Disclosed":
            for authorisation in associated(kept.value):
                self.deeds.go_on(authorisation)
        elif "task:DesiredPreservationExpiration" in value:
            until = value["task:DesiredPreservationExpiration"]
            self.store.forget_words(kept.id)
            self.store.say(kept.id, "status", {"status": "Preserved", "until": until}, 0)
        elif kept.kind == "Delivery":
            wanted = value.get("delivery:DeliveryDesiredStatus") or {}
            status = word("DeliveryStatus", wanted.get("common:Value", "Available"))
            self.store.put(named, kept.kind, {**kept.value, "delivery:DeliveryStatus": status})
        elif kept.kind == "Authorisation" and "auth:AuthorisationDesiredStatus" in value:
            status = word("AuthorisationStatus", value["auth:AuthorisationDesiredStatus"]["common:Value"])
            self.store.put(named, kept.kind, {**kept.value, "auth:AuthorisationStatus": status})
        return {"UPDATEResponse": {"Identifier": named}}

    # --- messages -------------------------------------------------------------------------------------

    def _message(self, question: dict[str, Any], payload: dict[str, Any]) -> bytes:
        header = question.get("Header", {})
        other = {"CountryCode": "XX", "UniqueIdentifier": "UNKNOWN"}
        value = {
            **NAMESPACES,
            "Header": {
                "SenderIdentifier": {"CountryCode": self.country, "UniqueIdentifier": self.identifier},
                "ReceiverIdentifier": header.get("SenderIdentifier", other),
                "TransactionIdentifier": header.get("TransactionIdentifier", str(uuid.UUID(int=0))),
                "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                "Version": {
                    "ETSIVersion": ETSI_VERSION,
                    "NationalProfileOwner": "Rogatory emulator",
                    "NationalProfileVersion": "v1.0",
                },
            },
            "Payload": payload,
        }
        return json.dumps(value).encode()

    def _refused(self, question: Any, text: str, code: int = _REFUSED) -> Reply:
        shaped = question if isinstance(question, dict) and isinstance(question.get("Header"), dict) else {}
        trouble = {"ResponsePayload": {"ErrorInformation": _trouble(code, text)}}
        return Reply(400, self._message(shaped, trouble))


def _struck(reply: Reply, by: Behaviour) -> Reply:
    """The reply as it comes out of a bad line."""
    if by.name == "lose":
        return Reply(drop=True)
    if by.name == "malformed":
        if by.value == "html":
            page = b"<html><body>EMULATOR: something went wrong</body></html>"
            return Reply(502, page, kind="text/html")
        return Reply(body=reply.body[: len(reply.body) // 2])
    value = json.loads(reply.body)
    value["Header"]["TransactionIdentifier"] = str(uuid.uuid4())
    return Reply(reply.status, json.dumps(value).encode())


def _changes(value: dict[str, Any]) -> bool:
    actions = value["Payload"]["RequestPayload"]["ActionRequests"]["ActionRequest"]
    return any(verb in one for one in actions for verb in ("CREATE", "UPDATE", "DELIVER"))


def _shown(kept: Kept) -> dict[str, Any]:
    value = {name: each for name, each in kept.value.items() if not name.startswith("emulator:")}
    return {**value, "Generation": kept.generation, "LastChanged": seconds(kept.changed)}


def _kind(value: dict[str, Any]) -> str:
    return str(value["@xsi:type"]).rsplit("}", 1)[-1].removesuffix("Object")


def _error(code: int, text: str) -> dict[str, Any]:
    return {"ErrorInformation": _trouble(code, text)}


def _trouble(code: int, text: str) -> dict[str, Any]:
    return {"ErrorCode": code, "ErrorDescription": f"{SAYS} {text}"[:4000]}
