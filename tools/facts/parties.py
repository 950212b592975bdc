"""Who is bound by the multilateral instruments, and is the list whole?"""

from __future__ import annotations

from typing import Any

from tools.facts.acts import UNKNOWN, Act, RowActs
from tools.facts.cite import Sources
from tools.facts.instruments import PENDING
from tools.facts.keys import Table
from tools.facts.table import RECORDED, Account, rows

CLOSED = {
    "schengen-cisa-48-53": "members of the Union and associated States",
    "benelux-1962": "Belgium, Luxembourg and the Netherlands",
    "nordic-arrest-warrant": "the five Nordic States",
    "eu-eaw": "members of the Union",
    "eu-eevidence": "members of the Union save Denmark",
    "eu-eevidence-dir": "members of the Union",
    "eu-freezing-2018-1805": "members of the Union save Denmark and Ireland",
    "eu-is-no-surrender": "members of the Union, Iceland and Norway",
    "uk-eu-tca": "members of the Union and the United Kingdom",
}
"""Instruments that only the States named may join: recalled, as their texts were not read for it."""

EU = "AT BE BG CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
ARAB_LEAGUE = "AE BH DJ DZ EG IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TN YE"
AFRICAN_UNION = (
    "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW "
    "MZ NA NE NG RW SC SD SL SN SO SS ST SZ TD TG TN TZ UG ZA ZM ZW"
)
CARICOM = "AG BB BS BZ DM GD GY HT JM KN LC MS SR TT VC"
ONLY: dict[str, str] = {
    "eu-mla-2000": EU,
    "eu-mla-2000-protocol-2001": EU,
    "asean-mlat-2004": "BN ID KH LA MM MY PH SG TH TL VN",
    "saarc-mla-2008": "AF BD BT IN LK MV NP PK",
    "bimstec-mla-2022": "BD BT IN LK MM NP TH",
    "sadc-mla-2002": "AO BW CD KM LS MG MU MW MZ NA SC SZ TZ ZA ZM ZW",
    "sadc-extradition-2002": "AO BW CD KM LS MG MU MW MZ NA SC SZ TZ ZA ZM ZW",
    "ecowas-mla-1992": "BF BJ CI CV GH GM GN GW LR ML MR NE NG SL SN TG",
    "ecowas-extradition-1994": "BF BJ CI CV GH GM GN GW LR ML MR NE NG SL SN TG",
    "igad-mla-2009": "DJ ER ET KE SD SO SS UG",
    "igad-extradition-2009": "DJ ER ET KE SD SO SS UG",
    "cemac-extradition-2004": "CF CG CM GA GQ TD",
    "tananarive-1961": "BF BJ CD CF CG CI CM GA MG ML MR NE RW SN TD TG",
    "cplp-mla-2005": "AO BR CV GQ GW MZ PT ST TL",
    "cplp-extradition-2005": "AO BR CV GQ GW MZ PT ST TL",
    "au-malabo-2014": AFRICAN_UNION,
    "riyadh-1983": ARAB_LEAGUE,
    "arab-cybercrime-2010": ARAB_LEAGUE,
    "arab-extradition-1952": ARAB_LEAGUE,
    "cis-minsk-1993": "AM AZ BY GE KG KZ MD RU TJ TM UA UZ",
    "cis-chisinau-2002": "AM AZ BY GE KG KZ MD RU TJ TM UA UZ",
    "mercosur-mla-1996": "AR BO BR CL PY UY VE",
    "mercosur-mla-bo-cl-2002": "AR BO BR CL PY UY VE",
    "mercosur-extradition-1998": "AR BO BR CL CO EC PE PY UY VE",
    "sica-mla-1993": "BZ CR DO GT HN NI PA SV",
    "caricom-mla-2005": CARICOM,
    "caricom-arrest-warrant-2017": CARICOM,
    "bolivarian-extradition-1911": "BO CO EC PE VE",
}
"""Regional treaties, and the members of their organisations, past and present, as recalled: nobody else could
join them. Which of these did, only the rows tell."""

COMPLETE: dict[str, dict[str, Any]] = {
    "budapest": {
        "as_of": "2025-10-28",
        "source": "post-quoting-the-coe-chart-2025-10-28",
        "confidence": "read",
        "note": "81 parties and two signatories counted on that day; this list holds exactly those",
    },
    "budapest-2ap": {
        "as_of": "2026-02",
        "source": "verdragenbank-overheid-nl-en-treaty-details-013833-p",
        "confidence": "read",
        "note": "list of 52 signatories with three ratifications; a fourth was reported later",
    },
    "coe-mla-2001-ap2": {
        "as_of": "2022",
        "source": "inview-nl-document-idfc71ffdf43edc83f241b28ac7d5dbaf4",
        "confidence": "read",
        "note": "whole party list of 2022 or later, and Montenegro, which that list leaves out",
    },
    "untoc": {
        "as_of": "2024-05-04",
        "source": "treaties-un-org-showmtdsgdetails-xviii-12",
        "confidence": "read",
        "note": "192 parties counted on that day; this list holds those and Iran, which came in August 2025",
    },
    "opsc": {
        "as_of": "2025-12-04",
        "source": "verdragen-nl-treaty-details-009290-w",
        "confidence": "read",
        "note": "whole list of January 2015 and the log of changes up to the day shown",
    },
    "coe-mla-1959": {
        "as_of": "2024",
        "source": "memory",
        "confidence": "memory",
        "note": "50 parties are listed here; that the chart of the Treaty Office counts 50 is recalled",
    },
    "lanzarote": {
        "as_of": "2024",
        "source": "memory",
        "confidence": "memory",
        "note": "48 parties are listed here, with Russia and Tunisia; that the chart counts 48 is recalled",
    },
    "eu-eio": {
        "as_of": "2026-11",
        "source": "memory",
        "confidence": "memory",
        "note": "closed by the Directive itself: all members of the Union save Denmark and Ireland",
    },
    "budapest-1ap": {
        "as_of": "2025-06-05",
        "source": "mattdotvu-blog",
        "confidence": "read",
        "note": "38 parties counted on that day; this list holds exactly those",
    },
    "uncac": {
        "as_of": "2024-04-20",
        "source": "treaties-un-org-showmtdsgdetails-xviii-14",
        "confidence": "read",
        "note": "190 parties counted on that day; this list holds those and one that came in August 2024",
    },
    "drugs1988": {
        "as_of": "2024-04-25",
        "source": "treaties-un-org-showmtdsgdetails-vi-19",
        "confidence": "read",
        "note": "192 parties counted on that day; this list holds exactly those",
    },
    "apostille": {
        "as_of": "2024-07-29",
        "source": "hcch-net-status-table-cid-41",
        "confidence": "read",
        "note": "127 parties in the status table of that day; this list holds exactly those",
    },
    "eu-is-no-mla-2003": {
        "as_of": "2026-11",
        "source": "memory",
        "confidence": "memory",
        "note": "closed by its own text: members of the Union, Iceland and Norway",
    },
    "oas-a55": {
        "as_of": "2021-02",
        "source": "oas-org-juridico-english-sigs-a-55",
        "confidence": "read",
        "note": "table read whole, with States that took no action; only the line of Uruguay was cut off",
    },
    **{
        key: {
            "as_of": "2026-11",
            "source": "memory",
            "confidence": "memory",
            "note": f"closed by its own text: {whom}",
        }
        for key, whom in CLOSED.items()
    },
    **{
        key: {
            "as_of": "2026-11",
            "only": states.split(),
            "source": "memory",
            "confidence": "memory",
            "note": "open to members of its organisation only",
        }
        for key, states in ONLY.items()
    },
}


def party_files(
    folder: Any, tables: list[Table], sources: Sources, account: Account
) -> dict[str, dict[str, list[Act]]]:
    """Acts by instrument key and State, in order of time within each State."""
    found: dict[str, dict[str, list[Act]]] = {}
    for table in tables:
        states = found.setdefault(table.key, {})
        for row in rows(folder, table.file):
            state = row["state_iso2"]
            acts = RowActs(row, sources, computed=table.computed, entered=table.key not in PENDING).all()
            if not acts:
                account.refused(row, state, "empty")
                continue
            states.setdefault(state, []).extend(acts)
            account.taken(row, state, f"parties/{table.key}.yml")
    return found


def content(key: str, states: dict[str, list[Act]], sources: Sources) -> dict[str, Any]:
    """The content of parties/<key>.yml."""
    ordered = {state: sorted_acts(states[state]) for state in sorted(states)}
    made: dict[str, Any] = {"instrument": key}
    if key in COMPLETE:
        made["complete"] = {"recorded": RECORDED, **COMPLETE[key]}
        source = COMPLETE[key]["source"]
        sources.add(source, title=source.replace("-", " "), how="read; no address kept")
    made["states"] = ordered
    return made


ORDER = ("signed", "ratified", "accepted", "approved", "acceded", "succeeded", "extended", "in-force")


def sorted_acts(acts: list[Act]) -> list[Act]:
    """Acts in the order in which they happen: signature, consent, force, then what followed, by day."""

    def rank(act: Act) -> tuple[int, str, str]:
        place = ORDER.index(act["act"]) if act["act"] in ORDER else len(ORDER)
        return place, "" if act["on"] == UNKNOWN else str(act["on"]), str(act["act"])

    return sorted(acts, key=rank)


def both_since(content: dict[str, Any], pair: tuple[str, str]) -> str:
    """First day on which both States of `pair` are in force in a party file; empty if that is not known."""
    days = []
    for state in pair:
        known = [str(act["on"]) for act in content["states"].get(state, []) if act["act"] == "in-force"]
        days.append(known[0] if known and known[0] != UNKNOWN else "")
    return max(days) if all(days) else ""
