"""Does every change to an export show, offline?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text, update

from records.chain import START, canonical, entry_hash, first_root, next_root
from records.open import Records, new_house, open_records
from records.tables import DOCKET, STATES
from records.verify import verify_bytes, verify_export
from schemas.settings import Settings
from tests.records.papers import ANNA, HOUSE, Signer, filed, moment, run, state_of, work_of

SIGNER = Signer()


@cache
def exported() -> tuple[tuple[str, ...], str]:
    """Lines of an export of three cases with moves and notes, and the head over all of them."""
    with TemporaryDirectory() as folder:
        made = Settings(home=Path(folder), house=HOUSE, state="DE")
        new_house(made)
        records = open_records(made)
        for moves in (1, 3, 2):
            ref = filed(records, moves)
            records.ledger.note(ref, ANNA, "viewed", {"field": "victims"}, moment(9))
        head = records.heads.current(SIGNER.sign)
        lines = tuple(records.ledger.export())
        records.close()
    return lines, head


def as_file(lines: tuple[str, ...] | list[str]) -> bytes:
    """The export as it is written to a file."""
    return "".join(line + "\n" for line in lines).encode()


def written_anew(lines: list[str]) -> list[str]:
    """The work of a forger who owns the database: every number, hash and root computed again."""
    last: dict[str, str] = {}
    root, out = first_root(HOUSE), []
    for seq, line in enumerate(lines[1:], start=1):
        values: dict[str, Any] = json.loads(line)
        values["seq"], values["prev"] = seq, last.get(values["ref"], START)
        values["hash"] = last[values["ref"]] = entry_hash(values)
        root = next_root(root, values["hash"])
        out.append(canonical(values))
    header = {**json.loads(lines[0]), "count": len(out), "root": root}
    return [canonical(header), *out]


def test_a_whole_export_has_no_problem() -> None:
    lines, head = exported()
    assert verify_export(lines) == []
    assert verify_export((line + "\n" for line in lines), head, SIGNER.keys) == []
    assert verify_bytes(as_file(lines), head, SIGNER.keys) == []


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_any_changed_byte_is_found(data: st.DataObject) -> None:
    content = bytearray(as_file(exported()[0]))
    place = data.draw(st.integers(0, len(content) - 1))
    value = data.draw(st.integers(0, 255))
    assume(content[place] != value)
    content[place] = value
    assert verify_bytes(bytes(content)) != []


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_removed_doubled_or_moved_line_is_found(data: st.DataObject) -> None:
    lines = list(exported()[0])
    place = data.draw(st.integers(0, len(lines) - 1))
    how = data.draw(st.sampled_from(["removed", "doubled", "moved"]))
    line = lines.pop(place)
    if how != "removed":
        other = data.draw(st.integers(0, len(lines)))
        lines.insert(other, line)
        if how == "doubled":
            lines.insert(place, line)
    assume(tuple(lines) != exported()[0])
    assert verify_bytes(as_file(lines)) != []


@given(data=st.data())
def test_any_exchanged_field_is_found(data: st.DataObject) -> None:
    lines = list(exported()[0])
    place = data.draw(st.integers(1, len(lines) - 1))
    values = json.loads(lines[place])
    name = data.draw(st.sampled_from(sorted(values)))
    value = data.draw(st.none() | st.integers(0, 99) | st.text(max_size=9))
    assume(values[name] != value)
    lines[place] = canonical({**values, name: value})
    assert verify_export(lines) != []


@pytest.mark.parametrize("gone", [1, 2, 5])
def test_entries_cut_off_the_end_are_found_with_a_head(gone: int) -> None:
    lines, head = exported()
    kept = list(lines[:-gone])
    assert "cut" in {problem.code for problem in verify_export(kept)}
    forged = written_anew(kept)
    assert verify_export(forged) == []
    assert [problem.code for problem in verify_export(forged, head, SIGNER.keys)] == ["cut"]


def test_a_ledger_written_anew_is_found_with_a_head() -> None:
    lines, head = exported()
    values = json.loads(lines[2])
    forged = written_anew([*lines[:2], canonical({**values, "actor": "zoe"}), *lines[3:]])
    assert verify_export(forged) == []
    assert [problem.code for problem in verify_export(forged, head, SIGNER.keys)] == ["rewritten"]


def test_a_head_is_believed_only_with_the_house_s_signature() -> None:
    lines, head = exported()

    def codes(jws: str, signer: Signer) -> list[str]:
        return [problem.code for problem in verify_export(lines, jws, signer.keys)]

    assert codes(head, Signer()) == ["bad-head"]
    assert codes(head, Signer("key-2")) == ["unknown-key"]
    part = head.split(".")
    assert codes(".".join([part[0], part[1][:-4] + "AAAA", part[2]]), SIGNER) == ["bad-head"]
    none = "eyJhbGciOiJub25lIiwia2lkIjoia2V5LTEifQ." + part[1] + "."
    for nonsense in ("", "x", "a.b.c", "e30.e30.", none, "WzFd.e30.e30"):
        assert codes(nonsense, SIGNER) in (["bad-head"], ["unknown-key"])
    other = SIGNER.sign(
        b'{"at":"2026-11-02T09:30:00Z","count":0,"house":"x","root":"sha256:%s"}' % (b"0" * 64)
    )
    assert codes(other, SIGNER) == ["other-house"]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"{}\n", b"[]\n", b"null\n", b"\xff\n", b'{"type":"rogatory/ledger/1"}\n', b"[" * 100_000],
)
def test_what_is_no_export_is_told(content: bytes) -> None:
    assert verify_bytes(content) != []


def test_an_export_of_an_empty_house_is_whole(records: Records) -> None:
    lines = list(records.ledger.export())
    assert len(lines) == 1
    assert verify_export(lines, records.heads.current(SIGNER.sign), SIGNER.keys) == []


# --- within a house ---------------------------------------------------------------------------


def unguarded(records: Records) -> Iterator[str]:
    """Statements by which the owner of the database takes the ledger's guards away."""
    if records.database.sqlite:
        yield from ("DROP TRIGGER ledger_no_update", "DROP TRIGGER ledger_no_delete")
    else:
        yield "ALTER TABLE ledger DISABLE TRIGGER USER"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger SET actor = 'zoe' WHERE seq = 2",
        "UPDATE ledger SET body = body_digest::bytea WHERE seq = 2",
        "DELETE FROM ledger WHERE seq = 2",
        "DELETE FROM ledger WHERE seq = 4",
    ],
)
def test_what_the_owner_of_the_database_changes_is_found(records: Records, change: str) -> None:
    filed(records, 4)
    head = records.heads.current(SIGNER.sign)
    for statement in unguarded(records):
        run(records.database, text(statement))
    if records.database.sqlite:
        change = change.replace("body_digest::bytea", "x'00'")
    run(records.database, text(change))
    assert records.verify(head, SIGNER.keys) != []


def test_a_state_put_back_or_taken_away_is_found(records: Records) -> None:
    first, second = filed(records, 2), filed(records, 2)
    box, digest = records.states.sealed(records.states.latest(first))
    run(records.database, update(STATES).where(STATES.c.ref == first).values(body=box, digest=digest))
    run(records.database, delete(STATES).where(STATES.c.ref == second))
    assert {(one.code, one.where) for one in records.verify()} == {
        ("altered-state", first),
        ("missing-state", second),
    }


def test_a_changed_docket_is_found_and_mended(records: Records) -> None:
    first, second = filed(records, 2), filed(records, 1)
    row = records.docket.row(first).model_copy(update={"status": "closed"})
    run(records.database, update(DOCKET).where(DOCKET.c.ref == first).values(row=row.model_dump_json()))
    run(records.database, delete(DOCKET).where(DOCKET.c.ref == second))
    assert [one.code for one in records.verify()] == ["docket"]
    assert records.docket.rebuild() == 2
    assert records.verify() == []


def test_a_message_missing_from_the_vault_is_found(records: Records) -> None:
    ref = filed(records, 1)
    sealed = records.vault.put(ref, b"a signed message")
    records.file(work_of(state_of(ref, 2), sealed=sealed))
    assert records.verify() == []
    for path in (records.settings.home / "vault").glob("*/*"):
        path.unlink()
    assert [one.code for one in records.verify()] == ["missing-document"]
