"""Where does the law come from, and in which file and line does it break a rule?

`shipped()` is the registry of this installation: the packaged data and, above it, the folder named by the
environment variable ROGATORY_OVERLAY. `load_registry` folds any layers, each a folder or a mapping from a
path inside such a folder to its content, later layers adding rows to earlier ones.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from schemas.errors import BadData, UnknownWord
from schemas.gates import Gate
from schemas.law import Fact, Instrument, Jurisdiction, Offence, Parties, Provider, Row, Source
from treaties.held import PRACTICE_LISTS, RULE_LISTS
from treaties.layers import Laid, fold, joined
from treaties.registry import Registry
from treaties.text import Content, lines_of, read
from treaties.words import told, unknown_names

Layer = Path | Mapping[str, Content]
M = TypeVar("M", bound=Row)
F = TypeVar("F", bound=Fact)

PACKAGED = Path(__file__).parent / "data"
OVERLAY = "ROGATORY_OVERLAY"
FOLDERS = ("sources", "states", "instruments", "parties", "providers")
LISTS = {"offences": "articles", "gates": "authorities"}
"""Files that are one list, and under which name each thing in it keeps its fact rows."""
DEFAULTED = ("source", "recorded", "checked", "confidence")
DAYS = ("on", "since", "until")


@dataclass(frozen=True, slots=True)
class LawFile:
    """One file of one layer: where it lies, what it is about (`states/DE`), and what it says."""

    name: str
    path: Path | None
    content: Content

    @property
    def where(self) -> str:
        return self.name if self.path is None else str(self.path)


def shipped(overlay: Path | None = None) -> Registry:
    """The registry of this installation, read once for each overlay folder: `overlay` of a house's settings,
    else the one named in the environment. Raises as `load_registry`."""
    return _shipped(str(overlay) if overlay is not None else os.environ.get(OVERLAY, ""))


def load_registry(layers: Iterable[Layer]) -> Registry:
    """The registry made of `layers`, folded in order: base data, overlay, accepted proposals.

    A later layer may add files, rows to known files, and `retracted` to a known row (by repeating the row).
    It may not change what stands. Raises BadData (`where` is file:line) for anything that breaks the format,
    and UnknownWord for a State, instrument or word that is not known, with the nearest known ones.
    """
    laid: dict[str, list[Laid]] = {}
    digest = hashlib.sha256()
    for layer in layers:
        for file in _files(layer):
            digest.update(_told(file))
            for key, model in _models(file, laid):
                laid.setdefault(key, []).append(Laid(model, file.where))
    folded = {key: fold(key, models) for key, models in laid.items()}
    registry = Registry(
        edition=f"sha256:{digest.hexdigest()}",
        instruments=_section(folded, "instruments", Instrument),
        parties=_section(folded, "parties", Parties),
        jurisdictions=_section(folded, "states", Jurisdiction),
        offences=_section(folded, "offences", Offence),
        gates=_section(folded, "gates", Gate),
        sources=_section(folded, "sources", Source),
        providers=_section(folded, "providers", Provider),
        entries=_gathered(laid, "instruments", "entry"),
        completeness=_gathered(laid, "parties", "complete"),
    )
    _refuse_unknown(registry, registry, laid)
    return registry


def extended(base: Registry, layer: Layer) -> Registry:
    """`base` with one more layer folded onto it, for what was accepted since it was read.

    Only what the layer speaks of is folded again, so it takes milliseconds. The edition covers both. Raises
    as `load_registry`.
    """
    laid: dict[str, list[Laid]] = {}
    digest = hashlib.sha256(base.edition.encode())
    for file in _files(layer):
        digest.update(_told(file))
        for key, row in _described(base, file):
            laid.setdefault(key, [Laid(row, "registry")])
        for key, model in _models(file, laid):
            laid.setdefault(key, []).append(Laid(model, file.where))
    folded = {key: fold(key, models) for key, models in laid.items()}
    above = {key: [item for item in models if item.where != "registry"] for key, models in laid.items()}
    changed: dict[str, Any] = {
        "instruments": _section(folded, "instruments", Instrument),
        "parties": _section(folded, "parties", Parties),
        "jurisdictions": _section(folded, "states", Jurisdiction),
        "offences": _section(folded, "offences", Offence),
        "gates": _section(folded, "gates", Gate),
        "sources": _section(folded, "sources", Source),
        "providers": _section(folded, "providers", Provider),
        "entries": _onto(base.entries, _gathered(above, "instruments", "entry")),
        "completeness": _onto(base.completeness, _gathered(above, "parties", "complete")),
    }
    whole: dict[str, Any] = {name: {**getattr(base, name), **rows} for name, rows in changed.items()}
    edition = f"sha256:{digest.hexdigest()}"
    registry = replace(base, edition=edition, memo={}, **whole)
    _refuse_unknown(replace(registry, memo={}, **changed), registry, laid)
    return registry


@lru_cache(maxsize=4)
def _shipped(overlay: str) -> Registry:
    layers = [PACKAGED]
    if overlay:
        folder = Path(overlay)
        if not folder.is_dir():
            raise BadData(
                f"The overlay folder {overlay!r} does not exist.",
                where=OVERLAY,
                next_step=f"name a folder with {'/, '.join(FOLDERS)}/, or unset it",
            )
        layers.append(folder)
    with _kept():
        return load_registry(layers)


@contextmanager
def _kept() -> Iterator[None]:
    """What is read here stays as long as the process. The collector of unreachable objects is kept off it:
    its looks take half of the time of reading, and later stop every answer for a quarter of a second."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()


def _refuse_unknown(part: Registry, whole: Registry, laid: Mapping[str, list[Laid]]) -> None:
    for named, known in unknown_names(part, whole):
        where = _line_in(laid[named.key], named.place)
        raise UnknownWord(named.kind, named.word, known, where=where)


# --- files --------------------------------------------------------------------------------------------


def _files(layer: Layer) -> Iterator[LawFile]:
    """The law files of a layer, in the order in which one may refer to another."""
    if isinstance(layer, Path):
        if not layer.is_dir():
            raise BadData("There is no such folder of law data.", where=str(layer), next_step="name a folder")
        paths = {path.relative_to(layer).as_posix(): path for path in layer.rglob("*.yml")}
        for name in sorted(paths, key=_order_of_files):
            yield LawFile(name.removesuffix(".yml"), paths[name], read(paths[name]))
    else:
        for name in sorted(layer, key=_order_of_files):
            yield LawFile(name.removesuffix(".yml"), None, layer[name])


def _told(file: LawFile) -> bytes:
    """What counts for the edition."""
    return json.dumps([file.name, file.content], sort_keys=True, ensure_ascii=False).encode()


def _described(base: Registry, file: LawFile) -> Iterator[tuple[str, Row]]:
    """What `base` says already about the things this file speaks of."""
    folder, _, name = file.name.partition("/")
    sections: dict[str, Mapping[str, Row]] = {
        "sources": base.sources,
        "states": base.jurisdictions,
        "instruments": base.instruments,
        "parties": base.parties,
        "offences": base.offences,
        "gates": base.gates,
        "providers": base.providers,
    }
    whole = folder in LISTS
    names = list(sections[folder]) if whole else [name.upper() if folder == "states" else name]
    for each in names:
        if each in sections[folder]:
            yield f"{folder}/{each}", sections[folder][each]


def _order_of_files(name: str) -> tuple[int, str]:
    folder, _, file = name.partition("/")
    if folder in FOLDERS and file and "/" not in file:
        return FOLDERS.index(folder), name
    if name.removesuffix(".yml") in LISTS:
        return len(FOLDERS), name
    raise BadData(
        f"The registry has no place for a file {name!r}.",
        where=name,
        next_step=f"put it under {', '.join(FOLDERS)}, or into offences.yml or gates.yml",
    )


def _models(file: LawFile, laid: Mapping[str, list[Laid]]) -> Iterator[tuple[str, Row]]:
    """What the file says, as checked rows, each under its key (`parties/budapest`)."""
    content = _filled(file)
    folder = file.name.partition("/")[0]
    if folder in LISTS:
        for index, item in enumerate(content.get(folder, ())):
            place = (folder, str(index))
            if folder == "offences":
                offence = _checked(Offence, item, file, place)
                yield f"offences/{offence.slug}", offence
            else:
                gate = _checked(Gate, item, file, place)
                yield f"gates/{gate.gate}", gate
        return
    if folder == "sources":
        source = _checked(Source, content, file)
        yield _named(file, source.key), source
    elif folder == "states":
        state = _checked(Jurisdiction, _completed(file, content, laid), file)
        yield _named(file, state.code), state
    elif folder == "instruments":
        instrument = _checked(Instrument, _completed(file, content, laid), file)
        yield _named(file, instrument.key), instrument
    elif folder == "providers":
        provider = _checked(Provider, content, file)
        yield _named(file, provider.key), provider
    else:
        parties = _checked(Parties, content, file)
        yield _named(file, parties.instrument), parties


def _named(file: LawFile, key: str) -> str:
    """The key of a file is its name, so that a person finds the one from the other."""
    folder, _, name = file.name.partition("/")
    if name.lower() != key.lower():
        raise BadData(
            f"The file is named {name!r} but speaks of {key!r}.",
            where=file.where,
            next_step=f"rename it to {key}.yml, or mend the key",
        )
    return f"{folder}/{key}"


def _completed(file: LawFile, content: dict[str, Any], laid: Mapping[str, list[Laid]]) -> Mapping[str, Any]:
    """A later layer need not repeat the title and form of what an earlier one already describes."""
    folder, _, name = file.name.partition("/")
    key = f"{folder}/{name.upper() if folder == 'states' else name}"
    if key not in laid:
        return content
    first = laid[key][0].model
    rows = {*RULE_LISTS, *PRACTICE_LISTS, "entry"}
    known = {field: getattr(first, field) for field in type(first).model_fields if field not in rows}
    return {**known, **content}


# --- rows ---------------------------------------------------------------------------------------------


def _filled(file: LawFile) -> dict[str, Any]:
    """The content with the file's `defaults` written into its rows, and unknown days as None."""
    if not isinstance(file.content, dict):
        raise BadData(
            "A law file is a mapping.", where=file.where, next_step="start it with `key: value` lines"
        )
    content: dict[str, Any] = dict(file.content)
    given = content.pop("defaults", {})
    if not isinstance(given, dict) or not set(given) <= set(DEFAULTED):
        raise BadData(
            f"`defaults` may only give {', '.join(DEFAULTED)}.",
            where=_line(file, ("defaults",)),
            next_step="move the other fields into the rows",
        )
    if file.name.startswith(("states/", "providers/")):
        for field in ("source", "recorded", "confidence"):
            if field in given:
                content.setdefault(field, given[field])
    for name, value in content.items():
        if name in {"entry", "complete"} and isinstance(value, dict):
            content[name] = _row(value, given)
        elif name == "states" and isinstance(value, dict):
            content[name] = {state: _rows(rows, given) for state, rows in value.items()}
        elif name in LISTS:
            content[name] = [_with_rows(item, LISTS[name], given) for item in value]
        else:
            content[name] = _rows(value, given)
    return content


def _rows(value: Any, given: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_row(item, given) if isinstance(item, dict) else item for item in value]
    return value


def _row(row: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    filled = {**given, **row}
    for name in DAYS:
        if filled.get(name) == "unknown":
            filled[name] = None
    return filled


def _with_rows(item: Any, rows: str, given: Mapping[str, Any]) -> Any:
    if isinstance(item, dict) and rows in item:
        return {**item, rows: _rows(item[rows], given)}
    return item


def _checked(model: type[M], content: Any, file: LawFile, prefix: tuple[str, ...] = ()) -> M:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = (*prefix, *(str(part) for part in first["loc"]))
        raise told(dict(first), place, _line(file, place)) from None


def _line(file: LawFile, place: tuple[str, ...]) -> str:
    """`file:line` of a place, or of the nearest thing around it that the file really holds."""
    if file.path is None:
        return f"{file.where}: {'.'.join(place)}"
    lines = lines_of(file.path)
    while place and place not in lines:
        place = place[:-1]
    return f"{file.path}:{lines.get(place, 1)}"


def _line_in(layers: Sequence[Laid], place: tuple[str, ...]) -> str:
    """`file:line` in the newest of the layers whose file holds the place."""
    for layer in reversed(layers):
        path = Path(layer.where)
        lines = lines_of(path) if path.is_file() else {}
        if place in lines:
            return f"{path}:{lines[place]}"
    return f"{layers[0].where}: {'.'.join(place)}"


# --- sections -----------------------------------------------------------------------------------------


def _section(folded: Mapping[str, Row], folder: str, model: type[M]) -> dict[str, M]:
    prefix = f"{folder}/"
    return {
        key.removeprefix(prefix): row
        for key, row in folded.items()
        if key.startswith(prefix) and isinstance(row, model)
    }


def _gathered(laid: Mapping[str, list[Laid]], folder: str, name: str) -> dict[str, tuple[Any, ...]]:
    """Every row any layer gave for a field that an instrument has once, in order of layers."""
    found: dict[str, tuple[Any, ...]] = {}
    for key, models in laid.items():
        place, _, short = key.partition("/")
        if place == folder:
            rows = [getattr(item.model, name) for item in models]
            found[short] = tuple(row for row in rows if row is not None)
    return found


def _onto(below: Mapping[str, Sequence[F]], above: Mapping[str, Sequence[F]]) -> dict[str, tuple[F, ...]]:
    """Rows of two layers by key; one above may retract one below."""
    return {key: joined(below.get(key, ()), rows) for key, rows in above.items()}
