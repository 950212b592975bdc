"""Is the command line whole: every command of the plan there, each with words of help and with --json?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from desk.cli import made, spoken
from desk.cli.frame import run
from treaties.load import shipped

ROOT = Path(__file__).resolve().parents[2]

PLANNED = """
ask; registry check; registry parties; registry show; registry propose; registry proposals; registry diff;
registry impact; registry accept; registry refuse; registry history; registry export; registry stale;
registry what-if; registry sweep; rehearse; file; arrive; attach; show; list; find; timeline;
assessment; custody; document; amend; choose-basis; issue; approve; reopen; send; acknowledge; redirect;
question; answer;
consult; decide; postpone; limit; answer-limit; evidence; withdraw; close; hold; posted; move; record;
handoff offer; handoff accept; handoff return; handoff withdraw; ledger verify; ledger export; ledger head;
figures;
matters; matter; clocks; holders; transfers; letters; letter; worksheet; annex; guard;
post; notification; received; resend; house mail;
docket rebuild; case revive; erase; people list; people add; people token; people email;
people access; people close; people invite; people operator; people reset; people revoke; people roles;
people sign-out;
people absent; people absences; people back; people leave; calendar; notice test; me; import;
item keep; item fetch; item save; item note;
verify; keys rotate; house certificate; house card; house trust; house rotate-key;
house revoke-key; house seal;
house new; house introduce; provider add; provider list; provider-emulator;
backup; restore; up; demo
"""


def names(app: typer.Typer) -> dict[str, list[str]]:
    """Every command by its words, with the options it takes."""
    found: dict[str, list[str]] = {}

    def look(command: object, words: tuple[str, ...]) -> None:
        inner = getattr(command, "commands", None)
        if inner is not None:
            for name, each in inner.items():
                look(each, (*words, name))
        else:
            parameters = getattr(command, "params", [])
            found[" ".join(words)] = [option for each in parameters for option in each.opts]

    look(get_command(app), ())
    return found


def test_every_command_of_the_plan_is_there_and_no_other() -> None:
    planned = [" ".join(word.split()) for word in PLANNED.split(";")]
    moves = {event for event, _ in spoken.bodies()}
    assert sorted(set(names(made())) - (moves - set(planned))) == sorted(planned)


def test_every_command_speaks_json() -> None:
    assert [name for name, options in names(made()).items() if "--json" not in options] == []


@pytest.mark.parametrize("words", sorted(names(made())))
def test_every_command_explains_itself(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(made(), [*words.split(), "--help"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"^  \S", told, flags=re.MULTILINE), told


def test_without_a_word_it_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(made(), []) == 0
    assert "Routes cross-border requests" in capsys.readouterr().out


@pytest.mark.parametrize("document", ["README.md", "docs/tour.md"])
def test_documents_name_only_commands_that_exist(document: str) -> None:
    known = set(names(made()))
    text = (ROOT / document).read_text("utf-8")
    for told in re.findall(r"(?:^|[`$ ])rogatory ((?:[a-z-]+ ?){1,2})", text, flags=re.MULTILINE):
        words = told.split()
        assert " ".join(words[:2]) in known or words[0] in known or told.startswith("--"), told


def test_an_unknown_state_is_called_a_state(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(made(), ["registry", "show", "ZZ"]) == 2
    assert "'ZZ' is not a known State" in capsys.readouterr().err


def test_no_instrument_can_be_taken_for_a_state() -> None:
    assert not [key for key in shipped().instruments if len(key) == 2]
