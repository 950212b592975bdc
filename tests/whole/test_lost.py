"""Does a case go on when the engine has forgotten everything, and when a house is restored somewhere else?"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from desk import demo
from desk.cli import made
from desk.cli.frame import run
from desk.cli.given import body_of, case_path
from desk.client import House
from desk.walks import assistance
from schemas.errors import Unavailable
from tests.whole.play import Play, moves, play

pytestmark = [pytest.mark.kill, pytest.mark.slow]


def midway(scene: Play) -> None:
    """A case with the baton passed and a question open: both sides have something to lose."""
    assistance.draft(scene.asking, scene.story)
    assistance.issue(scene.asking, scene.story)
    assistance.approve(scene.asking, scene.story)
    assistance.dispatch(scene.asking, scene.asked, scene.story)
    assistance.acknowledge(scene.asking, scene.asked, scene.story)
    assistance.hand_over(scene.asking, scene.asked, scene.story)
    scene.asked.move("question", id="q1", text="In which time zone?")
    scene.asking.awaits("sees the question", lambda told: told["status"] == "supplementing")


def to_the_end(scene: Play) -> None:
    """From the open question to the proof."""
    scene.asking.move("answer", question="q1", text="UTC")
    scene.asked.awaits("sees the answer", lambda told: told["questions"][0]["answered"] is not None)
    assistance.execute(scene.asking, scene.asked, scene.story)
    assistance.give_back(scene.asking, scene.asked, scene.story)
    assistance.finish(scene.asking, scene.asked, scene.story)
    refs = {"mla": [scene.asking.ref, scene.asked.ref]}
    found = demo.prove(scene.asking, scene.asked, refs, "", scene.story)
    assert demo.proved(found), scene.told.getvalue()


def refuses_until_revived(scene: Play) -> None:
    """A move on a case that the engine does not know says how to bring it back."""
    token = (scene.started.var / "de" / "tokens" / "officer").read_text().strip()
    with House(scene.started.urls["de"], token, patience=0) as house, pytest.raises(Unavailable) as told:
        house.post(case_path(scene.asking.ref, "moves"), body_of("consult", {"text": "Anybody there?"}))
    assert f"rogatory case revive {scene.asking.ref}" in told.value.next_step


def revived(house: str, ref: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every open case of the house runs again, and doing it twice changes nothing."""
    capsys.readouterr()
    assert run(made(), ["case", "revive", "--house", house, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["revived"] == [ref]
    assert run(made(), ["case", "revive", ref, "--house", house, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["revived"] is False


def test_the_file_of_the_engine_is_lost_altogether(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    var = tmp_path / "var"
    monkeypatch.setenv("ROGATORY_VAR", str(var))
    with play(var) as before:
        midway(before)
        filed = moves(before.asking)
    for file in var.glob("temporal.sqlite*"):
        file.unlink()
    with play(var, of=before) as scene:
        assert moves(scene.asking) == filed
        refuses_until_revived(scene)
        revived("de", scene.asking.ref, capsys)
        revived("us", scene.asked.ref, capsys)
        to_the_end(scene)


def test_a_house_goes_on_from_its_backup_in_another_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    with play(old) as before:
        midway(before)
        for house in ("de", "us"):
            assert run(made(), ["backup", str(tmp_path / f"{house}.tar.gz"), "--home", str(old / house)]) == 0
    for house in ("de", "us"):
        keys_and_name(old / house, new / house)
        assert run(made(), ["restore", str(tmp_path / f"{house}.tar.gz"), "--home", str(new / house)]) == 0
    shutil.rmtree(old)
    monkeypatch.setenv("ROGATORY_VAR", str(new))
    with play(new, of=before) as scene:
        revived("de", scene.asking.ref, capsys)
        revived("us", scene.asked.ref, capsys)
        to_the_end(scene)


def keys_and_name(old: Path, new: Path) -> None:
    """What an operator keeps apart from the backups: the keys, and the words that name the house."""
    new.mkdir(parents=True)
    shutil.copy(old / "house.toml", new)
    shutil.copytree(old / "keys", new / "keys")
    shutil.copytree(old / "tokens", new / "tokens")
