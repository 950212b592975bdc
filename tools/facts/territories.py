"""Which territories did States bring under an instrument, and which did they leave out?

The tables tell it in prose, one row for a State and all its territories; here it stands as one line each.
A day given only as a year is kept as its first and last day.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tools.facts.acts import UNKNOWN, Act
from tools.facts.cite import MEMORY, Sources
from tools.facts.parties import sorted_acts

VERDRAGEN = "verdragen-nl-treaty-details-009290-w"
FINLEX = "finlex-fi-sops-18-2004-party-list"


class Extension(NamedTuple):
    """One territory brought under an instrument. `on`: a day, a year, or nothing where no day was told."""

    territory: str
    on: str = ""
    source: str = MEMORY
    note: str = ""


class LeftOut(NamedTuple):
    """Territories that `state` left out, for the declaration whose text begins with `text`."""

    state: str
    territories: tuple[str, ...]
    text: str


EXTENDED: dict[str, tuple[Extension, ...]] = {
    "untoc": (
        Extension("MO", "2003-10-23", note="from the ratification by China"),
        Extension("HK", "2006-09-27"),
        Extension("GI", "2007"),
        Extension("KY", "2012"),
        Extension("IM", "2012"),
        Extension("JE", "2014"),
        Extension("GG", "2014"),
        Extension("AW", "2007-01-18", FINLEX),
        *(
            Extension(code, "2010-09-09", FINLEX, "then part of the Netherlands Antilles")
            for code in ("CW", "SX", "BQ")
        ),
    ),
    "untoc-trafficking": (Extension("MO", "2010-03-10", note="with China"),),
    "uncac": (
        Extension("HK", "2006-02-12", note="with China"),
        Extension("MO", "2006-02-12", note="with China"),
        Extension("VG", "2006-10-12"),
        *(Extension(code, "2009-11-09") for code in ("GG", "IM", "JE")),
        Extension("BM", "2018-06-04"),
    ),
    "opsc": (
        Extension("MO", "2003-01-03", note="with China"),
        Extension("IM", "2023-04-14", VERDRAGEN),
        Extension("AW", "2006-10-17", VERDRAGEN),
        Extension("BQ", "2010-10-10", VERDRAGEN),
        Extension("CW", "2022-09-20", VERDRAGEN),
    ),
    "cat": (Extension("HK"), Extension("MO")),
    "crc": (Extension("HK"), Extension("MO")),
    "drugs1988": (Extension("HK"), Extension("MO")),
    "icsft": tuple(Extension(code, "2006-05-19", note="with China") for code in ("HK", "MO")),
    "iccpr": (
        Extension("HK", "1997-07-01", note="formerly through the United Kingdom"),
        Extension("MO", note="formerly through Portugal"),
    ),
    "refugee-convention": (Extension("MO"),),
    "apostille": (
        Extension("HK", "1965-04-25", note="through the United Kingdom before China joined"),
        Extension("MO", "1969-02-04", note="through Portugal before China joined"),
    ),
    "coe-ext-1957": tuple(
        Extension(code, "", "github-ukparliament-uk-treaties", "recorded for the Channel Islands")
        for code in ("GG", "JE")
    ),
}
"""As the territorial rows of the declarations tell it; a day of deposit counts from the entry into force."""

LEFT_OUT: dict[str, tuple[LeftOut, ...]] = {
    "budapest": (
        LeftOut("DK", ("FO", "GL"), "Not applied to the Faroe Islands"),
        LeftOut("NL", ("AW", "BQ", "SX"), "Applies to the Kingdom in Europe"),
    ),
    "drugs1988": (LeftOut("DK", ("FO", "GL"), "not for the Faroe Islands"),),
    "opsc": (LeftOut("CN", ("HK",), "applies to Macao, not to Hong Kong"),),
    "untoc-trafficking": (LeftOut("CN", ("HK",), "applies to Macao, not to Hong Kong"),),
    "refugee-convention": (LeftOut("CN", ("HK",), "applies to Macao, not to Hong Kong"),),
}
"""At ratification of the Palermo and Merida Conventions Denmark left the Faroe Islands and Greenland out;
what followed was not checked, so nothing is said of them here."""


def add(parties: dict[str, dict[str, Any]], sources: Sources) -> None:
    """Put extensions and exclusions into the party files (`parties`: content by instrument key)."""
    for key, extensions in EXTENDED.items():
        states = parties[key]["states"]
        for extension in extensions:
            rows = states.setdefault(extension.territory, [])
            if not any(row["act"] == "extended" for row in rows):
                rows.append(_extended(extension, sources))
                states[extension.territory] = sorted_acts(rows)
        parties[key]["states"] = dict(sorted(states.items()))
    for key, exclusions in LEFT_OUT.items():
        for exclusion in exclusions:
            _leave_out(parties[key]["states"][exclusion.state], exclusion)
    _leave_gibraltar_out(parties["uk-eu-tca"]["states"]["GB"], sources)


def _extended(extension: Extension, sources: Sources) -> Act:
    known = extension.source != MEMORY
    if not known:
        sources.cite(MEMORY)
    made: Act = {"act": "extended", "on": extension.on or UNKNOWN}
    if len(extension.on) == len("2014"):
        made |= {"on": UNKNOWN, "earliest": f"{extension.on}-01-01", "latest": f"{extension.on}-12-31"}
    return made | {
        "source": extension.source,
        "confidence": "read" if known else MEMORY,
        "note": extension.note,
    }


def _leave_out(rows: list[Act], exclusion: LeftOut) -> None:
    said = [row for row in rows if str(row.get("text", "")).startswith(exclusion.text)]
    if not said:
        raise ValueError(f"no declaration of {exclusion.state} begins with {exclusion.text!r}")
    effect = {"does": "not-extended", "territories": list(exclusion.territories)}
    for row in said:
        row["effects"] = [*[one for one in row.get("effects", []) if one["does"] != "note"], effect]


def _leave_gibraltar_out(rows: list[Act], sources: Sources) -> None:
    """Said in the table of instruments, not in one of declarations."""
    sources.cite(MEMORY)
    rows.append(
        {
            "act": "declaration",
            "on": "2020-12-30",
            "text": "Part Three does not extend to Gibraltar",
            "effects": [{"does": "not-extended", "territories": ["GI"]}],
            "source": MEMORY,
            "confidence": MEMORY,
        }
    )
