"""Whose draft is this, may this visitor write in it, and what if somebody else wrote there meanwhile?"""

from __future__ import annotations

import json
from dataclasses import dataclass

from desk.web.filing_step import KIND, SEEN, SIDE, Step
from desk.web.forms import Typed
from desk.web.frame import Visitor
from records.drafts import Content, Draft, DraftChanged, Drafts
from schemas.errors import NotFound
from schemas.ids import digest
from schemas.vocabulary import Role

OFFICE = frozenset({Role.OFFICER, Role.APPROVER})
AGAIN = 5
WAS = "was"
"""Field of the form that names what stood on the page when it was shown."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody else changed the page meanwhile: how the draft stands now. Nothing was saved."""

    present: Draft


def begun(visitor: Visitor, kind: str, side: str, content: Content) -> Draft:
    """A new draft of the visitor."""
    who = visitor.who
    held = {**content, KIND: [kind], SIDE: [side]}
    return _drafts(visitor).begin(who.id, who.agency, kind, held)


def draft_of(visitor: Visitor, id: str) -> Draft:
    """The draft, if it is the visitor's to write in: their own, an absent colleague's, or their office's.

    Raises NotFound, the same for one that is not theirs.
    """
    draft = _drafts(visitor).get(id)
    who = visitor.who
    colleague = draft.agency == who.agency and bool(OFFICE & set(who.roles))
    if draft.account not in (who.id, *who.acts_for) and not colleague:
        raise NotFound("There is no such draft.", where=id[:40], next_step="see your drafts")
    return draft


def drafts_of(visitor: Visitor) -> tuple[list[Draft], list[Draft]]:
    """The visitor's own drafts with those of colleagues they stand in for, and the others of their office."""
    who = visitor.who
    agency = who.agency if OFFICE & set(who.roles) else None
    found = _drafts(visitor).of((who.id, *who.acts_for), agency)
    near = (who.id, *who.acts_for)
    return [one for one in found if one.account in near], [one for one in found if one.account not in near]


def typed_of(draft: Draft) -> Typed:
    """The answers of a draft."""
    return Typed({name: list(values) for name, values in draft.content.items()})


def seen(draft: Draft) -> set[str]:
    """The pages that were answered."""
    return set(draft.content.get(SEEN, []))


def mark(step: Step, content: Content) -> str:
    """What stands on a page, in a few letters: it changes when an answer on that page does."""
    said = {field.name: content.get(field.name, []) for field in step.fields}
    return digest(json.dumps(said, sort_keys=True).encode()).removeprefix("sha256:")[:24]


def save(visitor: Visitor, draft: Draft, step: Step, typed: Typed) -> Draft | Clash:
    """Saves the page. What others changed on other pages stays; what they changed on this one is not
    overwritten unseen."""
    for _ in range(AGAIN):
        was = typed.get(WAS)
        changed = mark(step, draft.content) != was and mark(step, draft.content) != mark(step, typed.values)
        if was and changed:
            return Clash(draft)
        content = {name: values for name, values in draft.content.items() if name not in _names(step)}
        content |= {name: typed.values[name] for name in _names(step) if any(typed.all(name))}
        content[SEEN] = sorted(seen(draft) | {step.name})
        if content == draft.content:
            return draft
        try:
            return _drafts(visitor).save(draft.id, draft.version, content, visitor.who.id)
        except DraftChanged as error:
            draft = error.present
    return Clash(draft)


def _names(step: Step) -> set[str]:
    return {field.name for field in step.fields}


def _drafts(visitor: Visitor) -> Drafts:
    return visitor.house.records.drafts
