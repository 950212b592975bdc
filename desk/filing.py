"""May this house file this request, and on which side?"""

from __future__ import annotations

from schemas.errors import BadInput
from schemas.moves import Arrive, FileRequest


def check_side(body: FileRequest | Arrive, ours: str) -> None:
    """A house files its own State's requests, and records by hand those to its State that came by post.

    Raises BadInput, naming the field, for anything else.
    """
    request = body.request
    if isinstance(body, FileRequest) and request.requesting != ours:
        raise BadInput(
            f"This house files for {ours}, the request is {request.requesting}'s.",
            where="request.requesting",
            next_step=f"set it to {ours}; a request that came by post goes to POST /cases/arrivals",
        )
    if isinstance(body, Arrive) and (request.requested != ours or not body.by_post):
        raise BadInput(
            f"Only a request to {ours} that came by post is recorded by hand.",
            where="request.requested",
            next_step=f"set requested to {ours} and by_post to true",
        )
