"""How does the house seal a letter of a case, and where does the sealed one lie? In the vault, with the case.

A sealed letter is a document of the case like any other: encrypted, in the backup, erased with the key of the
case, shown in the list of documents, and each look at it noted. Who sealed it stands in the ledger.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from desk import guarded
from desk.letters import Letter, Wanted
from desk.papers import SEALED
from desk.problems import SeveralFaults
from desk.sealing import ANNEX, sealed_letter
from letters.drafting import REQUEST
from letters.form import form_of
from letters.sheet import Draft
from records.open import Records
from schemas.case import CaseState
from schemas.errors import BadInput, Conflict, NotAllowed
from schemas.ids import digest
from schemas.moves import Actor
from schemas.request import Attachment
from schemas.vocabulary import Role, Side
from treaties.registry import Registry

PDF = "application/pdf"
UNAPPROVED = "draft"
"""The status of a request that nobody has approved yet."""


class LetterIncomplete(SeveralFaults):
    """A letter lacks what is asked for; `faults` names each field and its article."""

    code = "letter-incomplete"


def sealed_of(records: Records, ref: str) -> list[dict[str, Any]]:
    """The letters of the case that the house sealed, newest first: when, by whom, and what was noted."""
    entries = [
        each for each in records.ledger.entries(ref) if each.event == SEALED and each.detail is not None
    ]
    return [
        {"at": each.at, "by": each.actor, **json.loads(each.detail or "{}")} for each in reversed(entries)
    ]


def seal_letter(
    records: Records,
    registry: Registry,
    actor: Actor,
    ref: str,
    wanted: Wanted,
    despite: str | None,
    key: str,
) -> tuple[Attachment, bool]:
    """The letter as a sealed PDF, kept with the case, and whether the same key had it sealed before.

    `despite`: why it is sealed although something is missing, which only an approver may say. Raises Conflict
    (`not-approved`: a request before its approval), LetterIncomplete, NotAllowed, BadInput for the annex, and
    what `Letter`, `made` and `sealed_letter` raise. What is refused leaves nothing behind.
    """
    name = f"{actor.id}:{key}"
    # The protected names are part of no digest: nothing of them is kept.
    asked = [SEALED, ref, wanted.form, wanted.language, wanted.worksheet, wanted.about, despite]
    what = digest(json.dumps(asked).encode())
    before = records.attempts.begin(name, actor.id, f"{SEALED} {ref}", what)
    if before is not None:
        return Attachment.model_validate_json(before), True
    state = records.states.latest(ref)
    _require_approved(state, wanted.form)
    letter = Letter(records, registry, state, wanted)
    lacking = _require_whole(actor, letter.draft, despite)
    # what a request encloses goes with its letter, also by post
    enclosed = guarded.enclosed_in(state) if REQUEST in form_of(wanted.form).events else []
    names = (*wanted.protected, *guarded.names_of(records, ref))
    unread = guarded.require_inside(records, ref, enclosed, names)
    content = sealed_letter(records.settings, letter.made("pdf"), (despite or "") if lacking else "")
    item = Attachment(
        name=f"{wanted.form}-{wanted.language}.pdf",
        media_type=PDF,
        size=len(content),
        digest=records.vault.put(ref, content),
    )
    detail = {
        "document": item.model_dump(mode="json"),
        "form": wanted.form,
        "language": wanted.language,
        "lacking": lacking,
        "despite": despite if lacking else None,
    }
    records.ledger.note(ref, actor, SEALED, detail, datetime.now(UTC))
    guarded.tell_unread(records, ref, actor, SEALED, unread)
    records.attempts.finish(name, item.model_dump_json())
    return item, False


def _require_approved(state: CaseState, form: str) -> None:
    """A seal says that the house stands behind it: no request gets one before the office does."""
    if form == ANNEX:
        raise BadInput(
            "Identities leave by a release only.",
            where="form",
            next_step="an approver releases them: `rogatory annex`",
            code="annex-by-release",
        )
    asks = REQUEST in form_of(form).events and state.side is Side.OUTGOING
    if asks and state.status == UNAPPROVED:
        raise Conflict(
            "The request is not approved yet.",
            where="status",
            next_step="have it approved first; until then the letter is a draft",
            code="not-approved",
        )


def _require_whole(actor: Actor, draft: Draft, despite: str | None) -> list[str]:
    """The fields that are missed, if there is a reason to seal it all the same."""
    lacking = [each for each in draft.missing if each.required]
    if lacking and not despite:
        faults = [
            {
                "where": each.field,
                "what": f"{each.label or each.field} [{each.article}]"
                if each.article
                else each.label or each.field,
                "next": "",
            }
            for each in lacking
        ]
        raise LetterIncomplete(
            f"The letter lacks {len(lacking)} of what is asked for.",
            faults,
            next_step="put it into the request, or have an approver seal it with a reason",
        )
    if lacking and Role.APPROVER not in actor.roles:
        raise NotAllowed(
            "Only an approver seals a letter that lacks something.",
            where="despite",
            next_step="ask an approver",
        )
    return [each.field for each in lacking]
