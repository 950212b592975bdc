"""Does every law file survive reading and writing byte for byte, and bear the name of what it speaks of?"""

from __future__ import annotations

from pathlib import Path

import treaties.load as loading
from treaties.text import dump, read

DATA = loading.PACKAGED


def test_every_law_file_is_canonical() -> None:
    files = sorted(DATA.rglob("*.yml"))
    assert len(files) > 1000
    odd = [str(path.relative_to(DATA)) for path in files if dump(read(path)).encode() != path.read_bytes()]
    assert odd == []


def test_nothing_but_law_files_and_the_guide_lies_among_the_data() -> None:
    others = {path.name for path in DATA.rglob("*") if path.is_file() and path.suffix != ".yml"}
    assert others <= {"AUTHORING.md", "README.md"}


def test_every_law_file_is_packaged() -> None:
    """What `shipped()` reads must be among the files that setuptools is told to take along."""
    settings = (Path(loading.__file__).parents[1] / "pyproject.toml").read_text("utf-8")
    assert 'treaties = ["data/**/*", "locale/**/*"]' in settings
