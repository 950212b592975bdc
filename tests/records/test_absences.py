"""Who stands in for whom on a day, through how many, and which absences cannot be?"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from records.absences import Absence, deputies, stands_in_for
from records.backup import backup, restore
from records.open import Records, open_records
from schemas.errors import BadInput, Conflict, NotAllowed, NotFound, RogatoryError
from schemas.vocabulary import Role

DAY = date(2026, 12, 1)
WEEK = DAY + timedelta(days=7)


def away(account: str, deputy: str, since: date = DAY, until: date | None = WEEK) -> Absence:
    return Absence(1, account, deputy, since, until, account)


@pytest.fixture
def house(records: Records) -> Records:
    """Five officers of one agency, one of another, and an auditor."""
    for name in ("anna", "ben", "carla", "dora", "emil"):
        records.accounts.add(name, [Role.OFFICER])
    records.accounts.add("court", [Role.OFFICER], "district-court")
    records.accounts.add("auditor", [Role.AUDITOR])
    return records


@pytest.mark.parametrize(
    ("day", "found"),
    [(DAY - timedelta(days=1), ()), (DAY, ("ben",)), (WEEK - timedelta(days=1), ("ben",)), (WEEK, ())],
)
def test_from_is_included_and_until_is_the_first_day_back(day: date, found: tuple[str, ...]) -> None:
    assert deputies([away("anna", "ben")], "anna", day) == found


def test_a_deputy_who_is_away_passes_it_on_three_steps_at_most() -> None:
    chain = [away("anna", "ben"), away("ben", "carla"), away("carla", "dora"), away("dora", "emil")]
    assert deputies(chain, "anna", DAY) == ("ben", "carla", "dora")
    assert stands_in_for(chain, "dora", DAY) == ("anna", "ben", "carla")
    assert stands_in_for(chain, "emil", DAY) == ("ben", "carla", "dora")
    assert stands_in_for(chain, "anna", DAY) == ()


def test_an_absence_is_kept_and_ended(house: Records) -> None:
    made = house.absences.add("anna", "ben", DAY, None, "head")
    assert house.absences.add("anna", "ben", DAY, None, "head") == made
    assert house.absences.current(DAY) == [made]
    house.absences.end(made.number, WEEK)
    assert house.absences.current(WEEK) == []
    assert house.absences.one(made.number).until == WEEK
    future = house.absences.add("anna", "carla", WEEK, None, "head")
    house.absences.end(future.number, DAY)
    with pytest.raises(NotFound):
        house.absences.one(future.number)


@pytest.mark.parametrize(
    ("wrong", "error", "code"),
    [
        (("anna", "anna", DAY, WEEK), BadInput, "bad-input"),
        (("anna", "ben", WEEK, DAY), BadInput, "bad-input"),
        (("anna", "ben", DAY, DAY), BadInput, "bad-input"),
        (("anna", "court", DAY, WEEK), BadInput, "bad-input"),
        (("anna", "auditor", DAY, WEEK), BadInput, "bad-input"),
        (("anna", "nobody", DAY, WEEK), NotFound, "not-found"),
        (("nobody", "anna", DAY, WEEK), NotFound, "not-found"),
        (("dora", "carla", WEEK - timedelta(days=1), None), Conflict, "conflict"),
        (("emil", "dora", DAY, WEEK), BadInput, "deputies-in-circle"),
        (("emil", "dora", DAY - timedelta(days=30), None), BadInput, "deputies-in-circle"),
    ],
)
def test_what_cannot_be_is_refused_and_kept_out(
    house: Records, wrong: tuple[str, str, date, date | None], error: type[RogatoryError], code: str
) -> None:
    house.absences.add("dora", "carla", DAY, WEEK, "head")
    house.absences.add("carla", "emil", DAY, None, "head")
    with pytest.raises(error) as refused:
        house.absences.add(*wrong, "head")
    assert refused.value.code == code
    assert len(house.absences.current(DAY)) == 2


def test_a_circle_needs_a_day_on_which_all_are_away(house: Records) -> None:
    house.absences.add("anna", "ben", DAY, WEEK, "head")
    house.absences.add("ben", "anna", WEEK, None, "head")
    with pytest.raises(BadInput, match="anna → ben → anna"):
        house.absences.add("anna", "ben", WEEK, None, "head")


def test_a_closed_account_stands_in_for_nobody_new(house: Records) -> None:
    house.accounts.close("ben")
    with pytest.raises(NotFound):
        house.absences.add("anna", "ben", DAY, WEEK, "head")


# --- where people are reminded --------------------------------------------------------------------------


def test_an_address_is_kept_apart_and_forgotten_with_the_account(house: Records) -> None:
    house.accounts.add("fred", [Role.OFFICER], email="fred@office.example")
    assert "office.example" not in repr(house.accounts.one("fred"))
    changed = house.accounts.remind("fred", email="f@office.example", quiet=True)
    assert (changed.email, changed.quiet) == ("f@office.example", True)
    house.accounts.close("fred")
    assert (house.accounts.one("fred").email, house.accounts.one("fred").quiet) == (None, False)
    with pytest.raises(NotFound):
        house.accounts.remind("fred", email="f@office.example", quiet=False)


@pytest.mark.parametrize(
    "wrong", ["", "anna", "a@b@c", "a b@c.example", "a@c.example\n", "ä@c.example", "a@-"]
)
def test_what_is_no_address_is_refused_without_repeating_it(house: Records, wrong: str) -> None:
    with pytest.raises(BadInput) as refused:
        house.accounts.remind("anna", email=wrong, quiet=False)
    assert wrong == "" or wrong not in str(refused.value)
    assert house.accounts.one("anna").email is None


def test_closing_an_account_ends_its_tokens_for_good(house: Records) -> None:
    token, calendar = house.accounts.token("anna"), house.accounts.calendar("anna")
    assert house.accounts.reader_of(calendar).id == "anna"
    house.accounts.close("anna")
    for refused in (house.accounts.actor_of, house.accounts.reader_of):
        for each in (token, calendar):
            with pytest.raises(NotAllowed):
                refused(each)


# --- what was told --------------------------------------------------------------------------------------


def test_what_is_settled_first_stays_and_no_address_is_kept(house: Records) -> None:
    house.notices.note("n1", "anna@office.example", True)
    house.notices.note("n1", "ANNA@office.example", False)
    assert house.notices.taken("n1", "Anna@office.example") is True
    assert house.notices.taken("n2", "anna@office.example") is None
    with house.database.read() as connection:
        found = connection.exec_driver_sql("SELECT * FROM notices").all()
    assert "office.example" not in str(found)


def test_all_of_it_comes_back_from_a_backup(house: Records, tmp_path: Path) -> None:
    made = house.absences.add("anna", "ben", DAY, None, "head")
    house.accounts.remind("anna", email="anna@office.example", quiet=True)
    house.notices.note("n1", "anna@office.example", True)
    backup(house, tmp_path / "backup.tar.gz")
    house.close()
    restore(house.settings, tmp_path / "backup.tar.gz", replace=True)
    again = open_records(house.settings)
    assert again.absences.current(DAY) == [made]
    assert again.accounts.one("anna").quiet
    assert again.notices.taken("n1", "anna@office.example") is True
    again.close()
