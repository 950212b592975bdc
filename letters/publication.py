"""How do tables that a house publishes become a page: PDF/A-3b and PDF/UA-1, the same bytes every time?"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from letters.typeset import HERE, ONE_AT_A_TIME, STANDARDS, Unset, fonts
from schemas.errors import BadInput

TEMPLATE = HERE / "forms" / "publication.typ"


def publication(page: dict[str, Any], folder: Path | None = None) -> bytes:
    """`page`: title, house, language, dated (ISO day), rules, rules_title, page (a text with number and
    total) and sheets (caption, head, rows of text). `folder`: a further folder of fonts.

    Raises BadInput (`glyph-missing`) where no font has a character of it.
    """
    # Imported here: it is the heaviest library of the house.
    import typst

    dated = datetime.combine(date.fromisoformat(page["dated"]), time(), UTC)
    options: dict[str, Any] = {"format": "pdf", "pdf_standards": STANDARDS, "timestamp": dated}
    source = TEMPLATE.read_bytes()
    try:
        with ONE_AT_A_TIME:
            compiler = typst.Compiler(input=source, root=str(HERE / "forms"), font_paths=fonts(folder))
            made: Any = compiler.compile(sys_inputs={"sheet": json.dumps(page)}, **options)
    except typst.TypstError as error:
        if "displayed" not in error.message:
            raise Unset(f"The page cannot be set: {error.message}.", next_step="report it") from None
        raise BadInput(
            f"A character cannot be printed: {error.message}.",
            next_step="install fonts-noto-core and name its folder in the setting font_folder",
            code="glyph-missing",
        ) from None
    return bytes(made)
