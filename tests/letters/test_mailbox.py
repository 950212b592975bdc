"""Does a mailbox leave no connection open, however a talk with its server ends?"""

from __future__ import annotations

import imaplib
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from letters.carriers.mailbox import Mailbox
from schemas.errors import Unavailable
from tests.letters.postoffice import PASSWORD, PostOffice

LIMIT = 10_000


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as office:
        yield office


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[socket.socket]:
    """Every connection that was made."""
    found: list[socket.socket] = []
    real = imaplib.IMAP4.open

    def keep(self: imaplib.IMAP4, *given: Any, **named: Any) -> None:
        real(self, *given, **named)
        found.append(self.sock)

    monkeypatch.setattr(imaplib.IMAP4, "open", keep)
    return found


def mailbox(office: PostOffice) -> Mailbox:
    return Mailbox("127.0.0.1", office.imap_port, "none", "us@mail.example", PASSWORD)


def breaks(*_: object) -> None:
    raise imaplib.IMAP4.abort("the line is dead")


@pytest.mark.parametrize("step", ["login", "select", "uid", "logout"])
def test_a_line_that_breaks_is_cut(
    step: str, office: PostOffice, opened: list[socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    box = mailbox(office)
    monkeypatch.setattr(imaplib.IMAP4, step, breaks)
    if step == "logout":
        assert box.waiting(LIMIT) == []
        box.close()
    else:
        with pytest.raises(Unavailable):
            box.waiting(LIMIT)
    assert [line.fileno() for line in opened] == [-1]


@pytest.mark.parametrize("step", ["select", "uid"])
def test_who_asks_while_it_is_closed_gives_the_connection_back(
    step: str, office: PostOffice, opened: list[socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    box = mailbox(office)
    real = getattr(imaplib.IMAP4, step)

    def closes(self: imaplib.IMAP4, *given: Any) -> Any:
        box.close()
        return real(self, *given)

    monkeypatch.setattr(imaplib.IMAP4, step, closes)
    if step == "select":
        assert box.waiting(LIMIT) == []
    else:
        with pytest.raises(Unavailable):
            box.waiting(LIMIT)
    assert [line.fileno() for line in opened] == [-1]
