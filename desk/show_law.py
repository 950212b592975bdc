"""What does an answer of the law look like on a terminal? Draws the JSON of `treaties.answer_json`.

A reader meets titles and words, in the language asked for (`lang`); the codes are for `--json`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from desk.show_parts import block, facts, lines, table
from desk.show_reasons import best_of, cite, gate_tree, mark, reason_tree, speech_of, verdict_word
from treaties.tongue import NUMBERED, Tongue

Json = Mapping[str, Any]


def answer(told: Json, *, why: bool, lang: str = "en") -> Callable[[Console], None]:
    """The whole answer: candidates, what the first one asks, what is open; with `why` every reason."""

    def draw(console: Console) -> None:
        parts = [heading(told, lang), summary(told, lang=lang)]
        best = best_of(told)
        if best is not None:
            parts.append(candidate(best, lang))
        if told.get("open_questions"):
            parts.append(open_questions(told["open_questions"], lang))
        if told.get("gates"):
            parts.append(gates(told["gates"], lang))
        if why:
            parts += [reason_tree(each["reason"], each, lang) for each in told["candidates"]]
            parts += [gate_tree(each, lang) for each in told.get("gates") or ()]
        parts.append(standing(told, lang))
        lines(console, parts)

    return draw


def heading(told: Json, lang: str = "en") -> RenderableType:
    question, speech = told["question"], speech_of(lang)
    asked = speech.label(
        "asks",
        requesting=speech.state(question["requesting"]),
        requested=speech.state(question["requested"]),
        kind=speech.word(question["kind"]),
        measures=speech.listed([speech.word(measure) for measure in question.get("measures") or ()]),
        day=speech.day(question["on"]),
    )
    return Text(asked[:1].upper() + asked[1:], style="bold")


def summary(told: Json, *, rejected_too: bool = True, lang: str = "en") -> RenderableType:
    """All candidates in the order of their rank; the rejected with the reason that several may share."""
    speech = speech_of(lang)
    parts: list[RenderableType] = []
    rejected: dict[str, list[str]] = {}
    for each in told["candidates"]:
        if each["verdict"] == "no":
            rejected.setdefault(_because(each), []).append(each["title"])
        else:
            parts += [_headline(each, speech), Padding(Text(_because(each)), (0, 0, 0, 6))]
    if not rejected_too:
        parts.append(
            Text(f"      {speech.counted('rejected', sum(map(len, rejected.values())))}", style="dim")
        )
        return Group(*parts)
    for reason, titles in rejected.items():
        told_of = speech.frame("is", what=speech.series(titles), how=reason)
        line = Text.assemble(verdict_word("no", speech), f"  {told_of}")
        parts.append(Padding(line, (0, 0, 0, 2)))
    return Group(*parts)


def _because(each: Json) -> str:
    """What decided about a candidate; answers recorded before this was told apart hold the whole sentence."""
    return str(each.get("because") or each["why"])


def _headline(each: Json, speech: Tongue) -> Text:
    way = (
        f", {speech.label('by way of', channel=speech.word(each['channel']))}" if each.get("channel") else ""
    )
    memory = f" ({speech.label('from memory')})" if each.get("confidence") == "memory" else ""
    rank = f"{each['rank']:>3}   "
    word = verdict_word(each["verdict"], speech)
    # The key is what `choose-basis` takes.
    key = f" [{each['instrument']}]"
    return Text.assemble(rank, word, "  ", (each["title"], "bold"), (key, "dim"), way, (memory, "dim"))


def candidate(each: Json, lang: str = "en") -> RenderableType:
    """What one basis opens, asks and sets."""
    speech = speech_of(lang)
    there = "authority there" if each.get("addressee") == "provider" else "addressee"
    pairs: list[tuple[str, RenderableType | None]] = [
        ("open", _articles(each, "yes", speech)),
        ("closed", _articles(each, "no", speech)),
        ("uncertain", _articles(each, "unknown", speech)),
        ("way", _ways(each, speech)),
        ("goes to", speech.word(each["addressee"]) if each.get("addressee") else ""),
        ("provider", _provider(each.get("provider"), speech)),
        ("answer", speech.word(each["binding"]) if each.get("binding") else ""),
        (there, _authority(each.get("authority"), speech)),
        ("issuers", speech.series(_issuer(one, speech) for one in each.get("issuers") or ())),
        ("languages", speech.listed([speech.spoken(code) for code in each.get("languages") or ()])),
        ("conditions", _conditions(each.get("conditions") or (), speech)),
        ("deadlines", "\n".join(_deadline(one, speech) for one in each.get("deadlines") or ())),
        ("contents", speech.series(_needed(each.get("contents") or (), speech))),
        ("grounds", speech.series(_grounds(each.get("grounds") or (), speech))),
        ("not grounds", speech.series(_grounds(each.get("not_grounds") or (), speech))),
        ("duties", speech.series(_duty(one, speech) for one in each.get("duties") or ())),
    ]
    told = facts((speech.label(name), value) for name, value in pairs)
    return block(each["title"], told)


def _articles(each: Json, wanted: str, speech: Tongue) -> str:
    told = [part["article"] for part in each.get("provisions") or () if part["verdict"] == wanted]
    return ", ".join(text if NUMBERED.fullmatch(text) else speech.article(text) for text in told)


def _ways(each: Json, speech: Tongue) -> str:
    channel, urgent = each.get("channel"), each.get("urgent_channel")
    told = [speech.word(channel) if channel else speech.label("no way")]
    if urgent:
        told.append(speech.label("urgent", channel=speech.word(urgent)))
    return speech.series(told)


def _authority(told: Json | None, speech: Tongue) -> str:
    if not told:
        return ""
    memory = f" ({speech.label('check')})" if told.get("confidence") == "memory" else ""
    return ", ".join(part for part in (told["name"], told.get("unit")) if part) + memory


def _provider(told: Json | None, speech: Tongue) -> str:
    if not told:
        return ""
    return speech.series(
        [
            speech.label(
                "provider at",
                provider=told["name"],
                addressee=speech.word(told["addressee"]),
                state=speech.state(told["state"]),
            ),
            speech.label("invented") if told.get("invented") else "",
            speech.label("demands", proof=speech.text(told["proof"])) if told.get("proof") else "",
        ]
    )


def _issuer(one: Json, speech: Tongue) -> str:
    hours = one.get("afterwards_hours")
    slots = {"article": speech.article(one["article"])}
    slots["offices"] = speech.either([speech.word(office) for office in one["by"]])
    if hours is not None:
        return speech.label("validate within", amount=speech.amount(hours, "hours"), **slots)
    return speech.label(one["capacity"], **slots)


def _duty(one: Json, speech: Tongue) -> str:
    duty, article = speech.word(one["duty"]), speech.article(one["article"])
    if one.get("on_request"):
        return speech.label("on request", duty=duty, article=article)
    return speech.label("with article", word=duty, article=article)


def _conditions(told: Iterable[Json], speech: Tongue) -> str:
    return speech.series(
        speech.frame("is", what=speech.word(one["condition"]), how=speech.word(one["verdict"]))
        for one in told
    )


def _deadline(one: Json, speech: Tongue) -> str:
    known = one.get("amount") is not None
    return speech.label(
        "deadline",
        start=speech.text(one["event_from"]),
        end=speech.text(one["event_to"]),
        amount=speech.amount(one["amount"], one["unit"]) if known else speech.label("open amount"),
        article=speech.article(one["article"]),
    )


def _needed(contents: Iterable[Json], speech: Tongue) -> list[str]:
    told = [speech.field(one["field"]) for one in contents if one.get("required") == "yes"]
    return list(dict.fromkeys(told))


def _grounds(told: Iterable[Json], speech: Tongue) -> list[str]:
    return [
        speech.label("with article", word=speech.word(one["ground"]), article=speech.article(one["article"]))
        for one in told
    ]


def open_questions(told: Sequence[Json], lang: str = "en") -> RenderableType:
    """What only a person can answer."""
    made = table("")
    made.show_header = False
    for sentence in dict.fromkeys(str(one["sentence"]) for one in told):
        made.add_row(Text.assemble(("? ", "yellow"), sentence))
    return block(speech_of(lang).label("questions"), made)


def gates(told: Sequence[Json], lang: str = "en") -> RenderableType:
    """The questions of human rights; what would help is said where a fact of the registry stands against."""
    speech = speech_of(lang)
    made = table("")
    made.show_header = False
    for gate in told:
        cited = speech.series(cite(one, lang) for one in gate["reason"]["citations"])
        line = Text.assemble(mark(gate), gate["sentence"], (f" [{cited}]", "dim"))
        if gate["verdict"] == "no":
            line.append(f" {speech.label('cure', cure=gate['cure'])}")
        made.add_row(line)
    return block(speech.label("gates"), made)


def standing(told: Json, lang: str = "en") -> RenderableType:
    """How long the answer holds, from which edition; and once, what to know of the translation."""
    speech = speech_of(lang)
    until = told.get("good_until")
    said_of = [
        speech.label("good until", day=speech.day(until)) if until else speech.label("no change"),
        speech.label("edition", edition=str(told["edition"])[:19]),
    ]
    return Text("\n".join(part for part in (speech.series(said_of), speech.notice) if part), style="dim")
