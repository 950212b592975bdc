"""How does anything enter workflow history? Encrypted with its case's key; what is not marked is refused."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Sequence
from functools import lru_cache
from typing import Self, TypeVar

from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import (
    ActivitySerializationContext,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)

from records.boxes import pack, unpack
from records.keys import CaseKeys
from schemas.errors import BadData, BadInput

ENCODING = b"binary/rogatory-case-key"
"""Mark of a payload that this codec made; beside it stands `case`, the reference whose key opens it."""


def _case_of(context: SerializationContext) -> str | None:
    if isinstance(context, WorkflowSerializationContext | ActivitySerializationContext):
        return context.workflow_id
    return None


class CaseCodec(PayloadCodec, WithSerializationContext):
    """Encrypts with the key of the case that the serialization context names: workflow id = reference.

    Without a context it opens what it made, and makes nothing.
    """

    def __init__(self, keys: CaseKeys, ref: str | None = None) -> None:
        self._keys = keys
        self.ref = ref

    def with_context(self, context: SerializationContext) -> CaseCodec:
        """The same codec for one case."""
        return self.for_case(_case_of(context))

    def for_case(self, ref: str | None) -> CaseCodec:
        """The same codec for the case `ref`."""
        return CaseCodec(self._keys, ref)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Sealed payloads. Raises NotFound if the case has no key (`keys.create` comes before the first
        message), BadInput without a case."""
        return [self._sealed(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Opened payloads. Raises BadData (unmarked, of another case, altered), NotFound (`erased`)."""
        return [self._opened(payload) for payload in payloads]

    def _sealed(self, payload: Payload) -> Payload:
        if self.ref is None:
            raise BadInput(
                "A payload belongs to no case, so no key is there to encrypt it.",
                next_step="send it through a workflow whose id is the case reference",
            )
        box = self._keys.encrypt(self.ref, pack(payload.SerializeToString()))
        return Payload(metadata={"encoding": ENCODING, "case": self.ref.encode()}, data=box)

    def _opened(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            raise BadData(
                "A payload in the history is not encrypted by this house.",
                where=self.ref or "",
                next_step="find out who wrote it: the house itself never does",
                code="unmarked-payload",
            )
        ref = payload.metadata.get("case", b"").decode()
        if self.ref is not None and ref != self.ref:
            raise BadData(
                f"A payload of case {ref} was found in case {self.ref}.",
                where=self.ref,
                next_step="find out who put it there",
                code="foreign-payload",
            )
        return Payload.FromString(unpack(self._keys.decrypt(ref, payload.data)))


Converter = TypeVar("Converter", bound=DataConverter)


@lru_cache(maxsize=2048)
def _for_case(converter: Converter, ref: str | None) -> Converter:
    made = copy.copy(converter)
    if isinstance(converter.payload_codec, CaseCodec):
        object.__setattr__(made, "payload_codec", converter.payload_codec.for_case(ref))
    return made


@dataclasses.dataclass(frozen=True)
class CaseConverter(DataConverter):
    """A converter whose codec alone heeds the context.

    The engine asks for a context several times for each payload. Making everything anew each time, as the
    general way does, costs more than the encryption.
    """

    def with_context(self, context: SerializationContext) -> Self:
        """The same converter for the case that the context names."""
        codec, ref = self.payload_codec, _case_of(context)
        return self if isinstance(codec, CaseCodec) and codec.ref == ref else _for_case(self, ref)


def data_converter(keys: CaseKeys) -> DataConverter:
    """Pydantic payloads, encrypted; failures too (message and stack trace)."""
    return CaseConverter(
        payload_converter_class=pydantic_data_converter.payload_converter_class,
        payload_codec=CaseCodec(keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
