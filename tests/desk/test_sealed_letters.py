"""Is a sealed letter kept like any document of its case, and is none sealed that lacks words or approval?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text, update

from desk.house import new_house
from desk.keyring import certify
from desk.sealed_letters import sealed_of
from desk.sealing import trusted_in, verified
from records.backup import backup, restore
from records.open import open_records
from records.tables import LEDGER
from schemas.errors import NotFound
from schemas.ids import digest
from tests.desk.conftest import MARK, Caller
from tests.records.papers import key_destroyed, run

WHOLE = {"authority-name-function": "Court of Examples", "facts": "A shop was robbed (invented)."}


@pytest.fixture
def certified(call: Caller) -> Caller:
    certify(call.records.settings, 30)
    return call


async def sealed(
    call: Caller, ref: str, who: str = "approver", form: str = "mla-request", key: str = "", **body: Any
) -> httpx.Response:
    told = {"despite": "invented for the test", **body}
    return await call(who, "POST", f"/cases/{ref}/letters/{form}/seal", json=told, key=key)


async def approved(call: Caller) -> str:
    ref = await call.file(contents=WHOLE)
    answer = await call.move("approver", ref, event="approve")
    assert answer.status_code in (200, 201), answer.text
    return ref


def events(call: Caller, ref: str) -> list[str]:
    return [each.event for each in call.records.ledger.entries(ref)]


async def test_a_sealed_letter_lies_with_the_case_and_each_look_is_noted(certified: Caller) -> None:
    call = certified
    ref = await approved(call)
    first = await sealed(call, ref, key="once")
    assert first.status_code == 201, first.text
    item = first.json()
    assert (item["name"], item["media_type"]) == ("mla-request-en.pdf", "application/pdf")
    again = await sealed(call, ref, key="once")
    assert (again.status_code, again.json()) == (200, item)
    assert events(call, ref).count("letter-sealed") == 1
    answer = await call("officer", "GET", f"/cases/{ref}/documents/{item['digest']}")
    assert answer.headers["content-type"] == "application/pdf"
    assert digest(answer.content) == item["digest"]
    assert call.records.ledger.entries(ref)[-1].event == "viewed"
    trust = trusted_in([call.records.settings.keys / "trust.json"])
    assert verified(answer.content, trust).verdict.value == "yes"
    assert verified(answer.content.replace(b"/Type", b"/Tzpe", 1), trust).verdict.value == "no"
    for path in call.records.settings.home.rglob("*"):
        assert not path.is_file() or answer.content[:4096] not in path.read_bytes(), path
    (told,) = sealed_of(call.records, ref)
    assert (told["by"], told["document"], told["form"]) == ("approver", item, "mla-request")
    for who, status in (("liaison", 403), ("auditor", 403), ("court-officer", 404)):
        assert (await call(who, "GET", f"/cases/{ref}/documents/{item['digest']}")).status_code == status


async def test_an_auditor_is_told_of_a_sealed_letter_that_is_gone(certified: Caller) -> None:
    call = certified
    ref = await approved(call)
    item = (await sealed(call, ref)).json()
    assert call.records.verify() == []
    (file,) = [each for each in (call.records.settings.home / "vault").rglob("*") if each.is_file()]
    file.unlink()
    (problem,) = call.records.verify()
    assert (problem.code, problem.where) == ("missing-document", f"{ref} {item['digest']}")
    run(call.records.database, text("DROP TRIGGER ledger_no_update"))
    run(
        call.records.database, update(LEDGER).where(LEDGER.c.event == "letter-sealed").values(body=b"altered")
    )
    assert "missing-document" not in {each.code for each in call.records.verify()} != set()


async def test_what_the_house_cannot_stand_behind_is_not_sealed_and_says_why(certified: Caller) -> None:
    call = certified
    ref = await call.file()
    early = await sealed(call, ref)
    assert (early.status_code, early.json()["code"]) == (409, "not-approved")
    assert (await call.move("approver", ref, event="approve")).status_code in (200, 201)
    lacking = await sealed(call, ref, despite=None)
    assert (lacking.status_code, lacking.json()["code"]) == (422, "letter-incomplete")
    assert "authority" in [each["where"] for each in lacking.json()["faults"]]
    assert (await sealed(call, ref, who="officer")).status_code == 403
    for who in ("judge", "auditor", "liaison"):
        assert (await sealed(call, ref, who=who)).status_code == 403
    named = await sealed(call, ref, protected=[MARK])
    assert (named.status_code, named.json()["code"]) == (409, "protected-name")
    annex = await sealed(call, ref, form="identity-annex")
    assert (annex.status_code, annex.json()["code"]) == (422, "annex-by-release")
    assert "letter-sealed" not in events(call, ref)
    assert call.records.vault.digests(ref) == []
    assert (await sealed(call, ref)).status_code == 201
    entry = next(each for each in call.records.ledger.entries(ref) if each.event == "letter-sealed")
    told = json.loads(entry.detail or "")
    assert told["despite"] == "invented for the test"
    assert "authority" in told["lacking"]


async def test_a_house_without_a_certificate_keeps_nothing(call: Caller) -> None:
    ref = await approved(call)
    answer = await sealed(call, ref)
    assert answer.status_code == 404
    assert "certificate" in answer.json()["detail"]
    assert call.records.vault.digests(ref) == []


async def test_it_comes_back_from_a_backup_and_goes_with_the_key(certified: Caller, tmp_path: Path) -> None:
    call = certified
    ref = await approved(call)
    item = (await sealed(call, ref)).json()
    content = call.records.vault.get(ref, item["digest"])
    settings = call.records.settings
    file = tmp_path / "backup.tar.gz"
    backup(call.records, file)
    again = new_house(tmp_path / "again", "de-test", "DE", "Test house", "Europe/Berlin")
    (again.keys / "master.key").write_bytes((settings.keys / "master.key").read_bytes())
    restore(again, file)
    records = open_records(again)
    assert records.vault.get(ref, item["digest"]) == content
    assert [each["document"] for each in sealed_of(records, ref)] == [item]
    records.close()
    key_destroyed(call.records, ref)
    with pytest.raises(NotFound) as gone:
        call.records.vault.get(ref, item["digest"])
    assert gone.value.code == "erased"
