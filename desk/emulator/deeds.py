"""What does the emulated provider do with a task, and how does each deed change what it holds?"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from desk.emulator.behaviour import Behaviour, Manners
from desk.emulator.store import Kept, Store
from letters.ts103120.dictionaries import ETSI, NOTIFICATION_TYPE, OBJECTIONS, OURS, Word
from letters.ts103120.evidence import MANIFEST
from letters.ts103120.fields import seconds
from schemas.ids import digest

SAYS = "EMULATOR, no real data:"
"""Begins every text it sends."""
OWNER = "ROGATORY-EMULATOR"
KEEPS_DAYS = 90
ITEMS = 2

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "tag:rogatory:provider-emulator")
_DELIVERY = "{http://uri.etsi.org/03120/common/2019/10/Delivery}DeliveryObject"
_NOTIFICATION = "{http://uri.etsi.org/03120/common/2016/02/Notification}NotificationObject"


def word(name: str, value: str, owner: str = ETSI) -> dict[str, str]:
    """A word of a dictionary as plain JSON."""
    return {"common:Owner": owner, "common:Name": name, "common:Value": value}


def account_of(value: dict[str, Any]) -> str:
    """The account that a task is about."""
    values = value.get("task:RequestDetails", {}).get("task:RequestValues", {})
    first = (values.get("task:RequestValue") or [{}])[0]
    return str(first.get("task:Value", ""))


def associated(value: dict[str, Any]) -> list[str]:
    """Identifiers of the objects it belongs to."""
    found = value.get("AssociatedObjects", {}).get("AssociatedObject", [])
    return [str(one).lower() for one in found]


def is_task(kept: Kept | None) -> bool:
    return kept is not None and kept.kind in ("LPTask", "LDTask")


class Deeds:
    """What a provider does, on one store."""

    def __init__(self, store: Store, manners: Manners, country: str) -> None:
        self.store = store
        self.manners = manners
        self.country = country

    def take_up(self, kept: Kept) -> Kept:
        """A new task: acknowledged at once, and dealt with as the emulator behaves now."""
        told, late = self.manners.for_account(account_of(kept.value))
        if told.name == "silent":
            return kept
        waiting = "AwaitingPreservation" if kept.kind == "LPTask" else "AwaitingDisclosure"
        taken = self._status(kept, waiting)
        plan = {
            "refuse": self._refuse,
            "question": self._question,
            "object": self._object,
        }.get(told.name, self._answer)
        plan(taken, told, late)
        return self.store.get(kept.id) or taken

    def go_on(self, authorisation: str) -> None:
        """A question was answered, or an objection reviewed: what waited for that is answered now."""
        for kept in self.tasks_of(authorisation):
            if kept.value.get("emulator:waits"):
                value = {name: each for name, each in kept.value.items() if name != "emulator:waits"}
                self.store.put(kept.id, kept.kind, value)
                self._answer(kept, Behaviour("answer"), 0)

    def keep_on(self, authorisation: str) -> None:
        """Data are asked to be kept longer, and no day is named: as long again from now."""
        for kept in self.tasks_of(authorisation):
            if kept.kind == "LPTask" and _value(kept.value.get("task:Status")) == "Preserved":
                self.store.say(kept.id, "status", {"status": "Preserved", "until": _until(KEEPS_DAYS)}, 0)

    def cancel(self, kept: Kept) -> None:
        """The task is not wanted any more."""
        self.store.forget_words(kept.id)
        self._status(kept, "Cancelled")

    def tasks_of(self, authorisation: str) -> list[Kept]:
        """Every task that belongs to it."""
        return [one for one in self.store.all() if is_task(one) and authorisation in associated(one.value)]

    def do_what_is_due(self) -> None:
        """Every deed whose time has come."""
        for target, deed, detail in self.store.due():
            kept = self.store.get(target)
            if kept is None:
                continue
            if deed == "status":
                self._status(kept, detail["status"], detail.get("code"), detail.get("until"))
            elif deed == "again":
                self.store.put(kept.id, kept.kind, kept.value)
            elif deed == "notify":
                self._notify(kept, detail["word"], detail["text"])
            elif deed == "deliver":
                self._deliver(kept, detail["copy"])

    # --- plans ----------------------------------------------------------------------------------------

    def _answer(self, kept: Kept, told: Behaviour, late: int) -> None:
        if kept.kind == "LPTask":
            wanted = kept.value.get("task:DesiredPreservationExpiration") or _until(KEEPS_DAYS)
            self.store.say(kept.id, "status", {"status": "Preserved", "until": wanted}, late)
        else:
            self.store.say(kept.id, "status", {"status": "Disclosed"}, late)
            self.store.say(kept.id, "deliver", {"copy": 0}, late)
        if told.name == "duplicate":
            self.store.say(kept.id, "again", {}, late)
            if kept.kind == "LDTask":
                self.store.say(kept.id, "deliver", {"copy": 1}, late)
        if told.name == "contradict":
            other: dict[str, Any] = {"status": "Rejected", "code": 1}
            if kept.kind == "LPTask":
                other = {"status": "Preserved", "until": _until(KEEPS_DAYS - 30)}
            self.store.say(kept.id, "status", other, None)

    def _refuse(self, kept: Kept, told: Behaviour, late: int) -> None:
        self.store.say(kept.id, "status", {"status": "Rejected", "code": told.number(1)}, late)

    def _question(self, kept: Kept, told: Behaviour, late: int) -> None:
        self._wait(kept)
        text = "which of the accounts of that name is meant?"
        self.store.say(kept.id, "notify", {"word": Word.QUESTION.value, "text": text}, late)

    def _object(self, kept: Kept, told: Behaviour, late: int) -> None:
        self._wait(kept)
        if kept.kind == "LPTask":
            self.store.say(kept.id, "status", {"status": "PreservationNotAvailable", "code": 2}, late)
            return
        ground = told.value or "impossible"
        sort = next(name for name, known in OBJECTIONS.items() if known == ground)
        text = f"we cannot disclose ({ground})"
        self.store.say(kept.id, "notify", {"word": str(sort), "text": text}, late)

    def _wait(self, kept: Kept) -> None:
        self.store.put(kept.id, kept.kind, {**kept.value, "emulator:waits": True})

    # --- deeds ----------------------------------------------------------------------------------------

    def _status(self, kept: Kept, status: str, code: int | None = None, until: str | None = None) -> Kept:
        value = {**kept.value, "task:Status": word(f"{kept.kind}Status", status)}
        value["ExternalIdentifier"] = self._reference(kept)
        value.pop("task:StatusReason", None)
        if code is not None:
            text = f"{SAYS} {status}, as it was told to behave"
            value["task:StatusReason"] = {"ErrorCode": code, "ErrorDescription": text}
        if until is not None:
            value["task:PreservationExpiration"] = until
        return self.store.put(kept.id, kept.kind, value)

    def _reference(self, kept: Kept) -> str:
        for named in associated(kept.value):
            held = self.store.get(named)
            if held is not None and held.kind == "Authorisation":
                return str(held.value["ExternalIdentifier"])
        return f"EMULATOR-{kept.id[:8]}"

    def _notify(self, kept: Kept, sort: str, text: str) -> None:
        named = str(uuid.uuid5(_SPACE, f"{kept.id} {sort} {self.store.count('notifications')}"))
        value = {
            "@xsi:type": _NOTIFICATION,
            "ObjectIdentifier": named,
            "CountryCode": self.country,
            "OwnerIdentifier": OWNER,
            "AssociatedObjects": {"AssociatedObject": [kept.id, *associated(kept.value)]},
            "notification:NotificationDetails": f"{SAYS} {text}",
            "notification:NotificationType": word(NOTIFICATION_TYPE, sort, OURS),
            "notification:NewNotification": True,
            "notification:NotificationTimestamp": seconds(datetime.now(UTC)),
        }
        self.store.put(named, "Notification", value)

    def _deliver(self, kept: Kept, copy: int) -> None:
        named = str(uuid.uuid5(_SPACE, f"delivery {kept.id} {copy}"))
        items = [self._item(kept.id, number) for number in range(1, ITEMS + 1)]
        external = {
            "delivery:ManifestID": MANIFEST,
            "delivery:ManifestContents": {"delivery:JSONSchema": {"type": "object"}},
        }
        value = {
            "@xsi:type": _DELIVERY,
            "ObjectIdentifier": named,
            "CountryCode": self.country,
            "OwnerIdentifier": OWNER,
            "AssociatedObjects": {"AssociatedObject": [kept.id, *associated(kept.value)]},
            "delivery:Reference": {"delivery:LDID": kept.value.get("task:Reference")},
            "delivery:DeliveryID": str(uuid.uuid5(_SPACE, f"delivery id {kept.id}")),
            "delivery:SequenceNumber": 1,
            "delivery:LastSequence": True,
            "delivery:Manifest": {"delivery:ExternalSchema": external},
            "delivery:Delivery": {"delivery:JSONData": {"emulator": SAYS, "items": items}},
            "delivery:DeliveryStatus": word("DeliveryStatus", "Available"),
        }
        self.store.put(named, "Delivery", value)

    def _item(self, task: str, number: int) -> dict[str, Any]:
        return {
            "description": f"{SAYS} invented item {number}",
            "kind": "invented-log",
            "sha256": digest(f"{SAYS} {task} {number}".encode()),
            "size": 1000 + number,
            "custodian": "Rogatory provider emulator (no real data)",
        }


def _until(days: int) -> str:
    return seconds(datetime.now(UTC) + timedelta(days=days))


def _value(found: Any) -> str:
    return str(found.get("common:Value", "")) if isinstance(found, dict) else ""
