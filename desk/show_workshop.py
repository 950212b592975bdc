"""What do a change of the law, its impact and the world's gaps look like on a terminal?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console, RenderableType
from rich.text import Text

from desk.show_parts import block, day, facts, lines, moment, short, table, verdict

Json = Mapping[str, Any]
Draw = Callable[[Console], None]

EFFECT_STYLE = {"gained": "green", "lost": "red", "changed": "yellow"}
GAPS = {
    "": "a treaty links them for certain",
    "no-basis": "nothing links them",
    "basis-unknown": "something may link them",
    "no-treaty": "only the requested State's own law",
    "treaty-unknown": "a treaty may link them; the requested State's own law does",
}
MOST_ROWS = 40


def proposal(told: Json) -> Draw:
    """One proposal: who, what became of it, its rows."""

    def draw(console: Console) -> None:
        console.print(Text.assemble((f"proposal {told['number']}: ", "dim"), (told["title"], "bold")))
        by = f"{told['proposed_by']}, {moment(told['proposed'])}"
        decided = f"{told['decided_by']}, {moment(told['decided'])}" if told.get("decided_by") else None
        pairs: list[tuple[str, RenderableType | None]] = [
            ("status", told["status"]),
            ("proposed by", by),
            ("why", told.get("why")),
            ("decided by", decided),
            ("reason", told.get("reason")),
            ("known from", told.get("known_from")),
            ("edition", short(told.get("edition"))),
            ("left out", f"{told['known']} rows that stand already" if told.get("known") else None),
        ]
        console.print(facts(pairs))
        rows = told.get("rows") or ()
        for row in rows[:MOST_ROWS]:
            console.print(Text.assemble(("  ", ""), (f"{row['section']}: ", "dim"), _row(row)))
        _more(console, len(rows))

    return draw


def proposals(rows: Sequence[Json]) -> Draw:
    """A list of proposals, the newest first."""

    def draw(console: Console) -> None:
        if not rows:
            console.print("Nothing was proposed.")
            return
        made = table("!no.", "!status", "title", "proposed by", "decided by", "!edition")
        for row in rows:
            made.add_row(
                str(row["number"]),
                row["status"],
                row["title"],
                f"{row['proposed_by']} {day(row['proposed'])}",
                f"{row['decided_by']} {day(row['decided'])}" if row.get("decided_by") else "",
                short(row.get("edition")),
            )
        console.print(made)

    return draw


def difference(told: Json) -> Draw:
    """What a change does to the facts, row by row."""

    def draw(console: Console) -> None:
        _faults(console, told)
        for one in told["items"][:MOST_ROWS]:
            sign = {"added": "+", "retracted": "-", "new": "+"}[one["change"]]
            style = "red" if one["change"] == "retracted" else "green"
            console.print(Text.assemble((f"{sign} {one['fact']}", style), f"  {_row(one['row'])}"))
        _more(console, told.get("total", len(told["items"])))
        if not told["items"]:
            console.print("Nothing differs.")

    return draw


def impact(told: Json) -> Draw:
    """Who gains and loses what, and which open cases it moves."""

    def draw(console: Console) -> None:
        _faults(console, told)
        parts: list[RenderableType] = [
            Text.assemble(
                *[
                    piece
                    for effect, style in EFFECT_STYLE.items()
                    for piece in ((f"{effect} {told[effect]}", style if told[effect] else "dim"), "  ")
                ],
                (f"looked at: {', '.join(told['days'])}", "dim"),
            )
        ]
        parts += [_group(group) for group in told["groups"]]
        if told.get("cases") is not None:
            parts.append(_cases(told["cases"], told["cases_total"]))
        lines(console, parts)

    return draw


def history(told: Json) -> Draw:
    """Editions that counted, and what was decided."""

    def draw(console: Console) -> None:
        made = table("!edition", "!since", "!accepted changes in it")
        for one in told["editions"]:
            made.add_row(short(one["edition"]), moment(one["since"]), str(one["accepted"]))
        console.print(made)
        console.print()
        proposals(told["proposals"])(console)
        for number, rows in (told.get("absorbed") or {}).items():
            console.print(f"Of proposal {number} the program's own data holds {len(rows)} rows by now.")

    return draw


def stale(told: Json) -> Draw:
    """The work list: facts to look up again."""

    def draw(console: Console) -> None:
        console.print(f"{told['total']} facts are due on {told['on']}.")
        made = table("fact", "!seen", "why", "source", "cases")
        for one in told["items"]:
            why = [word for word in ("old", "memory") if one[word]]
            made.add_row(one["fact"], one["seen"], ", ".join(why), one["source"], _relying(one))
        console.print(made)
        console.print()
        sources = table("source to look at", "!facts", "!cases", "!oldest")
        for one in told["sources"][:MOST_ROWS]:
            sources.add_row(one["source"], str(one["facts"]), str(one["cases"]), one["oldest"])
        console.print(sources)

    return draw


def sweep(told: Json) -> Draw:
    """The world in a few lines: how many pairs have what, and who is cut off most."""

    def draw(console: Console) -> None:
        console.print(f"{told['pairs']} ordered pairs on {told['on']}: {', '.join(told['measures'])}")
        made = table("!pairs", "gap", "what it means")
        for gap, many in told["gaps"].items():
            made.add_row(str(many), gap or "none", GAPS[gap])
        console.print(made)
        if told["cut_off"]:
            worst = ", ".join(f"{state} ({many})" for state, many in told["cut_off"].items())
            console.print(f"Most often with no basis at all when asked: {worst}")
        if told.get("file"):
            console.print(f"Written to {told['file']}.")

    return draw


def sweep_summary(pairs: Sequence[Any], asked: Any, edition: str) -> dict[str, Any]:
    """The figures of a sweep: `pairs`, `gaps` by sort, and the States most often out of reach."""
    gaps = Counter(one.gap for one in pairs)
    out = Counter(one.requested for one in pairs if one.gap == "no-basis")
    return {
        "edition": edition,
        "kind": asked.kind.value,
        "measures": [measure.value for measure in asked.measures],
        "on": asked.on.isoformat(),
        "pairs": len(pairs),
        "gaps": {gap: gaps[gap] for gap in GAPS if gaps[gap]},
        "cut_off": dict(out.most_common(8)),
    }


def _group(group: Json) -> RenderableType:
    measure = f" {group['measure']}" if group["measure"] else ""
    head = Text.assemble(
        (group["effect"], EFFECT_STYLE[group["effect"]]),
        f" {group['instrument']} for {group['kind']}{measure} from {group['from']}: ",
        verdict(group["before"]),
        " → ",
        verdict(group["after"]),
        f", {group['count']} pairs",
    )
    return block(head.plain, Text(_pairs(group["pairs"])))


def _pairs(pairs: Sequence[str]) -> str:
    """Pairs both ways as `IE with DE, FR`; the rest as `IE > DE`."""
    known = set(pairs)
    both: dict[str, list[str]] = {}
    single: list[str] = []
    count = Counter(state for pair in pairs for state in pair.split(">"))
    for pair in pairs:
        one, _, other = pair.partition(">")
        if f"{other}>{one}" not in known:
            single.append(f"{one} > {other}")
        elif (count[one], other) >= (count[other], one):
            both.setdefault(one, []).append(other)
    told = [f"{state} with {', '.join(sorted(others))} (both ways)" for state, others in sorted(both.items())]
    return "; ".join([*told[:MOST_ROWS], *single[:MOST_ROWS]])


def _relying(one: Json) -> str:
    """The first cases that one may see, and how many more there are."""
    refs, total = one["cases"][:3], one["cases_total"]
    if not refs:
        return str(total) if total else ""
    return ", ".join(refs) + (f" and {total - len(refs)} more" if total > len(refs) else "")


def _cases(cases: Sequence[Json], total: int) -> RenderableType:
    if not total:
        return Text("No open case relies on it.", style="dim")
    if not cases:
        return Text(f"{total} open cases rely on it; none of them is yours to see.", style="dim")
    made = table("!open case", "!with", "!status", "held by", "what moves")
    if total > len(cases):
        made.caption = f"and {total - len(cases)} more that are not yours to see"
    for case in cases:
        made.add_row(
            case["ref"], case["counterpart_state"], case["status"], case["holder"], "; ".join(_moves(case))
        )
    return made


def _moves(case: Json) -> list[str]:
    told = []
    for shift in case["shifts"]:
        if shift["before"] != shift["after"]:
            told.append(f"{shift['instrument']} {shift['before'] or 'none'} → {shift['after'] or 'none'}")
        else:
            told.append(f"{shift['instrument']}: {', '.join(shift['parts'])}")
    if case["best_before"] != case["best_after"]:
        told.append(f"best basis {case['best_before'] or 'none'} → {case['best_after'] or 'none'}")
    told += [f"human rights: {gate}" for gate in case["gates"]]
    if case["good_until_changes"]:
        told.append("the day until which the answer is good")
    return told


def _faults(console: Console, told: Json) -> None:
    for fault in told.get("faults") or ():
        console.print(
            Text.assemble((f"{fault['where']}: ", "dim"), (fault["what"], "red"), f" {fault['next']}")
        )


def _row(row: Json) -> str:
    hidden = {"section", "where", "source", "recorded", "checked", "confidence"}
    told = [f"{name} {_value(value)}" for name, value in row.items() if name not in hidden]
    return ", ".join(told)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{len(value)} rows]" if any(isinstance(one, Mapping) for one in value) else " ".join(value)
    if isinstance(value, Mapping):
        return " ".join(f"{name} {_value(one)}" for name, one in value.items())
    return str(value)


def _more(console: Console, total: int) -> None:
    if total > MOST_ROWS:
        console.print(Text(f"and {total - MOST_ROWS} more; --json has them", style="dim"))
