"""How does a request go on one legal basis: to whom, by which way, in which form, by when, against what?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypedDict

from desk.web.cited import Cited, Json, Voice, cited_once
from desk.web.words import N_
from treaties.tongue import NUMBERED

NO_WAY = N_("No way is recorded.")
URGENT = N_("In urgent cases: %(channel)s")
CURE = N_("What would lift it: %(cure)s")
DEMANDS = N_("It demands: %(proof)s")
INVENTED = N_("Invented for a demonstration: there is no such provider.")
WANTED = {
    "mandatory": N_("it must refuse"),
    "optional": N_("it may refuse"),
    "reserved": N_("it may refuse if it made a reservation"),
}
_MANDATORY = {"yes": "mandatory", "no": "optional", "may-by-reservation": "reserved"}

OPEN = N_("Articles open to it")
UNCERTAIN = N_("Articles not certain")
ADDRESSED = N_("Addressed to")
PROVIDER = N_("Provider")
WAY = N_("Way")
BINDING = N_("An answer is")
ISSUED = N_("Who must issue or validate it")
LANGUAGES = N_("Languages")
FORM = N_("Form")
LIMITS = N_("Time limits")
CONTENTS = N_("It must hold")
FURTHER = N_("It must also hold, as the case may be")
CONDITIONS = N_("Conditions of the case")
GROUNDS = N_("May be refused for")
NOT_GROUNDS = N_("Not to be refused for")
DUTIES = N_("The requested State must")
THRESHOLDS = N_("Thresholds")


class _Note(TypedDict):
    note: str
    note_tongue: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing the law says. `law`: in the language of the law; `own`: what we add, in the visitor's own;
    `law_tongue`, `note_tongue`: in which language they stand, where that is not the one of the law."""

    law: str
    own: str = ""
    note: str = ""
    sources: tuple[Cited, ...] = ()
    verdict: str = ""
    law_tongue: str = ""
    note_tongue: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One heading of a basis (in the visitor's language) with what stands below it. `long`: folded away at
    first, since there is much of it."""

    name: str
    lines: tuple[Line, ...]

    @property
    def long(self) -> bool:
        """Is there more than a reader takes in at a glance?"""
        return len(self.lines) > 6


def rows(one: Json, voice: Voice) -> Iterator[Row]:
    """All that a candidate that is not rejected says, in the order in which an officer needs it."""
    told: list[tuple[str, Iterable[Line]]] = [
        (PROVIDER, _provider(one, voice)),
        (ADDRESSED, _authority(one, voice)),
        (WAY, _ways(one, voice)),
        (BINDING, [Line(voice.law.word(one["binding"]))] if one.get("binding") else ()),
        (LIMITS, _limits(one, voice)),
        (ISSUED, _issuers(one, voice)),
        (LANGUAGES, _languages(one, voice)),
        (
            FORM,
            [
                Line(voice.law.text(text), law_tongue=voice.tongue_of(text))
                for text in one.get("formalities") or ()
            ],
        ),
        (CONTENTS, _contents(one, voice, ("yes",))),
        (FURTHER, _contents(one, voice, ("conditional",))),
        (CONDITIONS, _conditions(one, voice)),
        (GROUNDS, _grounds(one.get("grounds") or (), voice, wanted=True)),
        (NOT_GROUNDS, _grounds(one.get("not_grounds") or (), voice, wanted=False)),
        (DUTIES, _duties(one, voice)),
        (OPEN, _articles(one, "yes", voice)),
        (UNCERTAIN, _articles(one, "unknown", voice)),
        (THRESHOLDS, [Line(text, law_tongue=voice.tongue_of(text)) for text in one.get("thresholds") or ()]),
    ]
    for name, lines in told:
        found = tuple(dict.fromkeys(lines))
        if found:
            yield Row(voice.say(name), found)


def _articles(one: Json, wanted: str, voice: Voice) -> Iterator[Line]:
    found = [part["article"] for part in one.get("provisions") or () if part["verdict"] == wanted]
    if found:
        named = (text if NUMBERED.fullmatch(text) else voice.law.article(text) for text in found)
        yield Line(", ".join(dict.fromkeys(named)))


def _ways(one: Json, voice: Voice) -> Iterator[Line]:
    channel, urgent, reason = one.get("channel"), one.get("urgent_channel"), one.get("channel_reason")
    cited = cited_once(voice, reason.get("citations") or ()) if reason else ()
    yield Line(voice.law.word(channel), sources=cited) if channel else Line("", own=voice.say(NO_WAY))
    if urgent:
        yield Line("", own=voice.say(URGENT, channel=voice.law.word(urgent)))


def _authority(one: Json, voice: Voice) -> Iterator[Line]:
    told = one.get("authority")
    if told:
        name = ", ".join(part for part in (told["name"], told.get("unit")) if part)
        spoken = voice.tongue_of(name)
        yield Line(
            name, sources=_cited(told, voice), law_tongue=spoken, **_noted(told.get("formalities"), voice)
        )


def _provider(one: Json, voice: Voice) -> Iterator[Line]:
    told = one.get("provider")
    if told:
        speech = voice.law
        place = {"addressee": speech.word(told["addressee"]), "state": speech.state(told["state"])}
        name = speech.label("provider at", provider=told["name"], **place)
        own = voice.say(INVENTED) if told.get("invented") else ""
        note = voice.say(DEMANDS, proof=speech.text(told["proof"])) if told.get("proof") else ""
        yield Line(name, own, note, _cited(told, voice))


def _issuers(one: Json, voice: Voice) -> Iterator[Line]:
    speech = voice.law
    for told in one.get("issuers") or ():
        slots = {"article": speech.article(told["article"])}
        slots["offices"] = speech.either([speech.word(office) for office in told["by"]])
        hours = told.get("afterwards_hours")
        if hours is not None:
            text = speech.label("validate within", amount=speech.amount(hours, "hours"), **slots)
        else:
            text = speech.label(told["capacity"], **slots)
        yield Line(text, sources=_cited(told, voice), **_noted(told.get("note"), voice))


def _languages(one: Json, voice: Voice) -> Iterator[Line]:
    found = [voice.own.tongue(code) for code in one.get("languages") or ()]
    if found:
        yield Line("", own=voice.own.listed(found))


def _conditions(one: Json, voice: Voice) -> Iterator[Line]:
    for told in one.get("conditions") or ():
        reason = told["reason"]
        text = voice.law.phrase(reason["claim"], reason["verdict"], reason.get("slots") or {})
        cited = cited_once(voice, reason.get("citations") or ())
        yield Line(text, sources=cited, verdict=told["verdict"])


def _limits(one: Json, voice: Voice) -> Iterator[Line]:
    speech = voice.law
    for told in one.get("deadlines") or ():
        known = told.get("amount") is not None
        text = speech.label(
            "deadline",
            start=speech.text(told["event_from"]),
            end=speech.text(told["event_to"]),
            amount=speech.amount(told["amount"], told["unit"]) if known else speech.label("open amount"),
            article=speech.article(told["article"]),
        )
        yield Line(text, sources=_cited(told, voice), **_noted(told.get("consequence"), voice))


def _contents(one: Json, voice: Voice, wanted: tuple[str, ...]) -> Iterator[Line]:
    for told in one.get("contents") or ():
        if told.get("required") in wanted:
            article = voice.law.article(told["article"])
            text = voice.law.label("with article", word=voice.law.field(told["field"]), article=article)
            yield Line(text, **_noted(told.get("note"), voice))


def _grounds(told: Iterable[Json], voice: Voice, *, wanted: bool) -> Iterator[Line]:
    for one in told:
        article = voice.law.article(one["article"])
        text = voice.law.label("with article", word=voice.law.word(one["ground"]), article=article)
        own = voice.say(WANTED[_MANDATORY[one["mandatory"]]]) if wanted else ""
        cure = one.get("cure")
        note = _noted(one.get("note"), voice)
        if cure:
            note = _Note(note=voice.say(CURE, cure=voice.law.text(cure)), note_tongue="")
        yield Line(text, own, sources=_cited(one, voice), **note)


def _duties(one: Json, voice: Voice) -> Iterator[Line]:
    for told in one.get("duties") or ():
        duty, article = voice.law.word(told["duty"]), voice.law.article(told["article"])
        if told.get("on_request"):
            text = voice.law.label("on request", duty=duty, article=article)
        else:
            text = voice.law.label("with article", word=duty, article=article)
        yield Line(text, sources=_cited(told, voice))


def _noted(text: str | None, voice: Voice) -> _Note:
    """What a law file adds in its own words."""
    return _Note(note=voice.law.text(text or ""), note_tongue=voice.tongue_of(text or ""))


def _cited(told: Json, voice: Voice) -> tuple[Cited, ...]:
    return cited_once(voice, told.get("citations") or ())
