"""What does an answer of the law look like on a terminal? Draws the JSON of `treaties.answer_json`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.text import Text
from rich.tree import Tree

from desk.show import block, day, facts, lines, table, verdict

Json = Mapping[str, Any]

MARK = {"yes": "✓", "no": "✗", "unknown": "?"}


def answer(told: Json, *, why: bool) -> Callable[[Console], None]:
    """The whole answer: candidates, what the first one asks, open questions; with `why` every reason."""

    def draw(console: Console) -> None:
        parts = [heading(told), summary(told)]
        best = best_of(told)
        if best is not None:
            parts.append(candidate(best))
        if told.get("open_questions"):
            parts.append(open_questions(told["open_questions"]))
        if why:
            parts += [reason_tree(each["reason"], each) for each in told["candidates"]]
        parts.append(standing(told))
        lines(console, parts)

    return draw


def heading(told: Json) -> RenderableType:
    question = told["question"]
    asked = ", ".join(question.get("measures") or ())
    route = f"{question['requesting']} asks {question['requested']}"
    return Text.assemble((f"{route}: {question['kind']}", "bold"), f", {asked}, on {question['on']}")


def summary(told: Json) -> RenderableType:
    """All candidates, the rejected too, in the order of their rank."""
    made = table("", "basis", "", "by way of", "why")
    rejected = 0
    for each in told["candidates"]:
        if each["verdict"] == "no" and not _joined(each):
            rejected += 1
            continue
        made.add_row(
            str(each["rank"]),
            each["instrument"],
            verdict(each["verdict"]),
            each.get("channel") or "",
            because(each),
        )
    if not rejected:
        return made
    return Group(
        made, Text(f"and {rejected} that one of the two never joined (--json has them all)", style="dim")
    )


def _joined(each: Json) -> bool:
    """Is the rejection worth a line? Not where one side never had anything to do with the instrument."""
    return bool(each.get("provisions")) and any(part["verdict"] != "no" for part in each["provisions"])


def best_of(told: Json) -> Json | None:
    """The first candidate that is `yes`, else the first that is unknown."""
    for wanted in ("yes", "unknown"):
        for each in told["candidates"]:
            if each["verdict"] == wanted:
                found: Json = each
                return found
    return None


def candidate(each: Json) -> RenderableType:
    """What one basis opens, asks and sets."""
    pairs: list[tuple[str, RenderableType | None]] = [
        ("articles open", _articles(each, "yes")),
        ("closed", _articles(each, "no")),
        ("not known", _articles(each, "unknown")),
        ("by way of", _ways(each)),
        ("to", _authority(each.get("authority"))),
        ("languages", ", ".join(each.get("languages") or ())),
        ("conditions", _conditions(each.get("conditions") or ())),
        ("time limits", "\n".join(_deadline(one) for one in each.get("deadlines") or ())),
        ("it must hold", ", ".join(_needed(each.get("contents") or ()))),
        (
            "may be refused",
            "; ".join(f"{one['ground']} ({one['article']})" for one in each.get("grounds") or ()),
        ),
    ]
    return block(each.get("title") or each["instrument"], facts(pairs))


def _articles(each: Json, wanted: str) -> str:
    return ", ".join(part["article"] for part in each.get("provisions") or () if part["verdict"] == wanted)


def _ways(each: Json) -> str:
    urgent = each.get("urgent_channel")
    return (each.get("channel") or "not known") + (f"; urgent: {urgent}" if urgent else "")


def _authority(told: Json | str | None) -> str:
    if not told:
        return ""
    if isinstance(told, str):
        return told
    memory = " (from memory: check)" if told.get("confidence") == "memory" else ""
    return ", ".join(part for part in (told["name"], told.get("unit")) if part) + memory


def _conditions(told: Iterable[Json]) -> RenderableType:
    parts: list[Text] = []
    for one in told:
        parts.append(Text.assemble(f"{one['condition']}: ", verdict(one["verdict"])))
    return Text("; ").join(parts)


def _deadline(one: Json) -> str:
    amount = f"{one['amount']} {one['unit']}" if one.get("amount") is not None else "as they set it"
    return f"{one['event_from']} to {one['event_to']}: {amount} ({one['article']})"


def _needed(contents: Iterable[Json | str]) -> list[str]:
    return [
        one if isinstance(one, str) else str(one["field"])
        for one in contents
        if isinstance(one, str) or one.get("required") == "yes"
    ]


def open_questions(told: Sequence[Json | str]) -> RenderableType:
    """What only a person can answer."""
    words = [one if isinstance(one, str) else str(one.get("sentence") or one.get("about")) for one in told]
    made = table("")
    made.show_header = False
    for word in dict.fromkeys(words):
        made.add_row(Text.assemble(("? ", "yellow"), word))
    return block("Open questions", made)


def standing(told: Json) -> RenderableType:
    until = day(told.get("good_until")) or "no change is known"
    return Text(f"good until {until}; edition {str(told['edition'])[:19]}", style="dim")


# --- reasons --------------------------------------------------------------------------------------------


def because(each: Json) -> str:
    """The one reason that says most: for a `yes` the whole claim, else the first thing that is in the way."""
    reason = each["reason"]
    if each["verdict"] == "yes":
        return sentence(reason)
    return sentence(_obstacle(reason, each["verdict"]))


def _obstacle(reason: Json, wanted: str) -> Json:
    for child in reason.get("children") or ():
        if child["verdict"] == wanted:
            return _obstacle(child, wanted)
    return reason


def sentence(reason: Json) -> str:
    """The reason in words, with what it cites."""
    told = reason.get("sentence") or reason["claim"]
    cited = "; ".join(dict.fromkeys(cite(one) for one in reason.get("citations") or ()))
    return f"{told} [{cited}]" if cited else str(told)


def cite(one: Json | str) -> str:
    if isinstance(one, str):
        return one
    memory = ", from memory" if one.get("confidence") == "memory" else ""
    return " ".join(part for part in (one.get("instrument"), one.get("article")) if part) + memory


def reason_tree(reason: Json, each: Json) -> RenderableType:
    """Everything a verdict rests on."""
    root = Tree(
        Text.assemble((each.get("title") or each["instrument"], "bold"), " ", verdict(each["verdict"]))
    )
    _grow(root, reason)
    return root


def _grow(tree: Tree, reason: Json) -> None:
    mark = Text(MARK.get(reason["verdict"], "") + " ", style=verdict(reason["verdict"]).style)
    branch = tree.add(Text.assemble(mark, sentence(reason)))
    for child in reason.get("children") or ():
        _grow(branch, child)


def first_reasons(told: Json) -> RenderableType:
    """The reasons of the best candidate, two levels deep: enough to see why, with the sources."""
    best = best_of(told)
    if best is None:
        return Text("No basis was found.", style="red")
    root = Tree(
        Text.assemble((best.get("title") or best["instrument"], "bold"), " ", verdict(best["verdict"]))
    )
    for child in best["reason"].get("children") or ():
        mark = Text(MARK.get(child["verdict"], "") + " ", style=verdict(child["verdict"]).style)
        branch = root.add(Text.assemble(mark, sentence(child)))
        for inner in (child.get("children") or ())[:4]:
            branch.add(Text.assemble(MARK.get(inner["verdict"], "") + " ", sentence(inner)))
    return root


# --- the registry ---------------------------------------------------------------------------------------


def parties(told: Sequence[Json], instrument: str, on: str) -> Callable[[Console], None]:
    """Who is bound on a day."""

    def draw(console: Console) -> None:
        bound = sum(row["verdict"] == "yes" for row in told)
        console.print(f"{instrument} on {on}: {bound} bound, of {len(told)} that did anything to it")
        made = table("State", "bound", "since", "ended")
        for row in told:
            made.add_row(
                row["state"], verdict(row["verdict"]), row.get("in_force") or "", row.get("ended") or ""
            )
        console.print(made)

    return draw


def entry(told: Json) -> Callable[[Console], None]:
    """An entry of the registry, field by field."""

    def draw(console: Console) -> None:
        root = Tree(
            Text(
                str(told.get("title") or told.get("name") or told.get("key") or told.get("code")),
                style="bold",
            )
        )
        _fields(root, told)
        console.print(root)

    return draw


def _fields(tree: Tree, told: Any) -> None:
    if isinstance(told, Mapping):
        for name, value in told.items():
            if isinstance(value, Mapping) or (
                isinstance(value, list) and any(isinstance(one, Mapping) for one in value)
            ):
                _fields(tree.add(Text(str(name), style="dim")), value)
            else:
                words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
                tree.add(Text.assemble((f"{name}: ", "dim"), words))
    else:
        for one in told:
            label = Text(str(one.get("id") or one.get("article") or one.get("name") or "·"))
            _fields(tree.add(label), {name: value for name, value in one.items() if name != "id"})
