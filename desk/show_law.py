"""What does an answer of the law look like on a terminal? Draws the JSON of `treaties.answer_json`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from desk.show import block, day, facts, lines, table, verdict
from schemas.reasoning import Reason
from schemas.vocabulary import Verdict
from treaties.explain import said
from treaties.load import shipped

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


def summary(told: Json, *, rejected_too: bool = True) -> RenderableType:
    """All candidates in the order of their rank; the rejected with the reason that several may share."""
    parts: list[RenderableType] = []
    rejected: dict[str, list[str]] = {}
    for each in told["candidates"]:
        if each["verdict"] == "no":
            rejected.setdefault(_reason(each), []).append(each["instrument"])
        else:
            parts += [_headline(each), Padding(Text(_reason(each)), (0, 0, 0, 6))]
    if not rejected_too:
        count = sum(map(len, rejected.values()))
        parts.append(Text(f"      {count} others were looked at and cannot be used", style="dim"))
        return Group(*parts)
    for reason, keys in rejected.items():
        parts.append(Padding(Text.assemble(verdict("no"), f"  {', '.join(keys)}: {reason}"), (0, 0, 0, 2)))
    return Group(*parts)


def _headline(each: Json) -> Text:
    way = f", by way of {each['channel']}" if each.get("channel") else ""
    memory = " (memory)" if each.get("confidence") == "memory" else ""
    rank = f"{each['rank']:>3}   "
    return Text.assemble(
        rank, verdict(each["verdict"]), "  ", (each["instrument"], "bold"), way, (memory, "dim")
    )


def _reason(each: Json) -> str:
    why = str(each["why"]).removeprefix(f"{each['title']}: ")
    # The first sentence repeats the verdict.
    first, _, rest = why.partition(". ")
    return rest or first[:1].upper() + first[1:]


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


def sentence(reason: Json) -> str:
    """The reason in words, with what it cites."""
    plain = Reason(reason["claim"], Verdict(reason["verdict"]), dict(reason.get("slots") or {}))
    told = said(plain, shipped())
    cited = "; ".join(dict.fromkeys(cite(one) for one in reason.get("citations") or ()))
    return f"{told} [{cited}]" if cited else told


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


def _grow(tree: Tree, reason: Json, depth: int = 99) -> None:
    branch = tree.add(Text.assemble(_mark(reason), sentence(reason)))
    for child in (reason.get("children") or ()) if depth > 1 else ():
        _grow(branch, child, depth - 1)


def _mark(reason: Json) -> Text:
    return Text(MARK.get(reason["verdict"], "") + " ", style=verdict(reason["verdict"]).style)


def first_reasons(told: Json) -> RenderableType:
    """The reasons of the best candidate, two levels deep: enough to see why, with the sources."""
    best = best_of(told)
    if best is None:
        return Text("No basis was found.", style="red")
    root = Tree(
        Text.assemble((best.get("title") or best["instrument"], "bold"), " ", verdict(best["verdict"]))
    )
    for child in best["reason"].get("children") or ():
        _grow(root, child, depth=2)
    return root


def article(told: Json, instrument: str, wanted: str) -> RenderableType | None:
    """Why one article of a candidate is open or closed; None where it is not in the answer."""
    for each in told["candidates"]:
        for provision in each["provisions"] if each["instrument"] == instrument else ():
            if provision["article"] == wanted:
                root = Tree(
                    Text.assemble(f"{each['title']}, Article {wanted}: ", verdict(provision["verdict"]))
                )
                for child in provision["reason"].get("children") or ():
                    branch = root.add(Text.assemble(_mark(child), sentence(child)))
                    for inner in _deciding(child):
                        branch.add(Text.assemble(_mark(inner), sentence(inner)))
                return root
    return None


def _deciding(reason: Json) -> list[Json]:
    """What closed an article: where a rule gives way to other law, the law it gives way to."""
    inner = reason.get("children") or ()
    return [child for child in inner if reason["verdict"] == "no" and child["verdict"] == "yes"]


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
