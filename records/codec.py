"""How does anything enter workflow history? Encrypted with the key of its case; what is not marked is refused."""

from __future__ import annotations

from collections.abc import Sequence

from temporalio.api.common.v1 import Payload
from temporalio.converter import DataConverter, PayloadCodec

from records.keys import CaseKeys


class CaseCodec(PayloadCodec):
    """Encrypts each payload with the key of the case named by the serialization context (workflow id = reference)."""

    def __init__(self, keys: CaseKeys) -> None:
        raise NotImplementedError

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        raise NotImplementedError

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        raise NotImplementedError


def data_converter(keys: CaseKeys) -> DataConverter:
    """Pydantic payloads, encrypted; failures too (message and stack trace)."""
    raise NotImplementedError
