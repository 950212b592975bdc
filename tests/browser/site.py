"""Which site is walked in a real browser? Two real houses with their engine, a provider, cases of each age.

`site` starts it all and ends it; `Browsers` opens pages as a person of a house, signed in at the real screen.
"""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request

from desk import up
from desk.demo import invented_provider
from desk.screen import Screen
from desk.story import SAID, Desk, Story, desk_of, request
from desk.up import Running, running
from desk.walks import assistance, keeping

WIDE, NARROW = (1280, 900), (360, 740)
LANGUAGES = ("en", "fr", "es", "ar")
MATTER = "Lantern 1"
PORTS = 13_000 + os.getpid() % 900 * 20
"""Ports of our own, apart from those of the tests of the whole."""

OURS = ("127.0.0.1", "localhost")
PATIENCE = 60_000
"""Milliseconds until a page that does not come is a failure: the machine may be shared."""


def chromium() -> str | None:
    """The browser's program, if this machine has one."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def own_environment() -> Iterator[None]:
    """The houses read settings from the environment, and opening one writes there: put back afterwards."""
    before, ports = dict(os.environ), (up.TEMPORAL_PORT, up.UI_PORT, up.API_PORT)
    up.TEMPORAL_PORT, up.UI_PORT, up.API_PORT = PORTS, PORTS + 5, PORTS + 10
    for name in list(os.environ):
        if name.startswith(("ROGATORY_", "TEMPORAL_")) and name != "ROGATORY_REQUIRE":
            del os.environ[name]
    try:
        yield
    finally:
        up.TEMPORAL_PORT, up.UI_PORT, up.API_PORT = ports
        os.environ.clear()
        os.environ.update(before)


@dataclass
class Site:
    """Two houses at work. `cases`: references in the house `de`, and `theirs` the same in `us`, by what they
    show: draft, sent, executing, kept."""

    started: Running
    story: Story
    desks: dict[str, Desk]
    cases: dict[str, str] = field(default_factory=dict)
    theirs: dict[str, str] = field(default_factory=dict)

    def url(self, house: str) -> str:
        """Where the house serves."""
        return self.started.urls[house]

    @property
    def password(self) -> str:
        """The one that the demo prints for all its accounts."""
        assert self.started.password is not None
        return self.started.password


@contextmanager
def site(var: Path) -> Iterator[Site]:
    """Starts the houses below `var` and plays some cases in them, by the steps of the demo."""
    story = Story(Screen(file=io.StringIO(), width=100))
    with own_environment(), running(var, lambda line: None) as started, invented_provider(started):
        made = Site(started, story, {name: desk_of(started, name, story) for name in SAID})
        try:
            _play(made)
            yield made
        finally:
            for desk in made.desks.values():
                desk.close()


def _play(site: Site) -> None:
    asking, asked, story = site.desks["de"], site.desks["us"], site.story
    site.cases["kept"] = keeping.walk(asking, story, MATTER)
    filed = asking.officer.post("/cases", request("request.yml"), matter=MATTER)
    site.cases["draft"] = filed["ref"]
    for name in ("sent", "executing"):
        assistance.draft(asking, story, site.cases["kept"], MATTER)
        assistance.issue(asking, story)
        assistance.approve(asking, story)
        assistance.dispatch(asking, asked, story)
        if name == "executing":
            assistance.acknowledge(asking, asked, story)
            assistance.hand_over(asking, asked, story)
            assistance.clarify(asking, asked, story)
            assistance.execute(asking, asked, story)
        site.cases[name], site.theirs[name] = asking.ref, asked.ref


class Browsers:
    """Opens screens in Chromium. Whoever has signed in once stays signed in for every later screen of theirs.

    `asked`: the hosts of all requests any page ever made.
    """

    def __init__(self, play: Playwright, site: Site) -> None:
        program = chromium()
        assert program is not None
        self.site = site
        self.asked: set[str] = set()
        self.opened: list[BrowserContext] = []
        self._kept: dict[tuple[str, str], Any] = {}
        self._browser: Browser = play.chromium.launch(
            executable_path=program,
            # Whatever is not on this machine has no address.
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"],
        )

    def screen(
        self,
        who: str | None = None,
        house: str = "de",
        *,
        language: str = "en",
        size: tuple[int, int] = WIDE,
        script: bool = True,
        dark: bool = False,
        fresh: bool = False,
    ) -> Page:
        """An empty page; `who` has signed in (None: nobody). `fresh`: in a session of its own."""
        kept = None
        if who is not None and not fresh:
            if (house, who) not in self._kept:
                self._kept[house, who] = self._signed_in(who, house)
            kept = self._kept[house, who]
        context = self._context(house, kept, language, size, script, dark)
        page = context.new_page()
        if who is not None and fresh:
            sign_in(page, who, self.site.password)
        return page

    def forget(self, who: str, house: str = "de") -> None:
        """The session of `who` is over: the next screen has to sign in again."""
        self._kept.pop((house, who), None)

    def _signed_in(self, who: str, house: str) -> Any:
        context = self._context(house, None, "en", WIDE, False, False)
        sign_in(context.new_page(), who, self.site.password)
        kept = context.storage_state()
        context.close()
        return kept

    def _context(
        self, house: str, kept: Any, language: str, size: tuple[int, int], script: bool, dark: bool
    ) -> BrowserContext:
        context = self._browser.new_context(
            base_url=self.site.url(house),
            storage_state=kept,
            locale=language,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        context.on("request", self._note)
        self.opened.append(context)
        return context

    def _note(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob"):
            self.asked.add(parts.hostname or parts.scheme)

    def close_screens(self) -> None:
        """Ends what was opened since the last time."""
        for context in self.opened:
            context.close()
        self.opened.clear()

    def close(self) -> None:
        """Ends the browser."""
        self.close_screens()
        self._browser.close()


def sign_in(page: Page, who: str, password: str) -> None:
    """At the real screen, with the password that the demo prints."""
    page.goto("/desk/sign-in")
    page.fill("[name=account]", who)
    page.fill("[name=password]", password)
    with page.expect_navigation():
        page.locator("main form:has([name=account]) button").click()
    assert "/sign-in" not in page.url, page.locator("main").inner_text()


def sound(page: Page) -> None:
    """Is this a page of ours? One heading of the first rank, and nothing wider than the screen."""
    assert page.locator("h1").count() == 1, page.url
    told: Callable[..., Any] = page.evaluate
    wide = told("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels wider than the screen"
