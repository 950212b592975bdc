"""What can stand in a field of a letter? The closed list of sources, each a function from the case to blocks.

A source that finds nothing gives no block; whether that matters is the form's business.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from letters.replies import REPLIES, articles_of
from letters.sheet import Block, Line, Piece, Ticks
from letters.texts import IDENTIFIERS, MEASURES, NECESSITY, WORDS
from letters.view import Asked, identifier
from schemas.request import (
    ExtraditionRequest,
    MlaRequest,
    OffenceCharged,
    PersonSought,
    PreservationRequest,
    ProductionRequest,
    ProsecutionRequest,
)

Blocks = tuple[Block, ...]
Source = Callable[[Asked], Blocks]


# --- words of the request ---------------------------------------------------------------------------


def contents(asked: Asked) -> Blocks:
    """The named contents of the request, as written; the same words are not said twice."""
    view = asked.view
    told = view.state.request.contents
    found: dict[str, Block] = {}
    for slug in asked.entry.of:
        same = told.get(slug, "").strip(" .")
        if same and same not in found:
            found[same] = _content(asked, slug, told[slug])
    return tuple(found.values())


def _content(asked: Asked, slug: str, text: str) -> Block:
    # One word without a blank is an account, an address or a number: nobody translates it.
    if not any(sign.isspace() for sign in text) and any(sign.isdigit() or sign in "@/:" for sign in text):
        return Line(pieces=(identifier(text),))
    return asked.view.passage(f"contents.{slug}", text, statute=slug in QUOTED)


QUOTED = frozenset({"text-of-enactments-or-statement-of-law", "copy-of-law-or-statement"})
"""Contents that quote a statute."""


def rest(asked: Asked) -> Blocks:
    """Contents that no other field of this form shows."""
    view = asked.view
    elsewhere = {slug for entry in view.form.entries if entry.source == "contents" for slug in entry.of}
    told = view.state.request.contents
    said = {told[slug] for slug in elsewhere if slug in told}
    left = {slug: text for slug, text in told.items() if slug not in elsewhere and text not in said}
    return tuple(view.passage(f"contents.{slug}", text) for slug, text in left.items())


def necessity(asked: Asked) -> Blocks:
    """The recorded test of necessity and proportionality, and who authorised the measure."""
    view, test = asked.view, asked.view.state.request.necessity
    if test is None:
        return ()
    parts: list[Block] = [
        view.passage(f"necessity.{name}", getattr(test, name), label=view.speech.told(label))
        for name, label in NECESSITY.items()
    ]
    day = view.speech.day(test.authorised_on)
    parts.append(view.line(WORDS["authorised"], who=view.free(test.authorised_by), day=day))
    return tuple(parts)


def urgency(asked: Asked) -> Blocks:
    """That it is urgent, and why."""
    view, request = asked.view, asked.view.state.request
    if not (request.urgent or request.child_at_risk):
        return ()
    parts: list[Block] = [view.line(WORDS["urgent"])] if request.urgent else []
    if request.child_at_risk:
        parts.append(view.line(WORDS["child at risk"]))
    if request.urgency_reason:
        parts.append(view.passage("urgency_reason", request.urgency_reason))
    return tuple(parts)


def emergency(asked: Asked) -> Blocks:
    """The facts of an emergency, and who certified it."""
    view, told = asked.view, asked.view.state.request.emergency
    if told is None:
        return ()
    when = view.speech.moment(told.certified_at)
    return (
        view.passage("emergency.facts", told.facts),
        view.line(WORDS["certified"], who=view.free(told.certified_by), day=when),
    )


def confidentiality(asked: Asked) -> Blocks:
    """Whether confidentiality is asked for."""
    view = asked.view
    return (view.line(WORDS["confidential" if view.state.request.confidential else "not confidential"]),)


def statement(asked: Asked) -> Blocks:
    """The form's own fixed sentences."""
    return tuple(asked.view.line(text) for text in asked.entry.of)


def choices(asked: Asked) -> Blocks:
    """Boxes that whoever fills in the form ticks."""
    return (Ticks(items=tuple((False, asked.view.speech.told(text)) for text in asked.entry.of)),)


def states(asked: Asked) -> Blocks:
    """The two States."""
    view, request = asked.view, asked.view.state.request
    codes = (request.requesting, request.requested)
    one, other = (view.speech.state(code) for code in codes)
    return (view.line(WORDS["two states"], one=one, other=other),)


def blank(asked: Asked) -> Blocks:
    """Nothing of ours: to be filled in by hand."""
    return ()


# --- what is asked, and by which law ----------------------------------------------------------------


def basis(asked: Asked) -> Blocks:
    """The chosen legal basis with its articles."""
    view, law = asked.view, asked.view.state.law
    title = view.names.instrument or (law.title if law else "")
    if not title:
        return ()
    named = view.named(title)
    cited = articles_of(view, law.articles) if law else ()
    between = (view.speech.plain(view.speech.comma),) if cited else ()
    return (Line(pieces=(named, *between, *cited)),)


def measures(asked: Asked) -> Blocks:
    """What is asked for, in words."""
    view = asked.view
    words = [view.speech.told(MEASURES[measure.value]) for measure in view.state.request.measures]
    return (Line(pieces=(view.speech.plain(view.speech.listed(words)),)),)


def measures_ticked(asked: Asked) -> Blocks:
    """The measures as boxes; `of` names those the form offers."""
    view = asked.view
    wanted = {measure.value for measure in view.state.request.measures}
    offered = [name for name in asked.entry.of if name in MEASURES]
    return (Ticks(items=tuple((name in wanted, view.speech.told(MEASURES[name])) for name in offered)),)


def offences(asked: Asked) -> Blocks:
    """Offences with penalty and time in a table, and the quoted law below."""
    view, charged = asked.view, asked.view.state.request.offences
    if not charged:
        return ()
    rows = [
        (
            (view.named(view.names.words.get(one.slug, one.slug.replace("-", " "))),),
            (view.speech.plain(view.speech.penalty(one.max_penalty)),) if one.max_penalty is not None else (),
            _committed(asked, one),
        )
        for one in charged
    ]
    table = view.table((WORDS["offence"], WORDS["maximum"], WORDS["committed"]), rows, (5, 3, 4))
    law = [
        view.passage(f"offences.{place}.law", one.law, statute=True, label=view.speech.told(WORDS["law"]))
        for place, one in enumerate(charged)
    ]
    return (table, *law)


def _committed(asked: Asked, one: OffenceCharged) -> tuple[Piece, ...]:
    return _span(asked, one.committed_from, one.committed_until)


def _span(asked: Asked, first: date | None, last: date | None) -> tuple[Piece, ...]:
    speech = asked.view.speech
    if first and last:
        if first == last:
            return (speech.plain(speech.day(first)),)
        return speech.say(WORDS["span"], first=speech.day(first), last=speech.day(last))
    if first:
        return speech.say(WORDS["since"], day=speech.day(first))
    return speech.say(WORDS["until"], day=speech.day(last)) if last else ()


def identifiers(asked: Asked) -> Blocks:
    """Accounts, addresses and hashes by which what is sought is known."""
    view, request = asked.view, asked.view.state.request
    rows = [
        (
            (view.speech.own(IDENTIFIERS[kind]) if kind in IDENTIFIERS else identifier(kind),),
            (identifier(value),),
        )
        for kind, value in request.identifiers.items()
    ]
    return (view.table((WORDS["kind"], WORDS["value"]), rows, (3, 9)),) if rows else ()


def accounts(asked: Asked) -> Blocks:
    """The accounts as the provider knows them."""
    view, request = asked.view, asked.view.state.request
    if not isinstance(request, PreservationRequest | ProductionRequest):
        return identifiers(asked)
    rows = [((identifier(account),),) for account in request.accounts]
    return (view.table((WORDS["account"],), rows, (1,)), *identifiers(asked))


def period(asked: Asked) -> Blocks:
    """The time the data are from."""
    view, request = asked.view, asked.view.state.request
    if not isinstance(request, ProductionRequest):
        return ()
    first = view.speech.moment(request.period_from) if request.period_from else ""
    last = view.speech.moment(request.period_until) if request.period_until else ""
    if first and last:
        return (view.line(WORDS["span"], first=first, last=last),)
    if first:
        return (view.line(WORDS["since"], day=first),)
    return (view.line(WORDS["until"], day=last),) if last else ()


def provider(asked: Asked) -> Blocks:
    """The provider who holds the data."""
    view = asked.view
    key = view.state.counterpart.provider or getattr(view.state.request, "provider", None)
    name = view.names.provider or key
    return (Line(pieces=(view.named(name),)),) if name else ()


def intends(asked: Asked) -> Blocks:
    """The request that is to follow, and by when."""
    view, request = asked.view, asked.view.state.request
    if not isinstance(request, PreservationRequest):
        return ()
    parts = [view.line(text) for text in asked.entry.of]
    if request.until:
        parts.append(view.line(WORDS["until about"], day=view.speech.day(request.until)))
    return tuple(parts)


def status_new(asked: Asked) -> Blocks:
    """A new request, or an extension of an earlier one."""
    view, keeping = asked.view, asked.view.state.keeping
    again = bool(keeping and keeping.renewals_asked)
    told = view.speech.told
    return (Ticks(items=((not again, told(WORDS["new"])), (again, told(WORDS["extension"])))),)


def follows(asked: Asked) -> Blocks:
    """Earlier requests this one builds on, and reports of providers."""
    view, request = asked.view, asked.view.state.request
    rows = [((view.speech.own(WORDS["reference"]),), (identifier(each),)) for each in request.follows] + [
        ((view.speech.own(WORDS["reports"]),), (identifier(report.id),)) for report in request.reports
    ]
    return (view.table((WORDS["kind"], WORDS["reference"]), rows, (5, 7)),) if rows else ()


def attachments(asked: Asked) -> Blocks:
    """What is enclosed, by digest."""
    view, request = asked.view, asked.view.state.request
    rows = [
        ((view.free(each.name),), (view.speech.plain(view.speech.number(each.size)),), (_hash(each.digest),))
        for each in request.attachments
    ]
    head = (WORDS["document"], WORDS["size"], WORDS["digest"])
    return (view.table(head, rows, (4, 2, 6)),) if rows else ()


def _hash(digest: str) -> Piece:
    return identifier(digest.removeprefix("sha256:"))


# --- persons ------------------------------------------------------------------------------------------


def victims(asked: Asked) -> Blocks:
    """Victims, by pseudonym only."""
    view, request = asked.view, asked.view.state.request
    rows = [
        ((view.free(each.pseudonym),), (view.speech.own(WORDS["child" if each.child else "adult"]),))
        for each in request.victims
    ]
    return (view.table((WORDS["victim"], WORDS["status"]), rows, (8, 4)),) if rows else ()


def _sought(asked: Asked) -> PersonSought | None:
    request = asked.view.state.request
    return request.person if isinstance(request, ExtraditionRequest | ProsecutionRequest) else None


def person(asked: Asked) -> Blocks:
    """Who is sought."""
    view, sought = asked.view, _sought(asked)
    if sought is None:
        return ()
    speech = view.speech
    rows: list[tuple[tuple[Piece, ...], ...]] = []
    if sought.name:
        rows.append(((speech.own(WORDS["name"]),), (view.free(sought.name),)))
    if sought.born:
        rows.append(((speech.own(WORDS["birth"]),), (speech.plain(speech.day(sought.born)),)))
    if sought.nationality:
        states = speech.listed(speech.state(code) for code in sought.nationality)
        rows.append(((speech.own(WORDS["nationality"]),), (speech.plain(states),)))
    rows.append(((speech.own(WORDS["sex"]),), (speech.own(WORDS[sought.sex]),)))
    rows.append(((speech.own(WORDS["case word"]),), (identifier(sought.id),)))
    return (view.table((WORDS["item"], WORDS["value"]), rows, (4, 8)),)


def warrant(asked: Asked) -> Blocks:
    """The decision on which a request for surrender rests."""
    view, request = asked.view, asked.view.state.request
    if not isinstance(request, ExtraditionRequest) or request.warrant is None:
        return ()
    told = request.warrant
    made = view.line(
        WORDS["warrant"],
        what=view.speech.own(WORDS[told.what]),
        day=view.speech.day(told.issued_on),
        authority=view.free(told.authority),
    )
    number = (view.speech.own(WORDS["reference"]), view.speech.plain(": "), identifier(told.reference))
    return (made, Line(pieces=number))


def purpose(asked: Asked) -> Blocks:
    """Prosecution or a sentence, and how much of it is left."""
    view, request = asked.view, asked.view.state.request
    if not isinstance(request, ExtraditionRequest):
        return ()
    parts = [view.line(WORDS[request.purpose])]
    if request.sentence is not None:
        parts.append(view.line(WORDS["remaining"], length=view.speech.penalty(request.sentence)))
    return tuple(parts)


def absence(asked: Asked) -> Blocks:
    """Was the person judged in absence?"""
    view, request = asked.view, asked.view.state.request
    if not isinstance(request, ExtraditionRequest) or request.in_absentia is None:
        return ()
    return (view.line(WORDS["in absentia" if request.in_absentia else "in presence"]),)


def no_preservation(asked: Asked) -> Blocks:
    """Why data that may vanish were not preserved first."""
    view, request = asked.view, asked.view.state.request
    if not isinstance(request, MlaRequest) or not request.no_preservation:
        return ()
    return (view.passage("no_preservation", request.no_preservation),)


SOURCES: dict[str, Source] = {
    "absence": absence,
    "accounts": accounts,
    "attachments": attachments,
    "basis": basis,
    "blank": blank,
    "confidentiality": confidentiality,
    "choices": choices,
    "contents": contents,
    "emergency": emergency,
    "follows": follows,
    "identifiers": identifiers,
    "intends": intends,
    "measures": measures,
    "measures-ticked": measures_ticked,
    "necessity": necessity,
    "no-preservation": no_preservation,
    "offences": offences,
    "period": period,
    "person": person,
    "provider": provider,
    "purpose": purpose,
    "rest": rest,
    "statement": statement,
    "states": states,
    "status-new": status_new,
    "urgency": urgency,
    "victims": victims,
    "warrant": warrant,
    **REPLIES,
}
