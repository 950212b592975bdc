"""Does a decided proposal stay as it was decided, by two people, in one order, on both databases?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from records.open import Records, open_records
from records.references import HOUSE
from schemas.errors import BadData, Conflict, NotAllowed, NotFound
from tests.records.conftest import database_url, postgres_server, records, settings
from tests.records.papers import ANNA, BEN, moment, run

__all__ = ["database_url", "postgres_server", "records", "settings"]

DAY = date(2026, 11, 22)
EDITION = "sha256:" + "1" * 64
OTHER = "sha256:" + "2" * 64


def test_accepted_by_another_it_counts_and_the_ledger_knows(records: Records) -> None:
    made = records.proposals.add(ANNA, "Ireland ratifies", '{"changes": []}', moment(1))
    assert (made.number, made.status, records.proposals.count()) == (1, "open", 0)
    done = records.proposals.accept(1, BEN, at=moment(2), day=DAY, place=1, edition=EDITION)
    assert (done.status, done.decided_by, done.day, done.place, done.edition) == (
        "accepted",
        "ben",
        DAY,
        1,
        EDITION,
    )
    assert records.proposals.count() == 1
    assert records.proposals.accepted() == [done]
    assert records.proposals.accepted(after=1) == []
    noted = [(entry.event, entry.actor) for entry in records.ledger.entries(HOUSE)]
    assert noted[-2:] == [("law-proposed", "anna"), ("law-accepted", "ben")]
    assert records.verify() == []


def test_who_proposed_it_may_withdraw_it_and_not_accept_it(records: Records) -> None:
    records.proposals.add(ANNA, "Ireland ratifies", "{}", moment(1))
    with pytest.raises(NotAllowed) as refused:
        records.proposals.accept(1, ANNA, at=moment(2), day=DAY, place=1, edition=EDITION)
    assert refused.value.code == "four-eyes"
    assert records.proposals.refuse(1, ANNA, "misread", moment(3)).status == "refused"
    assert records.proposals.count() == 0


def test_decided_is_decided(records: Records) -> None:
    records.proposals.add(ANNA, "Ireland ratifies", "{}", moment(1))
    records.proposals.refuse(1, BEN, "no source", moment(2))
    with pytest.raises(Conflict) as again:
        records.proposals.accept(1, BEN, at=moment(3), day=DAY, place=1, edition=EDITION)
    assert again.value.code == "decided"
    with pytest.raises(NotFound):
        records.proposals.refuse(2, BEN, "there is none", moment(3))
    for statement in ("UPDATE proposals SET status = 'open'", "DELETE FROM proposals"):
        with pytest.raises(DBAPIError):
            run(records.database, text(statement))
    assert records.proposals.get(1).status == "refused"


def test_of_two_that_accept_at_once_one_looks_again(records: Records) -> None:
    for title in ("one", "two"):
        records.proposals.add(ANNA, title, "{}", moment(1))

    def accept(number: int) -> str:
        try:
            edition = f"sha256:{number:064d}"
            records.proposals.accept(number, BEN, at=moment(2), day=DAY, place=1, edition=edition)
        except Conflict as error:
            return error.code
        return "accepted"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(accept, (1, 2))) == ["accepted", "law-moved-on"]
    assert records.proposals.count() == 1


def test_content_that_was_altered_is_not_taken_for_law(records: Records) -> None:
    records.proposals.add(ANNA, "Ireland ratifies", "{}", moment(1))
    run(records.database, text("UPDATE proposals SET content = '{\"changes\": 1}'"))
    with pytest.raises(BadData):
        records.proposals.get(1)


def test_editions_are_remembered_once_and_in_order(records: Records) -> None:
    for edition, accepted in ((EDITION, 0), (OTHER, 1), (EDITION, 0)):
        records.proposals.saw(edition, accepted)
    assert [(one.number, one.edition, one.accepted) for one in records.proposals.editions()] == [
        (1, EDITION, 0),
        (2, OTHER, 1),
    ]


def test_the_watch_goes_on_until_everybody_was_told_also_after_a_restart(records: Records) -> None:
    records.proposals.add(ANNA, "Ireland ratifies", "{}", moment(1))
    records.proposals.accept(1, BEN, at=moment(2), day=DAY, place=1, edition=EDITION)
    again = open_records(records.settings)
    assert [one.number for one in again.proposals.unwatched()] == [1]
    again.proposals.watched(1, moment(3))
    again.proposals.watched(1, moment(4))
    again.close()
    assert records.proposals.unwatched() == []


def test_the_newest_come_first_page_by_page(records: Records) -> None:
    for number in range(1, 6):
        records.proposals.add(ANNA, f"change {number}", "{}", moment(number))
    records.proposals.refuse(2, BEN, "no", moment(6))
    assert [one.number for one in records.proposals.find(limit=2)] == [5, 4]
    assert [one.number for one in records.proposals.find(limit=9, before=4)] == [3, 2, 1]
    assert [one.number for one in records.proposals.find("refused")] == [2]
