"""What did a provider deliver? By digest, size and custodian only: the content is looked at once and let go.

A delivery may carry a manifest of our profile (`rogatory-manifest-1`: a list of items held by the provider),
or one thing, embedded or under an address. Nothing of it is kept but what the evidence items say; what an
address leads to is never fetched here.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from pydantic import ValidationError

from letters.canonical import canonical
from letters.ts103120.fields import Checksums
from letters.ts103120.objects import Address, Binary, Delivery
from schemas.errors import BadInput
from schemas.ids import digest
from schemas.request import EvidenceItem

MANIFEST = "rogatory-manifest-1"
MOST_ITEMS = 1000
UNREADABLE = "delivery-unreadable"

_FIELDS = frozenset({"description", "kind", "sha256", "size", "custodian", "obtained_at", "abuse_material"})


def items_of(delivery: Delivery, name: str, custodian: str) -> tuple[EvidenceItem, ...]:
    """The items of one delivery; ids begin with `name`. Empty: it only says whether data exist.

    Raises BadInput (`delivery-unreadable`): no digest, a digest that its content does not have, or a manifest
    that cannot be read.
    """
    content = delivery.content
    if content is None:
        raise _unreadable("it holds nothing", "delivery:Delivery")
    if content.binary_data is not None:
        return (_embedded(content.binary_data, name, custodian),)
    if content.address is not None:
        return (_elsewhere(content.address, name, custodian),)
    if content.json_data is not None:
        if _is_manifest(delivery):
            return _listed(content.json_data, name, custodian)
        return (_structured(content.json_data, "JSON", name, custodian),)
    if content.xml_data is not None:
        return (_structured(content.xml_data, "XML", name, custodian),)
    if content.data_existence is None:
        raise _unreadable("it holds nothing that we know", "delivery:Delivery")
    return ()


def _is_manifest(delivery: Delivery) -> bool:
    outside = delivery.manifest.external_schema if delivery.manifest else None
    return outside is not None and outside.manifest_id == MANIFEST


def _listed(value: Any, name: str, custodian: str) -> tuple[EvidenceItem, ...]:
    rows = value.get("items") if isinstance(value, dict) else None
    if not isinstance(rows, list) or not rows:
        raise _unreadable("its manifest lists no items", "delivery:JSONData.items")
    if len(rows) > MOST_ITEMS:
        raise _unreadable(f"its manifest lists more than {MOST_ITEMS} items", "delivery:JSONData.items")
    return tuple(_row(row, number, name, custodian) for number, row in enumerate(rows, start=1))


def _row(row: Any, number: int, name: str, custodian: str) -> EvidenceItem:
    where = f"delivery:JSONData.items.{number - 1}"
    if not isinstance(row, dict):
        raise _unreadable("an item of its manifest is no object", where)
    told = {field: each for field, each in row.items() if field in _FIELDS and each is not None}
    try:
        return EvidenceItem.model_validate({"custodian": custodian, **told, "id": f"{name}-{number}"})
    except ValidationError as error:
        field = error.errors(include_input=False, include_url=False)[0]["loc"]
        raise _unreadable(
            "an item of its manifest is wrong", f"{where}.{'.'.join(map(str, field))}"
        ) from None


def _embedded(binary: Binary, name: str, custodian: str) -> EvidenceItem:
    try:
        content = base64.b64decode(binary.data, validate=True)
    except (binascii.Error, ValueError):
        raise _unreadable("its data are not base64", "delivery:BinaryData.Data") from None
    found = digest(content)
    told = _sha256(binary.checksum, binary.checksum_type, binary.checksums)
    if told is not None and told != found:
        raise _unreadable("its data do not have the checksum it names", "delivery:BinaryData.Checksum")
    return _item(name, "content embedded in the delivery, not kept here", found, len(content), custodian)


def _elsewhere(address: Address, name: str, custodian: str) -> EvidenceItem:
    told = _sha256(address.checksum, address.checksum_type, address.checksums)
    if told is None:
        raise _unreadable("it leads elsewhere and names no SHA-256", "delivery:URL.Checksum")
    return _item(name, "content held at the provider", told, address.content_length, custodian)


def _structured(value: Any, kind: str, name: str, custodian: str) -> EvidenceItem:
    content = canonical({"delivered": value})
    text = f"{kind} embedded in the delivery, not kept here; the digest is that of its canonical spelling"
    return _item(name, text, digest(content), len(content), custodian)


def _item(name: str, text: str, found: str, size: int | None, custodian: str) -> EvidenceItem:
    return EvidenceItem(
        id=f"{name}-1",
        description=text,
        kind="provider-delivery",
        sha256=found,
        size=size,
        custodian=custodian,
    )


def _sha256(checksum: str | None, kind: str | None, more: Checksums | None) -> str | None:
    """The SHA-256 among what was told, as our own digest."""
    told = [
        (kind, checksum),
        *((one.checksum_type, one.checksum) for one in (more.checksum_and_type if more else ())),
    ]
    for function, text in told:
        if text and function and function.replace("-", "").replace("_", "").lower() == "sha256":
            plain = text.strip().lower()
            if len(plain) == 64 and all(sign in "0123456789abcdef" for sign in plain):
                return f"sha256:{plain}"
            raise _unreadable("its SHA-256 is none", "Checksum")
    return None


def _unreadable(found: str, where: str) -> BadInput:
    return BadInput(
        f"The provider's delivery cannot be taken: {found}.",
        where=where,
        next_step="ask the provider to deliver it again, with a SHA-256 for each item",
        code=UNREADABLE,
    )
