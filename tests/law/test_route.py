"""Which way does a request go, to whom, in which language, by when, and what must it carry?"""

from __future__ import annotations

from typing import Any

from schemas.reasoning import Candidate
from tests.law.registries import Row, act, ask, candidate, instrument, parties, registry

BOUND = [act("in-force", "2000-01-01")]


def found(
    rules: Row, declared: list[Row] | None = None, states: dict[str, Row] | None = None, **question: Any
) -> Candidate:
    """The candidate `t` between AA and BB, BB having made the declarations."""
    law = registry(
        instrument("t", kinds=["mla", "preservation"], **rules),
        parties("t", {"AA": BOUND, "BB": [*BOUND, *(declared or [])]}),
        states=states,
    )
    return candidate(ask(law, **question), "t")


def declares(on: str = "2004-01-01", **effect: object) -> Row:
    """A declaration with one effect."""
    return act("declaration", on, article="27(9)(e)", effects=[effect])


def channel(name: str, **more: object) -> Row:
    """A channel rule."""
    return {"id": name, "article": "27(2)", "channel": name, **more}


def test_the_most_direct_open_channel_is_taken() -> None:
    rules = {
        "channels": [channel("diplomatic"), channel("central-authority"), channel("ministry-of-justice")]
    }
    assert found(rules).channel == "central-authority"
    assert found({}).channel is None


def test_a_channel_for_some_of_the_measures_gives_way_to_one_for_all() -> None:
    rules = {"channels": [channel("24-7-point", measures=["preservation"]), channel("central-authority")]}
    assert found(rules, measures=["preservation", "stored-content"]).channel == "central-authority"
    assert found(rules, measures=["preservation"]).channel == "24-7-point"


def test_the_urgent_channel_stands_beside_the_ordinary_one() -> None:
    only_urgent = {"test": "urgent", "article": "25(3)"}
    rules = {
        "channels": [
            channel("central-authority"),
            channel("interpol", urgent="true"),
            channel("oral", urgent="true", when=[only_urgent]),
        ]
    }
    assert (found(rules).channel, found(rules).urgent_channel) == ("central-authority", "interpol")
    assert found(rules, urgent=True).urgent_channel == "oral"


def test_what_the_requested_state_declared_goes_first_from_its_day() -> None:
    rules = {"channels": [channel("judicial-direct"), channel("interpol", urgent="true")]}
    says = [declares(does="channel", channel="central-authority", urgent="true", articles=["27(9)(e)"])]
    assert found(rules, says).urgent_channel == "central-authority"
    assert found(rules, says).channel == "judicial-direct"
    assert found(rules, says, on="2003-12-31").urgent_channel == "interpol"
    ordinary = [declares(does="channel", channel="diplomatic")]
    assert found(rules, ordinary).channel == "diplomatic"


def test_a_declaration_under_a_closed_article_says_nothing() -> None:
    closed = {"test": "requesting-is", "values": ["CC"], "article": "27(1)"}
    rules = {
        "provisions": [
            {"id": "25", "article": "25", "role": "reach", "force": "duty"},
            {"id": "27", "article": "27", "role": "procedure", "force": "duty", "when": [closed]},
        ],
        "channels": [channel("interpol", urgent="true")],
    }
    says = [declares(does="channel", channel="central-authority", urgent="true", articles=["27(9)(e)"])]
    assert found(rules, says).urgent_channel == "interpol"


def test_a_channel_shut_by_the_requested_state_is_not_taken() -> None:
    rules = {"channels": [channel("judicial-direct"), channel("ministry-of-justice")]}
    assert found(rules, [declares(does="channel", channel_excluded="judicial-direct")]).channel == (
        "ministry-of-justice"
    )


def authority(name: str, **more: object) -> Row:
    """A row of the authorities of BB."""
    return {"id": name.lower().replace(" ", "-"), "function": "mla-in", "name": name, **more}


def of_bb(*rows: Row, **more: object) -> dict[str, Row]:
    """The practice of BB."""
    return {"BB": {"authorities": list(rows), **more}}


def named(candidate: Candidate) -> str:
    """Who is addressed."""
    assert candidate.authority is not None
    return candidate.authority.name


def test_the_authority_named_for_the_instrument_goes_before_the_general_one() -> None:
    states = of_bb(authority("Ministry"), authority("Office", instrument="t", languages=["fr"]))
    assert named(found({}, states=states)) == "Office"
    assert found({}, states=states).languages == ("fr",)
    assert found({}).authority is None


def test_an_authority_counts_in_its_time_and_what_was_read_goes_first() -> None:
    states = of_bb(
        authority("Old", until="2020-01-01"),
        authority("New", since="2020-01-01"),
        authority("Recalled", source="gazette", confidence="memory", since="2025-01-01"),
    )
    assert named(found({}, states=states, on="2019-12-31")) == "Old"
    assert named(found({}, states=states, on="2020-01-01")) == "New"
    assert named(found({}, states=states, on="2026-01-15")) == "New"


def test_a_declaration_names_the_authority() -> None:
    says = [declares(does="authority", function="mla-in", authority="Procuracy", unit="Desk 4")]
    assert named(found({}, says, of_bb(authority("Ministry")))) == "Procuracy"
    assert named(found({}, says, of_bb(authority("Ministry")), on="2003-12-31")) == "Ministry"


def test_preservation_goes_to_the_contact_point() -> None:
    states = of_bb(authority("Ministry"), authority("Police", function="contact-24-7"))
    rules = {"channels": [channel("24-7-point")]}
    assert named(found(rules, states=states, kind="preservation", measures=["preservation"])) == "Police"


def test_languages_follow_the_text_then_the_declaration() -> None:
    states = {"AA": {"official_languages": ["de"]}, "BB": {"official_languages": ["fr", "nl"]}}

    def rule(regime: str, **more: object) -> Row:
        return {"languages": [{"id": "16", "article": "16", "regime": regime, **more}]}

    assert found(rule("requested"), states=states).languages == ("fr", "nl")
    assert found(rule("both"), states=states).languages == ("fr", "nl", "de")
    assert found(rule("none"), states=states).languages == ()
    assert found(rule("codes", codes=["en", "fr"]), states=states).languages == ("en", "fr")
    assert found(rule("acceptable"), states=states).languages == ("fr", "nl")
    says = [declares(does="languages", languages=["en"])]
    assert found(rule("requested"), says, states).languages == ("en",)
    accepted = {"BB": {"official_languages": ["fr"], "languages": [{"id": "l", "codes": ["es"]}]}}
    assert found(rule("acceptable"), states=accepted).languages == ("es",)


def test_formalities_of_channel_and_authority_are_told_once() -> None:
    rules = {"channels": [channel("central-authority", formalities="in writing")]}
    states = of_bb(authority("Ministry", formalities="in writing"), authority("Other"))
    assert found(rules, states=states).formalities == ("in writing",)


def test_deadlines_contents_and_grounds_follow_kind_measure_and_day() -> None:
    rules: Row = {
        "deadlines": [
            {
                "id": "29-7",
                "article": "29(7)",
                "kinds": ["preservation"],
                "event_from": "preserved",
                "event_to": "lapse",
                "amount": "60",
                "unit": "days",
            }
        ],
        "contents": [
            {"id": "a", "article": "14", "field": "note", "required": "no"},
            {
                "id": "b",
                "article": "14",
                "field": "offence",
                "required": "yes",
                "measures": ["stored-content"],
            },
        ],
        "grounds": [
            {
                "id": "g1",
                "article": "2",
                "ground": "political-offence",
                "mandatory": "no",
                "cure": "assurance",
            },
            {"id": "g2", "article": "3", "ground": "ne-bis-in-idem", "mandatory": "yes"},
            {
                "id": "g3",
                "article": "5",
                "ground": "dual-criminality-absent",
                "mandatory": "may-by-reservation",
            },
        ],
        "not_grounds": [{"id": "n", "article": "8", "not_ground": "bank-secrecy"}],
    }
    mla = found(rules, measures=["stored-content"])
    assert list(mla.deadlines) == []
    assert [one.field for one in mla.contents] == ["offence", "note"]
    assert [(one.ground, one.mandatory) for one in mla.grounds] == [
        ("ne-bis-in-idem", "yes"),
        ("political-offence", "no"),
        ("dual-criminality-absent", "may-by-reservation"),
    ]
    assert [one.ground for one in mla.not_grounds] == ["bank-secrecy"]
    kept = [declares(does="ground", ground="dual-criminality-absent", articles=["5"])]
    assert {(g.ground, g.mandatory, len(g.citations)) for g in found(rules, kept).grounds} >= {
        ("dual-criminality-absent", "no", 2)
    }
    preservation = found(rules, kind="preservation", measures=["preservation"])
    assert [(d.amount, d.unit, d.article) for d in preservation.deadlines] == [(60, "days", "29(7)")]


def test_a_rejected_candidate_has_no_route() -> None:
    rules = {"channels": [channel("central-authority")]}
    rejected = found(rules, states=of_bb(authority("Ministry")), on="1999-12-31")
    assert (rejected.verdict, rejected.channel, rejected.authority) == ("no", None, None)
