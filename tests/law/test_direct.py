"""Does a request go to the State or to a provider, must it be answered, and who must issue it?"""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console, RenderableType

from desk.show_law import candidate as shown
from desk.show_parts import lines
from schemas.errors import BadData, UnknownWord
from schemas.reasoning import Candidate, Question
from schemas.vocabulary import Channel, Kind, Measure, Verdict
from tests.law.registries import DEFAULTS, Row, act, ask, candidate, claims, instrument, layer, parties
from treaties.answer_json import as_json
from treaties.basis import find_bases
from treaties.check import check
from treaties.load import PACKAGED, extended, load_registry
from treaties.registry import Registry
from treaties.sweep import Asked, pair

EXAMPLES = Path(__file__).parents[2] / "examples" / "overlay"
BOTH = {"AA": [act("in-force", "2000-01-01")], "BB": [act("in-force", "2000-01-01")]}
DIRECT = {"id": "7.channel", "article": "7", "channel": "provider-direct"}
STATE_WAY = {"id": "8.channel", "article": "8", "channel": "central-authority"}


def provider(key: str = "acme", **more: Any) -> Row:
    """A providers file: its addressee sits in BB."""
    base = {"key": key, "name": "Acme", "state": "BB", "addressee": "establishment", "ways": ["letter"]}
    cited = {name: DEFAULTS[name] for name in ("source", "recorded", "confidence")}
    return {**base, **cited, **more}


def law(*ways: Row, providers: tuple[Row, ...] = (), **more: Any) -> Registry:
    """A treaty between AA and BB with these channels, and these providers."""
    files = layer(instrument("treaty", channels=list(ways), **more), parties("treaty", BOTH))
    for one in providers:
        files[f"providers/{one['key']}.yml"] = one
    return load_registry([files])


def found(registry: Registry, **more: Any) -> Candidate:
    return candidate(ask(registry, **more), "treaty")


# --- providers ----------------------------------------------------------------------------------------


def test_the_example_loads_over_the_shipped_data_and_says_that_it_is_invented() -> None:
    registry = load_registry([PACKAGED, EXAMPLES])
    assert check(registry) == []
    assert set(registry.providers) == {"example-cloud", "example-mail"}
    for one in registry.providers.values():
        assert one.invented
        assert "invented" in one.name


def test_no_real_provider_is_shipped() -> None:
    assert not load_registry([PACKAGED]).providers


def test_a_provider_that_nobody_entered_is_an_unknown_word() -> None:
    with pytest.raises(UnknownWord, match="did you mean acme"):
        found(law(DIRECT, providers=(provider(),)), provider="acne")


def test_a_provider_in_an_unknown_state_is_refused_at_its_place() -> None:
    with pytest.raises(UnknownWord, match="'ZZ' is not a known state"):
        law(DIRECT, providers=(provider(state="ZZ"),))


def test_a_provider_without_a_way_to_reach_it_is_refused() -> None:
    with pytest.raises(BadData, match="ways"):
        law(DIRECT, providers=(provider(ways=[]),))


def test_a_withdrawn_provider_is_unknown_from_then_on_and_stays_to_be_seen() -> None:
    before = law(DIRECT, providers=(provider(),))
    gone = {**provider(), "retracted": {"on": "2026-02-01", "reason": "it closed"}}
    after = extended(before, {"providers/acme.yml": gone})
    assert after.providers["acme"].retracted is not None
    with pytest.raises(UnknownWord):
        found(after, provider="acme")


def test_a_changed_provider_does_not_overwrite_the_one_below() -> None:
    with pytest.raises(BadData, match="already described"):
        extended(law(DIRECT, providers=(provider(),)), {"providers/acme.yml": provider(name="Other")})


def test_before_a_provider_was_recorded_its_seat_is_unknown() -> None:
    registry = law(DIRECT, providers=(provider(recorded="2026-01-12"),))
    answer = found(registry, provider="acme", known_on=date(2026, 1, 11))
    assert answer.verdict is Verdict.UNKNOWN
    assert "provider.not-yet-recorded" in claims(answer.reason)
    assert found(registry, provider="acme", known_on=date(2026, 1, 12)).verdict is Verdict.YES


# --- to whom ------------------------------------------------------------------------------------------


def test_what_goes_directly_takes_the_languages_and_the_proof_of_the_provider() -> None:
    named = provider(languages=["fr"], proof="the order itself")
    answer = found(law(DIRECT, providers=(named,)), provider="acme")
    assert (answer.addressee, answer.languages) == ("provider", ("fr",))
    assert answer.provider is not None
    assert answer.provider.proof == "the order itself"


def test_without_a_name_the_way_to_providers_is_open_and_no_provider_is_shown() -> None:
    answer = found(law(DIRECT))
    assert (answer.verdict, answer.addressee, answer.provider) == (Verdict.YES, "provider", None)


def test_an_addressee_elsewhere_closes_an_instrument_that_leads_only_to_providers() -> None:
    answer = found(law(DIRECT, providers=(provider(state="CC"),)), provider="acme")
    assert (answer.verdict, answer.addressee) == (Verdict.NO, "provider")
    assert "provider.seat" in claims(answer.reason)


def test_an_addressee_elsewhere_leaves_the_way_through_the_state() -> None:
    answer = found(law(DIRECT, STATE_WAY, providers=(provider(state="CC"),)), provider="acme")
    assert (answer.verdict, answer.channel) == (Verdict.YES, Channel.CENTRAL_AUTHORITY)
    assert (answer.addressee, answer.provider) == ("state", None)


def test_a_practice_of_nobody_is_open_to_all_and_closes_no_gap() -> None:
    letter = instrument("letter", form="practice", channels=[DIRECT], entry={"on": "unknown"})
    registry = load_registry([layer(letter)])
    answer = candidate(ask(registry), "letter")
    assert (answer.verdict, answer.addressee) == (Verdict.YES, "provider")
    asked = Asked(Kind.MLA, (Measure.SUBSCRIBER_DATA,), date(2026, 1, 15))
    assert pair(registry, asked, "AA", "BB").gap == "no-basis"


def test_a_practice_is_not_known_before_it_was_seen() -> None:
    letter = instrument("letter", form="practice", channels=[DIRECT], entry={"on": "unknown"})
    answer = candidate(ask(load_registry([layer(letter)]), on="2025-11-30"), "letter")
    assert answer.verdict is Verdict.UNKNOWN
    assert "force.practice" in claims(answer.reason)


NEWS: Row = {"source": "news", "recorded": "2026-11-21", "confidence": "read"}
IN_FORCE: list[Any] = [{"act": "in-force", "on": "2026-11-01"}]


def second_protocol_in_force() -> Registry:
    """The shipped law and a day on which the Second Protocol is in force for three States."""
    return extended(
        load_registry([PACKAGED]),
        {
            "sources/news.yml": {"key": "news", "title": "What may come"},
            "instruments/budapest-2ap.yml": {
                "defaults": NEWS,
                "key": "budapest-2ap",
                "entry": {"on": "2026-11-01"},
            },
            "parties/budapest-2ap.yml": {
                "defaults": NEWS,
                "instrument": "budapest-2ap",
                "states": {"HU": IN_FORCE, "RS": IN_FORCE, "JP": IN_FORCE},
            },
        },
    )


@pytest.mark.parametrize(
    ("requested", "measure", "more", "told"),
    [
        ("RS", "subscriber-data", {}, ("yes", "provider-direct", None, "provider", "duty")),
        ("RS", "traffic-data", {}, ("yes", "central-authority", None, "state", "duty")),
        # Japan does not apply Article 7: its providers are reached through the State only.
        ("JP", "subscriber-data", {}, ("yes", "central-authority", None, "state", "duty")),
        ("RS", "stored-content", {}, ("no", None, None, "state", "option")),
        ("RS", "stored-content", {"urgent": True}, ("unknown", None, "24-7-point", "state", "duty")),
        ("RS", "stored-content", {"emergency": True}, ("yes", None, "24-7-point", "state", "duty")),
    ],
)
def test_once_in_force_the_second_protocol_opens_its_ways_as_far_as_no_reservation_shuts_them(
    requested: str, measure: str, more: Row, told: tuple[str | None, ...]
) -> None:
    answer = ask(
        second_protocol_in_force(),
        on="2026-11-21",
        requesting="HU",
        requested=requested,
        kind="production",
        measures=[measure],
        **more,
    )
    one = candidate(answer, "budapest-2ap")
    found = (one.verdict, one.channel, one.urgent_channel, one.addressee, one.binding)
    assert found == told


# --- duty or option -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measures", "expected"),
    [
        (["subscriber-data"], "duty"),
        (["traffic-data"], "option"),
        (["subscriber-data", "traffic-data"], "option"),
    ],
)
def test_an_answer_is_a_duty_only_if_it_is_one_for_every_measure(measures: list[str], expected: str) -> None:
    rows = [
        {"id": "1", "article": "1", "role": "reach", "force": "duty", "measures": ["subscriber-data"]},
        {"id": "2", "article": "2", "role": "reach", "force": "option", "measures": ["traffic-data"]},
    ]
    assert found(law(provisions=rows), measures=measures).binding == expected


def test_an_article_that_may_be_open_makes_no_duty_beside_one_that_is_an_open_option() -> None:
    rows = [
        {"id": "1", "article": "1", "role": "reach", "force": "duty", "when": [{"test": "emergency"}]},
        {"id": "2", "article": "2", "role": "reach", "force": "option"},
    ]
    assert found(law(provisions=rows), urgent=True).binding == "option"
    assert found(law(provisions=rows), emergency=True).binding == "duty"


def test_a_rejected_candidate_binds_nobody() -> None:
    assert found(law(), on="1999-01-01").binding == "option"


# --- issuers and duties -------------------------------------------------------------------------------

ISSUERS: list[Row] = [
    {"id": "4.issuer", "article": "4", "capacity": "issue", "by": ["judge", "prosecutor"]},
    {"id": "4.validator", "article": "4", "capacity": "validate", "by": ["judge"]},
    {
        "id": "5.validator",
        "article": "5",
        "capacity": "validate",
        "by": ["judge"],
        "afterwards_hours": "48",
        "measures": ["subscriber-data"],
        "when": [{"test": "emergency"}],
    },
]


@pytest.mark.parametrize(
    ("more", "late"),
    [
        ({}, 0),
        ({"urgent": True}, 0),
        ({"emergency": True}, 1),
        ({"emergency": True, "measures": ["traffic-data"]}, 0),
        ({"emergency": True, "measures": ["traffic-data", "subscriber-data"]}, 1),
    ],
)
def test_validation_waits_only_in_an_emergency_and_for_such_measures(more: Row, late: int) -> None:
    issuers = found(law(issuers=ISSUERS), **more).issuers
    eased = [one for one in issuers if one.afterwards_hours is not None]
    assert len(issuers) == 2 + late
    assert [one.measures for one in eased] == [("subscriber-data",)] * late
    assert {one.by for one in issuers if one.capacity == "issue"} == {("judge", "prosecutor")}


def test_a_state_may_declare_who_must_issue_what_comes_to_it() -> None:
    effects = [{"does": "issuer", "offices": ["court"], "articles": ["7(2)"]}]
    declared = act("declaration", "2001-01-01", text="Orders come from a court", effects=effects)
    files = layer(
        instrument("treaty", channels=[DIRECT]), parties("treaty", {**BOTH, "BB": [*BOTH["BB"], declared]})
    )
    registry = load_registry([files])
    (one,) = found(registry).issuers
    assert (one.capacity, one.by, one.article, one.note) == (
        "issue",
        ("court",),
        "7(2)",
        "Orders come from a court",
    )
    assert found(registry, requesting="BB", requested="AA").issuers == ()


def test_an_office_that_nobody_knows_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownWord, match="did you mean prosecutor"):
        law(issuers=[{**ISSUERS[0], "by": ["procecutor"]}])


def test_a_duty_stands_though_the_request_rests_on_another_basis_and_not_where_nobody_is_bound() -> None:
    duty = {"id": "16.duty", "article": "16", "duty": "submit-for-prosecution", "on_request": "true"}
    steered = [{"id": "1.procedure", "article": "1", "role": "procedure", "force": "duty"}]
    registry = law(duties=[duty], provisions=steered)
    (one,) = found(registry).duties
    assert found(registry).verdict is Verdict.NO
    assert (one.duty, one.article, one.on_request) == ("submit-for-prosecution", "16", True)
    assert found(registry, on="1999-01-01").duties == ()


# --- shown --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            [
                "the provider",
                "a duty",
                "a judge, a court, or an investigating judge",
                "Example Cloud",
                "invented",
            ],
        ),
        ("fr", ["le fournisseur", "une obligation", "un juge, une juridiction ou un juge d’instruction"]),
        ("es", ["el proveedor", "una obligación", "un juez, un tribunal o un juez de instrucción"]),
    ],
)
def test_a_reader_is_told_to_whom_it_goes_and_who_must_issue_it(lang: str, words: list[str]) -> None:
    registry = load_registry([PACKAGED, EXAMPLES])
    question = Question(
        "DE",
        "NL",
        Kind.PRODUCTION,
        (Measure.STORED_CONTENT,),
        date(2026, 11, 21),
        provider="example-cloud",
        emergency=True,
    )
    told = as_json(find_bases(registry, question), registry, lang)
    assert (told["question"]["provider"], told["question"]["emergency"]) == ("example-cloud", True)
    best = told["candidates"][0]
    assert (best["instrument"], best["addressee"], best["binding"]) == ("eu-eevidence", "provider", "duty")
    assert best["provider"]["state"] == "NL"
    assert best["issuers"][0]["citations"]
    text = rendered(shown(best, lang))
    for word in words:
        assert word in text, word


def rendered(part: RenderableType) -> str:
    console = Console(width=400, file=StringIO())
    with console.capture() as capture:
        lines(console, [part])
    return " ".join(capture.get().split())
