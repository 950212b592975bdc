"""How does the transparency report read, as tables of words and figures, as CSV and as a page to print?"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from desk.figures import NO_GROUND, OPEN
from desk.letters import publication
from desk.transparency import Block, Report
from desk.web.look import Speaker
from desk.web.words import N_, catalog
from schemas.settings import Settings
from treaties.catalogs import ENGLISH, languages
from treaties.registry import Registry
from treaties.tongue import tongue

HIDDEN = "–"

Say = Callable[[str], str]
"""A text of the pages in the language of the report."""

Name = Callable[[str, str], str]
"""Names a code of a kind of list (`kind`, `country`, `status` ...) in that language."""

TEXTS: dict[str, dict[str, str]] = {
    "outgoing": {
        "kinds": N_("Requests sent, by kind"),
        "partners": N_("Requests sent, by requested State"),
        "results": N_("Requests sent, by result"),
        "grounds": N_("Requests sent, by ground of refusal"),
        "times": N_("Requests sent, median days"),
    },
    "incoming": {
        "kinds": N_("Requests received, by kind"),
        "partners": N_("Requests received, by requesting State"),
        "results": N_("Requests received, by result"),
        "grounds": N_("Requests received, by ground of refusal"),
        "times": N_("Requests received, median days"),
    },
}
HEADS = {
    "kinds": (N_("Kind"), "kind"),
    "partners": (N_("State"), "country"),
    "results": (N_("Result"), "result"),
    "grounds": (N_("Ground"), "ground"),
}
OUTCOMES = {
    "victims": N_("Victims identified"),
    "arrests": N_("Arrests"),
    "convictions": N_("Convictions"),
}
RULES = (
    N_("Numbers from 1 to 4 are not published; a dash stands in their place."),
    N_(
        "So that they cannot be computed from a total, the two smallest other numbers are left out with them."
    ),
    N_("Where that does not help, and where the total is from 1 to 4, the whole table is left out."),
    N_("Grounds of refusal are published only where the number of refusals is."),
    N_("A time is the median, and is published where at least five cases went into it."),
    N_("Times with a single State are published only where the number of its requests is."),
    N_("Outcomes are published where at least five cases told them."),
    N_("The same victim may count in several cases."),
    N_("A request counts in the year in which it was opened. Cases that were erased are not counted."),
)
RESULTS = {
    OPEN: N_("Not over yet"),
    "informed": N_("Information given"),
    "redirected": N_("Passed on to another authority"),
}
NOT_TOLD = N_("No ground was told")
NOT_OVER = N_("The year is not over: these figures will change, and should not be published yet.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of the report: a caption, headings, and rows of text."""

    caption: str
    head: tuple[str, str]
    rows: tuple[tuple[str, str], ...]


def names(registry: Registry, language: str) -> Name:
    """What codes are called in `language`."""
    speak, text = Speaker(language), catalog(language).gettext
    said = tongue(registry, language if language in languages() else ENGLISH)

    def name(kind: str, code: str) -> str:
        if kind == "country":
            return speak.country(code)
        if kind == "ground":
            return text(NOT_TOLD) if code == NO_GROUND else said.word(code)
        if kind == "result":
            return text(RESULTS[code]) if code in RESULTS else speak.label(code, "status")
        return speak.label(code, kind)

    return name


def sheets(report: Report, say: Say, name: Name) -> list[Sheet]:
    """The tables of the report."""
    found = [sheet for block in report.blocks for sheet in _of_block(block, say, name)]
    rows = tuple((say(OUTCOMES[code]), _figure(value)) for code, value in report.outcomes.items())
    found.append(Sheet(say("Outcomes"), (say("Outcome"), say("Number")), rows))
    return [sheet for sheet in found if sheet.rows]


def as_csv(found: Iterable[Sheet], say: Say) -> bytes:
    """The tables as one: table, item, figure; what is not published is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow((say("Table"), say("Item"), say("Figure")))
    for sheet in found:
        for item, figure in sheet.rows:
            writer.writerow((sheet.caption, _inert(item), "" if figure == HIDDEN else figure))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_pdf(
    report: Report, found: Iterable[Sheet], say: Say, language: str, house: Settings, on: date
) -> bytes:
    """The report as PDF/A-3b and PDF/UA-1."""
    page: dict[str, Any] = {
        "title": say("Transparency report %(year)s") % {"year": report.year},
        "house": house.name,
        "language": language,
        "dated": on.isoformat(),
        "rules": [say(rule) for rule in rules(report)],
        "rules_title": say("How numbers are protected"),
        "page": say("Page %(number)s of %(total)s"),
        "sheets": [asdict(sheet) for sheet in found],
    }
    return publication(page, house)


def rules(report: Report) -> tuple[str, ...]:
    """What is said about the figures, in English."""
    return RULES if report.over else (NOT_OVER, *RULES)


def _of_block(block: Block, say: Say, name: Name) -> Iterable[Sheet]:
    texts = TEXTS[block.side]
    for key, (head, kind) in HEADS.items():
        table = getattr(block, key)
        rows = sorted((name(kind, code), _figure(value)) for code, value in table.cells.items())
        # Grounds have no total: a request may be refused on several.
        if rows and key != "grounds":
            rows.append((say("All"), _figure(table.total)))
        yield Sheet(say(texts[key]), (say(head), say("Number")), tuple(rows))
    title = texts["times"]
    yield Sheet(say(title), (say("Time"), say("Days")), tuple(_times(block, say, name)))


def _times(block: Block, say: Say, name: Name) -> Iterable[tuple[str, str]]:
    if block.answer is not None:
        yield say("To the answer, all requests"), _days(block.answer)
    for code, days in block.answers.items():
        yield say("To the answer, %(state)s") % {"state": name("country", code)}, _days(days)
    for code, days in block.stages.items():
        yield say("In the stage: %(stage)s") % {"stage": name("status", code)}, _days(days)


def _inert(text: str) -> str:
    """No spreadsheet takes it for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def _figure(value: int | None) -> str:
    return HIDDEN if value is None else str(value)


def _days(value: float) -> str:
    return f"{value:.1f}"
