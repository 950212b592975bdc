"""How is the PDF of a letter sealed, and what do the seals in a PDF say?

PAdES (ETSI EN 319 142-1): a detached CMS signature in the file, level B-B, with a time stamp B-T. Reading
believes nothing: it tells what stands there and what fits; whom to believe is judged in `letters.outside`.
"""

from __future__ import annotations

import asyncio
import io
import logging
import zlib
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from asn1crypto import pem as asn1_pem
from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from letters.reasons import shown
from letters.stamp import HttpStamper, Token, announces, token_in
from letters.trust import TrustedStamper
from schemas.errors import BadInput, RogatoryError
from schemas.vocabulary import Verdict

T = TypeVar("T")

LARGEST = 64 * 1024 * 1024
"""Bytes of a PDF that is sealed or read."""

ATTACHED_LARGEST = 8 * 1024 * 1024
"""Bytes of the data inside it, unpacked."""

RESERVED = 32 * 1024
"""Hexadecimal digits kept free for the signature: ours takes about 9,000 with a time stamp. Saying so spares
asking the authority once more just to learn how long its answers are."""

FIELD = "Seal"

# It logs what it cannot believe, with the names it met; here every reason is returned instead.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL + 1)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL + 1)

DIGESTS = frozenset({"sha256", "sha384", "sha512"})


@dataclass(frozen=True, slots=True)
class Stamp:
    """The time stamp of a seal. `fits`: it was made over this signature and is itself whole. `believed`: the
    name of the authority in the trust list that its certificate leads to, else empty."""

    at: datetime
    authority: str
    fits: bool
    believed: str


@dataclass(frozen=True, slots=True)
class Seal:
    """One seal, not believed yet. `fingerprint`: SHA-256 of the certificate that came with it.

    `content`: the bytes are those signed. `signature`: it was made with the certificate's key. `beyond`: what
    in the file this signature does not cover, empty if nothing but a later seal. `last`: it covers the file
    to its end. `final`: it allows nothing to be added. `claimed`: the time the signer's clock said.
    """

    field: str
    fingerprint: str
    subject: str
    digest: str
    content: bool
    signature: bool
    beyond: str
    last: bool
    final: bool
    claimed: datetime | None
    stamp: Stamp | None


def _run(work: Coroutine[Any, Any, T]) -> T:
    """What the library does only as a coroutine; in a thread of its own where a loop runs in this one."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, work).result()


class _Appended(IncrementalPdfFileWriter):
    """A seal added behind a letter whose own description (dates, PDF/A) is left as it was."""

    def _update_meta(self) -> None:
        # The library would write the description anew, in a form that validators of PDF/A object to, and
        # date the letter to the second of its sealing; that time stands in the seal.
        return


def sealed(pdf: bytes, signer: Signer, stamper: HttpStamper | None, *, reason: str = "") -> bytes:
    """`pdf` with one more seal, stamped if there is a `stamper`.

    Raises BadInput for what is no PDF or sealed for good already, StampRefused or Unavailable by the
    authority; nothing half-made is given back.
    """
    there = seals_in(pdf)
    if any(seal.final for seal in there):
        raise BadInput(
            "The letter is sealed already.",
            next_step="a seal closes a letter: seal a fresh print of it",
            code="sealed-already",
        )
    meta = PdfSignatureMetadata(
        field_name=f"{FIELD}{len(there) + 1}",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason or None,
        # A letter without any signature is closed by ours; one that others signed is signed once more.
        certify=not there,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    try:
        writer = _Appended(io.BytesIO(pdf))
        made = PdfSigner(meta, signer, timestamper=stamper)
        out = _run(made.async_sign_pdf(writer, bytes_reserved=RESERVED)).getvalue()
    except RogatoryError:
        raise
    except Exception as error:
        if _ours(error):
            raise
        raise _unreadable(error) from error
    found = seals_in(out)
    if not found or not found[-1].last or not (found[-1].content and found[-1].signature):
        raise BadInput(
            "The letter was sealed, but its seal does not hold.",
            next_step="see that key and certificate belong together",
            code="seal-broken",
        )
    return bytes(out)


def seals_in(pdf: bytes, stampers: Sequence[TrustedStamper] = ()) -> list[Seal]:
    """Every seal in `pdf`, in the order they were made. Raises BadInput (`no-pdf`) if it cannot be read."""
    reader = _reader(pdf)
    try:
        return [_read(pdf, found, stampers) for found in reader.embedded_regular_signatures]
    except RogatoryError:
        raise
    except Exception as error:
        # Many layers read a stranger's bytes here, and each has errors of its own.
        raise _unreadable(error) from error


def attached(pdf: bytes, name: str) -> bytes | None:
    """The bytes of the file `name` inside, None if there is none. Raises BadInput (`no-pdf`)."""
    reader = _reader(pdf)
    try:
        for found in reader.root.get("/AF", ()):
            entry = found.get_object()
            if str(entry.get("/UF", entry.get("/F", ""))) == name:
                return _unpacked(entry["/EF"]["/F"])
    except RogatoryError:
        raise
    except Exception as error:
        raise _unreadable(error) from error
    return None


def _reader(pdf: bytes) -> PdfFileReader:
    if len(pdf) > LARGEST:
        raise BadInput(f"The PDF has {len(pdf)} bytes; {LARGEST} are read.", code="no-pdf")
    try:
        return PdfFileReader(io.BytesIO(pdf))
    except Exception as error:
        raise _unreadable(error) from error


def _unreadable(error: Exception) -> BadInput:
    return BadInput(
        f"This cannot be read as a PDF ({type(error).__name__}).",
        next_step="ask for the file again; it may have been cut or changed on its way",
        code="no-pdf",
    )


def _ours(error: Exception) -> bool:
    """Did the token fail, and not the file? Then `letters.keys` says so in its own words."""
    return type(error).__module__.startswith("pkcs11")


def _unpacked(stream: Any) -> bytes:
    """The content of an attached stream. A stream may unpack to a thousand times its size: it is bounded."""
    filters = stream.get("/Filter")
    if filters is None:
        return bytes(stream.encoded_data[:ATTACHED_LARGEST])
    if str(filters) not in ("/FlateDecode", "['/FlateDecode']"):
        raise BadInput("The data inside the PDF are packed in a way we do not read.", code="no-pdf")
    unpacking = zlib.decompressobj()
    content = unpacking.decompress(stream.encoded_data, ATTACHED_LARGEST)
    if unpacking.unconsumed_tail:
        raise BadInput(f"The data inside the PDF have more than {ATTACHED_LARGEST} bytes.", code="no-pdf")
    return content


def _read(pdf: bytes, found: EmbeddedPdfSignature, stampers: Sequence[TrustedStamper]) -> Seal:
    certificate = found.signer_cert
    token = token_in(_unsigned(found))
    roots = [_x509(one) for one in stampers if token and one.validity(token.at).verdict is Verdict.YES]
    last, beyond = _covered(pdf, found)
    status = _run(
        async_validate_pdf_signature(
            found,
            signer_validation_context=_offline([certificate], token),
            ts_validation_context=_offline(roots, token),
            skip_diff=last,
        )
    )
    return Seal(
        field=shown(found.field_name),
        fingerprint=certificate.sha256.hex(),
        subject=shown(certificate.subject.human_friendly),
        digest=str(status.md_algorithm),
        content=bool(status.intact) and announces(found.signed_data, str(status.md_algorithm)),
        signature=bool(status.valid),
        beyond=beyond or ("" if last else _later(status)),
        last=last and not beyond,
        final=found.docmdp_level is MDPPerm.NO_CHANGES,
        claimed=_utc(found.self_reported_timestamp),
        stamp=_stamp(token, status.timestamp_validity, stampers),
    )


def _unsigned(found: EmbeddedPdfSignature) -> Any:
    attributes = found.signer_info["unsigned_attrs"]
    return attributes if attributes.native else ()


def _offline(roots: list[x509.Certificate], token: Token | None) -> ValidationContext:
    """Judges certificates at the time of the stamp, by `roots` only, and asks nobody."""
    return ValidationContext(
        trust_roots=roots,
        moment=token.at if token else None,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )


def _stamp(token: Token | None, status: Any, stampers: Sequence[TrustedStamper]) -> Stamp | None:
    if token is None:
        return None
    if status is None:
        return Stamp(token.at, token.authority, False, "")
    believed = ""
    if status.trusted and status.validation_path is not None:
        anchor = status.validation_path.trust_anchor.certificate.sha256.hex()
        believed = next((one.name for one in stampers if one.fingerprint == anchor), "")
    sound = bool(status.intact and status.valid) and announces(token.signed, str(status.md_algorithm))
    fits = sound and status.md_algorithm in DIGESTS
    return Stamp(token.at, token.authority, fits, believed)


def _covered(pdf: bytes, found: EmbeddedPdfSignature) -> tuple[bool, str]:
    """Does it cover the file to its end, and what before that end is not signed? Strict: nothing but the one
    spelling of the signature's own hole."""
    if len(found.byte_range) != 4:
        return False, "ranges that are not two"
    first, length, second, rest = (int(number) for number in found.byte_range)
    content = found.pkcs7_content
    if first != 0 or second != length + 2 * len(content) + 2 or second + rest > len(pdf):
        return False, "ranges that do not lie around one signature"
    if pdf[length:second] not in (f"<{content.hex()}>".encode(), f"<{content.hex().upper()}>".encode()):
        return False, "a signature in more than one spelling"
    if content[_der_length(content) :].strip(b"\0"):
        return False, "bytes behind its signature"
    return second + rest == len(pdf), ""


def _later(status: PdfSignatureStatus) -> str:
    """What came after this signature, unless it was only one more signature where that is allowed."""
    level = status.modification_level
    if status.docmdp_ok and level is not None and level <= ModificationLevel.FORM_FILLING:
        return ""
    return f"a later change ({level.name.lower() if level else 'unclear'})"


def _der_length(content: bytes) -> int:
    """How many bytes the first DER value in `content` takes."""
    if len(content) < 2:
        return 0
    short = content[1]
    if short < 0x80:
        return 2 + short
    more = short & 0x7F
    return 2 + more + int.from_bytes(content[2 : 2 + more], "big")


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment is not None and moment.tzinfo is not None else None


def _x509(one: TrustedStamper) -> x509.Certificate:
    return x509.Certificate.load(asn1_pem.unarmor(one.pem.encode("ascii"))[2])
