"""How does a key on a token sign (PKCS#11), and how is the token found?

The setting `signing` is a PKCS#11 address (RFC 7512). A process logs in once and stays so: a login counts for
all its sessions, and whoever logs out logs out all of them. Each use has a session of its own, one after the
other: the library between us and the token does not bear two at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from schemas.errors import BadInput, NotFound, Unavailable

SCHEME = "pkcs11:"
TRIES = 2
"""Whoever was logged out, or whose token was taken out and put back, logs in anew for the second."""
POINT = 32
"""Bytes of a public key on the curve of our messages; the token wraps them in DER."""

_logged_in: dict[tuple[str, str], tuple[str, Any]] = {}
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key of ours for messages that never leaves its token. `label`: its name there."""

    signing: str
    pin_file: Path | None
    label: str

    def sign(self, content: bytes) -> bytes:
        """The signature (Ed25519, 64 bytes). Raises Unavailable (`token`), NotFound without such a key."""
        import pkcs11

        def made(key: Any) -> bytes:
            return bytes(key.sign(content, mechanism=pkcs11.Mechanism.EDDSA))

        return self._used("PRIVATE_KEY", made)

    def public(self) -> bytes:
        """The public key, 32 bytes. Raises as `sign`."""
        import pkcs11

        return self._used("PUBLIC_KEY", lambda key: bytes(key[pkcs11.Attribute.EC_POINT])[-POINT:])

    def _used(self, kind: str, use: Callable[[Any], bytes]) -> bytes:
        problem = Unavailable("The token was not asked.")
        for _ in range(TRIES):
            try:
                with token_session(self.signing, self.pin_file) as (session, _):
                    return use(self._found(session, kind))
            except Unavailable as error:
                problem = error
        from pkcs11.exceptions import MultipleObjectsReturned, NoSuchKey

        if isinstance(problem.__cause__, NoSuchKey | MultipleObjectsReturned):
            raise NotFound(
                f"The token holds no key {self.label!r} for messages, or more than one.",
                where="signing.json",
                next_step="make one Ed25519 key of that name with the tools of the token",
            ) from problem
        raise problem

    def _found(self, session: Any, kind: str) -> Any:
        import pkcs11

        return session.get_key(
            object_class=pkcs11.ObjectClass[kind], label=self.label, key_type=pkcs11.KeyType.EC_EDWARDS
        )


def address(signing: str) -> dict[str, str]:
    """The parts of a PKCS#11 address (RFC 7512). Raises BadInput without module and token."""
    if not signing.startswith(SCHEME):
        raise BadInput(
            "The setting `signing` is no PKCS#11 address.",
            where="signing",
            next_step="leave it out for keys in files, or write pkcs11:token=...;object=...?module-path=...",
        )
    path, _, query = signing.removeprefix(SCHEME).partition("?")
    parts = [part.partition("=") for part in [*path.split(";"), *query.split("&")] if part]
    told = {name: unquote(value) for name, _, value in parts}
    for wanted in ("module-path", "token"):
        if not told.get(wanted):
            raise BadInput(f"The PKCS#11 address does not name its {wanted}.", where="signing")
    if not (told.get("object") or told.get("id")):
        raise BadInput("The PKCS#11 address names no key (object or id).", where="signing")
    if "pin-value" in told:
        raise BadInput(
            "A PIN does not belong into a setting.",
            where="signing",
            next_step="put it into a file of its own and name that: signing_pin_file",
        )
    return told


@contextmanager
def token_session(signing: str, pin_file: Path | None) -> Iterator[tuple[Any, dict[str, str]]]:
    """A session with the token, logged in, and the parts of its address. Raises BadInput, Unavailable."""
    told = address(signing)
    try:
        from pkcs11.exceptions import PKCS11Error
    except ImportError as error:
        raise BadInput(
            "Keys on a token need the package python-pkcs11.",
            where="signing",
            next_step="install Rogatory with its extra `pkcs11`",
        ) from error
    pin = _pin(pin_file)
    with _one_at_a_time:
        session = _opened(told, pin)
        try:
            yield session, told
        except PKCS11Error as error:
            _forget(told)
            raise Unavailable(
                f"The token did not sign ({type(error).__name__}).",
                where=told["token"],
                next_step="see that the key that is named is on it, and may sign",
                code="token",
            ) from error
        finally:
            _close(session)


def _opened(told: dict[str, str], pin: str) -> Any:
    import pkcs11
    from pkcs11.exceptions import PKCS11Error

    try:
        token = pkcs11.lib(told["module-path"]).get_token(token_label=told["token"])
        _log_in(token, told, pin)
        return token.open()
    except (PKCS11Error, RuntimeError) as error:
        _forget(told)
        raise Unavailable(
            f"The token with the key does not open ({type(error).__name__}).",
            where=told["module-path"],
            next_step="see that it is there and that module, token and PIN are right",
            code="token",
        ) from error


def _log_in(token: Any, told: dict[str, str], pin: str) -> None:
    place = (told["module-path"], told["token"])
    if not pin or _logged_in.get(place, ("",))[0] == pin:
        return
    _forget(told)
    _logged_in[place] = (pin, token.open(user_pin=pin))


def _forget(told: dict[str, str]) -> None:
    known = _logged_in.pop((told["module-path"], told["token"]), None)
    if known is not None:
        _close(known[1])


def _close(session: Any) -> None:
    from pkcs11.exceptions import PKCS11Error

    with suppress(PKCS11Error):
        session.close()


def _pin(file: Path | None) -> str:
    if file is None:
        return ""
    if file.stat().st_mode & 0o077:
        raise BadInput(
            "Others than its owner may read the PIN.", where=str(file), next_step=f"chmod 600 {file}"
        )
    return file.read_text("utf-8").strip()
