"""Which cases, actors and keys do the tests of the records use?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.jwk import OKPKey
from sqlalchemy import Connection, Executable

from records.database import Database
from records.held import FOLDER, About, Held
from records.keys import destroy_within
from records.moments import now, text_of
from records.open import Records
from schemas.case import CaseState, Counterpart, DocketRow
from schemas.handoff import Holder
from schemas.ids import digest
from schemas.moves import Actor
from schemas.request import MlaRequest
from schemas.vocabulary import Kind, Measure, Role, Side
from schemas.work import FileWork

HOUSE = "de-office"
START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SECRET = "The account holder is thought to be Erika Mustermann"

ANNA = Actor(id="anna", house=HOUSE, roles=(Role.OFFICER,))
BEN = Actor(id="ben", house=HOUSE, roles=(Role.OFFICER, Role.APPROVER))


def moment(hours: int) -> datetime:
    """So many hours after the tests' cases begin."""
    return START + timedelta(hours=hours)


def state_of(ref: str, move: int = 1, **values: Any) -> CaseState:
    """A case that asks the United States for subscriber data."""
    holder = Holder(house=HOUSE, function="central-authority")
    request = MlaRequest(
        requesting="DE", requested="US", measures=(Measure.SUBSCRIBER_DATA,), contents={"facts": SECRET}
    )
    given: dict[str, Any] = {
        "ref": ref,
        "house": HOUSE,
        "state": "DE",
        "kind": Kind.MLA,
        "side": Side.OUTGOING,
        "status": "draft",
        "move": move,
        "opened": START,
        "updated": moment(move),
        "filed_by": "anna",
        "last_author": "anna",
        "counterpart": Counterpart(state="US", house="us-office"),
        "holder": holder,
        "held_since": START,
        "request": request,
    }
    return CaseState(**(given | values))


def row_of(state: CaseState, **values: Any) -> DocketRow:
    """The docket row of that case."""
    given: dict[str, Any] = {
        "ref": state.ref,
        "house": state.house,
        "kind": state.kind,
        "side": state.side,
        "status": state.status,
        "counterpart_state": state.counterpart.state,
        "counterpart_house": state.counterpart.house,
        "their_ref": state.counterpart.ref,
        "holder_house": state.holder.house,
        "holder_function": state.holder.function,
        "holder_actor": state.holder.actor,
        "held_since": state.held_since,
        "move": state.move,
        "opened": state.opened,
        "updated": state.updated,
        "legal_hold": state.legal_hold,
        "filed_by": state.filed_by,
    }
    return DocketRow(**(given | values))


def work_of(state: CaseState, *, row: DocketRow | None = None, **values: Any) -> FileWork:
    """The filing of the move that led to that state."""
    given: dict[str, Any] = {
        "ref": state.ref,
        "move": state.move,
        "at": state.updated,
        "actor": ANNA,
        "event": "file" if state.move == 1 else "amend",
        "key": f"key-{state.move}",
        "detail": json.dumps({"event": "amend", "text": SECRET}),
        "state": state,
        "row": row or row_of(state),
    }
    return FileWork(**(given | values))


def filed(records: Records, moves: int = 1, ref: str | None = None, **values: Any) -> str:
    """A case with so many moves filed; its reference. `values`: of the last state."""
    ref = ref or records.references.next(Kind.MLA, date(2026, 11, 2))
    records.keys.create(ref)
    for move in range(1, moves + 1):
        last = values if move == moves else {}
        records.file(work_of(state_of(ref, move, **last)))
    return ref


def closed(records: Records, at: datetime = START, **values: Any) -> str:
    """A case that was closed at that moment; its reference."""
    return filed(records, 2, status="closed", updated=at, **values)


def run(database: Database, statement: Executable, values: dict[str, Any] | None = None) -> None:
    """Run one writing statement, past the rooms that guard it."""

    def work(connection: Connection) -> None:
        connection.execute(statement, values)

    database.write(work)


def key_destroyed(records: Records, ref: str) -> None:
    """The key of the case is gone, as after an erasure; all else is as it was."""
    records.database.write(lambda connection: destroy_within(connection, ref, text_of(now())))
    records.keys.forget(ref)


class Signer:
    """A signing key of the house, and its public half by `kid`."""

    def __init__(self, kid: str = "key-1") -> None:
        self._key = OKPKey.generate_key("Ed25519", parameters={"kid": kid})
        self._kid = kid
        public: dict[str, Any] = dict(self._key.as_dict(private=False))
        self.keys = {kid: public}

    @property
    def sign(self) -> Callable[[bytes], str]:
        """Signs bytes into a compact JWS."""
        header = {"alg": "Ed25519", "kid": self._kid}
        return lambda payload: jws.serialize_compact(header, payload, self._key, algorithms=["Ed25519"])


def payload_of(compact: str) -> dict[str, Any]:
    """What a JWS says, without checking its signature."""
    content: dict[str, Any] = json.loads(jws.extract_compact(compact.encode()).payload)
    return content


def hold(records: Records, ref: str, item: str, *, whole: bool = True) -> Path:
    """Puts sealed pieces of an item of evidence into the house; its folder."""
    content = item.encode() * 1000
    sha256 = digest(content)
    home = records.settings.home / FOLDER
    before = set(home.glob("*/*"))
    held = Held(home, records.keys).item(ref, item, sha256)
    about = About(
        item=item, sha256=sha256, md5="", sha1="", size=len(content), chunk=100, key="00", origin="us"
    )
    held.write_about(about)
    pieces = [content[start : start + 116] for start in range(0, 1160, 116)]
    held.append(pieces, [hashlib.sha256(piece).digest() for piece in pieces])
    if whole:
        held.write_about(about.model_copy(update={"whole": True}))
    [folder] = set(home.glob("*/*")) - before
    return folder
