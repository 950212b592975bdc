"""Are names that are guarded in a case looked for in all that leaves it, and are they told to nobody?"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import docx as library
import httpx
import pytest
from sqlalchemy import event, select

from desk import errands, guarded
from desk.house import new_house
from desk.keyring import certify
from records.backup import backup, restore
from records.open import open_records
from records.tables import ATTEMPTS
from schemas.errors import NotFound
from schemas.facets import Errand
from schemas.ids import digest
from schemas.lifecycle import BATON
from schemas.moves import Hold, Inform
from tests.desk.conftest import MARK, Caller, request_json
from tests.records.papers import key_destroyed

NAME = "Änne-Marie Größer"


async def guard(call: Caller, ref: str, *names: str, who: str = "officer", key: str = "") -> httpx.Response:
    told = {"names": list(names or (NAME,))}
    return await call(who, "POST", f"/cases/{ref}/guarded", json=told, key=key)


async def received(call: Caller, **changes: Any) -> str:
    """A case that was approved and sent: its officer answers questions."""
    ref = await call.file(**changes)
    for who, done in (("approver", "approve"), ("officer", "send")):
        assert (await call.move(who, ref, event=done)).status_code == 200
    return ref


def written(call: Caller, ref: str) -> tuple[int, str, int]:
    """What a refusal must not change: ledger, state (its outbox within), attempts."""
    with call.records.database.read() as connection:
        attempts = len(connection.execute(select(ATTEMPTS.c.key)).all())
    state = call.records.states.latest(ref)
    return len(call.records.ledger.entries(ref)), state.model_dump_json(), attempts


async def test_names_are_sealed_with_the_case_and_the_answer_says_where_one_stands(call: Caller) -> None:
    ref = await call.file(contents={"facts": "ANNE MARIE GROSSER was seen (invented)."})
    item = await call(
        "officer",
        "POST",
        f"/cases/{ref}/documents",
        params={"name": "anne_marie_grosser.pdf"},
        content=b"%PDF-1.7 invented",
        headers={"Content-Type": "application/pdf"},
    )
    first = await guard(call, ref, NAME, "Berta Otherwise", key="once")
    place = f"documents.{item.json()['digest'][:15]}"
    assert (first.status_code, first.json()) == (
        201,
        {"guarded": 2, "places": ["request.contents.facts", place], "unread": []},
    )
    again = await guard(call, ref, NAME, "Berta Otherwise", key="once")
    assert (again.status_code, again.json()) == (200, first.json())
    other = await guard(call, ref, NAME, key="once")
    assert other.status_code == 409, "the key was used for something else"
    assert (await guard(call, ref, f"  {NAME} ", who="approver")).json()["guarded"] == 2
    assert guarded.names_of(call.records, ref) == (NAME, "Berta Otherwise")
    (note,) = [each for each in call.records.ledger.entries(ref) if each.event == guarded.GUARDED]
    told = json.loads(note.detail or "")
    assert (note.actor, set(told), told["count"]) == ("officer", {"digest", "count"}, 2)
    kept = call.records.vault.get(ref, told["digest"])
    assert digest(json.dumps({"names": json.loads(kept)["names"]}).encode()) != told["digest"], "no salt"
    for path in call.records.settings.home.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert NAME.encode() not in content, path
        assert b"Berta Otherwise" not in content, path
    assert call.records.verify() == []
    with call.records.database.read() as connection:
        known = connection.execute(select(ATTEMPTS.c.digest)).scalars().all()
    tried = ([NAME], [NAME, "Berta Otherwise"], {"names": [NAME, "Berta Otherwise"]}, NAME)
    assert not {digest(json.dumps(each).encode()) for each in tried} & set(known)


async def test_of_a_case_only_what_is_new_is_read_again(call: Caller) -> None:
    refs = [await received(call) for _ in range(2)]
    read: list[int] = []

    def watch(
        connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
    ) -> None:
        if "ledger.event" in statement and "ledger.body" not in statement:
            read.append(parameters[1])

    event.listen(call.records.database.engine, "before_cursor_execute", watch)
    assert [guarded.names_of(call.records, ref) for ref in (*refs, *refs)] == [()] * 4
    assert (await guard(call, refs[0])).status_code == 201
    assert [guarded.names_of(call.records, ref) for ref in refs] == [(NAME,), ()]
    last = [call.records.ledger.entries(ref)[-1].seq for ref in refs]
    assert read[-2:] == last
    assert min(read) > 0, "the moves before read their ledgers from the beginning; nothing does so twice"


@pytest.mark.parametrize("names", [["."], [], ["x" * 201], [NAME] * 51, ["a\u0000b"]])
async def test_what_protects_nobody_is_not_guarded(call: Caller, names: list[str]) -> None:
    ref = await call.file()
    answer = await call("officer", "POST", f"/cases/{ref}/guarded", json={"names": names})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-input"), answer.text
    assert guarded.names_of(call.records, ref) == ()
    assert (await call("officer", "POST", f"/cases/{ref}/guarded", json={})).status_code == 422


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("approver", 201),
        ("court-officer", 404),
        ("judge", 403),
        ("liaison", 403),
        ("auditor", 403),
        ("operator", 403),
        ("treaty-desk", 403),
        (None, 401),
    ],
)
async def test_an_officer_or_approver_who_sees_all_of_it_guards(
    call: Caller, who: str | None, status: int
) -> None:
    ref = await call.file()
    answer = await call(who, "POST", f"/cases/{ref}/guarded", json={"names": [NAME]})
    assert answer.status_code == status, answer.text
    assert bool(guarded.names_of(call.records, ref)) == (status == 201)


async def test_no_door_hands_the_list_out_and_nobody_sends_it(call: Caller) -> None:
    ref = await call.file()
    await guard(call, ref)
    (note,) = [each for each in call.records.ledger.entries(ref) if each.event == guarded.GUARDED]
    listed = json.loads(note.detail or "")["digest"]
    assert call.records.vault.has(ref, listed)
    for path in (f"documents/{listed}", "", "timeline", "letters", "transfers", "holders", "evidence"):
        answer = await call("officer", "GET", f"/cases/{ref}/{path}".rstrip("/"))
        assert answer.status_code == (404 if listed in path else 200), path
        assert "Größer" not in answer.text, path
    named = {"name": "a.pdf", "media_type": "application/pdf", "size": 1, "digest": listed}
    amended = await call.move("officer", ref, event="amend", request=request_json(attachments=[named]))
    assert (amended.status_code, amended.json()["where"]) == (404, ref)
    body = {"worksheet": listed, "language": "fr"}
    sheet = await call("officer", "POST", f"/cases/{ref}/letters/mla-request", json=body)
    assert sheet.status_code == 404


@pytest.mark.parametrize(
    "text", ["It was Änne Größer.", "aennemariegroesser@mail.example", "G r o s s e r, Anne-Marie"]
)
async def test_a_name_in_an_answer_is_refused_and_nothing_is_written(call: Caller, text: str) -> None:
    ref = await received(call)
    other = await received(call)
    await guard(call, ref)
    before = written(call, ref)
    answer = await call.move("officer", ref, event="inform", text=text)
    assert (answer.status_code, answer.json()["code"]) == (409, "protected-name"), answer.text
    assert answer.json()["where"] == "text"
    assert "mail" not in answer.text
    assert written(call, ref) == before
    said = await call.move("officer", ref, event="inform", text="The child (invented).")
    assert said.status_code == 200, said.text
    assert (await call.move("officer", other, event="inform", text=text)).status_code == 200


async def test_what_was_made_before_is_answered_again_and_what_stays_here_is_not_searched(
    call: Caller,
) -> None:
    ref = await received(call)
    body = {"event": "inform", "text": f"It was {NAME}."}
    first = await call("officer", "POST", f"/cases/{ref}/moves", json=body, key="told")
    assert first.status_code == 200, first.text
    assert (await guard(call, ref)).json()["guarded"] == 1
    again = await call("officer", "POST", f"/cases/{ref}/moves", json=body, key="told")
    assert (again.status_code, again.json()["repeated"]) == (200, True)
    assert (await call.move("officer", ref, **body)).status_code == 409
    guarded.require_move(call.records, ref, Hold(on=True, reason=f"{NAME} asked (invented)."), "held")
    by_post = Inform(text=f"They wrote of {NAME}.", by_post=True)
    guarded.require_move(call.records, ref, by_post, "came")


async def test_a_request_with_a_name_is_neither_approved_nor_sent(call: Caller) -> None:
    ref = await call.file()
    await guard(call, ref)
    facts = {"facts": "Found with ANNE  MARIE GRÖSSER (invented)."}
    amended = await call.move("officer", ref, event="amend", request=request_json(contents=facts))
    assert amended.status_code == 200, "a draft stays in the house"
    before = written(call, ref)
    refused = await call.move("approver", ref, event="approve")
    assert (refused.status_code, refused.json()["where"]) == (409, "request.contents.facts")
    assert written(call, ref) == before
    await call.move("officer", ref, event="amend", request=request_json())
    assert (await call.move("approver", ref, event="approve")).status_code == 200
    assert (await guard(call, ref, MARK)).json()["places"]
    refused = await call.move("officer", ref, event="send")
    assert (refused.status_code, refused.json()["code"]) == (409, "protected-name")
    assert call.records.states.latest(ref).status == "approved"


async def test_a_letter_and_a_worksheet_are_refused_without_giving_the_name_again(call: Caller) -> None:
    ref = await call.file()
    path = f"/cases/{ref}/letters/mla-request"
    sheet = await call("officer", "POST", path, key=None, json={"language": "fr", "format": "worksheet"})
    file = library.Document(io.BytesIO(sheet.content))
    for row in file.tables[0].rows[1:]:
        row.cells[2].text = f"Traduit: {NAME}"
    out = io.BytesIO()
    file.save(out)
    kept = await call(
        "officer", "POST", f"/cases/{ref}/documents", params={"name": "fr.docx"}, content=out.getvalue()
    )
    await guard(call, ref)
    assert (await call("officer", "POST", path, key=None, json={"language": "fr"})).status_code == 200
    body = {"language": "fr", "worksheet": kept.json()["digest"]}
    refused = await call("officer", "POST", path, key=None, json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "protected-name")
    await guard(call, ref, MARK)
    for format in ("pdf", "docx", "worksheet", "json"):
        refused = await call("officer", "POST", path, key=None, json={"format": format})
        assert (refused.status_code, refused.json()["code"]) == (409, "protected-name"), format
        assert "nvented" not in refused.text


async def test_a_released_name_is_guarded_from_then_on(call: Caller) -> None:
    certify(call.records.settings, 30)
    ref = await call.file()
    person = {"pseudonym": MARK, "name": NAME, "details": "Lives with her aunt (invented)."}
    told = {"people": [person], "reason": "The hearing of the child (invented)."}
    for _ in range(2):
        assert (await call("approver", "POST", f"/cases/{ref}/annex", json=told)).status_code == 200
    events = [each.event for each in call.records.ledger.entries(ref)]
    assert (events.count("annex-released"), events.count(guarded.GUARDED)) == (2, 1)
    assert guarded.names_of(call.records, ref) == (NAME,)
    for path in call.records.settings.home.rglob("*"):
        assert not path.is_file() or NAME.encode() not in path.read_bytes(), path


async def test_a_case_opened_from_a_guarded_one_guards_the_same(call: Caller) -> None:
    ref = await call.file()
    await guard(call, ref)
    body = {"event": "file", "request": request_json()}
    errand = Errand.model_validate(
        {"id": "e1", "what": "open", "body": body, "asked": "2026-11-22T00:00:00Z"}
    )
    opened = await errands._open(call.office, call.records.states.latest(ref), errand)
    assert opened != ref
    assert guarded.names_of(call.records, opened) == (NAME,)


async def test_they_come_back_from_a_backup_and_go_with_the_key(call: Caller, tmp_path: Path) -> None:
    ref = await call.file()
    await guard(call, ref)
    file = tmp_path / "backup.tar.gz"
    backup(call.records, file)
    again = new_house(tmp_path / "again", "de-test", "DE", "Test house", "Europe/Berlin")
    (again.keys / "master.key").write_bytes((call.records.settings.keys / "master.key").read_bytes())
    restore(again, file)
    for path in again.home.rglob("*"):
        assert not path.is_file() or NAME.encode() not in path.read_bytes(), path
    records = open_records(again)
    assert guarded.names_of(records, ref) == (NAME,)
    assert guarded.kept(records, ref).count == 1
    records.close()
    key_destroyed(call.records, ref)
    assert guarded.names_of(call.records, ref) == ()
    with pytest.raises(NotFound) as gone:
        guarded.guard(call.records, errands.runner(call.office), ref, [NAME], "again")
    assert gone.value.code == "erased"


async def test_a_list_that_is_gone_keeps_the_case_in_and_an_auditor_is_told(call: Caller) -> None:
    ref = await received(call)
    await guard(call, ref)
    for path in (call.records.settings.home / "vault").rglob("*"):
        if path.is_file():
            path.unlink()
    (problem,) = call.records.verify()
    assert problem.code == "missing-document"
    assert (await call.move("officer", ref, event="inform", text="x")).status_code == 404


def test_every_move_that_some_lifecycle_tells_is_searched() -> None:
    assert set(BATON) < guarded.LEAVING
    assert {"answer", "inform", "send", "evidence", "question", "decide", "close"} <= guarded.LEAVING
    assert not {"amend", "hold", "reassign", "link", "approve"} & guarded.LEAVING


async def let_go(call: Caller, ref: str, *names: str, who: str = "approver", **more: str) -> httpx.Response:
    told = {"names": list(names), "reason": more.get("reason", "guarded too widely (invented)")}
    return await call(who, "POST", f"/cases/{ref}/guarded/let-go", json=told, key=more.get("key", ""))


async def test_an_approver_lets_a_name_go_with_a_reason_and_the_others_stay(call: Caller) -> None:
    ref = await received(call)
    await guard(call, ref, NAME, "Germany")
    asks = {"event": "inform", "text": "Germany asks (invented)."}
    assert (await call.move("officer", ref, **asks)).json()["code"] == "protected-name"
    assert (await let_go(call, ref, "Germany", who="officer")).status_code == 403
    before = written(call, ref)
    assert (await let_go(call, ref, "Germany", "Berta")).json()["code"] == "not-guarded"
    assert (await let_go(call, ref, "Germany", reason="Germany is no name")).json()[
        "code"
    ] == "protected-name"
    assert guarded.names_of(call.records, ref) == (NAME, "Germany")
    assert written(call, ref)[:2] == before[:2]
    for _ in range(2):
        answer = await let_go(call, ref, "  Germany", key="once")
        assert answer.json()["guarded"] == 1, answer.text
    assert guarded.names_of(call.records, ref) == (NAME,)
    (note,) = [each for each in call.records.ledger.entries(ref) if each.event == guarded.LET_GO]
    assert note.actor == "approver"
    assert "too widely" in (note.detail or "")
    assert "Germany" not in (note.detail or "")
    assert (await call.move("officer", ref, **asks)).status_code == 200
    assert call.records.verify() == []
    listed = json.loads(note.detail or "")["digest"]
    assert (await call("officer", "GET", f"/cases/{ref}/documents/{listed}")).status_code == 404
    await guard(call, ref, "Germany")
    assert guarded.names_of(call.records, ref) == (NAME, "Germany"), "it can be guarded again"
    assert (await let_go(call, ref, NAME, "Germany")).json()["guarded"] == 0
    assert guarded.kept(call.records, ref) == guarded.Kept(0, None)
