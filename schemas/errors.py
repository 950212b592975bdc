"""Which errors does the house raise, and what does each tell the reader: what, where, what next?"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class RogatoryError(Exception):
    """Any error we raise on purpose.

    Shapes: `what` one sentence; `where` a file:line, a field path, or a reference; `next_step` what the
    reader can do. `code` is a stable slug for machines; `retry` says whether trying again can help.
    Texts carry codes and references, never names of persons.
    """

    code = "error"
    status = 500
    retry = False

    def __init__(self, what: str, *, where: str = "", next_step: str = "", code: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.next_step = next_step
        if code is not None:
            self.code = code

    def told(self) -> dict[str, object]:
        """The error as plain data, for whoever stands beyond a process or a wire."""
        return {
            "code": self.code,
            "what": self.what,
            "where": self.where,
            "next": self.next_step,
            "status": self.status,
            "allowed": list(getattr(self, "allowed", ())),
        }

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append(f"Where: {self.where}.")
        if self.next_step:
            parts.append(f"Next: {self.next_step}")
        return " ".join(parts)


class BadInput(RogatoryError):
    """Something given to us cannot be read or means nothing. The giver can mend it."""

    code = "bad-input"
    status = 422


def _nearest(word: str, words: list[str]) -> list[str]:
    return get_close_matches(word, words, n=3, cutoff=0.5)


class UnknownWord(BadInput):
    """A word outside a closed list. Names the nearest known words."""

    code = "unknown-word"

    def __init__(self, kind: str, word: str, known: Iterable[str], *, where: str = "") -> None:
        words = sorted(known)
        near = _nearest(word.lower(), words) or _nearest(word, words)
        more = ", ..." if len(words) > 12 else ""
        hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(words[:12])}{more}"
        super().__init__(f"{word!r} is not a known {kind}.", where=where, next_step=hint)
        self.nearest = near


class BadData(RogatoryError):
    """A file of law data breaks a rule. `where` is file:line."""

    code = "bad-data"


class NotAllowed(RogatoryError):
    """The actor may not do this (role, four eyes, need to know)."""

    code = "not-allowed"
    status = 403


class NotFound(RogatoryError):
    """No such thing, or not visible to the actor: the same answer for both."""

    code = "not-found"
    status = 404


class WrongMove(RogatoryError):
    """The lifecycle does not allow this move now. `allowed` lists the moves that are."""

    code = "wrong-move"
    status = 409

    def __init__(
        self, what: str, *, allowed: Iterable[str] = (), where: str = "", code: str | None = None
    ) -> None:
        self.allowed = sorted(allowed)
        now = ", ".join(self.allowed) if self.allowed else "none, the case is closed"
        super().__init__(what, where=where, next_step=f"allowed now: {now}", code=code)


class Conflict(RogatoryError):
    """The same key was used before for something else, or a reference is taken."""

    code = "conflict"
    status = 409


class EnvelopeRefused(RogatoryError):
    """A message from another house failed a policy. `code` names the policy."""

    code = "envelope-refused"
    status = 400


class Unavailable(RogatoryError):
    """A part we need (server, database, counterpart) does not answer now; trying again can help."""

    code = "unavailable"
    status = 503
    retry = True


class Throttled(Unavailable):
    """A counterpart asks us to wait. `after`: so many seconds."""

    code = "throttled"

    def __init__(self, what: str, after: float, *, where: str = "", next_step: str = "") -> None:
        super().__init__(what, where=where, next_step=next_step)
        self.after = after
