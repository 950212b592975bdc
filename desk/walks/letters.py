"""What would have gone out on paper? The main letters of the walk, sealed, in three languages, as files."""

from __future__ import annotations

from pathlib import Path

from desk.cli.given import case_path
from desk.story import Desk, Story

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
DESPITE = "shown to a visitor; what is asked for and not there is marked on the page"


def walk(asking: Desk, asked: Desk, refs: dict[str, list[str]], folder: Path, story: Story) -> list[Path]:
    """Writes the letters into `folder`, each sealed and kept by its own house; the files. Raises what stopped
    it. `refs`: the references of the cases by kind: ours, then theirs.
    """
    story.step("The letters on paper: English, French and Arabic, sealed by the house that writes them")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made: list[Path] = []
    for desk, which, side in ((asking, FROM_ASKING, 0), (asked, FROM_ASKED, -1)):
        for kind, form in which:
            files = [_sealed(desk, refs[kind][side], form, language, folder) for language in LANGUAGES]
            story.tell(desk.name, f"{form}: {', '.join(file.name for file in files)}")
            made += files
    story.tell("in the folder", str(folder))
    return made


def _sealed(desk: Desk, ref: str, form: str, language: str, folder: Path) -> Path:
    told = desk.officer.post(case_path(ref, "letters", form), {"language": language, "format": "json"})
    lacking = any(each["required"] for each in told["missing"])
    who, despite = ("approver", DESPITE) if lacking else ("officer", None)
    body = {"language": language, "despite": despite}
    kept = desk.people[who].post(case_path(ref, "letters", form, "seal"), body)
    target = folder / f"{form}-{language}.pdf"
    desk.officer.save("GET", case_path(ref, "documents", kept["digest"]), target)
    return target
