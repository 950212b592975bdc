"""Which parsers take bytes from outside? All of them, by name."""

from __future__ import annotations

from pathlib import Path

from fuzz.target import Target
from fuzz.targets import answers, files, law, mails, messages, papers, providers, requests


def targets(scratch: Path) -> list[Target]:
    """Every parser. `scratch`: a folder where those that read files find them, and the keys for mail."""
    return [
        *requests.targets(),
        *law.targets(),
        *messages.targets(),
        *mails.targets(scratch),
        *providers.targets(),
        *answers.targets(),
        *papers.targets(),
        *files.targets(scratch),
    ]
