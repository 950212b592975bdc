"""Are our provider messages what the standard's schemas and dictionaries ask for? Can we read its samples?"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from letters.ts103120.check import DEEPEST, LARGEST, MALFORMED, check, read
from letters.ts103120.dictionaries import DICTIONARIES, ETSI
from letters.ts103120.message import Message
from letters.ts103120.objects import KINDS, TYPE
from letters.ts103120.ours import authorisation_of, tasks_of, transaction_of, value_of
from schemas.errors import BadInput
from schemas.moves import (
    Acknowledge,
    Answer,
    AnswerLimit,
    Close,
    Consult,
    Costs,
    FollowUp,
    FollowUpDecided,
    Inform,
    MoveBody,
    Papers,
    ReleaseData,
    Renew,
    Review,
    Withdraw,
)
from schemas.request import MlaRequest, Outcome, PreservationRequest, ProductionRequest
from schemas.vocabulary import Measure
from tests.letters.provider_cases import (
    GIVE_REF,
    HOUSE,
    KEEP_REF,
    ORDER,
    SECRET,
    SENT,
    asked_to_give,
    asked_to_keep,
    give,
    keep,
    letter,
    written,
)

GOLDEN = Path(__file__).parent / "golden_ts103120"
STANDARDS = Path(__file__).resolve().parents[3] / "shared" / "standards" / "etsi-ts-103120"
NEEDS_STANDARDS = pytest.mark.skipif(not STANDARDS.is_dir(), reason="the standard's schemas are not here")

QUESTION = "q-7dbbc880-8750-4d3c-abe7-ea4a17646045"
MOVES: dict[str, tuple[MoveBody, PreservationRequest | ProductionRequest, str]] = {
    "renew": (Renew(until=SENT, reason="the request follows"), keep(), KEEP_REF),
    "renew-without-day": (Renew(reason="the request follows"), keep(), KEEP_REF),
    "follow-up": (FollowUp(ref=GIVE_REF, kind="production"), keep(), KEEP_REF),
    "follow-up-elsewhere": (FollowUp(ref="DE-MLA-2026-00003", kind="mla"), keep(), KEEP_REF),
    "follow-up-decided": (FollowUpDecided(ref=GIVE_REF, result="disclosed"), keep(), KEEP_REF),
    "release": (ReleaseData(reason="no longer needed"), keep(), KEEP_REF),
    "withdraw": (Withdraw(reason="no longer needed"), give(), GIVE_REF),
    "answer": (Answer(question=QUESTION, text="the first", attachments=(ORDER,)), give(), GIVE_REF),
    "answer-by-word": (Answer(question="q-1", text="the first"), give(), GIVE_REF),
    "review-upheld": (Review(result="upheld", by="court"), give(), GIVE_REF),
    "review-dropped": (Review(result="dropped", by="court", reasons="they are right"), give(), GIVE_REF),
    "inform": (Inform(text="the matter goes on"), give(), GIVE_REF),
    "consult": (Consult(text="why?"), give(), GIVE_REF),
    "condition": (AnswerLimit(limit="c1", accepted=False), give(), GIVE_REF),
    "costs": (Costs(amount="12.50", currency="EUR", borne_by="requesting"), give(), GIVE_REF),
    "papers": (Papers(attachments=(ORDER,)), give(), GIVE_REF),
    "close": (Close(outcome=Outcome(result="executed", victims_identified=1, note=SECRET)), give(), GIVE_REF),
}


def everything() -> dict[str, Message]:
    """Every sort of message we write, by name."""
    told = {name: written(*each, number=2) for name, each in MOVES.items()}
    return {"preserve": asked_to_keep(), "produce": asked_to_give(), **told}


WRITTEN = everything()


# --- what we write ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_what_we_write_is_the_golden_message(name: str) -> None:
    stored = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    assert WRITTEN[name].to_dict() == stored


def test_every_golden_message_is_one_we_write() -> None:
    assert {file.stem for file in GOLDEN.iterdir()} == set(WRITTEN)


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_what_we_write_we_can_read_and_nothing_is_lost(name: str) -> None:
    message = WRITTEN[name]
    assert check(message.to_dict()) == []
    assert read(message.to_json().encode()) == message


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_what_a_provider_must_not_read_never_travels(name: str) -> None:
    assert SECRET not in WRITTEN[name].to_json()


def test_the_same_letter_is_the_same_message() -> None:
    assert asked_to_keep() == asked_to_keep()
    assert asked_to_keep().header.transaction_identifier == transaction_of(
        letter(Inform(text="-"), KEEP_REF).id
    )


def test_each_account_is_a_task_under_one_authorisation() -> None:
    objects = [one.create.hi1_object for one in WRITTEN["preserve"].requests if one.create]
    assert [KINDS[type(one)] for one in objects] == ["Authorisation", "LPTask", "LPTask"]
    assert {one.associated for one in objects[1:]} == {(authorisation_of(HOUSE, KEEP_REF),)}


def test_each_category_of_an_account_is_a_task_to_disclose() -> None:
    objects = [one.create.hi1_object for one in WRITTEN["produce"].requests if one.create]
    assert [KINDS[type(one)] for one in objects] == ["Authorisation", "Document", "LDTask", "LDTask"]
    assert [task.measures[0].value for task in tasks_of(give(), HOUSE, GIVE_REF)] == [
        "subscriber-data",
        "traffic-data",
    ]


def test_a_renewal_names_the_tasks_of_the_request() -> None:
    made = {one.create.hi1_object.object_identifier for one in WRITTEN["preserve"].requests if one.create}
    changed = {one.update.hi1_object.object_identifier for one in WRITTEN["renew"].requests if one.update}
    assert len(changed) == 2
    assert changed < made


@pytest.mark.parametrize(
    ("account", "format_name", "value"),
    [
        ("b@example.org", "EmailAddress", "b@example.org"),
        ("+442079460223", "InternationalE164", "442079460223"),
        ("442079460223", "AccountIdentifier", "442079460223"),
        ("192.0.2.7", "IPv4Address", "192.0.2.7"),
        ("2001:db8::7", "IPv6Address", "2001:db8::7"),
        ("@someone", "AccountIdentifier", "@someone"),
    ],
)
def test_an_account_is_told_in_its_format(account: str, format_name: str, value: str) -> None:
    found = value_of(account)
    assert (found.format_type.format_name, found.value) == (format_name, value)


def test_what_a_provider_is_not_asked_has_no_form() -> None:
    request = give(measures=("interception",))
    with pytest.raises(BadInput) as caught:
        tasks_of(request, HOUSE, GIVE_REF)
    assert caught.value.code == "no-provider-form"
    with pytest.raises(BadInput):
        tasks_of(MlaRequest(requesting="DE", requested="US", measures=(Measure.TESTIMONY,)), HOUSE, GIVE_REF)
    with pytest.raises(BadInput) as caught:
        written(Acknowledge(), give(), GIVE_REF)
    assert "acknowledge" in str(caught.value)


def test_a_text_too_long_for_the_standard_is_refused_before_it_is_sent() -> None:
    with pytest.raises(BadInput):
        asked_to_keep(contents={f"part-{number}": "x" * 19_000 for number in range(4)})


# --- what the standard says ---------------------------------------------------------------------------


def validator() -> Draft202012Validator:
    contents = [
        json.loads(file.read_text("utf-8"))
        for folder in ("schema/json", "shim")
        for file in sorted((STANDARDS / folder).glob("*.json"))
    ]
    registry: Registry[Any] = Registry().with_resources(
        [(one["$id"], Resource.from_contents(one)) for one in contents]
    )
    core = next(one for one in contents if one["$id"].startswith("ts_103120_Core"))
    return Draft202012Validator(core, registry=registry)


def words(value: Any) -> list[tuple[str, str, str]]:
    """Every dictionary word in a message."""
    if isinstance(value, dict):
        own = (
            [(value["common:Owner"], value["common:Name"], value["common:Value"])]
            if "common:Owner" in value
            else []
        )
        return own + [found for each in value.values() for found in words(each)]
    return [found for each in value for found in words(each)] if isinstance(value, list) else []


@NEEDS_STANDARDS
@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_the_schemas_of_the_standard_accept_what_we_write(name: str) -> None:
    assert [error.message[:200] for error in validator().iter_errors(WRITTEN[name].to_dict())] == []


@NEEDS_STANDARDS
@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_every_word_of_theirs_we_write_is_in_their_dictionary(name: str) -> None:
    values = json.loads((STANDARDS / "dictionaries" / "values.json").read_text("utf-8"))
    found = words(WRITTEN[name].to_dict())
    assert found
    assert [word for word in found if word[0] == ETSI and word[2] not in values[word[1]]] == []


@NEEDS_STANDARDS
def test_our_dictionaries_are_theirs() -> None:
    values = json.loads((STANDARDS / "dictionaries" / "values.json").read_text("utf-8"))
    for (owner, name), known in DICTIONARIES.items():
        if owner == ETSI:
            assert known == set(values[name]), name


@NEEDS_STANDARDS
@pytest.mark.parametrize(
    "name", ["request4-Preservation-Link", "request5-JSON-Delivery", "request8_LPTaskObject", "response4"]
)
def test_the_samples_of_the_standard_can_be_read(name: str) -> None:
    content = (STANDARDS / "examples" / "json" / f"{name}.json").read_bytes()
    assert check(json.loads(content)) == []
    again = read(content).to_dict()
    assert [error.message[:200] for error in validator().iter_errors(again)] == []


@NEEDS_STANDARDS
def test_a_task_to_intercept_is_not_ours_to_read() -> None:
    content = (STANDARDS / "examples" / "json" / "request1_signed.json").read_bytes()
    with pytest.raises(BadInput) as caught:
        read(content)
    assert caught.value.code == MALFORMED
    assert TYPE in caught.value.where


# --- what is wrong with a message ---------------------------------------------------------------------


def changed(path: list[Any], value: Any, name: str = "preserve") -> dict[str, Any]:
    """A message of ours with one thing changed (None: left out)."""
    whole = copy.deepcopy(WRITTEN[name].to_dict())
    spot: Any = whole
    for step in path[:-1]:
        spot = spot[step]
    if value is None:
        del spot[path[-1]]
    else:
        spot[path[-1]] = value
    return whole


ACTIONS: list[Any] = ["Payload", "RequestPayload", "ActionRequests", "ActionRequest"]
TASK = [*ACTIONS, 1, "CREATE", "HI1Object"]


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (["Header"], None, "Header"),
        (["Header", "TransactionIdentifier"], "no uuid", "Header.TransactionIdentifier"),
        (["Header", "Timestamp"], "2026-11-21 12:00", "Header.Timestamp"),
        (["Header", "Timestamp"], 5, "Header.Timestamp"),
        (["Header", "Surprise"], "x", "Header.Surprise"),
        (["Payload", "ResponsePayload"], {}, "Payload"),
        (ACTIONS, [], "ActionRequest"),
        ([*ACTIONS, 1, "ActionIdentifier"], 0, "ActionRequest.1"),
        ([*ACTIONS, 1, "GET"], {"Identifier": "x"}, "ActionRequest.1"),
        ([*TASK, TYPE], "{x}LITaskObject", TYPE),
        ([*TASK, "task:DesiredStatus", "common:Value"], "Frozen", "task:DesiredStatus"),
        ([*TASK, "task:DesiredStatus", "common:Name"], "LDTaskDesiredStatus", "task:DesiredStatus"),
        ([*TASK, "task:DesiredStatus", "common:Owner"], "XX", "task:DesiredStatus"),
        ([*TASK, "task:DesiredStatus", "common:Value"], 7, "task:DesiredStatus"),
        ([*TASK, "AssociatedObjects", "AssociatedObject"], ["x"], "AssociatedObject"),
        ([*TASK, "Generation"], "1", "Generation"),
    ],
)
def test_a_fault_says_where_what_and_what_next(path: list[Any], value: Any, where: str) -> None:
    faults = check(changed(path, value))
    assert faults
    assert any(where in fault.where for fault in faults)
    assert all(fault.what and fault.next_step for fault in faults)


def test_a_fault_in_a_word_names_the_words_that_would_be_right() -> None:
    path = [*TASK, "task:DesiredStatus", "common:Value"]
    assert "Cancelled, Preserved" in check(changed(path, "Frozen"))[0].next_step


def test_a_fault_never_repeats_the_value() -> None:
    for path in (["Header", "Timestamp"], [*TASK, "ObjectIdentifier"], [*TASK, "task:CSPID"]):
        assert SECRET not in " ".join(map(str, check(changed(path, SECRET))))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"<html>",
        b"\xff\xfe",
        b'{"Header": NaN}',
        b'{"Header": {}, "Header": {}}',
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b"[" * 200_000,
        b" " * (LARGEST + 1),
    ],
)
def test_what_is_no_message_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        read(content)
    assert caught.value.code == MALFORMED
    assert caught.value.next_step


def test_a_message_without_end_is_not_followed() -> None:
    value: dict[str, Any] = {}
    for _ in range(DEEPEST + 5):
        value = {"x": value}
    assert "nests" in check(value)[0].what
