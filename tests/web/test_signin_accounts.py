"""Does an operator keep the accounts of the house in a browser, and nobody else?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.web import fresh
from records.references import HOUSE
from schemas.vocabulary import Role
from tests.desk.conftest import PEOPLE
from tests.web.conftest import Screen

PASSWORD = "four words that wander"


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - {"operator"}))
@pytest.mark.parametrize("path", ["/desk/accounts", "/desk/accounts/officer", "/desk/add-account"])
async def test_nobody_else(screen: Screen, who: str, path: str) -> None:
    assert (await screen.signed_in(who).get(path)).status_code == 403


async def test_the_list_is_searched_and_shows_closed_ones_if_asked(screen: Screen) -> None:
    screen.records.accounts.close("judge")
    operator = screen.signed_in("operator")
    await operator.get("/desk/accounts")
    assert "judge" not in operator.text("table")
    assert "treaty-desk" in operator.text("table")
    await operator.get("/desk/accounts?closed=yes&q=JUD")
    assert "judge" in operator.text("table")
    assert "treaty-desk" not in operator.text("table")
    await operator.get("/desk/accounts?q=<script>")
    assert "No account is called so." in operator.text()


async def test_added_invited_and_in(screen: Screen) -> None:
    operator = screen.signed_in("operator")
    form = {
        "id": "Anna",
        "roles": ["officer", "approver"],
        "agency": "central-authority",
        "email": "a@b.example",
    }
    answer = await operator.post("/desk/add-account", form)
    assert answer.headers["location"] == "/desk/accounts/anna"
    await operator.get("/desk/accounts/anna")
    assert "Not at all yet" in operator.text()
    await operator.post("/desk/accounts/anna", {"do": "invite"})
    link = operator.tree.cssselect(".notice .id")[0].text
    assert link.startswith("http://desk.example/desk/invitation/")
    assert (await screen.get(link.removeprefix("http://desk.example"))).status_code == 200
    assert "anna" in screen.text()
    events = [each.event for each in screen.records.ledger.entries(HOUSE)]
    assert {"account-added", "account-invited"} <= set(events)
    assert all(
        link.rpartition("/")[2] not in (each.detail or "") for each in screen.records.ledger.entries(HOUSE)
    )


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": "x y"}, "id"),
        ({"id": "officer"}, "id"),
        ({"id": "house"}, "id"),
        ({"id": "anna", "roles": []}, "roles"),
        ({"id": "anna", "roles": ["king"]}, "roles"),
        ({"id": "anna", "agency": "State Police"}, "agency"),
        ({"id": "anna", "email": "nowhere"}, "email"),
    ],
)
async def test_what_cannot_be_an_account_is_told_and_kept(
    screen: Screen, form: dict[str, object], field: str
) -> None:
    operator = screen.signed_in("operator")
    whole = {"roles": ["officer"], "agency": "central-authority", "email": "", **form}
    assert (await operator.post("/desk/add-account", whole)).status_code == 422
    assert [each.get("href") for each in operator.tree.cssselect(".wrong-summary a")] == [f"#f-{field}"]
    assert operator.tree.cssselect("#f-agency")[0].get("value") == whole["agency"]


async def test_roles_change_at_once_for_who_is_signed_in(screen: Screen) -> None:
    operator, officer = screen.signed_in("operator"), screen.signed_in("officer")
    assert (await officer.get("/desk/accounts")).status_code == 403
    await operator.post("/desk/accounts/officer", {"do": "roles", "roles": ["officer", "operator"]})
    assert (await officer.get("/desk/accounts")).status_code == 200
    assert screen.records.accounts.one("officer").roles == (Role.OFFICER, Role.OPERATOR)
    assert (await operator.post("/desk/accounts/officer", {"do": "roles"})).status_code == 422


async def test_the_last_operator_stays(screen: Screen) -> None:
    operator = screen.signed_in("operator")
    for form in ({"do": "roles", "roles": ["officer"]}, {"do": "close", "sure-close": "yes"}):
        assert (await operator.post("/desk/accounts/operator", form)).status_code == 422
        assert "last operator" in operator.text(".wrong-summary")
    assert screen.records.accounts.one("operator").closed is None


async def test_closing_ends_everything_and_has_to_be_meant(screen: Screen) -> None:
    records, operator, officer = screen.records, screen.signed_in("operator"), screen.signed_in("officer")
    records.credentials.set_password("officer", PASSWORD)
    token = records.accounts.token("officer")
    assert (await operator.post("/desk/accounts/officer", {"do": "close"})).status_code == 422
    assert [each.get("href") for each in operator.tree.cssselect(".wrong-summary a")] == ["#f-sure-close"]
    assert (
        await operator.post("/desk/accounts/officer", {"do": "close", "sure-close": "yes"})
    ).status_code == 303
    assert (await officer.get("/desk/account")).status_code == 303
    assert records.credentials.of("officer") == []
    with pytest.raises(Exception, match="not valid"):
        records.accounts.actor_of(token)
    await operator.get("/desk/accounts/officer")
    assert not operator.tree.cssselect("main form")


async def test_a_reset_ends_sessions_and_invites_anew(screen: Screen) -> None:
    operator, officer = screen.signed_in("operator"), screen.signed_in("officer")
    screen.records.credentials.set_password("officer", PASSWORD)
    assert (await operator.post("/desk/accounts/officer", {"do": "invite"})).status_code == 422
    await operator.post("/desk/accounts/officer", {"do": "reset", "sure-reset": "yes"})
    assert operator.tree.cssselect(".notice .id")[0].text.startswith("http://desk.example/desk/invitation/")
    assert (await officer.get("/desk/account")).status_code == 303
    assert screen.records.credentials.of("officer") == []


async def test_sessions_and_tokens_of_another_are_ended(screen: Screen) -> None:
    operator, officer = screen.signed_in("operator"), screen.signed_in("officer")
    screen.records.accounts.token("officer")
    await operator.get("/desk/accounts/officer")
    number = operator.tree.cssselect("input[name=number]")[0].get("value")
    assert (
        await operator.post("/desk/accounts/officer", {"do": "token", "number": number})
    ).status_code == 303
    assert (await operator.post("/desk/accounts/officer", {"do": "sessions"})).status_code == 303
    assert (await officer.get("/desk/account")).status_code == 303
    assert screen.records.accounts.tokens("officer") == []


async def test_nobody_of_that_name(screen: Screen) -> None:
    operator = screen.signed_in("operator")
    assert (await operator.get("/desk/accounts/nobody")).status_code == 404
    assert (
        await operator.post("/desk/accounts/nobody", {"do": "close", "sure-close": "yes"})
    ).status_code == 404


async def test_a_link_is_made_only_just_after_signing_in(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = screen.signed_in("operator")
    monkeypatch.setattr(fresh, "STILL", timedelta(0))
    for form in ({"do": "invite"}, {"do": "reset", "sure-reset": "yes"}):
        answer = await operator.post("/desk/accounts/officer", form)
        assert answer.headers["location"] == "/desk/sign-in?again=1&back=%2Fdesk%2Faccounts%2Fofficer"
