"""What does the law say of a request that is being written, and which pages and choices follow from it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from desk.ask import question_from_words
from desk.web import law_names
from desk.web.answer import VERDICTS, Answer, Asking, answer_of
from desk.web.asked import fields_for
from desk.web.cited import Voice
from desk.web.filing_questions import CONTENTS_AT, LAW, OFFENCES_AT, ORDER, content_step, offence_step
from desk.web.filing_step import FIRST, KIND, MOST_OFFENCES, Field, Step, incoming
from desk.web.filing_subject import NOTICE, PERSON
from desk.web.forms import Typed
from desk.web.frame import Visitor
from desk.web.look import Speaker
from desk.web.words import LANGUAGES, N_
from schemas.errors import RogatoryError
from schemas.reasoning import Assessment, Question
from schemas.vocabulary import Form, Kind, Measure, Verdict
from treaties.answer_json import as_json
from treaties.asking import basis_named
from treaties.basis import find_bases
from treaties.registry import Registry
from treaties.standing import bound
from treaties.tongue import tongue

Option = tuple[str, ...]

DATA = (Measure.SUBSCRIBER_DATA, Measure.TRAFFIC_DATA, Measure.STORED_CONTENT)
WAYS = {
    "state": (N_("To the State"), N_("Its authority has the provider keep or hand over the data.")),
    "provider": (N_("To the provider itself"), N_("The legal answer shows whether there is a basis for it.")),
}
PURPOSES = {"prosecution": N_("To prosecute the person"), "sentence": N_("To serve a sentence")}
WARRANTS = {
    "arrest-warrant": N_("A warrant of arrest"),
    "judgment": N_("An enforceable judgment"),
    "other-order": N_("Another order"),
}
SEXES = {
    "unknown": N_("Not known"),
    "female": N_("Female"),
    "male": N_("Male"),
    "other": N_("Other"),
}
INTENTIONS = {
    "mla": N_("A request for mutual legal assistance"),
    "production": N_("An order or request to the provider"),
}
SECRECY = {
    "confidential": N_("Yes: the request and what is in it are to be kept confidential"),
    "open": N_("No"),
}
EITHER = {"": N_("Not known"), "yes": N_("Yes"), "no": N_("No")}
FIRST_BASIS = N_("The first that can be used, as it stands on this page")


FIRST_OFFENCE = "offence-1"
ANSWERS = {
    "offence": f"{FIRST_OFFENCE}-slug",
    "max_from": f"{FIRST_OFFENCE}-max_penalty",
    "max_to": f"{FIRST_OFFENCE}-max_penalty_requested",
    "offence_date": f"{FIRST_OFFENCE}-committed_from",
    "nationality": "person-nationality",
    "age": "person-born",
}
"""Which field of the filing answers what a field of the page that asks the law would answer."""


USUAL = ("conducting-authority", "facts")
"""What every letter of assistance tells: asked where the basis itself wants no content."""


@dataclass(frozen=True, slots=True)
class Found:
    """The answer as far as it can be given: the assessment, its JSON in the language of the law, the basis
    that counts (None: none can be used), and what keeps it from being given."""

    assessment: Assessment | None = None
    told: dict[str, Any] | None = None
    basis: str | None = None
    problem: RogatoryError | None = None


def law_of(visitor: Visitor, typed: Typed) -> Found:
    """What links the two States, as far as the answers so far say; asked anew each time, it costs little."""
    registry = visitor.house.registry
    home = visitor.house.office.settings.state
    other = typed.get("requesting" if incoming(typed) else "requested")
    measures = _measures(typed)
    if not other or not measures:
        return Found()
    try:
        question = _question(visitor, typed, home, other, measures)
        assessment = find_bases(registry, question)
        wanted = typed.get("instrument").removeprefix(FIRST) or None
        basis = basis_named(assessment, wanted, "provider" if goes_direct(typed) else "state")
    except RogatoryError as error:
        return Found(problem=error)
    voice = Voice(registry, visitor.language, visitor.house.today())
    told = as_json(assessment, registry, voice.law_language)
    return Found(assessment, told, None if basis is None else basis.instrument)


def shown_answer(visitor: Visitor, found: Found) -> Answer | None:
    """The answer as `ask/_answer.html` shows it."""
    if found.told is None:
        return None
    voice = Voice(visitor.house.registry, visitor.language, visitor.house.today())
    return answer_of(found.told, voice, chosen=found.basis)


def steps_of(visitor: Visitor, typed: Typed, found: Found) -> list[Step]:
    """The pages of this request in their order, as the answers so far have it."""
    made: list[Step] = []
    for one in ORDER:
        if one == OFFENCES_AT:
            made += _offences(typed)
        elif one == CONTENTS_AT:
            # the contents of a request, where one is made; a tick may be left of what is asked no more
            mere = NOTICE.when(typed) and typed.ticked("notice_only")
            made += [] if mere else _contents(visitor, typed, found)
        elif one is LAW:
            made.append(replace(LAW, fields=(*LAW.fields, *_open_fields(typed, found))))
        elif isinstance(one, Step) and one.when(typed):
            made.append(one)
    return made


def options_of(visitor: Visitor, name: str, typed: Typed, found: Found) -> list[Option]:
    """What can be chosen from the list `name`: value and word, with a hint where there is one."""
    say, registry, language = visitor.say, visitor.house.registry, visitor.language
    speak = Speaker(language)
    fixed = {"purposes": PURPOSES, "warrants": WARRANTS, "sexes": SEXES, "secrecy": SECRECY}
    fixed |= {"intentions": INTENTIONS, "either": EITHER}
    if name in fixed:
        return [(value, say(text)) for value, text in fixed[name].items()]
    if name == "ways":
        return [(value, say(text), say(hint)) for value, (text, hint) in WAYS.items()]
    if name == "measures":
        asked = DATA if typed.get(KIND) in ("preservation", "production") else _of_assistance()
        return [(one.value, speak.label(one, "measure")) for one in asked]
    if name == "offences":
        return list(law_names.offences(registry, language))
    if name == "providers":
        return list(law_names.providers(registry))
    if name == "bases":
        return _bases(visitor, found)
    if name == "languages":
        return _tongues(speak, typed, found)
    return list(law_names.states(registry, language))


def choices_of(visitor: Visitor, field: Field, typed: Typed, found: Found) -> list[Option]:
    """What can be chosen in a field. What was said stands there even where the law knows it no more: to save
    a page as it stands takes nothing away."""
    known = options_of(visitor, field.options, typed, found)
    return [*known, *said_besides(typed.all(field.name), known)]


def said_besides(said: Sequence[str], known: Sequence[Option]) -> list[Option]:
    """What was said and is not among the known."""
    names = {option[0] for option in known}
    return [(each, each) for each in said if each not in names]


def goes_direct(typed: Typed) -> bool:
    """Does it go to the provider itself? Where nobody said, a production does."""
    return (typed.get("direct") or typed.get(KIND)) in ("provider", Kind.PRODUCTION.value)


def linked_first(visitor: Visitor, kind: str) -> tuple[list[Option], list[Option]]:
    """States of which the law of today links us with, by name, and all others."""
    home, registry = visitor.house.office.settings.state, visitor.house.registry
    known = [one for one in law_names.states(registry, visitor.language) if one[0] != home]
    near = _linked(registry, home, _kind(kind), visitor.house.today())
    return [one for one in known if one[0] in near], [one for one in known if one[0] not in near]


def content_names(visitor: Visitor, found: Found) -> dict[str, tuple[str, str, bool]]:
    """What the basis wants the request to say: by its code the name, the article, and whether it is a must.
    What is only advised is not asked here."""
    if found.assessment is None or found.basis is None:
        return {}
    candidate = next(one for one in found.assessment.candidates if one.instrument == found.basis)
    voice = Voice(visitor.house.registry, visitor.language, visitor.house.today())
    made: dict[str, tuple[str, str, bool]] = {}
    for required in ("yes", "conditional"):
        for one in candidate.contents:
            if one.required == required and one.field not in made:
                name = voice.law.field(one.field)
                made[one.field] = (name[:1].upper() + name[1:], one.article, required == "yes")
    return made


def _offences(typed: Typed) -> list[Step]:
    if typed.get(KIND) == Kind.PROSECUTION.value and incoming(typed):
        return []
    made = [offence_step(0)]
    while typed.ticked(f"{made[-1].name}-more") and len(made) < MOST_OFFENCES:
        made.append(offence_step(len(made)))
    return made


def _contents(visitor: Visitor, typed: Typed, found: Found) -> list[Step]:
    if incoming(typed):
        return []
    names = content_names(visitor, found) or _usual(visitor, typed, found)
    made = [content_step(code, name, article) for code, (name, article, _) in names.items()]
    written = (each.removeprefix("contents-") for each in typed.values if each.startswith("contents-"))
    voice = Voice(visitor.house.registry, visitor.language, visitor.house.today())
    for code in sorted(set(written) - set(names)):
        if typed.get(f"contents-{code}"):
            name = voice.law.field(code)
            made.append(content_step(code, name[:1].upper() + name[1:], ""))
    return made


def _usual(visitor: Visitor, typed: Typed, found: Found) -> dict[str, tuple[str, str, bool]]:
    """What a letter of assistance tells whatever its basis says, as `content_names` has it."""
    if found.basis is None or typed.get(KIND) != Kind.MLA.value or goes_direct(typed):
        return {}
    voice = Voice(visitor.house.registry, visitor.language, visitor.house.today())
    named = {code: voice.law.field(code) for code in USUAL}
    return {code: (name[:1].upper() + name[1:], "", False) for code, name in named.items()}


def _open_fields(typed: Typed, found: Found) -> list[Field]:
    """The fields of other pages that would answer what the law leaves open, as long as they are empty."""
    if found.assessment is None:
        return []
    wanted: set[str] = set()
    for one in found.assessment.open_questions:
        wanted |= {ANSWERS[name] for name in fields_for(Asking(one.about, "", one.slots)) if name in ANSWERS}
    if f"{FIRST_OFFENCE}-slug" in wanted:
        wanted.add(f"{FIRST_OFFENCE}-law")
    person = PERSON.fields if PERSON.when(typed) else ()
    fields = (*offence_step(0).fields, *person)
    return [field for field in fields if field.name in wanted and not typed.get(field.name)]


def _question(visitor: Visitor, typed: Typed, home: str, other: str, measures: list[str]) -> Question:
    registry, into = visitor.house.registry, incoming(typed)
    offences = [slug for step in _offences(typed) if (slug := typed.get(f"{step.name}-slug"))]
    provider = typed.get("provider")
    return question_from_words(
        registry,
        requesting=other if into else home,
        requested=home if into else other,
        kind=_kind(typed.get(KIND)).value,
        measures=measures,
        today=visitor.house.today(),
        offences=offences,
        offence_date=typed.get("offence-1-committed_from") or None,
        max_penalty_requesting=(typed.get("offence-1-max_penalty") or None) if offences else None,
        max_penalty_requested=(typed.get("offence-1-max_penalty_requested") or None) if offences else None,
        urgent=typed.ticked("urgent"),
        nationality=_nationality(typed, home if into else other),
        age=_age(typed.get("person-born"), visitor.house.today()),
        provider=provider if provider in registry.providers else None,
        emergency=bool(typed.get("emergency-certified_by")),
    )


def _nationality(typed: Typed, requested: str) -> str | None:
    """Of two the one that matters: a State may refuse to surrender its own."""
    told = [typed.get("person-nationality"), typed.get("person-nationality-2")]
    return requested if requested in told else next((each for each in told if each), None)


def _age(born: str, today: date) -> int | None:
    try:
        day = date.fromisoformat(born)
    except ValueError:
        return None
    years = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
    return years if years >= 0 else None


def _kind(text: str) -> Kind:
    """Prosecution instead of extradition rests on the law of the extradition it replaces."""
    kind = Kind(text)
    return Kind.EXTRADITION if kind is Kind.PROSECUTION else kind


def _measures(typed: Typed) -> list[str]:
    if _kind(typed.get(KIND)) is Kind.EXTRADITION:
        return [Measure.SURRENDER.value]
    return typed.all("measures")


def _of_assistance() -> list[Measure]:
    return [one for one in Measure if one not in (Measure.SURRENDER, Measure.PRESERVATION)]


def _bases(visitor: Visitor, found: Found) -> list[Option]:
    made: list[Option] = [(FIRST, visitor.say(FIRST_BASIS))]
    if found.assessment is None:
        return made
    law = tongue(visitor.house.registry, visitor.language)
    for one in found.assessment.candidates:
        if one.verdict is not Verdict.NO:
            told = visitor.say(VERDICTS[one.verdict.value])
            title = law.instrument(one.instrument)
            # a title runs its own way inside a page that runs the other
            made.append((one.instrument, f"\u2068{title}\u2069", told))
    return made


def _tongues(speak: Speaker, typed: Typed, found: Found) -> list[Option]:
    """Languages that the other side takes stand first."""
    taken: list[str] = []
    if found.assessment is not None and found.basis is not None:
        taken = [
            code
            for one in found.assessment.candidates
            if one.instrument == found.basis
            for code in one.languages
            if len(code) == 2
        ]
    codes = dict.fromkeys([*taken, *LANGUAGES, typed.get("language") or "en"])
    return [(code, speak.tongue(code)) for code in codes]


def _linked(registry: Registry, home: str, kind: Kind, day: date) -> frozenset[str]:
    """States with which one treaty or act for this kind of request binds both on that day."""
    place = ("linked", home, kind, day)
    if place not in registry.memo:
        keys = [
            key
            for key, one in registry.instruments.items()
            if kind in one.kinds
            and one.form not in (Form.DOMESTIC, Form.PRACTICE)
            and bound(registry, key, home, day).verdict is Verdict.YES
        ]
        registry.memo[place] = frozenset(
            state
            for key in keys
            if key in registry.parties
            for state in registry.parties[key].states
            if state != home and bound(registry, key, state, day).verdict is Verdict.YES
        )
    found: frozenset[str] = registry.memo[place]
    return found
