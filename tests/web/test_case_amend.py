"""Is a filed draft changed one answer at a time, with nothing else moved and nobody's change lost?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from desk.web import case_amend, case_answers, filing_law
from desk.web.filing_answers import answers_of, missing_of
from desk.web.forms import Typed
from desk.web.frame import Visitor
from desk.web.look import Speaker
from schemas.case import Gap
from schemas.moves import Actor
from schemas.reasoning import LIFE
from schemas.request import Emergency, MlaRequest, Report, Request, months
from schemas.vocabulary import Kind, Role, Side
from tests.desk.conftest import request_json
from tests.flow.lawful import to_keep
from tests.flow.lives import LIVES, Life
from tests.web.changing import OFFICER, URGENT, change, changed, fields, filed, latest
from tests.web.conftest import Screen
from tests.web.samples import Samples

HOSTILE = '"><script>alert(1)</script> {{ 7 * 7 }}'
WRITTEN = ("text", "area", "lines", "children", "adults", "reports")
BERLIN, LATER = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Kiritimati")
ODD = datetime(2026, 11, 3, 12, 30, 59, 123, tzinfo=UTC)


def at(screen: Screen) -> Visitor:
    return Visitor(screen.app.state.house, "en", None, OFFICER)


def rich(asked: Request) -> Request:
    """With what pages show shorter than it is: seconds, the day of a report, a third nationality."""
    told: dict[str, Any] = {
        "emergency": Emergency(facts="A child is there.", certified_by="The judge", certified_at=ODD),
        "reports": (Report(id="4711", submitted=ODD),),
        "identifiers": {"account": "user-1", "device-id": "x: y"},
    }
    person = getattr(asked, "person", None)
    if person is not None:
        told["person"] = person.model_copy(update={"nationality": ("FR", "ES", "PT")})
    return asked.model_copy(update=told)


# --- one answer, and nothing else -----------------------------------------------------------------------


async def test_an_answer_is_changed_and_the_page_says_so_at_its_place(
    full_screen: Screen, samples: Samples
) -> None:
    officer, before = full_screen.signed_in("officer"), latest(full_screen, samples.draft)
    await officer.get(f"/desk/case/{samples.draft}")
    links = [each.get("href") for each in officer.tree.cssselect(".answers a") if "Change" in each.text]
    assert change(samples.draft, "urgency") + "#f-child_at_risk" in links
    answer = await changed(officer, samples.draft, "urgency", urgent="yes", urgency_reason=HOSTILE)
    assert answer.headers["location"] == f"/desk/case/{samples.draft}?saved=urgency#q-urgency"
    await officer.get(answer.headers["location"])
    assert officer.text("#q-urgency [role=status]") == "Saved. The law was asked again."
    assert officer.text("#f-urgency_reason").endswith(HOSTILE)
    assert len(officer.tree.cssselect("main [role=status]")) == 1
    now = latest(full_screen, samples.draft)
    urgent = {"urgent": True, "urgency_reason": HOSTILE}
    assert now.request == before.request.model_copy(update=urgent)
    assert (now.move, now.last_author) == (before.move + 1, "officer")


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.kind.value)
async def test_an_answer_saved_as_it_stands_changes_nothing(full_screen: Screen, life: Life) -> None:
    """Every question of every kind, by the form that a browser would post."""
    officer = full_screen.signed_in("officer")
    ref = await filed(full_screen, rich(life.asked))
    await officer.get(f"/desk/case/{ref}")
    questions = [each.get("id")[2:] for each in officer.tree.cssselect(".answers > div")]
    assert len(questions) > 8
    before = latest(full_screen, ref)
    for question in questions:
        answer = await changed(officer, ref, question)
        place = answer.headers["location"]
        assert place == f"/desk/case/{ref}#q-{question}", "it says of nothing that it was saved"
    assert latest(full_screen, ref).move == before.move


async def test_what_the_law_knows_no_more_is_not_taken_away(
    full_screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provider that was retracted, a measure that is not offered: they stay as long as they are said."""
    officer = full_screen.signed_in("officer")
    life = next(each for each in LIVES if each.kind is Kind.PRODUCTION)
    ref = await filed(full_screen, life.asked)
    before = latest(full_screen, ref)
    monkeypatch.setattr(filing_law, "options_of", lambda *given: [("", "None"), ("other", "Another")])
    monkeypatch.setattr(case_amend, "linked_first", lambda *given: ([], [("FR", "France")]))
    for question in ("state", "measures", "provider", "offence-1", "form"):
        await changed(officer, ref, question)
    assert latest(full_screen, ref).move == before.move


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.kind.value)
async def test_an_answer_changes_in_its_own_place_only(full_screen: Screen, life: Life) -> None:
    ref = await filed(full_screen, rich(life.asked))
    state, visitor, seen = latest(full_screen, ref), at(full_screen), set()
    before = state.request.model_dump(mode="json")
    draft = case_answers.drafted(visitor, state)
    for step in draft.steps:
        for field in step.fields:
            if field.widget in WRITTEN:
                typed = Typed({each.name: draft.typed.all(each.name) for each in step.fields})
                typed.values[field.name] = ["changed-here"]
                if missing_of(typed, [step], visitor):
                    continue
                made = case_answers.amended(visitor, state, step, typed, [])
                now = type(state.request).model_validate(made).model_dump(mode="json")
                other = {name for name in before if before[name] != now[name]}
                assert other == {field.path.partition(".")[0]}, field.name
                assert str(now).count("changed-here") == 1, field.name
                seen |= other
    assert len(seen) > 4


def test_every_part_of_a_request_is_asked_somewhere() -> None:
    """What no question asks could be mended nowhere on these pages."""
    not_here = {"kind", "requesting", "instrument"}
    for life in LIVES:
        of_person = {"measures"} if hasattr(life.asked, "person") else set()
        for name in set(type(life.asked).model_fields) - not_here - of_person - {"offences", "contents"}:
            question, field = case_answers.where_mended(Gap(code="any", field=name))
            assert question, (life.kind, name)
            assert field, (life.kind, name)


async def test_what_is_issued_is_warned_of_and_stays_where_nothing_changes(
    full_screen: Screen, samples: Samples
) -> None:
    officer, judge = full_screen.signed_in("officer"), full_screen.signed_in("judge")
    await officer.get(change(samples.draft, "urgency"))
    assert not officer.tree.cssselect(".notice.warn")
    await judge.get(f"/desk/case/{samples.draft}/do/issue")
    told = {"authority": "Court", "function": "judge", "signed_on": "2026-01-01", "capacity": "issued"}
    answer = await judge.post(f"/desk/case/{samples.draft}/do/issue", {**fields(judge), **told})
    assert answer.status_code == 303, judge.text()
    await officer.get(change(samples.draft, "urgency"))
    assert "has to be done again" in officer.text(".notice.warn")
    await changed(officer, samples.draft, "urgency")
    assert latest(full_screen, samples.draft).signed
    await changed(officer, samples.draft, "urgency", **URGENT)
    assert not latest(full_screen, samples.draft).signed


async def test_another_state_takes_a_basis_that_links_it(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    named = request_json(instrument="de-us-mla")
    ref = await filed(full_screen, MlaRequest.model_validate(named))
    answer = await changed(officer, ref, "state", requested="FR")
    await officer.get(answer.headers["location"])
    assert "The old legal basis does not link the two States" in officer.text("#q-state [role=status]")
    now = latest(full_screen, ref).request
    assert (now.requested, now.instrument) not in (("FR", "de-us-mla"), ("FR", None))
    again = await changed(officer, ref, "state", requested="ES")
    assert again.headers["location"].partition("?")[2].startswith("saved=state")


@pytest.mark.parametrize(("number", "text"), [(120, "10y"), (18, "18m"), (0, "0m"), (LIFE, "life")])
def test_a_penalty_stands_as_a_person_writes_it(number: int, text: str) -> None:
    asked = MlaRequest.model_validate(request_json())
    offence = asked.offences[0].model_copy(update={"max_penalty": number})
    typed = answers_of(asked.model_copy(update={"offences": (offence,)}), Side.OUTGOING, BERLIN)
    assert typed.get("offence-1-max_penalty") == text
    assert months(text) == number


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["10 years", "18 months", "life imprisonment"]),
        ("fr", ["10 ans", "18 mois", "réclusion à perpétuité"]),
    ],
)
def test_a_penalty_is_told_in_words(language: str, told: list[str]) -> None:
    speak = Speaker(language)
    assert [speak.penalty(number).replace("\xa0", " ") for number in (120, 18, LIFE)] == told


def test_a_moment_at_the_edge_of_time_can_be_read() -> None:
    """The first hour there is in one place is the day before it in another, or none at all."""
    for told in (datetime.min.replace(tzinfo=BERLIN), datetime.max.replace(tzinfo=UTC)):
        asked = MlaRequest.model_validate(request_json())
        certified = Emergency(facts="A child.", certified_by="The judge", certified_at=told)
        typed = answers_of(asked.model_copy(update={"emergency": certified}), Side.OUTGOING, LATER)
        assert len(typed.get("emergency-certified_at")) == len("2026-11-30T14:30")


# --- several of one sort --------------------------------------------------------------------------------


async def test_an_offence_is_added_and_taken_out_again(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    before = latest(full_screen, samples.draft).request
    await officer.get(f"/desk/case/{samples.draft}")
    (link,) = [each for each in officer.tree.cssselect(".answers a") if "another" in each.text_content()]
    assert link.get("href") == change(samples.draft, "offence-2")
    half = await officer.post(link.get("href"), {"offence-2-slug": "csam-production"})
    assert half.status_code == 422
    assert officer.text('.wrong-summary a[href="#f-offence-2-law"]').startswith(
        "The provision, and its words:"
    )
    told = {"offence-2-slug": "csam-production", "offence-2-law": "Section 1", "offence-2-max_penalty": "10y"}
    answer = await changed(officer, samples.draft, "offence-2", **told)
    assert answer.headers["location"].endswith("#q-offence-2")
    assert [each.slug for each in latest(full_screen, samples.draft).request.offences] == [
        before.offences[0].slug,
        "csam-production",
    ]
    await officer.get(answer.headers["location"])
    assert "10 years" in officer.text("#q-offence-2")
    emptied = await changed(officer, samples.draft, "offence-2", **dict.fromkeys(told, ""))
    assert emptied.headers["location"].endswith("#request")
    await officer.get(emptied.headers["location"])
    assert len(officer.tree.cssselect("section > [role=status]")) == 1
    assert latest(full_screen, samples.draft).request == before
    assert (await officer.get(change(samples.draft, "offence-4"))).status_code == 404


async def test_documents_go_with_it_and_stay_behind(full_screen: Screen, samples: Samples) -> None:
    officer, ref = full_screen.signed_in("officer"), samples.draft
    pdf = {"attachments~file": ("annex.pdf", b"%PDF-1.7 invented", "application/pdf")}
    for _ in range(2):
        await officer.get(change(ref, "documents"))
        answer = await officer.post(change(ref, "documents"), fields(officer), files=pdf)
        assert answer.status_code == 303, officer.text()
    assert [each.name for each in latest(full_screen, ref).request.attachments] == ["annex.pdf"]
    await officer.get(f"/desk/case/{ref}")
    assert "annex.pdf" in officer.text("#q-documents")
    picture = {"attachments~file": ("scan.jpg", b"\xff\xd8\xff picture", "image/jpeg")}
    await officer.get(change(ref, "documents"))
    refused = await officer.post(change(ref, "documents"), fields(officer), files=picture)
    assert refused.status_code == 422
    assert officer.tree.cssselect("#f-attachments-1")[0].get("checked") is not None
    await changed(officer, ref, "documents", attachments=[])
    assert latest(full_screen, ref).request.attachments == ()
    await officer.get(change(ref, "documents"))
    assert "annex.pdf" in officer.text("#f-attachments"), "it lies with the case and can be taken again"


async def test_a_liaison_puts_no_document_to_a_case_by_the_way(full_screen: Screen) -> None:
    liaison = full_screen.signed_in("liaison")
    actor = Actor(id="liaison", house="de", roles=(Role.LIAISON,), agency="police")
    ref = await filed(full_screen, to_keep(offences=()), actor)
    await liaison.get(f"/desk/case/{ref}")
    assert liaison.tree.cssselect(f'a[href^="{change(ref, "documents")}"]')
    await liaison.get(change(ref, "documents"))
    assert not liaison.tree.cssselect("input[type=file]")
    smuggled = {"attachments~file": ("a.pdf", b"%PDF-1.7 smuggled", "application/pdf")}
    answer = await liaison.post(change(ref, "documents"), fields(liaison), files=smuggled)
    assert answer.status_code == 303, liaison.text()
    assert "document-added" not in [each.event for each in full_screen.records.ledger.entries(ref)]
    assert latest(full_screen, ref).request.attachments == ()
    await changed(liaison, ref, "accounts", accounts="user-1\r\nuser-2")
    assert getattr(latest(full_screen, ref).request, "accounts", ()) == ("user-1", "user-2")


# --- what is wrong --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "typed", "wrong"),
    [
        ("necessity", {"necessity-legality": "Section 100j"}, "necessity-authorised_on"),
        ("state", {"requested": ""}, "requested"),
        ("measures", {"measures": []}, "measures"),
        ("identifiers", {"identifiers": "no name"}, "identifiers"),
        ("urgency", {"urgency_reason": "gpj.\u202eexe"}, "urgency_reason"),
        ("offence-1", {"offence-1-committed_until": "2020-01-01"}, "offence-1-committed_until"),
        ("day", {"on": "2199-01-01"}, "on"),
    ],
)
async def test_what_cannot_be_is_told_at_its_field_and_stays_typed(
    question: str, typed: dict[str, Any], wrong: str, full_screen: Screen, samples: Samples
) -> None:
    officer, before = full_screen.signed_in("officer"), latest(full_screen, samples.draft)
    await officer.get(change(samples.draft, question))
    start = {**fields(officer), "offence-1-committed_from": "2021-01-01"}
    cleared = {name: "" for name in start if name.startswith("necessity-")}
    answer = await officer.post(change(samples.draft, question), {**start, **cleared, **typed})
    assert answer.status_code == 422, officer.text()
    links = [each.get("href") for each in officer.tree.cssselect(".wrong-summary a")]
    assert f"#f-{wrong}" in links
    for link in links:
        assert officer.tree.cssselect(f'[id="{link[1:]}"]'), link
    shown = fields(officer)
    assert all(shown.get(name, [""]) == [said] for name, said in typed.items() if isinstance(said, str))
    assert latest(full_screen, samples.draft).move == before.move
    mended = {name: said for name, said in shown.items() if name in ("was", "key")}
    for field in case_answers.drafted(at(full_screen), before).step(question).fields:
        mended[field.name] = case_answers.drafted(at(full_screen), before).typed.all(field.name)
    assert (await officer.post(change(samples.draft, question), mended)).status_code == 303, officer.text()


async def test_what_is_wrong_elsewhere_is_told_at_the_top(full_screen: Screen) -> None:
    officer = full_screen.signed_in("officer")
    ref = await filed(full_screen, to_keep(until=datetime(2020, 1, 1, tzinfo=UTC).date()))
    await officer.get(change(ref, "urgency"))
    answer = await officer.post(change(ref, "urgency"), {**fields(officer), **URGENT})
    assert answer.status_code == 422
    assert "until a day that is over" in officer.text(".wrong-summary")
    assert not officer.tree.cssselect(".wrong-summary a")


async def test_an_engine_that_is_down_loses_nothing(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    await officer.get(change(samples.draft, "urgency"))
    full_screen.office.down = True
    answer = await officer.post(change(samples.draft, "urgency"), {**fields(officer), **URGENT})
    assert answer.status_code == 503
    assert officer.text("#f-urgency_reason") == URGENT["urgency_reason"]
    full_screen.office.down = False
    assert (await officer.post(change(samples.draft, "urgency"), fields(officer))).status_code == 303


async def test_pressed_twice_is_made_once(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    before = latest(full_screen, samples.draft).move
    await officer.get(change(samples.draft, "urgency"))
    typed = {**fields(officer), **URGENT}
    for _ in range(2):
        answer = await officer.post(change(samples.draft, "urgency"), typed)
        assert answer.headers["location"].endswith("#q-urgency")
    assert latest(full_screen, samples.draft).move == before + 1
