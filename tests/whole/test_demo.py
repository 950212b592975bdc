"""Does `rogatory demo` show what it promises, also without a terminal, and find its old cases again?"""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from desk.sealing import trusted_in, verified
from tests.whole.play import alive

pytestmark = pytest.mark.slow

ROGATORY = [sys.executable, "-m", "desk"]
LETTERS, LANGUAGES = 5, ("en", "fr", "ar")
PARTS = 5
"""The server, and a desk and a worker for each of the two houses."""
PROMISED = (
    "budapest",
    "protection: unprotected",
    "keeps them of its own will until",
    "has followed, and the provider is told",
    "stops the sending",
    "refused: sending it now",
    "a judge issues",
    "somebody else than the author approves",
    "the signed receipt is",
    "acknowledges",
    "held by: us, say both houses",
    "supplementing",
    "accepts the limit",
    "partly-executed",
    "sha256",
    "held by: de, say both houses",
    "victims identified: 1",
    "byte-identical in both houses; every signature verified: yes",
    "the person was arrested",
    "every clock that runs",
    "finds it sufficient",
    "answers: torture",
    "handed over",
    "mla-request-ar.pdf",
    "the pages are those that were sealed",
    "the certificate stands in the trust list",
    "Closed in both houses.",
)


def rogatory(var: Path, *words: str, width: int = 80) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "ROGATORY_VAR": str(var), "COLUMNS": str(width)}
    return subprocess.run(
        [*ROGATORY, *words], env=env, capture_output=True, text=True, timeout=300, check=False
    )


def test_one_case_from_the_question_to_its_proof(tmp_path: Path) -> None:
    var = tmp_path / "var"
    first = rogatory(var, "demo", "--once")
    assert first.returncode == 0, first.stdout + first.stderr
    words = " ".join(first.stdout.split())
    assert [promise for promise in PROMISED if promise not in words] == []
    assert max(len(line) for line in first.stdout.splitlines()) <= 80
    assert "\x1b" not in first.stdout
    second = rogatory(var, "demo", "--once", "--json")
    assert second.returncode == 0, second.stdout + second.stderr
    proof = told(second.stdout)
    assert proof["ledgers"] == {"Germany": "yes", "United States": "yes"}
    sound = {"identical": True, "verified": ["yes", "yes"]}
    assert proof["custody"] == {"mla": {"passings": 2, **sound}, "extradition": {"passings": 1, **sound}}
    assert [len(cases) for cases in proof["cases"].values()] == [1, 2, 2]
    assert {status for cases in proof["cases"].values() for status in cases.values()} == {"closed"}
    assert proof["matter"] == "Lantern 2"
    assert "3 cases of earlier are still here" in second.stderr
    sealed_and_readable(Path(proof["letters"]["folder"]), proof["letters"]["files"])


def sealed_and_readable(folder: Path, files: list[str]) -> None:
    """Each letter of the demo is PDF/A-3 in its language, holds with the trust list of either house, and does
    not hold with one byte altered."""
    assert len(files) == len(set(files)) == LETTERS * len(LANGUAGES)
    trust = trusted_in([folder.parents[1] / house / "keys" / "trust.json" for house in ("de", "us")])
    for name in files:
        content = (folder / name).read_bytes()
        language = name.removesuffix(".pdf")[-2:]
        assert language in LANGUAGES
        assert str(PdfReader(io.BytesIO(content)).root_object["/Lang"])[:2] == language
        assert b"pdfaid:part>3<" in content
        assert verified(content, trust).verdict.value == "yes", name
        place = content.index(b"/Type") + 1
        altered = content[:place] + b"Z" + content[place + 1 :]
        assert verified(altered, trust).verdict.value == "no", name


def told(text: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(text)
    return made


def test_a_second_one_is_told_where_the_first_runs_and_a_stop_leaves_nothing(tmp_path: Path) -> None:
    var = tmp_path / "var"
    env = {**os.environ, "ROGATORY_VAR": str(var)}
    with subprocess.Popen([*ROGATORY, "up"], env=env, stdout=subprocess.PIPE, text=True) as first:
        try:
            assert first.stdout is not None
            lines = []
            for line in first.stdout:
                lines.append(line)
                if line.startswith("Ctrl-C"):
                    break
            urls = re.findall(r"http://127\.0\.0\.1:\d+", "".join(lines))
            second = rogatory(var, "up", "--once", "--json")
            assert second.returncode == 1
            problem = told(second.stdout)
            assert problem["error"] == "running-already"
            assert urls[0] in problem["what"]
            assert urls[1] in problem["what"]
            assert len(family(first.pid)) == PARTS
            children = family(first.pid)
            first.send_signal(signal.SIGINT)
            assert first.wait(60) == 0
            assert [pid for pid in children if alive(pid)] == []
        finally:
            first.kill()


def family(parent: int) -> list[int]:
    """The children of a process."""
    done = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=True
    )
    return [int(word) for word in done.stdout.split()]
