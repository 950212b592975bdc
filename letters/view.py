"""From where does a field of a letter read: the case, its language, the names the law gives, translations?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from letters.form import Entry, Form
from letters.sheet import Line, Passage, Piece, Table
from letters.speech import Speech
from schemas.case import CaseState


@dataclass(frozen=True)
class Names:
    """What the law calls things, as the desk tells it: letters know no registry.

    `language`: the language these names are in. `words`: offences, grounds and contents by their codes.
    `address`: lines of the addressee's address, `provider`: its name.
    """

    instrument: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    provider: str = ""
    address: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True)
class Letterhead:
    """Who writes: `name` of the house, its State, the lines of its address, its time zone."""

    name: str
    state: str
    lines: tuple[str, ...] = ()
    zone: str = "UTC"


@dataclass(frozen=True)
class Identity:
    """Who a person is that the case knows by `pseudonym` only. Never shown, never kept in a case."""

    pseudonym: str
    name: str = field(repr=False)
    born: date | None = field(default=None, repr=False)
    details: str = field(default="", repr=False)


@dataclass(frozen=True)
class Release:
    """Identities that the named person `by` lets out in a sealed annex, when and why."""

    people: tuple[Identity, ...]
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class View:
    """Everything a source may look at. `about`: which question, decision ... the letter is about. `release`:
    what a sealed annex tells, and no other letter."""

    state: CaseState
    form: Form
    speech: Speech
    house: Letterhead
    names: Names
    at: datetime
    translated: Mapping[str, str] = field(default_factory=dict)
    about: str = ""
    release: Release | None = None

    @property
    def language(self) -> str:
        """The language in which the words of the case were written."""
        return self.state.request.language

    def passage(self, id: str, text: str, *, label: str = "", statute: bool = False) -> Passage:
        """Words of the case. Quoted law is shown as it stands, beside its translation."""
        target = self.translated.get(id, "")
        return Passage(
            id=id, text=text, lang=self.language, label=label, statute=statute, target=target.strip()
        )

    def free(self, text: str) -> Piece:
        """A short word of the case within a line: a name of an authority, a pseudonym."""
        return Piece(text=text, how="free", lang=self.language)

    def named(self, text: str) -> Piece:
        """A name that the law gives: in this language if a catalog has it, else as it came."""
        said = self.speech.own(text)
        if said.text != text or self.names.language == self.speech.language:
            return said.model_copy(update={"lang": self.speech.language})
        return Piece(text=text, how="free", lang=self.names.language)

    def table(
        self, head: Iterable[str], rows: Iterable[tuple[tuple[Piece, ...], ...]], widths: tuple[int, ...]
    ) -> Table:
        """A table with its heads in this language."""
        return Table(head=tuple(self.speech.told(word) for word in head), rows=tuple(rows), widths=widths)

    def line(self, text: str, **slots: Piece | str) -> Line:
        """A sentence of ours."""
        return Line(pieces=self.speech.say(text, **slots))


def identifier(text: str) -> Piece:
    """A reference, account, number or digest."""
    return Piece(text=text, how="id")


@dataclass(frozen=True)
class Asked:
    """One field being filled."""

    view: View
    entry: Entry
