"""What do all moves of a kind share: what happened on the other side, or was noted by us?"""

from __future__ import annotations

from datetime import datetime

from schemas.request import Body


class Happened(Body):
    """Base of moves that tell what happened: `happened_on` when it came by post (not in the future)."""

    happened_at: datetime | None = None
    by_post: bool = False
