"""Are refusals of other rooms told in the reader's language, and does each known form still occur?"""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from desk.web.look import environment, here, moment_of
from desk.web.refusals import REFUSALS, SLOT, told
from desk.web.words import locale
from schemas.errors import UnknownWord
from tests.web.conftest import Screen

ROOT = Path(__file__).parent.parent.parent
LEAST = 5
"""A sentence that is put together counts only if so many letters of it are its own."""


def sources() -> tuple[set[str], list[re.Pattern[str]]]:
    """Every text in the rooms, and as a pattern every one that is put together."""
    whole, built = set(), []
    rooms = ("desk", "letters", "records", "schemas", "workflows")
    for path in (path for room in rooms for path in (ROOT / room).rglob("*.py")):
        if path.parts[-2:] == ("web", "refusals.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [str(part.value) if isinstance(part, ast.Constant) else None for part in node.values]
                if sum(len(part) for part in parts if part) >= LEAST:
                    pattern = "".join(".*" if part is None else re.escape(part) for part in parts)
                    built.append(re.compile(pattern, re.DOTALL))
    return whole, built


def test_every_known_form_still_occurs_in_the_sources() -> None:
    whole, built = sources()
    gone = []
    for form in REFUSALS:
        said = SLOT.sub("x", form)
        if form not in whole and not any(pattern.fullmatch(said) for pattern in built):
            gone.append(form)
    assert gone == [], "no room says this any more: take it out, or write it as it is said now"
    assert len(REFUSALS) == len(set(REFUSALS)) > 100


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        (
            "fr",
            "'close' is not possible while the case is 'sent'.",
            "« Clore l’affaire » n’est pas possible tant que l’affaire est à l’état « Envoyée ».",
        ),
        (
            "es",
            "give a moment before 2026-11-22T10:00+00:00",
            "indique un momento anterior a 2026-11-22T10:00+00:00",
        ),
        ("fr", "known: none", "connus : aucun"),
        ("es", "The document is empty.", "El documento está vacío."),
        ("ar", "The document is empty.", "المستند فارغ."),
    ],
)
def test_a_refusal_is_told_in_the_language_of_the_reader(language: str, sentence: str, expected: str) -> None:
    assert told(language, sentence).replace("\u00a0", " ") == expected
    assert told("en", sentence) == sentence


@pytest.mark.parametrize(
    ("language", "last"), [("fr", " et Envoyer"), ("es", " y Enviar"), ("ar", " وإرسال")]
)
def test_a_list_of_moves_is_told_by_their_names(language: str, last: str) -> None:
    said = told(language, "allowed now: close, withdraw, send")
    assert said.endswith(last)
    assert "withdraw" not in said


def test_gaps_are_told_by_name_without_their_fields() -> None:
    said = told("fr", "The request has gaps: issuance, content necessity, content purpose.")
    assert "content" not in said
    assert "necessity" not in said
    assert said.count("instrument") == 1


@pytest.mark.parametrize(("language", "hour"), [("en", "11:00"), ("fr", "11:00"), ("es", "11:00")])
def test_a_moment_is_told_as_the_clocks_of_the_house_show_it(language: str, hour: str) -> None:
    """Whoever is told to write a moment before one in universal time writes one an hour wrong."""
    said = told(language, "give a moment before 2026-11-22T10:00+00:00")
    shown = here(said, ZoneInfo("Europe/Berlin"), locale(language))
    assert hour in shown
    assert "+00:00" not in shown


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_the_last_moment_of_all_is_shown_and_breaks_no_page(zone: str) -> None:
    assert "9999" in moment_of(datetime(9999, 12, 31, 23, 59, tzinfo=UTC), ZoneInfo(zone), locale("en"))


def test_what_no_form_knows_stays_english() -> None:
    assert told("fr", "Never said by any room: 'x'.") == "Never said by any room: 'x'."
    assert told("fr", "") == ""


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize(
    "value", ["<script>alert(1)</script>", "100% of %(it)s %s", "a\nb", "\u202eevil", "'quoted' & \"so\""]
)
def test_whatever_stands_in_a_refusal_comes_out_as_text(language: str, value: str) -> None:
    page = environment(language).from_string("<p>{{ _(what) }}</p>")
    shown = page.render(what=UnknownWord("State", value, ["DE"]).what)
    assert "<script" not in shown
    assert told(language, f"'{value}' is not a known State.").count(value) == 1


async def test_an_error_page_is_told_in_the_language_of_the_reader(screen: Screen) -> None:
    officer = screen.signed_in("officer", "fr")
    answer = await officer.get("/desk/case/DE-NONE-1")
    assert answer.status_code == 404
    assert "There is no such case" not in officer.text()
