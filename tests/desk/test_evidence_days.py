"""Is somebody told before an item must go back or be destroyed, once for each step, and without details?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from desk import evidence, evidence_days
from desk.evidence_days import Days, step_of
from desk.refused_hashes import refused_hash
from letters.manifest import entry_of
from schemas.work import NotifyWork
from tests.desk.evidence_houses import DE_REF, OFFICER, Houses, content_of, item_of, two_houses
from tests.flow.notices.servers import FakeMailbox
from tests.ports import free_port

DAY = date(2026, 12, 31)
CONTENT = content_of(1000)


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[Houses]:
    with two_houses(tmp_path) as found:
        found.declare(item_of(CONTENT))
        yield found


def due(houses: Houses, **days: Any) -> None:
    state = houses.de.records.states.latest(DE_REF)
    fields = {"where": "here", "why": "order", "how": "noted", **days}
    evidence.note(houses.de, state, state.evidence[0], "due", OFFICER, **fields)


@pytest.mark.parametrize(
    ("left", "step"),
    [(31, None), (30, 30), (8, 30), (7, 7), (2, 7), (1, 1), (0, 0), (-1, -1), (-7, -1), (-8, -2)],
)
def test_the_steps(left: int, step: int | None) -> None:
    assert step_of(DAY, DAY - timedelta(days=left)) == step


def test_each_step_is_told_once_to_the_right_functions(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[NotifyWork] = []
    reached = [True]

    def fake_tell(settings: Any, records: Any, key: Any, work: NotifyWork) -> bool:
        sent.append(work)
        return reached[0]

    monkeypatch.setattr(evidence_days, "tell", fake_tell)
    days = Days(houses.de)
    assert days.round(DAY) == []
    due(houses, destroy_by=DAY)
    assert days.round(DAY - timedelta(days=40)) == []
    reached[0] = False
    assert days.round(DAY - timedelta(days=30)) == []
    reached[0] = True
    assert len(days.round(DAY - timedelta(days=30))) == 1
    assert len(Days(houses.de).round(DAY - timedelta(days=29))) == 0, "a restart tells nothing twice"
    assert len(days.round(DAY)) == 1
    assert len(days.round(DAY + timedelta(days=1))) == 1
    assert [work.code for work in sent] == ["due-soon", "due-soon", "due-soon", "missed"]
    assert sent[-1].to == ("central-authority", "head-of-office")
    assert all("image" not in work.model_dump_json() for work in sent)
    state = houses.de.records.states.latest(DE_REF)
    done = {"where": "here", "why": "order", "how": "shredded"}
    evidence.note(houses.de, state, state.evidence[0], "destroyed", OFFICER, **done)
    assert days.round(DAY + timedelta(days=9)) == []


def test_the_head_of_the_office_is_told_of_listed_material_at_once(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[NotifyWork] = []
    monkeypatch.setattr(evidence, "tell", lambda settings, records, key, work: sent.append(work))
    state = houses.de.records.states.latest(DE_REF)
    for _ in range(2):
        evidence.found_on_list(houses.de, OFFICER, state, state.evidence[0], refused_hash("image-1"))
    assert {(work.to, work.code, work.loud) for work in sent} == {
        (("head-of-office",), "abuse-material-refused", True)
    }
    assert len({work.notice for work in sent}) == 1
    entries = evidence.manifest(houses.de, DE_REF, "image-1")
    assert [entry_of(text).event for text in entries] == ["custody-only"]


def test_the_notice_reaches_a_real_mail_server_once_and_tells_no_detail(houses: Houses) -> None:
    mailbox = FakeMailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        for name, value in {
            "smtp_host": "127.0.0.1",
            "smtp_port": controller.port,
            "smtp_security": "none",
            "mail_from": "rogatory@office.example",
            "function_mail": {"head-of-office": ["head@office.example"]},
        }.items():
            setattr(houses.de.settings, name, value)
        state = houses.de.records.states.latest(DE_REF)
        for _ in range(2):
            evidence.found_on_list(houses.de, OFFICER, state, state.evidence[0], refused_hash("image-1"))
    finally:
        controller.stop()
    [(to, letter)] = mailbox.letters
    text = f"{letter['Subject']}\n{letter.get_content()}"
    assert to == "head@office.example"
    assert "URGENT" in text
    assert DE_REF in text
    assert "image" not in text
