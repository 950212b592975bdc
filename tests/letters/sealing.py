"""Which letters, keys and authorities do the tests of seals use?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import typst

from letters.keys import CERTIFICATE_FILE, new_document_key, open_signer, self_signed
from letters.pades import sealed
from letters.stamp import HttpStamper
from letters.trust import TrustedCertificate, TrustedHouse, TrustedStamper, TrustList
from tests.letters.correspondents import DE, US
from tests.letters.stamping import DAY, Authority, authority, served

STARTED = datetime.now(UTC)
PAGE = """
#set document(title: "Letter", date: datetime(year: 2026, month: 11, day: 21))
#set text(lang: "en")
#pdf.attach("request.json", bytes(sys.inputs.request), relationship: "data", mime-type: "application/json",
  description: "The request")
= An invented letter
Nobody is meant.
"""


@cache
def page(requesting: str = "DE") -> bytes:
    """An invented letter as the house sets its own: PDF/A-3b and PDF/UA-1, with a request inside."""
    made = typst.compile(
        PAGE.encode(),
        format="pdf",
        pdf_standards=["a-3b", "ua-1"],
        sys_inputs={"request": f'{{"requesting":"{requesting}"}}'},
        timestamp=datetime(2026, 11, 21, tzinfo=UTC),
    )
    assert isinstance(made, bytes)
    return made


@cache
def stamper() -> Authority:
    """The authority that everybody here believes."""
    return authority("Stamps of the test")


@cache
def stranger() -> Authority:
    """An authority that nobody here knows."""
    return authority("Stamps of a stranger")


def key_folder(folder: Path, since: datetime | None = None, days: int = 365) -> str:
    """A key and its own certificate (PEM, given back) in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    key = new_document_key(folder)
    pem = self_signed(key, "Office of the test", "DE", since or STARTED - DAY, days)
    (folder / CERTIFICATE_FILE).write_text(pem, "ascii")
    return pem


def sealed_page(folder: Path, by: Authority | None, pdf: bytes | None = None) -> bytes:
    """The letter sealed with the key in `folder` and stamped by `by`, over real HTTP."""
    with open_signer(folder) as signer:
        if by is None:
            return sealed(pdf or page(), signer, None)
        with served(by.answer) as url:
            return sealed(pdf or page(), signer, HttpStamper(url), reason="Test")


def believing(pem: str | None, **ends: datetime | None) -> TrustList:
    """A list that knows the houses of the tests, DE with this certificate, and our authority."""
    certificates = (TrustedCertificate.of(pem, **ends),) if pem else ()
    de = TrustedHouse.model_validate({**DE.model_dump(), "certificates": certificates})
    by = stamper()
    return TrustList([de, US], stampers=(TrustedStamper.of(by.root, name=by.name),))


MINUTE = timedelta(minutes=1)
