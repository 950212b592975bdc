"""Does every letter in every language become a sound PDF/A page on which nothing overflows or is lost?"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from letters import typeset
from letters.drafting import attachment, draft
from letters.form import OWN_LETTERS, forms
from letters.sheet import Draft
from letters.typeset import GlyphMissing, Unset, letter, pdf, pictures
from schemas.errors import BadInput
from schemas.ids import digest
from schemas.request import Attachment
from tests.letters.letter_cases import HOUSE, NAMES, case

LEFT_MM, RIGHT_MM, PPI = 25, 22, 50
WHITE = 250


def drafted(form: str, language: str = "en", **changes: object) -> Draft:
    return draft(case(form, **changes), form, language, house=HOUSE, names=NAMES)


@cache
def page(form: str, language: str) -> bytes:
    return letter(drafted(form, language), case(form))


def pages(form: str, language: str) -> Iterator[Image.Image]:
    made = drafted(form, language)
    for png in pictures(made, attachment(made, case(form)).content, ppi=PPI):
        yield Image.open(io.BytesIO(png)).convert("L")


def darkest(image: Image.Image) -> int:
    """0 black, 255 white."""
    return min(image.tobytes())


def text_of(content: bytes) -> str:
    return " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(content)).pages).split())


# --- every form in every language ---------------------------------------------------------------------


@pytest.mark.parametrize("form", forms())
def test_every_language_makes_a_sound_page(form: str) -> None:
    for language in forms()[form].languages:
        content = page(form, language)
        read = PdfReader(io.BytesIO(content))
        made = drafted(form, language)
        about = read.metadata
        assert about is not None
        assert about.title == f"{made.title} DE-2026-00001"
        assert b"pdfaid:part>3<" in content, "it says that it is PDF/A-3"
        assert b"pdfuaid:part>1<" in content, "it says that it is PDF/UA-1"
        assert str(read.root_object["/Lang"])[:2] == language
        text = text_of(content)
        assert "DE-2026-00001" in text
        inside = attachment(made, case(form))
        assert inside.digest.removeprefix("sha256:") in text.replace(" ", "")
        assert read.attachments == {inside.name: [inside.content]}


def test_a_colon_stands_as_the_language_sets_it() -> None:
    french, english = text_of(page("eio-a", "fr")), text_of(page("eio-a", "en"))
    assert "Section A : " in french.replace("\u00a0", " ")
    assert "(SHA-256) :" in french.replace("\u00a0", " ")
    assert "Section A: " in english
    assert "(SHA-256):" in english


def beside_the_signature(content: bytes, made: Draft) -> str:
    """What else stands on the page that is signed, without its head and foot."""
    last = PdfReader(io.BytesIO(content)).pages[-1].extract_text()
    foot = re.escape(made.fixed["attached"])
    body = re.sub(
        rf"{foot}.*", "", last.replace(made.title, "").replace("DE-2026-00001", ""), flags=re.DOTALL
    )
    return body.partition(made.signature[0])[0].strip()


@pytest.mark.parametrize("form", forms())
def test_nobody_signs_a_page_that_says_nothing(form: str) -> None:
    # what is copied out of a page in Arabic comes in another order
    for language in set(forms()[form].languages) - {"ar"}:
        assert beside_the_signature(page(form, language), drafted(form, language)), (form, language)


def alone(lines: int) -> bool:
    """With so many lines of facts, does the signature stand alone on its page?"""
    made = drafted("mla-request", contents={"facts": "\n".join(["A line (invented)."] * lines)})
    bare = made.model_copy(update={"closing": ()})
    return not beside_the_signature(pdf(bare, b"{}"), bare)


def test_a_signature_alone_on_its_page_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: with a template that lets it go, some length of the facts leaves it alone."""
    loose = typeset.TEMPLATE.read_text("utf-8").replace("sticky: true, show-block", "show-block")
    with monkeypatch.context() as patch:
        patch.setattr(typeset, "_template", lambda: loose.encode())
        left = next(lines for lines in range(60) if alone(lines))
    assert not alone(left)


@pytest.mark.parametrize("form", forms())
def test_nothing_runs_into_the_margins_in_any_language(form: str) -> None:
    """Ink is looked for where none may be: beside the text, down the whole page."""
    for language in forms()[form].languages:
        for number, image in enumerate(pages(form, language), start=1):
            width, height = image.size
            left = round((LEFT_MM - 2) / 25.4 * PPI)
            right = round((210 - RIGHT_MM + 2) / 25.4 * PPI)
            for box in ((0, 0, left, height), (right, 0, width, height)):
                assert darkest(image.crop(box)) > WHITE, (form, language, number, box)
            assert darkest(image) < 200, "a page without ink is no page"


def test_a_line_too_long_would_be_seen_in_the_margin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The test above can fail: without the breaks an identifier runs off the page."""
    broken = typeset.TEMPLATE.read_text("utf-8").replace("it.len() > 24", "it.len() > 99999")
    monkeypatch.setattr(typeset, "_template", lambda: broken.encode())
    made = drafted("mla-request", identifiers={"file": "a" * 200})
    images = [Image.open(io.BytesIO(png)).convert("L") for png in pictures(made, b"{}", ppi=PPI)]
    right = round((210 - RIGHT_MM + 2) / 25.4 * PPI)
    assert any(darkest(image.crop((right, 0, *image.size))) < WHITE for image in images)


@pytest.mark.parametrize("language", OWN_LETTERS)
def test_a_word_of_the_case_longer_than_a_line_breaks(language: str) -> None:
    address = "https://example.org/" + "0123456789abcdef" * 20
    paper = Attachment(
        name="a" * 116 + ".pdf", media_type="application/pdf", size=9, digest="sha256:" + "cd" * 32
    )
    made = drafted(
        "mla-request", language, contents={"summary-of-facts": f"See {address} there."}, attachments=(paper,)
    )
    right = round((210 - RIGHT_MM + 2) / 25.4 * PPI)
    left = round((LEFT_MM - 2) / 25.4 * PPI)
    for png in pictures(made, b"{}", ppi=PPI):
        image = Image.open(io.BytesIO(png)).convert("L")
        assert darkest(image.crop((right, 0, *image.size))) > WHITE
        assert darkest(image.crop((0, 0, left, image.height))) > WHITE
    text = "".join(text_of(pdf(made, b"{}")).split())
    if language != "ar":
        assert address in text
        assert "a" * 116 + ".pdf" in text


@pytest.mark.parametrize("language", OWN_LETTERS)
def test_long_identifiers_break_and_lose_no_letter(language: str) -> None:
    account = "https://example.org/" + "0123456789abcdef" * 20
    made = drafted("mla-request", language, identifiers={"address": account})
    text = "".join(text_of(pdf(made, b"{}")).split())
    assert account in text


# --- reproducible, attached, safe ---------------------------------------------------------------------


def test_the_same_draft_gives_the_same_bytes() -> None:
    made, state = drafted("mla-request", "ar"), case("mla-request")
    first = letter(made, state)
    typeset._compiler.cache_clear()
    assert letter(made, state) == first


def test_the_day_in_the_document_is_the_case_s_not_the_clock_s() -> None:
    about = PdfReader(io.BytesIO(page("mla-request", "en"))).metadata
    assert about is not None
    assert about.creation_date == datetime(2026, 11, 21, tzinfo=UTC)


def test_what_is_attached_is_what_the_footer_names() -> None:
    content = b'{"invented": "\xd8\xb9"}'
    made = pdf(drafted("mla-request"), content)
    assert PdfReader(io.BytesIO(made)).attachments == {"request.json": [content]}
    assert digest(content).removeprefix("sha256:") in text_of(made).replace(" ", "")


def test_markup_in_the_words_of_a_case_is_printed_and_not_read() -> None:
    evil = '#read("/etc/passwd") *b* $x$ = h <a> @b #pdf.attach("x") \\ `c`'
    made = drafted("mla-request", contents={"summary-of-facts": evil, "requesting-authority": "#panic()"})
    text = text_of(pdf(made, b"{}"))
    assert '#read("/etc/passwd") *b* $x$ = h <a> @b' in text
    assert "#panic()" in text
    assert "root:" not in text


def test_too_much_to_attach_is_refused() -> None:
    with pytest.raises(BadInput) as wrong:
        pdf(drafted("mla-request"), b" " * (typeset.LARGEST + 1))
    assert wrong.value.code == "too-large"


def test_a_missing_glyph_is_an_error_that_names_it_and_the_package() -> None:
    """Without PDF/A it would be dropped silently, and a name would lose a letter."""
    for sign, package in (("\u0e01", "fonts-noto-core"), ("\U00013000", "fonts-noto-extra")):
        with pytest.raises(GlyphMissing) as wrong:
            pdf(drafted("mla-request", contents={"summary-of-facts": f"x {sign} y"}), b"{}")
        assert f"U+{ord(sign):04X}" in str(wrong.value)
        assert f"install {package}" in wrong.value.next_step


def test_a_house_s_own_fonts_are_used(tmp_path: Path) -> None:
    """The setting is what the error says to use; here the folder holds what is known already."""
    made = drafted("acknowledgement")
    for file in typeset.FONTS.glob("*.ttf"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert pdf(made, b"{}", fonts=tmp_path).startswith(b"%PDF")


def test_a_fault_of_the_page_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeset, "_template", lambda: b'#panic("invented")')
    with pytest.raises(Unset, match="cannot be set"):
        pdf(drafted("acknowledgement"), b"{}")


def test_japanese_and_korean_names_are_printed() -> None:
    made = drafted("mla-request", contents={"summary-of-facts": "東京 とうきょう 서울 ქ".replace("ქ", "")})
    assert pdf(made, b"{}")


def test_letters_may_be_asked_for_at_the_same_time() -> None:
    def written(number: int) -> str:
        state = case("mla-request", urgency_reason=f"mark{number}end", urgent=True)
        made = draft(state, "mla-request", "en", house=HOUSE, names=NAMES)
        return text_of(letter(made, state))

    with ThreadPoolExecutor(6) as threads:
        for number, text in enumerate(threads.map(written, range(12))):
            assert f"mark{number}end" in text


# --- right to left ------------------------------------------------------------------------------------


def test_an_arabic_page_begins_on_the_right() -> None:
    first = next(pages("mla-request", "ar"))
    width, _ = first.size
    middle = width // 2
    head = (0, round(24 / 25.4 * PPI), width, round(32 / 25.4 * PPI))
    strip = first.crop(head)
    assert darkest(strip.crop((middle, 0, width, strip.height))) < 128
    assert darkest(strip.crop((0, 0, middle, strip.height))) > WHITE


def test_an_identifier_keeps_its_order_in_an_arabic_page() -> None:
    address = "192.0.2.17:51820"
    made = drafted("mla-request", "ar", identifiers={"address": address})
    assert address in text_of(pdf(made, b"{}"))


def test_a_long_number_in_arabic_words_keeps_its_order() -> None:
    number = "12345678901234567890123456789012345678901234"
    state = case("mla-request", language="ar", contents={"summary-of-facts": f"الحساب {number} هنا"})
    made = draft(state, "mla-request", "ar", house=HOUSE, names=NAMES)
    text = re.sub("[\u202a-\u202e\\s]", "", text_of(pdf(made, b"{}")))
    assert number in text


def test_attachments_are_listed_with_size_and_digest() -> None:
    paper = Attachment(
        name="order.pdf", media_type="application/pdf", size=12345, digest="sha256:" + "cd" * 32
    )
    text = text_of(pdf(drafted("covering", attachments=(paper,)), b"{}"))
    assert "order.pdf" in text
    assert "12,345" in text
    assert re.search("cd" * 32, text.replace(" ", ""))
