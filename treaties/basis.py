"""On which legal bases can the request rest between these two States on this day, and what could stop it?

`find_bases(registry, question)` is the one question everybody asks: the desk, the activities, the command
line and the tests. It is pure, and answers in about a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from schemas.errors import BadInput, UnknownWord
from schemas.law import Instrument, PrecedenceRule
from schemas.reasoning import (
    Assessment,
    Candidate,
    Citation,
    ConditionVerdict,
    GateFound,
    OpenQuestion,
    ProvisionVerdict,
    Question,
    Reason,
)
from schemas.span import next_change
from schemas.vocabulary import Channel, Verdict
from treaties.conditions import conditions
from treaties.direct import Binding, addressee, binding, provider_found, seated
from treaties.duties import contents, deadlines
from treaties.gates import gates
from treaties.held import Rulebook
from treaties.issuing import issuers
from treaties.logic import NO, UNKNOWN, YES, all_of, leaves
from treaties.matter import Matter
from treaties.proviso import met
from treaties.refusal import duties, grounds, not_grounds
from treaties.registry import Registry
from treaties.route import DIRECTNESS, NO_WAY, Way, authority, formalities, languages, way
from treaties.scope import opened, scope

VERDICTS = (YES, UNKNOWN, NO)
"""The order of the ranks: what can be used, what may be used, what cannot."""


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What was found out about one instrument, before it is known which rank it takes."""

    book: Rulebook
    reason: Reason
    provisions: tuple[ProvisionVerdict, ...]
    usable: tuple[ProvisionVerdict, ...]
    binding: Binding
    conditions: tuple[ConditionVerdict, ...]
    ways: tuple[Way, Way]

    @property
    def key(self) -> str:
        return self.book.instrument.key

    @property
    def verdict(self) -> Verdict:
        return self.reason.verdict

    def merit(self) -> tuple[int, bool, bool, int, str]:
        """Smaller goes first: verdict, duty before option, names the measure, directness, key."""
        channel = self.ways[0].channel
        direct = DIRECTNESS[channel] if channel is not None else len(DIRECTNESS)
        names = any(found.names for found in self.usable)
        return VERDICTS.index(self.verdict), self.binding != "duty", not names, direct, self.key


def find_bases(registry: Registry, question: Question) -> Assessment:
    """Every instrument that may link the two States for this question, ranked, each with its whole reason.

    A candidate's verdict says: in force between the two on its governing day, and reaching the kind and the
    measures; a condition of the case that is known to fail makes it no, an unknown one becomes an open
    question. `good_until` is the first later day on which anything looked at changes; None: none is known.
    Raises BadInput for the same State twice, UnknownWord for a State or offence the registry does not hold.
    """
    _refuse(registry, question)
    if question.known_on is not None:
        first = registry.first_recorded
        if first is None or question.known_on < first:
            return _before_the_first_record(registry, question, first)
        registry = registry.known_on(question.known_on)
    matter = Matter(registry, question)
    keys = [key for key in _keys(registry, question) if question.kind in registry.instruments[key].kinds]
    ranked = _ranked(matter, [_weighed(matter, registry.rulebook(key)) for key in keys])
    candidates = tuple(_candidate(matter, item, rank) for rank, item in enumerate(ranked, start=1))
    raised = gates(matter, candidates)
    return Assessment(
        registry.edition,
        question,
        candidates,
        tuple(_open_questions(candidates)),
        _good_until(matter, candidates, raised),
        raised,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one instrument stands for a question: what a table of many pairs of States shows."""

    instrument: str
    verdict: Verdict
    channel: Channel | None
    reason: Reason


def standings(registry: Registry, question: Question) -> list[Standing]:
    """The candidates of `find_bases` that are not `no`, ranked in the same way, without what a request on
    them takes: for whoever asks thousands of questions. Before the first record: none. Raises the same."""
    _refuse(registry, question)
    if question.known_on is not None:
        first = registry.first_recorded
        if first is None or question.known_on < first:
            return []
        registry = registry.known_on(question.known_on)
    matter = Matter(registry, question)
    # What is not in force between the two is `no`, whatever else is true of it.
    books = [
        registry.rulebook(key)
        for key in _keys(registry, question)
        if question.kind in registry.instruments[key].kinds and matter.force(key).verdict is not NO
    ]
    ranked = _ranked(matter, [_weighed(matter, book) for book in books])
    return [
        Standing(item.key, item.verdict, item.ways[0].channel, item.reason)
        for item in ranked
        if item.verdict is not NO
    ]


def _refuse(registry: Registry, question: Question) -> None:
    for field, state in (("requesting", question.requesting), ("requested", question.requested)):
        if state not in registry.jurisdictions:
            raise UnknownWord("state", state, registry.jurisdictions, where=field)
    if question.requesting == question.requested:
        raise BadInput(
            f"{question.requesting} cannot ask itself.",
            where="requested",
            next_step="name two different States or territories",
        )
    for offence in question.offences:
        if offence.slug not in registry.offences:
            raise UnknownWord("offence", offence.slug, registry.offences, where="offences")
    if question.provider is not None:
        known = {key: row for key, row in registry.providers.items() if row.retracted is None}
        if question.provider not in known:
            raise UnknownWord("provider", question.provider, known, where="provider")


def _keys(registry: Registry, question: Question) -> list[str]:
    return registry.candidates(question.requesting, question.requested)


def _before_the_first_record(registry: Registry, question: Question, first: date | None) -> Assessment:
    """Before anything was recorded nothing was believed, which is not the same as believing that no."""
    slots = {"known_on": question.known_on.isoformat() if question.known_on else ""}
    slots["first"] = first.isoformat() if first else ""
    candidates: list[Candidate] = []
    for key in _keys(registry, question):
        instrument = registry.instruments[key]
        if question.kind in instrument.kinds:
            reason = Reason(
                "candidate.not-yet-recorded", UNKNOWN, {**slots, "instrument": key}, (Citation(key),)
            )
            rank = len(candidates) + 1
            candidates.append(Candidate(key, _title(instrument), UNKNOWN, rank, reason))
    return Assessment(registry.edition, question, tuple(candidates), (), None)


# --- one candidate ------------------------------------------------------------------------------------


def _weighed(matter: Matter, book: Rulebook) -> _Weighed:
    key = book.instrument.key
    force = matter.force(key)
    found = scope(matter, book)
    provisions = opened(found, force)
    usable = tuple(
        [
            verdict
            for held, verdict in zip(found.articles, provisions, strict=True)
            if held.row.role == "reach" and verdict.verdict is not NO
        ]
    )
    asked = tuple(conditions(matter, book))
    children = [force, found.reach]
    if matter.question.provider is not None and (seat := seated(matter, book)) is not None:
        children.append(seat)
    if asked:
        children.append(_no_condition_fails(key, [condition.reason for condition in asked]))
    reason = all_of("candidate", children, {"instrument": key, "kind": matter.question.kind.value})
    ways = (NO_WAY, NO_WAY)
    if reason.verdict is not NO:
        ways = (way(matter, book), way(matter, book, urgent=True))
    paired = zip(found.articles, provisions, strict=True)
    bound_to = binding(paired, matter.question.measures) if usable else "option"
    return _Weighed(book, reason, provisions, usable, bound_to, asked, ways)


def _no_condition_fails(key: str, reasons: Sequence[Reason]) -> Reason:
    """Only a condition that is known to fail counts against the candidate."""
    verdict = NO if any(reason.verdict is NO for reason in reasons) else YES
    changes = min((reason.changes_on for reason in reasons if reason.changes_on is not None), default=None)
    return Reason(
        "candidate.no-condition-fails",
        verdict,
        {"instrument": key},
        (Citation(key),),
        (),
        tuple(reasons),
        changes,
    )


def _candidate(matter: Matter, item: _Weighed, rank: int) -> Candidate:
    """How the request goes on this basis, and what to reckon with; of a rejected one only what binds the
    requested State all the same."""
    book, key = item.book, item.key
    title = _title(book.instrument)
    if item.verdict is NO:
        told = (item.reason, item.conditions, item.provisions)
        bound_to = tuple(duties(matter, book)) if _binds_anyway(matter, item) else ()
        to = addressee(matter, book, None)
        return Candidate(key, title, NO, rank, *told, addressee=to, duties=bound_to)
    ordinary, urgent = item.ways
    addressed = authority(matter, book, ordinary.channel)
    goes_to, provider = addressee(matter, book, ordinary.channel), matter.provider
    return Candidate(
        key,
        title,
        item.verdict,
        rank,
        item.reason,
        item.conditions,
        item.provisions,
        channel=ordinary.channel,
        channel_reason=ordinary.reason,
        urgent_channel=urgent.channel,
        authority=addressed,
        languages=languages(matter, book, addressed, ordinary.channel),
        formalities=formalities((ordinary, urgent), addressed),
        thresholds=_thresholds(matter, book),
        deadlines=tuple(deadlines(matter, book)),
        grounds=tuple(grounds(matter, book)),
        not_grounds=tuple(not_grounds(matter, book)),
        contents=tuple(contents(matter, book)),
        addressee=goes_to,
        binding=item.binding,
        issuers=tuple(issuers(matter, book)),
        duties=tuple(duties(matter, book)),
        provider=None if goes_to == "state" or provider is None else provider_found(provider),
    )


def _binds_anyway(matter: Matter, item: _Weighed) -> bool:
    """Is the instrument in force between the two and meant for such a case, though the request rests on
    another basis? (UNTOC 16(10) speaks of every extradition for its offences, by whatever treaty)"""
    if not item.book.duties or matter.force(item.key).verdict is NO:
        return False
    return all(condition.verdict is not NO for condition in item.conditions)


def _thresholds(matter: Matter, book: Rulebook) -> tuple[str, ...]:
    """Penalty floors in the words of the data, each with its article."""
    return tuple(
        f"{held.row.article}: {held.row.text}"
        for held in book.conditions
        if held.row.evaluates == "minimum-penalty" and matter.concerns(held.row)
    )


def _title(instrument: Instrument) -> str:
    return instrument.short or instrument.title


# --- rank ---------------------------------------------------------------------------------------------


def _ranked(matter: Matter, weighed: Iterable[_Weighed]) -> list[_Weighed]:
    """By verdict; then what one instrument's own text says about going before another; then by merit."""
    left = sorted(weighed, key=_Weighed.merit)
    before: dict[str, frozenset[str]] = {}
    for item in left:
        if item.book.precedence and item.verdict is not NO:
            # Precedence counts among equal verdicts and lifts none.
            equals = {other.key for other in left if other.verdict is item.verdict}
            if found := _precedes(matter, item.key, equals):
                before[item.key] = found
    if not before:
        return left
    merits = {item.key: item.merit() for item in left}
    lifted = {key: min(merits[one] for one in _reached(key, before)) for key in merits}
    left.sort(key=lambda item: (lifted[item.key], merits[item.key]))
    ranked: list[_Weighed] = []
    while left:
        # A circle of precedence leaves nobody free: then merit alone decides.
        place = next((i for i, item in enumerate(left) if not _preceded(item, left, before)), 0)
        ranked.append(left.pop(place))
    return ranked


def _reached(key: str, before: dict[str, frozenset[str]]) -> set[str]:
    """The instrument and all before which it goes: it ranks no lower than the best of them."""
    found: set[str] = set()
    todo = [key]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo.extend(before.get(one, ()))
    return found


def _preceded(item: _Weighed, left: Sequence[_Weighed], before: dict[str, frozenset[str]]) -> bool:
    """Must another, not yet ranked, go first?"""
    return any(item.key in before.get(other.key, ()) for other in left)


def _precedes(matter: Matter, key: str, others: set[str]) -> frozenset[str]:
    """Those of `others` before which `key` goes, by its own precedence rules."""
    found: set[str] = set()
    for held in matter.registry.rulebook(key).precedence:
        if matter.concerns(held.row) and met(matter, key, held) is YES:
            found.update(_over(matter, held.row))
    return frozenset(found & others - {key})


def _over(matter: Matter, rule: PrecedenceRule) -> set[str]:
    counted = [matter.registry.counting_as(value) for value in rule.over_counting_as]
    return {*rule.over, *(key for keys in counted for key in keys)}


# --- what is left open --------------------------------------------------------------------------------


def _open_questions(candidates: Iterable[Candidate]) -> Iterable[OpenQuestion]:
    """What only a person can bring, each once, asked for the best candidate that needs it."""
    asked: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
    for candidate in candidates:
        if candidate.verdict is NO:
            continue
        for reason in _unknown(candidate):
            slots = {name: text for name, text in reason.slots.items() if name != "instrument"}
            sign = (reason.claim, tuple(sorted(slots.items())))
            if reason.claim.startswith("condition."):
                # The same words in two instruments may ask for different things.
                sign = (reason.claim, tuple(sorted(reason.slots.items())))
            if sign not in asked:
                asked.add(sign)
                yield OpenQuestion(reason.claim, candidate.instrument, reason.slots)


def _unknown(candidate: Candidate) -> Iterable[Reason]:
    """The leaves from which anything unknown about the candidate comes."""
    for top in _tops(candidate):
        if top.verdict is UNKNOWN:
            yield from (leaf for leaf in leaves(top, _is_unknown) if leaf.claim != "force.summary")


def _tops(candidate: Candidate) -> list[Reason]:
    """The reasons of the candidate as a whole, of its conditions, its articles and its channel."""
    tops = [candidate.reason, *[condition.reason for condition in candidate.conditions]]
    tops.extend([provision.reason for provision in candidate.provisions])
    if candidate.channel_reason is not None:
        tops.append(candidate.channel_reason)
    return tops


def _is_unknown(reason: Reason) -> bool:
    return reason.verdict is UNKNOWN


def _good_until(matter: Matter, candidates: Iterable[Candidate], raised: Iterable[GateFound]) -> date | None:
    """The first day after the day asked on which a fact used, also by a rejected candidate, changes."""
    days = [*matter.turning_days]
    days.extend([gate.reason.changes_on for gate in raised if gate.reason.changes_on is not None])
    for candidate in candidates:
        days.extend([top.changes_on for top in _tops(candidate) if top.changes_on is not None])
    return next_change(matter.question.on, days)
