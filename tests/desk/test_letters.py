"""Does a house write its letters: listed, as page, document and worksheet, and without a protected name?"""

from __future__ import annotations

import io
import json
from typing import Any

import docx as library
import httpx
import pytest
from pypdf import PdfReader

from desk.keyring import certify
from desk.letters import MEDIA, names_of
from desk.sealing import seals_of
from letters.form import OWN_LETTERS
from schemas.case import CaseState
from schemas.ids import digest
from tests.desk.conftest import MARK, Caller
from tests.letters.letter_cases import case
from treaties.load import shipped


async def asked(
    call: Caller, ref: str, form: str = "mla-request", who: str = "officer", **body: Any
) -> httpx.Response:
    return await call(who, "POST", f"/cases/{ref}/letters/{form}", key=None, json=body)


async def test_the_letters_of_a_case_are_listed_with_what_they_lack(call: Caller) -> None:
    ref = await call.file()
    answer = await call("officer", "GET", f"/cases/{ref}/letters")
    assert answer.status_code == 200, answer.text
    told = {row["form"]: row for row in answer.json()["items"]}
    assert {"mla-request", "emergency-request", "covering"} <= set(told)
    assert "authority" in told["mla-request"]["missing"]
    assert told["mla-request"]["languages"] == list(OWN_LETTERS)
    assert call.records.ledger.entries(ref)[-1].event == "viewed"


async def test_a_letter_is_a_page_a_document_and_data(call: Caller) -> None:
    ref = await call.file()
    page = await asked(call, ref, language="ar")
    assert page.status_code == 200, page.text
    assert page.headers["content-type"] == MEDIA["pdf"]
    assert page.headers["content-disposition"] == 'attachment; filename="mla-request-ar.pdf"'
    read = PdfReader(io.BytesIO(page.content))
    assert list(read.attachments) == ["request.json"]
    again = await asked(call, ref, language="ar")
    assert again.content == page.content
    file = await asked(call, ref, language="fr", format="docx")
    assert library.Document(io.BytesIO(file.content)).core_properties.language == "fr"
    data = (await asked(call, ref, format="json")).json()
    assert data["inside"]["digest"] == digest(read.attachments["request.json"][0])
    assert [each["field"] for each in data["missing"] if each["required"]]


async def test_a_translated_worksheet_stands_in_the_letter(call: Caller) -> None:
    ref = await call.file()
    sheet = await asked(call, ref, language="fr", format="worksheet")
    file = library.Document(io.BytesIO(sheet.content))
    for row in file.tables[0].rows[1:]:
        row.cells[2].text = "Traduit (inventé)"
    out = io.BytesIO()
    file.save(out)
    kept = await call(
        "officer",
        "POST",
        f"/cases/{ref}/documents",
        params={"name": "fr.docx"},
        content=out.getvalue(),
        headers={"Content-Type": MEDIA["worksheet"]},
    )
    assert kept.status_code == 201, kept.text
    told = (await asked(call, ref, language="fr", format="json", worksheet=kept.json()["digest"])).json()
    passages = [
        block
        for part in told["draft"]["sections"]
        for item in part["items"]
        for block in item["blocks"]
        if block["block"] == "passage"
    ]
    assert {block["target"] for block in passages} == {"Traduit (inventé)"}
    missing = await asked(call, ref, language="fr", worksheet=digest(b"none"))
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown-document")
    wrong = await asked(call, ref, language="es", worksheet=digest(sheet.content))
    assert wrong.status_code == 404


async def test_a_protected_name_keeps_a_letter_in_and_is_not_repeated(call: Caller) -> None:
    ref = await call.file()
    answer = await asked(call, ref, protected=["xenia  INVENTED"])
    assert (answer.status_code, answer.json()["code"]) == (409, "protected-name")
    assert "enia" not in answer.text
    assert "request.json" in answer.json()["where"]
    assert (await asked(call, ref, protected=["Berta Otherwise"])).status_code == 200
    trail = "".join(str(entry) for entry in call.records.ledger.entries(ref))
    assert "INVENTED" not in trail
    assert "Otherwise" not in trail


@pytest.mark.parametrize(
    ("form", "body", "status", "code"),
    [
        ("nothing", {}, 422, "unknown-word"),
        ("mla-request", {"language": "xx"}, 422, "unknown-word"),
        ("eaw", {}, 422, "bad-input"),
        ("mla-request", {"format": "rtf"}, 422, "bad-input"),
        ("mla-request", {"protected": ["."]}, 422, "bad-input"),
    ],
)
async def test_what_cannot_be_written_says_why(
    call: Caller, form: str, body: dict[str, Any], status: int, code: str
) -> None:
    ref = await call.file()
    answer = await asked(call, ref, form, **body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["next"]


@pytest.mark.parametrize("who", ["liaison", "auditor"])
async def test_who_does_not_see_the_case_whole_gets_no_letter(call: Caller, who: str) -> None:
    ref = await call.file()
    assert (await asked(call, ref, who=who)).status_code == 403
    assert (await call(who, "GET", f"/cases/{ref}/letters")).status_code == 403


async def test_a_case_that_is_not_theirs_is_not_there(call: Caller) -> None:
    ref = await call.file()
    answer = await asked(call, ref, who="court-officer")
    assert answer.status_code == 404
    assert MARK not in answer.text


def test_the_law_s_names_are_put_in_in_the_language_it_speaks() -> None:
    state: CaseState = case("mla-request")
    told = {language: names_of(state, shipped(), language) for language in ("en", "fr", "ar")}
    assert {language: names.language for language, names in told.items()} == {
        "en": "en",
        "fr": "fr",
        "ar": "en",
    }
    assert told["en"].instrument == "Convention on Cybercrime"
    assert told["fr"].instrument == "Convention de Budapest"
    assert told["en"].words["csam-distribution"] == "distribution of child sexual abuse material"


# --- the annex by which identities leave ----------------------------------------------------------------

NAME = "Petra Beispielkind"
PERSON = {"pseudonym": MARK, "name": NAME, "born": "2016-05-04", "details": "Lives with her aunt (invented)."}


async def annexed(
    call: Caller, ref: str, who: str = "approver", key: str = "", **body: Any
) -> httpx.Response:
    told = {"people": [PERSON], "reason": "The hearing of the child (invented).", **body}
    return await call(who, "POST", f"/cases/{ref}/annex", json=told, key=key)


@pytest.fixture
def certified(call: Caller) -> Caller:
    certify(call.records.settings, 30)
    return call


async def test_an_identity_leaves_in_a_sealed_annex_and_is_kept_nowhere(certified: Caller) -> None:
    call = certified
    ref = await call.file()
    answer = await annexed(call, ref, language="ar")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == 'attachment; filename="annex-ar.pdf"'
    assert seals_of(call.records.settings, answer.content).verdict.value == "yes"
    read = PdfReader(io.BytesIO(answer.content))
    text = " ".join(page.extract_text() for page in read.pages)
    assert NAME.split()[1] in text
    entry = call.records.ledger.entries(ref)[-1]
    assert (entry.event, entry.actor) == ("annex-released", "approver")
    told = json.loads(entry.detail or "")
    assert told["digest"] == digest(answer.content) == answer.headers["document-digest"]
    assert (told["pseudonyms"], told["reason"]) == ([MARK], "The hearing of the child (invented).")
    kept = [path for path in call.records.settings.home.rglob("*") if path.is_file()]
    for path in kept:
        content = path.read_bytes()
        assert NAME.encode() not in content, path
        assert answer.content[:4096] not in content, path
    assert not call.records.vault.has(ref, told["digest"])
    assert NAME not in " ".join(each.detail or "" for each in call.records.ledger.entries(ref))


async def test_only_a_named_approver_releases_it_with_a_reason(certified: Caller) -> None:
    call = certified
    ref = await call.file()
    assert (await annexed(call, ref, who="officer")).status_code == 403
    assert (await annexed(call, ref, reason="")).status_code == 422
    assert (await annexed(call, ref, people=[])).status_code == 422
    unknown = await annexed(call, ref, people=[{**PERSON, "pseudonym": "nobody"}])
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown-pseudonym")
    assert (await annexed(call, ref, key="once")).status_code == 200
    again = await annexed(call, ref, key="once")
    assert (again.status_code, again.json()["code"]) == (409, "released-before")
    entries = [each.event for each in call.records.ledger.entries(ref)]
    assert entries.count("annex-released") == 1


async def test_a_name_that_stands_in_the_rest_stops_the_annex(certified: Caller) -> None:
    call = certified
    ref = await call.file(contents={"facts": "The child, Petra BEISPIELKIND, was seen (invented)."})
    for changes in ({}, {"reason": "Frau Beispielkind is to be heard."}):
        refused = await annexed(call, ref, **changes)
        assert (refused.status_code, refused.json()["code"]) == (409, "protected-name")
        assert "request.contents.facts" in refused.json()["where"]
        assert "beispielkind" not in refused.text.lower()
    assert "annex-released" not in [each.event for each in call.records.ledger.entries(ref)]


async def test_a_house_without_a_certificate_lets_no_identity_out(call: Caller) -> None:
    ref = await call.file()
    answer = await annexed(call, ref)
    assert answer.status_code == 404
    assert "certificate" in answer.json()["detail"]
    assert "annex-released" not in [each.event for each in call.records.ledger.entries(ref)]
