"""Do attempts, accounts and references keep what they promise?"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from records.moments import now
from records.open import Records
from records.references import References
from records.tables import TOKENS
from schemas.errors import BadInput, Conflict, NotAllowed, NotFound
from schemas.vocabulary import Kind, Role
from tests.records.papers import HOUSE

DAY = date(2026, 11, 2)

# --- attempts ---------------------------------------------------------------------------------


def test_an_answered_attempt_gives_its_answer_again(records: Records) -> None:
    attempts = records.attempts
    assert attempts.begin("k", "anna", "file", "d1") is None
    assert attempts.begin("k", "anna", "file", "d1") is None
    attempts.finish("k", '{"ref": "DE-1"}')
    assert attempts.begin("k", "anna", "file", "d1") == '{"ref": "DE-1"}'


def test_of_two_answers_the_first_stays(records: Records) -> None:
    records.attempts.begin("k", "anna", "file", "d1")
    for reply in ('{"ref": "DE-1"}', '{"ref": "DE-2"}'):
        records.attempts.finish("k", reply)
    assert records.attempts.begin("k", "anna", "file", "d1") == '{"ref": "DE-1"}'


@pytest.mark.parametrize("other", [("ben", "file", "d1"), ("anna", "send", "d1"), ("anna", "file", "d2")])
def test_a_key_serves_one_request_only(records: Records, other: tuple[str, str, str]) -> None:
    records.attempts.begin("k", "anna", "file", "d1")
    with pytest.raises(Conflict):
        records.attempts.begin("k", *other)


def test_a_refused_attempt_may_be_made_again(records: Records) -> None:
    records.attempts.begin("k", "anna", "file", "d1")
    records.attempts.refuse("k", '{"code": "wrong-move"}')
    assert records.attempts.refusal("k") == '{"code": "wrong-move"}'
    assert records.attempts.begin("k", "anna", "file", "d1") is None
    records.attempts.finish("k", "{}")
    assert records.attempts.refusal("k") is None
    assert records.attempts.begin("k", "anna", "file", "d1") == "{}"


def test_an_attempt_never_begun_has_no_end(records: Records) -> None:
    for end in (records.attempts.finish, records.attempts.refuse):
        with pytest.raises(NotFound):
            end("k", "{}")


def test_old_attempts_are_forgotten(records: Records) -> None:
    records.attempts.begin("k", "anna", "file", "d1")
    assert records.attempts.forget(now() - timedelta(days=1)) == 0
    assert records.attempts.forget(now() + timedelta(days=1)) == 1
    assert records.attempts.begin("k", "ben", "send", "d2") is None


# --- accounts ---------------------------------------------------------------------------------


def refused(records: Records, token: str) -> bool:
    """Is the token not good for anything?"""
    with pytest.raises(NotAllowed) as error:
        records.accounts.actor_of(token)
    return error.value.code == "not-signed-in"


def test_a_token_speaks_for_its_account(records: Records) -> None:
    records.accounts.add("anna", [Role.OFFICER, Role.APPROVER], "ministry")
    actor = records.accounts.actor_of(records.accounts.token("anna"))
    assert (actor.id, actor.house, actor.agency) == ("anna", HOUSE, "ministry")
    assert set(actor.roles) == {Role.OFFICER, Role.APPROVER}


def test_a_token_may_carry_less_than_its_account(records: Records) -> None:
    records.accounts.add("anna", [Role.OFFICER, Role.APPROVER])
    narrow, wide = records.accounts.token("anna", [Role.APPROVER]), records.accounts.token("anna")
    assert records.accounts.actor_of(narrow).roles == (Role.APPROVER,)
    records.accounts.change("anna", [Role.OFFICER])
    # a narrow token does not widen: it is left with nothing
    assert records.accounts.actor_of(narrow).roles == ()
    assert records.accounts.actor_of(wide).roles == (Role.OFFICER,)


def test_nobody_is_called_the_house(records: Records) -> None:
    with pytest.raises(BadInput, match="the house itself"):
        records.accounts.add("house", [Role.OFFICER])


def test_no_token_is_kept(records: Records) -> None:
    records.accounts.add("anna", [Role.OFFICER])
    token = records.accounts.token("anna")
    assert len(token) > 40
    with records.database.read() as connection:
        (row,) = connection.execute(select(TOKENS)).all()
    assert all(token not in str(value) and token[4:] not in str(value) for value in row)


def test_unknown_expired_revoked_and_closed_tokens_get_one_answer(records: Records) -> None:
    accounts = records.accounts
    for name in ("anna", "ben"):
        accounts.add(name, [Role.OFFICER])
    expired = accounts.token("anna", expires=now() - timedelta(seconds=1))
    revoked, closed = accounts.token("anna"), accounts.token("ben")
    good = accounts.token("anna", expires=now() + timedelta(days=1))
    accounts.revoke(revoked)
    accounts.close("ben")
    assert all(
        refused(records, token) for token in (expired, revoked, closed, "", "rog_x", good + "x", good[:-1])
    )
    assert accounts.actor_of(good).id == "anna"


def test_accounts_are_listed_and_closed_ones_stay(records: Records) -> None:
    records.accounts.add("ben", [Role.AUDITOR])
    records.accounts.add("anna", [Role.OFFICER])
    records.accounts.close("ben")
    assert [(one.id, one.closed is None) for one in records.accounts.all()] == [
        ("anna", True),
        ("ben", False),
    ]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda r: r.accounts.add("Anna Müller", [Role.OFFICER]), BadInput),
        (lambda r: r.accounts.add("x", [Role.OFFICER]), BadInput),
        (lambda r: r.accounts.add("ben", []), BadInput),
        (lambda r: r.accounts.add("anna", [Role.OFFICER]), Conflict),
        (lambda r: r.accounts.change("anna", []), BadInput),
        (lambda r: r.accounts.change("ben", [Role.OFFICER]), NotFound),
        (lambda r: r.accounts.close("ben"), NotFound),
        (lambda r: r.accounts.one("ben"), NotFound),
        (lambda r: r.accounts.token("ben"), NotFound),
        (lambda r: r.accounts.token("anna", []), BadInput),
        (lambda r: r.accounts.token("anna", [Role.APPROVER]), BadInput),
        (lambda r: r.accounts.revoke("rog_x"), NotFound),
    ],
)
def test_what_cannot_be_is_refused(
    records: Records, wrong: Callable[[Records], object], error: type[Exception]
) -> None:
    records.accounts.add("anna", [Role.OFFICER])
    with pytest.raises(error):
        wrong(records)
    assert [one.id for one in records.accounts.all()] == ["anna"]


# --- references -------------------------------------------------------------------------------


def test_numbers_count_through_the_year(records: Records) -> None:
    assert [records.references.next(Kind.MLA, DAY) for _ in range(2)] == [
        "DE-MLA-2026-00001",
        "DE-MLA-2026-00002",
    ]
    assert records.references.next(Kind.EXTRADITION, DAY) == "DE-EXT-2026-00003"
    assert records.references.next(Kind.MLA, date(2027, 1, 1)) == "DE-MLA-2027-00001"


def test_a_scheme_without_the_year_still_gives_each_reference_once(records: Records) -> None:
    references = References(records.database, "AZ/{number}", "DE")
    found = [references.next(Kind.MLA, date(year, 1, 1)) for year in (2026, 2026, 2027, 2028)]
    assert found == ["AZ/1", "AZ/2", "AZ/3", "AZ/4"]


def test_numbers_taken_over_are_stepped_over(records: Records) -> None:
    records.references.reserve("de-mla-2026-00001")
    assert records.references.next(Kind.MLA, DAY) == "DE-MLA-2026-00002"
    assert records.references.known("DE-MLA-2026-00001")
    assert not records.references.known("DE-MLA-2026-00003")


def test_a_reference_is_taken_once_whatever_its_capitals(records: Records) -> None:
    records.references.reserve("Az.17")
    for again in ("Az.17", "AZ.17"):
        with pytest.raises(Conflict):
            records.references.reserve(again)


@pytest.mark.parametrize("ref", ["house", "a b", "x", "-1-2", "../../etc", "Meier, Hans"])
def test_what_is_no_reference_is_refused(records: Records, ref: str) -> None:
    with pytest.raises(BadInput):
        records.references.reserve(ref)


def test_many_desks_never_give_one_number_twice(records: Records) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: records.references.next(Kind.MLA, DAY), range(40)))
    assert sorted(found) == [f"DE-MLA-2026-{number:05d}" for number in range(1, 41)]


@pytest.mark.parametrize(
    "scheme", ["{state}-{year}", "{nummer}", "{number", "{}", "{number}", "{state.x}{number}"]
)
def test_a_scheme_that_cannot_work_is_told_at_the_start(records: Records, scheme: str) -> None:
    with pytest.raises(BadInput):
        References(records.database, scheme, "DE")
