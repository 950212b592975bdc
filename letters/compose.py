"""What do we write to another house: the envelope for a move, the receipt for a message?"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from letters.policies import attachments_in
from letters.trust import BY_HAND
from schemas.ids import Digest
from schemas.messages import Envelope, Receipt
from schemas.moves import Happened
from schemas.work import SealWork

LONGEST_REASON = 1000


def envelope(work: SealWork, house: str, state: str) -> Envelope:
    """The envelope for `work`, from our `house` of `state`. The same work gives the same envelope.

    Every document its body names is listed. `by_post` tells how a move reached our records, so it is taken
    back: this message is how the other side learns of it.
    """
    body = work.body
    if isinstance(body, Happened) and body.by_post:
        body = body.model_copy(update={"by_post": False})
    made = Envelope(
        id=work.message,
        sender=house,
        sender_state=state,
        recipient=work.recipient or BY_HAND,
        sender_ref=work.ref,
        # On paper their reference is whatever stands on their letters: it goes into the covering letter.
        recipient_ref=work.recipient_ref if work.recipient else None,
        sent=work.at,
        body=body,
        offer=work.offer,
        about=work.about,
        documents=work.documents,
    )
    return made.model_copy(update={"documents": attachments_in(made)})


def receipt(
    house: str,
    at: datetime,
    *,
    of: Digest,
    message: str,
    event: Literal["delivered", "refused"],
    recipient_ref: str | None = None,
    code: str = "",
    reason: str = "",
    head: str | None = None,
) -> Receipt:
    """Our answer to a message. `of`: digest of the bytes as they came; `reason` is for a person there."""
    return Receipt(
        message=message,
        of=of,
        house=house,
        event=event,
        code=code,
        reason=reason[:LONGEST_REASON],
        recipient_ref=recipient_ref,
        at=at,
        head=head,
    )
