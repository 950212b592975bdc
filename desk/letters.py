"""Which letters does a case need, and what does each say? With the law's names put in, and leaks kept in.

The only hand of the desk on drafting and typesetting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from desk import guarded
from desk.refused_files import registering
from letters import document, leaks, typeset, words, worksheet
from letters import publication as publishing
from letters.drafting import attachment, draft, texts_of
from letters.form import fitting, form_of
from letters.sheet import Attached, Draft
from letters.view import Letterhead, Names
from records.open import Records
from schemas.case import CaseState
from schemas.errors import NotFound
from schemas.moves import Actor
from schemas.settings import Settings
from treaties.catalogs import ENGLISH, catalog_of, languages
from treaties.registry import Registry
from treaties.tongue import Tongue, tongue

Format = Literal["pdf", "docx", "worksheet", "json"]
MEDIA: dict[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "worksheet": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. `worksheet`: digest of a translated one in the vault of the case; `protected`: names
    that must not stand in it besides those guarded in the case, kept nowhere; `about`: which question it is
    about (None: the last)."""

    form: str
    language: str = ENGLISH
    worksheet: str | None = None
    protected: tuple[str, ...] = ()
    about: str | None = None


def offered(
    state: CaseState, registry: Registry, settings: Settings, language: str = ENGLISH
) -> list[dict[str, Any]]:
    """The letters of use in this case now, and how much each lacks, in the order of a case's life. Titles
    stand in `language` where the letter is written in it."""
    told = []
    for form in fitting(state):
        spoken = language if language in form.languages else ENGLISH
        made = _drafted(state, registry, settings, Wanted(form.key, spoken), {})
        told.append(
            {
                "form": form.key,
                "title": made.title,
                "prescribed": made.prescribed,
                "languages": list(form.languages),
                "missing": [each.field for each in made.missing if each.required],
                "advised": [each.field for each in made.missing if not each.required],
            }
        )
    return told


def lacking(state: CaseState, registry: Registry, settings: Settings, language: str) -> list[str]:
    """What the main letter of the case still has to say, whatever its basis asks for, in `language` as far
    as letter and law speak it."""
    said = tongue(registry, language if language in languages() else ENGLISH)
    form = next(iter(fitting(state)), None)
    if form is None:
        return []
    spoken = language if language in form.languages else ENGLISH
    made = _drafted(state, registry, settings, Wanted(form.key, spoken), {})
    return [each.label or said.field(each.field) for each in made.missing if each.required]


class Letter:
    """One letter of a case. Raises as `draft` does; NotFound for a worksheet that is not with the case,
    WorksheetRefused, NameLeaks where a protected or guarded name stands in it or in what is put inside."""

    def __init__(self, records: Records, registry: Registry, state: CaseState, wanted: Wanted) -> None:
        settings = records.settings
        made = _drafted(state, registry, settings, wanted, {})
        if wanted.worksheet is not None:
            content = _paper(records, state.ref, wanted.worksheet)
            with registering(
                records, Actor(id="house", house=settings.house), content, "worksheet", state.ref
            ):
                translated = worksheet.read_worksheet(content, made)
            made = _drafted(state, registry, settings, wanted, translated)
        self.draft: Draft = made
        self.inside: Attached = attachment(made, state)
        self.fonts = settings.font_folder
        self._refuse([*wanted.protected, *guarded.names_of(records, state.ref)], state)

    def _refuse(self, protected: Iterable[str], state: CaseState) -> None:
        texts = texts_of(self.draft) | leaks.texts_of_json(self.inside.content, self.inside.name)
        texts |= {f"attachments.{each.digest[:15]}": each.name for each in state.request.attachments}
        leaks.require_none(texts, protected)

    def told(self) -> dict[str, Any]:
        """The letter as data: what it says, what it lacks, which words should be others."""
        return {
            "draft": self.draft.model_dump(mode="json", exclude={"missing"}),
            "missing": [each.model_dump(mode="json") for each in self.draft.missing],
            "words": [asdict(each) for each in words.in_draft(self.draft)],
            "inside": {"name": self.inside.name, "digest": self.inside.digest},
        }

    def made(self, format: Format) -> bytes:
        """The letter as a file. Raises GlyphMissing where no font has a character of it."""
        makers: dict[str, Callable[[], bytes]] = {
            "pdf": lambda: typeset.pdf(self.draft, self.inside.content, fonts=self.fonts),
            "docx": lambda: document.docx(self.draft),
            "worksheet": lambda: worksheet.worksheet(self.draft),
        }
        return makers[format]()


def publication(page: dict[str, Any], settings: Settings) -> bytes:
    """Tables that the house publishes, as PDF/A (see `letters.publication`)."""
    return publishing.publication(page, settings.font_folder)


def _drafted(
    state: CaseState, registry: Registry, settings: Settings, wanted: Wanted, translated: dict[str, str]
) -> Draft:
    form_of(wanted.form)
    return draft(
        state,
        wanted.form,
        wanted.language,
        house=Letterhead(settings.name, settings.state, tuple(settings.letterhead), settings.time_zone),
        names=names_of(state, registry, wanted.language),
        translated=translated,
        about=wanted.about or "",
    )


def names_of(state: CaseState, registry: Registry, language: str) -> Names:
    """What the law calls things in this case, in `language` where it has names in it, else in English."""
    spoken = language in languages() and catalog_of(language).whole
    said = tongue(registry, language if spoken else ENGLISH)
    law, request = state.law, state.request
    instrument = law.instrument if law else request.instrument
    key = state.counterpart.provider or getattr(request, "provider", None)
    provider = registry.providers.get(key) if key else None
    return Names(
        instrument=_title(said, instrument, law.title if law else ""),
        words=_words(said, state),
        provider=provider.name if provider else "",
        language=said.language,
    )


def _title(said: Tongue, key: str | None, otherwise: str) -> str:
    if key is None or key not in said.registry.instruments:
        return otherwise
    instrument = said.registry.instruments[key]
    # A letter names a treaty in full; what has no translation is better short than foreign.
    return instrument.title if said.language == ENGLISH else said.instrument(key)


def _words(said: Tongue, state: CaseState) -> dict[str, str]:
    codes = {one.slug for one in state.request.offences}
    codes |= {ground for decision in state.decisions for ground in decision.grounds}
    fields = {gap.field for gap in state.gaps if gap.field}
    if state.law is not None:
        fields |= {*state.law.contents_required, *state.law.contents_advised}
    return {code: said.word(code) for code in codes} | {code: said.field(code) for code in fields - codes}


def _paper(records: Records, ref: str, digest: str) -> bytes:
    if not records.vault.has(ref, digest):
        raise NotFound(
            "There is no such document with this case.",
            where="worksheet",
            next_step="add it first: `rogatory attach`, or POST to the documents of the case",
            code="unknown-document",
        )
    return guarded.document(records, ref, digest)
