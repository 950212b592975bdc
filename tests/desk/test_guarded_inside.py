"""Do documents with a guarded name inside stay in the house, and is it told which could not be read?"""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from desk import errands, guarded
from desk.keyring import certify
from letters.enclosed import read_apart
from letters.inside import Inside
from letters.leaks import NameLeaks
from schemas.case import CaseState
from schemas.handoff import Holder
from schemas.ids import digest
from schemas.moves import Move, OfferHandoff, Send
from tests.desk.conftest import MARK, Caller, request_json
from tests.desk.test_guarded import NAME, guard, received, written
from tests.letters.test_inside import docx, pdf, pictured

LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")


async def document(call: Caller, ref: str, content: bytes, name: str = "a.bin") -> dict[str, Any]:
    answer = await call("officer", "POST", f"/cases/{ref}/documents", params={"name": name}, content=content)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def enclosing(call: Caller, content: bytes, name: str = "a.bin") -> tuple[str, str]:
    """A draft that encloses a document, and the place of that."""
    ref = await call.file()
    paper = await document(call, ref, content, name)
    amended = await call.move("officer", ref, event="amend", request=request_json(attachments=[paper]))
    assert amended.status_code == 200, amended.text
    return ref, place_of(paper)


def place_of(paper: dict[str, Any]) -> str:
    return f"documents.{paper['digest'][:15]}"


def refused(answer: httpx.Response, place: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (409, "protected-name"), answer.text
    assert answer.json()["where"].startswith(place), answer.text
    assert "Größer" not in answer.text


def unread(call: Caller, ref: str) -> list[dict[str, Any]]:
    entries = call.records.ledger.entries(ref)
    return [json.loads(each.detail or "{}") for each in entries if each.event == guarded.UNREAD]


async def test_a_request_that_encloses_a_name_is_neither_approved_nor_sent(call: Caller) -> None:
    ref, place = await enclosing(call, docx("It was Än", "ne Größer."), "nobody.docx")
    told = (await guard(call, ref)).json()
    assert [each.partition(".part")[0] for each in told["places"]] == [place, place]
    before = written(call, ref)
    refused(await call.move("approver", ref, event="approve"), place)
    assert written(call, ref) == before
    other, _ = await enclosing(call, docx("Nobody."))
    await guard(call, other)
    assert (await call.move("approver", other, event="approve")).status_code == 200
    await guard(call, other, "Nobody Known")
    answer = await call.move("officer", other, event="send")
    assert answer.json()["code"] == "protected-name", "guarded after the approval"


async def test_an_answer_that_encloses_a_name_is_refused_and_nothing_is_written(call: Caller) -> None:
    ref, other = await received(call), await received(call)
    paper = await document(call, ref, f"It was {NAME}.".encode(), "answer.txt")
    await guard(call, ref)
    before = written(call, ref)
    body = {"event": "papers", "attachments": [paper]}
    refused(await call.move("officer", ref, **body), place_of(paper))
    assert written(call, ref) == before
    kept = await document(call, other, f"It was {NAME}.".encode(), "answer.txt")
    assert guarded.require_move(call.records, other, _moved(kept), "nobody is guarded there") == ()


async def test_papers_that_follow_must_be_with_the_case(call: Caller) -> None:
    ref = await received(call)
    paper = {"name": "a.pdf", "media_type": "application/pdf", "size": 1, "digest": f"sha256:{'0' * 64}"}
    answer = await call.move("officer", ref, event="papers", attachments=[paper])
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-document"), answer.text


async def test_a_document_that_comes_while_others_are_read_is_read_too(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await received(call)
    paper = await document(call, ref, b"Nobody.")
    late = f"It was {NAME}.".encode()

    def slow(content: bytes, seconds: float) -> Inside:
        call.records.vault.put(ref, late)
        return read_apart(content, seconds)

    monkeypatch.setattr("letters.enclosed.read_apart", slow)
    with pytest.raises(NameLeaks):
        guarded.require_inside(call.records, ref, [digest(late), paper["digest"]], (NAME,))


def _moved(paper: dict[str, Any]) -> OfferHandoff:
    receiver = Holder(house="us-test", function="central-authority")
    return OfferHandoff(id="de/handoff-1", receiver=receiver, why="x", documents=(paper["digest"],))


async def test_between_houses_documents_are_searched_and_from_desk_to_desk_they_are_not(call: Caller) -> None:
    ref = await received(call)
    paper = await document(call, ref, f"It was {NAME}.".encode())
    await guard(call, ref)
    out = _moved(paper)
    here = out.model_copy(update={"receiver": Holder(house="de-test", function="police")})
    assert guarded.require_move(call.records, ref, here, "in the house") == ()
    with pytest.raises(NameLeaks) as leak:
        guarded.require_move(call.records, ref, out, "to the other house")
    assert leak.value.where == place_of(paper)


async def test_what_cannot_be_looked_through_goes_and_is_told(call: Caller) -> None:
    ref, place = await enclosing(call, LOCKED, "locked.docx")
    assert (await guard(call, ref, key="once")).json()["unread"] == [{"place": place, "why": "encrypted"}]
    again = await guard(call, ref, key="once")
    assert (again.status_code, again.json()["unread"]) == (200, [{"place": place, "why": "encrypted"}])
    assert unread(call, ref) == []
    assert (await call.move("approver", ref, event="approve")).status_code == 200
    missed = [{"place": place, "why": "encrypted"}]
    assert unread(call, ref) == [{"event": "approve", "documents": missed}]
    assert (await call.move("officer", ref, event="send")).status_code == 200
    assert [each["event"] for each in unread(call, ref)] == ["approve", "send"]
    assert call.records.verify() == []


async def test_a_move_that_is_refused_or_made_before_tells_nothing(call: Caller) -> None:
    ref, _ = await enclosing(call, LOCKED)
    await guard(call, ref)
    paper = await document(call, ref, LOCKED)
    wrong = await call.move("officer", ref, event="papers", attachments=[paper])
    assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong-move"), wrong.text
    assert unread(call, ref) == []
    for status in (200, 200):
        answer = await call("approver", "POST", f"/cases/{ref}/moves", json={"event": "approve"}, key="one")
        assert answer.status_code == status, answer.text
    assert len(unread(call, ref)) == 1


async def test_a_case_without_guarded_names_opens_no_document(call: Caller, monkeypatch: Any) -> None:
    monkeypatch.setattr("letters.enclosed.subprocess", None)
    ref, _ = await enclosing(call, LOCKED)
    assert (await call.move("approver", ref, event="approve")).status_code == 200
    assert guarded.forecast(call.records, call.records.states.latest(ref)) == ((), ())
    assert unread(call, ref) == []


async def test_the_place_of_what_is_unread_is_not_told_by_its_name(call: Caller) -> None:
    ref, place = await enclosing(call, pdf(pictured, text=False), "scan.pdf")
    told = (await guard(call, ref)).json()["unread"]
    assert told == [{"place": f"{place}.page 1", "why": "scan"}]
    told = (await guard(call, ref, "Page")).json()["unread"]
    assert told == [{"place": place, "why": "scan"}]


async def test_of_a_request_of_another_house_nothing_leaves(call: Caller) -> None:
    ref, _ = await enclosing(call, LOCKED)
    state = call.records.states.latest(ref)
    assert len(guarded.enclosed_in(state)) == 1
    theirs = CaseState.model_validate({**state.model_dump(), "side": "incoming"})
    assert guarded.enclosed_in(theirs) == []


async def test_a_sealed_letter_and_an_annex_stay_where_a_name_is_enclosed(call: Caller) -> None:
    certify(call.records.settings, 30)
    ref, place = await enclosing(call, docx(NAME), "nobody.docx")
    person = {"pseudonym": MARK, "name": NAME}
    told = {"people": [person], "reason": "The hearing of the child (invented)."}
    refused(await call("approver", "POST", f"/cases/{ref}/annex", json=told), place)
    assert guarded.names_of(call.records, ref) == ()
    assert (await call.move("approver", ref, event="approve")).status_code == 200
    path = f"/cases/{ref}/letters/mla-request/seal"
    once = {"despite": "urgent (invented)", "protected": [NAME]}
    refused(await call("approver", "POST", path, json=once), place)
    await guard(call, ref)
    refused(await call("approver", "POST", path, json={"despite": "urgent (invented)"}), place)
    assert "letter-sealed" not in [each.event for each in call.records.ledger.entries(ref)]


async def test_a_sealed_letter_and_an_annex_tell_what_could_not_be_looked_through(call: Caller) -> None:
    certify(call.records.settings, 30)
    ref, _ = await enclosing(call, LOCKED)
    person = {"pseudonym": MARK, "name": NAME}
    told = {"people": [person], "reason": "The hearing of the child (invented)."}
    assert (await call("approver", "POST", f"/cases/{ref}/annex", json=told)).status_code == 200
    assert (await call.move("approver", ref, event="approve")).status_code == 200
    path = f"/cases/{ref}/letters/mla-request/seal"
    sealed = await call("approver", "POST", path, json={"despite": "urgent (invented)"})
    assert sealed.status_code == 201, sealed.text
    assert [each["event"] for each in unread(call, ref)] == ["annex-released", "approve", "letter-sealed"]


async def test_what_the_house_does_by_itself_tells_it_too(call: Caller) -> None:
    ref, _ = await enclosing(call, LOCKED)
    await guard(call, ref)
    found = guarded.require_move(call.records, ref, Send(), "errand")
    move = Move(key="errand", actor=errands.runner(call.office), body=Send())
    guarded.tell_unread(call.records, ref, move.actor, "send", found)
    assert [each["event"] for each in unread(call, ref)] == ["send"]
