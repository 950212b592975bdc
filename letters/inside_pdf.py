"""Which words stand in a PDF: on its pages, in notes and fields, and what documents does it carry?"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from html import unescape
from typing import Any

from letters.inside import Inside

MOST_PAGES = 5000
FEW_LETTERS = 100
"""A page with a picture and fewer letters than this is a scan with a stamp or a number on it."""
BARE = 64
"""Bytes in which a page without letters draws nothing that could be any."""
DEEP = 3

logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)


def pdf(content: bytes, place: str, found: Inside) -> Iterator[tuple[str, bytes]]:
    """Put the words into `found`; what the PDF carries is given on: place and bytes."""
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            found.miss(place, "encrypted")
            return
        pages = len(reader.pages)
    # the library raises whatever it stumbles over in a broken file
    except Exception:
        found.miss(place, "broken")
        return
    if pages > MOST_PAGES:
        found.miss(place, "large")
    for number in range(min(pages, MOST_PAGES)):
        if found.late(_in(place, f"page {number + 1}")):
            break
        _page(reader, number, _in(place, f"page {number + 1}"), found)
    for what in (_of_itself, _outline, _fields):
        try:
            found.say(_in(place, what.__name__.strip("_").replace("_", " ")), "\n".join(what(reader)))
        except Exception:
            found.miss(place, "broken")
    yield from _carried(reader, place, found)


def _page(reader: Any, number: int, place: str, found: Inside) -> None:
    try:
        page = reader.pages[number]
        said = str(page.extract_text())
        found.say(place, said)
        found.say(f"{place} notes", "\n".join(_notes(page)))
        letters = sum(map(str.isalpha, said))
        if letters < FEW_LETTERS and (_pictured(page, DEEP) or (not letters and _drawn(page))):
            found.miss(place, "scan")
    except Exception:
        found.miss(place, "broken")


def _notes(page: Any) -> Iterator[str]:
    for each in page.get("/Annots") or ():
        note = each.get_object()
        for key in ("/Contents", "/T", "/V", "/TU", "/RC"):
            if isinstance(note.get(key), str):
                yield str(note[key])
        action = note.get("/A")
        if action is not None and isinstance(action.get_object().get("/URI"), str):
            yield str(action.get_object()["/URI"])


def _pictured(page: Any, deep: int) -> bool:
    """Does it show a picture, itself or in what it is put together of?"""
    resources = page.get("/Resources")
    shown = resources.get_object().get("/XObject") if resources is not None else None
    if shown is None or not deep:
        return False
    for each in shown.get_object().values():
        one = each.get_object()
        if one.get("/Subtype") == "/Image" or _pictured(one, deep - 1):
            return True
    return False


def _drawn(page: Any) -> bool:
    """Is more drawn than a blank page needs? Letters may be there as lines."""
    contents = page.get_contents()
    return contents is not None and len(contents.get_data()) > BARE


def _of_itself(reader: Any) -> Iterator[str]:
    for value in (reader.metadata or {}).values():
        yield str(value)
    more = reader.root_object.get("/Metadata")
    if more is not None:
        yield more.get_object().get_data().decode("utf-8", "replace")


def _outline(reader: Any) -> Iterator[str]:
    waiting = list(reader.outline)
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        else:
            yield str(one.title)


def _fields(reader: Any) -> Iterator[str]:
    for name, told in (reader.get_fields() or {}).items():
        yield str(name)
        for key in ("/V", "/TU", "/DV"):
            if isinstance(told.get(key), str):
                yield str(told[key])
    # forms of the kind that draws itself (XFA): only what it is told to draw holds words
    form = reader.root_object.get("/AcroForm")
    drawn = form.get_object().get("/XFA") if form is not None else None
    if drawn is not None:
        parts = drawn.get_object()
        for each in parts[1::2] if isinstance(parts, list) else [parts]:
            yield unescape(each.get_object().get_data().decode("utf-8", "replace"))


def _carried(reader: Any, place: str, found: Inside) -> Iterator[tuple[str, bytes]]:
    try:
        files = list(reader.attachment_list)
    except Exception:
        found.miss(place, "broken")
        return
    for number, one in enumerate(files, start=1):
        inner = _in(place, f"file {number}")
        try:
            names = {str(one.name), str(one.alternative_name or ""), str(one.description or "")}
            found.say(f"{inner} name", "\n".join(sorted(names)))
            content = bytes(one.content)
        except Exception:
            found.miss(inner, "broken")
            continue
        if found.enter(inner, len(content)):
            yield inner, content


def _in(place: str, what: str) -> str:
    return f"{place}.{what}" if place else what
