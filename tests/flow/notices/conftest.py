"""Who is there to be told? A house with its people, a mail server and a web server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.house import new_house
from records.open import Records, open_records
from schemas.settings import settings_of
from schemas.vocabulary import Role
from tests.flow.notices.servers import FakeMailbox, Hook, Serving


@pytest.fixture
def mailbox() -> FakeMailbox:
    return FakeMailbox()


@pytest.fixture
def port(mailbox: FakeMailbox) -> Iterator[int]:
    with Serving(mailbox) as port:
        yield port


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    """A house with two officers of the central authority, a head and an operator."""
    new_house(tmp_path / "de", "de", "DE", "Germany", time_zone="Europe/Berlin")
    opened = open_records(settings_of(tmp_path / "de"))
    opened.accounts.add("anna", [Role.OFFICER], email="Anna@office.example")
    opened.accounts.add("ben", [Role.OFFICER], email="ben@office.example")
    opened.accounts.add("carla", [Role.OFFICER], email="carla@office.example")
    opened.accounts.add("head", [Role.APPROVER], "head-of-office", email="head@office.example")
    opened.accounts.add("machine", [Role.OPERATOR], email="operator@office.example")
    yield opened
    opened.close()


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    yield made
    made.server.shutdown()
    made.server.server_close()
