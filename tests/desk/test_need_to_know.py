"""Does each reader see what they need and no more, and is what they may not see as if it were not there?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from desk import views, who
from desk.who import Sight
from schemas.case import CaseState, DocketRow
from schemas.handoff import Handoff, HandoffStatus, Holder
from schemas.moves import Actor
from schemas.vocabulary import Role
from tests.desk.conftest import MARK, Caller
from workflows.row import row_of


async def whole_state(call: Caller) -> CaseState:
    """A case as filed, with a marked text in every part that people write."""
    ref = await call.file()
    state = call.records.states.latest(ref)
    at = "2026-11-20T10:00:00Z"
    digest = "sha256:" + "0" * 64
    holder = {"house": "de-test", "function": "central-authority"}
    parts: dict[str, Any] = {
        "law": {
            "edition": "e1",
            "on": "2026-11-20",
            "assessment": digest,
            "instrument": "budapest",
            "authority": MARK,
            "override": {"actor": "approver", "at": at, "reason": MARK, "instead_of": "verdict"},
        },
        "signed": [
            {"capacity": "issued", "actor": "judge", "authority": "district-court", "at": at, "note": MARK}
        ],
        "overrides": [{"actor": "approver", "at": at, "reason": MARK, "instead_of": "gaps"}],
        "handoffs": [
            {
                "id": "h1",
                "sender": holder,
                "receiver": {**holder, "function": "police"},
                "why": MARK,
                "offered": at,
                "reason": MARK,
            }
        ],
        "outbox": [
            {"id": "m1", "event": "send", "sealed": digest, "status": "queued", "queued": at, "problem": MARK}
        ],
        "questions": [{"id": "q1", "text": MARK, "asked": at, "by": "counterpart", "answer": MARK}],
        "limitations": [{"id": "l1", "text": MARK, "offered": at}],
        "decisions": [{"decision": "accepted", "at": at, "reasons": MARK}],
        "evidence": [{"id": "e1", "description": MARK, "kind": MARK, "sha256": digest, "custodian": MARK}],
        "documents": [{"name": MARK, "media_type": "text/plain", "size": 1, "digest": digest}],
        "outcome": {"result": "executed", "note": MARK},
        "their_outcome": {"result": "executed", "note": MARK},
        "errands": [{"id": "e1", "what": "tell", "body": {"reason": MARK}, "asked": at, "problem": MARK}],
        "gates": [{"gate": "torture", "answer": "clear", "note": MARK, "actor": "approver", "at": at}],
        "translations": [{"language": "fr", "translator": MARK, "certified": True, "at": at}],
        "costs": [
            {
                "amount": "10",
                "currency": "EUR",
                "borne_by": "requested",
                "settled": True,
                "at": at,
                "note": MARK,
            }
        ],
        "uses": [{"items": ["e1"], "purpose": MARK, "limits": [], "beyond": MARK, "actor": "a", "at": at}],
        "keeping": {"periods": [{"start": at, "end": None, "told": at, "note": MARK}]},
        "producing": {"objections": [{"ground": "other", "text": MARK, "at": at, "article": MARK}]},
        "person": {
            "detentions": [{"arrested": at, "provisional": True, "released": at, "reason": MARK}],
            "court": [{"stage": "opened", "authority": "court", "at": at, "note": MARK}],
            "consent": {"given": True, "before": MARK, "at": at},
            "assurances": [
                {"id": "a1", "about": "torture", "text": MARK, "asked": at, "given_text": MARK, "note": MARK}
            ],
            "joint": [{"first": "FR", "reasons": MARK, "at": at, "over": ["US"]}],
            "days": [{"on": at, "place": MARK}],
            "surrenders": [{"at": at, "place": MARK, "custody_days": 3}],
            "consents": [{"id": "c1", "purpose": "onward", "text": MARK, "asked": at, "reasons": MARK}],
            "proceedings": [{"stage": "opened", "authority": "court", "at": at, "text": MARK}],
        },
    }
    return CaseState.model_validate({**state.model_dump(mode="json"), **parts})


async def test_an_auditor_sees_what_happened_and_no_word_of_it(call: Caller) -> None:
    state = await whole_state(call)
    assert json.dumps(views.full(state)).count(MARK) >= 45
    seen = json.dumps(views.audited(state))
    assert MARK not in seen
    for kept in ("judge", "subscriber-data", "budapest", "sha256:", "overrides", "executed"):
        assert kept in seen


async def test_the_status_view_holds_seven_things(call: Caller) -> None:
    state = await whole_state(call)
    seen = views.status_of(state)
    assert set(seen) == {"ref", "their_ref", "side", "status", "holder", "held_since", "next_due"}
    assert MARK not in json.dumps(seen)
    assert views.row_status(row_of(state)) == seen


def models_of(annotation: Any) -> list[type[BaseModel]]:
    """The models that an annotation names, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in models_of(part)]


def test_every_field_that_an_auditor_sees_is_there() -> None:
    for place, fields in views._AUDIT_PARTS.items():
        models: list[type[BaseModel]] = [CaseState]
        for part in place.split("."):
            fitting = [model for model in models if part in model.model_fields]
            models = [each for model in fitting for each in models_of(model.model_fields[part].annotation)]
        there = {name for model in models for name in model.model_fields}
        assert fields <= there, place


def test_no_field_of_a_case_is_seen_by_an_auditor_unless_it_is_listed() -> None:
    listed = views._AUDIT_TOP | set(views._AUDIT_PARTS)
    assert set(CaseState.model_fields) - listed == {"keys"}


async def test_over_http_each_gets_their_own_view(call: Caller) -> None:
    ref = await call.file()
    told = {}
    for name in ("officer", "approver", "judge", "auditor", "liaison"):
        answer = await call(name, "GET", f"/cases/{ref}")
        assert answer.status_code == 200, name
        assert answer.headers["cache-control"] == "no-store"
        told[name] = answer.json()["sight"]
        assert (MARK in answer.text) == (told[name] == "full"), name
    assert told == {
        "officer": "full",
        "approver": "full",
        "judge": "full",
        "auditor": "record",
        "liaison": "status",
    }


async def test_what_may_not_be_seen_answers_as_what_is_not_there(call: Caller) -> None:
    ref = await call.file()
    never = ref[:-1] + "9"
    for path in ("", "/timeline", "/custody", "/assessment", "/documents/sha256:" + "0" * 64):
        hidden = await call("court-officer", "GET", f"/cases/{ref}{path}")
        absent = await call("court-officer", "GET", f"/cases/{never}{path}")
        assert hidden.status_code == absent.status_code == 404
        assert hidden.text.replace(ref, "R") == absent.text.replace(never, "R")
    moved = await call(
        "court-officer", "POST", f"/cases/{ref}/moves", json={"event": "hold", "on": True, "reason": "x"}
    )
    gone = await call(
        "court-officer", "POST", f"/cases/{never}/moves", json={"event": "hold", "on": True, "reason": "x"}
    )
    assert moved.status_code == gone.status_code == 404
    assert moved.text.replace(ref, "R") == gone.text.replace(never, "R")


async def test_lists_hold_what_each_may_see(call: Caller) -> None:
    ref = await call.file()

    async def listed(name: str, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await call(name, "GET", "/cases", params=query)).json()["items"]
        return found

    assert [row["ref"] for row in await listed("officer")] == [ref]
    assert [row["ref"] for row in await listed("auditor")] == [ref]
    assert [row["ref"] for row in await listed("judge")] == [ref]
    assert await listed("court-officer") == []
    assert await listed("liaison") == []
    assert set((await listed("liaison", ref=ref))[0]) == {
        "ref", "their_ref", "side", "status", "holder", "held_since", "next_due",
    }  # fmt: skip
    assert (await call("court-officer", "GET", f"/references/{ref}")).json() == {"items": []}


async def test_a_liaison_reads_no_paper_of_the_case(call: Caller) -> None:
    ref = await call.file()
    for path in ("timeline", "custody", "assessment"):
        answer = await call("liaison", "GET", f"/cases/{ref}/{path}")
        assert answer.status_code == 403
        assert MARK not in answer.text


async def test_an_auditor_gets_a_timeline_without_what_was_said(call: Caller) -> None:
    ref = await call.file()
    answer = await call("auditor", "GET", f"/cases/{ref}/timeline")
    assert answer.status_code == 200
    assert MARK not in answer.text
    assert [entry["event"] for entry in answer.json()["items"]] == ["file"]


# --- the table itself ---------------------------------------------------------------------------------


def actor(
    *roles: Role, agency: str = "central-authority", id: str = "somebody", house: str = "de-test"
) -> Actor:
    return Actor(id=id, house=house, roles=roles, agency=agency)


@pytest.mark.parametrize("role", list(Role))
async def test_nobody_of_another_house_sees_anything(call: Caller, role: Role) -> None:
    state = await whole_state(call)
    assert who.sight(actor(role, house="us-test"), state) is Sight.NOTHING
    assert who.sight(actor(role, house="us-test"), row_of(state)) is Sight.NOTHING


async def test_what_concerns_an_agency_is_open_to_it(call: Caller) -> None:
    state = await whole_state(call)
    court = actor(Role.OFFICER, agency="district-court")
    assert who.sight(court, state) is Sight.NOTHING
    held = state.model_copy(update={"holder": Holder(house="de-test", function="district-court")})
    assert who.sight(court, held) is Sight.FULL
    named = Holder(house="de-test", function="district-court", actor="another")
    assert who.sight(court, state.model_copy(update={"holder": named})) is Sight.NOTHING
    assert who.sight(actor(Role.OFFICER, agency="x", id=state.filed_by), state) is Sight.FULL


async def test_an_offer_shows_the_case_until_it_is_decided(call: Caller) -> None:
    state = await whole_state(call)
    court = actor(Role.ISSUING_AUTHORITY, agency="district-court")
    abroad = state.model_copy(update={"status": "sent", "signed": []})
    offer = Handoff(
        id="h2",
        sender=state.holder,
        receiver=Holder(house="de-test", function="district-court"),
        why="to decide",
        offered=datetime.now(UTC),
    )
    assert who.sight(court, abroad) is Sight.NOTHING
    assert who.sight(court, abroad.model_copy(update={"handoffs": [offer]})) is Sight.FULL
    over = offer.model_copy(update={"status": HandoffStatus.RETURNED})
    assert who.sight(court, abroad.model_copy(update={"handoffs": [over]})) is Sight.NOTHING


@pytest.mark.parametrize("event", ["file", "arrive", "confirm", "no-such-event"])
def test_events_in_no_table_are_nobodys(event: str) -> None:
    assert who.roles_for(event) == frozenset()


def test_row_and_state_agree_on_fields_used() -> None:
    assert {"house", "filed_by", "side", "status"} <= set(DocketRow.model_fields) & set(
        CaseState.model_fields
    )


def test_whoever_may_take_a_case_may_pass_it_on() -> None:
    assert who.roles_for("accept") <= who.roles_for("offer") & who.roles_for("withdraw-offer")
