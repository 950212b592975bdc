"""Is everything that enters workflow history encrypted, with the key of its own case?"""

from __future__ import annotations

import json

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.converter import (
    ActivitySerializationContext,
    DataConverter,
    DefaultPayloadConverter,
    WorkflowSerializationContext,
)
from temporalio.exceptions import ApplicationError

from records.boxes import WORTH_COMPRESSING, pack, unpack
from records.codec import ENCODING, CaseCodec, data_converter
from records.open import Records
from schemas.case import CaseInput, CaseState
from schemas.errors import BadData, BadInput, NotFound
from schemas.vocabulary import Kind, Side
from tests.records.papers import SECRET, closed, key_destroyed, state_of


def converter(records: Records, ref: str) -> DataConverter:
    """The converter that the engine uses for that case."""
    return data_converter(records.keys).with_context(WorkflowSerializationContext("default", ref))


@pytest.fixture
def ref(records: Records) -> str:
    """A case with a key."""
    records.keys.create("DE-1")
    records.keys.create("DE-2")
    return "DE-1"


async def test_what_goes_in_comes_out_and_is_unreadable_between(records: Records, ref: str) -> None:
    given = CaseInput(
        ref=ref, house="de", home_state="DE", side=Side.OUTGOING, kind=Kind.MLA, state=state_of(ref)
    )
    (payload,) = await converter(records, ref).encode([given])
    assert payload.metadata["encoding"] == ENCODING
    raw = payload.SerializeToString()
    assert all(secret not in raw for secret in (b"Mustermann", b"json", b"subscriber-data"))
    (back,) = await converter(records, ref).decode([payload], [CaseInput])
    assert back == given


async def test_an_activity_of_the_case_uses_the_same_key(records: Records, ref: str) -> None:
    context = ActivitySerializationContext(
        namespace="default",
        activity_id="1",
        activity_type="filing.file",
        activity_task_queue="cases",
        workflow_id=ref,
        workflow_type="MutualAssistance",
        is_local=True,
    )
    (payload,) = await data_converter(records.keys).with_context(context).encode([state_of(ref)])
    (back,) = await converter(records, ref).decode([payload], [CaseState])
    assert back == state_of(ref)


async def test_nothing_at_all_is_encrypted_too(records: Records, ref: str) -> None:
    (payload,) = await converter(records, ref).encode([None])
    assert payload.metadata["encoding"] == ENCODING
    assert await converter(records, ref).decode([payload]) == [None]


async def test_large_payloads_are_compressed_before(records: Records, ref: str) -> None:
    (payload,) = await converter(records, ref).encode(["a" * 100_000])
    assert len(payload.data) < 2_000
    assert await converter(records, ref).decode([payload], [str]) == ["a" * 100_000]


async def test_failures_tell_nothing(records: Records, ref: str) -> None:
    failure = Failure()
    error = ApplicationError(SECRET, {"code": "x", "what": SECRET}, type="wrong-move")
    try:
        raise error
    except ApplicationError as raised:
        await converter(records, ref).encode_failure(raised, failure)
    assert b"Mustermann" not in failure.SerializeToString()
    assert b"test_codec" not in failure.SerializeToString()
    back = await converter(records, ref).decode_failure(failure)
    assert isinstance(back, ApplicationError)
    assert (back.message, back.type, back.details[0]["what"]) == (SECRET, "wrong-move", SECRET)


async def test_unmarked_payloads_are_refused(records: Records, ref: str) -> None:
    plain = DefaultPayloadConverter().to_payloads([{"note": "smuggled in"}])
    with pytest.raises(BadData) as refused:
        await converter(records, ref).decode(plain)
    assert refused.value.code == "unmarked-payload"
    marked = Payload(metadata={"encoding": ENCODING, "case": ref.encode()}, data=plain[0].data)
    with pytest.raises(BadData):
        await converter(records, ref).decode([marked])


async def test_a_payload_of_another_case_is_refused(records: Records, ref: str) -> None:
    (payload,) = await converter(records, "DE-2").encode(["theirs"])
    with pytest.raises(BadData) as refused:
        await converter(records, ref).decode([payload])
    assert refused.value.code == "foreign-payload"
    payload.metadata["case"] = ref.encode()
    with pytest.raises(BadData):
        await converter(records, ref).decode([payload])


async def test_without_a_case_nothing_is_made_and_the_own_is_opened(records: Records, ref: str) -> None:
    codec = CaseCodec(records.keys)
    with pytest.raises(BadInput):
        await codec.encode([Payload(data=b"x")])
    (payload,) = await converter(records, ref).encode(["ours"])
    (back,) = await codec.decode([payload])
    assert json.loads(back.data) == "ours"


async def test_a_case_without_a_key_sends_nothing(records: Records) -> None:
    with pytest.raises(NotFound):
        await converter(records, "DE-9").encode(["x"])


async def test_the_history_of_an_erased_case_is_shut(records: Records) -> None:
    ref = closed(records)
    (payload,) = await converter(records, ref).encode(["x"])
    key_destroyed(records, ref)
    with pytest.raises(NotFound) as refused:
        await converter(records, ref).decode([payload])
    assert refused.value.code == "erased"


@pytest.mark.parametrize("size", [0, 1, WORTH_COMPRESSING - 1, WORTH_COMPRESSING, 50_000])
def test_packing_is_undone(size: int) -> None:
    assert unpack(pack(b"a" * size)) == b"a" * size
    assert len(pack(b"a" * size)) <= WORTH_COMPRESSING


def test_an_unknown_packing_is_told() -> None:
    with pytest.raises(BadData):
        unpack(b"\x07x")
