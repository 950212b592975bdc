"""Are the words of a document found whatever kind it is, and is it said what of it cannot be read?"""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

import docx as library
import openpyxl
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from letters import inside, inside_files
from letters.enclosed import looked_into, read_apart
from letters.inside_files import inside as look
from letters.leaks import leaks
from tests.letters.make_golden_papers import FOLDER

NAME = "Änne-Marie Größer"


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def docx(*runs: str, author: str = "") -> bytes:
    file = library.Document()
    line = file.add_paragraph()
    for run in runs:
        line.add_run(run)
    file.core_properties.author = author
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def xlsx(cell: str, title: str = "Sheet") -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = cell
    book.active.title = title
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def mail() -> bytes:
    made = EmailMessage()
    made["From"] = "a@mail.example"
    made["Subject"] = "Größe"
    made.set_content("See what is enclosed.")
    made.add_attachment(docx(NAME), maintype="application", subtype="octet-stream", filename="a.docx")
    return made.as_bytes()


def pdf(change: Callable[[PdfWriter], object] | None = None, *, text: bool = True) -> bytes:
    made = PdfWriter()
    if text:
        made.append(PdfReader(FOLDER / "not-sealed.pdf"))
    else:
        made.add_blank_page(200, 200)
    if change is not None:
        change(made)
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


def noted(made: PdfWriter) -> None:
    made.add_annotation(0, FreeText(text=NAME, rect=(0, 0, 9, 9)))


def pictured(made: PdfWriter) -> None:
    """With a picture on its last page."""
    picture = StreamObject()
    picture[NameObject("/Subtype")] = NameObject("/Image")
    page = made.pages[-1]
    held = DictionaryObject({NameObject("/P"): made._add_object(picture)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): held})


def drawing(made: PdfWriter) -> None:
    """With a form that draws itself."""
    said = StreamObject()
    said.set_data(f"<a><b>{NAME}</b></a>".encode())
    parts = ArrayObject([TextStringObject("datasets"), made._add_object(said)])
    made.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/XFA"): parts})


HOLDING = {
    "text": f"It was {NAME}.".encode(),
    "text-of-eight-bits": f"It was {NAME}.".encode("cp1252"),
    "text-utf-16": f"It was {NAME}.".encode("utf-16"),
    "json": b'{"a": ["b", {"c": "\\u00c4nne-Marie Gr\\u00f6\\u00dfer"}]}',
    "json-cut-off": f'{{"a": "{NAME}'.encode(),
    "xml": f"<?xml version='1.0'?><a><b c='{NAME}'/></a>".encode(),
    "xml-with-entities": f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>{NAME}</a>'.encode(),
    "html": b"<!doctype html><p>&Auml;n<b>ne</b>-Marie Gr&ouml;&szlig;er",
    "html-comment": f"<html><body><!-- {NAME} --></body></html>".encode(),
    "html-deep": b"<html><body><br>" + b"<div>" * 1000 + NAME.encode(),
    "html-too-deep": b"<html><body><br>" + b"<div>" * 5000 + NAME.encode(),
    "html-after-its-end": b"<html><body><br></body></HTML >" + NAME.encode(),
    "csv": f"no;name\n1;{NAME}\n".encode(),
    "json-twice": f'{{"a": {{"b": "{NAME}"}}, "a.b": "x", "a": 1}}'.encode(),
    "json-lines": b'{"a": 1}\n{"b": "\\u00c4nne-Marie Gr\\u00f6\\u00dfer"}\n',
    "rtf": rb"{\rtf1\ansi\b \'c4nne-Marie\b0\par Gr\'f6\u223?er}",
    "docx": docx("It was Än", "ne-Ma", "rie Größer."),
    "docx-property": docx("Nobody.", author=NAME),
    "xlsx": xlsx(NAME),
    "xlsx-title": xlsx("Nobody.", title=NAME),
    "pptx": zipped(
        **{
            "[Content_Types]_dot_xml": b"<a/>",
            "ppt__slides__s1_dot_xml": "<a:p xmlns:a='b'><a:t>Än</a:t><a:t>ne Größer</a:t></a:p>".encode(),
        }
    ),
    "odt": zipped(
        mimetype=b"application/vnd.oasis.opendocument.text",
        content_dot_xml="<d xmlns:t='b'><t:p>Än<t:span>ne Größer</t:span></t:p></d>".encode(),
        styles_dot_xml=b"<d><font name='Berta Otherwise'/><style name='Berta Otherwise'/></d>",
    ),
    "odt-head-of-pages": zipped(
        mimetype=b"application/vnd.oasis.opendocument.text",
        styles_dot_xml=f"<d xmlns:t='b'><t:header><t:p>{NAME}</t:p></t:header></d>".encode(),
    ),
    "text-beside-typefaces": zipped(mimetype=b"x", fonts__a_dot_txt=NAME.encode()),
    "zip": zipped(a_dot_txt=NAME.encode()),
    "zip-name": zipped(**{"Änne-Marie-Größer_dot_bin": b"\0" * 400}),
    "zip-in-zip": zipped(a_dot_zip=zipped(b_dot_docx=docx(NAME))),
    "mail": mail(),
    "mail-of-another-beginning": b"DKIM-Signature: a\nContent-Transfer-Encoding: base64\n\n"
    + base64.encodebytes(NAME.encode()),
    "mail-of-eight-bits": f"From: a\nSubject: {NAME}\n\nNobody.\n".encode(),
    "mail-before-its-parts": b"From: a\nContent-Type: multipart/mixed; boundary=b\n\n"
    + NAME.encode()
    + b"\n--b\n\nNobody.\n--b--\n",
    "mails": b"From a Mon\nFrom: a\nTo: b\n\nNobody.\n\nFrom a Tue\n" + mail(),
    "pdf-note": pdf(noted),
    "pdf-title": pdf(lambda made: made.add_metadata({"/Title": NAME})),
    "pdf-file": pdf(lambda made: made.add_attachment("a.docx", docx(NAME))),
    "pdf-form": pdf(drawing),
    "pdf-outline": pdf(lambda made: made.add_outline_item(title=NAME, page_number=0)),
}


@pytest.mark.parametrize("kind", HOLDING)
def test_a_name_is_found_in_a_document_of_any_kind(kind: str) -> None:
    found = look(HOLDING[kind])
    assert any(one.how == "whole" for one in leaks(found.texts, [NAME])), found
    assert not leaks(found.texts, ["Berta Otherwise"])


@pytest.mark.parametrize("kind", HOLDING)
def test_where_all_was_read_nothing_is_said_to_be_unread(kind: str) -> None:
    broken = [("", "broken")]
    expected = {"xml-with-entities": broken, "html-too-deep": broken, "zip-name": [("part 1", "kind")]}
    assert look(HOLDING[kind]).unread == expected.get(kind, [])


def test_the_words_on_a_page_are_found_with_its_number() -> None:
    found = look((FOLDER / "letter.pdf").read_bytes())
    assert [one.place for one in leaks(found.texts, ["Invented Letter"])] == [
        "page 1",
        "of itself",
        "outline",
    ]
    assert "requesting" in found.texts["file 1"], "what a letter carries inside"


def test_words_cut_into_pieces_are_still_words() -> None:
    found = look(docx("It was Än", "ne."))
    assert [one.how for one in leaks(found.texts, [NAME])] == ["part"]


def test_how_a_document_looks_is_no_text_of_it() -> None:
    texts = "\n".join(look(docx("Nobody.")).texts.values())
    assert "Nobody" in texts
    for typeface in ("Calibri", "Shruti", "Latha"):
        assert typeface not in texts


def test_eight_bits_in_rtf_are_read_in_every_way() -> None:
    """Which way they are meant, a font says."""
    content = b"{\\rtf1 " + "".join(f"\\'{each:02x}" for each in "Анна".encode("cp1251")).encode() + b"}"
    assert leaks(look(content).texts, ["Анна"])


UNREAD = {
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, [("", "picture")]),
    "bitmap": (b"BM" + b"\0\1" * 50, [("", "picture")]),
    "old-office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, [("", "kind")]),
    "locked-office": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        [("", "encrypted")],
    ),
    "bytes": (bytes(range(256)), [("", "kind")]),
    "no-pdf": (b"%PDF-1.7 invented", [("", "broken")]),
    "locked-pdf": (pdf(lambda made: made.encrypt("secret", algorithm="AES-256")), [("", "encrypted")]),
    "scan": (pdf(pictured, text=False), [("page 1", "scan")]),
    "picture-in-docx": (
        zipped(**{"[Content_Types]_dot_xml": b"<a/>", "word__media__x_dot_png": b"\x89PNG"}),
        [("part 2", "picture")],
    ),
    "picture-in-rtf": (rb"{\rtf1 {\pict " + b"0f" * 500 + b"}}", [("", "picture")]),
    "object-in-rtf": (rb"{\rtf1 {\object\objdata " + b"0f" * 500 + b"}}", [("", "kind")]),
    "large-text-of-eight-bits": ("слово ".encode("cp1251") * 50_000, [("", "large")]),
    "no-zip": (b"PK\x03\x04 invented", [("", "broken")]),
    "too-deep": (
        zipped(a=zipped(b=zipped(c=zipped(d=b"x")))),
        [("part 1.part 1.part 1.part 1", "deep")],
    ),
    "bomb": (zipped(a=b"\0" * (65 * 1024 * 1024), b=b"x"), [("part 1", "large")]),
    "crowd": (zipped(**{f"p{number}": b"x" for number in range(2001)}), [("part 2001", "large")]),
}


@pytest.mark.parametrize("kind", UNREAD)
def test_what_cannot_be_read_is_said(kind: str) -> None:
    content, unread = UNREAD[kind]
    assert look(content).unread == unread


def test_a_part_that_is_called_nothing_is_read() -> None:
    content = zipped(aa=NAME.encode()).replace(b"aa", b"\0a")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert parts.namelist() == [""]
    assert look(content).texts == {"part 1": NAME}


def test_a_document_locked_with_no_word_is_read() -> None:
    assert look(pdf(lambda made: made.encrypt("", algorithm="AES-256"))).unread == []


def test_a_blank_page_and_a_page_with_words_and_a_picture_are_read() -> None:
    assert look(pdf(text=False)).unread == []
    wordy = EmailMessage()
    wordy.set_content("x")
    assert look(b"").unread == []
    assert look(wordy.as_bytes()).unread == []


def test_more_text_than_is_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    found = inside.Inside(room=10)
    found.say("a", "0123456")
    found.say("b", "0123456")
    assert (found.texts, found.unread) == ({"a": "0123456", "b": "012"}, [("b", "large")])
    monkeypatch.setattr(inside, "MOST_TEXTS", 1)
    found.say("c", "x")
    assert ("c", "large") in found.unread


def test_every_why_is_one_that_is_told() -> None:
    told = {why for _, each in UNREAD.values() for _, why in each}
    assert told | {"time"} == set(inside.WHY)


def test_what_was_read_in_time_is_told() -> None:
    for content in (
        pdf(lambda made: made.append(PdfReader(FOLDER / "not-sealed.pdf"))),
        zipped(a=b"x", b=b"y"),
    ):
        whole, none = look(content), look(content, -1.0)
        assert ("page 2" in whole.texts) or ("part 2" in whole.texts)
        assert [why for _, why in none.unread] == ["time"]
        assert none.unread[0][0] in ("page 1", "part 1")


# --- in a process of its own ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["text-of-eight-bits", "docx", "pdf-file"])
def test_a_process_of_its_own_reads_the_same(kind: str) -> None:
    apart, here = read_apart(HOLDING[kind]), look(HOLDING[kind])
    assert (apart.texts, apart.unread) == (here.texts, here.unread)


def test_documents_are_read_one_after_the_other_in_the_time_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told of one is not kept beside that of the next, nor does it hide behind the same place."""
    read: list[bytes] = []

    def content(text: bytes) -> Callable[[], bytes]:
        def got() -> bytes:
            read.append(text)
            return text

        return got

    documents = [("a", content(b"one")), ("a", content(b"two"))]
    looking = looked_into(documents)
    assert next(looking)[1].texts == {"": "one"}
    assert read == [b"one"]
    assert [found.texts for _, found in looking] == [{"": "two"}]
    monkeypatch.setattr("letters.enclosed.WHOLE_SECONDS", 0.0)
    assert [found.unread for _, found in looked_into(documents)] == [[("", "time")]] * 2


def test_what_takes_too_long_or_is_too_large_is_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_apart(b"x", 0.0).unread == [("", "time")]
    assert read_apart(b"x", 0.001).unread == [("", "time")]
    monkeypatch.setattr("letters.enclosed.LARGEST", 3)
    assert read_apart(b"four").unread == [("", "large")]


def test_a_reader_that_ends_badly_has_read_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert inside_files.DEEPEST, "the module is the one that the process would load"
    for code, why in (("import os; os._exit(3)", "broken"), ("import os; os.kill(os.getpid(), 9)", "time")):
        monkeypatch.setattr("letters.enclosed._CODE", code)
        found = read_apart(b"x")
        assert (found.texts, found.unread) == ({}, [("", why)])


def test_a_reader_knows_nothing_of_the_house(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROGATORY_HOME", "/nowhere")
    code = "import os, json; print(json.dumps({'texts': dict(os.environ), 'unread': []}))"
    monkeypatch.setattr("letters.enclosed._CODE", code)
    assert "ROGATORY_HOME" not in read_apart(b"x").texts
    assert "PATH" in read_apart(b"x").texts


def test_the_memory_of_a_reader_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    from letters import enclosed

    greedy = enclosed._CODE.partition("from letters")[0] + "x = bytearray(3 * 1024 ** 3)\n"
    monkeypatch.setattr(enclosed, "_CODE", greedy)
    assert read_apart(b"x").unread == [("", "broken")]
