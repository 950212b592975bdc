"""Does the page prepare what a person does by hand: tell an authority, try again what was not done?"""

from __future__ import annotations

from schemas.facets import Errand
from schemas.ids import digest
from schemas.work import FileWork
from tests.flow.invented import OFFICER_DE
from tests.flow.lawful import Desk
from tests.flow.ordering import TOLD, order
from tests.web.conftest import Screen
from workflows.row import row_of


def filed(screen: Screen, house: Desk) -> str:
    """Puts the case as it stands into the records of the house."""
    records, state = screen.records, house.state
    if not records.states.known(state.ref):
        records.references.reserve(state.ref)
        records.keys.create(state.ref)
        state = state.model_copy(update={"move": 1})
    else:
        state = state.model_copy(update={"move": records.states.latest(state.ref).move + 1})
    records.file(
        FileWork(
            ref=state.ref,
            move=state.move,
            at=house.now,
            actor=OFFICER_DE,
            event="send",
            key=digest(f"{state.ref} {state.move}".encode()),
            detail="{}",
            state=state,
            row=row_of(state),
        )
    )
    return state.ref


async def test_an_order_that_has_to_be_told_says_whom_how_and_until_when(full_screen: Screen) -> None:
    house = order()
    ref = filed(full_screen, house)
    officer = full_screen.signed_in("officer")
    answer = await officer.get(f"/desk/case/{ref}")
    assert answer.status_code == 200
    told = officer.text("section[aria-labelledby=notification]")
    for word in (
        "Criminal Justice International Cooperation Office",
        "Ireland",
        "Not yet",
        "10(2)",
        "Running",
    ):
        assert word in told, word
    (link,) = officer.tree.cssselect("section[aria-labelledby=notification] a")
    form = await officer.get(link.get("href"))
    assert form.status_code == 200
    liaison = full_screen.signed_in("liaison")
    await liaison.get(f"/desk/case/{ref}")
    assert not liaison.tree.cssselect("section[aria-labelledby=notification]")


async def test_once_it_was_told_the_page_waits_for_its_answer(full_screen: Screen) -> None:
    house = order()
    house.made(OFFICER_DE, TOLD)
    ref = filed(full_screen, house)
    officer = full_screen.signed_in("officer")
    await officer.get(f"/desk/case/{ref}")
    told = officer.text("section[aria-labelledby=notification]")
    assert TOLD.authority in told
    assert "12(1)" in told
    (link,) = officer.tree.cssselect("section[aria-labelledby=notification] a")
    assert link.get("href").endswith("/do/enforcing-answer?by_post=1")
    assert (await officer.get(link.get("href"))).status_code == 200


async def test_what_was_not_done_elsewhere_is_tried_again_from_the_page(full_screen: Screen) -> None:
    house = order()
    failed = Errand(
        id="e1",
        what="tell",
        ref="DE-PRESERVATION-1999-00001",
        body={"event": "follow-up", "ref": house.state.ref, "kind": "production"},
        asked=house.now,
        done=house.now,
        problem="unknown-reference",
    )
    house.case = house.state.model_copy(
        update={"errands": [failed], "attention": [*house.state.attention, "errand-failed:e1"]}
    )
    ref = filed(full_screen, house)
    officer = full_screen.signed_in("officer")
    await officer.get(f"/desk/case/{ref}")
    assert "unknown-reference" in officer.text("#beside + dl")
    address = f"/desk/case/{ref}/do/errand-again"
    assert (await officer.get(address)).status_code == 200
    typed = {"id": "e1", "reason": "the case is known here by now"}
    assert (await officer.post(address, typed)).status_code == 303
    (waits,) = full_screen.records.states.latest(ref).errands
    assert (waits.done, waits.problem, waits.tries) == (None, "", 1)
    assert full_screen.records.ledger.entries(ref)[-1].event == "errand-again"
    assert (await officer.get(address)).status_code == 409
