"""Does a liaison find out where a case stands, pass it on, and have data kept in a few steps?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from desk.web import urgent
from desk.web.forms import Typed
from schemas.handoff import Handoff, HandoffStatus, Holder
from schemas.moves import Actor, Move, Send
from schemas.request import PreservationRequest
from schemas.vocabulary import Role
from tests.desk.conftest import MARK
from tests.web.conftest import Screen
from tests.web.test_docket import filed
from tests.web.test_filing import fields_of

HOSTILE = '"><script>alert(1)</script>'
WRITTEN = {
    "requested": "US",
    "accounts": "user-4711@mail.example\nuser-4712@mail.example",
    "authority": "Police Headquarters Musterstadt (invented), 999 Js 1/26",
    "offence-1-slug": "csam-distribution",
    "offence-1-law": "Section 184b",
    "facts": HOSTILE,
    "link": "They were used to share the files.",
    "need": "Connection data are erased after a few weeks.",
    "urgency_reason": "The abuse goes on.",
    "certified_by": "Head of unit (invented)",
}


def offer(screen: Screen, ref: str, function: str, actor: str | None = None) -> None:
    """Puts an offer of the baton on the case, as the engine would."""
    state = screen.records.states.latest(ref)
    made = Handoff(
        id="h-1",
        sender=state.holder,
        receiver=Holder(house="de", function=function, actor=actor),
        why=MARK,
        offered=datetime.now(UTC),
        status=HandoffStatus.OFFERED,
    )
    move = Move(
        key="offer", actor=Actor(id="officer", house="de", roles=(Role.OFFICER,)), body=Send(reason=MARK)
    )
    screen.office._file(state.model_copy(update={"handoffs": [made]}), move)


async def test_status_by_any_reference_and_no_more(screen: Screen) -> None:
    ref = await filed(screen, reports=[{"id": "CT 4711"}])
    liaison = screen.signed_in("liaison")
    for sought in (ref, ref.lower(), "ct4711"):
        await liaison.get("/desk/status", params={"ref": sought})
        text = liaison.text()
        assert ref in text
        assert "Draft" in text
        assert MARK not in text
        assert "United States" not in text
    await liaison.get("/desk/status", params={"ref": HOSTILE})
    assert "No case that you may see" in liaison.text()
    assert not liaison.tree.cssselect("main script")
    for who, status in (("operator", 403), ("treaty-desk", 403), ("auditor", 200), ("court-officer", 200)):
        assert (await screen.signed_in(who).get("/desk/status", params={"ref": ref})).status_code == status
    await screen.signed_in("court-officer").get("/desk/status", params={"ref": ref})
    hidden = screen.signed_in("court-officer")
    await hidden.get("/desk/status", params={"ref": ref})
    assert not hidden.tree.cssselect("section.card")


async def test_an_offer_is_taken_or_returned_with_a_reason(screen: Screen, monkeypatch: Any) -> None:
    ref = await filed(screen)
    offer(screen, ref, "police")
    made: list[Any] = []

    async def move(actor: Actor, ref: str, body: Any, key: str) -> None:
        made.append((actor.id, body))

    monkeypatch.setattr(screen.office, "move", move)
    liaison = screen.signed_in("liaison")
    await liaison.get("/desk/status", params={"ref": ref})
    assert "offered to you" in liaison.text()
    assert MARK not in liaison.text()
    given = {"case": ref, "id": "h-1", "key": "k"}
    refused = await liaison.post("/desk/status", {**given, "act": "return", "reason": " "})
    assert refused.status_code == 422
    assert liaison.tree.cssselect(".wrong-summary a")[0].get("href") == "#f-reason"
    assert made == []
    await liaison.post("/desk/status", {**given, "act": "return", "reason": "not ours"})
    answer = await liaison.post("/desk/status", {**given, "act": "accept"})
    assert [body.event for _, body in made] == ["return", "accept"]
    await liaison.get(answer.headers["location"])
    assert "You hold this case now" in liaison.text()
    for who in ("officer", "auditor"):
        other = screen.signed_in(who)
        await other.get("/desk/status", params={"ref": ref})
        assert "offered to you" not in other.text()


async def test_data_are_kept_in_few_steps(screen: Screen, monkeypatch: Any) -> None:
    sent: list[Any] = []

    async def move(actor: Actor, ref: str, body: Any, key: str) -> None:
        sent.append((ref, body))

    monkeypatch.setattr(screen.office, "move", move)
    liaison = screen.signed_in("liaison")
    await liaison.get("/desk/")
    assert liaison.tree.cssselect('nav a[href="/desk/urgent"]')
    await liaison.get("/desk/urgent")
    assert len(WRITTEN) <= 10
    page = {**fields_of(liaison), **WRITTEN}
    looked = await liaison.post("/desk/urgent", {**page, "act": "look"})
    assert looked.status_code == 200
    assert "Budapest Convention" in liaison.text(".lead")
    assert liaison.tree.cssselect("#f-facts")[0].text == HOSTILE
    shown = {**fields_of(liaison), "act": "send"}
    done = await liaison.post("/desk/urgent", shown)
    again = await liaison.post("/desk/urgent", shown)
    assert done.status_code == 303, liaison.text()
    assert again.headers["location"] == done.headers["location"]
    (row,) = screen.records.docket.find().rows
    state = screen.records.states.latest(row.ref)
    request = state.request
    assert {ref for ref, _ in sent} == {row.ref}
    assert sent[0][1].emergency
    assert sent[0][1].reason == "The abuse goes on."
    assert request.kind == "preservation"
    assert request.urgent
    assert request.accounts == ("user-4711@mail.example", "user-4712@mail.example")
    assert request.emergency is not None
    assert request.emergency.facts == "The abuse goes on."
    assert request.emergency.certified_by == "Head of unit (invented)"
    wanted = {"requesting-authority", "offence-and-brief-facts", "data-to-preserve-and-link", "necessity",
              "intent-to-send-mla"}  # fmt: skip
    assert wanted <= set(request.contents)
    await liaison.get(done.headers["location"])
    assert row.ref in liaison.text()


async def test_without_an_emergency_it_waits_for_approval(screen: Screen) -> None:
    liaison = screen.signed_in("liaison")
    await liaison.get("/desk/urgent")
    page = {**fields_of(liaison), **WRITTEN, "certified_by": "", "act": "send"}
    done = await liaison.post("/desk/urgent", page)
    assert done.status_code == 303, liaison.text()
    await liaison.get(done.headers["location"])
    assert "not sent yet" in liaison.text("h1")
    assert "approval by a second person" in liaison.text()
    (row,) = screen.records.docket.find().rows
    assert screen.records.states.latest(row.ref).request.emergency is None


@pytest.mark.parametrize(
    ("chosen", "follows", "said"),
    [("usual", "mla", "mutual legal assistance"), ("production", "production", "disclosure of these data")],
)
async def test_what_follows_is_chosen_and_the_letter_says_so(
    screen: Screen, chosen: str, follows: str, said: str
) -> None:
    liaison = screen.signed_in("liaison")
    await liaison.get("/desk/urgent")
    assert fields_of(liaison)["intends"] == "usual"
    page = {**fields_of(liaison), **WRITTEN, "certified_by": "", "intends": chosen, "act": "send"}
    done = await liaison.post("/desk/urgent", page)
    assert done.status_code == 303, liaison.text()
    (row,) = screen.records.docket.find().rows
    request = screen.records.states.latest(row.ref).request
    assert isinstance(request, PreservationRequest)
    assert request.intends == follows
    assert said in request.contents["intent-to-send-mla"]


def test_what_usually_follows_hangs_on_the_way_the_letter_goes() -> None:
    for chosen, direct, follows in (
        ("usual", "state", "mla"),
        ("usual", "", "mla"),
        ("usual", "provider", "production"),
        ("mla", "provider", "mla"),
    ):
        assert urgent.following(Typed({"intends": [chosen], "direct": [direct]})) == follows


async def test_what_is_missing_is_told_and_what_was_typed_stays(screen: Screen) -> None:
    liaison = screen.signed_in("liaison", "en")
    await liaison.get("/desk/urgent")
    page = {**fields_of(liaison), "facts": HOSTILE, "offence-1-law": "Section 1", "act": "send"}
    answer = await liaison.post("/desk/urgent", page)
    assert answer.status_code == 422
    links = {each.get("href") for each in liaison.tree.cssselect(".wrong-summary a")}
    wanted = {"requested", "accounts", "authority", "link", "need", "urgency_reason", "offence-1-slug"}
    assert {f"#f-{name}" for name in wanted} <= links
    for link in links:
        assert liaison.tree.cssselect(f'[id="{link[1:]}"]'), link
    assert liaison.tree.cssselect("#f-facts")[0].text == HOSTILE
    assert not liaison.tree.cssselect("main script")
    for who in ("auditor", "judge", "treaty-desk"):
        assert (await screen.signed_in(who).get("/desk/urgent")).status_code == 403
