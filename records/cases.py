"""How long is a case kept, may it be erased, and how is it erased for good?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import rfc8785
from sqlalchemy import Connection, Row, insert, select, update

from records.certificates import Erased, keep_erased
from records.database import Database
from records.heads import Sign
from records.held import drop_case, items_of
from records.keys import CaseKeys, destroy_within, unknown
from records.ledger import Draft, Ledger, append, tip
from records.moments import moment_of, moment_or_none, text_of
from records.projection import drop_row
from records.references import HOUSE
from records.tables import CASES, ERASURES
from schemas.errors import Conflict, NotAllowed, NotFound
from schemas.ids import digest
from schemas.moves import Actor

CERTIFICATE = "rogatory/erasure/1"

_REMAINS = (
    "ledger entries, with their content as ciphertext",
    "documents, as ciphertext",
    "backups made before, and the log of a database server: they hold the wrapped key until they are gone",
)

_KEPT = (
    select(CASES, ERASURES.c.requested_by, ERASURES.c.requested, ERASURES.c.reason, ERASURES.c.certificate)
    .join(ERASURES, ERASURES.c.ref == CASES.c.ref, isouter=True)
    .where(CASES.c.opened.is_not(None))
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept about keeping a case. `due`: first day on which its retention class lets it be erased;
    None while it is open, or if the house has no such class."""

    ref: str
    retention: str
    opened: datetime
    closed: datetime | None
    hold: bool
    due: date | None
    erasure_requested_by: str | None
    erased: datetime | None


def _require_erasable(kept: Kept) -> None:
    if kept.hold:
        raise Conflict(
            f"The case {kept.ref} is under legal hold.",
            where=kept.ref,
            next_step="lift the hold first",
            code="legal-hold",
        )
    if kept.closed is None:
        raise Conflict(
            f"The case {kept.ref} is open.", where=kept.ref, next_step="close it first", code="case-open"
        )


class Cases:
    """Retention, legal hold and erasure. `folder`: where the list of erased cases is, beside the keys;
    `items`: where sealed items of evidence lie."""

    def __init__(
        self,
        database: Database,
        keys: CaseKeys,
        ledger: Ledger,
        *,
        house: str,
        retention_days: Mapping[str, int],
        folder: Path,
        items: Path,
    ) -> None:
        self._database = database
        self._keys = keys
        self._ledger = ledger
        self._house = house
        self._days = dict(retention_days)
        self._folder = folder
        self._items = items

    def kept(self, ref: str) -> Kept:
        """Raises NotFound for a case that was never filed; an erased one answers."""
        with self._database.read() as connection:
            return self._kept(self._row(connection, ref))

    def due_for_erasure(self, on: date) -> list[Kept]:
        """Closed cases past their retention on that day, not held, not erased; longest overdue first."""
        candidates = _KEPT.where(
            CASES.c.closed.is_not(None),
            CASES.c.erased.is_(None),
            CASES.c.held.is_(False),
        )
        with self._database.read() as connection:
            found = [self._kept(row) for row in connection.execute(candidates)]
        past = [(kept.due, kept.ref, kept) for kept in found if kept.due is not None and kept.due <= on]
        return [kept for _, _, kept in sorted(past, key=lambda one: one[:2])]

    def request_erasure(self, ref: str, actor: Actor, reason: str, at: datetime) -> None:
        """First person. `reason` names nobody: it stands on the certificate; empty if retention has passed.

        Raises NotFound; Conflict: `case-open`, `legal-hold`, `retention` (not yet, and no reason given),
        `erased`, `requested` (someone else asked before: confirm that).
        """
        detail = {"reason": reason}
        draft = self._ledger.draft(ref, actor, "erasure-requested", detail, at)

        def work(connection: Connection) -> None:
            row = self._row(connection, ref)
            self._require_request(row, reason.strip(), at)
            if row.requested_by == actor.id:
                return
            if row.requested_by is not None:
                raise Conflict(
                    f"{row.requested_by} asked for this before.",
                    where=ref,
                    next_step="confirm it",
                    code="requested",
                )
            asked = {"ref": ref, "requested_by": actor.id, "requested": text_of(at), "reason": reason.strip()}
            connection.execute(insert(ERASURES), asked)
            append(connection, draft, tip(connection, ref), move=False)

        self._database.write(work)

    def confirm_erasure(self, ref: str, actor: Actor, sign: Sign, at: datetime) -> str:
        """Second person: the case key is destroyed, and then the items of evidence. The certificate (compact
        JWS), which is kept.

        Again, once erased: the same certificate. Raises NotFound; NotAllowed (the person who asked);
        Conflict: `not-requested`, or held or open meanwhile.
        """

        items = items_of(self._items, ref)

        def work(connection: Connection) -> str:
            row = self._row(connection, ref)
            if row.certificate is not None:
                return str(row.certificate)
            self._require_confirmation(row, actor)
            certificate = self._certificate(connection, row, actor, sign, at, items)
            note = self._erased_note(ref, actor, certificate, at, items)
            append(connection, note, tip(connection, ref), move=False)
            self.erase_within(connection, ref, text_of(at))
            confirmed = {"confirmed_by": actor.id, "confirmed": text_of(at), "certificate": certificate}
            connection.execute(update(ERASURES).where(ERASURES.c.ref == ref), confirmed)
            return certificate

        certificate = self._database.write(work)
        self._keys.forget(ref)
        self.finish_erasures()
        self._database.scrub()
        return certificate

    def certificate(self, ref: str) -> str:
        """The certificate of an erased case. Raises NotFound."""
        with self._database.read() as connection:
            kept: str | None = self._row(connection, ref).certificate
        if kept is None:
            raise NotFound(
                f"The case {ref} was not erased.", where=ref, next_step="ask for its erasure first"
            )
        return kept

    def finish_erasures(self) -> None:
        """Bring the list beside the keys up to date, so that restoring an old backup brings no case back, and
        destroy what lies in the open of the erased cases: their items of evidence."""
        erased = select(ERASURES).where(ERASURES.c.certificate.is_not(None)).order_by(ERASURES.c.confirmed)
        with self._database.read() as connection:
            cases = [Erased(row.ref, row.confirmed, row.certificate) for row in connection.execute(erased)]
        keep_erased(self._folder, cases)
        for case in cases:
            drop_case(self._items, case.ref)

    @staticmethod
    def erase_within(connection: Connection, ref: str, at: str) -> None:
        """Destroy the key and take the case off the lists, in a write transaction that is open."""
        destroy_within(connection, ref, at)
        drop_row(connection, ref)
        connection.execute(update(CASES).where(CASES.c.ref == ref).values(erased=at))

    def _row(self, connection: Connection, ref: str) -> Row[Any]:
        row = connection.execute(_KEPT.where(CASES.c.ref == ref)).first()
        if row is None:
            raise unknown(ref)
        return row

    def _kept(self, row: Row[Any]) -> Kept:
        closed = moment_or_none(row.closed)
        days = self._days.get(row.retention)
        known = closed is not None and days is not None
        return Kept(
            ref=row.ref,
            retention=row.retention,
            opened=moment_of(row.opened),
            closed=closed,
            hold=row.held,
            due=closed.astimezone(UTC).date() + timedelta(days=days or 0) if closed and known else None,
            erasure_requested_by=row.requested_by,
            erased=moment_or_none(row.erased),
        )

    def _require_request(self, row: Row[Any], reason: str, at: datetime) -> None:
        kept = self._kept(row)
        if kept.erased is not None:
            raise Conflict(
                f"The case {kept.ref} is erased.",
                where=kept.ref,
                next_step="see its certificate",
                code="erased",
            )
        _require_erasable(kept)
        passed = kept.due is not None and kept.due <= at.astimezone(UTC).date()
        if not passed and not reason:
            raise Conflict(
                f"The case {kept.ref} is to be kept until {kept.due or 'somebody decides'}.",
                where=kept.ref,
                next_step="wait, or give the reason why it must go before",
                code="retention",
            )

    def _require_confirmation(self, row: Row[Any], actor: Actor) -> None:
        if row.requested_by is None:
            raise Conflict(
                f"Nobody asked to erase {row.ref}.",
                where=row.ref,
                next_step="ask first; another person confirms",
                code="not-requested",
            )
        if row.requested_by == actor.id:
            raise NotAllowed(
                "Erasure needs two persons.",
                where=row.ref,
                next_step="another person confirms",
                code="four-eyes",
            )
        _require_erasable(self._kept(row))

    def _certificate(
        self, connection: Connection, row: Row[Any], actor: Actor, sign: Sign, at: datetime, items: int
    ) -> str:
        where = tip(connection, row.ref)
        due = self._kept(row).due
        content = {
            "type": CERTIFICATE,
            "house": self._house,
            "ref": row.ref,
            "opened": row.opened,
            "closed": row.closed,
            "retention": row.retention,
            "keep_until": due.isoformat() if due else None,
            "requested_by": row.requested_by,
            "requested": row.requested,
            "reason": row.reason,
            "confirmed_by": actor.id,
            "confirmed": text_of(at),
            "entries": where.moves + where.notes,
            "last_entry": where.hash,
            "items_destroyed": items,
            "remains": list(_REMAINS),
        }
        return sign(rfc8785.dumps(content))

    def _erased_note(self, ref: str, actor: Actor, certificate: str, at: datetime, items: int) -> Draft:
        # Under the house's key: this one entry must stay readable.
        detail = {"certificate": digest(certificate.encode()), "items_destroyed": items}
        return self._ledger.draft(ref, actor, "erased", detail, at, under=HOUSE)
