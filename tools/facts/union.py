"""Whom does an agreement of the European Union with another State bind?

The table has one row for the Union. Where the agreement acts by itself, and not through treaties of the
members, it links the other State with each of them.
"""

from __future__ import annotations

from typing import Any

from tools.facts.acts import LAST_DAYS, Act
from tools.facts.cite import MEMORY, Sources
from tools.facts.instruments import presumed
from tools.facts.table import RECORDED

MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GB GR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
"""Members on the day of entry into force; recalled."""
JOINED = {"HR": "2013-07-01"}
LEFT = {"GB": LAST_DAYS["2020-12-31"]}
BY_ITSELF = {"eu-jp-mla": ("JP", "2011-01-02")}
"""Agreement, the other State, and the day on which it entered into force."""


def spread(laws: dict[str, dict[str, Any]]) -> None:
    """Make each such agreement an instrument of many, that links no two members."""
    for key, (other, _) in BY_ITSELF.items():
        rule = presumed("mla") | {"when": [{"test": "one-side-is", "values": [other]}]}
        more = {"form": "multilateral", "states": [], "counts_as": ["mla-treaty"], "provisions": [rule]}
        laws[key] = {**laws[key], **more}


def bind(key: str, content: dict[str, Any], sources: Sources) -> dict[str, Any]:
    """The party file of such an agreement with the members in it; any other comes back as it is."""
    if key not in BY_ITSELF:
        return content
    sources.cite(MEMORY)
    recalled = {"source": MEMORY, "confidence": MEMORY}
    day = BY_ITSELF[key][1]
    states: dict[str, list[Act]] = dict(content["states"])
    for state in (*MEMBERS.split(), *JOINED):
        on = JOINED.get(state, day)
        states[state] = [{"act": "in-force", "on": on, **recalled, "note": "as member of the Union"}]
        if state in LEFT:
            states[state].append({"act": "withdrawn", "on": LEFT[state], **recalled})
    note = "closed by its own text: members of the Union and the other State"
    complete = {"recorded": RECORDED, "as_of": "2026-11", **recalled, "note": note}
    return {"instrument": key, "complete": complete, "states": dict(sorted(states.items()))}
