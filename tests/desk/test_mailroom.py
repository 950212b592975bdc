"""Do letters between two houses arrive once and provably, whatever the mail does to them?

Real SMTP and IMAP servers, real records and keys of both houses, the real activity that posts; the engine of
the receiver is a fake (FakeOffice), and the test walks the sender's letters as the workflow does.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from activities.posting import Posting
from desk.mailroom import MAILROOM, collect
from letters import smime
from letters.carriers import mail as carrier
from letters.carriers.http import HttpCarrier
from letters.carriers.mail import MailCarrier, mail_carrier
from letters.channels import MAIL
from letters.compact import parse, plain_json
from letters.verify import verify_head
from records.answers import Answers
from records.open import Records
from records.references import HOUSE
from schemas.case import LawRecorded, OutStatus
from schemas.errors import Unavailable, WrongMove
from schemas.ids import digest
from schemas.messages import Receipt
from schemas.moves import Acknowledge, Actor, Arrive, Ask, Move, MoveBody, MoveReply, Posted
from schemas.settings import settings_of
from schemas.vocabulary import Kind, Side
from schemas.work import PostDone, PostWork, SealWork
from tests.letters.correspondents import ANNEX, PAPER, request
from tests.letters.fake_office import FIRST, FakeOffice, work_of
from tests.letters.mail.sides import reached, two_homes
from tests.letters.postoffice import PostOffice, Road

LAW = LawRecorded(edition="e", on=date(2026, 11, 21), assessment=digest(b"a"), channel="central-authority")
ROUNDS = 60
"""Rounds until a test gives up."""


class SendingOffice(FakeOffice):
    """The asking house: keeps its letters in its state, as a case does, and takes the mailroom's moves."""

    ref = ""
    outbox: list[OutStatus]

    def begin(self) -> None:
        self.ref, self.outbox = self.records.references.next(Kind.MLA, datetime.now(UTC).date()), []
        self.records.keys.create(self.ref)
        FIRST[self.ref] = Arrive(request=request(attachments=(ANNEX,)), foreign_ref=self.ref)
        self.file(Move(key="begin", actor=Actor(id="x", house="us"), body=FIRST[self.ref]))

    def file(self, move: Move) -> None:
        """The state with the outbox of now."""
        work = work_of("de", self.ref, Side.OUTGOING, move, self._next(self.ref))
        state = work.state.model_copy(update={"outbox": list(self.outbox), "law": LAW})
        row = work.row.model_copy(update={"their_ref": None})
        self.records.file(work.model_copy(update={"state": state, "row": row}))

    def settle(self, message: str, **changes: Any) -> None:
        self.outbox = [one.model_copy(update=changes) if one.id == message else one for one in self.outbox]

    async def deliver(self, ref: str, move: Move) -> MoveReply:
        if self.refuse is not None:
            raise self.refuse
        assert isinstance(move.body, Posted)
        assert (move.body.result, move.actor.id) == ("again", MAILROOM)
        self.settle(move.body.message, status="queued", problem="again")
        self.file(move)
        return await super().deliver(ref, move.model_copy(update={"key": f"{move.key}+"}))


@dataclass
class Pair:
    """DE writes to US over these servers; its HTTP reaches nobody."""

    office: PostOffice
    de: SendingOffice
    us: FakeOffice
    ways: dict[str, MailCarrier]
    posting: Posting
    tries: dict[str, int] = field(default_factory=dict)

    def seal(self, body: MoveBody, number: int) -> str:
        """A letter made, sealed and queued."""
        message = f"de.{self.de.ref}.m{number}.{number:08x}".lower()
        done = self.posting.seal(
            SealWork(
                ref=self.de.ref,
                message=message,
                recipient="us",
                recipient_ref=None,
                at=datetime.now(UTC),
                body=body,
            )
        )
        assert done.due is not None
        out = OutStatus(
            id=message, event=body.event, sealed=done.sealed, status="queued", queued=datetime.now(UTC)
        )
        self.de.outbox = [*self.de.outbox, out]
        self.file(body)
        return message

    def file(self, body: MoveBody) -> None:
        key = f"{body.event}{len(self.de.outbox)}{sum(self.tries.values())}"
        self.de.file(Move(key=key, actor=Actor(id="x", house="us"), body=body))

    def post_next(self) -> PostDone | None:
        """What the workflow does: the oldest letter, unless one before it is not known to be there."""
        first = next((one for one in self.de.outbox if one.status in ("queued", "relayed")), None)
        if first is None or first.status == "relayed":
            return None
        self.tries[first.id] = self.tries.get(first.id, 0) + 1
        work = PostWork(ref=self.de.ref, message=first.id, recipient="us", sealed=first.sealed)
        done = self.posting.post(work)
        if done.relayed:
            self.de.settle(first.id, status="relayed", relayed=datetime.now(UTC), way=done.way)
        else:
            status = "delivered" if done.delivered else "refused"
            self.de.settle(first.id, status=status, receipt=done.receipt, problem=done.code)
        self.file(Acknowledge())
        return done

    async def exchange(self) -> None:
        """Until every letter is settled. Mail is brought late, and a letter that stays away is sent again by
        a person, as after its time-out."""
        for turn in range(ROUNDS):
            self.post_next()
            for name, office in (("us", self.us), ("de", self.de)):
                await collect(office, self.ways[name])
            if turn % 3 == 2:
                self.office.bring_late()
            if turn % 5 == 4:
                for one in [one for one in self.de.outbox if one.status == "relayed"]:
                    self.de.settle(one.id, status="queued")
            if all(one.status in ("delivered", "refused") for one in self.de.outbox):
                return
        raise AssertionError(f"not settled: {[one.status for one in self.de.outbox]}")


class NoHttp(HttpCarrier):
    """The other house's address leads nowhere."""

    def send(self, recipient: object, parcel: object) -> str:
        raise Unavailable("House us does not answer.", where="https://us.example")


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_homes(tmp_path_factory.mktemp("homes"))


@pytest.fixture
def pair(homes: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Pair]:
    monkeypatch.setenv("ROGATORY_HOME", os.fspath(homes))
    road = getattr(request, "param", Road())
    with PostOffice(road) as office, NoHttp() as http:
        de, us = SendingOffice(homes / "de"), FakeOffice(homes / "us")
        ways = {}
        for one in (de, us):
            way = mail_carrier(reached(settings_of(one.settings.home), office), one.trust)
            assert way is not None
            ways[one.settings.house] = way
        posting = Posting(
            de.records.vault,
            de.key,
            de.trust,
            http,
            "de",
            "DE",
            mail=ways["de"],
            law_of=lambda ref: LAW,
            answer_of=Answers(de.records.attempts).of,
        )
        de.begin()
        de.records.vault.put(de.ref, PAPER)
        made = Pair(office, de, us, ways, posting)
        with closing(ways["de"]), closing(ways["us"]):
            # the carrier that fails is tried first, and then given up for the other
            first = made.seal(FIRST[de.ref], 1)
            for _ in range(3):
                with pytest.raises(Exception, match="does not answer"):
                    made.posting.post(
                        PostWork(ref=de.ref, message=first, recipient="us", sealed=digest_of(de))
                    )
            yield made
        de.records.close()
        us.records.close()


def digest_of(office: SendingOffice) -> str:
    return office.outbox[0].sealed


def refusals(records: Records) -> list[dict[str, Any]]:
    entries = [entry for entry in records.ledger.entries(HOUSE) if entry.event == "refused"]
    return [json.loads(entry.detail) for entry in entries if entry.detail is not None]


def receipts(pair: Pair) -> list[Receipt]:
    """The receipts of our letters as they lie in our vault."""
    kept = [one.receipt for one in pair.de.outbox if one.receipt is not None]
    texts = [pair.de.records.vault.get(pair.de.ref, each).decode() for each in kept]
    return [Receipt.model_validate(plain_json(parse(text).payload)) for text in texts]


def agreed(pair: Pair, messages: list[str]) -> None:
    """Each message is in the other ledger once, in order, as the bytes we sealed; each has its receipt, with
    a head that this ledger has reached."""
    entries = {
        entry.message: entry
        for ref in {row.ref for row in pair.us.records.docket.by_reference(pair.de.ref)}
        for entry in pair.us.records.ledger.entries(ref)
        if entry.message is not None and entry.move is not None
    }
    whole = len(list(pair.us.records.ledger.export()))
    assert list(entries) == messages
    assert [entry.sealed for entry in entries.values()] == [one.sealed for one in pair.de.outbox]
    made = [move for _, move in pair.us.moves]
    assert sorted({move.message or "" for move in made}) == sorted(messages)
    for receipt, message in zip(receipts(pair), messages, strict=True):
        assert (receipt.message, receipt.event, receipt.house) == (message, "delivered", "us")
        assert receipt.head is not None
        head = verify_head(receipt.head, pair.de.trust, "us", datetime.now(UTC))
        assert 0 < head.count <= whole


async def test_a_letter_by_mail_is_relayed_until_the_signed_receipt_is_here(pair: Pair) -> None:
    done = pair.post_next()
    assert done is not None
    assert (done.relayed, done.delivered, done.way) == (True, False, MAIL)
    assert "http: it failed 3 times" in done.why
    assert done.due is not None
    assert done.due > datetime.now(UTC)
    assert pair.post_next() is None
    assert (await collect(pair.us, pair.ways["us"])).answered == 1
    assert (await collect(pair.de, pair.ways["de"])).receipts == 1
    done = pair.post_next()
    assert done is not None
    assert (done.delivered, done.relayed) == (True, False)
    assert len(pair.office.sent) == 2
    agreed(pair, [pair.de.outbox[0].id])
    for name, office in (("us", pair.us), ("de", pair.de)):
        assert await collect(office, pair.ways[name]) == type(await collect(office, pair.ways[name]))()


ROADS = [
    Road(1, lost=0.4),
    Road(2, doubled=0.8),
    Road(3, late=0.6, shuffled=True),
    Road(4, lost=0.25, doubled=0.4, late=0.4, shuffled=True),
    Road(5, lost=0.4, doubled=0.4, late=0.3, shuffled=True),
]


@pytest.mark.parametrize("pair", ROADS, indirect=True, ids=lambda road: f"seed{road.seed}")
async def test_lost_doubled_late_and_shuffled_mail_leaves_both_ledgers_agreed(pair: Pair) -> None:
    messages = [pair.de.outbox[0].id]
    messages += [pair.seal(Ask(id=f"q{number}", text="When?"), number) for number in (2, 3)]
    await pair.exchange()
    assert [one.status for one in pair.de.outbox] == ["delivered"] * 3
    agreed(pair, messages)


async def test_a_receipt_that_is_none_changes_nothing_and_is_registered(pair: Pair) -> None:
    message = pair.de.outbox[0].id
    pair.post_next()
    us, house = pair.ways["us"], pair.us.trust.house("de")
    assert house is not None
    before = len(refusals(pair.de.records))
    await collect(pair.us, us)
    [good] = [one.content for one in pair.ways["de"].collect()]
    forged = [
        pair.us.sign(b'{"message":"%s","type":"rogatory/receipt/1"}' % message.encode()),
        pair.us.sign(b'{"message":"de.nothing.m1.00000000","type":"rogatory/receipt/1"}'),
        pair.de.sign(parse(good.decode()).payload),
        "no.signature.here",
    ]
    for number, text in enumerate(forged):
        us.answer(house, f"forged-{number:03}", text)
    done = await collect(pair.de, pair.ways["de"])
    assert (done.receipts, done.refused) == (1, 4)
    found = refusals(pair.de.records)[before:]
    codes = [each["code"] for each in found]
    assert codes == ["receipt-of-another"] * 4
    posted = pair.post_next()
    assert posted is not None
    assert posted.delivered


async def test_a_refusal_comes_back_signed_and_is_final(pair: Pair) -> None:
    pair.us.refuse = WrongMove("Not now.", allowed=["decide"])
    await pair.exchange()
    [letter] = pair.de.outbox
    assert (letter.status, letter.problem) == ("refused", "wrong-move")


async def test_while_a_part_of_ours_is_down_the_mail_waits(pair: Pair) -> None:
    pair.post_next()
    pair.us.refuse = Unavailable("The engine does not answer.")
    assert (await collect(pair.us, pair.ways["us"])).waiting == 1
    assert (await collect(pair.us, pair.ways["us"])).waiting == 1
    pair.us.refuse = None
    assert (await collect(pair.us, pair.ways["us"])).answered == 1


async def test_a_receipt_waits_for_a_case_that_cannot_take_it_yet(pair: Pair) -> None:
    pair.post_next()
    await collect(pair.us, pair.ways["us"])
    message = pair.de.outbox[0].id
    pair.de.settle(message, status="queued")
    pair.file(Acknowledge())
    assert (await collect(pair.de, pair.ways["de"])).waiting == 1
    pair.de.settle(message, status="relayed")
    pair.file(Acknowledge())
    pair.de.refuse = Unavailable("The engine does not answer.")
    assert (await collect(pair.de, pair.ways["de"])).waiting == 1
    pair.de.refuse = WrongMove("It was settled meanwhile.", allowed=[])
    assert (await collect(pair.de, pair.ways["de"])).receipts == 1
    assert Answers(pair.de.records.attempts).of(message) is not None


async def test_strange_mail_is_registered_once_and_answered_by_nobody(pair: Pair) -> None:
    before = len(refusals(pair.us.records))
    for _ in range(2):
        pair.office.take("exchange@us.example", b"Subject: hello\r\n\r\nbuy now %d" % before)
    done = await collect(pair.us, pair.ways["us"])
    assert done.refused == 2
    found = refusals(pair.us.records)[before:]
    assert [(each["code"], each["sender"], each["by"]) for each in found] == [("not-smime", "?", "mail")]
    assert len(pair.office.sent) == 2


async def test_a_house_brings_its_own_letters_only(pair: Pair) -> None:
    before = len(refusals(pair.us.records))
    pair.post_next()
    [mail] = pair.ways["us"].collect()
    pair.ways["us"].settle(mail)
    us = pair.us.trust.house("us")
    assert us is not None
    # the same parcel once more, in a mail of another house that is known here
    closed = smime.close(
        carrier._inside("parcel.json", mail.content), pair.ways["us"]._key, us, datetime.now(UTC)
    )
    outside = carrier._outside("other-id", "a@b.example", "c@d.example", closed)
    pair.office.take("exchange@us.example", outside.as_bytes())
    assert (await collect(pair.us, pair.ways["us"])).refused == 1
    assert [each["code"] for each in refusals(pair.us.records)[before:]] == ["wrong-sender"]
    assert pair.us.moves == []
