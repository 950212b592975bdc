"""Does a request come about question by question, with nothing lost on the way?"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from desk import border
from desk.web import filing_drafts
from schemas.vocabulary import Kind
from tests.web.conftest import Screen
from treaties.load import shipped
from treaties.registry import Registry

HOSTILE = '"><script>alert(1)</script> {{ 7 * 7 }}'
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def registry() -> Registry:
    """The law with invented providers."""
    return shipped(EXAMPLES / "overlay")


def fields_of(screen: Screen) -> dict[str, Any]:
    """What a browser would post of the form of the page as it stands."""
    made: dict[str, Any] = {}
    form = screen.tree.cssselect("main form")[-1]
    for each in form.cssselect("input, textarea, select"):
        name, kind = each.get("name"), each.get("type")
        if kind in ("checkbox", "radio"):
            if each.get("checked") is not None:
                made.setdefault(name, []).append(each.get("value"))
        elif each.tag == "select":
            chosen = each.cssselect("option[selected]")
            made[name] = chosen[0].get("value") if chosen else ""
        elif each.tag == "textarea":
            made[name] = each.text or ""
        else:
            made[name] = each.get("value", "")
    made.pop("csrf", None)
    return made


async def begun(screen: Screen, kind: str = "mla", side: str = "outgoing") -> str:
    """Address of a new draft."""
    answer = await screen.post("/desk/new", {"kind": kind, "side": side})
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def say(screen: Screen, address: str, **answers: Any) -> str:
    """Answers the page at `address`; where that leads to."""
    page = await screen.get(address)
    assert page.status_code == 200, page.text
    given = {name.replace("_at_", "-"): value for name, value in answers.items()}
    answer = await screen.post(address, {**fields_of(screen), **given})
    assert answer.status_code == 303, screen.text()
    return str(answer.headers["location"])


async def test_a_request_is_filed_question_by_question(screen: Screen) -> None:
    officer = screen.signed_in("officer")
    address = await begun(officer)
    page = (await officer.get(address)).headers["location"]
    assert page == f"{address}/state"
    page = await say(officer, page, requested="US")
    page = await say(officer, page, measures=["stored-content"])
    page = await say(officer, page, **{"offence-1-slug": "csam-distribution", "offence-1-law": HOSTILE})
    assert page == f"{address}/law"
    await officer.get(page)
    assert "Budapest Convention" in officer.text(".lead")
    asked = 0
    while not page.endswith("/check"):
        page = await say(officer, page)
        asked += 1
    assert asked > 5
    checked = await officer.get(page)
    assert checked.status_code == 200
    assert HOSTILE in officer.text("#f-offence-1-law")
    assert not officer.tree.cssselect("main script")
    filed = await officer.post(page)
    ref = filed.headers["location"].removeprefix("/desk/case/")
    request = officer.records.states.latest(ref).request
    assert (request.requested, request.offences[0].law) == ("US", HOSTILE)
    again = await officer.post(page)
    assert again.headers["location"] == filed.headers["location"]
    assert len(officer.records.docket.find().rows) == 1


async def test_what_the_law_leaves_open_is_answered_in_place(screen: Screen) -> None:
    officer = screen.signed_in("officer")
    address = await begun(officer)
    await say(officer, f"{address}/state", requested="US")
    await say(officer, f"{address}/measures", measures=["stored-content"])
    await officer.get(f"{address}/law")
    there = set(officer.tree.xpath("//main//form//@name"))
    assert {"instrument", "offence-1-slug", "offence-1-law"} <= there
    before = len(officer.tree.cssselect('section[aria-labelledby="questions"] li'))
    answers = {"offence-1-slug": "csam-distribution", "offence-1-law": "Section 184b", "act": "again"}
    assert await say(officer, f"{address}/law", **answers) == f"{address}/law"
    await officer.get(f"{address}/law")
    assert len(officer.tree.cssselect('section[aria-labelledby="questions"] li')) < before
    assert not officer.tree.cssselect('[name="offence-1-slug"]')
    await officer.get(f"{address}/check")
    assert "Section 184b" in officer.text("#f-offence-1-law")
    ids = officer.tree.xpath("//main//@id")
    assert len(ids) == len(set(ids))


async def test_the_facts_are_asked_whatever_the_basis_wants(screen: Screen) -> None:
    officer = screen.signed_in("officer")
    address = await begun(officer)
    await say(officer, f"{address}/state", requested="US")
    page = await say(officer, f"{address}/measures", measures=["subscriber-data"])
    await say(officer, page, **{"offence-1-slug": "csam-distribution", "offence-1-law": "Section 184b"})
    page = await say(officer, f"{address}/law", instrument="budapest")
    asked = []
    while not page.endswith("/check"):
        asked.append(page.rpartition("/")[2])
        page = await say(officer, page)
    assert {"contents-conducting-authority", "contents-facts"} <= set(asked)


async def test_two_presses_file_one_case(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = screen.signed_in("officer")
    address = await begun(officer)
    await say(officer, f"{address}/state", requested="US")
    await say(officer, f"{address}/measures", measures=["testimony"])
    monkeypatch.setattr(officer.records.drafts, "filed", lambda id, ref: None)
    first = await officer.post(f"{address}/check")
    second = await officer.post(f"{address}/check")
    assert first.headers["location"] == second.headers["location"]


async def test_what_is_missing_is_told_and_nothing_is_lost(screen: Screen) -> None:
    officer = screen.signed_in("officer", "en")
    address = await begun(officer)
    page = f"{address}/offence-1"
    answer = await officer.post(page, {"offence-1-law": "Section 1", "offence-1-max_penalty": "a lot"})
    assert answer.status_code == 422
    link = officer.tree.cssselect(".wrong-summary a")[0]
    assert (link.get("href"), "10y" in link.text_content()) == ("#f-offence-1-max_penalty", True)
    assert officer.tree.cssselect("#f-offence-1-law")[0].text == "Section 1"
    refused = await officer.post(f"{address}/state", {"requested": ""})
    assert refused.status_code == 422
    filed = await officer.post(f"{address}/check")
    assert filed.status_code == 422
    assert "#f-requested" in [each.get("href") for each in officer.tree.cssselect(".wrong-summary a")]


async def test_signs_that_turn_text_around_are_refused_at_their_field(screen: Screen) -> None:
    officer = screen.signed_in("officer")
    address = await begun(officer)
    turned = "gpj.\u202eexe"
    for name, text in (("urgency_reason", turned), ("urgency_reason", "a" * 20_001)):
        answer = await officer.post(f"{address}/urgency", {name: text})
        assert answer.status_code == 422
        assert officer.tree.cssselect(f'.wrong-summary a[href="#f-{name}"]')
        assert officer.tree.cssselect(f"#f-{name}")[0].text == text


async def test_a_part_that_was_begun_has_to_be_whole(screen: Screen) -> None:
    officer = screen.signed_in("officer")
    address = await begun(officer)
    await say(officer, f"{address}/state", requested="US")
    await say(officer, f"{address}/measures", measures=["stored-content"])
    await say(officer, f"{address}/offence-1", **{"offence-1-slug": "csam-distribution"})
    await say(officer, f"{address}/necessity", **{"necessity-legality": "Section 100j"})
    refused = await officer.post(f"{address}/check")
    assert refused.status_code == 422
    links = [each.get("href") for each in officer.tree.cssselect(".wrong-summary a")]
    assert {"#f-offence-1-law", "#f-necessity-necessity", "#f-necessity-authorised_on"} <= set(links)
    assert len(links) == len(set(links)) == 7
    for link in links:
        assert officer.tree.cssselect(f'[id="{link[1:]}"]')
    await say(officer, f"{address}/necessity", **{"necessity-legality": ""})
    await say(officer, f"{address}/offence-1", **{"offence-1-law": "Section 184b"})
    assert (await officer.post(f"{address}/check")).status_code == 303


async def test_two_officers_see_each_others_change(screen: Screen) -> None:
    first, second = screen.signed_in("officer"), screen.signed_in("other-officer")
    address = await begun(first)
    page = f"{address}/urgency"
    await second.get(page)
    seen = fields_of(second)
    await say(first, page, urgent="yes", urgency_reason="said by the first")
    clash = await second.post(page, {**seen, "urgency_reason": "said by the second"})
    assert clash.status_code == 422
    assert "officer changed this page" in second.text(".wrong-summary")
    assert "said by the first" in second.text("section.card")
    assert second.tree.cssselect("#f-urgency_reason")[0].text == "said by the second"
    settled = await second.post(page, {**fields_of(second), "urgency_reason": "said by both"})
    assert settled.status_code == 303
    draft = first.records.drafts.get(address.rpartition("/")[2])
    assert draft.content["urgency_reason"] == ["said by both"]


async def test_what_others_change_elsewhere_stays(screen: Screen) -> None:
    first, second = screen.signed_in("officer"), screen.signed_in("other-officer")
    address = await begun(first)
    await second.get(f"{address}/matter")
    seen = fields_of(second)
    await say(first, f"{address}/state", requested="FR")
    assert (await second.post(f"{address}/matter", {**seen, "matter": "Op. A"})).status_code == 303
    content = first.records.drafts.get(address.rpartition("/")[2]).content
    assert (content["requested"], content["matter"]) == (["FR"], ["Op. A"])


async def test_a_draft_is_for_its_office_only(screen: Screen) -> None:
    address = await begun(screen.signed_in("officer"))
    for who, status in (("court-officer", 404), ("liaison", 404), ("judge", 403), ("auditor", 403)):
        assert (await screen.signed_in(who).get(f"{address}/state")).status_code == status, who
    await screen.signed_in("court-officer").get("/desk/new")
    gone = await screen.signed_in("court-officer").post(
        "/desk/new", {"act": "delete", "draft": address.rpartition("/")[2]}
    )
    assert gone.status_code == 404
    officer = screen.signed_in("approver")
    await officer.get("/desk/new")
    assert officer.tree.cssselect(f'a[href="{address}"]')
    await officer.post("/desk/new", {"act": "delete", "draft": address.rpartition("/")[2]})
    assert (await officer.get(address)).status_code == 404


async def test_a_liaison_begins_preservations_only(screen: Screen) -> None:
    liaison = screen.signed_in("liaison")
    await liaison.get("/desk/new")
    kinds = [each.get("value") for each in liaison.tree.cssselect("input[name=kind]")]
    assert kinds == ["preservation"]
    assert (await liaison.post("/desk/new", {"kind": "mla", "side": "outgoing"})).status_code == 422


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("side", ["outgoing", "incoming"])
async def test_every_question_of_every_kind_is_shown(screen: Screen, kind: Kind, side: str) -> None:
    officer = screen.signed_in("officer")
    address = await begun(officer, kind.value, side)
    other = "requested" if side == "outgoing" else "requesting"
    page = str((await officer.get(address)).headers["location"])
    known = {
        other: "FR",
        "foreign_ref": "12 AR 3/26",
        "happened_at": "2026-11-02",
        "measures": ["stored-content", "search-and-seizure"],
        "accounts": "user-1\nuser-2",
        "provider": "example-cloud",
        "person-id": "person-1",
        "extradition": "DE-EXT-2026-00001",
        "instrument": "",
    }
    if kind in (Kind.PRESERVATION, Kind.PRODUCTION):
        known["measures"] = ["stored-content"]
    for _ in range(60):
        if page.endswith("/check"):
            break
        await officer.get(page)
        there = set(officer.tree.xpath("//main//form//@name"))
        given = {name: value for name, value in known.items() if name in there}
        page = await say(officer, page, **given)
    assert page.endswith("/check")
    assert (await officer.get(page)).status_code == 200
    filed = await officer.post(page)
    assert filed.status_code == 303, officer.text()
    state = officer.records.states.latest(filed.headers["location"].removeprefix("/desk/case/"))
    assert (state.request.kind, state.side.value) == (kind.value, side)


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.glob("*.yml")))
async def test_a_request_of_a_file_comes_out_as_it_went_in(screen: Screen, name: str) -> None:
    officer = screen.signed_in("officer")
    content = (EXAMPLES / name).read_bytes()
    wanted = border.request_from_yaml(content)
    answer = await officer.post("/desk/new/file", files={"file": (name, content)})
    if wanted.requesting != "DE":
        assert answer.status_code == 422
        return
    assert answer.status_code == 303, officer.text()
    assert (await officer.get(answer.headers["location"])).status_code == 200
    draft = screen.records.drafts.get(answer.headers["location"].split("/")[3])
    typed = filing_drafts.typed_of(draft)
    assert typed.get("instrument") == (wanted.instrument or "")
    filed = await officer.post(answer.headers["location"])
    assert filed.status_code == 303, officer.text()
    made = officer.records.states.latest(filed.headers["location"].removeprefix("/desk/case/")).request
    assert made == wanted


async def test_a_file_that_is_no_request_is_refused_with_its_line(screen: Screen) -> None:
    officer = screen.signed_in("officer")
    for name, content in (("a.yml", b"kind: mla\nrequested: [\n"), ("a.json", b"{"), ("b.yml", b"x: 1")):
        answer = await officer.post("/desk/new/file", files={"file": (name, content)})
        assert answer.status_code == 422
        assert officer.tree.cssselect('.wrong-summary a[href="#f-file"]')
    assert (await officer.post("/desk/new/file", {})).status_code == 422


async def test_what_was_typed_when_the_session_ended_stands_again(screen: Screen) -> None:
    officer = screen.signed_in("officer")
    page = f"{await begun(officer)}/urgency"
    await officer.get(page)
    given = {**fields_of(officer), "urgency_reason": HOSTILE, "csrf": "of an old session"}
    idle = screen.records.sessions.idle
    screen.records.sessions.idle = type(idle)(0)
    lost = await officer._ask("POST", page, data=given)
    screen.records.sessions.idle = idle
    assert lost.headers["location"].startswith("/desk/sign-in?back=")
    back = unquote(lost.headers["location"].partition("back=")[2].partition("&")[0])
    again = screen.signed_in("officer")
    await again.get(back)
    assert again.tree.cssselect("#f-urgency_reason")[0].text == HOSTILE
    assert (await again.post(page, fields_of(again))).status_code == 303
