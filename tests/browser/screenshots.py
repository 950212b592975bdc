"""How do the main pages look? `make screenshots` photographs them into docs/screenshots."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.site import NARROW, WIDE, Browsers, site
from tests.browser.tasks import begin, fill, press, told_change

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
MOST_BYTES = 200_000
COLOURS = 128
DAY = "2026-11-20"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: who looks at which page, in which language and light, on which screen."""

    name: str
    who: str
    path: str
    language: str = "en"
    size: tuple[int, int] = WIDE
    dark: bool = False
    height: int = 0


SHOTS = (
    Shot("today", "officer", "/desk/"),
    Shot("filing", "officer", "{asked}/measures"),
    Shot(
        "legal-answer",
        "officer",
        "/desk/ask?from=DE&to=US&kind=mla&measure=traffic-data&on=" + DAY,
        height=1200,
    ),
    Shot("draft", "officer", "/desk/case/{draft}"),
    Shot("case", "officer", "/desk/case/{executing}", height=1400),
    Shot("matter", "officer", "/desk/matter?name=Lantern%201"),
    Shot("docket", "officer", "/desk/cases"),
    Shot("pair", "treaty-desk", "/desk/law/pair/DE/US?on=" + DAY),
    Shot("world", "treaty-desk", "/desk/law/world?instrument=budapest"),
    Shot("proposal", "treaty-lawyer", "{change}", height=1200),
    Shot("ledger", "auditor", "/desk/ledger"),
    Shot("figures", "auditor", "/desk/figures"),
    Shot("urgent-narrow", "liaison", "/desk/urgent", size=NARROW),
    Shot("case-arabic", "officer", "/desk/case/{executing}", language="ar", height=1400),
    Shot("today-dark", "approver", "/desk/", dark=True),
    Shot("case-dark-narrow", "officer", "/desk/case/{executing}", size=NARROW, dark=True),
)


def photograph(browsers: Browsers, folder: Path, say: Callable[[str], None] = print) -> None:
    """Writes every picture. Raises ValueError for one that is no page, or too heavy for the documentation."""
    names = _prepared(browsers)
    folder.mkdir(parents=True, exist_ok=True)
    for shot in SHOTS:
        page = browsers.screen(shot.who, language=shot.language, size=shot.size, dark=shot.dark)
        answer = page.goto(shot.path.format(**names, **browsers.site.cases))
        if answer is None or not answer.ok:
            raise ValueError(f"{shot.name}: {page.url} does not answer with a page")
        if shot.height:
            page.set_viewport_size({"width": shot.size[0], "height": shot.height})
        content = _small(page.screenshot())
        if len(content) > MOST_BYTES:
            raise ValueError(f"{shot.name} has {len(content)} bytes")
        (folder / f"{shot.name}.png").write_bytes(content)
        say(f"{shot.name}: {len(content) // 1000} kB")
        browsers.close_screens()


def _prepared(browsers: Browsers) -> dict[str, str]:
    officer = browsers.screen("officer")
    asked = begin(officer)
    fill(officer, {"requested": "US"})
    press(officer, "button[value=next]")
    desk = browsers.screen("treaty-desk")
    change = told_change(desk)
    _worked_out(desk, change)
    browsers.close_screens()
    return {"asked": asked, "change": change}


def _worked_out(page: Page, change: str) -> None:
    for _ in range(120):
        page.goto(change)
        if not page.locator("main .notice.info[role=status]").count():
            return
        page.wait_for_timeout(500)


def _small(content: bytes) -> bytes:
    """The same picture with fewer colours: a page has not many."""
    image = Image.open(io.BytesIO(content)).convert("RGB")
    out = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def main(arguments: list[str]) -> int:
    """Photographs a site of its own; a folder may be named."""
    folder = Path(arguments[0]) if arguments else FOLDER
    with TemporaryDirectory() as var, site(Path(var) / "var") as made, sync_playwright() as play:
        browsers = Browsers(play, made)
        photograph(browsers, folder)
        browsers.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
