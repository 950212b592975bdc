"""Does the webhook get what a person would be told, signed, and again only where that helps?"""

from __future__ import annotations

import base64
import json

import pytest
from joserfc import jws as jose
from temporalio.exceptions import ApplicationError

from letters.compact import REGISTRY
from letters.seal import load_key
from letters.webhook import SIGNATURE
from records.open import Records
from schemas.work import NotifyDone
from tests.flow.notices.servers import REF, Hook, notify, reminder


def test_the_webhook_gets_signed_canonical_json(records: Records, hook: Hook) -> None:
    settings = records.settings.model_copy(update={"webhook_url": hook.url})
    work = reminder(to=("central-authority",))
    assert notify(records, settings, work) == NotifyDone(sent=1, unreached=("anna",))
    ((headers, body),) = hook.taken
    assert json.loads(body) == {
        "type": "rogatory/notice/1",
        "id": f"{REF}/7",
        "house": "de",
        "ref": REF,
        "code": "due-soon",
        "clock": "decide",
        "due": "2026-11-24T23:00:00Z",
        "to": ["central-authority"],
        "loud": False,
    }
    assert headers["Idempotency-Key"] == f"{REF}/7"
    header, _, signature = headers[SIGNATURE].split(".")
    key = load_key(records.settings.keys / "signing.json")

    def signed(content: bytes) -> str:
        return f"{header}.{base64.urlsafe_b64encode(content).rstrip(b'=').decode()}.{signature}"

    assert jose.deserialize_compact(signed(body), key.jwk, registry=REGISTRY).payload == body
    with pytest.raises(Exception, match="bad_signature"):
        jose.deserialize_compact(signed(body.replace(b"decide", b"wait")), key.jwk, registry=REGISTRY)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_webhook_that_is_busy_is_tried_again(records: Records, hook: Hook, status: int) -> None:
    settings = records.settings.model_copy(update={"webhook_url": hook.url})
    hook.status = status
    with pytest.raises(ApplicationError) as busy:
        notify(records, settings, reminder(to=("court",), actors=()))
    assert not busy.value.non_retryable
    assert hook.url not in str(busy.value.details)
    hook.status = 200
    assert notify(records, settings, reminder(to=("court",), actors=())) == NotifyDone(sent=1)
    assert len({headers["Idempotency-Key"] for headers, _ in hook.taken}) == 1


@pytest.mark.parametrize("status", [302, 401, 410])
def test_a_webhook_that_refuses_is_not_tried_again(records: Records, hook: Hook, status: int) -> None:
    settings = records.settings.model_copy(update={"webhook_url": hook.url})
    hook.status = status
    done = notify(records, settings, reminder(to=("court",), actors=()))
    assert (
        done
        == NotifyDone(unreached=("court",))
        == notify(records, settings, reminder(to=("court",), actors=()))
    )
    assert len(hook.taken) == 1
