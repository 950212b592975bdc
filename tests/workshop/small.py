"""A small registry, invented: four States, two treaties and a statute, and drafts that change it."""

from __future__ import annotations

from typing import Any

from treaties.draft import Draft, draft_of
from treaties.load import load_registry
from treaties.registry import Registry

FACT = {"source": "chart", "recorded": "2026-01-01", "confidence": "read"}
ASSISTANCE = {"id": "1.reach", "article": "1", "role": "reach", "force": "duty", "kinds": ["mla"], **FACT}


def layer() -> dict[str, Any]:
    """The law files of it."""
    states: dict[str, Any] = {
        f"states/{code}.yml": {"code": code, "name": name, **FACT}
        for code, name in (("DE", "Germany"), ("FR", "France"), ("IE", "Ireland"), ("US", "United States"))
    }
    states["states/IE.yml"]["authorities"] = [
        {"id": "mla-in", "function": "mla-in", "name": "Minister for Justice", **FACT}
    ]
    return {
        "sources/chart.yml": {"key": "chart", "title": "Chart, invented", "address": "https://chart.example"},
        **states,
        "instruments/pact.yml": {
            "key": "pact",
            "title": "Pact on Assistance",
            "form": "multilateral",
            "kinds": ["mla"],
            "opened": "2001-01-01",
            "entry": {"on": "2002-01-01", **FACT},
            "provisions": [ASSISTANCE],
        },
        "instruments/de-us-mla.yml": {
            "key": "de-us-mla",
            "title": "Treaty on Assistance",
            "form": "bilateral",
            "kinds": ["mla"],
            "states": ["DE", "US"],
            "counts_as": ["mla-treaty"],
            "provisions": [ASSISTANCE],
        },
        "instruments/fr-law.yml": {
            "key": "fr-law",
            "title": "Law on Assistance",
            "form": "domestic",
            "kinds": ["mla"],
            "states": ["FR"],
            "entry": {"on": "2000-01-01", **FACT},
            "provisions": [ASSISTANCE],
        },
        "parties/pact.yml": {
            "instrument": "pact",
            "complete": {"as_of": "2025-12-31", **FACT},
            "states": {
                "DE": [{"act": "in-force", "on": "2009-07-01", **FACT}],
                "US": [
                    {"act": "ratified", "on": "2006-09-29", **FACT},
                    {"act": "in-force", "on": "2007-01-01", **FACT},
                ],
                "IE": [{"act": "signed", "on": "2002-02-28", **FACT}],
            },
        },
        "parties/de-us-mla.yml": {
            "instrument": "de-us-mla",
            "states": {"DE": [{"act": "in-force", "on": "2009-10-18", **FACT}]},
        },
    }


def registry() -> Registry:
    """The registry made of it."""
    return load_registry([layer()])


def draft(**content: Any) -> Draft:
    """A draft from the source `chart`, whose places are paths of keys."""
    given = {"title": "a change", "defaults": {"source": "chart", "confidence": "read"}, **content}
    return draft_of(given, lambda path: ".".join(path))


def act(state: str, act: str, on: str | None, instrument: str = "pact", **more: Any) -> dict[str, Any]:
    """The row of an act."""
    return {"instrument": instrument, "state": state, "act": act, "on": on, **more}
