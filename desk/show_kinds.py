"""What does a case show of its own kind on a terminal: the person, the data kept, the order on a provider?"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from desk.show_parts import Json, block, day, facts, moment, table


def keeping(told: Json) -> RenderableType | None:
    """Are the data kept, by whose word, and until when?"""
    kept = told.get("keeping")
    if not kept:
        return None
    periods = table("!from", "until", "rests on")
    for one in kept["periods"]:
        end = day(one["end"]) if one["end"] else "nobody said, and no law sets it"
        rests = "the earliest end the law allows" if one["from_law"] else "their word"
        periods.add_row(day(one["start"]), end, rests + ("; contradicts an earlier one" * one["contradicts"]))
    style = "bold red" if kept["protection"] in ("unprotected", "ended") else ""
    followed = ", ".join(f"{one['ref']} ({one['result'] or 'not decided'})" for one in kept["followed"])
    rows: list[RenderableType] = [
        facts(
            [
                ("protection", Text(kept["protection"], style=style)),
                ("their reference", kept["provider_ref"]),
                ("followed by", followed),
            ]
        )
    ]
    return block("Preservation", _stack([*rows, *([periods] if kept["periods"] else ())]))


def producing(told: Json) -> RenderableType | None:
    """How does the order on the provider stand?"""
    order = told.get("producing")
    if not order:
        return None
    objections = [f"{one['ground']}: {one['result'] or 'not decided'}" for one in order["objections"]]
    return _known(
        "Order on the provider",
        [
            ("served", moment(order["served"])),
            ("enforcing authority", order["notified_authority"]),
            ("told to it", moment(order["notified"])),
            ("its answer", order["enforcing"]),
            ("objections", "; ".join(objections)),
            ("their reference", order["provider_ref"]),
        ],
    )


def interceptions(told: Json) -> RenderableType | None:
    """To whom was notice given of an interception, and what did they say?"""
    rows = [
        row
        for one in told.get("interceptions") or ()
        for row in (
            ("authority", one["authority"]),
            ("received", moment(one["at"])),
            ("answer", "; ".join(map(_answered, one["answers"])) or "none"),
        )
    ]
    return _known("Notice of interception", rows) if rows else None


def _answered(one: Json) -> str:
    said = f"{one['answer']}, {moment(one['at'])}"
    return f"{said}; product: {one['product']}" if one["product"] else said


def person(told: Json) -> RenderableType | None:
    """Where does the person stand whose surrender is asked?"""
    sought = told.get("person")
    if not sought:
        return None
    custody = [
        f"{moment(one['arrested'])} to {moment(one['released']) if one['released'] else 'now'}"
        for one in sought["detentions"]
    ]
    held = any(one["released"] is None for one in sought["detentions"])
    assurances = [f"{one['id']}: {_assured(one)}" for one in sought["assurances"]]
    consent = sought["consent"]
    return _known(
        "The person",
        [
            ("alerts, as references", ", ".join(one["reference"] for one in sought["alerts"])),
            ("in custody", Text("; ".join(custody), style="bold red" if held else "")),
            ("papers received", moment(sought["papers_received"])),
            ("court", ", ".join(f"{one['stage']} {day(one['at'])}" for one in sought["court"])),
            ("consents", None if consent is None else "yes" if consent["given"] else "no"),
            ("assurances", "; ".join(assurances)),
            ("wanted by others", ", ".join(one["state"] for one in sought["competitors"])),
            ("appointed", ", ".join(moment(one["on"]) for one in sought["days"])),
            ("handed over", ", ".join(moment(one["at"]) for one in sought["surrenders"])),
            ("discharged", moment(sought["discharged"])),
            ("prosecution", ", ".join(one["stage"] for one in sought["proceedings"])),
        ],
    )


def beside(told: Json) -> RenderableType | None:
    """What belongs to the case beside the request: matter, other cases, questions of human rights."""
    gates = ", ".join(f"{one['gate']}: {one['answer']}" for one in told.get("gates") or ())
    links = ", ".join(f"{one['ref']} ({one['why']})" for one in told.get("links") or ())
    waiting = [one["id"] for one in told.get("errands") or () if one["done"] is None]
    failed = ", ".join(
        f"{one['id']} ({one['problem']})" for one in told.get("errands") or () if one["problem"]
    )
    costs = ", ".join(f"{one['amount']} {one['currency']}" for one in told.get("costs") or ())
    pairs = [
        ("matter", told.get("matter")),
        ("other cases", links),
        ("human rights", gates),
        ("costs", costs),
        ("to be done in this house", ", ".join(waiting)),
        ("not done in this house", failed),
    ]
    return _known("Beside it", list(pairs))


def _known(title: str, pairs: Sequence[tuple[str, RenderableType | None]]) -> RenderableType | None:
    """A block of what is known; none where nothing is."""
    known = [(name, value) for name, value in pairs if value is not None and str(value)]
    return block(title, facts(known)) if known else None


def _assured(one: Json) -> str:
    if one["sufficient"] is not None:
        return "sufficient" if one["sufficient"] else "not sufficient"
    return "given" if one["given"] else f"asked {day(one['asked'])}"


def _stack(parts: Sequence[RenderableType]) -> RenderableType:
    return Group(*parts)
