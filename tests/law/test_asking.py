"""Does a request of each kind become the question it stands for?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter

from schemas.errors import UnknownWord
from schemas.request import Request
from schemas.vocabulary import Kind, Measure
from tests.law.registries import act, ask, instrument, layer, parties
from treaties.asking import addressee_of, basis_named, question_of
from treaties.load import load_registry

ON = date(2026, 11, 21)
BETWEEN = {"requesting": "DE", "requested": "NL"}
PERSON = {"id": "p1", "born": "2009-11-22", "nationality": ["TR", "NL"]}
BODIES: TypeAdapter[Request] = TypeAdapter(Request)


def body(**fields: Any) -> Request:
    return BODIES.validate_python({**BETWEEN, **fields})


@pytest.mark.parametrize(
    ("fields", "kind", "measures", "addressee"),
    [
        ({"kind": "mla", "measures": ["testimony"]}, Kind.MLA, (Measure.TESTIMONY,), "state"),
        (
            {"kind": "preservation", "accounts": ["a"], "direct": True},
            Kind.PRESERVATION,
            (Measure.STORED_CONTENT,),
            "provider",
        ),
        (
            {"kind": "preservation", "accounts": ["a"]},
            Kind.PRESERVATION,
            (Measure.STORED_CONTENT,),
            "state",
        ),
        (
            {"kind": "production", "accounts": ["a"], "provider": "acme", "measures": ["traffic-data"]},
            Kind.PRODUCTION,
            (Measure.TRAFFIC_DATA,),
            "provider",
        ),
        ({"kind": "extradition", "person": PERSON}, Kind.EXTRADITION, (Measure.SURRENDER,), "state"),
        (
            {"kind": "prosecution", "person": PERSON, "extradition": "DE-EXT-1"},
            Kind.EXTRADITION,
            (Measure.SURRENDER,),
            "state",
        ),
    ],
)
def test_each_kind_is_asked_as_what_it_is(
    fields: dict[str, Any], kind: Kind, measures: tuple[Measure, ...], addressee: str
) -> None:
    request = body(**fields)
    question = question_of(request, ON)
    assert (question.kind, question.measures) == (kind, measures)
    assert (question.requesting, question.requested, question.on) == ("DE", "NL", ON)
    assert addressee_of(request) == addressee


def test_the_provider_and_the_emergency_come_along() -> None:
    certified = {"facts": "a child", "certified_by": "Duty officer", "certified_at": datetime.now(UTC)}
    request = body(
        kind="production",
        accounts=["a"],
        provider="acme",
        measures=["traffic-data"],
        emergency=certified,
    )
    question = question_of(request, ON)
    assert (question.provider, question.emergency) == ("acme", True)
    plain = question_of(body(kind="mla", measures=["testimony"]), ON)
    assert (plain.provider, plain.emergency, plain.nationality, plain.age) == (None, False, None, None)


@pytest.mark.parametrize(("on", "age"), [(ON, 16), (date(2026, 11, 22), 17)])
def test_the_age_is_that_of_the_day_of_the_request(on: date, age: int) -> None:
    assert question_of(body(kind="extradition", person=PERSON), on).age == age


@pytest.mark.parametrize(
    ("nationality", "told"), [(["TR", "NL"], "NL"), (["TR"], "TR"), (["TR", "MA"], "TR"), ([], None)]
)
def test_of_two_nationalities_that_of_the_requested_state_counts(
    nationality: list[str], told: str | None
) -> None:
    person = {**PERSON, "nationality": nationality}
    assert question_of(body(kind="extradition", person=person), ON).nationality == told


def test_without_a_name_the_basis_is_the_best_that_goes_where_the_request_goes() -> None:
    direct = {"id": "7.channel", "article": "7", "channel": "provider-direct"}
    through = {"id": "8.channel", "article": "8", "channel": "central-authority"}
    bound = {"AA": [act("in-force", "2000-01-01")], "BB": [act("in-force", "2000-01-01")]}
    answer = ask(
        load_registry(
            [
                layer(
                    instrument("orders", channels=[direct]),
                    parties("orders", bound),
                    instrument("treaty", channels=[through]),
                    parties("treaty", bound),
                )
            ]
        )
    )

    def best(addressee: Any) -> str:
        found = basis_named(answer, None, addressee)
        return "" if found is None else found.instrument

    assert (best(None), best("provider"), best("state")) == ("orders", "orders", "treaty")
    with pytest.raises(UnknownWord):
        basis_named(answer, "ordres")
