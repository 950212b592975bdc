"""Commands about keys, on the machine of the house: `house certificate|card|trust|rotate-key|revoke-key|seal`
and `keys rotate`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from desk.cli.frame import Shown, command
from desk.cli.given import content_of
from desk.cli.installation import Home, settings_at
from schemas.errors import BadInput

Out = Annotated[Path | None, typer.Option("--out", "-o", help="File to write it to.")]


def add(app: typer.Typer) -> None:
    """Puts the commands of this module into `app`; those of a house into the group that is there."""
    house = next(group.typer_instance for group in app.registered_groups if group.name == "house")
    if house is None:
        raise LookupError("the group `house` is made before this one")
    command(house, "certificate", local=True)(certificate)
    command(house, "card", local=True)(card)
    command(house, "trust", local=True)(trust)
    command(house, "rotate-key", local=True)(rotate_key)
    command(house, "revoke-key", local=True)(revoke_key)
    command(house, "seal", local=True)(seal)
    keys = typer.Typer(help="The master key, which wraps the keys of all cases.")
    command(keys, "rotate", local=True)(rotate)
    app.add_typer(keys, name="keys")


# What these commands need is imported inside: it costs time that other commands need not pay.


def certificate(
    home: Home = "de",
    request: Annotated[
        Path | None,
        typer.Option("--request", help="Write a request for an authority (CSR) here."),
    ] = None,
    take: Annotated[
        Path | None, typer.Option("--take", help="Use this certificate (PEM), made for our key.")
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, help="How long one by our own hand counts.")] = 1095,
    new_key: Annotated[bool, typer.Option("--new-key", help="Begin a new key too.")] = False,
) -> Shown:
    """Give the house a certificate to seal letters with: by its own hand, or through an authority."""
    from desk import keyring

    settings = settings_at(home)
    if request is not None:
        request.write_text(keyring.request_certificate(settings), "ascii")
        return _told({"request": str(request)}, f"{request}: send it; then house certificate --take FILE")
    if take is not None:
        made = keyring.take_certificate(settings, content_of(take).decode("ascii", "replace"))
    else:
        made = keyring.certify(settings, days, new=new_key)
    data = {
        "house": settings.house,
        "fingerprint": made.fingerprint,
        "valid_from": made.valid_from.isoformat(),
        "valid_until": made.valid_until.isoformat() if made.valid_until else None,
    }
    return _told(data, f"Certificate {made.fingerprint}, until {data['valid_until']}. Others: house card.")


def card(home: Home = "de", out: Out = None) -> Shown:
    """Show what another house takes in to believe this one; nothing in it is secret."""
    from desk import keyring

    text = keyring.card(settings_at(home))
    if out is not None:
        out.write_text(text, "utf-8")
        return _told({"card": str(out)}, f"{out} is written. Compare the fingerprints by another way.")
    return _told({"card": text}, text.rstrip())


def trust(
    file: Annotated[Path, typer.Argument(help="A card of a house, its change of keys, or a certificate.")],
    home: Home = "de",
    stamper: Annotated[
        str | None,
        typer.Option("--stamper", help="The file is the certificate of a time-stamping authority so named."),
    ] = None,
) -> Shown:
    """Believe another house, its next key, or a time-stamping authority; compare the fingerprints first."""
    from desk import keyring

    taken = keyring.take_in(settings_at(home), content_of(file), stamper)
    return _told(taken, "Taken in: " + "; ".join(f"{name} {value}" for name, value in taken.items() if value))


def rotate_key(
    home: Home = "de",
    out: Out = None,
    use: Annotated[bool, typer.Option("--use", help="Sign with the next key from now on.")] = False,
    overlap_days: Annotated[
        int, typer.Option("--overlap-days", min=1, help="So long the old key still counts.")
    ] = 30,
    token_key: Annotated[
        str,
        typer.Option("--token-key", help="The next key is the one of this name on the token (`signing`)."),
    ] = "",
) -> Shown:
    """Change the key for messages: first tell the next one (a file for the others), then --use it."""
    from desk import keyring

    settings = settings_at(home)
    if use:
        kid = keyring.use_next(settings)
        return _told({"key": kid}, f"Signs with {kid} once its API and workers are started again.")
    text = keyring.rotate(settings, overlap_days, token_key=token_key)
    if out is not None:
        out.write_text(text + "\n", "ascii")
    told = f"{out} is written" if out else text
    return _told(
        {"change": text}, f"{told}\nThe others: rogatory house trust FILE. Then here: house rotate-key --use"
    )


def revoke_key(
    name: Annotated[str, typer.Argument(help="The key's id, or the start of a certificate's fingerprint.")],
    home: Home = "de",
    house: Annotated[str | None, typer.Option("--of", help="Whose; this house's own if not said.")] = None,
    at: Annotated[
        str | None, typer.Option("--at", help="From when on (ISO 8601 with time zone); now if not said.")
    ] = None,
) -> Shown:
    """Believe a key or certificate no more, from a moment on; what was signed before stays good."""
    from desk import keyring

    settings = settings_at(home)
    moment = keyring.revoke(settings, house or settings.house, name, _moment(at) if at else None)
    data = {"house": house or settings.house, "revoked": name, "at": moment.isoformat()}
    return _told(data, f"Not believed from {moment.isoformat()} on: {name}. Tell the others.")


def seal(
    letter: Annotated[Path, typer.Argument(help="The letter (PDF).")],
    out: Annotated[Path, typer.Argument(help="Where the sealed one goes.")],
    home: Home = "de",
    reason: Annotated[str, typer.Option("--reason", help="Stands in the seal.")] = "",
) -> Shown:
    """Seal a letter for the house (PAdES), with a time stamp if the setting tsa_url names an authority."""
    from desk.sealing import sealed_letter, seals_of

    settings = settings_at(home)
    made = sealed_letter(settings, content_of(letter), reason)
    out.write_bytes(made)
    one = seals_of(settings, made).signatures[-1]
    at = one.at.isoformat() if one.at else None
    data = {"sealed": str(out), "house": one.house, "at": at, "time": one.how}
    return _told(data, f"{out}: sealed {at}, {one.how}.")


def rotate(home: Home = "de") -> Shown:
    """Wrap the keys of all cases by a new master key; the house is stopped. Safe to repeat."""
    from records.rewrap import rotate_master

    done = rotate_master(settings_at(home))
    data = {"master": done.master, "wrapped": done.wrapped, "old": str(done.old)}
    told = (
        f"{done.wrapped} keys are wrapped by the master key {done.master}. Copy it to where you keep keys.\n"
        f"The old one is {done.old}: keep it, apart, as long as backups made with it, then destroy it."
    )
    return _told(data, told)


def _moment(text: str) -> datetime:
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        told = None
    if told is None or told.tzinfo is None:
        raise BadInput(
            f"{text!r} is no moment.", where="--at", next_step="write it as 2026-11-21T12:00:00+00:00"
        )
    return told.astimezone(UTC)


def _told(data: Mapping[str, object], text: str) -> Shown:
    return Shown(dict(data), lambda console: console.print(text, soft_wrap=True))
