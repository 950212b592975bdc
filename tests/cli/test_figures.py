"""Do figures on a terminal say how much they rest on, and is a report of one year alone?"""

from __future__ import annotations

import io
from dataclasses import asdict
from pathlib import Path

import pytest
from rich.console import Console

from desk.cli import made
from desk.cli.frame import run
from desk.figures import summed
from desk.show_figures import figures
from tests.desk.test_figures import line


def test_a_time_stands_with_its_sample() -> None:
    lines = [line("US", stays=(("sent", 4.0),)) for _ in range(7)]
    lines += [line("FR", answer=None, refused=True, grounds=("ordre-public",)), line("IE", victims=2)]
    console = Console(file=io.StringIO(), width=100)
    figures({"as_of": "2026-11-22T09:00:00+00:00", **asdict(summed(lines))})(console)
    text = console.file.getvalue()  # type: ignore[attr-defined]  # it is the text above
    assert "2 (told by 1 cases)" in text
    assert "unknown" in text
    assert "1 (few)" in text
    assert "ordre-public" in text


@pytest.mark.parametrize("wish", [["--report", "r.pdf"], ["--year", "2025", "--report", "r.doc"]])
def test_a_report_is_of_one_year_and_of_a_known_form(
    wish: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(made(), ["figures", *wish]) == 2
    assert "of one year" in capsys.readouterr().err
