"""Does the request go to the State or directly to a provider, and is an answer a duty or an option?

Direct contact is a candidate like any other and needs a basis: an article that gives a way to providers. The
State in which the addressee of the provider sits decides, not the place of its data or its seat.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from schemas.law import Provider, Provision
from schemas.reasoning import Citation, ProviderFound, ProvisionVerdict, Reason
from schemas.vocabulary import Channel, Measure, Verdict
from treaties.held import Held, Rulebook
from treaties.logic import NO, UNKNOWN, YES
from treaties.matter import Matter
from treaties.naming import cite, provider_id

Addressee = Literal["state", "provider"]
Binding = Literal["duty", "option"]


def only_direct(matter: Matter, book: Rulebook) -> bool:
    """Does the instrument open no other way for such a request than the one to providers?"""
    question = matter.question
    place = ("only-direct", book.instrument.key, question.kind, question.measures)
    found: bool | None = matter.registry.memo.get(place)
    if found is None:
        ways = {held.row.channel for held in book.channels if not held.row.urgent and matter.fits(held.row)}
        found = matter.registry.memo[place] = ways == {Channel.PROVIDER_DIRECT}
    return found


def elsewhere(matter: Matter) -> bool:
    """Is a provider named whose addressee does not sit in the requested State?"""
    return matter.provider is not None and matter.provider.state != matter.question.requested


def seated(matter: Matter, book: Rulebook) -> Reason | None:
    """Whether the addressee of the provider sits in the requested State, where the instrument leads nowhere
    but to providers; None where nothing hangs on it."""
    provider, question = matter.provider, matter.question
    if question.provider is None or not only_direct(matter, book):
        return None
    slots = {"instrument": book.instrument.key, "requested": question.requested}
    if provider is None:
        slots["provider"] = question.provider
        return Reason("provider.not-yet-recorded", UNKNOWN, slots, (Citation(book.instrument.key),))
    slots |= {"provider": provider.key, "state": provider.state}
    cited, facts = (cite("", provider),), (provider_id(provider.key),)
    return Reason("provider.seat", NO if elsewhere(matter) else YES, slots, cited, facts)


def addressee(matter: Matter, book: Rulebook, channel: Channel | None) -> Addressee:
    """To whom the request goes: by the channel found, and for a rejected candidate by those it would have."""
    if channel is None:
        return "provider" if only_direct(matter, book) else "state"
    return "provider" if channel is Channel.PROVIDER_DIRECT else "state"


def binding(
    articles: Iterable[tuple[Held[Provision], ProvisionVerdict]], measures: tuple[Measure, ...]
) -> Binding:
    """A duty if, for every measure asked, an open article makes it one; an article that may be open counts
    only where none surely is."""
    giving = [(held.row, one.verdict) for held, one in articles if held.row.role == "reach"]
    return "duty" if all(_is_duty(giving, measure) for measure in measures or (None,)) else "option"


def _is_duty(giving: list[tuple[Provision, Verdict]], measure: Measure | None) -> bool:
    for wanted in (Verdict.YES, Verdict.UNKNOWN):
        fitting = [
            row.force
            for row, verdict in giving
            if verdict is wanted and (measure is None or not row.measures or measure in row.measures)
        ]
        if fitting:
            return "duty" in fitting
    return False


def provider_found(provider: Provider) -> ProviderFound:
    """The provider as an answer names it."""
    return ProviderFound(
        key=provider.key,
        name=provider.name,
        state=provider.state,
        addressee=provider.addressee,
        ways=tuple(provider.ways),
        languages=provider.languages,
        proof=provider.proof,
        invented=provider.invented,
        citations=(cite("", provider),),
    )
