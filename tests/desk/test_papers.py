"""Do documents go in by digest, come out only for those who see the case, and never as pictures?"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from schemas.ids import digest
from tests.desk.conftest import Caller, request_json

PAPER = b"%PDF-1.7 invented court order"
PDF = {"Content-Type": "application/pdf"}


async def added(call: Caller, ref: str, content: bytes = PAPER, name: str = "order.pdf") -> str:
    answer = await call(
        "officer", "POST", f"/cases/{ref}/documents", params={"name": name}, content=content, headers=PDF
    )
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told == {
        "name": name,
        "media_type": "application/pdf",
        "size": len(content),
        "digest": digest(content),
    }
    return str(told["digest"])


async def test_a_document_goes_in_and_comes_out_unchanged(call: Caller) -> None:
    ref = await call.file()
    name = await added(call, ref)
    answer = await call("approver", "GET", f"/cases/{ref}/documents/{name}")
    assert answer.status_code == 200
    assert answer.content == PAPER
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "order" not in answer.headers["content-disposition"]
    assert call.records.ledger.entries(ref)[-1].event == "viewed"


async def test_a_named_attachment_keeps_its_media_type(call: Caller) -> None:
    ref = await call.file()
    await added(call, ref)
    paper = {"name": "o.pdf", "media_type": "application/pdf", "size": len(PAPER), "digest": digest(PAPER)}
    amended = await call.move("officer", ref, event="amend", request=request_json(attachments=[paper]))
    assert amended.status_code == 200, amended.text
    answer = await call("officer", "GET", f"/cases/{ref}/documents/{digest(PAPER)}")
    assert answer.headers["content-type"] == "application/pdf"


@pytest.mark.parametrize("name", ["liaison", "auditor"])
async def test_who_does_not_see_the_case_whole_gets_no_document(call: Caller, name: str) -> None:
    ref = await call.file()
    paper = await added(call, ref)
    answer = await call(name, "GET", f"/cases/{ref}/documents/{paper}")
    assert answer.status_code == 403


async def test_a_document_of_one_case_is_not_one_of_another(call: Caller) -> None:
    one, other = await call.file(), await call.file()
    paper = await added(call, one)
    assert (await call("officer", "GET", f"/cases/{other}/documents/{paper}")).status_code == 404


@pytest.mark.parametrize(
    ("media", "content"),
    [
        ("image/png", b"anything"),
        ("video/mp4", b"anything"),
        ("application/pdf", b"\xff\xd8\xff\xe0 a photograph"),
        ("application/octet-stream", b"\x89PNG\r\n\x1a\n"),
        ("application/octet-stream", b"\x00\x00\x00\x18ftypmp42"),
        ("text/plain", b"RIFF\x00\x00\x00\x00WEBP"),
        ("text/plain", b"\x1aE\xdf\xa3 a film"),
    ],
)
async def test_pictures_and_films_are_never_stored(call: Caller, media: str, content: bytes) -> None:
    ref = await call.file()
    answer = await call(
        "officer",
        "POST",
        f"/cases/{ref}/documents",
        params={"name": "x"},
        content=content,
        headers={"Content-Type": media},
    )
    assert answer.status_code == 415
    assert call.records.vault.digests(ref) == []


async def test_size_and_name_are_bounded(call: Caller) -> None:
    ref = await call.file()
    limit = call.office.settings.attachment_limit
    path = f"/cases/{ref}/documents"
    large = await call(
        "officer", "POST", path, params={"name": "x.pdf"}, content=b"%" * (limit + 1), headers=PDF
    )
    assert large.status_code == 413
    empty = await call("officer", "POST", path, params={"name": "x.pdf"}, content=b"", headers=PDF)
    assert empty.status_code == 422
    for name in ("../x", "a\\b", "", "n" * 121):
        answer = await call("officer", "POST", path, params={"name": name}, content=PAPER, headers=PDF)
        assert answer.status_code == 422, name
    assert call.records.vault.digests(ref) == []


async def test_a_body_without_a_length_is_read_no_further_than_the_limit(call: Caller) -> None:
    ref = await call.file()
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b"%" * 1_000_000

    answer = await call(
        "officer", "POST", f"/cases/{ref}/documents", params={"name": "x.pdf"}, content=endless(), headers=PDF
    )
    assert answer.status_code == 413
    assert sent <= call.office.settings.attachment_limit // 1_000_000 + 2


@pytest.mark.parametrize(
    ("name", "media", "where"),
    [("..", "text/plain", "query.name"), ("a.txt", "no media type", "document.media_type")],
)
async def test_what_could_not_travel_is_not_kept_either(
    call: Caller, name: str, media: str, where: str
) -> None:
    ref = await call.file()
    vault = call.records.settings.home / "vault"
    before = sorted(vault.rglob("*"))
    path = f"/cases/{ref}/documents"
    answer = await call(
        "officer", "POST", path, params={"name": name}, content=PAPER, headers={"Content-Type": media}
    )
    assert (answer.status_code, answer.json()["where"]) == (422, where)
    assert sorted(vault.rglob("*")) == before


async def test_one_key_keeps_one_document(call: Caller) -> None:
    ref = await call.file()
    path, form = f"/cases/{ref}/documents", {"params": {"name": "a.txt"}, "headers": {"Content-Type": "a/b"}}
    made = [
        await call("officer", "POST", path, key="d-1", content=content, **form)
        for content in (b"one", b"one", b"two")
    ]
    assert [answer.status_code for answer in made] == [201, 200, 409]
    assert made[0].json() == made[1].json()
