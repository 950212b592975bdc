"""Do documents count only as far as they match what the signed envelope says of them?"""

from __future__ import annotations

import base64

import pytest

from letters.parcel import pack, unpack
from letters.policies import attachments_in
from letters.verify import NEXT_STEPS, Refused
from schemas.ids import digest
from schemas.messages import Envelope, Parcel
from schemas.moves import Answer, Evidence
from schemas.request import Attachment, EvidenceItem
from tests.letters.correspondents import ANNEX, PAPER, arrival, letter

OTHER = b"something else"


def with_annex(annex: Attachment = ANNEX) -> Envelope:
    return letter(arrival(attachments=(annex,)))


def parcel(**documents: bytes) -> Parcel:
    return Parcel(
        envelope="x",
        documents={name: base64.b64encode(content).decode() for name, content in documents.items()},
    )


def code_of(sent: Parcel, envelope: Envelope, limit: int = 1000) -> str:
    with pytest.raises(Refused) as caught:
        unpack(sent, envelope, limit)
    assert caught.value.attributed
    assert (caught.value.message, caught.value.sender) == (envelope.id, "de")
    assert caught.value.next_step == NEXT_STEPS[caught.value.code]
    return caught.value.code


def test_what_is_packed_is_unpacked() -> None:
    envelope = with_annex()
    sent = pack("jws", envelope, {ANNEX.digest: PAPER}.__getitem__)
    assert sent.envelope == "jws"
    assert unpack(sent, envelope, len(PAPER)) == {ANNEX.digest: PAPER}


def test_a_letter_without_documents_has_none() -> None:
    assert unpack(pack("jws", letter(), {ANNEX.digest: PAPER}.__getitem__), letter(), 0) == {}


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (parcel(), "document-missing"),
        (parcel(**{ANNEX.digest: PAPER, digest(OTHER): OTHER}), "document-unlisted"),
        (parcel(**{ANNEX.digest: OTHER}), "document-changed"),
        (parcel(**{ANNEX.digest: PAPER + b"."}), "document-changed"),
        (Parcel(envelope="x", documents={ANNEX.digest: "no base64!"}), "malformed"),
        (
            Parcel(envelope="x", documents={ANNEX.digest: base64.b64encode(PAPER).decode() + "\n"}),
            "malformed",
        ),
    ],
)
def test_a_document_that_does_not_match_is_refused(sent: Parcel, code: str) -> None:
    assert code_of(sent, with_annex()) == code


def test_a_document_over_the_limit_is_refused_by_its_bytes_and_by_its_claim() -> None:
    assert code_of(parcel(**{ANNEX.digest: PAPER}), with_annex(), len(PAPER) - 1) == "over-limit"
    small = ANNEX.model_copy(update={"size": 1})
    assert code_of(parcel(**{ANNEX.digest: PAPER}), with_annex(small), len(PAPER) - 1) == "over-limit"


def test_a_size_that_is_a_lie_is_refused() -> None:
    small = ANNEX.model_copy(update={"size": 1})
    assert code_of(parcel(**{ANNEX.digest: PAPER}), with_annex(small)) == "document-changed"


def test_every_document_a_body_names_travels() -> None:
    item = EvidenceItem(id="e1", description="log", kind="log", sha256=ANNEX.digest, custodian="lab")
    other = ANNEX.model_copy(update={"digest": digest(OTHER), "name": "other.pdf"})
    assert attachments_in(with_annex()) == (ANNEX,)
    assert attachments_in(letter(Answer(question="q1", text="x", attachments=(ANNEX,)))) == (ANNEX,)
    evidence = Evidence(complete=True, items=(item,), attachments=(other,))
    assert attachments_in(letter(evidence)) == (other,)
    assert letter(evidence).documents == (other,)
    assert attachments_in(with_annex().model_copy(update={"documents": (ANNEX, other)})) == (ANNEX, other)
