"""What does a reminder say? A reference, a clock, a moment and a link; never what the case is about."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from urllib.parse import quote
from zoneinfo import ZoneInfo

from letters.canonical import canonical
from schemas.work import NotifyWork

NOTICE = "rogatory/notice/1"

REASONS = {
    "due-soon": "due soon",
    "missed": "the time limit has passed",
    "escalated": "told to you because nothing happened below",
    "handoff-overdue": "an offered handoff was not answered in time",
    "test": "a test: nothing is due",
}
"""What the usual codes mean; another one is told as it is."""

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def mail_of(
    work: NotifyWork, to: str, *, sender: str, now: datetime, zone: ZoneInfo, url: str
) -> EmailMessage:
    """The notice as a message to one address. `zone`: the house's; `url`: where its cases are opened.

    Its Message-ID is the same whenever the same notice goes to the same address, so that a repeated one is
    recognised.
    """
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = to
    letter["Subject"] = _subject(work, zone)
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = f"<{_number(work.notice, to)}@{sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    if work.loud:
        letter["Importance"] = "high"
        letter["X-Priority"] = "1"
    letter.set_content("\n".join(_lines(work, zone, url)) + "\n")
    return letter


def hook_of(work: NotifyWork, house: str) -> bytes:
    """The notice as canonical JSON for another program: the same as a mail says, and for which functions."""
    told = {
        "type": NOTICE,
        "id": work.notice,
        "house": house,
        "ref": work.ref,
        "code": _slug(work.code),
        "clock": _slug(work.clock),
        "due": work.due.isoformat().replace("+00:00", "Z") if work.due else None,
        "to": list(work.to),
        "loud": work.loud,
    }
    return canonical(told)


def moment(due: datetime, zone: ZoneInfo) -> str:
    """A due moment as people of the house read it; midnight is the end of the day before."""
    here = due.astimezone(zone)
    if here.time() == datetime.min.time():
        return f"{here.date() - timedelta(days=1)}, end of the day"
    return f"{here:%Y-%m-%d %H:%M}"


def _subject(work: NotifyWork, zone: ZoneInfo) -> str:
    what = _plain(work.clock) or _plain(work.code) or "see the case"
    until = f", due {moment(work.due, zone)}" if work.due else ""
    return f"{'URGENT: ' if work.loud else ''}{work.ref}: {what}{until}"


def _lines(work: NotifyWork, zone: ZoneInfo, url: str) -> list[str]:
    code = _slug(work.code)
    lines = [f"Case:  {work.ref}"]
    if work.clock:
        lines.append(f"Clock: {_plain(work.clock)}")
    if work.due:
        lines.append(f"Due:   {moment(work.due, zone)} ({zone.key})")
    lines += [
        f"Why:   {REASONS.get(code, _plain(code)) or 'see the case'}",
        "",
        f"{url.rstrip('/')}/desk/case/{quote(work.ref, safe='/')}",
        "",
        "What the case is about is not told by mail.",
    ]
    return lines


def _slug(word: str) -> str:
    """A word of ours, or nothing: what a person wrote never leaves this way."""
    return word if _SLUG.fullmatch(word) else ""


def _plain(word: str) -> str:
    return _slug(word).replace("-", " ")


def _number(notice: str, to: str) -> str:
    return sha256(f"{notice}\n{to.lower()}".encode()).hexdigest()[:40]
