"""Small registries for tests, written as law files but held in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from schemas.reasoning import Assessment, Candidate, OffenceAsked, Question, Reason
from schemas.vocabulary import Kind, Measure
from treaties.basis import find_bases
from treaties.load import load_registry
from treaties.logic import walk
from treaties.registry import Registry

DEFAULTS = {"source": "gazette", "recorded": "2026-01-10", "checked": "2025-12-01", "confidence": "read"}
REACH = {"id": "1.reach", "article": "1", "role": "reach", "force": "duty"}
STATES = ("AA", "BB", "CC")

Row = dict[str, Any]


def act(name: str, on: str = "unknown", **more: Any) -> Row:
    """A row of a parties file."""
    return {"act": name, "on": on, **more}


def instrument(key: str, **more: Any) -> Row:
    """An instruments file: a multilateral treaty on assistance with one article for everything."""
    form = more.get("form", "multilateral")
    return {
        "defaults": DEFAULTS,
        "key": key,
        "title": f"Treaty {key}",
        "form": form,
        "kinds": ["mla"],
        "provisions": [REACH],
        **more,
    }


def parties(key: str, states: Mapping[str, Sequence[Row]], **more: Any) -> Row:
    """A parties file."""
    return {
        "defaults": DEFAULTS,
        "instrument": key,
        "states": {s: list(r) for s, r in states.items()},
        **more,
    }


def complete(as_of: str = "2025-12-01") -> Row:
    """The row that says a list of parties is whole."""
    return {"as_of": as_of}


def layer(
    *files: Row, states: Mapping[str, Row] | None = None, offences: Sequence[Row] = ()
) -> dict[str, Any]:
    """A layer of law made of these files, with a source and the States AA, BB and CC."""
    made: dict[str, Any] = {"sources/gazette.yml": {"key": "gazette", "title": "Official Gazette"}}
    for code in sorted({*STATES, *(states or {})}):
        made[f"states/{code}.yml"] = {
            "defaults": DEFAULTS,
            "code": code,
            "name": f"State {code}",
            "official_languages": ["en"],
            **((states or {}).get(code, {})),
        }
    for file in files:
        folder = "parties" if "instrument" in file else "instruments"
        made[f"{folder}/{file.get('instrument') or file['key']}.yml"] = file
    if offences:
        made["offences.yml"] = {"defaults": DEFAULTS, "offences": list(offences)}
    return made


def registry(*files: Row, states: Mapping[str, Row] | None = None, offences: Sequence[Row] = ()) -> Registry:
    """A registry of one such layer."""
    return load_registry([layer(*files, states=states, offences=offences)])


def ask(
    law: Registry,
    on: str = "2026-01-15",
    requesting: str = "AA",
    requested: str = "BB",
    kind: str = "mla",
    measures: Sequence[str] = ("subscriber-data",),
    offences: Sequence[OffenceAsked] = (),
    **more: Any,
) -> Assessment:
    """The answer to a question between AA and BB about subscriber data, unless said otherwise."""
    return find_bases(
        law,
        Question(
            requesting=requesting,
            requested=requested,
            kind=Kind(kind),
            measures=tuple(Measure(measure) for measure in measures),
            on=date.fromisoformat(on),
            offences=tuple(offences),
            **more,
        ),
    )


def candidate(answer: Assessment, key: str) -> Candidate:
    """The candidate of that key."""
    return next(one for one in answer.candidates if one.instrument == key)


def verdict(answer: Assessment, key: str) -> str:
    """The verdict of that candidate, or `none` where it is no candidate."""
    return next((one.verdict.value for one in answer.candidates if one.instrument == key), "none")


def claims(reason: Reason) -> set[str]:
    """Every claim in the tree."""
    return {one.claim for one in walk(reason)}


def facts(reason: Reason) -> set[str]:
    """Every fact id in the tree."""
    return {fact for one in walk(reason) for fact in one.facts}
