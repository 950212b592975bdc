"""Who must issue such a request, and who must validate it?"""

from __future__ import annotations

from schemas.law import IssuerRule
from schemas.reasoning import IssuerFound
from schemas.vocabulary import Verdict
from treaties.held import Rulebook
from treaties.logic import UNKNOWN, YES
from treaties.matter import Matter
from treaties.proviso import met


def issuers(matter: Matter, book: Rulebook) -> list[IssuerFound]:
    """What the instrument says of who issues and who validates, then what the requested State declared.

    Empty: it says nothing. Measures are those of the question for which the rule speaks. A rule under a
    proviso that may hold is listed, save where it lets validation wait: for that the proviso must be met.
    """
    key, asked = book.instrument.key, matter.question.measures
    found = [
        IssuerFound(
            capacity=held.row.capacity,
            by=tuple(held.row.by),
            measures=tuple([one.value for one in asked if not held.row.measures or one in held.row.measures]),
            article=held.row.article,
            afterwards_hours=held.row.afterwards_hours,
            note=held.row.note,
            citations=(held.citation,),
        )
        for held in book.issuers
        if matter.concerns(held.row) and met(matter, key, held) in _counting(held.row)
    ]
    for one in matter.declared(key, "issuer", matter.question.requested):
        effect = one.effect
        measures = tuple([m.value for m in asked if not effect.measures or m in effect.measures])
        article = effect.articles[0] if effect.articles else one.held.row.article
        cited = (one.held.citation,)
        found.append(
            IssuerFound("issue", tuple(effect.offices), measures, article, None, one.held.row.text, cited)
        )
    return found


def _counting(rule: IssuerRule) -> tuple[Verdict, ...]:
    """The verdicts of its provisos with which a rule is told: what eases a demand has to be sure."""
    return (YES, UNKNOWN) if rule.afterwards_hours is None else (YES,)
