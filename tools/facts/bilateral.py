"""Which treaties does a pair of States have, which row amends which, and on which days was each in force?"""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from schemas.ids import bilateral_key
from tools.facts.acts import UNKNOWN, Act
from tools.facts.cite import MEMORY, Sources, partial
from tools.facts.instruments import ordered, presumed
from tools.facts.table import RECORDED, Account, FactRow, rows

FILE = "bilateral/bilateral.csv"
KIND = {"mla": "mla", "extradition": "ext", "cloud-act": "cloud-act", "other": "cooperation"}
_AMENDS = re.compile(
    r"protocol\b|supplementary|exchange of (?:notes|letters)|(?:instrument|agreement) under|EU-US agreement",
    re.IGNORECASE,
)
_EU_US = re.compile(r"Art\. 3\(2\)|EU-US")
_SUPERSEDED = re.compile(r"superseded by the|a new treaty was signed|replaced by the")
_NEW = re.compile(r"\(new\)")
APART = frozenset(
    {("AT", "LI", "mla"), ("CH", "FR", "mla"), ("PE", "US", "extradition"), ("AR", "BR", "extradition")}
)
"""Pairs whose later treaty neither amends nor surely replaces the earlier one."""
EU_US_RULES_SINCE = "2010-02-01"


@dataclass
class Treaty:
    """One treaty of a pair: the row that made it, and the rows that amend or repeat it."""

    base: FactRow
    amendments: list[FactRow] = field(default_factory=list)
    repeats: list[FactRow] = field(default_factory=list)

    @property
    def pair(self) -> tuple[str, str]:
        """The two States in alphabetical order."""
        first, second = sorted((self.base["party_a_iso2"], self.base["party_b_iso2"]))
        return first, second

    @property
    def year(self) -> str:
        """Year of signature; of entry into force where the signature is unknown."""
        return (self.base["signed"] or self.base["in_force"] or "undated")[:4]

    @property
    def only_eu_us(self) -> bool:
        """No earlier treaty: the instrument under the EU-US agreement gives its few measures only."""
        return "no earlier MLAT" in self.base["note"]

    @property
    def eu_us(self) -> bool:
        """Do the rules of the EU-US agreement stand in it?"""
        return self.only_eu_us or any(_EU_US.search(row["title"]) for row in self.amendments)


def treaties(folder: Path, account: Account) -> dict[str, Treaty]:
    """All treaties by key. The newest of a pair and kind has the plain key, older ones carry their year."""
    groups: dict[tuple[str, str, str], list[FactRow]] = defaultdict(list)
    for row in rows(folder, FILE):
        first, second = sorted((row["party_a_iso2"], row["party_b_iso2"]))
        groups[first, second, row["kind"]].append(row)
    found: dict[str, Treaty] = {}
    for (first, second, kind), group in sorted(groups.items()):
        plain = bilateral_key(first, second, KIND[kind])
        keyed = _keyed(plain, _generations(group, (first, second, kind) in APART))
        for key, treaty in keyed.items():
            found[key] = treaty
            _account(key, treaty, account)
    return found


def _account(key: str, treaty: Treaty, account: Account) -> None:
    account.taken(treaty.base, key, f"instruments/{key}.yml")
    for row in treaty.amendments:
        account.merged(row, key, f"an amendment inside {key}")
    for row in treaty.repeats:
        account.merged(row, key, f"the same treaty seen from elsewhere; noted in {key}")


def _generations(group: list[FactRow], apart: bool) -> list[Treaty]:
    dated = sorted(
        (row for row in group if row["signed"] or row["in_force"]), key=lambda row: row["signed"] or "9"
    )
    bare = [row for row in group if row not in dated]
    made: list[Treaty] = []
    for row in dated:
        if made and _repeats(made[-1].base, row):
            made[-1] = _merged(made[-1], row)
        elif made and not apart and _belongs(made[-1].base, row):
            made[-1].amendments.append(row)
        else:
            made.append(Treaty(row))
    for row in bare:
        # A row without dates is the newest treaty seen from elsewhere, unless all dated ones have ended.
        if made and not made[-1].base["ended"]:
            made[-1].repeats.append(row)
        else:
            made.append(Treaty(row))
    return made


def _repeats(base: FactRow, row: FactRow) -> bool:
    return (
        "SOURCES DISAGREE" in base["note"]
        and "SOURCES DISAGREE" in row["note"]
        and base["signed"] != row["signed"]
    )


def _merged(treaty: Treaty, row: FactRow) -> Treaty:
    """Of two rows for one treaty the one with an entry into force leads."""
    lead, other = (treaty.base, row) if treaty.base["in_force"] else (row, treaty.base)
    return Treaty(lead, treaty.amendments, [*treaty.repeats, other])


def _belongs(base: FactRow, row: FactRow) -> bool:
    """Does `row` amend the treaty of `base`? Two texts of one pair that stand side by side do not replace
    each other, so the later supplements the earlier."""
    if base["ended"] != row["ended"] or _NEW.search(row["title"]):
        return False
    if _SUPERSEDED.search(base["note"]) and not base["ended"]:
        return False
    return bool(_AMENDS.search(row["title"])) or base["status"] == row["status"]


def _keyed(plain: str, generations: list[Treaty]) -> dict[str, Treaty]:
    living = [treaty for treaty in generations if not treaty.base["status"].startswith("not_in_force")]
    newest = (living or generations)[-1]
    found: dict[str, Treaty] = {}
    for treaty in generations:
        key = plain if treaty is newest else f"{plain}-{treaty.year}"
        if key in found:
            raise ValueError(f"two treaties would have the key {key}")
        found[key] = treaty
    return found


# --- acts ---------------------------------------------------------------------------------------------


def recalled(row: FactRow) -> frozenset[str]:
    """Which of `signed`, `in_force`, `ended` were recalled. Where the note names some, the rest was read."""
    if row["confidence"] != MEMORY:
        return frozenset()
    note = row["note"]
    named = set()
    if re.search(
        r"signature (?:date )?memory|signature date is that of the twin|both treaty dates memory", note
    ):
        named.add("signed")
    if re.search(r"in-force date (?:memory|unknown)|both treaty dates memory", note):
        named.add("in_force")
    if not named or "; dates memory" in note:
        return frozenset(("signed", "in_force", "ended"))
    return frozenset(named)


def acts(treaty: Treaty, successor: Treaty | None, taken_over: str, sources: Sources) -> list[Act]:
    """The acts of both States, in order of time. `successor`: the treaty that took this one's place;
    `taken_over`: first day on which the European Convention on Extradition bound both, if any."""
    row = treaty.base
    made: list[Act] = []
    if row["signed"] or row["status"] == "not_in_force_then":
        made.append(act(row, "signed", row["signed"] or UNKNOWN, "signed", sources))
    made += _force(treaty, sources)
    for amendment in treaty.amendments:
        day = amendment["in_force"] or UNKNOWN
        made.append(act(amendment, "amended", day, "in_force", sources, text=amendment["title"]))
    made += _end(treaty, successor, taken_over, sources)
    if not made:
        made.append(
            act(row, "declaration", UNKNOWN, "", sources, text="negotiated only; no treaty was found")
        )
    if not made[-1].get("note"):
        made[-1]["note"] = row["note"]
    for repeat in treaty.repeats:
        remark = f"also listed: {repeat['title']}"
        made[-1]["note"] = "; ".join(
            part for part in (made[-1].get("note", ""), remark, repeat["note"]) if part
        )
    return made


def act(row: FactRow, name: str, on: str, column: str, sources: Sources, **more: str) -> Act:
    """One act whose day stands in `column` of `row`."""
    memory = column in recalled(row)
    citation = sources.cite(MEMORY if memory else row["source"], row["as_of"])
    memory = memory or citation.key == MEMORY
    return {
        "act": name,
        "on": on,
        **more,
        "source": citation.key,
        "place": citation.place,
        "checked": "" if memory else partial(row["as_of"]),
        "confidence": MEMORY if memory else "read",
        "note": citation.note(),
    }


def _force(treaty: Treaty, sources: Sources) -> list[Act]:
    row = treaty.base
    status = row["status"]
    if row["in_force"]:
        return [act(row, "in-force", row["in_force"], "in_force", sources)]
    seen = [other for other in treaty.repeats if other["status"] == "in_force_date_unknown"]
    if status == "in_force_date_unknown" or seen:
        shown = row if status == "in_force_date_unknown" else seen[0]
        made = act(shown, "in-force", UNKNOWN, "", sources)
        made["note"] = "shown in force without a date"
        return [made | span_of(shown["note"])]
    if status.startswith("not_in_force") or any(
        other["status"].startswith("not_in") for other in treaty.repeats
    ):
        return []
    if row["signed"] or row["ended"]:
        return []
    # Whether it is in force at all was not read, so nothing may make it certain: what exists was signed.
    made = act(row, "signed", UNKNOWN, "", sources)
    made["note"] = "listed; whether and since when in force was not read"
    return [made]


_YEAR = re.compile(r"year of operation[^:]*: (\d{4})|operation (\d{4}) \(read\)")
_MONTH = re.compile(r"in force ([A-Z][a-z]+) (\d{4}) \(month only\)")


def span_of(note: str) -> dict[str, str]:
    """First and last day of the year or month in which a note says that a treaty entered into force."""
    month = _MONTH.search(note)
    if month:
        number = list(calendar.month_name).index(month.group(1))
        year = int(month.group(2))
        last = calendar.monthrange(year, number)[1]
        return {"earliest": f"{year}-{number:02}-01", "latest": f"{year}-{number:02}-{last}"}
    year_said = _YEAR.search(note)
    if year_said:
        said = year_said.group(1) or year_said.group(2)
        return {"earliest": f"{said}-01-01", "latest": f"{said}-12-31"}
    return {}


def _end(treaty: Treaty, successor: Treaty | None, taken_over: str, sources: Sources) -> list[Act]:
    row = treaty.base
    if row["status"] == "suspended":
        return [_suspension(row, sources)]
    if row["ended"]:
        name = "replaced" if successor is not None else "terminated"
        return [act(row, name, row["ended"], "ended", sources)]
    if successor is not None and successor.base["in_force"] and _SUPERSEDED.search(row["note"]):
        return [act(successor.base, "replaced", successor.base["in_force"], "in_force", sources)]
    if row["status"] == "unknown" and row["in_force"] and taken_over:
        return [_taken_over(taken_over)]
    return []


def _taken_over(day: str) -> Act:
    """Between its parties the European Convention supersedes older treaties (Article 28(1))."""
    return {
        "act": "replaced",
        "on": day,
        "article": "coe-ext-1957 28(1)",
        "dated_by": "rule",
        "source": "nlgit",
        "checked": "2017-05-10",
        "confidence": "read",
        "note": "first day on which both are bound by the European Convention on Extradition",
    }


def _suspension(row: FactRow, sources: Sources) -> Act:
    said = re.search(r"suspended (?:by \w+ )?(\d{4}-\d{2}-\d{2})", row["note"])
    day = row["ended"] or (said.group(1) if said else "")
    made = act(row, "suspended", day or UNKNOWN, "ended", sources)
    if not day:
        made["checked"] = "2020"
    return made


# --- files --------------------------------------------------------------------------------------------


def successor_of(key: str, found: dict[str, Treaty]) -> Treaty | None:
    """The treaty that has the plain key of an older one's pair and kind."""
    plain = re.sub(r"-(\d{4}|undated)$", "", key)
    other = found.get(plain)
    if other is None or plain == key or other.base["signed"] < found[key].base["signed"]:
        return None
    return other


def parties_content(
    key: str, treaty: Treaty, successor: Treaty | None, taken_over: str, sources: Sources
) -> dict[str, Any]:
    """The content of parties/<key>.yml: both States did the same on the same days."""
    made: dict[str, Any] = {"instrument": key}
    if treaty.base["status"] == "not_in_force":
        # Only here did somebody look and find it not in force; an older `not then` proves nothing today.
        as_of = partial(treaty.base["as_of"]) or "2026-11"
        made["complete"] = {
            "recorded": RECORDED,
            "as_of": as_of,
            "source": sources.cite(treaty.base["source"], treaty.base["as_of"]).key,
            "confidence": treaty.base["confidence"],
            "note": treaty.base["note"],
        }
    made["states"] = {state: acts(treaty, successor, taken_over, sources) for state in treaty.pair}
    return made


def instrument(key: str, treaty: Treaty) -> dict[str, Any]:
    """The content of instruments/<key>.yml, with presumed reach."""
    row = treaty.base
    kind = {"mla": ["mla"], "extradition": ["extradition"], "cloud-act": ["production", "preservation"]}
    kinds = kind.get(row["kind"], [])
    with_union = "EU" in treaty.pair
    provisions = [] if with_union or treaty.only_eu_us else [presumed(name) for name in kinds]
    made: dict[str, Any] = {
        "key": key,
        "title": row["title"],
        "form": "executive-agreement" if row["kind"] == "cloud-act" else "bilateral",
        "kinds": kinds,
        "states": list(treaty.pair),
        "counts_as": [] if with_union or treaty.only_eu_us else COUNTS_AS.get(row["kind"], []),
        "text_read": False,
        "note": row["note"],
        "provisions": provisions,
    }
    if row["kind"] == "mla" and treaty.eu_us:
        made["provisions"] = [*provisions, *eu_us_provisions()]
        made["channels"] = [eu_us_channel()]
    return ordered(made)


def name_amended(laws: dict[str, dict[str, Any]], found: dict[str, Treaty]) -> None:
    """Let the agreements between the Union and the United States name the treaties they amend: between two
    States they act through those, and are no basis of their own."""
    for key in ("eu-us-mla", "eu-us-ext"):
        if key in laws:
            kind = key.rpartition("-")[2]
            amended = (
                other for other, treaty in found.items() if treaty.eu_us and other.endswith(f"-us-{kind}")
            )
            laws[key] = ordered({**laws[key], "amends": sorted(amended)})


COUNTS_AS = {"mla": ["mla-treaty"], "extradition": ["extradition-treaty"]}


def eu_us_provisions() -> list[dict[str, Any]]:
    """What every bilateral instrument under the EU-US agreement brings, since that agreement is in force."""
    measures = {"4": "bank-records", "5": "joint-team", "6": "video-hearing"}
    return [
        {
            "id": f"eu-us-{article}.{measure}",
            "article": f"EU-US agreement {article}",
            "kinds": ["mla"],
            "measures": [measure],
            "since": EU_US_RULES_SINCE,
            "role": "reach",
            "force": "duty" if article == "4" else "option",
            "names": [measure],
            "source": "nlgit" if article == "4" else MEMORY,
            "confidence": "read" if article == "4" else MEMORY,
            "grade": "high" if article == "4" else "medium",
        }
        for article, measure in measures.items()
    ]


def eu_us_channel() -> dict[str, Any]:
    """The fast means of Article 7 of the EU-US agreement."""
    return {
        "id": "eu-us-7.channel",
        "article": "EU-US agreement 7",
        "kinds": ["mla"],
        "since": EU_US_RULES_SINCE,
        "channel": "secure-email-or-fax",
        "urgent": True,
        "formalities": "formal confirmation where the requested State asks for it",
        "source": "nlgit",
        "confidence": "read",
        "grade": "high",
    }
