"""What waits in the mailbox of the house (IMAP), and how is it marked as settled?

A mail that was settled bears the flag \\Seen; nothing is deleted here. Sizes are asked for before bytes are.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, TypeVar

from letters.mail import secret
from schemas.errors import BadInput, Unavailable
from schemas.settings import Settings

T = TypeVar("T")

PATIENCE = 15.0
"""Seconds for one answer of the server."""
AT_ONCE = 20
_SIZE = re.compile(rb"RFC822\.SIZE (\d{1,19})")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail in the mailbox; `content` None: it is larger than what may be fetched."""

    uid: int
    size: int
    content: bytes | None


def mailbox_of(settings: Settings) -> Mailbox:
    """The mailbox for letters. Raises BadInput for settings that cannot work."""
    if settings.imap_security == "none" and not _is_here(settings.imap_host):
        raise BadInput(
            "The password of the mailbox would go in the clear.",
            where="imap_security",
            next_step="set it to tls or starttls",
        )
    if not settings.imap_user or settings.imap_password_file is None:
        raise BadInput(
            "The mailbox has no account.",
            where="imap_user, imap_password_file",
            next_step="name the account, and a file that holds its password",
        )
    password = secret(settings.imap_password_file)
    return Mailbox(
        settings.imap_host, settings.imap_port, settings.imap_security, settings.imap_user, password
    )


@dataclass(slots=True)
class Mailbox:
    """One mailbox, by one connection at a time. Not for several threads, save that another may close it."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    _session: imaplib.IMAP4 | None = None
    _ended: bool = False

    def waiting(self, limit: int) -> list[Waiting]:
        """The oldest mails that were not settled, each of at most `limit` bytes, and no more of them than
        fit into that together. Raises Unavailable (`mailbox-silent`, `not-authorised`)."""
        self._give_back()
        return self._told(lambda session: self._fetched(session, limit))

    def settle(self, uid: int) -> None:
        """Mark one as settled. Raises Unavailable: then it is brought again, and known again."""
        self._told(lambda session: session.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)"))

    def close(self) -> None:
        """Give the connection back, and open none any more: who asks just now gives back theirs."""
        self._ended = True
        self._give_back()

    def _give_back(self) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        try:
            session.logout()
        except (imaplib.IMAP4.error, OSError, ValueError):
            # it is gone already; what is left of it here is not
            _cut(session)

    def _fetched(self, session: imaplib.IMAP4, limit: int) -> list[Waiting]:
        _, told = session.uid("SEARCH", "UNSEEN")
        found: list[Waiting] = []
        room = limit
        for uid in sorted(int(word) for word in (told[0] or b"").split())[:AT_ONCE]:
            size = _size(session, uid)
            if size is None:
                continue
            if size > limit:
                found.append(Waiting(uid, size, None))
                continue
            if size > room and found:
                break
            room -= size
            content = _content(session, uid)
            if content is not None:
                found.append(Waiting(uid, size, content))
        return found

    def _told(self, ask: Callable[[imaplib.IMAP4], T]) -> T:
        session = self._session
        try:
            if session is None:
                session = self._session = self._opened()
            return ask(session)
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            self._session = None
            if session is not None:
                _cut(session)
            raise Unavailable(
                f"The mailbox does not answer ({type(error).__name__}).",
                where="imap_host",
                next_step="nothing: it is asked again; if it lasts, check the mailbox settings",
                code="mailbox-silent",
            ) from None
        finally:
            if self._ended:
                self._give_back()

    def _opened(self) -> imaplib.IMAP4:
        context = ssl.create_default_context()
        session: imaplib.IMAP4
        if self.security == "tls":
            session = imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=PATIENCE)
        else:
            session = imaplib.IMAP4(self.host, self.port, timeout=PATIENCE)
        try:
            if self.security == "starttls":
                session.starttls(context)
            self._let_in(session)
            session.select("INBOX")
        except BaseException:
            _cut(session)
            raise
        return session

    def _let_in(self, session: imaplib.IMAP4) -> None:
        try:
            session.login(self.user, self.password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            raise Unavailable(
                "The mailbox does not let us in.",
                where="imap_user",
                next_step="check the account and the password file of the mailbox",
                code="not-authorised",
            ) from None


def _cut(session: imaplib.IMAP4) -> None:
    """Close what is left of a connection that does not answer any more."""
    with suppress(imaplib.IMAP4.error, OSError, ValueError):
        session.shutdown()


def _size(session: imaplib.IMAP4, uid: int) -> int | None:
    _, told = session.uid("FETCH", str(uid), "(RFC822.SIZE)")
    found = _SIZE.search(b" ".join(part for part in told if isinstance(part, bytes)))
    return int(found[1]) if found else None


def _content(session: imaplib.IMAP4, uid: int) -> bytes | None:
    _, told = session.uid("FETCH", str(uid), "(BODY.PEEK[])")
    parts: list[Any] = [part[1] for part in told if isinstance(part, tuple) and len(part) == 2]
    return parts[0] if parts and isinstance(parts[0], bytes) else None


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
