"""What does an answer of the law say to this visitor? Turns its JSON into what `ask/_answer.html` shows.

`answer_of(told, voice)` takes the JSON of `treaties.answer_json`, fresh or as a case recorded it, and says it
again in the visitor's language: the codes in it are stable, its sentences may be in another language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from desk.web import basis_facts
from desk.web.basis_facts import Row
from desk.web.cited import MARKS, Cited, Json, Note, Voice, cited_once, direction_of
from desk.web.words import N_
from schemas.reasoning import Candidate, Citation, GateFound, OpenQuestion, Reason
from schemas.vocabulary import Channel, Verdict
from treaties.explain import asked, because, gated
from treaties.route import DIRECTNESS

VERDICTS = {"yes": N_("Can be used"), "no": N_("Cannot be used"), "unknown": N_("Not certain")}
TONES = {"yes": "good", "no": "quiet", "unknown": "soon"}

YES = N_("Yes. Legal basis: %(title)s.")
MAYBE = N_("Not certain. Possible legal basis: %(title)s.")
NONE = N_("No legal basis is known between the two for this request.")
MEMORY = N_("What is marked as recalled was not read in a source: check it before you rely on it.")

LOWER = {
    "precedence": N_("%(title)s goes before it by %(article)s."),
    "option": N_("Here an answer is an option; under %(title)s it is a duty."),
    "names": N_("It does not name what is asked expressly; %(title)s does."),
    "direct": N_("Its way is less direct than that of %(title)s."),
    "precedence-chain": N_("It goes after %(title)s by a rule of precedence."),
    "equal": N_("It serves as well as %(title)s; nothing in the law puts one before the other."),
}
"""Why one that can be used stands below the one that was chosen."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One reason as a page shows it, with all that it rests on."""

    text: str
    verdict: str
    sources: tuple[Cited, ...]
    children: tuple[Claim, ...]

    @property
    def mark(self) -> str:
        """The sign of its verdict."""
        return MARKS[self.verdict]


@dataclass(frozen=True, slots=True)
class Basis:
    """One candidate. `why_lower`: why it stands below the chosen one though it can be used; `rows`
    and `claims`: how a request goes on it and all its reasons, of the chosen one only."""

    key: str
    title: str
    verdict: str
    rank: int
    because: str
    memory: bool
    age: str
    channel: str
    binding: str
    rows: tuple[Row, ...] = ()
    claims: tuple[Claim, ...] = ()
    why_lower: str = ""

    @property
    def mark(self) -> str:
        """The sign of its verdict."""
        return MARKS[self.verdict]

    @property
    def tone(self) -> str:
        """The tone of its badge."""
        return TONES[self.verdict]


@dataclass(frozen=True, slots=True)
class GateTold:
    """One question of human rights: `cure` is what would help, empty where it is met."""

    key: str
    text: str
    verdict: str
    mandatory: bool
    cure: str
    sources: tuple[Cited, ...]

    @property
    def mark(self) -> str:
        """The sign of its verdict."""
        return MARKS[self.verdict]


@dataclass(frozen=True, slots=True)
class Asking:
    """One open question. `about`: its claim, by which a form knows which field would answer it."""

    about: str
    text: str
    slots: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """All that the partial shows. `lead`: the answer in one sentence; `more`: how many others can be used;
    `law_language`: the language of what the law says, where it is not the page's (`foreign`); `notice`: what
    to know of the translation."""

    lead: str
    tone: str
    more: int
    asks: str
    chosen: Basis | None
    others: tuple[Basis, ...]
    rejected: tuple[Basis, ...]
    questions: tuple[Asking, ...]
    gates: tuple[GateTold, ...]
    on: str
    known_on: str
    good_until: str
    edition: str
    memory: str
    law_language: str
    foreign: bool
    notice: str
    notes: tuple[Note, ...] = ()

    def runs(self, text: str) -> str:
        """`rtl` or `ltr`."""
        return direction_of(text)


def answer_of(told: Json, voice: Voice, *, chosen: str | None = None) -> Answer:
    """The whole answer. `chosen`: the basis a case rests on or a reader looks at, if not the first that can
    be used; its reasons are told whole, those of the others in a line or two."""
    rows = list(told["candidates"])
    best = _best(rows, chosen)
    others = [one for one in rows if one is not best and one["verdict"] != "no"]
    lead, tone = _lead(best, voice)
    usable = sum(one["verdict"] == "yes" for one in others)
    memory = best is not None and best.get("confidence") == "memory"
    answer = Answer(
        lead=lead,
        tone=tone,
        more=usable,
        asks=_asks(told["question"], voice),
        chosen=None if best is None else _basis(best, told, voice, full=True),
        others=tuple(_basis(one, told, voice, below=best) for one in others),
        rejected=tuple(
            _basis(one, told, voice) for one in rows if one is not best and one["verdict"] == "no"
        ),
        questions=tuple(_questions(told.get("open_questions") or (), voice)),
        gates=tuple(_gate(one, voice) for one in told.get("gates") or ()),
        on=str(told["question"]["on"]),
        known_on=str(told["question"].get("known_on") or ""),
        good_until=str(told.get("good_until") or ""),
        edition=str(told["edition"]),
        memory=voice.say(MEMORY) if memory else "",
        law_language=voice.law_language,
        foreign=voice.foreign,
        notice=voice.notice,
    )
    return replace(answer, notes=voice.notes)


def claim_of(reason: Json, voice: Voice) -> Claim:
    """A reason with everything below it."""
    return Claim(
        voice.law.phrase(reason["claim"], reason["verdict"], reason.get("slots") or {}),
        reason["verdict"],
        cited_once(voice, reason.get("citations") or ()),
        tuple(claim_of(child, voice) for child in reason.get("children") or ()),
    )


def _best(rows: Sequence[Json], chosen: str | None) -> Json | None:
    for wanted in (lambda one: one["instrument"] == chosen, _is("yes"), _is("unknown")):
        for one in rows:
            if wanted(one):
                return one
    return None


def _is(verdict: str) -> Any:
    return lambda one: one["verdict"] == verdict


def _lead(best: Json | None, voice: Voice) -> tuple[str, str]:
    if best is None:
        return voice.say(NONE), "late"
    title = voice.isolated(voice.title(best["instrument"]))
    if best["verdict"] == "yes":
        return voice.say(YES, title=title), "good"
    return (
        (voice.say(MAYBE, title=title), "soon") if best["verdict"] == "unknown" else (voice.say(NONE), "late")
    )


def _asks(question: Json, voice: Voice) -> str:
    speech = voice.law
    said = speech.label(
        "asks",
        requesting=speech.state(question["requesting"]),
        requested=speech.state(question["requested"]),
        kind=speech.word(question["kind"]),
        measures=speech.listed([speech.word(one) for one in question.get("measures") or ()]),
        day=speech.day(question["on"]),
    )
    return said[:1].upper() + said[1:]


def _basis(one: Json, told: Json, voice: Voice, *, full: bool = False, below: Json | None = None) -> Basis:
    key = one["instrument"]
    return Basis(
        key=key,
        title=voice.title(key),
        verdict=one["verdict"],
        rank=one["rank"],
        because=_because(one, told, voice),
        memory=one.get("confidence") == "memory",
        age=voice.partial(one["age"]) if one.get("age") else "",
        channel=voice.law.word(one["channel"]) if one.get("channel") else "",
        binding=voice.law.word(one["binding"]) if one.get("binding") and one["verdict"] != "no" else "",
        rows=tuple(basis_facts.rows(one, voice)) if full and one["verdict"] != "no" else (),
        claims=_claims(one, voice) if full else (),
        why_lower=_lower(one, below, voice) if below is not None else "",
    )


def _because(one: Json, told: Json, voice: Voice) -> str:
    if told.get("language") == voice.law_language and one.get("because"):
        return str(one["because"])
    if one["instrument"] not in voice.registry.instruments:
        return str(one.get("because") or one.get("why") or "")
    verdict = Verdict(one["verdict"])
    plain = Candidate(one["instrument"], "", verdict, one["rank"], _reason(one["reason"]))
    return because(plain, voice.registry, voice.language)


def _claims(one: Json, voice: Voice) -> tuple[Claim, ...]:
    """What the verdict rests on, then the articles and the way, each with its own reasons; nothing twice."""
    tops = [*(one["reason"].get("children") or (one["reason"],))]
    tops += [part["reason"] for part in one.get("provisions") or ()]
    if one.get("channel_reason"):
        tops.append(one["channel_reason"])
    seen: set[Claim] = set()
    found: list[Claim] = []
    for top in tops:
        made = claim_of(top, voice)
        if made not in seen:
            found.append(made)
            _remember(made, seen)
    return tuple(found)


def _remember(claim: Claim, seen: set[Claim]) -> None:
    seen.add(claim)
    for child in claim.children:
        _remember(child, seen)


def _lower(one: Json, best: Json, voice: Voice) -> str:
    """Why it stands below the best though both can be used."""
    if one["verdict"] != best["verdict"] or one["rank"] < best["rank"]:
        return ""
    title = voice.isolated(voice.title(best["instrument"]))
    article = _precedence(best["instrument"], one["instrument"], voice)
    if article:
        return voice.say(LOWER["precedence"], title=title, article=voice.isolated(article))
    there, here = _merit(best), _merit(one)
    for step, (above, below) in zip(
        ("option", "names", "direct"), zip(there, here, strict=True), strict=True
    ):
        if above < below:
            return voice.say(LOWER[step], title=title)
        if above > below:
            return voice.say(LOWER["precedence-chain"], title=title)
    return voice.say(LOWER["equal"], title=title)


def _merit(one: Json) -> tuple[int, int, int]:
    """As the ranks of treaties.basis: duty, express naming, directness; smaller goes first."""
    channel = one.get("channel")
    direct = DIRECTNESS[Channel(channel)] if channel else len(DIRECTNESS)
    names = any(part.get("names") and part["verdict"] != "no" for part in one.get("provisions") or ())
    return int(one.get("binding") != "duty"), int(not names), direct


def _precedence(best: str, other: str, voice: Voice) -> str:
    """The article by which `best` goes before `other`; empty where its text does not say so."""
    if best not in voice.registry.instruments:
        return ""
    for held in voice.registry.rulebook(best).precedence:
        counted = [voice.registry.counting_as(value) for value in held.row.over_counting_as]
        if other in held.row.over or any(other in keys for keys in counted):
            return voice.law.article(held.row.article)
    return ""


def _questions(told: Iterable[Json], voice: Voice) -> Iterable[Asking]:
    """Each question once: several candidates may ask the same."""
    said: set[str] = set()
    for one in told:
        slots = dict(one.get("slots") or {})
        known = one["instrument"] in voice.registry.instruments
        question = OpenQuestion(one["about"], one["instrument"], slots)
        text = asked(question, voice.registry, voice.language) if known else str(one.get("sentence") or "")
        if text not in said:
            said.add(text)
            yield Asking(one["about"], text, slots)


def _gate(one: Json, voice: Voice) -> GateTold:
    plain = GateFound(
        one["gate"],
        Verdict(one["verdict"]),
        _reason(one["reason"]),
        _cure_of(one, voice),
        bool(one.get("mandatory")),
    )
    text, cure = gated(plain, voice.registry, voice.language)
    sources = cited_once(voice, one["reason"].get("citations") or ())
    return GateTold(one["gate"], text, one["verdict"], plain.mandatory, cure, sources)


def _cure_of(one: Json, voice: Voice) -> str:
    """The English cure, which is what catalogs know it by."""
    known = voice.registry.gates.get(one["gate"])
    return known.cure if known is not None else str(one.get("cure") or "")


def _reason(told: Json) -> Reason:
    """The reason again, with what its sentence needs."""
    return Reason(
        told["claim"],
        Verdict(told["verdict"]),
        dict(told.get("slots") or {}),
        tuple(Citation(each["instrument"], each.get("article", "")) for each in told.get("citations") or ()),
        (),
        tuple(_reason(child) for child in told.get("children") or ()),
        date.fromisoformat(told["changes_on"]) if told.get("changes_on") else None,
    )
