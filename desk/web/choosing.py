"""How does a person choose a password with a code app, or a passkey? The same wherever it is offered."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pyotp
import segno
from fastapi import Request
from markupsafe import Markup

from desk import passkeys
from desk.web import look
from desk.web.forms import Typed
from desk.web.frame import Visitor
from desk.web.words import N_
from records.open import Records
from records.passwords import require_sound, step_of
from schemas.errors import BadInput, Conflict
from schemas.vocabulary import Role

NEEDED = {
    "password": N_("Write the password you want."),
    "again": N_("Write the same password again."),
    "code": N_("Write the code that your app shows."),
}


def picture_of(visitor: Visitor, account: str, secret: str) -> Markup:
    """The secret as a square that a code app reads; its text stands beside it."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=visitor.house.office.settings.name)
    drawn = segno.make_qr(uri).svg_inline(border=4, dark="#000", light="#fff", lineclass=None, omitsize=True)
    label = visitor.say("The letters for the app as a picture")
    return Markup('<div role="img" aria-label="{}">{}</div>').format(label, Markup(drawn))  # noqa: S704  # drawn here


def roles_said(visitor: Visitor, roles: Iterable[Role]) -> str:
    """What the roles are called, in one line."""
    speak = look.Speaker(visitor.language)
    return speak.listed(speak.label(role, "role") for role in roles)


def grouped(secret: str) -> str:
    """The secret so that it can be typed without losing one's place."""
    return " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))


def password_taken(visitor: Visitor, typed: Typed, account: str, secret: str) -> tuple[str, int] | None:
    """The new password and the step of the code that proves the app; None if something is wrong, as told."""
    password = "".join(typed.values.get("password", [""])[-1:])
    if not typed.needs(visitor, NEEDED):
        return None
    try:
        require_sound(account, password)
    except BadInput as error:
        typed.refuse_error(visitor, error, {"password": "password"})
    if password != typed.values["again"][-1]:
        typed.refuse("again", visitor.say("The two passwords are not the same: write both again."))
    step = step_of(secret, typed.get("code"))
    if step is None:
        typed.refuse(
            "code",
            visitor.say(
                "This is not the code of now. Check the clock of your telephone, and take the next code."
            ),
        )
    return (password, step) if typed.ok and step is not None else None


def set_password(records: Records, account: str, chosen: tuple[str, int], secret: str) -> tuple[str, ...]:
    """The password and code app count from now on: the recovery codes, shown once."""
    password, step = chosen
    records.credentials.set_password(account, password)
    records.credentials.set_codes(account, secret, step)
    return records.credentials.set_recovery(account)


def asked_for(request: Request, visitor: Visitor, account: str) -> passkeys.Asked | None:
    """What to ask a new authenticator; None where this house's address knows no passkeys."""
    place = passkeys.place_of(request)
    return None if place is None else passkeys.ask_new(visitor.house.records, place, account)


def passkey_taken(
    request: Request, visitor: Visitor, typed: Typed, account: str, before: Callable[[], object] = bool
) -> bool:
    """Was a new passkey taken in? If not, what is wrong is told. `before`: done once it is proven, before it
    is kept; what it raises keeps it out."""
    records, place = visitor.house.records, passkeys.place_of(request)
    if place is None:
        typed.refuse("label", visitor.say("Passkeys need the house's own https address."))
        return False
    try:
        made = passkeys.new_one(records, place, account, typed.get("asked"), typed.get("credential"))
        before()
        label = typed.get("label")[:60] or visitor.say("Passkey")
        records.credentials.add_passkey(account, made.id, made.key, made.counter, label)
    except (BadInput, Conflict) as error:
        typed.refuse_error(visitor, error, {"passkey": "label"})
    return typed.ok
