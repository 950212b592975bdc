"""What would have gone out on paper? The main letters of the walk, sealed, in three languages, as files."""

from __future__ import annotations

from pathlib import Path

from desk.cli.given import case_path
from desk.story import Desk, Story
from schemas.settings import settings_of

LANGUAGES = ("en", "fr", "ar")
FROM_ASKING = (
    ("mla", "mla-request"),
    ("preservation", "provider-preservation"),
    ("extradition", "extradition-request"),
)
FROM_ASKED = (("mla", "acknowledgement"), ("mla", "evidence"))
"""Which letters each side shows: the kind of the case, the form."""

SHOWN = "mla-request-fr.pdf"
"""The one that is held up for checking."""


def walk(
    asking: Desk,
    asked: Desk,
    homes: tuple[Path, Path],
    refs: dict[str, list[str]],
    folder: Path,
    story: Story,
) -> list[Path]:
    """Writes the letters into `folder`, each sealed by its own house; the files. Raises what stopped it.

    `homes` are those of the two houses, `refs` the references of the cases by kind: ours, then theirs.
    """
    story.step("The letters on paper: English, French and Arabic, sealed by the house that writes them")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made: list[Path] = []
    for desk, home, which, side in ((asking, homes[0], FROM_ASKING, 0), (asked, homes[1], FROM_ASKED, -1)):
        for kind, form in which:
            files = [_sealed(desk, home, refs[kind][side], form, language, folder) for language in LANGUAGES]
            story.tell(desk.name, f"{form}: {', '.join(file.name for file in files)}")
            made += files
    story.tell("in the folder", str(folder))
    return made


def _sealed(desk: Desk, home: Path, ref: str, form: str, language: str, folder: Path) -> Path:
    # slow to import, and only this step needs it
    from desk.sealing import sealed_letter

    target = folder / f"{form}-{language}.pdf"
    part = target.with_suffix(".part")
    try:
        desk.officer.save("POST", case_path(ref, "letters", form), part, {"language": language})
        content = sealed_letter(settings_of(home), part.read_bytes())
    finally:
        part.unlink(missing_ok=True)
    target.write_bytes(content)
    return target
