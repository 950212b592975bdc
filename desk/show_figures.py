"""What do figures and the house's health look like on a terminal?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console

from desk.show_parts import facts, moment, table

Json = Mapping[str, Any]
FEW = 5
PARTNERS = 20


def figures(told: Json) -> Callable[[Console], None]:
    """Times with their samples, results, grounds, outcomes."""

    def draw(console: Console) -> None:
        outcomes = [(name, _told(told[name])) for name in ("victims", "arrests", "convictions")]
        console.print(facts([("cases", str(told["cases"])), ("as of", moment(told["as_of"])), *outcomes]))
        made = table("in days", "!cases", "!a quarter within", "!half within", "!three quarters within")
        times = [{**told["answer"], "of": "to the answer"}] if told["answer"] else []
        for one in [*times, *told["stays"]]:
            made.add_row(
                one["of"], _sample(one["n"]), *(_days(one[name]) for name in ("low", "middle", "high"))
            )
        console.print(made)
        states = table("!with", "!cases", "!refused", "!answered", "!half within")
        for one in told["partners"][:PARTNERS]:
            answer = one["answer"]
            known = (_sample(answer["n"]), _days(answer["middle"])) if answer else ("0", "unknown")
            states.add_row(one["state"], str(one["cases"]), str(one["refused"]), *known)
        console.print(states)
        for name, rows in (("result", told["results"]), ("ground of refusal", told["grounds"])):
            counts = table(name, "!cases")
            for code, many in rows:
                counts.add_row(code, str(many))
            if rows:
                console.print(counts)

    return draw


def _told(figure: Json) -> str:
    return f"{figure['total']} (told by {figure['cases']} cases)" if figure["cases"] else "unknown"


def _sample(n: int) -> str:
    return f"{n} (few)" if n < FEW else str(n)


def _days(value: float) -> str:
    return f"{value:.1f}"
