"""How does a draft become a page: PDF/A-3b and PDF/UA-1, the same bytes from the same draft on every machine?

Only our own fonts are used, never those of the machine: its own few, those under `fonts/`, the Chinese,
Japanese and Korean ones of a package, and whatever the house adds by a folder of its own.
"""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from datetime import UTC, datetime, time
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from letters.drafting import attachment
from letters.sheet import Attached, Draft, Passage
from letters.speech import speech
from schemas.case import CaseState
from schemas.errors import BadInput, RogatoryError
from schemas.ids import digest

HERE = Path(__file__).parent
TEMPLATE = HERE / "forms" / "letter.typ"
FONTS = HERE / "fonts"
EAST_ASIAN = "justmytype_intl_cjk"
STANDARDS = ["a-3b", "ua-1"]
LARGEST = 4 * 1024 * 1024
"""Bytes of data that one letter may carry: beyond it, things go as documents of their own."""

ONE_AT_A_TIME = threading.Lock()
"""The typesetter takes one letter at a time; a second thread is turned away by it."""

PACKAGES = (
    (
        ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "FULLWIDTH", "IDEOGRAPHIC"),
        "justmytype-intl-cjk",
    ),
    (("EGYPTIAN", "CUNEIFORM", "ANATOLIAN", "OLD", "LINEAR"), "fonts-noto-extra"),
    (("EMOJI", "PICTOGRAPH", "FACE"), "fonts-noto-color-emoji"),
)
"""By words in the Unicode name of a character: what to install. Everything else: fonts-noto-core."""


class GlyphMissing(BadInput):
    """A character that no font here can print. A name must not lose a letter."""

    code = "glyph-missing"


class Unset(RogatoryError):
    """The typesetter refused the page: a fault of ours, not of whoever wrote the letter."""

    code = "typesetting"


def pdf(draft: Draft, attached_json: bytes, *, fonts: Path | None = None) -> bytes:
    """The letter as PDF/A-3b and PDF/UA-1 with `attached_json` inside. Same arguments, same bytes.

    `fonts`: a further folder of fonts. Raises GlyphMissing, which names the character and what to install.
    """
    return _set(draft, _inside(draft, attached_json), "pdf", fonts)[0]


def letter(draft: Draft, state: CaseState, *, fonts: Path | None = None) -> bytes:
    """The same with the attachment that belongs to this letter of `state`."""
    return _set(draft, attachment(draft, state), "pdf", fonts)[0]


def pictures(
    draft: Draft, attached_json: bytes, *, ppi: float = 72, fonts: Path | None = None
) -> list[bytes]:
    """Each page as PNG, to be looked at."""
    return _set(draft, _inside(draft, attached_json), "png", fonts, ppi)


def _inside(draft: Draft, content: bytes) -> Attached:
    return Attached(name=f"{draft.attached}.json", content=content, digest=digest(content))


def _set(
    draft: Draft, attached: Attached, form: str, fonts: Path | None, ppi: float | None = None
) -> list[bytes]:
    # Imported here: it is the heaviest library of the house, and most processes set no letters.
    import typst

    if len(attached.content) > LARGEST:
        raise BadInput(
            f"The data of the letter have {len(attached.content)} bytes; {LARGEST} fit inside.",
            where=attached.name,
            next_step="send long texts as documents of their own",
            code="too-large",
        )
    options: dict[str, Any] = {"format": form}
    if form == "pdf":
        options |= {
            "pdf_standards": STANDARDS,
            "timestamp": datetime.combine(draft.dated, time(), UTC),
        }
    else:
        options["ppi"] = ppi
    inputs = {"sheet": json.dumps(_page(draft, attached)), "attached": attached.content.decode()}
    try:
        with ONE_AT_A_TIME:
            made = _compiler(fonts).compile(input=_template(), sys_inputs=inputs, **options)
    except typst.TypstError as error:
        raise _problem(error.message, draft) from None
    return made if isinstance(made, list) else [made]


def _page(draft: Draft, attached: Attached) -> dict[str, Any]:
    """The draft as the template reads it: what is worked out from it added."""
    page = draft.model_dump(mode="json", exclude={"missing"})
    page |= {"ref": draft.references[0][1].text, "digest": attached.digest.removeprefix("sha256:")}
    page["file"] = attached.name
    said = speech(draft.language)
    notes = {
        passage.id: draft.fixed["original" if passage.target else "translate"]
        % {"language": said.spoken(passage.lang)}
        for passage in draft.passages
    }
    for part in page["sections"]:
        for item in part["items"]:
            for block in item["blocks"]:
                if block["block"] == Passage.model_fields["block"].default:
                    block["note"] = notes[block["id"]]
    return page


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


@cache
def fonts(folder: Path | None) -> Any:
    """Our own fonts, and those in a further folder, for a compiler of the typesetter."""
    import typst

    paths = [str(FONTS)]
    if found := find_spec(EAST_ASIAN):
        paths.append(str(Path(str(found.origin)).parent / "fonts"))
    if folder is not None:
        paths.append(str(folder))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=paths)


@cache
def _compiler(folder: Path | None) -> Any:
    import typst

    return typst.Compiler(input=_template(), root=str(HERE / "forms"), font_paths=fonts(folder))


def _problem(message: str, draft: Draft) -> RogatoryError:
    found = re.search(r'the text `?"(?:\\u\{([0-9a-f]+)\}|(.))[^"]*"`? could not be displayed', message)
    if found is None and "font" not in message and "glyph" not in message:
        return Unset(f"The page cannot be set: {message}.", where=draft.form, next_step="report it")
    sign = (chr(int(found[1], 16)) if found[1] else found[2]) if found else ""
    name = unicodedata.name(sign, "an unnamed character") if sign else message
    package = next(
        (pack for words, pack in PACKAGES if any(w in name.split() for w in words)), "fonts-noto-core"
    )
    return GlyphMissing(
        f"No font here has the character {sign!r} (U+{ord(sign):04X}, {name})."
        if sign
        else f"A character cannot be printed: {message}.",
        where=draft.form,
        next_step=f"install {package} and name its folder in the setting font_folder",
    )
