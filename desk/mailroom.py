"""What happens to the letters and receipts that other houses send us by mail?

Round after round the mailbox is asked for what is new. A parcel goes through the same door as one that was
posted to us (`desk.inbound`), and the signed receipt goes back by mail. A receipt is believed as over HTTP,
kept, and its letter is given to the carrier again, which finds the answer there. A mail is settled last:
whatever happens before, the next round does the rest, and nothing twice. What is refused is registered with
the reason.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from desk.inbound import Door as Inbound
from desk.inbound import receive
from letters import smime
from letters.carriers.mail import Mail, MailCarrier, claimed, envelope_in, mail_carrier
from letters.trust import TrustedHouse, TrustList
from letters.verify import UNREAD, Refused, verify_receipt
from records.answers import Answers
from records.open import Records
from records.references import HOUSE
from schemas.case import CaseState, OutStatus
from schemas.errors import NotFound, RogatoryError, Unavailable
from schemas.moves import Actor, Move, Posted
from schemas.settings import Settings
from schemas.vocabulary import Role

PAUSE_SECONDS = 15.0
MAILROOM = "mailroom"
"""Account that gives a letter back to its carrier; no person may use it."""
CAME = "their signed receipt came by mail"

_OURS = re.compile(r"(?P<house>[a-z0-9-]+)\.(?P<ref>.+)\.m\d+\.[0-9a-f]{8}")
_AWAITED = frozenset({"relayed", "uncertain", "by-hand"})

_log = logging.getLogger(__name__)


class Way(Protocol):
    """What of the carrier by mail is needed here (`letters.carriers.mail.MailCarrier`)."""

    def collect(self) -> Sequence[Mail]: ...
    def settle(self, mail: Mail) -> None: ...
    def answer(self, recipient: TrustedHouse, message: str, receipt: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did, in numbers of mails: parcels answered, receipts taken, those refused, and those
    that wait for the next round because a part of ours did not answer."""

    answered: int = 0
    receipts: int = 0
    refused: int = 0
    waiting: int = 0


async def collect(office: Inbound, way: Way) -> Round:
    """One round. Safe to repeat, and to break off at any moment."""
    done = dict.fromkeys(("answered", "receipts", "refused", "waiting"), 0)
    for mail in await asyncio.to_thread(way.collect):
        try:
            did = await _take(office, way, mail)
            await asyncio.to_thread(way.settle, mail)
        except RogatoryError as error:
            _log.warning("a mail waits: %s", error.code)
            did = "waiting"
        done[did] += 1
    return Round(**done)


async def keep_mailroom(office: Inbound, way: Way, pause: float = PAUSE_SECONDS) -> None:
    """Round after round until cancelled. What goes wrong is logged, and tried again later."""
    while True:
        try:
            await collect(office, way)
        except RogatoryError as error:
            _log.warning("the mailroom waits: %s", error.code)
        except Exception as error:
            # The text of a foreign exception may carry what it was working on.
            _log.error("the mailroom failed: %s", type(error).__name__)
        await asyncio.sleep(pause)


def mail_way(settings: Settings, trust: TrustList) -> MailCarrier | None:
    """The way by mail of a house; None if it exchanges no letters so."""
    return mail_carrier(settings, trust)


# --- one mail -------------------------------------------------------------------------------------------


async def _take(office: Inbound, way: Way, mail: Mail) -> str:
    if mail.house is None or mail.refused is not None or mail.kind is None:
        return await asyncio.to_thread(_register, office, mail, mail.refused or _unread())
    try:
        if mail.kind == "receipt":
            return await _receipt(office, mail, mail.house)
        return await _parcel(office, way, mail, mail.house)
    except Refused as refused:
        return await asyncio.to_thread(_register, office, mail, refused)


async def _parcel(office: Inbound, way: Way, mail: Mail, house: TrustedHouse) -> str:
    """Through the door, and the receipt back to who sent it: a house brings its own letters only."""
    message, sender = claimed(envelope_in(mail.content))
    if sender not in (house.id, UNREAD):
        raise smime.refused("wrong-sender", house.id, sender)
    answer = await receive(office, mail.content)
    if answer.receipt is None and answer.status == 413:
        raise smime.refused(
            "over-limit", f"at most {office.settings.body_limit} bytes", f"{len(mail.content)}"
        )
    if answer.receipt is None:
        raise Unavailable("A part of this house does not answer.", where=message)
    if message == UNREAD:
        # it was refused and registered; without an id there is nothing that the answer could be about
        return "refused"
    await asyncio.to_thread(way.answer, house, message, answer.receipt)
    return "answered"


async def _receipt(office: Inbound, mail: Mail, house: TrustedHouse) -> str:
    """Believed, kept, and its letter given to the carrier again."""
    message, _ = claimed(mail.content)
    state, letter = await asyncio.to_thread(_letter, office, message, house)
    jws = mail.content.decode("ascii").strip()
    await asyncio.to_thread(_keep, office, state, letter, jws)
    if letter.status == "queued":
        raise Unavailable("The letter is being sent still.", where=message, code="not-filed-yet")
    if letter.status in _AWAITED and letter.receipt is None:
        at = datetime.now(UTC)
        body = Posted(message=message, happened_at=at, result="again", proof=CAME)
        actor = Actor(id=MAILROOM, house=office.settings.house, roles=(Role.OFFICER,))
        move = Move(key=f"{MAILROOM}:{message}:{mail.of}", actor=actor, body=body)
        try:
            await office.deliver(state.ref, move)
        except RogatoryError as error:
            if error.retry:
                raise
            # somebody settled the letter meanwhile; the receipt is with the case all the same
            await office.register_refusal(state.ref, move, error)
    return "receipts"


def _letter(office: Inbound, message: str, house: TrustedHouse) -> tuple[CaseState, OutStatus]:
    """Our case and the letter in it that a receipt of `house` is about. Raises Refused."""
    found = _OURS.fullmatch(message)
    wanted = found["ref"] if found is not None and found["house"] == office.settings.house else ""
    for row in office.records.docket.by_reference(wanted, aliases=False) if wanted else ():
        if row.counterpart_house != house.id:
            continue
        try:
            state = office.records.states.latest(row.ref)
        except NotFound:  # erased
            continue
        for letter in state.outbox:
            if letter.id == message:
                return state, letter
    raise smime.refused("receipt-of-another", f"a letter of ours to {house.id}", message)


def _keep(office: Inbound, state: CaseState, letter: OutStatus, jws: str) -> None:
    """Keep the receipt of `letter` where its carrier looks for it. Raises Refused if it is not one."""
    sealed = office.records.vault.get(state.ref, letter.sealed).decode()
    recipient = state.counterpart.house or ""
    verify_receipt(
        jws,
        office.trust,
        envelope=sealed,
        message=letter.id,
        recipient=recipient,
        at=datetime.now(UTC),
    )
    office.records.vault.put(state.ref, jws.encode())
    Answers(office.records.attempts).keep(letter.id, recipient, jws)


# --- refused --------------------------------------------------------------------------------------------


def _register(office: Inbound, mail: Mail, refused: Refused) -> str:
    """Write it down, once for the same bytes. Who sent it learns nothing: it is not known who did."""
    records: Records = office.records
    key, sender = f"mail refused {mail.of}", mail.house.id if mail.house is not None else UNREAD
    if records.attempts.begin(key, sender, "refused", mail.of) is None:
        detail = {
            "code": refused.code,
            "claim": refused.where,
            "reason": refused.what,
            "sender": sender,
            "content": mail.of,
            "size": mail.size,
            "by": "mail",
        }
        actor = Actor(id="house", house=office.settings.house)
        records.ledger.note(HOUSE, actor, "refused", detail, datetime.now(UTC))
        records.attempts.finish(key, json.dumps({"refused": refused.code}))
    return "refused"


def _unread() -> Refused:
    return smime.refused("malformed", "a parcel or a receipt", "neither")
