"""A real house with real records and its pages, a fake in the place of the engine, and people who look."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import html
from temporalio.client import Client

from desk.api.application import create_app
from desk.house import new_house
from desk.web.frame import cookie_name
from records.open import Records, open_records
from schemas.settings import settings_of
from tests.desk.conftest import PEOPLE, FakeEngineOffice
from tests.web.samples import PaperOffice, Samples, file_samples, with_provider
from treaties.load import shipped
from treaties.registry import Registry


@pytest.fixture(scope="session")
def registry() -> Registry:
    return shipped(None)


@dataclass
class Screen:
    """A browser without pictures: one person of PEOPLE (None: nobody signed in), one language."""

    http: httpx.AsyncClient
    records: Records
    office: FakeEngineOffice
    app: Any
    who: str | None = None
    language: str = "en"
    token: str = ""
    last: httpx.Response | None = field(default=None)

    def signed_in(self, who: str | None, language: str = "en") -> Screen:
        """Another screen of the same house, at which `who` has signed in."""
        token = self.records.sessions.begin(who, "test") if who else ""
        return Screen(self.http, self.records, self.office, self.app, who, language, token)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self._ask("GET", path, **options)

    async def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        """Posts a form of this session."""
        found = self.records.sessions.of(self.token) if self.token else None
        word = getattr(found, "csrf", "")
        return await self._ask("POST", path, data={"csrf": word, **(data or {})}, **options)

    async def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"accept-language": self.language, **options.pop("headers", {})}
        if self.token:
            headers["cookie"] = f"{cookie_name(self.app.state.house)}={self.token}"
        self.last = await self.http.request(method, path, headers=headers, **options)
        return self.last

    @property
    def tree(self) -> Any:
        """The last page, parsed."""
        assert self.last is not None
        return html.fromstring(self.last.text)

    def text(self, css: str = "main") -> str:
        """The text of the last page below `css`, blanks folded."""
        return " ".join(" ".join(each.text_content() for each in self.tree.cssselect(css)).split())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ROGATORY_HOME", str(tmp_path / "de"))
    return tmp_path / "de"


@pytest.fixture
async def screen(home: Path, registry: Registry) -> AsyncIterator[Screen]:
    """Nobody has signed in yet: `screen.signed_in("officer")`."""
    settings = new_house(home, "de", "DE", "Federal Office of Invented Affairs", "Europe/Berlin")
    records = open_records(settings)
    for id, (roles, agency) in PEOPLE.items():
        records.accounts.add(id, roles, agency)
    # Nobody answers there: there is no engine here.
    client = await Client.connect("127.0.0.1:1", lazy=True)
    office = FakeEngineOffice(settings, records, client)
    app = create_app(office, registry)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as http:
        yield Screen(http, records, office, app)
    records.close()


@pytest.fixture(scope="session")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Samples]:
    """A house with rich cases, and their references. Never opened itself: tests take a copy."""
    home = tmp_path_factory.mktemp("sampled") / "de"
    settings = new_house(home, "de", "DE", "Federal Office of Invented Affairs", "Europe/Berlin")
    records = open_records(settings)
    for id, (roles, agency) in PEOPLE.items():
        records.accounts.add(id, roles, agency)
    made = file_samples(records)
    records.close()
    return home, made


@pytest.fixture
def samples(sampled: tuple[Path, Samples]) -> Samples:
    return sampled[1]


@pytest.fixture
async def full_screen(
    sampled: tuple[Path, Samples], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Screen]:
    """As `screen`, with the rich cases in the records, and real moves made without an engine."""
    home = tmp_path / "de"
    shutil.copytree(sampled[0], home)
    monkeypatch.setenv("ROGATORY_HOME", str(home))
    settings = settings_of(home)
    records = open_records(settings)
    office = PaperOffice(settings, records, None)  # type: ignore[arg-type]  # no engine here
    app = create_app(office, with_provider())
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as http:
        yield Screen(http, records, office, app)
    records.close()
