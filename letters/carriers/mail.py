"""How does a parcel travel by e-mail to another house, and how does its receipt come back?

One attachment in one message, signed and encrypted for that house (`letters.smime`), over the mail server of
the house; what others sent waits in a mailbox (`letters.carriers.mailbox`). Subject and headers carry the
message id and nothing else. Mail may be lost, doubled, late or out of order: the receiver knows a message
again by its id, and until the signed receipt is here a letter counts as relayed, not as delivered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import SMTP, compat32
from email.utils import format_datetime, make_msgid
from typing import Literal

from letters.carriers.mailbox import Mailbox, Waiting, mailbox_of
from letters.compact import parse, plain_json
from letters.mail import MailServer, exchange_server
from letters.smime import MailKey, close, load_mail_key, opened, refused
from letters.trust import TrustedHouse, TrustList
from letters.verify import UNREAD, Refused
from schemas.errors import EnvelopeRefused, RogatoryError, Unavailable
from schemas.ids import FILE_NAME, digest
from schemas.messages import Parcel
from schemas.settings import Settings

PARCEL, RECEIPT = "parcel.json", "receipt.jws"
KINDS: dict[str, Literal["parcel", "receipt"]] = {PARCEL: "parcel", RECEIPT: "receipt"}
OUTSIDE = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
MOST_PARTS = 4
LONGEST_LINE = 998
_ID = re.compile(r"[a-z0-9][a-z0-9._/-]{7,159}")


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail that came. `house` closed it, and `content` is what it brings, unless it is `refused`.

    `uid` names it in the mailbox, `of` is the digest of its bytes (of what is told of it, if it was too large
    to be fetched).
    """

    uid: int
    of: str
    size: int
    kind: Literal["parcel", "receipt"] | None = None
    house: TrustedHouse | None = None
    content: bytes = b""
    refused: Refused | None = None


def mail_carrier(settings: Settings, trust: TrustList) -> MailCarrier | None:
    """The way by mail; None if the house exchanges no letters so. Raises BadInput, NotFound for a house whose
    settings or key for it cannot work."""
    server = exchange_server(settings)
    if server is None:
        return None
    return MailCarrier(server, mailbox_of(settings), load_mail_key(settings.keys), trust, settings.body_limit)


class MailCarrier:
    """Carrier by S/MIME between houses. `limit`: bytes of the largest parcel. Close it at the end."""

    def __init__(
        self, server: MailServer, mailbox: Mailbox, key: MailKey, trust: TrustList, limit: int
    ) -> None:
        self._server = server
        self._mailbox = mailbox
        self._key = key
        self._trust = trust
        # base64 within base64, and lines
        self._limit = 2 * limit

    def send(self, recipient: TrustedHouse, parcel: Parcel) -> None:
        """See `letters.carriers.Carrier`. Never a receipt at once: that is collected."""
        named = _id_of(plain_json(parse(parcel.envelope).payload).get("id"))
        self._post(recipient, named, PARCEL, parcel.model_dump_json().encode())

    def answer(self, recipient: TrustedHouse, message: str, receipt: str) -> None:
        """Send back the signed `receipt` of `message`. Raises as `send` does."""
        self._post(recipient, _id_of(message), RECEIPT, receipt.encode("ascii"))

    def collect(self) -> Sequence[Mail]:
        """What waits in the mailbox and was not settled, some of it if it is much. Raises Unavailable."""
        at = datetime.now(UTC)
        return [self._read(one, at) for one in self._mailbox.waiting(self._limit)]

    def settle(self, mail: Mail) -> None:
        """It was taken in or registered: it is not brought again."""
        self._mailbox.settle(mail.uid)

    def close(self) -> None:
        """Give the connection back."""
        self._mailbox.close()

    # --- out ------------------------------------------------------------------------------------------

    def _post(self, recipient: TrustedHouse, message: str, name: str, content: bytes) -> None:
        address = recipient.email
        if address is None:
            raise Unavailable(
                f"House {recipient.id} has no address for letters by mail.",
                where="trust.json",
                next_step="introduce it again with its address; the letter waits",
                code="no-mail-address",
            )
        inside = _inside(name, content)
        if len(inside) > self._limit:
            raise EnvelopeRefused(
                "The parcel is too large for a mail.",
                where=message,
                next_step="send fewer or smaller documents, or bring them by another way",
                code="too-large",
            )
        closed = close(inside, self._key, recipient, datetime.now(UTC))
        taken: list[bool] = []
        letter = _outside(message, self._server.sender, address, closed)
        self._server.send([(address, letter)], lambda _, was: taken.append(was))
        if taken != [True]:
            raise EnvelopeRefused(
                f"The mail server takes no such message for house {recipient.id}.",
                where=message,
                next_step="check the address in the trust list and the size it allows, then send it again",
                code="address-refused",
            )

    # --- in -------------------------------------------------------------------------------------------

    def _read(self, one: Waiting, at: datetime) -> Mail:
        if one.content is None:
            told = refused("over-limit", f"at most {self._limit} bytes", f"{one.size} bytes")
            return Mail(one.uid, digest(f"{one.uid} {one.size}".encode()), one.size, refused=told)
        of, house = digest(one.content), None
        try:
            house, content = opened(_closed(one.content), self._key, self._trust.houses, at)
            kind, brought = _attachment(content)
        except Refused as error:
            return Mail(one.uid, of, one.size, house=house, refused=error)
        return Mail(one.uid, of, one.size, kind, house, brought)


def claimed(jws: bytes) -> tuple[str, str]:
    """What a signed text claims before anything of it is believed: its message id and sender, else `?`."""
    try:
        told = plain_json(parse(jws.decode("ascii").strip()).payload)
    except (RogatoryError, UnicodeDecodeError):
        return UNREAD, UNREAD
    message, sender = told.get("message", told.get("id")), told.get("house", told.get("sender"))
    return str(message or UNREAD), str(sender or UNREAD)


def envelope_in(parcel: bytes) -> bytes:
    """The signed text in a parcel's bytes; empty if there is none."""
    try:
        text = json.loads(parcel)["envelope"]
        return text.encode("ascii") if isinstance(text, str) else b""
    except (ValueError, RecursionError, TypeError, KeyError):
        return b""


def _id_of(told: object) -> str:
    """A message id as it may stand in a header. Raises EnvelopeRefused for anything else."""
    text = str(told)
    if not _ID.fullmatch(text):
        raise EnvelopeRefused("The message has no id that a mail may carry.", where="id", code="malformed")
    return text


def _inside(name: str, content: bytes) -> bytes:
    made = EmailMessage(policy=SMTP)
    made.set_content("A sealed message between two houses is attached.\n")
    kind = "json" if name == PARCEL else "jose"
    made.add_attachment(content, maintype="application", subtype=kind, filename=name)
    return made.as_bytes()


def _outside(message: str, sender: str, address: str, closed: bytes) -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = sender, address, message
    made["Date"] = format_datetime(datetime.now(UTC))
    # One of its own for each attempt: a server that drops what it saw would drop the second one.
    made["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    made.set_content(
        closed,
        maintype="application",
        subtype="pkcs7-mime",
        cte="base64",
        filename="smime.p7m",
        params={"smime-type": "enveloped-data", "name": "smime.p7m"},
    )
    return made


def _closed(mail: bytes) -> bytes:
    """The encrypted part of a mail. Only headers are parsed: what a stranger nests stays unread."""
    try:
        # Headers are left as they came: reading what a stranger may nest in them takes as long as he likes.
        made = BytesHeaderParser(policy=compat32).parsebytes(mail)
        kind = made.get_content_type()
        content = made.get_payload(decode=True) if kind in OUTSIDE else None
    except Exception as error:
        # the library raises whatever a broken header leads it to
        raise refused("not-smime", "a mail", type(error).__name__) from None
    if not isinstance(content, bytes):
        raise refused("not-smime", "application/pkcs7-mime", kind)
    return content


def _short_lines(content: bytes) -> None:
    """Raises Refused for a line, or a header of several lines, longer than any of ours (RFC 5322, 2.1.1): to
    read a long one takes the square of its length."""
    length = 0
    for line in content.splitlines():
        length = length + len(line) if line[:1] in (b" ", b"\t") else len(line)
        if length > LONGEST_LINE:
            raise refused("malformed", f"lines of at most {LONGEST_LINE} bytes", "a longer one")


def _attachment(content: bytes) -> tuple[Literal["parcel", "receipt"], bytes]:
    """What the one attachment of an opened message is, and its bytes. Nothing is ever unpacked or saved under
    the name it bears."""
    _short_lines(content)
    try:
        parts = list(BytesParser(policy=compat32).parsebytes(content).walk())[: MOST_PARTS + 1]
        found = [(part.get_filename(), part) for part in parts if _is_attached(part)]
    except Exception as error:
        # as above; also too deep a nest
        raise refused("malformed", "one attachment", type(error).__name__) from None
    names = [str(name) for name, _ in found]
    for name in names:
        if not re.fullmatch(FILE_NAME, name) or name.strip(". ") == "":
            raise refused("path-in-name", "a name without folders", name)
    if len(parts) > MOST_PARTS or len(found) != 1 or names[0] not in KINDS:
        raise refused("malformed", f"one attachment, {' or '.join(KINDS)}", ", ".join(names) or "none")
    brought = found[0][1].get_payload(decode=True)
    return KINDS[names[0]], brought if isinstance(brought, bytes) else b""


def _is_attached(part: Message) -> bool:
    return part.get_filename() is not None or part.get_content_disposition() == "attachment"
