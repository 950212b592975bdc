"""Among which words does a field of a move choose, given the case, the law and the people of the house?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from babel import Locale
from markupsafe import Markup

from desk.api.doors import House
from desk.enclosures import TAKERS
from desk.web import labels
from desk.web.case_forms import Option
from desk.web.frame import Visitor
from desk.web.look import Speaker
from records.accounts import Account
from schemas.case import CaseState
from schemas.deadline import ClockStatus
from schemas.handoff import OPEN
from schemas.request import Attachment, draft_digest
from treaties.catalogs import ENGLISH, languages
from treaties.tongue import Tongue, tongue

ISSUERS = ("judge", "court", "investigating-judge", "prosecutor", "police")
"""Functions an authority may have, where the law of the case names none."""
FORMS = ("annex-iii",)
CENTRAL = "central-authority"

Maker = Callable[[], Sequence[Option]]


class Choices:
    """The words of one case, in the language of its visitor."""

    def __init__(
        self,
        visitor: Visitor,
        state: CaseState,
        event: str,
        documents: Sequence[Attachment],
        *,
        full: bool = True,
    ) -> None:
        self.visitor = visitor
        self.house: House = visitor.house
        self.state = state
        self.event = event
        self.documents = documents
        self.full = full
        self.speaker = Speaker(visitor.language)
        self.registry = self.house.registry
        language = visitor.language if visitor.language in languages() else ENGLISH
        self.speech: Tongue = tongue(self.registry, language)
        self._known: dict[str, Sequence[Option] | None] = {}

    def of(self, place: str) -> Sequence[Option] | None:
        """The words at a place; None where anything may be written."""
        if place not in self._known:
            makers = self._makers()
            maker = makers.get(f"{self.event}.{place}") or makers.get(place)
            self._known[place] = None if maker is None else maker()
        return self._known[place]

    def _makers(self) -> dict[str, Maker]:
        return {
            "choose-basis.instrument": self._candidates,
            "issue.function": self._issuers,
            "translated.language": self._tongues,
            "translated.document": self._papers,
            "answer-gate.gate": self._gates,
            "delivered.message": self._letters,
            "delivered.receipt": self._papers,
            "question.form": lambda: [(one, one) for one in FORMS],
            "answer.question": self._questions,
            "decide.grounds": self._grounds,
            "enforcing-answer.grounds": self._grounds,
            "answer-limit.limit": self._limits,
            "evidence.limits": self._conditions,
            "use.limits": self._conditions,
            "use.items": self._used,
            "return-objects.items": self._on_loan,
            "attachments": self._papers,
            "prolong.clock": self._clocks,
            "offer.receiver.house": self._houses,
            "offer.receiver.function": self._functions,
            "offer.receiver.actor": self._accounts,
            "offer.documents": self._papers,
            "accept.id": self._offers,
            "return.id": self._offers,
            "withdraw-offer.id": self._offers,
            "posted.message": self._letters,
            "posted.document": self._papers,
            "errand-again.id": self._failed,
            "reassign.actor": self._holding,
            "reassign.to": self._accounts,
            "arrest.person": self._person,
            "ask-assurance.about": self._wanted,
            "assurance.id": self._assurances,
            "check-assurance.id": self._assurances,
            "competing.state": self._states,
            "competing.offence": self._offences,
            "decide-competing.first": self._competing,
            "ask-consent.offence": self._offences,
            "ask-consent.to": self._states,
            "answer-consent.id": self._consents,
        }

    # --- the law ----------------------------------------------------------------------------------------

    def _candidates(self) -> Sequence[Option]:
        law = self.state.law
        keys = dict.fromkeys([*(law.candidates if law else ()), *([law.instrument] if law else ())])
        found = [(key, self.title(key)) for key in keys if key]
        given = self.state.request.instrument
        return found if given is None or given in keys else [(given, self.title(given)), *found]

    def title(self, key: str) -> str:
        """What an instrument is called."""
        return self.speech.instrument(key) if key in self.registry.instruments else key

    def _issuers(self) -> Sequence[Option]:
        law = self.state.law
        named = [one for issuer in (law.issuers if law else ()) for one in issuer.by]
        return [(one, self.speech.word(one)) for one in dict.fromkeys([*named, *ISSUERS])]

    def _gates(self) -> Sequence[Option]:
        law = self.state.law
        return [(one, self.speech.gate(one)) for one in (law.gates if law else ())]

    def _grounds(self) -> Sequence[Option]:
        instruments = self.registry.instruments
        law = self.state.law
        chosen = instruments.get(law.instrument or "") if law else None
        rules = chosen.grounds if chosen and chosen.grounds else ()
        if not rules:
            rules = tuple(rule for each in instruments.values() for rule in each.grounds)
        slugs = dict.fromkeys(rule.ground for rule in rules)
        return sorted(((one, self.speech.word(one)) for one in slugs), key=lambda each: each[1])

    def _offences(self) -> Sequence[Option]:
        slugs = self.registry.offences
        return sorted(((one, self.speech.word(one)) for one in slugs), key=lambda each: each[1])

    def _states(self) -> Sequence[Option]:
        codes = self.registry.jurisdictions
        known = [(one, self.speaker.country(one)) for one in codes if len(one) == 2]
        return sorted(known, key=lambda each: each[1])

    def _tongues(self) -> Sequence[Option]:
        names: dict[str, str] = dict(Locale.parse(self.visitor.language).languages)
        return sorted(((one, name) for one, name in names.items() if len(one) == 2), key=lambda each: each[1])

    # --- the case ---------------------------------------------------------------------------------------

    def _papers(self) -> Sequence[Option]:
        return [(each.digest, each.name) for each in self.documents]

    def _letters(self) -> Sequence[Option]:
        open_first = sorted(self.state.outbox, key=lambda each: each.settled is not None)
        return [(each.id, f"{self._label('event', each.event)} ({each.id})") for each in open_first]

    def _failed(self) -> Sequence[Option]:
        found = [each for each in self.state.errands if each.done is not None and each.problem]
        return [(each.id, " ".join((each.id, each.ref or each.kind or "", each.problem))) for each in found]

    def _questions(self) -> Sequence[Option]:
        return [(each.id, each.text[:160]) for each in self.state.questions if each.answered is None]

    def _limits(self) -> Sequence[Option]:
        return [(each.id, each.text[:160]) for each in self.state.limitations if each.accepted is None]

    def _conditions(self) -> Sequence[Option]:
        # in the words of whoever set them, which may run the other way than the page
        return [(each.id, Markup("<bdi>{}</bdi>").format(each.text[:120])) for each in self.state.limitations]

    def _used(self) -> Sequence[Option]:
        items = [(each.id, f"{each.id}: {each.kind}") for each in self.state.evidence]
        return [*dict(items).items(), ("information", self.visitor.say("The information itself"))]

    def _on_loan(self) -> Sequence[Option]:
        found = [each for each in self.state.evidence if each.on_loan and each.id not in self.state.returned]
        return [(each.id, f"{each.id}: {each.kind}") for each in found]

    def _clocks(self) -> Sequence[Option]:
        running = [one.clock for one in self.state.deadlines if one.status is ClockStatus.RUNNING]
        return [(one, self._label("clock", one)) for one in dict.fromkeys(running)]

    def _offers(self) -> Sequence[Option]:
        found = [each for each in self.state.handoffs if each.status in OPEN]
        # why it is offered is said only to those who see the whole case
        return [(each.id, f"{each.id}: {each.why[:120]}" if self.full else each.id) for each in found]

    def _person(self) -> Sequence[Option]:
        sought = getattr(self.state.request, "person", None)
        return [] if sought is None else [(sought.id, sought.id)]

    def _wanted(self) -> Sequence[Option]:
        law = self.state.law
        gates = [(one, self.speech.gate(one)) for one in (law.gates if law else ())]
        return [*gates, *self._grounds()]

    def _assurances(self) -> Sequence[Option]:
        found = self.state.person.assurances if self.state.person else []
        given = self.event == "check-assurance"
        return [(one.id, one.text[:160]) for one in found if (one.given is not None) is given]

    def _competing(self) -> Sequence[Option]:
        found = self.state.person.competitors if self.state.person else []
        asking = self.state.request.requesting
        return [
            (one, self.speaker.country(one)) for one in dict.fromkeys([asking, *(c.state for c in found)])
        ]

    def _consents(self) -> Sequence[Option]:
        found = self.state.person.consents if self.state.person else []
        return [(one.id, one.text[:160]) for one in found if one.answered is None]

    # --- people -----------------------------------------------------------------------------------------

    def _takers(self) -> Iterable[Account]:
        accounts = self.house.records.accounts.all()
        return (one for one in accounts if one.closed is None and TAKERS & set(one.roles))

    def _houses(self) -> Sequence[Option]:
        there = self.state.counterpart
        found = [(self.state.house, self.house.office.settings.name)]
        if there.house:
            found.append((there.house, self.speaker.country(there.state)))
        return found

    def _functions(self) -> Sequence[Option]:
        found = dict.fromkeys([CENTRAL, *sorted(one.agency for one in self._takers())])
        return [(one, self._label("function", one)) for one in found]

    def _accounts(self) -> Sequence[Option]:
        return [(one.id, f"{one.id} ({self._label('function', one.agency)})") for one in self._takers()]

    def _holding(self) -> Sequence[Option]:
        named = [self.state.holder.actor, *(each.receiver.actor for each in self.state.handoffs)]
        return [(one, one) for one in dict.fromkeys(named) if one]

    def _label(self, kind: str, code: str) -> str:
        return self.visitor.say(labels.label(kind, code))


def hidden(event: str, state: CaseState) -> dict[str, str]:
    """What the page gives itself: names of new things, and of the draft that is approved or signed."""
    number = len(state.handoffs) + 1
    made = {
        "offer": {"id": f"{state.ref}.h{number}"},
        "question": {"id": _next("q", (each.id for each in state.questions))},
        "limit": {"id": _next("l", (each.id for each in state.limitations))},
        "approve": {"over": draft_digest(state.request)},
        "issue": {"over": draft_digest(state.request)},
        "send-back": {"over": draft_digest(state.request)},
    }
    if state.person is not None:
        made["ask-assurance"] = {"id": _next("a", (each.id for each in state.person.assurances))}
        made["ask-consent"] = {"id": _next("c", (each.id for each in state.person.consents))}
        made["competing"] = {"id": _next("r", (each.id for each in state.person.competitors))}
    return made.get(event, {})


def _next(letter: str, taken: Iterable[str]) -> str:
    known = set(taken)
    return next(
        f"{letter}{number}" for number in range(1, len(known) + 2) if f"{letter}{number}" not in known
    )
