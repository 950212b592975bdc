"""Why is an answer of the law as it is? Its reasons, drawn on a terminal as trees with what they cite."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text
from rich.tree import Tree

from desk.show_parts import VERDICT_STYLE, verdict
from schemas.reasoning import Citation, Reason
from schemas.vocabulary import Verdict
from treaties.explain import said
from treaties.load import shipped
from treaties.tongue import Tongue, tongue

Json = Mapping[str, Any]

MARK = {"yes": "✓", "no": "✗", "unknown": "?"}


def speech_of(lang: str) -> Tongue:
    """The tongue of the shipped registry."""
    return tongue(shipped(), lang)


def verdict_word(word: str, speech: Tongue) -> Text:
    """A verdict in the reader's language, in its colour."""
    return Text(speech.word(word), style=VERDICT_STYLE.get(word, ""))


def best_of(told: Json) -> Json | None:
    """The first candidate that is `yes`, else the first that is unknown."""
    for wanted in ("yes", "unknown"):
        for each in told["candidates"]:
            if each["verdict"] == wanted:
                found: Json = each
                return found
    return None


def sentence(reason: Json, lang: str = "en") -> str:
    """The reason in words, with what it cites."""
    plain = Reason(reason["claim"], Verdict(reason["verdict"]), dict(reason.get("slots") or {}))
    told = said(plain, shipped(), lang)
    cited = speech_of(lang).series(cite(one, lang) for one in reason.get("citations") or ())
    return f"{told} [{cited}]" if cited else told


def cite(one: Json, lang: str = "en") -> str:
    """Instrument and article; what was recalled is marked. Sources and their age are in `--json`."""
    return speech_of(lang).cited(
        Citation(one["instrument"], one.get("article", ""), confidence=one.get("confidence", "read"))
    )


def reason_tree(reason: Json, each: Json, lang: str = "en") -> RenderableType:
    """Everything a verdict rests on, and the articles that decided nothing but open or close a way."""
    root = _root(each, lang)
    _grow(root, reason, lang)
    told = set(_claims(reason))
    for provision in each.get("provisions") or ():
        if json.dumps(provision["reason"], sort_keys=True) not in told:
            _grow(root, provision["reason"], lang)
    return root


def _claims(reason: Json) -> Iterator[str]:
    yield json.dumps(reason, sort_keys=True)
    for child in reason.get("children") or ():
        yield from _claims(child)


def _root(each: Json, lang: str) -> Tree:
    return Tree(Text.assemble((each["title"], "bold"), " ", verdict_word(each["verdict"], speech_of(lang))))


def _grow(tree: Tree, reason: Json, lang: str, depth: int = 99) -> None:
    branch = tree.add(Text.assemble(mark(reason), sentence(reason, lang)))
    for child in (reason.get("children") or ()) if depth > 1 else ():
        _grow(branch, child, lang, depth - 1)


def mark(reason: Json) -> Text:
    """The sign and colour of a verdict, before a sentence."""
    return Text(MARK.get(reason["verdict"], "") + " ", style=verdict(reason["verdict"]).style)


def first_reasons(told: Json, lang: str = "en") -> RenderableType:
    """The reasons of the best candidate, two levels deep: enough to see why, with the sources."""
    best = best_of(told)
    if best is None:
        return Text(speech_of(lang).label("no basis"), style="red")
    root = _root(best, lang)
    for child in best["reason"].get("children") or ():
        _grow(root, child, lang, depth=2)
    return root


def article(told: Json, instrument: str, wanted: str, lang: str = "en") -> RenderableType | None:
    """Why one article of a candidate is open or closed; None where it is not in the answer."""
    speech = speech_of(lang)
    for each in told["candidates"]:
        for provision in each["provisions"] if each["instrument"] == instrument else ():
            if provision["article"] == wanted:
                named = f"{each['title']}, {speech.article(wanted)}: "
                root = Tree(Text.assemble(named, verdict_word(provision["verdict"], speech)))
                for child in provision["reason"].get("children") or ():
                    branch = root.add(Text.assemble(mark(child), sentence(child, lang)))
                    for inner in _deciding(child):
                        branch.add(Text.assemble(mark(inner), sentence(inner, lang)))
                return root
    return None


def _deciding(reason: Json) -> list[Json]:
    """What closed an article: where a rule gives way to other law, the law it gives way to."""
    inner = reason.get("children") or ()
    return [child for child in inner if reason["verdict"] == "no" and child["verdict"] == "yes"]


def gate_tree(gate: Json, lang: str = "en") -> RenderableType:
    """All that one question of human rights rests on."""
    root = Tree(Text.assemble(mark(gate), sentence(gate["reason"], lang)))
    for child in gate["reason"]["children"]:
        _grow(root, child, lang)
    return root
