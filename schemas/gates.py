"""How are the questions of human rights written down that a request raises: gates.yml?"""

from __future__ import annotations

from typing import Literal

from schemas.ids import Key
from schemas.law import Fact, Row, Text
from schemas.vocabulary import Kind, Measure


class GateAuthority(Fact):
    """Where a gate comes from. `title`: its name, where the registry holds no instrument of that key.

    `binds`: it obliges the requested State whatever the basis of the request; else it shows the rule only,
    for requests of `kinds` (empty: any). `organisation`: it concerns only requests to a member of it.
    """

    instrument: Key
    article: Text
    title: str = ""
    binds: bool = False
    organisation: Key | None = None
    kinds: tuple[Kind, ...] = ()


class Gate(Row):
    """A question of human rights to be answered by persons before a request is sent or granted.

    Empty `kinds` or `measures`: any. `grounds`: grounds for refusal of the instruments in which it returns.
    `mandatory`: cannot be overridden before surrender. `evaluates`: which facts of the registry or of the
    question may answer it:

    - `question`: none, only a person can;
    - `death-penalty`: the requesting State abolished it, or keeps it while the requested State abolished it;
    - `nationality`, `age`: of the person, as far as told;
    - `child-victim`: asked only where an offence of the case is one against children;
    - `gravity`: maximum penalties told, against one year.
    """

    gate: Key
    name: Text
    asks: Text
    cure: Text
    kinds: tuple[Kind, ...] = ()
    measures: tuple[Measure, ...] = ()
    grounds: tuple[Key, ...] = ()
    mandatory: bool = False
    evaluates: Literal["question", "death-penalty", "nationality", "age", "child-victim", "gravity"]
    authorities: tuple[GateAuthority, ...]
