"""How do the catalogs follow the texts? `python -m tools.catalogs [--check]`

Writes the templates `law.pot` and `registry.pot` from the program and the shipped law files, and brings the
catalogs of each language up to them: new texts come in empty, texts that are gone go out, nothing is guessed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from schemas.vocabulary import Form
from treaties.catalogs import DOMAINS, ENGLISH, LOCALES, languages
from treaties.held import RULE_LISTS
from treaties.lexicon import WORDS
from treaties.load import PACKAGED, load_registry
from treaties.papers import FIELDS
from treaties.phrases import CANDIDATES, CONDITIONS, FRAMES, GATES, LABELS, PLURALS, SENTENCES
from treaties.registry import Registry
from treaties.tongue import NAMELESS, NUMBERED, PROTOCOL

UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
"""The day in the header of a template: a file that says the same is the same file."""

Text = str | tuple[str, str]

OWN_TITLES = frozenset({Form.BILATERAL, Form.DOMESTIC})
"""Instruments that need no translated title: a treaty of two is named by its parties, a statute by itself."""


def law_texts() -> list[Text]:
    """Every text of the program: sentences, frames, labels, words, plurals."""
    singles = {
        *SENTENCES.values(),
        *CONDITIONS.values(),
        *CANDIDATES.values(),
        *GATES.values(),
        *FRAMES.values(),
        *LABELS.values(),
        *WORDS.values(),
        *FIELDS.values(),
    }
    return [*sorted(singles), *sorted(PLURALS.values())]


def registry_texts(registry: Registry) -> list[Text]:
    """Every text of the law files that a sentence may carry."""
    return sorted({text for text in _told(registry) if text})


def _told(registry: Registry) -> Iterator[str]:
    for offence in registry.offences.values():
        yield offence.name
    for instrument in registry.instruments.values():
        if instrument.form not in OWN_TITLES:
            yield instrument.short or instrument.title
        for condition in instrument.conditions:
            yield condition.text
        for deadline in instrument.deadlines:
            yield from (deadline.event_from, deadline.event_to)
        for name in RULE_LISTS:
            yield from (_words(row.article) for row in getattr(instrument, name))
    for gate in registry.gates.values():
        yield from (gate.name, gate.asks, gate.cure)
        yield from (row.title for row in gate.authorities)
        yield from (_words(row.article) for row in gate.authorities)
    for parties in registry.parties.values():
        for rows in parties.states.values():
            yield from (row.text for row in rows if any(effect.does == "condition" for effect in row.effects))


def _words(article: str) -> str:
    """What of an article is text, and not a number: `contents paragraph`."""
    inside = PROTOCOL.sub(r"\2", article)
    return "" if inside in NAMELESS or NUMBERED.fullmatch(inside) else inside


def template(domain: str, texts: Iterable[Text]) -> Catalog:
    """The texts of a domain without translations, in the order given."""
    made = Catalog(
        domain=domain,
        project="Rogatory",
        version=domain,
        creation_date=UNDATED,
        revision_date=UNDATED,
        header_comment="# Texts of Rogatory. See docs/languages.md.",
        fuzzy=False,
    )
    _unsigned(made)
    for text in texts:
        made.add(text, flags=["python-format"] if "%(" in str(text) else ())
    return made


def _unsigned(catalog: Catalog) -> None:
    """Without the names that a header would else invent; `Last-Translator` is for whoever reviewed it."""
    catalog.msgid_bugs_address = catalog.last_translator = catalog.language_team = ""


def followed(path: Path, language: str, new: Catalog) -> Catalog:
    """The catalog of `language` at `path` with the texts of `new`: kept where translated, else empty."""
    kept: dict[Any, Any] = {}
    made = Catalog(
        locale=language,
        domain=new.domain,
        project=new.project,
        version=new.version,
        creation_date=UNDATED,
        revision_date=UNDATED,
        header_comment=new.header_comment,
        fuzzy=False,
    )
    _unsigned(made)
    if path.is_file():
        with path.open("rb") as file:
            old = read_po(file, locale=language)
        made.last_translator, made.language_team = old.last_translator, old.language_team
        kept = {message.id: message.string for message in old if message.id and not message.fuzzy}
    for message in new:
        if message.id:
            made.add(message.id, kept.get(message.id, ""), flags=message.flags)
    return made


def written(catalog: Catalog) -> bytes:
    """The catalog as a file, the same on every day."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=110, no_location=True, sort_output=False, include_previous=False)
    lines = buffer.getvalue().decode("utf-8").splitlines(keepends=True)
    # The header must not depend on which release of Babel wrote the file.
    return "".join(line for line in lines if not line.startswith('"Generated-By')).encode("utf-8")


def files() -> dict[Path, bytes]:
    """Every template and catalog as it should be."""
    found: dict[Path, bytes] = {}
    texts: dict[str, list[Text]] = {
        "law": law_texts(),
        "registry": registry_texts(load_registry([PACKAGED])),
    }
    for domain in DOMAINS:
        new = template(domain, texts[domain])
        found[LOCALES / f"{domain}.pot"] = written(new)
        for language in languages():
            if language != ENGLISH:
                path = LOCALES / language / "LC_MESSAGES" / f"{domain}.po"
                found[path] = written(followed(path, language, new))
    return found


def brought_up(
    wanted: dict[Path, bytes], folder: Path, program: str, about: str | None, arguments: list[str] | None
) -> int:
    """Writes those of the `wanted` files below `folder` that changed, or with --check only names them: 1 then
    if there are any."""
    parser = argparse.ArgumentParser(prog=program, description=about)
    parser.add_argument("--check", action="store_true", help="change nothing")
    only_look = parser.parse_args(arguments).check
    changed = [path for path, content in wanted.items() if not path.is_file() or path.read_bytes() != content]
    for path in changed:
        print(path.relative_to(folder))
        if not only_look:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted[path])
    print(f"{len(changed)} files {'would change' if only_look else 'changed'}")
    return 1 if changed and only_look else 0


def main(arguments: list[str] | None = None) -> int:
    """Write what changed; with --check only say it, and end with 1 if anything would."""
    return brought_up(files(), LOCALES, "python -m tools.catalogs", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
