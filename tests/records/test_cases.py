"""Is a case kept as long as it must be, and gone for good once two persons say so?"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from records import cases as cases_module
from records.certificates import Erased, keep_erased, read_erased
from records.docket import Filter
from records.open import Records, open_records
from records.tables import CASE_KEYS
from records.verify import verify_export
from schemas.errors import Conflict, NotAllowed, NotFound
from schemas.ids import digest
from tests.postgres import PostgresServer
from tests.records.papers import (
    ANNA,
    BEN,
    SECRET,
    START,
    Signer,
    closed,
    filed,
    hold,
    moment,
    payload_of,
    state_of,
    work_of,
)

LATE = START + timedelta(days=3650)
SIGNER = Signer()


def erase(records: Records, ref: str, reason: str = "court order 12/26") -> str:
    """Two persons erase the case; its certificate."""
    records.cases.request_erasure(ref, ANNA, reason, moment(100))
    return records.cases.confirm_erasure(ref, BEN, SIGNER.sign, moment(101))


def code_of(call: Callable[[], object], kind: type[Conflict | NotFound | NotAllowed] = Conflict) -> str:
    """The code with which the call is refused."""
    with pytest.raises(kind) as refused:
        call()
    return refused.value.code


# --- how long it is kept ----------------------------------------------------------------------


def test_an_open_case_has_no_end_of_retention(records: Records) -> None:
    kept = records.cases.kept(filed(records, 2))
    assert (kept.retention, kept.opened, kept.closed, kept.due, kept.hold) == (
        "mla",
        START,
        None,
        None,
        False,
    )


def test_retention_counts_from_the_day_of_closing(records: Records) -> None:
    ref = closed(records)
    kept = records.cases.kept(ref)
    assert (kept.closed, kept.due) == (START, LATE.date())
    # what is filed late does not make it longer
    records.file(work_of(state_of(ref, 3, status="closed", updated=moment(999))))
    assert records.cases.kept(ref) == kept


def test_only_closed_cases_past_their_retention_and_not_held_are_due(records: Records) -> None:
    early, second = closed(records, START - timedelta(days=30)), closed(records)
    filed(records, 2)
    closed(records, START + timedelta(days=1))
    closed(records, legal_hold=True)
    assert records.cases.due_for_erasure(LATE.date() - timedelta(days=1)) == [records.cases.kept(early)]
    assert [kept.ref for kept in records.cases.due_for_erasure(LATE.date())] == [early, second]
    assert records.cases.due_for_erasure(date(2026, 11, 21)) == []


def test_a_case_of_no_known_class_is_never_due(records: Records) -> None:
    changed = records.settings.model_copy(update={"retention_days": {"extradition": 1}})
    other = open_records(changed)
    ref = closed(other)
    assert other.cases.kept(ref).due is None
    assert other.cases.due_for_erasure(date(2099, 1, 1)) == []
    assert code_of(lambda: other.cases.request_erasure(ref, ANNA, " ", LATE)) == "retention"
    other.close()


# --- legal hold -------------------------------------------------------------------------------


def test_a_hold_that_came_by_a_move_is_lifted_by_one(records: Records) -> None:
    ref = closed(records, legal_hold=True)
    assert code_of(lambda: records.cases.request_erasure(ref, ANNA, "why not", LATE)) == "legal-hold"
    records.file(work_of(state_of(ref, 3, status="closed")))
    assert not records.cases.kept(ref).hold


# --- erasure ----------------------------------------------------------------------------------


def test_an_erased_case_answers_erased_and_the_ledger_still_verifies(records: Records) -> None:
    ref, other = closed(records), filed(records, 2)
    document = records.vault.put(ref, SECRET.encode())
    head = records.heads.current(SIGNER.sign)
    erase(records, ref)
    for call in (
        lambda: records.states.latest(ref),
        lambda: records.states.moves(ref),
        lambda: records.docket.row(ref),
        lambda: records.vault.get(ref, document),
        lambda: records.vault.put(ref, b"new"),
        lambda: records.vault.has(ref, document),
        lambda: records.keys.create(ref),
        lambda: records.file(work_of(state_of(ref, 3, status="closed"))),
    ):
        assert code_of(call, NotFound) == "erased"
    assert [row.ref for row in records.docket.find(Filter()).rows] == [other]
    assert records.docket.rebuild() == 1
    assert records.verify(head, SIGNER.keys) == []
    assert verify_export(records.ledger.export(), head, SIGNER.keys) == []
    assert records.references.known(ref)
    assert records.states.latest(other).ref == other


def test_what_remains_tells_who_did_it_and_nothing_of_the_case(records: Records) -> None:
    ref = closed(records)
    certificate = erase(records, ref)
    entries = records.ledger.entries(ref)
    assert [(entry.event, entry.actor, entry.detail is None) for entry in entries] == [
        ("file", "anna", True),
        ("amend", "anna", True),
        ("erasure-requested", "anna", True),
        ("erased", "ben", False),
    ]
    told = {"certificate": digest(certificate.encode()), "items_destroyed": 0}
    assert json.loads(entries[-1].detail or "") == told
    content = payload_of(certificate)
    assert {name: content[name] for name in ("ref", "requested_by", "confirmed_by", "reason", "entries")} == {
        "ref": ref,
        "requested_by": "anna",
        "confirmed_by": "ben",
        "reason": "court order 12/26",
        "entries": 3,
    }
    assert content["last_entry"] == entries[2].hash
    assert content["keep_until"] == LATE.date().isoformat()
    kept = records.cases.kept(ref)
    assert (kept.erased, kept.erasure_requested_by) == (moment(101), "anna")
    assert records.cases.certificate(ref) == certificate


def test_something_can_still_be_noted_on_an_erased_case(records: Records) -> None:
    ref = closed(records)
    erase(records, ref)
    records.ledger.note(ref, ANNA, "refused", {"code": "erased"}, moment(200))
    assert records.ledger.entries(ref)[-1].detail == '{"code": "erased"}'
    assert records.verify() == []


def test_erasure_needs_two_persons(records: Records) -> None:
    ref = closed(records)
    confirm = records.cases.confirm_erasure
    assert code_of(lambda: confirm(ref, BEN, SIGNER.sign, LATE)) == "not-requested"
    records.cases.request_erasure(ref, ANNA, "", LATE)
    records.cases.request_erasure(ref, ANNA, "", LATE)
    assert code_of(lambda: confirm(ref, ANNA, SIGNER.sign, LATE), NotAllowed) == "four-eyes"
    assert code_of(lambda: records.cases.request_erasure(ref, BEN, "", LATE)) == "requested"
    assert code_of(lambda: records.cases.certificate(ref), NotFound) == "not-found"
    records.states.latest(ref)
    certificate = confirm(ref, BEN, SIGNER.sign, LATE)
    assert confirm(ref, ANNA, SIGNER.sign, LATE) == certificate
    assert code_of(lambda: records.cases.request_erasure(ref, ANNA, "x", LATE)) == "erased"


def test_what_came_in_between_stops_an_erasure(records: Records) -> None:
    ref = closed(records)
    records.cases.request_erasure(ref, ANNA, "", LATE)
    records.file(work_of(state_of(ref, 3, status="closed", legal_hold=True)))
    assert code_of(lambda: records.cases.confirm_erasure(ref, BEN, SIGNER.sign, LATE)) == "legal-hold"
    assert records.states.latest(ref).ref == ref


def test_open_cases_and_unknown_ones_are_not_erased(records: Records) -> None:
    ref = filed(records, 2)
    assert code_of(lambda: records.cases.request_erasure(ref, ANNA, "x", LATE)) == "case-open"
    assert code_of(lambda: records.cases.request_erasure("DE-9", ANNA, "x", LATE), NotFound) == "not-found"
    records.references.reserve("DE-9")
    assert code_of(lambda: records.cases.kept("DE-9"), NotFound) == "not-found"


def test_before_the_end_of_retention_a_reason_is_asked(records: Records) -> None:
    ref = closed(records)
    assert code_of(lambda: records.cases.request_erasure(ref, ANNA, "", moment(1))) == "retention"
    records.cases.request_erasure(ref, ANNA, "court order 12/26", moment(1))


def test_a_signature_that_fails_erases_nothing(records: Records) -> None:
    ref = closed(records)
    records.cases.request_erasure(ref, ANNA, "", LATE)

    def broken(_payload: bytes) -> str:
        raise RuntimeError("no key")

    with pytest.raises(RuntimeError):
        records.cases.confirm_erasure(ref, BEN, broken, LATE)
    assert records.states.latest(ref).ref == ref
    assert [entry.event for entry in records.ledger.entries(ref)][-1] == "erasure-requested"


def test_the_destroyed_key_is_in_no_file_of_the_database(
    records: Records, request: pytest.FixtureRequest
) -> None:
    ref = closed(records)
    with records.database.read() as connection:
        wrapped: bytes = connection.execute(
            select(CASE_KEYS.c.wrapped).where(CASE_KEYS.c.ref == ref)
        ).scalar_one()

    def anywhere() -> bool:
        if records.database.sqlite:
            files = list(records.settings.home.glob("records.sqlite*"))
        else:
            server: PostgresServer = request.getfixturevalue("postgres_server")
            server.execute("CHECKPOINT")
            files = [path for path in (server.folder / "data" / "base").rglob("*") if path.is_file()]
        return any(wrapped in path.read_bytes() for path in files)

    assert anywhere()
    erase(records, ref)
    assert not anywhere()


# --- the list outside the database ------------------------------------------------------------


def test_erased_cases_are_told_beside_the_master_key(records: Records) -> None:
    first, second = closed(records), closed(records)
    certificates = {ref: erase(records, ref) for ref in (first, second)}
    listed = read_erased(records.settings.keys)
    assert {ref: one.certificate for ref, one in listed.items()} == certificates


def test_a_list_that_was_not_written_in_time_is_made_up_at_the_next_start(records: Records) -> None:
    ref = closed(records)
    erase(records, ref)
    (records.settings.keys / "erased.jsonl").unlink()
    open_records(records.settings).close()
    assert list(read_erased(records.settings.keys)) == [ref]


def test_the_list_keeps_what_it_has(tmp_path: Path) -> None:
    one, two = Erased("DE-1", "t1", "c1"), Erased("DE-2", "t2", "c2")
    keep_erased(tmp_path, [one])
    keep_erased(tmp_path, [Erased("DE-1", "other", "other"), two])
    keep_erased(tmp_path, [])
    assert read_erased(tmp_path) == {"DE-1": one, "DE-2": two}


def test_items_of_evidence_go_with_the_case_and_the_ledger_says_so(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, kept = closed(records), closed(records)
    held = {ref: [hold(records, ref, f"image-{n}", whole=n == 1) for n in (1, 2)] for ref in (gone, kept)}
    case = held[gone][0].parent
    # the machine stops when the key is destroyed and the items are not yet
    monkeypatch.setattr(cases_module, "drop_case", lambda *_: None)
    certificate = erase(records, gone)
    assert case.is_dir()
    monkeypatch.undo()
    open_records(records.settings).close()
    assert not case.exists()
    assert all(item.is_dir() for item in held[kept])
    assert json.loads(records.ledger.entries(gone)[-1].detail or "")["items_destroyed"] == 2
    assert payload_of(certificate)["items_destroyed"] == 2
    assert records.cases.confirm_erasure(gone, BEN, SIGNER.sign, LATE) == certificate
    erase(records, kept)
    assert not held[kept][0].parent.exists()
    assert records.verify() == []
