"""Does the workshop keep what passes and nothing else, ask two people, and tell what may be seen?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desk import register, watch
from desk.office import Office
from records.references import HOUSE
from tests.workshop.conftest import Desk
from tests.workshop.small import act, registry
from treaties.editions import Editions
from treaties.registry import Registry

DOCS = Path(__file__).resolve().parents[2] / "docs"
TABLE = register.CSV
HEADS = "state_iso2,signed,ratified_or_acceded,mode,in_force,source,as_of\n"


@pytest.fixture(scope="module")
def small() -> Registry:
    return registry()


@pytest.fixture
def law(small: Registry) -> Registry:
    return small


def body(*acts: dict[str, Any], **more: Any) -> dict[str, Any]:
    defaults = {"source": "chart", "confidence": "read"}
    return {"title": "a change", "defaults": defaults, "acts": list(acts), **more}


ACCESSION = body(act("IE", "ratified", "2026-11-16"), act("IE", "in-force", "2027-03-01"))


async def propose(desk: Desk, content: Any, who: str = "desk", **options: Any) -> Any:
    return await desk(who, "POST", "/registry/proposals", json=content, **options)


async def test_nothing_is_kept_unless_all_of_it_passes(desk: Desk) -> None:
    wrong = body(act("IE", "ratified", "2026-11-16"), act("IE", "in-force", "1.3.2027"), act("ZZ", "x", "y"))
    answer = await propose(desk, wrong)
    assert answer.status_code == 422
    told = answer.json()
    assert {fault["where"] for fault in told["faults"]} >= {"draft: acts.1.on", "draft: acts.2.state"}
    assert (await desk.got("desk", "/registry/proposals"))["items"] == []


async def test_yaml_is_told_by_its_lines(desk: Desk) -> None:
    text = (
        "title: Ireland\n"
        "defaults: {source: chart, confidence: read}\n"
        "acts:\n"
        "  - {instrument: pact, state: IE, act: ratified, on: 2026-11-16}\n"
        "  - instrument: pact\n"
        "    state: IE\n"
        "    act: in-force\n"
        "    on: 2027-02-30\n"
    )
    headers = {"Content-Type": "application/yaml"}
    answer = await desk(
        "desk", "POST", "/registry/proposals", content=text, headers=headers, params={"name": "ie.yml"}
    )
    assert answer.status_code == 422
    assert [fault["where"] for fault in answer.json()["faults"]] == ["ie.yml:8"]
    good = text.replace("2027-02-30", "2027-03-01")
    made = await desk("desk", "POST", "/registry/proposals", content=good, headers=headers)
    assert made.status_code == 201
    assert [row["on"] for row in made.json()["rows"]] == ["2026-11-16", "2027-03-01"]
    for bad in ("a: &x b\nc: *x\n", "[1", "- a\n", "title: x\ntitle: y\n", "\x00"):
        refused = await desk("desk", "POST", "/registry/proposals", content=bad, headers=headers)
        assert refused.status_code == 422, refused.text


async def test_a_table_is_told_by_its_cells_and_leaves_out_what_is_known(desk: Desk) -> None:
    query = {"instrument": "pact", "name": "chart.csv"}
    rows = HEADS + "IE,2002-02-28,2026-11-16,ratification,01.03.2027,chart,2026\n"
    headers = {"Content-Type": TABLE}
    answer = await desk("desk", "POST", "/registry/proposals", content=rows, headers=headers, params=query)
    assert answer.status_code == 422
    assert answer.json()["where"] == "E2"
    good = rows.replace("01.03.2027", "2027-03-01")
    made = await desk("desk", "POST", "/registry/proposals", content=good, headers=headers, params=query)
    assert made.status_code == 201, made.text
    assert (made.json()["known"], len(made.json()["rows"])) == (1, 2)
    assert made.json()["title"] == "chart.csv: pact"
    known = HEADS + "IE,2002-02-28,,signature-only,,chart,2026\n"
    nothing = await desk("desk", "POST", "/registry/proposals", content=known, headers=headers, params=query)
    assert nothing.status_code == 422
    html = await desk(
        "desk", "POST", "/registry/proposals", content="x", headers={"Content-Type": "text/html"}
    )
    assert html.status_code == 415


async def test_the_same_key_proposes_once(desk: Desk) -> None:
    headers = {"Idempotency-Key": "once"}
    first = await propose(desk, ACCESSION, headers=headers)
    again = await propose(desk, ACCESSION, headers=headers)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["number"] == first.json()["number"]
    other = await propose(desk, body(act("FR", "signed", "2026-11-01")), headers=headers)
    assert other.status_code == 409
    assert len((await desk.got("desk", "/registry/proposals"))["items"]) == 1


async def test_two_people_and_only_of_the_treaty_desk(desk: Desk) -> None:
    number = await desk.proposed(**ACCESSION)
    path = f"/registry/proposals/{number}/accept"
    assert (await desk("officer", "POST", path, json={})).status_code == 403
    alone = await desk("desk", "POST", path, json={})
    assert (alone.status_code, alone.json()["code"]) == (403, "four-eyes")
    assert (await desk("officer", "POST", "/registry/proposals", json=ACCESSION)).status_code == 403
    done = await desk.accepted(number)
    assert (done["proposed_by"], done["decided_by"]) == ("desk", "second")
    again = await desk("second", "POST", path, json={})
    assert (again.status_code, again.json()["code"]) == (409, "decided")
    events = [(entry.event, entry.actor) for entry in desk.records.ledger.entries(HOUSE)]
    assert events[-2:] == [("law-proposed", "desk"), ("law-accepted", "second")]


async def test_the_same_key_decides_once(desk: Desk) -> None:
    number = await desk.proposed(**ACCESSION)
    path, headers = f"/registry/proposals/{number}/accept", {"Idempotency-Key": "once"}
    first = await desk("second", "POST", path, json={}, headers=headers)
    again = await desk("second", "POST", path, json={}, headers=headers)
    assert (first.json()["repeated"], again.json()["repeated"]) == (False, True)
    assert again.json()["edition"] == first.json()["edition"]
    assert (await desk("second", "POST", path, json={"reason": "x"}, headers=headers)).status_code == 409


async def test_a_refusal_has_a_reason_and_leaves_the_law_alone(desk: Desk) -> None:
    number = await desk.proposed(**ACCESSION)
    before = desk.editions.current().edition
    path = f"/registry/proposals/{number}/refuse"
    for reason in ({}, {"reason": " "}, {"reason": "no", "more": 1}):
        assert (await desk("second", "POST", path, json=reason)).status_code == 422
    done = await desk("second", "POST", path, json={"reason": "the notification was withdrawn"})
    assert done.json()["status"] == "refused"
    assert done.json()["reason"] == "the notification was withdrawn"
    assert desk.editions.current().edition == before
    assert (await desk("second", "POST", f"/registry/proposals/{number}/accept", json={})).status_code == 409


async def test_what_was_accepted_in_between_is_seen_before_accepting(desk: Desk) -> None:
    first = await desk.proposed(**ACCESSION)
    second = await desk.proposed(**body(act("IE", "in-force", "2027-04-01"), title="another day"))
    await desk.accepted(first)
    told = await desk.got("desk", f"/registry/proposals/{second}/difference")
    assert "contradicts" in told["faults"][0]["what"]
    answer = await desk("second", "POST", f"/registry/proposals/{second}/accept", json={})
    assert answer.status_code == 422
    assert (await desk.got("desk", f"/registry/proposals/{second}"))["status"] == "open"


async def test_the_difference_and_impact_of_what_was_accepted_stay_to_be_seen(desk: Desk) -> None:
    number = await desk.proposed(**ACCESSION)
    before = await desk.got("desk", f"/registry/proposals/{number}/difference")
    impact = await desk.got("desk", f"/registry/proposals/{number}/impact")
    assert impact["gained"] == 4
    assert impact["groups"][0]["pairs"] == ["DE>IE", "IE>DE", "IE>US", "US>IE"]
    await desk.accepted(number)
    await desk.accepted(await desk.proposed(**body(act("US", "denounced", "2028-01-01"), title="later")))
    assert await desk.got("desk", f"/registry/proposals/{number}/difference") == before
    assert await desk.got("desk", f"/registry/proposals/{number}/impact") == impact


async def test_what_we_learned_since_a_day(desk: Desk) -> None:
    await desk.accepted(await desk.proposed(**ACCESSION))
    told = await desk.got("desk", "/registry/difference", known_on="2026-11-20", limit=1)
    assert told["total"] == 2
    assert [one["fact"] for one in told["items"]] == ["pact:IE.ratified.2026-11-16"]


async def test_history_tells_editions_and_decisions_in_order(desk: Desk) -> None:
    numbers = [
        await desk.proposed(**ACCESSION),
        await desk.proposed(**body(act("US", "denounced", "2028-01-01"), title="later")),
        await desk.proposed(**body(act("FR", "signed", "2026-11-01"), title="never")),
    ]
    for number in numbers[:2]:
        await desk.accepted(number)
    await desk("second", "POST", f"/registry/proposals/{numbers[2]}/refuse", json={"reason": "no"})
    told = await desk.got("auditor", "/registry/history")
    assert [one["accepted"] for one in told["editions"]] == [2, 1, 0]
    assert [one["number"] for one in told["proposals"]] == numbers[::-1]
    assert told["proposals"][1]["edition"] == told["edition"] == told["editions"][0]["edition"]
    assert (await desk.got("auditor", "/registry/history", known_on="2020-01-01"))["proposals"] == []


async def test_what_if_changes_nothing(desk: Desk) -> None:
    before = desk.editions.current().edition
    told = await desk.got("officer", "/registry/what-if", add="IE pact in-force 2027-03-01")
    assert (told["gained"], told["edition"]) == (4, before)
    assert desk.editions.current().edition == before
    assert (await desk.got("desk", "/registry/proposals"))["items"] == []
    for query in ({}, {"add": "IE pakt in-force 2027-03-01"}, {"drop": "pact:XX"}, {"add": "IE"}):
        assert (await desk("officer", "GET", "/registry/what-if", params=query)).status_code == 422


async def test_the_export_is_what_counts_here(desk: Desk) -> None:
    await desk.accepted(await desk.proposed(**ACCESSION))
    told = await desk.got("operator", "/registry/export")
    assert [one["act"] for one in told["parties"]["pact"]["states"]["IE"]] == [
        "signed",
        "ratified",
        "in-force",
    ]
    table = await desk("operator", "GET", "/registry/export", params={"format": "csv"})
    assert "pact:IE.in-force.2027-03-01" in table.text
    assert table.headers["content-disposition"].endswith('.csv"')
    early = await desk("operator", "GET", "/registry/export", params={"known_on": "2025-01-01"})
    assert early.status_code == 404


async def test_the_sweep_of_one_state(desk: Desk) -> None:
    query = {"state": "de", "measure": "subscriber-data", "on": "2026-11-22"}
    told = await desk.got("officer", "/registry/sweep", **query)
    assert {(one["requesting"], one["requested"]): one["gap"] for one in told["pairs"]} == {
        ("DE", "FR"): "no-treaty",
        ("DE", "IE"): "no-basis",
        ("DE", "US"): "",
        ("FR", "DE"): "no-basis",
        ("IE", "DE"): "no-basis",
        ("US", "DE"): "",
    }
    assert (
        await desk("officer", "GET", "/registry/sweep", params={**query, "state": "zz"})
    ).status_code == 422


async def test_recalled_facts_that_a_case_relies_on_are_a_work_list(desk: Desk) -> None:
    recalled = {"source": "chart", "confidence": "memory"}
    await desk.accepted(
        await desk.proposed(
            title="from memory",
            defaults=recalled,
            acts=[act("FR", "in-force", "2020-01-01")],
            retract=[{"fact": "IE:mla-in", "reason": "moved"}],
        )
    )
    empty = await desk.got("desk", "/registry/stale", in_use=True)
    assert empty["items"] == []
    ref = await desk.filed("FR", offences=[])
    counted = await desk.got("desk", "/registry/stale", in_use=True)
    assert {(tuple(one["cases"]), one["cases_total"]) for one in counted["items"]} == {((), 1)}
    told = await desk.got("officer", "/registry/stale", in_use=True)
    found = {one["fact"]: one for one in told["items"]}
    assert found["pact:FR.in-force.2020-01-01"]["cases"] == [ref]
    assert found["pact:FR.in-force.2020-01-01"]["memory"] is True


async def test_a_change_of_the_chosen_basis_holds_an_approved_request_back(desk: Desk) -> None:
    ref = await desk.filed("US", offences=[])
    override = {"event": "approve", "override": "thin law (invented)"}
    assert (await desk("approver", "POST", f"/cases/{ref}/moves", json=override)).status_code == 200
    rows = [
        {"fact": "de-us-mla:DE.in-force.2009-10-18", "reason": "misread"},
        {"fact": "pact:US.in-force.2007-01-01", "reason": "misread"},
        {"fact": "pact:US.ratified.2006-09-29", "reason": "misread"},
    ]
    number = await desk.proposed(title="all of it misread", retract=rows)
    cases = (await desk.got("officer", f"/registry/proposals/{number}/impact"))["cases"]
    assert [(case["ref"], case["best_before"]) for case in cases] == [(ref, "de-us-mla")]
    await desk.accepted(number)
    assert desk.state(ref).attention == [f"law-moved:{number}"]
    sent = await desk.move("officer", ref, event="send")
    assert (sent.status_code, sent.json()["code"]) == (409, "law-moved")


async def test_nobody_makes_the_law_move_by_hand(desk: Desk) -> None:
    ref = await desk.filed("US", offences=[])
    for who in ("officer", "approver"):
        answer = await desk.move(who, ref, event="law-moved", edition="sha256:x")
        assert answer.status_code == 403, answer.text


async def test_impact_names_no_person_and_no_content(desk: Desk) -> None:
    await desk.filed("US", offences=[], contents={"facts": "Xenia Invented"}, urgent=False)
    number = await desk.proposed(**body(act("US", "denounced", "2027-06-01")))
    counted = await desk.got("desk", f"/registry/proposals/{number}/impact")
    assert (counted["cases"], counted["cases_total"]) == ([], 1)
    answer = await desk("officer", "GET", f"/registry/proposals/{number}/impact")
    assert answer.json()["cases"]
    assert "Xenia" not in answer.text
    assert (await desk("operator", "GET", f"/registry/proposals/{number}/impact")).status_code == 403


async def test_a_round_of_the_watch_names_cases_to_whom_they_may_be_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await desk.filed("US", offences=[])

    async def one_round(office: Office, editions: Editions) -> watch.Told:
        return watch.Told((ref,), {ref: "engine-away"}, ())

    monkeypatch.setattr(watch, "watch", one_round)
    for who, named in (("desk", False), ("operator", True)):
        told = (await desk(who, "POST", "/registry/watch")).json()
        assert (told["cases"], told["cases_total"]) == ([ref] if named else [], 1)
        assert (told["unreached"], told["unreached_total"]) == ({ref: "engine-away"} if named else {}, 1)


async def test_pages_of_proposals(desk: Desk) -> None:
    for number in range(3):
        await desk.proposed(**body(act("FR", "declaration", "2026-11-01", text=str(number))))
    first = await desk.got("desk", "/registry/proposals", limit=2)
    assert [one["number"] for one in first["items"]] == [3, 2]
    second = await desk.got("desk", "/registry/proposals", limit=2, cursor=first["next"])
    assert ([one["number"] for one in second["items"]], second["next"]) == ([1], None)
    assert (await desk.got("desk", "/registry/proposals", status="accepted"))["items"] == []
    assert (await desk("desk", "GET", "/registry/proposals/9")).status_code == 404


async def test_a_provider_is_proposed_accepted_and_listed_with_its_source(desk: Desk) -> None:
    assert (await desk.got("desk", "/registry/providers"))["items"] == []
    text = (DOCS / "providers.md").read_text("utf-8").split("$ cat example-cloud.yml\n")[1]
    content = text.split("\n$ rogatory")[0]
    headers = {"Content-Type": "application/yaml"}
    made = await desk("desk", "POST", "/registry/proposals", content=content, headers=headers)
    assert made.status_code == 201, made.text
    await desk.accepted(made.json()["number"])
    [one] = (await desk.got("desk", "/registry/providers"))["items"]
    assert (one["key"], one["state"], one["source"]) == ("example-cloud-ie", "IE", "example-cloud-letter")
    assert (await desk.got("desk", "/registry/providers", known_on="2026-06-01"))["items"] == []
    fact = {"fact": "providers:example-cloud-ie", "reason": "it closed down (invented)"}
    await desk.accepted(await desk.proposed(title="gone", retract=[fact]))
    [gone] = (await desk.got("desk", "/registry/providers"))["items"]
    assert gone["retracted"]["reason"] == "it closed down (invented)"
