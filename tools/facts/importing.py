"""Which law files come out of a facts folder?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tools.facts import (
    bilateral,
    declarations,
    designations,
    domestic,
    elsewhere,
    instruments,
    keys,
    named,
    newest,
    parties,
    procedure,
    protocols,
    states,
    territories,
    union,
    usage,
)
from tools.facts.cite import Sources
from tools.facts.instruments import ORDER as INSTRUMENT_FIELDS
from tools.facts.table import Account, rows
from tools.facts.write import with_defaults, write

RULES = Path(__file__).parent / "rules"
"""Rules that a person wrote from the texts: laid over what the tables give."""
RULE_LISTS = INSTRUMENT_FIELDS[INSTRUMENT_FIELDS.index("provisions") :]


class Import:
    """One run: reads the tables under `facts`, writes the law files under `out`."""

    def __init__(self, facts: Path, out: Path) -> None:
        self.facts = facts
        self.out = out
        self.sources = Sources()
        self.account = Account()
        self.changed = 0

    def write(self) -> int:
        """Write everything; returns how many files changed."""
        procedure.add_sources(self.facts, self.sources, self.account)
        treaties = bilateral.treaties(self.facts, self.account)
        treaties |= named.treaties(self.facts, treaties)
        laws = {
            **instruments.multilateral(self.facts, self.sources, self.account),
            **{key: bilateral.instrument(key, treaty) for key, treaty in treaties.items()},
        }
        bilateral.name_amended(laws, treaties)
        union.spread(laws)
        statutes = domestic.statutes(self.facts, self.sources, self.account)
        known = {row["iso2"] for row in rows(self.facts, "jurisdictions.csv")}
        designations.designate(self.facts, statutes, known, self.sources, self.account)
        laws |= {key: statute.instrument for key, statute in statutes.items()}
        procedure.lay_over(laws, RULES, self.facts, self.sources, self.account)
        protocols.lay_into(laws)
        found = self._multilateral_parties()
        declarations.add(self.facts, found, self.sources, self.account)
        territories.add(found, self.sources)
        elsewhere.add(found, self.sources)
        newest.add(found, self.sources)
        for key, made in found.items():
            self._put_parties(key, made)
        for key, treaty in treaties.items():
            successor = bilateral.successor_of(key, treaties)
            taken_over = parties.both_since(found["coe-ext-1957"], treaty.pair)
            content = bilateral.parties_content(key, treaty, successor, taken_over, self.sources)
            content = named.complete(content, treaty, self.sources)
            self._put_parties(key, union.bind(key, content, self.sources))
        for key, statute in statutes.items():
            self._put_parties(key, statute.parties)
        for key, law in laws.items():
            self._put_instrument(key, instruments.ordered(law))
        self._put_states(set(laws))
        usage.take(self.facts, self.account)
        newest.take(self.facts, self.account)
        for key, entry in self.sources.found.items():
            self._put(Path("sources") / f"{key}.yml", entry)
        return self.changed

    def _multilateral_parties(self) -> dict[str, dict[str, Any]]:
        regional = [row["id"] for row in rows(self.facts, "regional/instruments.csv")]
        found = parties.party_files(self.facts, keys.tables(regional), self.sources, self.account)
        return {key: parties.content(key, states, self.sources) for key, states in found.items() if states}

    def _put_parties(self, key: str, content: dict[str, Any]) -> None:
        acts = [act for state_acts in content["states"].values() for act in state_acts]
        self._put(Path("parties") / f"{key}.yml", with_defaults(content, acts))

    def _put_instrument(self, key: str, content: dict[str, Any]) -> None:
        rules = [rule for name in RULE_LISTS for rule in content.get(name, [])]
        rules += [content["entry"]] if content.get("entry") else []
        self._put(Path("instruments") / f"{key}.yml", with_defaults(content, rules))

    def _put_states(self, known: set[str]) -> None:
        for code, content in states.state_files(self.facts, known, self.sources, self.account).items():
            lists = ("memberships", "authorities", "languages", "treaty_lists")
            rows_in = [row for name in lists for row in content[name]]
            self._put(Path("states") / f"{code}.yml", with_defaults(content, rows_in))

    def _put(self, path: Path, content: dict[str, Any]) -> None:
        self.changed += write(self.out / path, content)
