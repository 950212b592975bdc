"""What do several layers of law say together: base data, an overlay, accepted proposals?

Layers add, they do not overwrite: a row that proves wrong is retracted, with a reason, and stays to be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from schemas.errors import BadData
from schemas.gates import Gate
from schemas.law import Fact, Instrument, Jurisdiction, Offence, Parties, Provider, Row, Source
from treaties.held import PRACTICE_LISTS, RULE_LISTS

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Laid:
    """What one layer says under one key, and the file in which it says so."""

    model: Row
    where: str


def fold(key: str, layers: Sequence[Laid]) -> Row:
    """What `layers` say together about `key`. Raises BadData where one contradicts another."""
    folded = layers[0].model
    for layer in layers[1:]:
        folded = _added(key, folded, layer)
    return folded


def _added(key: str, below: Row, layer: Laid) -> Row:
    above = layer.model
    if isinstance(below, Parties) and isinstance(above, Parties):
        states = dict(below.states)
        for state, rows in above.states.items():
            states[state] = joined(states.get(state, ()), rows)
        complete = above.complete or below.complete
        return below.model_copy(update={"states": states, "complete": complete})
    if isinstance(below, Instrument) and isinstance(above, Instrument):
        _same(key, below, above, {*RULE_LISTS, "entry"}, layer.where)
        lists = {name: _rows(key, getattr(below, name), getattr(above, name), layer) for name in RULE_LISTS}
        return below.model_copy(update={**lists, "entry": above.entry or below.entry})
    if isinstance(below, Jurisdiction) and isinstance(above, Jurisdiction):
        _same(key, below, above, set(PRACTICE_LISTS), layer.where)
        lists = {
            name: _rows(key, getattr(below, name), getattr(above, name), layer) for name in PRACTICE_LISTS
        }
        return below.model_copy(update=lists)
    if isinstance(below, Offence) and isinstance(above, Offence):
        _same(key, below, above, {"articles"}, layer.where)
        return below.model_copy(update={"articles": joined(below.articles, above.articles)})
    if isinstance(below, Gate) and isinstance(above, Gate):
        _same(key, below, above, {"authorities"}, layer.where)
        return below.model_copy(update={"authorities": joined(below.authorities, above.authorities)})
    if isinstance(below, Provider) and isinstance(above, Provider) and _retracts(above, below):
        return above
    if isinstance(below, Source) and below == above:
        return below
    raise BadData(
        f"{key} is already described, otherwise, by an earlier layer.",
        where=layer.where,
        next_step="give the new thing a key of its own",
    )


def _same(key: str, below: Row, above: Row, rows: set[str], where: str) -> None:
    """What is said once about a thing cannot be said differently later: that would rewrite the past."""
    for name in type(below).model_fields:
        if name not in rows and getattr(below, name) != getattr(above, name):
            raise BadData(
                f"{key} already has another {name!r}: {getattr(below, name)!r}.",
                where=where,
                next_step="leave the field out; only rows can be added to what is known",
            )


def _rows(key: str, below: Sequence[Fact], above: Sequence[Fact], layer: Laid) -> tuple[Fact, ...]:
    """The rows of both; a row of the same id may only repeat the lower one and retract it."""
    found = {_id(row): row for row in below}
    for row in above:
        known = found.get(_id(row))
        if known is not None and not _retracts(row, known):
            raise BadData(
                f"{key} already has a row {_id(row)!r}.",
                where=layer.where,
                next_step="retract it by repeating it with `retracted`, and give the new row its own id",
            )
        found[_id(row)] = row
    return tuple(found.values())


def joined(below: Sequence[F], above: Sequence[F]) -> tuple[F, ...]:
    """The rows of both, for rows without an id of their own, such as acts: one of them retracts the row that
    is equal to it in everything else."""
    found = list(below)
    for row in above:
        twin = next((index for index, known in enumerate(found) if _retracts(row, known)), None)
        if twin is None:
            found.append(row)
        else:
            found[twin] = row
    return tuple(found)


def _retracts(row: Fact, known: Fact) -> bool:
    return (
        row.retracted is not None
        and known.retracted is None
        and row.model_copy(update={"retracted": None}) == known
    )


def _id(row: Fact) -> str:
    return str(getattr(row, "id", ""))
