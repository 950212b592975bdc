"""Which sealed letters, tables and parcels, good and bad, are kept as files? `python -m
tests.letters.make_golden_papers` writes them.

The seals are made with keys that nobody keeps, so the letters are other bytes each time they are made; what
must come of them stands in `index.json`, written here by hand.
"""

from __future__ import annotations

import base64
import io
import json
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from letters.canonical import canonical
from letters.parcel import pack
from letters.seal import seal
from letters.trust import TrustList
from schemas.ids import digest
from schemas.messages import Parcel
from schemas.request import Attachment
from tests.letters.correspondents import ANNEX, DE_KEY, PAPER, arrival, letter
from tests.letters.make_golden import headed
from tests.letters.sealing import believing, key_folder, page, sealed_page, stamper, stranger
from tests.letters.test_worksheet import FILLED, repacked

FOLDER = Path(__file__).parent / "golden_papers"
LAUGHS = (
    b'<!DOCTYPE lol [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (step, b"&a%d;" % (step - 1) * 10) for step in range(1, 12))
    + b"]>"
)
"""A few hundred bytes that stand for two hundred thousand million."""
ZEROS = b"0" * (65 * 1024 * 1024)
TEN_GIGABYTES = 10 * 1024**3


@dataclass(frozen=True)
class Paper:
    """One file; `code`, and what the check that failed `found`; no code: it is good."""

    content: bytes
    code: str = ""
    found: str = ""


def letters() -> tuple[dict[str, Paper], TrustList]:
    """Sealed letters, and the list that believes their house and its authority."""
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder) / "keys"
        trust = believing(key_folder(keys, days=3650))
        good, strange = sealed_page(keys, stamper()), sealed_page(keys, stranger())
        unstamped = sealed_page(keys, None)
    place = good.index(b"/Lang") + 1
    made = {
        "letter.pdf": Paper(good),
        "letter-without-stamp.pdf": Paper(unstamped),
        "one-byte.pdf": Paper(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :], "altered"),
        "one-byte-more.pdf": Paper(good + b"\n", "altered"),
        "unknown-stamper.pdf": Paper(strange, "unknown-stamper", "Stamps of a stranger"),
        "not-sealed.pdf": Paper(page(), "not-sealed"),
    }
    return made, trust


def parcels() -> dict[str, Paper]:
    """Parcels of a house that is believed; what travels beside the signed envelope is wrong."""
    envelope = letter(arrival(attachments=(ANNEX,)))
    good = pack(seal(envelope, DE_KEY), envelope, lambda _: PAPER)
    huge = letter(arrival(attachments=(ANNEX.model_copy(update={"size": TEN_GIGABYTES}),)))
    two = Attachment(name="two.bin", media_type="application/octet-stream", size=2, digest=digest(b"ab"))
    more = letter(arrival(attachments=(two.model_copy(update={"size": TEN_GIGABYTES}),)))
    climbing = letter(arrival(attachments=(ANNEX,))).model_dump(mode="json")
    climbing["body"]["request"]["attachments"][0]["name"] = "../../keys/master.key"
    return {
        "parcel.json": Paper(_json(good)),
        "ten-gigabytes-two-bytes.json": Paper(
            _json(Parcel(envelope=seal(more, DE_KEY), documents={two.digest: _base64(b"ab")})),
            "over-limit",
            f"{TEN_GIGABYTES} bytes",
        ),
        "ten-gigabytes-of-a-letter.json": Paper(
            _json(Parcel(envelope=seal(huge, DE_KEY), documents=good.documents)), "over-limit"
        ),
        "path-in-name.json": Paper(
            _json(Parcel(envelope=_signed(climbing), documents=good.documents)),
            "path-in-name",
            "../../keys/master.key",
        ),
        "wrong-house.json": Paper(
            _json(Parcel(envelope=seal(letter(recipient="fr"), DE_KEY))), "wrong-addressee", "from de to fr"
        ),
    }


def tables() -> dict[str, Paper]:
    """Spreadsheets and translator's worksheets."""
    book = Workbook()
    for row in (
        ["side", "counterpart", "status", "opened", "measures"],
        ["incoming", "FR", "received", "", ""],
    ):
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    good = out.getvalue()
    sheet, strings, text = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "word/document.xml"
    return {
        "register.xlsx": Paper(good),
        "laughs.xlsx": Paper(_with(good, sheet, _laughing(good, sheet, b"<t>")), "entities"),
        "laughs-in-utf-16.xlsx": Paper(
            _with(good, sheet, _in_utf_16(_laughing(good, sheet, b"<t>"))), "entities"
        ),
        "entity-in-workbook.xlsx": Paper(
            _with(good, "xl/workbook.xml", _laughing(good, "xl/workbook.xml", b'name="')), "entities"
        ),
        "bomb.xlsx": Paper(_with(good, strings, ZEROS), "too-large"),
        "worksheet.docx": Paper(FILLED),
        "laughs.docx": Paper(_with(FILLED, text, _laughing(FILLED, text, b"<w:t>")), "worksheet-refused"),
        "bomb.docx": Paper(_with(FILLED, text, ZEROS), "worksheet-refused"),
    }


def papers() -> tuple[dict[str, Paper], TrustList]:
    """Every file by name, and the trust list that goes with the letters."""
    made, trust = letters()
    return made | parcels() | tables(), trust


def main() -> None:
    """Write the folder anew."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    made, trust = papers()
    for name, paper in made.items():
        (FOLDER / name).write_bytes(paper.content)
    index = {name: {"code": paper.code, "found": paper.found} for name, paper in sorted(made.items())}
    (FOLDER / "index.json").write_text(json.dumps(index, indent=2) + "\n")
    trust.save(FOLDER / "trust.json")


def _part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return parts.read(name)


def _with(content: bytes, name: str, part: bytes) -> bytes:
    return repacked(content, **{name.replace("/", "__"): part})


def _laughing(content: bytes, name: str, before: bytes) -> bytes:
    """A part that declares the entities and uses the last one behind the first `before`."""
    xml = _part(content, name)
    head = xml.find(b"?>") + 2 if xml.startswith(b"<?xml") else 0
    place = xml.index(before) + len(before)
    return xml[:head] + LAUGHS + xml[head:place] + b"&a11;" + xml[place:]


def _in_utf_16(xml: bytes) -> bytes:
    """The same in an encoding in which no search for bytes finds a declaration."""
    body = xml.partition(b"?>")[2] if xml.startswith(b"<?xml") else xml
    return body.decode("utf-8").encode("utf-16")


def _signed(payload: dict[str, Any]) -> str:
    return headed(canonical(payload))


def _json(parcel: Parcel) -> bytes:
    return parcel.model_dump_json().encode()


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


if __name__ == "__main__":
    main()
