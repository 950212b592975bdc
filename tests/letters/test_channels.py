"""Is a way chosen by law first and health second, with its reason, and is every error of a carrier sorted?"""

from __future__ import annotations

import ast
import inspect
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import letters.carriers.http
import letters.carriers.mail
import letters.carriers.mailbox
import letters.carriers.provider
import letters.mail
import letters.smime
import letters.ts103120.answers
import letters.ts103120.check
import schemas.errors
from letters.carriers.manual import BY_CHANNEL, MANUAL
from letters.carriers.outcomes import OUTCOMES, PROVIDER, Outcome, asked_to_wait, check_status, outcome_of
from letters.channels import BY_LAW, FAILURES, HTTP, MAIL, REST, Health, by_hand, choose
from schemas.case import LawRecorded
from schemas.errors import BadInput, EnvelopeRefused, RogatoryError, Throttled, Unavailable
from schemas.ids import digest
from schemas.vocabulary import Channel

CARRIERS = (
    letters.carriers.http,
    letters.carriers.mail,
    letters.carriers.mailbox,
    letters.carriers.provider,
    letters.carriers.outcomes,
    letters.mail,
    letters.smime,
    letters.ts103120.answers,
    letters.ts103120.check,
)
CLASSES = {
    name: kind
    for name, kind in vars(schemas.errors).items()
    if isinstance(kind, type) and issubclass(kind, RogatoryError)
}
SETTING_UP = ("BadInput", "Conflict", "NotFound")
"""Raised while a house is set up or its keys are read: before there is a message."""


def law(channel: str | None = None, urgent: str | None = None) -> LawRecorded:
    return LawRecorded(
        edition="e",
        on=date(2026, 11, 21),
        assessment=digest(b"a"),
        title="An invented treaty",
        channel=channel,
        urgent_channel=urgent,
    )


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


# --- by law and health ----------------------------------------------------------------------------------


def test_a_form_left_open_takes_the_quicker_proof() -> None:
    choice = choose(law("central-authority"), "us", [HTTP, MAIL], Health())
    assert (choice.way, choice.besides) == (HTTP, "")
    assert "central-authority" in choice.why


def test_an_ill_carrier_gives_way_where_the_law_leaves_the_form_open() -> None:
    clock = Clock()
    health = Health(clock)
    for _ in range(FAILURES - 1):
        health.failed(HTTP, "us", Outcome.RETRY)
    assert choose(law("central-authority"), "us", [HTTP, MAIL], health).way == HTTP
    health.failed(HTTP, "us", Outcome.RETRY)
    choice = choose(law("central-authority"), "us", [HTTP, MAIL], health)
    assert choice.way == MAIL
    assert "http: it failed 3 times" in choice.why
    assert choose(law("central-authority"), "fr", [HTTP, MAIL], health).way == HTTP
    assert choose(law("central-authority"), "us", [HTTP], health).way == HTTP
    clock.now = REST
    assert choose(law("central-authority"), "us", [HTTP, MAIL], health).way == HTTP
    health.failed(HTTP, "us", Outcome.RETRY)
    assert choose(law("central-authority"), "us", [HTTP, MAIL], health).way == MAIL
    health.worked(HTTP, "us")
    assert choose(law("central-authority"), "us", [HTTP, MAIL], health).way == HTTP


@pytest.mark.parametrize("channel", sorted(set(Channel) - set(BY_LAW)))
def test_no_other_way_is_taken_where_the_law_names_one(channel: str) -> None:
    health = Health()
    for _ in range(FAILURES):
        health.failed(HTTP, "us", Outcome.RETRY)
    choice = choose(law(channel), "us", [HTTP, MAIL], health)
    assert choice.way == HTTP
    assert channel in choice.besides


def test_who_is_not_let_in_is_ill_at_once_and_who_is_asked_to_wait_is_not() -> None:
    health = Health()
    for _ in range(10):
        health.failed(HTTP, "us", Outcome.THROTTLED)
        health.failed(HTTP, "us", Outcome.NEVER)
    assert choose(None, "us", [MAIL], health).way == HTTP
    health.failed(HTTP, "us", Outcome.NOT_AUTHORISED)
    choice = choose(None, "us", [MAIL], health)
    assert (choice.way, "not authorised" in choice.why) == (MAIL, True)


@given(st.sampled_from([None, *Channel]), st.lists(st.sampled_from(Outcome), max_size=8), st.booleans())
def test_the_way_is_always_one_that_is_there_and_allowed(
    channel: str | None, fared: list[Outcome], has_mail: bool
) -> None:
    health = Health()
    for outcome in fared:
        health.failed(HTTP, "us", outcome)
    choice = choose(law(channel), "us", [MAIL] if has_mail else [], health)
    assert choice.way == HTTP or (has_mail and (channel is None or choice.way in BY_LAW[channel]))
    assert choice.why


# --- by hand --------------------------------------------------------------------------------------------


def test_the_urgent_channel_is_open_in_urgent_cases_only() -> None:
    told = law("diplomatic", "interpol")
    assert [one.way.key for one in by_hand(told, urgent=False)] == ["bag"]
    ways = by_hand(told, urgent=True)
    assert [one.way.key for one in ways] == ["i-24-7", "bag"]
    assert ways[0].why == "An invented treaty opens interpol for urgent cases"
    assert [one.way.key for one in by_hand(law("diplomatic"), urgent=True)] == ["bag"]


def test_every_channel_has_a_way_by_hand_and_where_none_is_known_they_are_asked() -> None:
    for channel in Channel:
        assert [one.way.key for one in by_hand(law(channel), urgent=False)] == list(BY_CHANNEL[channel])
    for told in (None, law()):
        [one] = by_hand(told, urgent=True)
        assert (one.way.key, "ask them" in one.why) == ("paper", True)


def test_the_same_way_is_offered_once_and_first_for_the_urgent_channel() -> None:
    ways = by_hand(law("central-authority", "secure-email-or-fax"), urgent=True)
    assert [one.way.key for one in ways] == ["secure-mail", "paper"]
    assert "urgent" in ways[0].why


def test_every_way_says_what_proves_posting_and_receipt() -> None:
    for way in MANUAL.values():
        assert way.steps
        assert way.posted
        assert way.received
        assert way.posted != way.received
        for step in way.steps:
            assert "%(" not in step % {"to": "A", "ref": "B"}


# --- errors ---------------------------------------------------------------------------------------------


def codes_of(module: ModuleType) -> set[str]:
    """Every code with which `module` may raise an error, as its source says."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        name = node.func.id
        told = [word.value for word in node.keywords if word.arg == "code"]
        if name in CLASSES and name not in SETTING_UP:
            found |= {code for each in told for code in spelt(each, module)} or {CLASSES[name].code}
        elif name == "_later":
            found |= {code for each in node.args[1:] for code in spelt(each, module)}
    return found


def spelt(node: ast.expr, module: ModuleType) -> set[str]:
    """The codes that an expression may stand for."""
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.JoinedStr):
        first = node.values[0]
        head = first.value if isinstance(first, ast.FormattedValue) else first
        return {code + "0" for code in spelt(head, module)}
    assert isinstance(node, ast.Name), ast.dump(node)
    value: Any = getattr(module, node.id, None)
    if isinstance(value, str):
        return {value}
    assert node.id == "code", node.id
    return passed_on(module)


def passed_on(module: ModuleType) -> set[str]:
    """Codes that functions with a parameter `code` are called with, and its defaults."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.FunctionDef):
            names = [each.arg for each in node.args.args][-len(node.args.defaults) or None :]
            found |= {
                code
                for name, default in zip(names, node.args.defaults, strict=False)
                if name == "code"
                for code in spelt(default, module)
            }
    return found


def test_every_error_of_a_carrier_is_sorted() -> None:
    known = {code for module in CARRIERS for code in codes_of(module)}
    assert {"unavailable", "not-authorised", "too-large", "mail-not-taken", "no-mail-address"} <= known
    unsorted = {code for code in known if code not in OUTCOMES and not code.startswith(PROVIDER)}
    assert not unsorted
    assert set(OUTCOMES) <= known


def test_the_table_agrees_with_what_the_errors_say_of_themselves() -> None:
    for kind in (Unavailable, EnvelopeRefused):
        for code, outcome in OUTCOMES.items():
            error = kind("x", code=code)
            assert outcome_of(error) is outcome
    assert outcome_of(Throttled("x", 1.0)) is Outcome.THROTTLED
    assert outcome_of(Unavailable("x", code="provider-500")) is Outcome.RETRY
    assert outcome_of(BadInput("x", code="else")) is Outcome.NEVER


@pytest.mark.parametrize(
    ("status", "headers", "error", "outcome"),
    [
        (429, {}, Throttled, Outcome.THROTTLED),
        (503, {"retry-after": "5"}, Throttled, Outcome.THROTTLED),
        (401, {}, Unavailable, Outcome.NOT_AUTHORISED),
        (403, {}, Unavailable, Outcome.NOT_AUTHORISED),
        (413, {}, EnvelopeRefused, Outcome.NEVER),
    ],
)
def test_a_status_of_http_means_the_same_for_all(
    status: int, headers: dict[str, str], error: type[RogatoryError], outcome: Outcome
) -> None:
    with pytest.raises(error) as caught:
        check_status(status, headers, "House x", "https://x.example", "wait")
    assert outcome_of(caught.value) is outcome
    assert caught.value.retry is (outcome is not Outcome.NEVER)


@pytest.mark.parametrize("status", [200, 204, 302, 400, 404, 409, 500, 503])
def test_other_statuses_say_nothing_by_themselves(status: int) -> None:
    check_status(status, {}, "House x", "https://x.example", "wait")


@given(st.text(max_size=40))
def test_a_wait_is_within_reason_or_none(text: str) -> None:
    wait = asked_to_wait({"retry-after": text})
    assert wait is None or 1.0 <= wait <= 3600.0


def test_every_carrier_is_looked_at() -> None:
    folder = Path(inspect.getfile(letters.carriers.http)).parent
    looked = {Path(inspect.getfile(module)).name for module in CARRIERS}
    assert {path.name for path in folder.glob("*.py")} <= looked | {"__init__.py", "manual.py"}
