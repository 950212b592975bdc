"""What was typed into a form, what is wrong with it, and how is it shown again without losing a word?

Convention of the pages: a form is taken at the path that shows it. GET shows it, POST takes it: either it
goes `onward`, or it shows the same page again (status 422) with the error summary and everything as typed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fastapi import Request
from starlette.datastructures import UploadFile

from desk.web import kept
from desk.web.frame import Visitor, form_of, texts_of
from schemas.errors import RogatoryError


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong: at which field, and what to do about it, in the visitor's language."""

    field: str
    text: str


@dataclass(slots=True)
class Typed:
    """A form as it stands. `values`: text by field, several where a name comes more than once."""

    values: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[UploadFile]] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)

    def get(self, name: str, default: str = "") -> str:
        """What stands in a field, without blanks around it."""
        found = self.values.get(name)
        return found[-1].strip() if found else default

    def all(self, name: str) -> list[str]:
        """Everything that stands under a name: boxes that were ticked."""
        return [value.strip() for value in self.values.get(name, []) if value.strip()]

    def ticked(self, name: str) -> bool:
        """Is the box ticked?"""
        return bool(self.all(name))

    def file(self, name: str) -> UploadFile | None:
        """The file that was chosen, if any."""
        found = [each for each in self.files.get(name, []) if each.filename]
        return found[0] if found else None

    def refuse(self, name: str, text: str) -> None:
        """Something is wrong with the field `name`; `text` says what to do, in the visitor's language."""
        self.wrong.append(Wrong(name, text))

    def needs(self, visitor: Visitor, names: Mapping[str, str]) -> bool:
        """Is everything there? `names`: what to say (English, marked) where a field is empty."""
        for name, text in names.items():
            if not self.get(name):
                self.refuse(name, visitor.say(text))
        return not self.wrong

    def refuse_error(
        self, visitor: Visitor, error: RogatoryError, places: Mapping[str, str] | None = None
    ) -> None:
        """Takes over what another room refused. `places`: which field stands for which place of its error."""
        parts: Iterable[Mapping[str, str]] = getattr(error, "faults", None) or [
            {"where": error.where, "what": error.what, "next": error.next_step}
        ]
        for part in parts:
            where = part["where"]
            name = next((own for place, own in (places or {}).items() if place in where), "")
            text = visitor.say(part["what"])
            if part["next"]:
                text = f"{text.rstrip('.')}: {visitor.say(part['next'])}"
            self.refuse(name, text)

    def rekey(self) -> None:
        """A new key: a refused attempt keeps its key with its content, and what is mended is another one."""
        self.values["key"] = [secrets.token_urlsafe(16)]

    @property
    def ok(self) -> bool:
        """Is nothing wrong with it so far?"""
        return not self.wrong

    def wrong_at(self, name: str) -> str:
        """What is wrong with the field; empty if nothing is."""
        return "; ".join(each.text for each in self.wrong if each.field == name)


async def taken(request: Request) -> Typed:
    """What was posted."""
    form = await form_of(request)
    made = Typed(texts_of(form))
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            made.files.setdefault(name, []).append(value)
    return made


def shown(request: Request, visitor: Visitor, /, **start: str | Iterable[str]) -> Typed:
    """A form to be filled: with `start`, or with what was typed before the session ended."""
    made = Typed({name: [value] if isinstance(value, str) else list(value) for name, value in start.items()})
    token = request.query_params.get(kept.PARAMETER)
    if token and visitor.actor is not None:
        forms = visitor.house.records.kept_forms
        made.values.update(kept.again(forms, visitor.actor.id, request.url.path, token) or {})
    return made
