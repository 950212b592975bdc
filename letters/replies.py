"""What stands in the letters that follow a request: receipt, question, answer, decision, evidence, end? And
in the annex that goes apart from it?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from letters.sheet import Block, Line, Piece
from letters.texts import WORDS
from letters.view import Asked, View, identifier
from schemas.case import Decision, Question
from schemas.handoff import Holder
from schemas.vocabulary import Side

Blocks = tuple[Block, ...]

POSTPONED = "postponed"
REFUSED = "refused"


def articles_of(view: View, articles: Sequence[str]) -> tuple[Piece, ...]:
    """`Art. 25, 29(2)`; statutes under their own names stay as they are. What has neither number nor capital
    (`title`, `practice`) is where a fact was read, and no article: it is left out."""
    articles = [article for article in articles if any(sign.isdigit() or sign.isupper() for sign in article)]
    listed = view.speech.listed(articles)
    if not articles:
        return ()
    if all(article[:1].isdigit() for article in articles):
        return view.speech.say(WORDS["article"], number=Piece(text=listed, lang="en"))
    return (Piece(text=listed, how="free", lang="en"),)


def received(asked: Asked) -> Blocks:
    """When their request came, and under which reference it is dealt with."""
    view, state = asked.view, asked.view.state
    day = view.speech.day(view.speech.day_of(state.opened))
    return (
        view.line(WORDS["received"], day=day),
        view.line(WORDS["dealt"], ref=identifier(state.ref)),
    )


def holder(asked: Asked) -> Blocks:
    """Which office deals with it here."""
    view, held = asked.view, asked.view.state.holder
    if held.house != view.state.house:
        return ()
    function = view.speech.own(held.function.replace("-", " "))
    return (view.line(WORDS["holder"], function=function),)


def limitations(asked: Asked) -> Blocks:
    """Conditions on the use of what is given."""
    view = asked.view
    return tuple(
        view.passage(f"limitations.{each.id}", each.text, label=each.article)
        for each in view.state.limitations
        if each.accepted is not False
    )


def _question(asked: Asked) -> Question | None:
    found = [each for each in asked.view.state.questions if asked.view.about in ("", each.id)]
    return found[-1] if found else None


def question(asked: Asked) -> Blocks:
    """A supplementary question, and by when it is to be answered."""
    view, told = asked.view, _question(asked)
    if told is None:
        return ()
    parts: list[Block] = [view.passage(f"questions.{told.id}", told.text)]
    if told.answer_by:
        parts.append(view.line(WORDS["answer by"], day=view.speech.day(view.speech.day_of(told.answer_by))))
    return tuple(parts)


def answer(asked: Asked) -> Blocks:
    """What was answered to it."""
    view, told = asked.view, _question(asked)
    return (view.passage(f"answers.{told.id}", told.answer),) if told and told.answer else ()


def _decision(asked: Asked) -> Decision | None:
    """The last decision of the sort the form is about: `of` names the sorts."""
    wanted = asked.entry.of
    found = [each for each in asked.view.state.decisions if not wanted or each.decision in wanted]
    return found[-1] if found else None


def decision(asked: Asked) -> Blocks:
    """What was decided, until when it is put off, on which articles."""
    view, told = asked.view, _decision(asked)
    if told is None:
        return ()
    word = WORDS.get(told.decision)
    parts: list[Block] = [view.line(word)] if word else []
    if told.precise:
        parts.append(view.passage("decision.precise", told.precise))
    if told.until:
        parts.append(view.line(WORDS["until about"], day=view.speech.day(view.speech.day_of(told.until))))
    if told.articles:
        parts.append(view.line(WORDS["articles"], articles=view.speech.listed(told.articles)))
    return tuple(parts)


def reasons(asked: Asked) -> Blocks:
    """The reasons given for it."""
    told = _decision(asked)
    return (asked.view.passage("decision.reasons", told.reasons),) if told and told.reasons else ()


def grounds(asked: Asked) -> Blocks:
    """The grounds for refusal relied on."""
    view, told = asked.view, _decision(asked)
    if told is None or not told.grounds:
        return ()
    rows = [
        ((view.named(view.names.words.get(ground, ground.replace("-", " "))),),) for ground in told.grounds
    ]
    return (view.table((WORDS["ground"],), rows, (1,)),)


def evidence(asked: Asked) -> Blocks:
    """The items handed over: kind, digest, size, custodian. Content never stands in a letter."""
    view, speech = asked.view, asked.view.speech
    if not view.state.evidence:
        return ()
    parts: list[Block] = []
    for item in view.state.evidence:
        rows: list[tuple[tuple[Piece, ...], ...]] = [
            ((speech.own(WORDS["kind"]),), (view.free(item.kind),)),
            ((speech.own(WORDS["custodian"]),), (view.free(item.custodian),)),
            ((speech.own(WORDS["digest"]),), (identifier(item.sha256.removeprefix("sha256:")),)),
        ]
        if item.size is not None:
            rows.append(((speech.own(WORDS["size"]),), (speech.plain(speech.number(item.size)),)))
        if item.obtained_at:
            rows.append(((speech.own(WORDS["obtained"]),), (speech.plain(speech.moment(item.obtained_at)),)))
        if item.on_loan:
            rows.append(((speech.own(WORDS["status"]),), (speech.own(WORDS["on loan"]),)))
        if item.abuse_material:
            rows.append(((speech.own(WORDS["status"]),), (speech.own(WORDS["held custody"]),)))
        parts.append(view.table((WORDS["item"], item.id), rows, (3, 9)))
        parts.append(view.passage(f"evidence.{item.id}", item.description))
    return tuple(parts)


def custody(asked: Asked) -> Blocks:
    """Through whose hands it went."""
    view, speech = asked.view, asked.view.speech
    rows = []
    for each in view.state.handoffs:
        at: datetime = each.decided or each.offered
        rows.append(
            (_hand(view, each.sender), _hand(view, each.receiver), (speech.plain(speech.moment(at)),))
        )
    head = (WORDS["from"], WORDS["to"], WORDS["when"])
    return (view.table(head, rows, (4, 4, 4)),) if rows else ()


def _hand(view: View, one: Holder) -> tuple[Piece, ...]:
    """`Germany, central authority`; a house of neither side by its own name."""
    state, speech = view.state, view.speech
    houses = {state.counterpart.house: state.counterpart.state, state.house: state.state}
    place = houses.get(one.house)
    named = speech.plain(speech.state(place)) if place else identifier(one.house)
    return (named, speech.plain(speech.comma), speech.own(one.function.replace("-", " ")))


def outcome(asked: Asked) -> Blocks:
    """What came of the request, in counts, never in names."""
    view, told = asked.view, asked.view.state.outcome
    if told is None:
        return ()
    parts: list[Block] = [view.line(WORDS[told.result])]
    counts = {
        "victims": told.victims_identified,
        "arrests": told.arrests,
        "convictions": told.convictions,
    }
    rows = [
        ((view.speech.own(WORDS[name]),), (view.speech.plain(view.speech.number(count)),))
        for name, count in counts.items()
        if count is not None
    ]
    if rows:
        parts.append(view.table((WORDS["item"], WORDS["value"]), rows, (8, 4)))
    if told.note:
        parts.append(view.passage("outcome.note", told.note))
    return tuple(parts)


def kept(asked: Asked) -> Blocks:
    """Until when data are kept, as told."""
    view, keeping = asked.view, asked.view.state.keeping
    if keeping is None or not keeping.periods:
        return ()
    last = keeping.periods[-1]
    speech = view.speech
    first = speech.day(speech.day_of(last.start))
    if last.end is None:
        return (view.line(WORDS["since"], day=first),)
    return (view.line(WORDS["span"], first=first, last=speech.day(speech.day_of(last.end))),)


def identities(asked: Asked) -> Blocks:
    """Who the persons are that the request names by pseudonym; told for this one letter."""
    view = asked.view
    parts: list[Block] = []
    for number, one in enumerate(view.release.people if view.release else ()):
        rows = [((view.speech.own(WORDS["name"]),), (view.free(one.name),))]
        if one.born:
            rows.append(((view.speech.own(WORDS["birth"]),), (view.speech.plain(view.speech.day(one.born)),)))
        parts.append(view.table((WORDS["victim"], one.pseudonym), rows, (4, 8)))
        if one.details:
            parts.append(view.passage(f"identities.{number}", one.details))
    return tuple(parts)


def released(asked: Asked) -> Blocks:
    """Who let the identities out, when and why."""
    view, told = asked.view, asked.view.release
    if told is None:
        return ()
    day = view.speech.day(view.speech.day_of(told.at))
    line = view.line(WORDS["released"], who=view.free(told.by), day=day)
    return (line, view.passage("release.reason", told.reason))


def request_before(asked: Asked) -> Blocks:
    """The request this letter answers: its references."""
    state = asked.view.state
    ref = state.counterpart.ref if state.side is Side.INCOMING else state.ref
    return (Line(pieces=(identifier(ref),)),) if ref else ()


REPLIES: dict[str, Callable[[Asked], Blocks]] = {
    "answer": answer,
    "custody": custody,
    "decision": decision,
    "evidence": evidence,
    "grounds": grounds,
    "holder": holder,
    "identities": identities,
    "kept": kept,
    "limitations": limitations,
    "outcome": outcome,
    "question": question,
    "reasons": reasons,
    "received": received,
    "released": released,
    "request-before": request_before,
}
