"""Which papers come in: sealed letters (PDF), translator's worksheets (DOCX), time stamps, and documents of
any kind that are looked through before they leave?"""

from __future__ import annotations

import asyncio
from functools import cache

import httpx
from asn1crypto import tsp

from fuzz.shapes import bomb, der_spoiled, lines_spoiled, pdf_spoiled, zip_spoiled
from fuzz.target import Target
from letters import outside, pades
from letters.inside_files import inside
from letters.stamp import HttpStamper
from letters.trust import TrustList
from letters.worksheet import read_worksheet
from tests.letters.correspondents import NOW
from tests.letters.make_golden_papers import FOLDER
from tests.letters.sealing import stamper
from tests.letters.test_inside import HOLDING
from tests.letters.test_worksheet import MADE

_TEXTS = (
    "text-of-eight-bits",
    "text-utf-16",
    "json",
    "json-lines",
    "xml",
    "xml-with-entities",
    "html",
    "rtf",
    "csv",
    "mail",
    "mails",
)


def targets() -> list[Target]:
    """The parsers of this module."""
    letters = [
        (FOLDER / name).read_bytes() for name in ("letter.pdf", "letter-without-stamp.pdf", "not-sealed.pdf")
    ]
    sheets = [(FOLDER / "worksheet.docx").read_bytes(), (FOLDER / "laughs.docx").read_bytes()]
    return [
        Target(
            "letter-pdf",
            _letter,
            letters,
            pdf_spoiled,
            5,
            {"letters.pades": ("sealed", "_ours", "_update_meta"), "letters.outside_pdf": ("enclosed",)},
        ),
        Target(
            "worksheet-docx",
            lambda data: read_worksheet(data, MADE),
            [*sheets, bomb("word/document.xml", 65 * 1024 * 1024)],
            zip_spoiled,
            10,
            {"letters.worksheet": ("worksheet", "to_translate")},
        ),
        Target(
            "stamp-answer",
            _stamp,
            [stamper().answer(_query().dump())],
            der_spoiled,
            20,
            {"letters.stamp": ("_unavailable", "_client", "token_in", "announces", "_authority")},
        ),
        Target(
            "inside-pdf",
            inside,
            [letters[2], *(HOLDING[kind] for kind in ("pdf-note", "pdf-file", "pdf-outline"))],
            pdf_spoiled,
            5,
            {"letters.inside_pdf": ()},
        ),
        Target(
            "inside-archive",
            inside,
            [HOLDING[kind] for kind in ("docx", "xlsx", "zip-in-zip")],
            zip_spoiled,
            10,
            {"letters.packed": (), "letters.inside": ()},
        ),
        Target(
            "inside-text",
            inside,
            [HOLDING[kind] for kind in _TEXTS],
            lines_spoiled,
            15,
            {"letters.inside_files": ("main",), "letters.inside_markup": (), "letters.inside_rtf": ()},
        ),
    ]


@cache
def _trust() -> TrustList:
    return TrustList.load(FOLDER / "trust.json")


def _letter(data: bytes) -> object:
    found = outside.verify(data, _trust(), NOW)
    pades.attached(data, "request.json")
    return found


@cache
def _query() -> tsp.TimeStampReq:
    imprint = tsp.MessageImprint({"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"0" * 32})
    return tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "nonce": 7, "cert_req": True})


def _stamp(data: bytes) -> object:
    reply = httpx.MockTransport(
        lambda _: httpx.Response(200, content=data, headers={"content-type": "application/timestamp-reply"})
    )
    with httpx.Client(transport=reply) as client:
        asked = HttpStamper("http://stamps.example", client)
        return asyncio.run(asked.async_request_tsa_response(_query()))
