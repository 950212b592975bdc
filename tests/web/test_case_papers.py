"""Do documents and letters of a case come in and go out by the pages as they must?"""

from __future__ import annotations

import io
from urllib.parse import unquote

import httpx
from docx import Document

from desk.keyring import certify
from desk.letters import MEDIA
from desk.sealing import seals_of
from tests.web.conftest import Screen
from tests.web.samples import Samples


def path(ref: str, part: str) -> str:
    return f"/desk/case/{ref}/{part}"


async def added(screen: Screen, ref: str, name: str, content: bytes, media: str) -> int:
    answer = await screen.post(path(ref, "documents"), files={"document": (name, content, media)})
    return answer.status_code


async def test_a_document_goes_in_and_comes_out(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    assert await added(officer, samples.sent, "papers.pdf", b"%PDF-1.7 invented", "application/pdf") == 303
    await officer.get(path(samples.sent, "documents"))
    (link,) = officer.tree.cssselect("td a")
    assert link.text_content() == "papers.pdf"
    answer = await officer.get(link.get("href"))
    assert answer.content == b"%PDF-1.7 invented"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "papers" not in answer.headers["content-disposition"]


async def test_what_is_not_taken_says_why(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    for name, content, media, says in (
        ("a.jpg", b"\xff\xd8\xff", "image/jpeg", "Pictures and films are not stored here."),
        ("a.pdf", b"", "application/pdf", "The document is empty."),
    ):
        assert await added(officer, samples.sent, name, content, media) == 422
        assert says in officer.text(".wrong-summary")
    refused = [each for each in officer.records.ledger.entries(samples.sent) if each.event == "refused"]
    assert len(refused) == len({each.detail for each in refused}) == 2
    assert (await officer.post(path(samples.sent, "documents"), {"other": "x"})).status_code == 422
    assert "Choose a file." in officer.text(".wrong-summary")


async def test_markup_is_handed_out_never_shown(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    await added(officer, samples.sent, "a.html", b"<script>alert(1)</script>", "text/html")
    await officer.get(path(samples.sent, "documents"))
    answer = await officer.get(officer.tree.cssselect("td a")[0].get("href"))
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"].startswith("sandbox")


async def test_documents_of_one_case_are_not_those_of_another(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    await added(officer, samples.sent, "a.txt", b"invented", "text/plain")
    await officer.get(path(samples.sent, "documents"))
    address = officer.tree.cssselect("td a")[0].get("href")
    assert (await officer.get(address.replace(samples.sent, samples.closed))).status_code == 404
    assert (await full_screen.signed_in("auditor").get(address)).status_code == 403


async def test_a_letter_is_shown_drafted_and_translated(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    await officer.get(path(samples.sent, "letters"))
    (first, *_) = officer.tree.cssselect("form.inline-form")
    address = first.get("action")
    answer = await officer.get(f"{address}?language=fr")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert samples.sent not in answer.headers["content-disposition"]
    worksheet = await officer.get(address.replace(".pdf", ".worksheet.docx") + "?language=fr")
    form = address.rpartition("/")[2].removesuffix(".pdf")
    assert (await brought_back(officer, samples.sent, form, worksheet.content)).status_code == 422
    assert "not translated" in officer.text(".wrong-summary")
    back = await brought_back(officer, samples.sent, form, translated(worksheet.content))
    assert back.status_code == 303, officer.text()
    assert (await officer.get(back.headers["location"])).content.startswith(b"%PDF-")


def translated(worksheet: bytes) -> bytes:
    """The worksheet as a translator gives it back."""
    document = Document(io.BytesIO(worksheet))
    for row in document.tables[0].rows[1:]:
        row.cells[2].text = f"Traduit : {row.cells[1].text}"
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


async def brought_back(screen: Screen, ref: str, form: str, content: bytes) -> httpx.Response:
    """Posts a worksheet."""
    files = {"worksheet": ("back.docx", content, MEDIA["worksheet"])}
    return await screen.post(path(ref, "letters"), {"form": form, "language": "fr"}, files=files)


async def test_a_worksheet_that_is_none_is_refused_with_its_reason(
    full_screen: Screen, samples: Samples
) -> None:
    officer = full_screen.signed_in("officer")
    answer = await officer.post(
        path(samples.sent, "letters"),
        {"form": "mla-request", "language": "fr"},
        files={"worksheet": ("back.docx", b"no worksheet", "application/octet-stream")},
    )
    assert answer.status_code == 422
    assert officer.tree.cssselect(".wrong-summary a[href='#f-worksheet']")


async def test_a_sealed_letter_comes_out_byte_for_byte(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    letter = full_screen.records.states.latest(samples.sent).outbox[0]
    answer = await officer.get(path(samples.sent, f"sealed/{letter.sealed}"))
    assert answer.content == full_screen.records.vault.get(samples.sent, letter.sealed)
    assessment = full_screen.records.states.latest(samples.sent).law
    assert assessment is not None
    assert (await officer.get(path(samples.sent, f"sealed/{assessment.assessment}"))).status_code == 404


async def test_a_letter_is_sealed_on_its_page_and_offered_again(
    full_screen: Screen, samples: Samples
) -> None:
    officer, approver = full_screen.signed_in("officer"), full_screen.signed_in("approver")
    seal = path(samples.sent, "letters/mla-request/seal")
    await approver.get(path(samples.sent, "letters"))
    assert any(link.get("href") == seal for link in approver.tree.cssselect("a"))
    certify(full_screen.records.settings, 30)
    asked = {"language": "fr", "key": "a"}
    assert (await approver.post(seal, asked)).status_code == 422
    assert "lacks" in approver.text(".wrong-summary")
    assert "facts" in approver.text()
    asked |= {"key": approver.tree.cssselect("input[name=key]")[0].get("value"), "despite": "sent by night"}
    assert (await officer.post(seal, asked)).status_code == 422
    assert "Only an approver" in officer.text(".wrong-summary")
    done = await approver.post(seal, asked)
    assert done.status_code == 303, approver.text()
    await officer.get(done.headers["location"])
    assert "sent by night" in officer.text()
    (link,) = [one for one in officer.tree.cssselect("li a") if one.text_content() == "mla-request-fr.pdf"]
    for listed in (path(samples.sent, "documents"), f"/desk/case/{samples.sent}"):
        await officer.get(listed)
        listed_there = [unquote(one.get("href")) for one in officer.tree.cssselect("td a")]
        assert unquote(link.get("href")) in listed_there
    content = (await officer.get(link.get("href"))).content
    assert seals_of(full_screen.records.settings, content).verdict.value == "yes"
    assert full_screen.records.ledger.entries(samples.sent)[-1].event == "viewed"
    assert (await full_screen.signed_in("auditor").get(link.get("href"))).status_code == 403
    assert (await full_screen.signed_in("judge").get(seal)).status_code == 403
