"""Does any sentence of a page stay English for a reader of another language?

The same page is shown in English and in French: what stands in both, letter by letter, with more than two
words, is a text that nobody marked for the catalogs, or data. Data is known by how it is shown (`bdi`,
`code`, a field, a language of its own), or as a name of the registry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.web.conftest import Screen
from tests.web.samples import Samples
from treaties.registry import Registry

LEAST = 3
WORD = re.compile(r"[^\W\d_]{2,}")
TOLD = ("title", "aria-label", "placeholder", "alt")
ASKED = "from=DE&kind={kind}&measure={measure}&on=2026-11-20&to={to}"
PARTS = ("", "/history", "/law", "/letters", "/people", "/documents", "/evidence", "/custody", "/record")
OF_THE_OFFICE = (
    *("/desk/", "/desk/cases", "/desk/cases?due=tomorrow&state=ZZ&cursor=x", "/desk/find?q=nothing"),
    *("/desk/matters", "/desk/matter?name=Operation%20Lantern%20%28invented%29", "/desk/help", "/desk/new"),
    *("/desk/new/file", "/desk/ask", "/desk/urgent", "/desk/status"),
    "/desk/ask?" + ASKED.format(kind="mla", measure="traffic-data", to="US"),
    "/desk/ask?" + ASKED.format(kind="extradition", measure="surrender", to="IN"),
    "/desk/ask?" + ASKED.format(kind="production", measure="subscriber-data", to="FR"),
)


def is_data(element: Any) -> bool:
    """Is it shown as something that nobody translates?"""
    above = [element, *element.iterancestors()]
    return any(
        each.tag in ("bdi", "code", "textarea", "cite", "script")
        or "id" in (each.get("class") or "").split()
        or (each.tag != "html" and each.get("lang"))
        for each in above
    )


def texts(tree: Any) -> set[str]:
    """Every text that somebody reads or hears on a page, but data."""
    found = set()
    for element in tree.find("body").iter():
        if not isinstance(element.tag, str):
            continue
        here = [] if is_data(element) else [element.text, *(element.get(name) for name in TOLD)]
        parent = element.getparent()
        if parent is not None and not is_data(parent):
            here.append(element.tail)
        found |= {" ".join(text.split()) for text in here if text}
    return {text for text in found if len(WORD.findall(text)) >= LEAST}


def names(registry: Registry) -> set[str]:
    """What the registry calls things by a name of their own."""
    instruments = registry.instruments.values()
    found = {text for each in instruments for text in (each.title, each.short) if text}
    found |= {each.name for each in registry.providers.values()}
    for source in registry.sources.values():
        found |= {source.title, source.publisher or ""}
    return found


async def pages(screen: Screen, samples: Samples) -> Iterator[tuple[str, str]]:
    """Who looks at which page: everything that the office works with."""
    moves: dict[tuple[str, str], tuple[str, str]] = {}
    found = [(who, "/desk/") for who in ("approver", "judge", "liaison", "treaty-desk", "auditor")]
    found += [("officer", path) for path in OF_THE_OFFICE] + [("judge", "/desk/issue")]
    for ref in [getattr(samples, name) for name in samples.__dataclass_fields__]:
        found += [("officer", f"/desk/case/{ref}{part}") for part in PARTS]
        found += [(who, f"/desk/case/{ref}") for who in ("liaison", "auditor")]
        found += [("judge", f"/desk/issue/{ref}"), ("liaison", f"/desk/status?ref={ref}")]
        for who in ("officer", "approver"):
            visitor = screen.signed_in(who)
            for part in ("", "/record"):
                await visitor.get(f"/desk/case/{ref}{part}")
                for link in visitor.tree.cssselect("main a[href*='/do/']"):
                    address = link.get("href")
                    moves.setdefault((who, address.rpartition("/do/")[2].partition("?")[0]), (who, address))
    return iter([*found, *moves.values()])


async def test_no_sentence_stays_english(full_screen: Screen, samples: Samples) -> None:
    house = full_screen.app.state.house
    known = names(house.registry) | {house.office.settings.name}
    left: dict[str, str] = {}
    looked = 0
    for who, path in await pages(full_screen, samples):
        seen = []
        for language in ("en", "fr"):
            visitor = full_screen.signed_in(who, language)
            await visitor.get(path)
            seen.append(texts(visitor.tree))
        looked += 1
        for text in (seen[0] & seen[1]) - known:
            # an offer is named by its number and the reason that somebody wrote
            if not text.startswith("DE-"):
                left.setdefault(text, f"{who} {path}")
    assert looked > 150
    assert not left, "\n".join(f"{text} ({where})" for text, where in left.items())
