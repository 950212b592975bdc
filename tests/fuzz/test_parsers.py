"""Does no parser do anything but take or refuse what it is fed, in a short run of each?

The long run is `python -m fuzz`: a million inputs, bounded in time and memory, in processes of their own.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from fuzz.target import Target
from fuzz.targets import targets
from fuzz.trial import SECONDS
from schemas.errors import RogatoryError

SEED = 1
CHEAP, DEAR = 40, 5
"""Inputs of each parser, and of those that take their time."""
DEAREST = {"law-draft-json", "law-draft-yaml", "chart-csv", "chart-xlsx", "provider-collected", "letter-pdf"}
NAMES = (
    "request-yaml", "request-json", "move-json", "api-body", "cursor", "command-words",
    "law-draft-json", "law-draft-yaml", "law-file", "law-words", "chart-csv", "chart-xlsx",
    "register-csv", "register-xlsx", "message", "message-signed", "custody", "parcel", "mail",
    "mail-encrypted", "mail-signed", "mail-inside", "certificate", "provider-message",
    "provider-answer", "provider-words", "house-answer", "provider-collected", "piece", "key-agreed",
    "retry-after", "letter-pdf", "worksheet-docx", "stamp-answer", "inside-pdf",
    "inside-archive", "inside-text", "trust-list", "house-card",
    "provider-book", "signing-key", "private-key", "house-certificate", "token-address", "settings",
    "refused-hashes", "ledger-export", "ledger-keys", "ledger-head", "backup",
)  # fmt: skip


@pytest.fixture(scope="module")
def parsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Target]]:
    folder: Path = tmp_path_factory.mktemp("fuzz")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROGATORY_HOME", os.fspath(folder / "house"))
        yield {one.name: one for one in targets(folder)}


def test_every_parser_is_named_here(parsers: dict[str, Target]) -> None:
    assert tuple(parsers) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_parser_takes_or_refuses(
    parsers: dict[str, Target], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = parsers[name]
    monkeypatch.setenv("ROGATORY_HOME", os.environ.get("ROGATORY_HOME", ""))
    taken, refused = 0, list[RogatoryError]()
    for number in range(len(target.seeds) + (DEAR if name in DEAREST else CHEAP)):
        with warnings.catch_warnings():
            # an archive with a name twice is made, and a spreadsheet read, with a grumble
            warnings.simplefilter("ignore")
            content, start = target.made(SEED, number), time.process_time()
            try:
                target.run(content)
                taken += 1
            except RogatoryError as error:
                refused.append(error)
        assert time.process_time() - start < SECONDS, number
    assert all(error.what and error.code for error in refused)
    # A target that refuses even what is honest tries nothing but the first line of its parser.
    assert taken or name == "key-agreed"
