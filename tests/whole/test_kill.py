"""Is anything lost, or sent twice, when worker, server or desk is killed in the middle of a case?

A kill counts only with an unanswered move or an activity in flight, so each test first makes sure of one.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from desk import demo
from desk import story as story_of
from tests.whole.play import PATIENCE, Play, moves, play, sent_out, taken_in, until

pytestmark = [pytest.mark.kill, pytest.mark.slow]


def killed_while_unanswered(scene: Play, house: str, event: str, victim: str) -> None:
    """Makes a move, kills `victim` before anybody could answer it, and lets it be answered after all."""
    worker = f"worker-{house}"
    desk = scene.asking if house == "de" else scene.asked
    scene.freeze(worker)
    with ThreadPoolExecutor(1) as thread:
        by = "approver" if event == "approve" else "officer"
        answer = thread.submit(desk.move, event, by=by)
        until(lambda: scene.unanswered(house) > 0, f"the attempt to {event}")
        assert not answer.done()
        scene.kill(victim)
        if victim != worker:
            scene.thaw(worker)
        scene.mend()
        assert answer.result(timeout=120)["event"] == event
    assert moves(desk).count(event) == 1


def test_a_case_survives_the_death_of_every_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story_of, "PATIENCE", PATIENCE)
    with play(tmp_path / "var") as scene:
        asking, asked, story = scene.asking, scene.asked, scene.story
        demo.draft(asking, story)
        demo.issue(asking, story)
        killed_while_unanswered(scene, "de", "approve", "worker-de")
        scene.freeze("api-us")
        killed_while_unanswered(scene, "de", "send", "temporal")
        killed_in_flight(scene)
        asked.finds(asking.ref)
        asking.awaits("has the receipt", lambda told: told["status"] != "sent")
        killed_while_unanswered(scene, "us", "acknowledge", "api-us")
        demo.hand_over(asking, asked, story)
        demo.clarify(asking, asked, story)
        demo.execute(asking, asked, story)
        demo.give_back(asking, asked, story)
        demo.finish(asking, asked, story)
        nothing_lost_or_doubled(scene)
        assert demo.proved(demo.prove((asking, asked), story)), scene.told.getvalue()


def killed_in_flight(scene: Play) -> None:
    """Kills sender's worker and receiver's desk while the request is on its way between them."""
    ref = scene.asking.ref
    until(lambda: scene.activities_in_flight("de", ref) == 1, "the posting to be in flight")
    scene.kill("worker-de")
    scene.kill("api-us")
    scene.mend()


def nothing_lost_or_doubled(scene: Play) -> None:
    """Every message of either house was delivered, and made one move in the other."""
    until(lambda: all_delivered(scene), "the last receipt")
    for sender, receiver in ((scene.asking, scene.asked), (scene.asked, scene.asking)):
        sent = sent_out(sender)
        assert taken_in(receiver) == dict.fromkeys(sent, 1)
    assert moves(scene.asked).count("arrive") == 1
    rows = scene.asked.officer.get("/cases", ref=scene.asking.ref)["items"]
    assert [row["ref"] for row in rows] == [scene.asked.ref]


def all_delivered(scene: Play) -> bool:
    return all(
        status == "delivered" for desk in (scene.asking, scene.asked) for status in sent_out(desk).values()
    )
