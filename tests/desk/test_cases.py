"""Can a case be filed, listed, read and moved over HTTP, once each, and is a refusal told with a way on?"""

from __future__ import annotations

import asyncio
from typing import Any

from records.ledger import Entry
from schemas.moves import Actor
from schemas.request import MlaRequest, draft_digest
from tests.desk.conftest import MARK, Caller, FakeEngineOffice, request_json


def events(call: Caller, ref: str) -> list[str]:
    return [entry.event for entry in call.records.ledger.entries(ref)]


def last(call: Caller, ref: str) -> Entry:
    return call.records.ledger.entries(ref)[-1]


async def test_a_request_becomes_a_draft_with_its_gaps(call: Caller) -> None:
    answer = await call("officer", "POST", "/cases", json=request_json())
    told = answer.json()
    assert answer.status_code == 201
    assert told["ref"].startswith("DE-")
    assert told["status"] == "draft"
    assert [(gap["code"], gap["blocking"]) for gap in told["gaps"]] == [("necessity", True)]
    shown = (await call("officer", "GET", f"/cases/{told['ref']}")).json()
    assert shown["sight"] == "full"
    assert shown["request"]["contents"] == {"facts": MARK}
    assert "keys" not in shown
    assert {"amend", "offer", "send"} <= set(shown["allowed"])
    assert shown["draft"] == draft_digest(MlaRequest.model_validate(shown["request"]))
    assert "send" not in shown["recordable"]


async def test_yaml_is_read_as_text(call: Caller) -> None:
    text = (
        "requesting: DE\nrequested: NO  # Norway, not false\nmeasures: [subscriber-data]\nurgent: yes\n"
        "urgency_reason: at risk\noffences:\n- {slug: grooming, law: 'StGB 176b', max_penalty: 5y}\n"
    )
    answer = await call(
        "officer", "POST", "/cases", content=text, headers={"Content-Type": "application/yaml"}
    )
    assert answer.status_code == 201, answer.text
    state = call.records.states.latest(answer.json()["ref"])
    assert state.request.requested == "NO"
    assert state.request.urgent is True
    assert state.request.offences[0].max_penalty == 60


async def test_a_body_is_held_against_the_published_schema(call: Caller) -> None:
    body = request_json(requested="Germany", measures=["everything"], extra=1)
    answer = await call("officer", "POST", "/cases", json=body)
    told = answer.json()
    assert answer.status_code == 422
    assert {fault["where"] for fault in told["faults"]} == {"body", "body.measures.0", "body.requested"}
    assert all(fault["what"] and fault["next"] for fault in told["faults"])
    assert MARK not in answer.text


async def test_we_file_only_for_our_own_state(call: Caller) -> None:
    answer = await call("officer", "POST", "/cases", json=request_json(requesting="FR"))
    assert answer.status_code == 422
    assert answer.json()["where"] == "request.requesting"


async def test_the_same_key_files_one_case(call: Caller) -> None:
    body = request_json()
    first = await call("officer", "POST", "/cases", key="k-1", json=body)
    again = await call("officer", "POST", "/cases", key="k-1", json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "repeated": True}
    assert len((await call("officer", "GET", "/cases")).json()["items"]) == 1


async def test_the_same_key_for_something_else_is_a_conflict(call: Caller) -> None:
    await call("officer", "POST", "/cases", key="k-1", json=request_json())
    other = await call("officer", "POST", "/cases", key="k-1", json=request_json(urgent=False))
    assert other.status_code == 409
    assert other.json()["code"] == "conflict"


async def test_keys_of_two_people_never_meet(call: Caller) -> None:
    one = await call("officer", "POST", "/cases", key="k-1", json=request_json())
    two = await call("other-officer", "POST", "/cases", key="k-1", json=request_json())
    assert one.json()["ref"] != two.json()["ref"]


async def test_many_at_once_under_one_key_make_one_case(call: Caller) -> None:
    body = request_json()
    answers = await asyncio.gather(
        *(call("officer", "POST", "/cases", key="k-1", json=body) for _ in range(6))
    )
    assert len({answer.json()["ref"] for answer in answers if answer.is_success}) == 1
    assert len((await call("officer", "GET", "/cases")).json()["items"]) == 1


async def test_a_case_tried_again_after_a_lost_engine_keeps_its_reference(call: Caller) -> None:
    body = request_json()
    FakeEngineOffice.down = True
    try:
        lost = await call("officer", "POST", "/cases", key="k-1", json=body)
    finally:
        FakeEngineOffice.down = False
    assert lost.status_code == 503
    assert lost.headers["retry-after"].isdigit()
    assert lost.json()["retry"] is True
    ref = lost.json()["where"]
    again = await call("officer", "POST", "/cases", key="k-1", json=body)
    assert again.json()["ref"] == ref


async def test_a_move_is_made_once_and_answers_the_same(call: Caller) -> None:
    ref = await call.file()
    body = {"event": "choose-basis", "instrument": "budapest"}
    first = await call("officer", "POST", f"/cases/{ref}/moves", key="m-1", json=body)
    again = await call("officer", "POST", f"/cases/{ref}/moves", key="m-1", json=body)
    assert first.json()["move"] == again.json()["move"] == 2
    assert again.json()["repeated"] is True
    assert events(call, ref) == ["file", "choose-basis"]


async def test_a_wrong_move_lists_what_is_possible_and_is_registered(call: Caller) -> None:
    ref = await call.file()
    answer = await call("officer", "POST", f"/cases/{ref}/moves", json={"event": "reopen", "reason": "x"})
    told = answer.json()
    assert answer.status_code == 409
    assert told["code"] == "wrong-move"
    assert "approve" in told["allowed"]
    assert told["instance"] == f"/cases/{ref}/moves"
    assert last(call, ref).event == "refused"
    assert call.records.states.latest(ref).move == 1


async def test_a_refused_move_may_be_tried_again_under_its_key(call: Caller) -> None:
    ref = await call.file()
    body = {"event": "reopen", "reason": "x"}
    assert (await call("officer", "POST", f"/cases/{ref}/moves", key="m", json=body)).status_code == 409
    assert (await call.move("approver", ref, event="approve")).status_code == 200
    assert (await call("officer", "POST", f"/cases/{ref}/moves", key="m", json=body)).status_code == 200


async def test_an_unknown_event_names_the_nearest(call: Caller) -> None:
    ref = await call.file()
    answer = await call.move("officer", ref, event="aprove")
    assert answer.status_code == 422
    assert answer.json()["nearest"][0] == "approve"


async def test_a_role_makes_its_own_moves_only(call: Caller) -> None:
    ref = await call.file()
    refused = {
        ("officer", "approve"): {},
        ("approver", "issue"): {
            "capacity": "issued",
            "authority": "court",
            "signed_on": "2026-11-20T00:00:00Z",
        },
        ("liaison", "withdraw"): {"reason": "x"},
        ("officer", "confirm"): {"id": f"{ref}.h1"},
        ("officer", "delivered"): {},
    }
    for (name, event), fields in refused.items():
        answer = await call.move(name, ref, event=event, **fields)
        assert answer.status_code == 403, (name, event, answer.text)
    posted = await call.move("officer", ref, event="delivered", by_post=True)
    assert posted.status_code == 409  # allowed to record it, but nothing was sent yet


async def test_an_arrival_on_paper_makes_an_incoming_case(call: Caller) -> None:
    request = request_json(requesting="US", requested="DE")
    body = {"event": "arrive", "request": request, "foreign_ref": "CRM-182-7", "by_post": True}
    answer = await call("officer", "POST", "/cases/arrivals", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["status"] == "received"
    wrong = await call("officer", "POST", "/cases/arrivals", json={**body, "by_post": False})
    assert wrong.status_code == 422
    neither = await call("officer", "POST", "/cases/arrivals", json={"event": "approve"})
    assert neither.status_code == 422
    found = (await call("liaison", "GET", "/references/crm-182-7")).json()["items"]
    assert [each["ref"] for each in found] == [answer.json()["ref"]]


async def test_the_list_is_filtered_and_paged_without_gaps(call: Caller) -> None:
    refs = [await call.file(requested="US" if number % 2 else "FR") for number in range(7)]
    await call.move("approver", refs[0], event="approve")
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query: dict[str, Any] = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await call("officer", "GET", "/cases", params=query)).json()
        assert len(page["items"]) <= 2
        seen += [row["ref"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(refs)

    async def listed(**query: str) -> set[str]:
        found = (await call("officer", "GET", "/cases", params=query)).json()["items"]
        return {row["ref"] for row in found}

    assert await listed(state="us") == set(refs[1::2])
    assert await listed(status="approved") == {refs[0]}
    assert await listed(ref=refs[3]) == {refs[3]}
    assert await listed(side="incoming") == set()
    assert await listed(holder="central-authority") == set(refs)


async def test_a_cursor_that_is_not_ours_is_refused(call: Caller) -> None:
    for cursor in ("%%%", "bm8", "WzEsIDJd"):
        answer = await call("officer", "GET", "/cases", params={"cursor": cursor})
        assert answer.status_code == 422
        assert answer.json()["where"] == "cursor"


async def test_a_parameter_that_cannot_be_read_is_a_problem_too(call: Caller) -> None:
    answer = await call("officer", "GET", "/cases", params={"due_before": "soon", "limit": 0})
    assert answer.status_code == 422
    assert {fault["where"] for fault in answer.json()["faults"]} == {"query.due_before", "query.limit"}


async def test_the_timeline_tells_who_did_what(call: Caller) -> None:
    ref = await call.file()
    await call.move("approver", ref, event="approve")
    items = (await call("officer", "GET", f"/cases/{ref}/timeline")).json()["items"]
    assert [(each["event"], each["actor"], each["status"]) for each in items] == [
        ("file", "officer", "draft"),
        ("approve", "approver", "approved"),
    ]
    assert items[1]["prev"] == items[0]["hash"]
    assert items[0]["detail"]["request"]["requested"] == "US"


async def test_views_are_noted_once(call: Caller) -> None:
    ref = await call.file()
    for _ in range(3):
        await call("other-officer", "GET", f"/cases/{ref}")
    await call("other-officer", "GET", f"/cases/{ref}/timeline")
    noted = [entry for entry in call.records.ledger.entries(ref) if entry.event == "viewed"]
    assert [entry.actor for entry in noted] == ["other-officer", "other-officer"]


async def test_a_reference_may_hold_a_slash(call: Caller) -> None:
    actor = Actor(id="officer", house="de-test")
    await call.office.numbering.given("II-B4/17/2026", "k", actor.id)
    answer = await call("officer", "GET", "/cases/II-B4%2F17%2F2026")
    assert answer.status_code == 404
    assert answer.json()["where"] == "II-B4/17/2026"


async def test_revival_is_for_the_office_and_the_operator(call: Caller) -> None:
    ref = await call.file()
    told = (await call("operator", "POST", f"/cases/{ref}/revive")).json()
    assert told == {"ref": ref, "status": "draft", "revived": False, "why": "it is running"}
    forced = (await call("operator", "POST", f"/cases/{ref}/revive", params={"force": "true"})).json()
    assert forced["revived"] is True
    every = (await call("operator", "POST", "/cases/revive-open")).json()
    assert every == {"revived": [], "running": [ref]}
    assert (await call("auditor", "POST", f"/cases/{ref}/revive")).status_code == 403
