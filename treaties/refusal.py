"""On which grounds may, or must, the requested State refuse, on which not, and what must it do then?"""

from __future__ import annotations

from schemas.reasoning import DutyFound, GroundFound
from treaties.held import Rulebook
from treaties.logic import NO
from treaties.matter import Declared, Matter, covers
from treaties.proviso import met

ORDER = ("yes", "no", "may-by-reservation")


def grounds(matter: Matter, book: Rulebook) -> list[GroundFound]:
    """Grounds for refusal to expect, mandatory ones first, with what would lift each.

    A ground that States may keep by reservation is shown as such, unless the requested State kept it: then it
    is an optional ground like any other, and the reservation is cited.
    """
    kept = matter.declared(book.instrument.key, "ground", matter.question.requested)
    if not kept and not book.grounds:
        return []
    found: list[GroundFound] = []
    used: set[str] = set()
    for held in book.grounds:
        row = held.row
        if not matter.concerns(row) or met(matter, book.instrument.key, held) is NO:
            continue
        own = [d for d in kept if d.effect.ground == row.ground and _same_place(d, row.article)]
        used.update(declared.held.fact for declared in own)
        mandatory = "no" if own and row.mandatory == "may-by-reservation" else row.mandatory
        citations = (held.citation, *(declared.held.citation for declared in own))
        found.append(GroundFound(row.ground, row.article, mandatory, row.note, row.cure, citations))
    found.extend(_declared_ground(declared) for declared in kept if declared.held.fact not in used)
    return sorted(found, key=lambda ground: ORDER.index(ground.mandatory))


def not_grounds(matter: Matter, book: Rulebook) -> list[GroundFound]:
    """What the instrument forbids to refuse for."""
    return [
        GroundFound(held.row.not_ground, held.row.article, "no", held.row.note, "", (held.citation,))
        for held in book.not_grounds
        if matter.concerns(held.row) and met(matter, book.instrument.key, held) is not NO
    ]


def duties(matter: Matter, book: Rulebook) -> list[DutyFound]:
    """What the requested State must do besides answering: consult before it refuses, or prosecute instead."""
    return [
        DutyFound(held.row.duty, held.row.article, held.row.on_request, (held.citation,))
        for held in book.duties
        if matter.concerns(held.row) and met(matter, book.instrument.key, held) is not NO
    ]


def _same_place(declared: Declared, article: str) -> bool:
    articles = declared.effect.articles
    return not articles or any(covers(wider, article) or covers(article, wider) for wider in articles)


def _declared_ground(declared: Declared) -> GroundFound:
    """A ground that only the requested State's own declaration brings up."""
    article = declared.effect.articles[0] if declared.effect.articles else declared.held.row.article
    ground = declared.effect.ground or "as-declared"
    return GroundFound(ground, article, "no", declared.held.row.text, "", (declared.held.citation,))
