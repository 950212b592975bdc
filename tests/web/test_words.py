"""Is every text of the pages said in every language, and has every code of the closed lists a name?"""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from desk.web.label_tables import LABELS
from desk.web.look import moment_of
from desk.web.words import DOMAIN, ENGLISH, LANGUAGES, LOCALES, draft, locale
from schemas.case import OutStatus
from schemas.deadline import CLOCKS, ClockStatus, Nature, Owner
from schemas.handoff import HandoffStatus
from schemas.lifecycle import FINAL, FIRST_STATUS, LIFECYCLES, PRACTICE_CLOCKS
from schemas.moves import MoveBody
from schemas.vocabulary import Channel, Confidence, Form, Kind, Measure, Role, Side, Verdict
from tools import page_catalogs

OTHERS = tuple(language for language in LANGUAGES if language != ENGLISH)
SLOT = re.compile(r"%\((\w+)\)s")
ROOT = Path(__file__).parent.parent.parent
ROMANCE = {"ASEAN", "Common law", "Commonwealth"}
SAME = {
    "ar": {"Python", "Temporal %(version)s"},
    "es": {"Python", "Temporal %(version)s", "Auditor", "No", "No:", "no", *ROMANCE},
    "fr": {
        *("Python", "Temporal %(version)s", "Article", "Articles", "Assurance", "Code", "Condition"),
        *("Conditions", "Confirmation", "Confiscation", "Document", "Documents", "Instrument"),
        *("Instruments", "Liaison", "Non-discrimination", "Menu", "Note", "Objection", "Pages", "Parties"),
        *("Police", "Question", "Questions", "Ratification", "Sessions", "Source", "Sources"),
        *("Succession", "Urgent", "Volume", "article %(article)s", *ROMANCE),
    },
}
"""Texts that are the same in another language as in English: names, and words that both languages have."""


def catalog(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def forms(text: Any) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def test_template_and_catalogs_follow_the_texts() -> None:
    stale = [path.name for path, content in page_catalogs.files().items() if path.read_bytes() != content]
    assert stale == [], "run `make words`, then translate what came in empty"


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_with_the_same_slots(language: str) -> None:
    read = catalog(language)
    assert len(read) > 2000
    for message in read:
        if not message.id:
            continue
        assert all(forms(message.string)), message.id
        assert not message.fuzzy, message.id
        wanted = set(SLOT.findall(forms(message.id)[-1]))
        found = [set(SLOT.findall(form)) for form in forms(message.string)]
        if message.pluralizable:
            # "one request" and "two requests" may say the number in a word.
            assert all(each <= wanted for each in found), message.id
            assert found[-1] == wanted, message.id
        else:
            assert found == [wanted], message.id
        assert not any("%" in SLOT.sub("", form) for form in forms(message.string)), message.id
    assert not read.obsolete


@pytest.mark.parametrize(("language", "number"), [("fr", 2), ("es", 2), ("ar", 6)])
def test_what_changes_with_a_number_has_every_form(language: str, number: int) -> None:
    counted = [message for message in catalog(language) if message.pluralizable and message.id]
    assert len(counted) > 20
    assert {len(forms(message.string)) for message in counted} == {number}


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_the_english_text_left_standing(language: str) -> None:
    same = {
        forms(message.id)[0]
        for message in catalog(language)
        if message.id and forms(message.string)[0] == forms(message.id)[0]
    }
    assert {text for text in same if re.search(r"[A-Za-z]{2}", SLOT.sub("", text))} - SAME[language] == set()


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_is_a_draft_until_somebody_puts_a_name_to_it(language: str) -> None:
    assert draft(language) is not bool((catalog(language).last_translator or "").strip())


def test_no_french_mark_is_left_alone_at_the_head_of_a_line() -> None:
    """French sets a blank before these marks; one that breaks would put the mark on the next line."""
    loose = re.compile(r" [:;?!»]|« ")
    assert [text for message in catalog("fr") for text in forms(message.string) if loose.search(text)] == []


def test_catalogs_keep_to_the_leading_terms() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (LOCALES / "GLOSSARY.md").read_text("utf-8").splitlines()
        if line.startswith("| ")
    ][1:]
    compared = 0
    for place, language in enumerate(("fr", "es", "ar"), start=1):
        read = catalog(language)
        for row in rows:
            message = read.get(row[0])
            if message is not None:
                compared += 1
                assert forms(message.string)[0] == row[place], f"{language}: {row[0]}"
    assert len(rows) >= 40
    assert compared > 100


# --- codes --------------------------------------------------------------------------------------------


def bodies() -> set[str]:
    return {body.model_fields["event"].default for body in get_args(get_args(MoveBody)[0])}


def statuses() -> set[str]:
    found = {*FIRST_STATUS.values(), *FINAL}
    for rules in LIFECYCLES.values():
        for rule in rules:
            found |= {*rule.at, rule.to or "", *rule.to_by.values()}
    return found - {""}


def practice(part: str) -> set[str]:
    return {getattr(clock, part) for clocks in PRACTICE_CLOCKS.values() for clock in clocks}


LISTS: dict[str, set[str]] = {
    "channel": {word.value for word in Channel},
    "clock": {*CLOCKS, *practice("clock")},
    "confidence": {word.value for word in Confidence},
    "done": bodies(),
    "event": bodies(),
    "form": {word.value for word in Form},
    "function": {*practice("owner"), *get_args(Owner)},
    "hand": set(get_args(OutStatus.model_fields["status"].annotation)),
    "handoff": {word.value for word in HandoffStatus},
    "kind": {word.value for word in Kind},
    "limit": {word.value for word in ClockStatus},
    "measure": {word.value for word in Measure},
    "nature": set(get_args(Nature)),
    "role": {word.value for word in Role},
    "side": {word.value for word in Side},
    "status": statuses(),
    "verdict": {word.value for word in Verdict},
}


@pytest.mark.parametrize("kind", LISTS)
def test_every_code_of_a_closed_list_has_a_name(kind: str) -> None:
    assert LISTS[kind], "nothing was found to look at"
    assert LISTS[kind] - set(LABELS[kind]) == set()


def trees(*rooms: str) -> list[ast.Module]:
    paths = [path for room in rooms or ("workflows",) for path in sorted((ROOT / room).rglob("*.py"))]
    return [ast.parse(path.read_text("utf-8")) for path in paths]


def constants() -> dict[str, str]:
    """Names that stand for a text at the head of a module of the workflows."""
    found: dict[str, str] = {}
    for statement in (each for tree in trees() for each in tree.body if isinstance(each, ast.Assign)):
        target, value = statement.targets[0], statement.value
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        values = value.elts if isinstance(value, ast.Tuple) else [value]
        for name, each in zip(names, values, strict=False):
            if isinstance(name, ast.Name) and isinstance(each, ast.Constant) and isinstance(each.value, str):
                found[name.id] = each.value
    return found


def texts(node: ast.expr, known: dict[str, str]) -> set[str]:
    """The codes that an expression may stand for; of one with a tail, its head."""
    match node:
        case ast.Constant(value=str(text)):
            return {text.partition(":")[0]}
        case ast.IfExp():
            return texts(node.body, known) | texts(node.orelse, known)
        case ast.Name() if node.id in known:
            return {known[node.id].partition(":")[0]}
        case ast.JoinedStr(values=[first, *rest]):
            if isinstance(first, ast.FormattedValue):
                return texts(first.value, known)
            inner = rest[0].value if rest and isinstance(rest[0], ast.FormattedValue) else None
            head = str(first.value) if isinstance(first, ast.Constant) else ""
            if ":" in head or inner is None:
                return {head.partition(":")[0]}
            return {head + end for end in texts(inner, known)}
    return set()


def attentions() -> set[str]:
    known, found = constants(), set()
    for call in (node for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        if name in ("notice", "_told") and len(call.args) == 2:
            found |= texts(call.args[1], known) - {""}
    return found


def test_everything_that_a_case_shows_to_people_has_a_name() -> None:
    found = attentions()
    assert {"due-soon", "consent-given", "law-moved", "prosecution-duty-unknown"} <= found
    assert found - set(LABELS["attention"]) == set()


def test_every_gap_has_a_name() -> None:
    known, found = constants(), set()
    rooms = trees("workflows", "treaties", "activities")
    for call in (node for tree in rooms for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id == "Gap":
            for part in call.keywords:
                found |= texts(part.value, known) if part.arg == "code" else set()
    assert {"basis", "issuance"} <= found
    assert found - set(LABELS["gap"]) == set()


def test_every_event_of_accounts_and_documents_has_a_name() -> None:
    """The ledger holds more than moves: whatever the house notes by a word of its own is shown there."""
    rooms = ("membership", "entrance", "absence", "checking", "papers", "sealing", "fetching", "guarded")
    heads = {
        path.name: ast.parse(path.read_text("utf-8"))
        for name in rooms
        for path in [ROOT / "desk" / f"{name}.py"]
    }
    found: set[str] = set()
    for tree in heads.values():
        known = {
            target.id: each.value.value
            for each in tree.body
            if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant)
            for target in each.targets
            if isinstance(target, ast.Name)
        }
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            if name == "note" and len(call.args) > 2:
                found |= texts(call.args[2], {str(key): str(value) for key, value in known.items()})
    assert {"signed-in", "account-added", "document-added", "annex-released", "names-guarded"} <= found
    assert found - set(LABELS["done"]) == set()


# --- moments ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Africa/Lagos", "Asia/Tokyo", "UTC"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_moment_names_its_zone_in_every_language(language: str, zone: str) -> None:
    for month in (1, 7):
        moment = datetime(2026, month, 1, 12, 30, tzinfo=UTC)
        shown = moment_of(moment, ZoneInfo(zone), locale(language))
        assert f"{moment.astimezone(ZoneInfo(zone)):%H:%M}" in shown
        assert not re.search(r"[+-]\d{4}", shown), "a difference from universal time names no zone"
    if language == "ar":
        assert "برلين" in moment_of(moment, ZoneInfo("Europe/Berlin"), locale("ar"))
