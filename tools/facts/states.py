"""Who acts for a State, in which languages, where does its clock stand, and what does it belong to?"""

from __future__ import annotations

import importlib.resources
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from schemas.ids import bilateral_key
from tools.facts import keys
from tools.facts.cite import MEMORY, Sources, key_of, partial
from tools.facts.languages import codes
from tools.facts.table import RECORDED, Account, FactRow, rows

ORGANISATIONS = {
    "eu_member": "eu",
    "coe_member": "coe",
    "commonwealth": "commonwealth",
    "oas": "oas",
    "ecowas": "ecowas",
    "asean": "asean",
    "african_union": "african-union",
    "arab_league": "arab-league",
    "un_member": "un",
}
ENDS = {
    ("eu", "GB"): ("2020-02-01", "left the Union; its law applied until 2020-12-31"),
    ("coe", "RU"): ("2022-03-16", ""),
}
"""Memberships that ended: first day outside."""
SUCCESSORS = {"CS": ("CZ", "SK")}
REPLACED = frozenset({"EU extradition convention 1996"})
"""Instruments in whose place the European arrest warrant came between all who could join them."""
PURPOSE = {"mla": "mla-in", "extradition": "extradition-in"}
CHANNELS = {
    ("eio-in", "direct"): "judicial-direct",
    ("contact-24-7", "direct"): "24-7-point",
    ("*", "direct"): "central-authority",
    ("*", "either"): "central-authority",
    ("*", "diplomatic"): "diplomatic",
    ("*", "interpol"): "interpol",
}
CAPITAL_ZONES = {
    "DE": "Europe/Berlin",
    "US": "America/New_York",
    "GB": "Europe/London",
    "FR": "Europe/Paris",
    "NL": "Europe/Amsterdam",
    "CA": "America/Toronto",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "ES": "Europe/Madrid",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "MX": "America/Mexico_City",
    "NZ": "Pacific/Auckland",
    "CN": "Asia/Shanghai",
    "AR": "America/Argentina/Buenos_Aires",
    "CL": "America/Santiago",
    "UA": "Europe/Kyiv",
    "CY": "Asia/Nicosia",
    "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty",
    "MY": "Asia/Kuala_Lumpur",
    "XK": "Europe/Belgrade",
}
"""Zone of the central authority where the State has several (Kosovo has no line in the zone table)."""
ZONES = "iana-zone-table"


def state_files(
    folder: Path, known: set[str], sources: Sources, account: Account
) -> dict[str, dict[str, Any]]:
    """states/<code>.yml by code. `known`: the instrument keys that exist."""
    zones = single_zones()
    sources.add(
        ZONES,
        title="IANA time zone table (zone.tab)",
        publisher="IANA",
        address="https://www.iana.org/time-zones",
        how="read in the tzdata package; the zone of the capital where a State has several is recalled",
    )
    files: dict[str, dict[str, Any]] = {}
    for row in rows(folder, "jurisdictions.csv"):
        files[row["iso2"]] = _state(row, zones, sources)
        account.taken(row, row["iso2"], f"states/{row['iso2']}.yml")
    for row in [*rows(folder, "authorities.csv"), *rows(folder, "bilateral/central_authorities.csv")]:
        _authority(row, files, known, sources, account)
    for file in files.values():
        _number(file)
    return files


def single_zones() -> dict[str, str]:
    """Time zone by State, for those with one zone, and for a few others that of the capital."""
    table = (importlib.resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    found: dict[str, list[str]] = defaultdict(list)
    for line in table.splitlines():
        if line and not line.startswith("#"):
            code, _, zone = line.split("\t")[:3]
            found[code].append(zone)
    return {code: zone[0] for code, zone in found.items() if len(zone) == 1} | CAPITAL_ZONES


def _state(row: FactRow, zones: dict[str, str], sources: Sources) -> dict[str, Any]:
    sources.add(
        "jurisdictions",
        title="Table of jurisdictions: codes, languages, memberships",
        how="codes read in the ISO tables, languages mostly in the CLDR, everything else recalled",
        as_of="2026",
    )
    sources.cite(MEMORY)
    code = row["iso2"]
    notes = [row["note"]]
    if zones.get(code):
        notes.append(f"time zone: {ZONES}" + (", that of the capital" if code in CAPITAL_ZONES else ""))
    return {
        "code": code,
        "iso3": row["iso3"],
        "name": row["name_en"],
        "parent": row["parent_state"],
        "official_languages": list(codes(row["official_languages"])),
        "legal_tradition": row["legal_tradition"],
        "death_penalty": row["death_penalty"],
        "time_zone": zones.get(code, ""),
        "source": "jurisdictions",
        "confidence": MEMORY,
        "recorded": RECORDED,
        "note": "; ".join(note for note in notes if note),
        "memberships": _memberships(row),
        "authorities": [],
        "languages": [],
        "treaty_lists": _treaty_lists(code),
    }


def _memberships(row: FactRow) -> list[dict[str, str]]:
    found = []
    for column, organisation in ORGANISATIONS.items():
        until, note = ENDS.get((organisation, row["iso2"]), ("", ""))
        # A part of a member State is no member, though the law of the Union applies there.
        if (row[column] == "yes" and not row["parent_state"]) or until:
            membership = {"id": organisation, "organisation": organisation, "until": until, "note": note}
            found.append(membership | {"recorded": RECORDED, "source": MEMORY, "confidence": MEMORY})
    return found


def _treaty_lists(code: str) -> list[dict[str, str]]:
    if code != "US":
        return []
    return [
        {
            "id": "mla",
            "kind": "mla",
            "as_of": "2015",
            "recorded": RECORDED,
            "source": "2009-2017-state-gov-j-inl-rls-nrcrpt-2015-vol2-239045",
            "place": "list of mutual legal assistance treaties",
            "confidence": "read",
            "note": "all treaties in force at the beginning of 2015",
        }
    ]


# --- authorities --------------------------------------------------------------------------------------


def _authority(
    row: FactRow, files: dict[str, dict[str, Any]], known: set[str], sources: Sources, account: Account
) -> None:
    state = row["state_iso2"]
    function = row["function"] or PURPOSE[row["purpose"]]
    name = f"{state} {function}"
    if state not in files:
        account.refused(row, name, "no-jurisdiction")
        return
    if row["instrument"] in REPLACED:
        account.refused(row, name, "replaced")
        return
    for instrument in instrument_keys(row["instrument"], function):
        if instrument and instrument not in known:
            account.refused(row, name, "unplaced", f"there is no instrument {row['instrument']}")
        else:
            _put(_entry(row, function, instrument, sources), row, files[state], account, name)


def _put(made: dict[str, Any], row: FactRow, file: dict[str, Any], account: Account, name: str) -> None:
    twin = _twin(file["authorities"], made)
    if twin is not None:
        for field in ("unit", "languages", "formalities"):
            twin[field] = twin[field] or made[field]
        account.merged(row, name, "the same authority stands there already")
    elif not made["name"]:
        _language(row, file, made, account, name)
    else:
        file["authorities"].append(made)
        account.taken(row, name, f"states/{file['code']}.yml")


def _entry(row: FactRow, function: str, instrument: str, sources: Sources) -> dict[str, Any]:
    citation = sources.cite(row["source"], row["as_of"])
    since = row["since"] if re.fullmatch(r"\d{4}-\d{2}-\d{2}", row["since"]) else ""
    notes = [row["note"], f"since {row['since']}" if row["since"] and not since else ""]
    channel = CHANNELS.get((function, row["channel"]), CHANNELS.get(("*", row["channel"]), ""))
    formalities = row["formalities"]
    if row["channel"] == "either":
        formalities = "; ".join(part for part in (formalities, "the diplomatic channel is open too") if part)
    return {
        "id": "",
        "function": function,
        "name": row["authority"],
        "unit": row["unit"],
        "instrument": instrument,
        "languages": list(codes(row["languages"])),
        "channel": channel,
        "formalities": formalities,
        "since": since,
        "recorded": RECORDED,
        "source": citation.key,
        "place": citation.place,
        "checked": "" if row["confidence"] == MEMORY else partial(row["as_of"]),
        "confidence": MEMORY if citation.key == MEMORY else row["confidence"],
        "note": citation.note("; ".join(note for note in notes if note)),
    }


def _language(row: FactRow, file: dict[str, Any], made: dict[str, Any], account: Account, name: str) -> None:
    """A row that names no authority may still say which languages are accepted, or by which channel."""
    if not made["languages"] and not made["channel"] and not made["formalities"]:
        account.refused(row, name, "empty")
        return
    if made["languages"]:
        kept = ("since", "recorded", "source", "place", "checked", "confidence", "note")
        language = {
            "id": "",
            "codes": made["languages"],
            "instrument": made["instrument"],
            "text": made["formalities"],
        }
        file["languages"].append(language | {field: made[field] for field in kept})
    if made["channel"] or (made["formalities"] and not made["languages"]):
        file["authorities"].append(made)
    account.taken(row, name, f"states/{file['code']}.yml")


def _twin(entries: list[dict[str, Any]], made: dict[str, Any]) -> dict[str, Any] | None:
    name = made["name"].lower()
    for entry in entries:
        other = f"{entry['name']}, {entry['unit']}".lower()
        same_place = all(entry[field] == made[field] for field in ("function", "instrument"))
        if same_place and name and entry["name"] and (name in other or entry["name"].lower() in name):
            return entry
    return None


def instrument_keys(name: str, function: str) -> tuple[str, ...]:
    """The instrument keys for the words of authorities.csv, such as `ets185` or `bilateral CH-US MLA 1973`.

    A treaty of a State that fell apart stands for one treaty of each successor; no words stand for one row
    without an instrument.
    """
    pair = re.match(r"bilateral ([A-Z]{2})-([A-Z]{2})(?: (MLA|extradition))?", name)
    if pair:
        sides = [SUCCESSORS.get(side, (side,)) for side in pair.groups()[:2]]
        kind = {"MLA": "mla", "extradition": "ext"}.get(
            pair.group(3) or "", "ext" if "extra" in function else "mla"
        )
        return tuple(bilateral_key(one, other, kind) for one in sides[0] for other in sides[1])
    return (key_of(keys.of_fact(name)) if name else "",)


def _number(file: dict[str, Any]) -> None:
    """Ids that stay when rows are added behind: function and instrument, numbered where not alone."""
    for field, word in (("authorities", "function"), ("languages", "instrument")):
        counts: dict[str, int] = defaultdict(int)
        for entry in file[field]:
            stem = "-".join(part for part in (entry.get(word, ""), entry["instrument"]) if part)
            stem = entry["instrument"] or "any" if field == "languages" else stem
            counts[stem] += 1
            entry["id"] = stem if counts[stem] == 1 else f"{stem}-{counts[stem]}"
