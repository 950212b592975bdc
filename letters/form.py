"""Which letters and forms are there, when is each used, and what does each say and ask?

A form is data: one file under `forms/`. Texts there are English and are the keys of the catalogs under
`locale/`; where a value comes from is one of the closed list of `letters.sources`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from schemas.case import CaseState
from schemas.errors import BadData, UnknownWord
from schemas.ids import Key
from schemas.request import notice_only
from schemas.vocabulary import Confidence, Kind, Measure, Side

FOLDER = Path(__file__).parent / "forms"
OWN_LETTERS = ("ar", "de", "en", "es", "fr", "pt", "ru", "zh")
"""Languages of letters in our own words."""
SAID = frozenset({"statement", "choices", "intends"})
"""Sources whose `of` is text of ours."""
PRESCRIBED = ("de", "en", "es", "fr", "pt")
"""Languages of forms that an act prescribes."""

Text = Annotated[str, Field(min_length=1)]
Facet = Literal["question", "decision", "refusal", "postponement", "evidence", "outcome", "victims"]


class Row(BaseModel):
    """Base of what a form's file holds: closed fields, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Entry(Row):
    """One field of a form.

    `source`: where its value comes from; `of`: what that source is told (contents of the request, or the
    text of a `statement`). `need`: `yes` is missed when empty, `conditional` and `no` are left out then.
    `article`: what asks for it. `read`: its label was read in the act; else it is ours.
    """

    key: Key
    label: str = ""
    source: Key
    of: tuple[Text, ...] = ()
    need: Literal["yes", "conditional", "no"] = "conditional"
    article: str = ""
    read: bool = False


class Part(Row):
    """A section; `letter` as the act prints it (empty: numbered by us, or not known). `read`: as in Entry."""

    title: Text
    letter: str = ""
    read: bool = False
    fields: tuple[Entry, ...] = Field(min_length=1)


class Act(Row):
    """The act that prescribes a form. `source`: what was read of it, as a key of the law's sources."""

    title: Text
    annex: str = ""
    source: str = ""
    confidence: Confidence


class Form(Row):
    """One letter or form. `basis`: keys of instruments (empty: any). `to`: who is written to.

    `measures`: it is of use only where one of these is asked. `events`: whose sending dates the letter;
    before it, the last change of the case does. `facets`: what the case must hold: a question, a decision ...
    """

    key: Key
    title: Text
    order: int
    kinds: tuple[Kind, ...]
    sides: tuple[Side, ...]
    to: Literal["state", "provider"] = "state"
    basis: tuple[Key, ...] = ()
    measures: tuple[Measure, ...] = ()
    urgent_only: bool = False
    events: tuple[Key, ...] = ()
    facets: tuple[Facet, ...] = ()
    article: str = ""
    prescribed: Act | None = None
    opening: tuple[Text, ...] = ()
    closing: tuple[Text, ...] = ()
    sections: tuple[Part, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _named_once(self) -> Form:
        keys = [entry.key for entry in self.entries]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"fields named twice: {', '.join(twice)}")
        return self

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every field, in order."""
        return tuple(entry for part in self.sections for entry in part.fields)

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages in which it is written."""
        return PRESCRIBED if self.prescribed else OWN_LETTERS

    @property
    def texts(self) -> tuple[str, ...]:
        """Every English text of it that a reader may meet."""
        found = [self.title, *self.opening, *self.closing]
        if self.prescribed:
            found.append(self.prescribed.title)
        for part in self.sections:
            found += [part.title, *(entry.label for entry in part.fields)]
            found += [text for entry in part.fields if entry.source in SAID for text in entry.of]
        return tuple(text for text in dict.fromkeys(found) if text)

    def fits(self, state: CaseState) -> bool:
        """Is it of use in this case now?"""
        law, request = state.law.instrument if state.law else None, state.request
        held = _held(state)
        return (
            state.kind in self.kinds
            and state.side in self.sides
            and (not self.basis or law in self.basis)
            and (not self.measures or bool(set(self.measures) & set(request.measures)))
            and (not self.urgent_only or request.urgent or request.emergency is not None)
            and (self.to == "provider") <= _direct(state)
            and all(facet in held for facet in self.facets)
            # a notice of interception goes in a form of the act that is not among ours, and requests nothing
            and not (notice_only(request) and ("arrive" in self.events or self.prescribed))
        )


def _held(state: CaseState) -> frozenset[Facet]:
    """What the case holds that letters may be about."""
    made = {each.decision for each in state.decisions}
    found: dict[Facet, bool] = {
        "question": bool(state.questions),
        "decision": bool(made & {"accepted", "partly-accepted", "refused"}),
        "refusal": bool(made & {"refused", "partly-accepted"}),
        "postponement": "postponed" in made,
        "evidence": bool(state.evidence),
        "outcome": state.outcome is not None,
        "victims": bool(getattr(state.request, "victims", ())),
    }
    return frozenset(facet for facet, there in found.items() if there)


def _direct(state: CaseState) -> bool:
    """Does it go to a provider itself?"""
    return state.counterpart.provider is not None or bool(getattr(state.request, "direct", False))


@cache
def forms() -> dict[str, Form]:
    """Every form by its key, in the order in which they are offered. Raises BadData for a wrong file."""
    made = [_read(path) for path in sorted(FOLDER.glob("*.form.yml"))]
    return {form.key: form for form in sorted(made, key=lambda form: (form.order, form.key))}


@cache
def names() -> tuple[str, ...]:
    """Names of offences, instruments and authorities that the catalogs of letters know."""
    return tuple(name for listed in read_text(FOLDER / "names.yml").values() for name in listed)


def form_of(key: str) -> Form:
    """The form called `key`. Raises UnknownWord with the nearest."""
    found = forms().get(key)
    if found is None:
        raise UnknownWord("form", key, forms(), where="form")
    return found


def fitting(state: CaseState) -> tuple[Form, ...]:
    """The forms that are of use in this case now."""
    return tuple(form for form in forms().values() if form.fits(state))


def read_text(path: Path) -> Any:
    """A YAML file with every scalar as text: types parse it, and a bare `no` stays a word."""
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - this one makes no objects


def _read(path: Path) -> Form:
    try:
        made = Form.model_validate({**read_text(path), "key": path.name.removesuffix(".form.yml")})
    except (yaml.YAMLError, ValidationError, TypeError) as error:
        raise BadData(
            f"This form cannot be read: {str(error).splitlines()[0]}.",
            where=path.name,
            next_step="mend the file; `pytest tests/letters/test_forms.py` tells more",
        ) from error
    return made
