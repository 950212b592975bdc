"""How does a mail get to the mail server of the house, and what do its answers mean?

One message per address, so that nobody learns who else was told. Errors are sorted here, once: an address
that the server refuses for good is refused; everything else may be tried again.
"""

from __future__ import annotations

import re
import smtplib
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from schemas.errors import BadInput, Unavailable
from schemas.ids import EMAIL
from schemas.settings import Settings

PATIENCE = 8.0
"""Seconds for one answer of the server."""

WHOLE = 20.0
"""Seconds for all messages of one notice, less than the engine allows one attempt; those left over are sent
by the next."""

Settled = Callable[[str, bool], None]
"""Told at once for each address: True, the server took the message; False, it refused the address."""


def checked(address: str, where: str) -> str:
    """`address` if it can be one. Raises BadInput, which does not repeat it: an address is personal."""
    if len(address) > 254 or not re.fullmatch(EMAIL, address):
        raise BadInput("This is no e-mail address.", where=where, next_step="write it as name@example.org")
    return address


def mail_server(settings: Settings) -> MailServer | None:
    """The mail server of the house; None if it has none. Raises BadInput for settings that cannot work."""
    if not settings.smtp_host:
        return None
    for function, addresses in settings.function_mail.items():
        for address in addresses:
            checked(address, f"function_mail.{function}")
    return _server(settings, checked(settings.mail_from or settings.exchange_mail, "mail_from"))


def exchange_server(settings: Settings) -> MailServer | None:
    """The same server for letters between houses; None if this house exchanges none by mail."""
    if not settings.exchange_mail:
        return None
    if not settings.smtp_host or not settings.imap_host:
        raise BadInput(
            "Letters by mail need a server to send and a mailbox to read.",
            where="smtp_host, imap_host",
            next_step="set both, or leave exchange_mail out",
        )
    return _server(settings, checked(settings.exchange_mail, "exchange_mail"))


def _server(settings: Settings, sender: str) -> MailServer:
    account = _account(settings)
    return MailServer(settings.smtp_host, settings.smtp_port, settings.smtp_security, sender, *account)


def _account(settings: Settings) -> tuple[str, str]:
    file = settings.smtp_password_file
    if not settings.smtp_user:
        return "", ""
    if settings.smtp_security == "none":
        raise BadInput(
            "The password of the mail server would go in the clear.",
            where="smtp_security",
            next_step="set it to starttls or tls, or leave smtp_user out",
        )
    if file is None:
        raise BadInput(
            "The mail server's account has no password.",
            where="smtp_password_file",
            next_step="name a file that holds it, readable by its owner only",
        )
    return settings.smtp_user, secret(file)


def secret(file: Path) -> str:
    """The password in `file`. Raises BadInput if it cannot be read, or others may read it."""
    try:
        if file.stat().st_mode & 0o077:
            raise BadInput(
                "Others than its owner may read the mail password.",
                where=str(file),
                next_step=f"chmod 600 {file}",
            )
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"The mail password cannot be read ({type(error).__name__}).",
            where=str(file),
            next_step="name a text file that its owner can read",
        ) from None


def _later(what: str, code: str = "mail-not-taken") -> Unavailable:
    return Unavailable(
        f"The mail server {what}.",
        where="smtp_host",
        next_step="nothing: it is tried again; if it lasts, `rogatory notice test` shows what is wrong",
        code=code,
    )


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail leaves the house. `security`: none, starttls or tls; never weaker than it says."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    def send(self, letters: Iterable[tuple[str, EmailMessage]], settled: Settled) -> None:
        """Hand over each message for its address, and tell `settled` of each at once.

        Raises Unavailable when all others were tried, if one or more may be tried again. No error carries an
        address.
        """
        end = time.monotonic() + WHOLE
        waiting = list(letters)
        left = 0
        with self._session() as session:
            for number, (address, letter) in enumerate(waiting):
                if time.monotonic() > end:
                    raise _later(f"is slow: {len(waiting) - number} messages wait")
                taken = self._one(session, address, letter)
                if taken is None:
                    left += 1
                else:
                    settled(address, taken)
        if left:
            raise _later(f"put off {left} of {len(waiting)} messages")

    def _one(self, session: smtplib.SMTP, address: str, letter: EmailMessage) -> bool | None:
        """True: taken; False: refused for good; None: later."""
        try:
            session.send_message(letter, self.sender, [address])
        except smtplib.SMTPRecipientsRefused as error:
            code = max(answer[0] for answer in error.recipients.values())
            return False if code >= 500 else None
        except smtplib.SMTPDataError as error:
            return False if error.smtp_code >= 500 else None
        return True

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        try:
            with self._opened() as session:
                if self.security == "starttls":
                    session.starttls(context=ssl.create_default_context())
                if self.user:
                    session.login(self.user, self.password)
                yield session
        # Their texts may quote an address: only code and type are told.
        except smtplib.SMTPNotSupportedError:
            raise _later("offers no STARTTLS, or no sign-in") from None
        except smtplib.SMTPSenderRefused as error:
            raise _later(f"refuses the sender ({error.smtp_code})") from None
        except smtplib.SMTPAuthenticationError as error:
            raise _later(f"refuses the account ({error.smtp_code})", "not-authorised") from None
        except smtplib.SMTPResponseException as error:
            raise _later(f"answered {error.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise _later(f"does not answer ({type(error).__name__})") from None

    def _opened(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=PATIENCE)
