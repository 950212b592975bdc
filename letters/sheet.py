"""What stands on a letter before it is set in type: its blocks, each with its language and nature?"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.ids import Digest


class Shape(BaseModel):
    """Base of everything on the sheet: closed fields, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Piece(Shape):
    """A run of text. `own`: our words; `free`: somebody's words; `id`: a reference, account, number or
    digest, which is never turned around. `lang`: the language it is in."""

    text: str
    how: Literal["own", "free", "id"] = "own"
    lang: str = "en"


class Passage(Shape):
    """Words of the case, in the language they were written in. `id` names it to the translator; `statute`:
    quoted law, whose words nobody improves. `target`: the translation, if there is one."""

    block: Literal["passage"] = "passage"
    id: str
    text: str
    lang: str
    label: str = ""
    statute: bool = False
    target: str = ""


class Line(Shape):
    """One paragraph of runs."""

    block: Literal["line"] = "line"
    pieces: tuple[Piece, ...]


class Table(Shape):
    """`widths`: parts of the whole width. A cell is one or more paragraphs of runs."""

    block: Literal["table"] = "table"
    head: tuple[str, ...]
    rows: tuple[tuple[tuple[Piece, ...], ...], ...]
    widths: tuple[int, ...]


class Ticks(Shape):
    """Boxes to tick: whether ticked, and what stands beside."""

    block: Literal["ticks"] = "ticks"
    items: tuple[tuple[bool, str], ...]


class Blank(Shape):
    """A place to be filled in by hand. `missing`: the form cannot go out without it."""

    block: Literal["blank"] = "blank"
    missing: bool = False


Block = Annotated[Passage | Line | Table | Ticks | Blank, Field(discriminator="block")]


class Item(Shape):
    """One field on the sheet. `mark`: its label was not read in the act that prescribes it."""

    key: str
    label: str = ""
    mark: bool = False
    blocks: tuple[Block, ...] = ()


class Stretch(Shape):
    """A section on the sheet; `number` as printed: ours, or the act's own letter."""

    number: str
    title: str
    mark: bool = False
    items: tuple[Item, ...]


class Missing(Shape):
    """What a form still lacks: `field` of the form or content of the request, and the article that asks."""

    field: str
    label: str = ""
    article: str = ""
    required: bool = True


class Draft(Shape):
    """A whole letter in one language, not yet set. `dated`: the day it bears; nothing here is the clock's.

    `fixed`: the few words the typesetter needs (page, reference ...), in this language.
    """

    form: str
    language: str
    direction: Literal["ltr", "rtl"]
    title: str
    act: str = ""
    article: str = ""
    prescribed: bool = False
    dated: date
    day: str
    letterhead: tuple[Piece, ...]
    addressee: tuple[Piece, ...]
    references: tuple[tuple[str, Piece], ...]
    subject: tuple[Piece, ...]
    opening: tuple[Line, ...] = ()
    sections: tuple[Stretch, ...]
    closing: tuple[Line, ...] = ()
    signature: tuple[str, ...]
    notices: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    attached: Literal["request", "letter"]
    fixed: dict[str, str]

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The words of the case in it, in order, each once."""
        found = [
            block
            for part in self.sections
            for item in part.items
            for block in item.blocks
            if isinstance(block, Passage)
        ]
        return tuple({passage.id: passage for passage in found}.values())


class Attached(Shape):
    """What is put inside the PDF."""

    name: str
    content: bytes
    digest: Digest
