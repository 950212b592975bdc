"""Is a password sound, is it the right one, and whose code is this? Only sums: nothing is kept here."""

from __future__ import annotations

import hashlib
import secrets
import threading
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from records.moments import now
from schemas.errors import BadInput

SHORTEST, LONGEST = 12, 200
STEP_SECONDS = 30
DRIFT_STEPS = 1
"""How far a telephone's clock may be off, in steps of its code."""
RECOVERY_SIGNS = 16

COMMON: tuple[str, ...] = (
    "password",
    "passwort",
    "motdepasse",
    "contraseña",
    "qwerty",
    "azerty",
    "qwertz",
    "letmein",
)
COMMON += ("welcome", "iloveyou", "administrator", "rogatory", "changeme", "dragon", "monkey", "abc123")
"""What a password may not be made of alone, whatever figures and signs surround it."""

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))
"""Compared where there is no account: an answer must not come sooner for a name that is unknown."""
_HANDS = threading.BoundedSemaphore(2)
"""Each comparison takes 64 MB for a moment: never more than these at once."""


def require_sound(account: str, password: str) -> None:
    """Raises BadInput (`password`) unless it is long enough, not the account's name and not a common one."""
    plain = "".join(sign for sign in password.casefold() if sign.isalpha())
    own = "".join(sign for sign in account.partition("@")[0].casefold() if sign.isalpha())
    said: str | None = None
    if not SHORTEST <= len(password) <= LONGEST:
        said = "A password has 12 to 200 characters."
    elif plain and plain in (own, own * 2):
        said = "The password is made of the name of the account."
    elif len(set(password)) < 5 or plain in COMMON or plain in {each * 2 for each in COMMON}:
        said = "This password is one of the first that anybody would try."
    if said is not None:
        raise BadInput(
            said, where="password", next_step="take four or more words that do not belong together"
        )


def same(kept: str | None, password: str) -> bool:
    """Is it the password whose hash is kept? None (nobody there) takes as long as a wrong one."""
    with _HANDS:
        try:
            right: bool = _HASHER.verify(kept or _NOBODY, password[: LONGEST + 1])
        except (VerifyMismatchError, InvalidHashError):
            right = False
    return right and kept is not None


def step_of(secret: str, code: str, at: datetime | None = None) -> int | None:
    """The step of time whose code this is, as far as a clock may be off; None if it is no code of now."""
    told, step = "".join(code.split()), int((at or now()).timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    if len(told) != totp.digits or not told.isascii():
        return None
    near = range(step - DRIFT_STEPS, step + DRIFT_STEPS + 1)
    return next((each for each in near if secrets.compare_digest(totp.generate_otp(each), told)), None)


def slow_hash(password: str) -> str:
    """The hash under which a password is kept."""
    with _HANDS:
        return _HASHER.hash(password)


def recovery_code() -> str:
    """A new one: 80 random bits in groups that can be read out."""
    code = pyotp.random_base32(32)[:RECOVERY_SIGNS].lower()
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def hash_of(code: str) -> str:
    """The hash under which a recovery code is kept, however it is grouped."""
    # 80 random bits: nothing to guess, so a fast hash will do.
    told = "".join(sign for sign in code.lower() if sign.isalnum())
    return hashlib.sha256(told.encode()).hexdigest()
