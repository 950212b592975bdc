"""What does a reminder say, and who is told?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from records.open import Records
from schemas.work import NotifyDone
from tests.flow.notices.servers import REF, FakeMailbox, Hook, notify, plain, reminder

# --- what is said ---------------------------------------------------------------------------------------


def test_a_mail_tells_reference_clock_moment_and_link_and_nothing_else(
    records: Records, mailbox: FakeMailbox, port: int
) -> None:
    done = notify(records, plain(records, port), reminder())
    assert done == NotifyDone(sent=1)
    ((address, letter),) = mailbox.letters
    assert address == "Anna@office.example"
    assert letter["Subject"] == f"{REF}: decide, due 2026-11-24, end of the day"
    assert letter.get_content().splitlines() == [
        f"Case:  {REF}",
        "Clock: decide",
        "Due:   2026-11-24, end of the day (Europe/Berlin)",
        "Why:   due soon",
        "",
        f"https://rogatory.office.example/desk/case/{REF}",
        "",
        "What the case is about is not told by mail.",
    ]


def test_what_a_person_wrote_never_leaves_by_mail_or_webhook(
    records: Records, mailbox: FakeMailbox, port: int, hook: Hook
) -> None:
    written = reminder(code="Xenia Invented is missing", clock="asked for Xenia Invented")
    notify(records, plain(records, port, webhook_url=hook.url), written)
    assert "Xenia" not in mailbox.letters[0][1].as_string()
    assert b"Xenia" not in hook.taken[0][1]


def test_what_is_loud_says_so_and_an_hour_is_told(records: Records, mailbox: FakeMailbox, port: int) -> None:
    loud = reminder(loud=True, clock="arrest-to-papers", due=datetime(2026, 7, 1, 12, 30, tzinfo=UTC))
    notify(records, plain(records, port), loud)
    letter = dict(mailbox.letters)["Anna@office.example"]
    assert letter["Subject"] == f"URGENT: {REF}: arrest to papers, due 2026-07-01 14:30"
    assert letter["Importance"] == "high"


# --- who is told ----------------------------------------------------------------------------------------


def test_a_function_is_told_at_its_mailbox_else_its_caseworkers(
    records: Records, mailbox: FakeMailbox, port: int
) -> None:
    to = reminder(to=("central-authority",), actors=())
    notify(records, plain(records, port), to)
    assert mailbox.to == ["Anna@office.example", "ben@office.example", "carla@office.example"]
    mailbox.letters.clear()
    shared = {"central-authority": ["duty@office.example"]}
    notify(records, plain(records, port, function_mail=shared), to.model_copy(update={"notice": "n2"}))
    assert mailbox.to == ["duty@office.example"]


@pytest.mark.parametrize("code", ["missed", "escalated", "handoff-overdue"])
def test_what_is_missed_goes_to_those_above(
    records: Records, mailbox: FakeMailbox, port: int, code: str
) -> None:
    court = reminder(to=("court",), actors=(), code=code)
    done = notify(records, plain(records, port), court)
    assert done.unreached == ("court",)
    assert mailbox.to == [
        "Anna@office.example",
        "ben@office.example",
        "carla@office.example",
        "head@office.example",
    ]
    mailbox.letters.clear()
    own = plain(records, port, escalation={"court": ["head-of-office"]})
    notify(records, own, court.model_copy(update={"notice": "n2"}))
    assert mailbox.to == ["head@office.example"]


def test_an_actor_who_missed_it_is_escalated_by_the_agency(
    records: Records, mailbox: FakeMailbox, port: int
) -> None:
    assert notify(records, plain(records, port), reminder(code="missed")).unreached == ()
    assert mailbox.to == ["Anna@office.example", "head@office.example"]


def test_one_who_is_away_is_told_with_the_deputy_and_the_deputys_deputy(
    records: Records, mailbox: FakeMailbox, port: int
) -> None:
    today = datetime.now(UTC).date()
    later = today + timedelta(days=9)
    records.absences.add("anna", "ben", today, later, "anna")
    notify(records, plain(records, port), reminder())
    assert mailbox.to == ["Anna@office.example", "ben@office.example"]
    mailbox.letters.clear()
    records.absences.add("ben", "carla", today - timedelta(days=2), None, "ben")
    notify(records, plain(records, port), reminder(notice="n2"))
    assert mailbox.to == ["Anna@office.example", "ben@office.example", "carla@office.example"]


def test_a_quiet_person_is_told_what_is_urgent(records: Records, mailbox: FakeMailbox, port: int) -> None:
    records.accounts.remind("anna", email="Anna@office.example", quiet=True)
    assert notify(records, plain(records, port), reminder()) == NotifyDone()
    notify(records, plain(records, port), reminder(notice="n2", loud=True))
    assert "Anna@office.example" in mailbox.to


def test_who_has_no_address_left_or_is_unknown_is_named(records: Records, port: int) -> None:
    records.accounts.close("ben")
    records.accounts.remind("anna", email=None, quiet=False)
    work = reminder(to=("ministry",), actors=("anna", "ben", "nobody"))
    assert notify(records, plain(records, port), work).unreached == ("ministry", "anna", "ben", "nobody")


def test_with_nothing_set_up_nobody_is_told_and_nothing_fails(records: Records) -> None:
    work = reminder(to=("central-authority",))
    done = notify(records, records.settings, work)
    assert done == NotifyDone(sent=0, unreached=("central-authority", "anna"))
