"""Do the houses find each other again when one has lost its port, and is a half-made one made anew?"""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from desk import houses
from desk.cli.visit import address_of
from desk.story import desk_of
from desk.walks import assistance
from tests.patience import until
from tests.whole.play import play


@pytest.mark.slow
def test_a_house_that_lost_its_port_is_found_by_the_other(tmp_path: Path) -> None:
    with play(tmp_path / "var") as scene:
        before = scene.started.urls["us"]
        scene.kill("api-us")
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", int(before.rsplit(":", 1)[1])))
            taken.listen()
            scene.mend()
            until(lambda: address_of(tmp_path / "var" / "us") != before, "the other address")
            scene.started.follow()
        scene.asked.close()
        scene.asked = desk_of(scene.started, "us", scene.story)
        assistance.draft(scene.asking, scene.story)
        assistance.issue(scene.asking, scene.story)
        assistance.approve(scene.asking, scene.story)
        assistance.dispatch(scene.asking, scene.asked, scene.story)


def test_a_house_left_half_made_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(Exception):
        """Stands for a kill in the middle."""

    def stop(*_: object) -> None:
        raise Interrupted

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", stop)
        with pytest.raises(Interrupted):
            houses.prepare(tmp_path, lambda line: None)
    assert not (tmp_path / "de").exists()
    homes = houses.prepare(tmp_path, lambda line: None)
    assert [sorted(path.name for path in (home / "tokens").iterdir()) for home in homes.values()] == [
        sorted(person.id for person in houses.PEOPLE)
    ] * len(homes)
