"""Does the form of every move ask for everything its body carries, and read back what stands in it?"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from desk.web.case_forms import Frame, boxes, names_of, one_more, started
from desk.web.case_moves import BY_THE_HOUSE, ELSEWHERE
from desk.web.case_shapes import Shape, bodies, shapes_of
from desk.web.case_typed import Reader
from desk.web.forms import Typed
from desk.web.move_words import CAME, DOES, words_of
from records.open import open_records
from schemas.case import CaseState
from schemas.request import Attachment
from schemas.settings import settings_of
from tests.flow.bodies import body_for
from tests.web.conftest import Screen
from tests.web.samples import Samples

BERLIN = ZoneInfo("Europe/Berlin")
BY_HAND = sorted(set(bodies()) - BY_THE_HOUSE - ELSEWHERE)


@pytest.fixture(scope="module")
def state(sampled: tuple[Path, Samples], tmp_path_factory: pytest.TempPathFactory) -> CaseState:
    """A case of extradition, before the court."""
    home = tmp_path_factory.mktemp("read") / "de"
    shutil.copytree(sampled[0], home)
    records = open_records(settings_of(home))
    found = records.states.latest(sampled[1].extradition)
    records.close()
    return found


def say(text: str, **given: object) -> str:
    return text % given if given else text


FRAME = Frame(BERLIN, lambda place: None, lambda place: words_of("any", place), str)


def read(shapes: tuple[Shape, ...], typed: Typed, papers: Any = None) -> dict[str, Any]:
    return Reader(typed, say, BERLIN, papers).body(boxes(shapes, typed, FRAME))


@pytest.mark.parametrize("event", BY_HAND)
def test_what_a_form_shows_is_what_it_reads(event: str, state: CaseState) -> None:
    body = body_for(event, state, 1)
    told = body.model_dump(mode="json", exclude_none=True)
    shapes = shapes_of(type(body))
    typed = Typed(filled(shapes, told))
    found = read(shapes, typed)
    assert typed.ok, typed.wrong
    again = type(body).model_validate({"event": event, **found})
    # an hour is typed to the second
    assert _rounded(again.model_dump(mode="json")) == _rounded(body.model_dump(mode="json"))


def filled(shapes: tuple[Shape, ...], value: Mapping[str, Any], before: str = "") -> dict[str, list[str]]:
    """A body (JSON) as it would have been typed."""
    found: dict[str, list[str]] = {}
    for shape in shapes:
        there, name = value.get(shape.name), f"{before}{shape.name}"
        if there is None:
            continue
        if shape.kind == "group":
            found |= filled(shape.inner, there, f"{name}.")
        elif shape.kind == "groups":
            for number, row in enumerate(there):
                found |= {f"{name}.{number}": ["row"], **filled(shape.inner, row, f"{name}.{number}.")}
        elif shape.kind == "moment":
            moment = datetime.fromisoformat(there).astimezone(BERLIN)
            found |= {name: [f"{moment:%Y-%m-%d}"], f"{name}~time": [f"{moment:%H:%M:%S}"]}
        else:
            found[name] = _plain(shape, there)
    return found


def _plain(shape: Shape, value: Any) -> list[str]:
    if shape.kind in ("tick", "yes-no", "maybe"):
        return ["yes" if value else "no"] if value or shape.kind != "tick" else []
    if shape.kind == "papers":
        return [one["digest"] for one in value]
    if shape.kind == "lines":
        return ["\n".join(value)]
    return [str(one) for one in value] if shape.kind == "several" else [str(value)]


def _rounded(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _rounded(value) for name, value in told.items()}
    if isinstance(told, list):
        return [_rounded(value) for value in told]
    return told.partition(".")[0].removesuffix("Z") if isinstance(told, str) and "T" in told[8:12] else told


@pytest.mark.parametrize("event", BY_HAND)
def test_every_move_and_every_field_has_words(event: str) -> None:
    assert event in DOES or event in CAME
    unnamed = [box.name for box in boxes(shapes_of(bodies()[event]), Typed(), FRAME) if not box.label]
    assert unnamed == []


def test_nothing_required_may_be_left_empty() -> None:
    for event in BY_HAND:
        shapes = shapes_of(bodies()[event])
        typed = Typed()
        read(shapes, typed)
        wanted = {shape.name for shape in shapes if shape.required and shape.kind not in ("group", "groups")}
        assert wanted <= {wrong.field for wrong in typed.wrong}, event


@pytest.mark.parametrize(
    ("event", "field", "text", "says"),
    [
        ("costs", "amount", "12 euro", "Write the amount in figures with a point, such as 1250.00."),
        ("send", "offer_days", "many", "Write a whole number."),
        ("send", "offer_days", "900", "Write a number from 1 to 365."),
        ("issue", "signed_on", "yesterday", "Choose a day, or write it as 2026-11-21."),
        ("acknowledge", "their_ref", "x" * 501, "This is too long. Shorten it to 500 characters."),
        ("acknowledge", "their_ref", "a\u202eb", "This holds signs that nobody sees. Type it again."),
        ("competing", "state", "Germany", "Write two capital letters, such as DE."),
        ("decide", "decision", "perhaps", "Choose one: Decision."),
    ],
)
def test_what_cannot_be_is_told_at_its_field(event: str, field: str, text: str, says: str) -> None:
    typed = Typed({field: [text]})
    read(shapes_of(bodies()[event]), typed)
    assert typed.wrong_at(field) == says
    assert typed.get(field) == text


def test_a_day_alone_ends_with_its_end_and_happens_at_its_noon() -> None:
    typed = Typed(
        {"text": ["Which?"], "id": ["q1"], "answer_by": ["2027-01-10"], "happened_at": ["2026-01-10"]}
    )
    found = read(shapes_of(bodies()["question"]), typed)
    assert found["answer_by"] == "2027-01-10T22:59:59+00:00"
    assert found["happened_at"] == "2026-01-10T11:00:00+00:00"


def test_add_another_makes_room_and_keeps_what_was_typed() -> None:
    shapes = shapes_of(bodies()["evidence"])
    typed = Typed({"items.0.id": ["one"], **started(shapes)})
    one_more("items", shapes, typed)
    names = names_of(boxes(shapes, typed, FRAME))
    assert "items.1.id" in names
    assert typed.get("items.0.id") == "one"
    one_more("no-such-field", shapes, typed)
    assert names == names_of(boxes(shapes, typed, FRAME))


def test_an_empty_row_is_left_out() -> None:
    shapes = (
        Shape("items", "groups", False, inner=(Shape("id", "line", True), Shape("note", "line", False))),
    )
    typed = Typed({"items.0.id": ["one"]})
    one_more("items", shapes, typed)
    found = read(shapes, typed)
    assert typed.ok, typed.wrong
    assert found["items"] == [{"id": "one"}]


def test_documents_are_named_as_the_vault_has_them() -> None:
    paper = Attachment(name="a.pdf", media_type="application/pdf", size=3, digest="sha256:" + "0" * 64)
    known = {paper.digest: paper.model_dump(mode="json")}
    typed = Typed({"attachments": [paper.digest, "sha256:" + "1" * 64]})
    assert read(shapes_of(bodies()["papers"]), typed, known)["attachments"] == [known[paper.digest]]


async def test_every_form_that_is_offered_opens(full_screen: Screen, samples: Samples) -> None:
    seen = set()
    for who in ("officer", "approver", "judge"):
        visitor = full_screen.signed_in(who)
        for ref in samples.all():
            state = full_screen.records.states.latest(ref)
            told = full_screen.office.moves_of(state)
            for event in told["allowed"]:
                if event in BY_THE_HOUSE | ELSEWHERE:
                    continue
                answer = await visitor.get(f"/desk/case/{ref}/do/{event}")
                assert answer.status_code in (200, 403, 404), (ref, event, visitor.text())
                seen |= {event} if answer.status_code == 200 else set()
            await visitor.get(f"/desk/case/{ref}/record")
            for link in visitor.tree.cssselect("ul.ways a"):
                answer = await visitor.get(link.get("href"))
                assert answer.status_code == 200, (ref, link.get("href"), visitor.text())
    assert len(seen) > 30
