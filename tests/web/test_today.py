"""Does each role find on the first page what needs them, with right counts?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from records.ledger import Ledger
from schemas.case import ClockRow
from schemas.handoff import Holder
from schemas.moves import Actor
from schemas.vocabulary import Role
from schemas.work import FileWork
from tests.desk.conftest import MARK
from tests.web.conftest import Screen
from tests.web.test_docket import filed
from workflows.row import row_of

NOW = datetime.now(UTC)


def stands(screen: Screen, ref: str, by: str = "officer", house: str = "de", **row: Any) -> None:
    """The next move of a case, after which its line says this."""
    state = screen.records.states.latest(ref)
    status = row.get("status", state.status)
    moved = state.model_copy(update={"move": state.move + 1, "status": status})
    if "holder_house" in row:
        moved = moved.model_copy(update={"holder": Holder(house=row["holder_house"], function="x")})
    due = row.get("next_due")
    if due is not None:
        row["clocks"] = (ClockRow(clock="decide", due=due, due_day=due.date(), started=NOW),)
    line = row_of(moved).model_copy(update=row)
    screen.records.file(
        FileWork(
            ref=ref,
            move=moved.move,
            at=NOW,
            actor=Actor(id=by, house=house, roles=(Role.OFFICER,)),
            event="acknowledge",
            key=f"{ref}-{moved.move}",
            detail="{}",
            state=moved,
            row=line,
        )
    )


def counts(screen: Screen) -> dict[str, str]:
    """What the first page counts, by its title."""
    made = {}
    for each in screen.tree.cssselect(".counts a"):
        number, title = each.cssselect("span")
        made[title.text_content()] = number.text_content()
    return made


async def test_an_officer_sees_counts_first_and_the_first_of_each(screen: Screen) -> None:
    late, soon, away, law, approved = [await filed(screen) for _ in range(5)]
    stands(screen, late, status="sent", next_due=NOW - timedelta(days=1), next_clock="decide")
    stands(screen, soon, status="sent", next_due=NOW + timedelta(days=3), next_clock="decide")
    stands(screen, away, status="sent", holder_house="us")
    stands(screen, law, attention=("law-moved:7",))
    stands(screen, approved, status="approved")
    officer = screen.signed_in("officer")
    assert (await officer.get("/desk/")).status_code == 200
    found = counts(officer)
    assert found["Overdue"] == found["Due within a week"] == found["With another house"] == "1"
    assert found["The law moved"] == found["Approved, to be sent"] == "1"
    assert found["Newly received"] == "0"
    assert found["Drafts, not approved yet"] == "1"
    for key, ref in (("overdue", late), ("soon", soon), ("away", away), ("law", law), ("send", approved)):
        section = officer.tree.cssselect(f'section[aria-labelledby="{key}"]')[0]
        assert ref in section.text_content(), key
    assert MARK not in officer.text()
    for each in officer.tree.cssselect(".counts a"):
        address = each.get("href")
        if address.startswith("#"):
            assert officer.tree.cssselect(f'[id="{address[1:]}"]')
        else:
            assert (await officer.signed_in("officer").get(address)).status_code == 200, address


async def test_an_approver_sees_what_others_filed(screen: Screen) -> None:
    await filed(screen, who="officer")
    mine = await filed(screen, who="other-officer")
    both = screen.signed_in("other-officer")
    await both.get("/desk/")
    assert counts(both)["Waiting for your approval"] == "1"
    assert mine not in both.text('section[aria-labelledby="approval"]')
    officer = screen.signed_in("officer")
    await officer.get("/desk/")
    assert "Waiting for your approval" not in counts(officer)


async def test_a_judge_sees_what_waits_to_be_issued(screen: Screen) -> None:
    ref = await filed(screen)
    judge = screen.signed_in("judge")
    await judge.get("/desk/")
    assert counts(judge)["Waiting to be issued or validated"] == "1"
    assert ref in judge.text()
    assert "The law moved" not in counts(judge)


async def test_words_of_the_other_side_are_unread_until_somebody_looks(screen: Screen) -> None:
    ref, other = await filed(screen), await filed(screen)
    stands(screen, ref, by="us-officer", house="us")
    stands(screen, other, by="house", house="de")
    officer = screen.signed_in("officer")
    await officer.get("/desk/")
    assert counts(officer)["Unread words of the other side"] == "1"
    assert ref in officer.text('section[aria-labelledby="unread"]')
    ledger: Ledger = screen.records.ledger
    ledger.note(ref, Actor(id="approver", house="de"), "viewed", {"what": "case"}, NOW)
    await officer.get("/desk/")
    assert counts(officer)["Unread words of the other side"] == "0"


async def test_what_is_offered_is_for_the_one_it_is_offered_to(screen: Screen) -> None:
    ref = await filed(screen)
    for named, sees in (
        ("police", True),
        ("police/liaison", True),
        ("police/somebody", False),
        ("court", False),
    ):
        stands(screen, ref, offered_to=named)
        liaison = screen.signed_in("liaison")
        await liaison.get("/desk/")
        assert (counts(liaison)["Offered to you"] == "1") is sees, named
        assert (ref in liaison.text()) is sees, named


async def test_others_see_their_own_work_and_no_case(screen: Screen) -> None:
    ref = await filed(screen)
    for who, link in (
        ("treaty-desk", "/desk/workshop"),
        ("treaty-desk", "/desk/workshop/due"),
        ("treaty-desk", "/desk/workshop/new"),
        ("operator", "/desk/operation"),
        ("auditor", "/desk/ledger"),
    ):
        other = screen.signed_in(who)
        assert (await other.get("/desk/")).status_code == 200
        assert other.tree.cssselect(f'.tasks a[href="{link}"]'), who
        if who != "auditor":
            assert ref not in other.text()
    assert (await screen.get("/desk/")).status_code == 303


async def test_where_nothing_waits_the_first_steps_stand_there(screen: Screen) -> None:
    for who, links in (
        ("officer", {"/desk/new", "/desk/urgent", "/desk/status", "/desk/ask"}),
        ("liaison", {"/desk/urgent", "/desk/status", "/desk/ask"}),
    ):
        person = screen.signed_in(who)
        await person.get("/desk/")
        assert "Nothing waits for you" in person.text(".notice.done")
        assert {each.get("href") for each in person.tree.cssselect(".tasks a")} >= links
    assert not person.tree.cssselect(".tasks a[href='/desk/new']")


async def test_help_names_the_roles_of_the_reader(screen: Screen) -> None:
    for who in ("officer", "operator", "liaison"):
        other = screen.signed_in(who)
        assert (await other.get("/desk/help")).status_code == 200
        assert len(other.tree.cssselect("dt .badge")) == 1


async def test_what_is_rare_is_named_only_where_it_is(screen: Screen) -> None:
    ref = await filed(screen)
    officer = screen.signed_in("officer")
    await officer.get("/desk/")
    assert "A letter must be posted by hand" not in counts(officer)
    stands(screen, ref, attention=("post-by-hand:m-1",))
    await officer.get("/desk/")
    assert counts(officer)["A letter must be posted by hand"] == "1"
