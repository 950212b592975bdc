"""Is everybody told once, also where a server fails or is slow?"""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import text
from temporalio.exceptions import ApplicationError

from letters import mail
from records.open import Records
from schemas.work import NotifyDone
from tests.flow.notices.servers import REF, FakeMailbox, Hook, notify, plain, reminder
from tests.ports import free_port


def test_a_notice_tried_again_reaches_only_the_others(
    records: Records, mailbox: FakeMailbox, port: int
) -> None:
    work, settings = reminder(actors=("anna", "ben", "carla")), plain(records, port)
    mailbox.answers = {"ben@office.example": "451 later", "carla@office.example": "550 nobody here"}
    with pytest.raises(ApplicationError) as put_off:
        notify(records, settings, work)
    assert not put_off.value.non_retryable
    assert mailbox.to == ["Anna@office.example"]
    mailbox.answers.pop("ben@office.example")
    # the refused one is not asked again, whatever the server would say now
    mailbox.answers.pop("carla@office.example")
    done = notify(records, settings, work)
    assert done == NotifyDone(sent=2, unreached=("carla",))
    assert notify(records, settings, work) == done
    assert mailbox.to == ["Anna@office.example", "ben@office.example"]


def test_a_repeated_mail_bears_the_same_number(records: Records, mailbox: FakeMailbox, port: int) -> None:
    settings = plain(records, port)
    notify(records, settings, reminder())
    # as if the process had ended before it could write down that the server took it
    records.database.write(lambda connection: connection.execute(text("DELETE FROM notices")))
    notify(records, settings, reminder())
    notify(records, settings, reminder(notice="n2"))
    numbers = [letter["Message-ID"] for _, letter in mailbox.letters]
    assert numbers[0] == numbers[1] != numbers[2]
    assert REF not in numbers[0]


@pytest.mark.parametrize(("answer", "retry"), [("452 full", True), ("554 no", False)])
def test_a_message_that_is_not_taken(
    records: Records, mailbox: FakeMailbox, port: int, answer: str, retry: bool
) -> None:
    mailbox.data_answer = answer
    if retry:
        with pytest.raises(ApplicationError, match="put off 1 of 1"):
            notify(records, plain(records, port), reminder())
    else:
        assert notify(records, plain(records, port), reminder()).unreached == ("anna",)


def test_a_dead_server_is_tried_again_and_the_error_names_nobody(
    records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ApplicationError) as dead:
        notify(records, plain(records, free_port()), reminder())
    assert not dead.value.non_retryable
    assert "office.example" not in str(dead.value) + str(dead.value.details) + caplog.text


def test_a_slow_server_leaves_the_rest_for_the_next_attempt(
    records: Records, mailbox: FakeMailbox, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, settings = reminder(actors=("anna", "ben")), plain(records, port)
    monkeypatch.setattr(mail, "WHOLE", -1.0)
    with pytest.raises(ApplicationError, match="is slow: 2 messages wait") as slow:
        notify(records, settings, work)
    assert not slow.value.non_retryable
    monkeypatch.undo()
    assert notify(records, settings, work) == NotifyDone(sent=2)


def test_a_dead_mail_server_does_not_hold_up_the_webhook(records: Records, hook: Hook) -> None:
    settings = plain(records, free_port(), webhook_url=hook.url)
    for _ in range(2):
        with pytest.raises(ApplicationError):
            notify(records, settings, reminder())
    assert len(hook.taken) == 1
