"""Is the ledger append-only, and does it know what is no move?"""

from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from records.chain import START, canonical, entry_hash, first_root, next_root
from records.open import Records
from records.references import HOUSE
from records.tables import LEDGER
from schemas.errors import NotFound
from tests.records.papers import ANNA, BEN, SECRET, filed, moment, run, state_of, work_of


@pytest.mark.parametrize("column", ["at", "actor", "body", "hash", "row"])
def test_no_entry_can_be_changed(records: Records, column: str) -> None:
    filed(records, 2)
    value = b"x" if column == "body" else "x"
    with pytest.raises(DBAPIError, match="append-only"):
        run(records.database, update(LEDGER).values({column: value}))
    assert records.verify() == []


def test_no_entry_can_be_removed_or_put_in_between(records: Records) -> None:
    filed(records, 3)
    with pytest.raises(DBAPIError, match="append-only"):
        run(records.database, delete(LEDGER).where(LEDGER.c.seq == 3))
    with records.database.read() as connection:
        entry = dict(connection.execute(select(LEDGER).where(LEDGER.c.seq == 2)).one()._mapping)
    for seq in (0, 5, 2):
        with pytest.raises(DBAPIError):
            run(records.database, insert(LEDGER), {**entry, "seq": seq, "move": 40 + seq})
    way_round = (
        "TRUNCATE ledger" if not records.database.sqlite else "REPLACE INTO ledger SELECT * FROM ledger"
    )
    with pytest.raises(DBAPIError):
        run(records.database, text(way_round))
    assert records.verify() == []


def test_notes_stand_between_the_moves_in_one_chain(records: Records) -> None:
    ref = filed(records, 1)
    records.ledger.note(ref, BEN, "viewed", {"field": "victims", "why": SECRET}, moment(2))
    records.file(work_of(state_of(ref, 2)))
    records.ledger.note(ref, ANNA, "refused", {"code": "wrong-move"}, moment(4))
    entries = records.ledger.entries(ref)
    assert [(one.move, one.note, one.event) for one in entries] == [
        (1, None, "file"),
        (None, 1, "viewed"),
        (2, None, "amend"),
        (None, 2, "refused"),
    ]
    assert [one.prev for one in entries] == [START, *(one.hash for one in entries[:-1])]
    assert [one.seq for one in entries] == [1, 2, 3, 4]
    assert json.loads(entries[1].detail or "")["why"] == SECRET
    assert [one.event for one in records.states.moves(ref)] == ["file", "amend"]
    assert records.verify() == []


def test_what_concerns_no_case_is_noted_for_the_house(records: Records) -> None:
    filed(records, 1)
    records.ledger.note(HOUSE, ANNA, "refused", {"code": "unknown-key"}, moment(1))
    (entry,) = records.ledger.entries(HOUSE)
    assert (entry.note, entry.actor, entry.event, entry.detail) == (
        1,
        "anna",
        "refused",
        '{"code": "unknown-key"}',
    )
    assert records.docket.find().rows[0].ref != HOUSE


def test_a_case_that_is_not_there_has_no_entries_and_takes_none(records: Records) -> None:
    for call in (
        lambda: records.ledger.entries("DE-1"),
        lambda: records.ledger.note("DE-1", ANNA, "refused", {}, moment(0)),
        lambda: records.states.moves("DE-1"),
        lambda: records.states.latest("DE-1"),
    ):
        with pytest.raises(NotFound):
            call()
    assert records.ledger.entries(HOUSE) == []


def test_a_reserved_case_has_no_entries_yet(records: Records) -> None:
    records.keys.create("DE-1")
    assert records.ledger.entries("DE-1") == []


def test_a_move_is_found_by_its_key_and_by_its_message(records: Records) -> None:
    ref = filed(records, 2)
    records.file(work_of(state_of(ref, 3), message="us-office.x.m1", key="us-office.x.m1"))
    records.ledger.note(ref, ANNA, "attempt", {}, moment(3))
    found = records.ledger.of_key(ref, "key-2")
    assert found is not None
    assert found.move == 2
    message = records.ledger.of_message("us-office.x.m1")
    assert message is not None
    assert (message.ref, message.move) == (ref, 3)
    assert records.ledger.of_key(ref, "key-9") is None
    assert records.ledger.of_key("DE-9", "key-2") is None
    assert records.ledger.of_message("us-office.x.m2") is None
    # notes carry no key, and are not found by an empty one
    assert records.ledger.of_key(ref, "") is None


TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(
    st.dictionaries(st.text(st.characters(max_codepoint=0x7F)), TEXT | st.none() | st.integers(0, 2**53 - 1))
)
def test_what_is_hashed_is_canonical_json(values: dict[str, str | int | None]) -> None:
    assert canonical(values).encode() == rfc8785.dumps(values)


def test_the_hash_of_an_entry_is_fixed_for_ever() -> None:
    entry = {
        "actor": "anna",
        "at": "2026-11-02T09:30:00.000000Z",
        "body_digest": "sha256:" + "0" * 64,
        "event": "file",
        "house": "de-office",
        "key": "k",
        "message": None,
        "move": 1,
        "note": None,
        "prev": START,
        "ref": "DE-MLA-2026-00001",
        "row": "{}",
        "sealed": None,
        "seq": 1,
        "state": "sha256:" + "1" * 64,
        "under": "DE-MLA-2026-00001",
    }
    # computed once with sha256sum over the text written out by hand
    assert entry_hash(entry) == "b99f398ea24aa6d4a1ca8491aa8a49cefe2b9627bbd5617c1d2c38a759f3eab6"
    assert next_root(START, START) == "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b"
    assert first_root("de-office") == "644a7ff6f3ec1d4197e55e736c26041dfcd500aab9f252438fba97c1ad641b8d"
