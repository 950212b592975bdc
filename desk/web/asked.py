"""What was typed on the page that asks the law, which question is it, and which fields would answer more?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import urlencode

from fastapi import Request

from desk.ask import question_from_words
from desk.web.answer import Answer, Asking
from desk.web.forms import Typed
from desk.web.frame import ROOT, Visitor
from desk.web.words import N_
from schemas.errors import BadInput, RogatoryError
from schemas.reasoning import Question
from schemas.request import months
from schemas.vocabulary import Kind, Measure
from treaties.registry import Registry

SINGLE = (
    *("from", "to", "kind", "on", "known_on", "max_from", "max_to", "offence_date", "arrest_date"),
    *("nationality", "age", "provider", "urgent", "emergency"),
)
SEVERAL = ("measure", "offence")
FIELDS = (*SINGLE, *SEVERAL)
MOST = 40
"""Values that are read under one name: more than there are measures or offences is no question."""
MOST_LETTERS = 80

KINDS = (Kind.MLA, Kind.EXTRADITION, Kind.PRESERVATION, Kind.PRODUCTION)
OF_KIND = {"extradition": Measure.SURRENDER.value, "preservation": Measure.PRESERVATION.value}
"""What is asked for where the kind alone says it."""

DAYS = ("on", "known_on", "offence_date", "arrest_date")
PLACES = {
    "--max-penalty-requesting": "max_from",
    "--max-penalty-requested": "max_to",
    "--nationality": "nationality",
    "--offence-date": "offence_date",
    "--arrest-date": "arrest_date",
    "--known-on": "known_on",
    "--provider": "provider",
    "--measure": "measure",
    "--offence": "offence",
    "--kind": "kind",
    "--from": "from",
    "--to": "to",
    "requested": "to",
    "on": "on",
}
"""Which field stands for which place of an error; longer words first."""

ANSWERED_BY = {
    "condition.offence-not-told": ("offence",),
    "condition.dual-not-told": ("offence", "max_from", "max_to"),
    "condition.penalty-not-told": ("offence", "max_from", "max_to"),
    "condition.criminal-on-both": ("max_from", "max_to"),
    "proviso.emergency": ("emergency",),
}
"""Which fields answer an open question; what is not here only somebody outside can say."""
BY_GATE = {"nationality": ("nationality",), "age": ("age", "offence_date"), "gravity": ("max_from", "max_to")}

NOT_A_DAY = N_("Give the day as year, month and day, for example 2026-11-21.")
NOT_A_PENALTY = N_("Write the maximum penalty as 10y, 18m, 1y6m or life.")
NOT_AN_AGE = N_("Give the age in full years, between 0 and 150.")
NEEDED = {
    "from": N_("Choose the State that asks."),
    "to": N_("Choose the State that is asked."),
    "measure": N_("Choose at least one thing that is asked for."),
}
SAME = N_("Choose two different States or territories.")
UNKNOWN = N_("Choose a State or territory of the list.")
LONELY = N_("Choose the offence that this maximum penalty is for.")


def typed_of(request: Request) -> Typed:
    """What stands in the address, as a form."""
    query = request.query_params
    made = Typed()
    for name in FIELDS:
        found = [value[:MOST_LETTERS] for value in query.getlist(name)[:MOST] if value.strip()]
        if found:
            made.values[name] = found
    return made


def address_of(typed: Typed, **more: str) -> str:
    """The address of the page with this question; it can be kept and passed on."""
    pairs = [(name, value) for name in FIELDS for value in typed.all(name)]
    return f"{ROOT}/ask?{urlencode([*pairs, *more.items()])}"


def question_of(typed: Typed, visitor: Visitor, registry: Registry) -> Question | None:
    """The question that was typed; None where something is wrong, which then stands in the form."""
    measure = OF_KIND.get(typed.get("kind"))
    if not typed.all("measure") and measure:
        typed.values["measure"] = [measure]
    typed.needs(visitor, {name: text for name, text in NEEDED.items() if name != "measure"})
    if not typed.all("measure"):
        typed.refuse("measure", visitor.say(NEEDED["measure"]))
    _check(typed, visitor, registry)
    if not typed.ok:
        return None
    try:
        return _question(typed, visitor, registry)
    except RogatoryError as error:
        typed.refuse_error(visitor, error, PLACES)
        return None


def _check(typed: Typed, visitor: Visitor, registry: Registry) -> None:
    for name in ("from", "to", "nationality"):
        if typed.get(name) and typed.get(name).upper() not in registry.jurisdictions:
            typed.refuse(name, visitor.say(UNKNOWN))
    if typed.get("from") and typed.get("from").upper() == typed.get("to").upper():
        typed.refuse("to", visitor.say(SAME))
    for name in DAYS:
        if typed.get(name) and day_of(typed.get(name)) is None:
            typed.refuse(name, visitor.say(NOT_A_DAY))
    for name in ("max_from", "max_to"):
        if typed.get(name) and not _is_penalty(typed.get(name)):
            typed.refuse(name, visitor.say(NOT_A_PENALTY))
        elif typed.get(name) and not typed.all("offence"):
            typed.refuse("offence", visitor.say(LONELY))
            break
    if typed.get("age") and not (typed.get("age").isdecimal() and int(typed.get("age")) <= 150):
        typed.refuse("age", visitor.say(NOT_AN_AGE))


def day_of(text: str) -> date | None:
    """A day written as YYYY-MM-DD; None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _is_penalty(text: str) -> bool:
    try:
        months(text)
    except BadInput:
        return False
    return True


def _question(typed: Typed, visitor: Visitor, registry: Registry) -> Question:
    return question_from_words(
        registry,
        requesting=typed.get("from"),
        requested=typed.get("to"),
        kind=typed.get("kind", Kind.MLA.value),
        measures=typed.all("measure"),
        on=typed.get("on") or None,
        today=visitor.house.today(),
        offences=typed.all("offence"),
        offence_date=typed.get("offence_date") or None,
        arrest_date=typed.get("arrest_date") or None,
        known_on=typed.get("known_on") or None,
        max_penalty_requesting=typed.get("max_from") or None,
        max_penalty_requested=typed.get("max_to") or None,
        urgent=typed.ticked("urgent"),
        nationality=typed.get("nationality") or None,
        age=int(typed.get("age")) if typed.get("age") else None,
        provider=typed.get("provider") or None,
        emergency=typed.ticked("emergency"),
    )


def fields_for(one: Asking) -> tuple[str, ...]:
    """The fields by which an officer can answer this question here; none: somebody else has to be asked."""
    if one.about == "condition.penalty-unknown":
        return ("max_to",) if one.slots.get("side") == "requested" else ("max_from",)
    if one.about == "force.governing-day-unknown":
        return {"offence": ("offence_date",), "arrest": ("arrest_date",)}.get(
            one.slots.get("governing", ""), ()
        )
    return ANSWERED_BY.get(one.about, ())


def still_open(answer: Answer, typed: Typed, registry: Registry) -> list[str]:
    """The fields that would answer something that is open, in the order of the form, each once."""
    wanted: set[str] = {name for one in answer.questions for name in fields_for(one)}
    wanted |= set(_of_gates(answer, registry))
    if not typed.all("offence") and wanted & {"max_from", "max_to"}:
        wanted.add("offence")
    filled = {name for name in wanted if typed.all(name)}
    order = ("offence", "max_from", "max_to", *DAYS, "nationality", "age", "emergency")
    return [name for name in order if name in wanted - filled]


def _of_gates(answer: Answer, registry: Registry) -> Iterator[str]:
    for gate in answer.gates:
        known = registry.gates.get(gate.key)
        if gate.verdict == "unknown" and known is not None:
            yield from BY_GATE.get(known.evaluates, ())


def kept(typed: Typed, without: Iterable[str]) -> list[tuple[str, str]]:
    """What a form with some of the fields has to carry along: name and value of all others."""
    left_out = set(without)
    return [(name, value) for name in FIELDS if name not in left_out for value in typed.all(name)]
