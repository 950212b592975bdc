"""How does a house come into being, and how do two houses come to believe each other?

These run on the machine of the house, by its operator: whoever can write the trust list decides whose letters
count.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import TypeAdapter, ValidationError

from letters.seal import SigningKey, load_key, new_key
from letters.trust import BY_HAND, PublicKey, TrustedHouse, TrustedKey, TrustList
from records.open import new_house as new_records
from records.references import HOUSE
from schemas.errors import BadInput, Conflict
from schemas.ids import Key
from schemas.settings import Settings, settings_of

SIGNING_KEY = "signing.json"
TRUST_LIST = "trust.json"
RESERVED = frozenset({HOUSE, BY_HAND})
_ID: TypeAdapter[str] = TypeAdapter(Key)


def new_house(
    home: Path,
    house: str,
    state: str,
    name: str,
    time_zone: str = "UTC",
    port: int = 8080,
    public_url: str = "",
    namespace: str = "default",
    temporal_address: str = "127.0.0.1:7233",
) -> Settings:
    """Make a house in the folder `home`: house.toml, records with their master key, signing key, trust list.

    `house` is its name among houses (a slug that is never renamed), `port` where its API serves, `public_url`
    where others reach it if that differs. It believes itself only. Raises BadInput for an impossible word,
    Conflict if a house is there already: nothing of it is touched.
    """
    _check(house, time_zone)
    toml = home / "house.toml"
    if toml.exists():
        raise Conflict(
            "There is a house here already.", where=str(home), next_step="use it, or choose another folder"
        )
    lines: dict[str, str | int] = {
        "house": house,
        "name": name,
        "state": state,
        "time_zone": time_zone,
        "api_port": port,
        "public_url": public_url,
        "namespace": namespace,
        "temporal_address": temporal_address,
    }
    home.mkdir(parents=True, exist_ok=True)
    # A JSON text or number is one of TOML as well.
    toml.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in lines.items()), "utf-8")
    try:
        return _furnish(home, house)
    except BaseException:
        toml.unlink()  # a half-made house must not be taken for one
        raise


def introduce(home_a: Path, home_b: Path) -> None:
    """Add each house to the other's trust list, with its present key and address. Safe to repeat."""
    one, other = settings_of(home_a), settings_of(home_b)
    if one.house == other.house:
        raise BadInput(
            f"Both houses are called {one.house}.",
            where=f"{home_a}, {home_b}",
            next_step="a house needs a name of its own to be believed",
        )
    for settings, peer in ((one, other), (other, one)):
        entry = _known_entry(peer)
        trust = TrustList.load(settings.keys / TRUST_LIST)
        trust.with_house(entry).save(settings.keys / TRUST_LIST)


def set_address(home: Path, house: str, url: str) -> None:
    """Say in the trust list of `home` that `house` is reached at `url` now. Raises BadInput if unknown."""
    settings = settings_of(home)
    trust = TrustList.load(settings.keys / TRUST_LIST)
    entry = trust.house(house)
    if entry is None:
        raise BadInput(
            f"House {house} is not in the trust list.",
            where=str(settings.keys / TRUST_LIST),
            next_step="run `rogatory house introduce` first",
        )
    if entry.url != url.rstrip("/"):
        moved = TrustedHouse.model_validate({**entry.model_dump(), "url": url})
        trust.with_house(moved).save(settings.keys / TRUST_LIST)


def _check(house: str, time_zone: str) -> None:
    try:
        _ID.validate_python(house)
    except ValidationError:
        raise BadInput(
            f"{house!r} is no name for a house.", next_step="use small letters, digits and hyphens"
        ) from None
    if house in RESERVED:
        raise BadInput(f"{house!r} has a meaning of its own.", next_step="choose another name for the house")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadInput(
            f"{time_zone!r} is no time zone.", next_step="write it as in the tz database, e.g. Europe/Berlin"
        ) from None


def _furnish(home: Path, house: str) -> Settings:
    try:
        settings = settings_of(home)
    except ValidationError as error:
        wrong = ", ".join(str(found["loc"][0]) for found in error.errors(include_input=False) if found["loc"])
        raise BadInput(f"A house cannot be set up so: {wrong}.", next_step="mend these words") from None
    new_records(settings)
    settings.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = new_key(settings.keys / SIGNING_KEY, house)
    TrustList([_entry(settings, key)]).save(settings.keys / TRUST_LIST)
    return settings


def _entry(settings: Settings, key: SigningKey) -> TrustedHouse:
    own = TrustedKey(kid=key.kid, jwk=PublicKey.model_validate(key.public), valid_from=datetime.now(UTC))
    return TrustedHouse(
        id=settings.house, name=settings.name, state=settings.state, url=settings.url, keys=(own,)
    )


def _known_entry(settings: Settings) -> TrustedHouse:
    """The house as it stands in its own trust list, at its present address."""
    own = TrustList.load(settings.keys / TRUST_LIST).house(settings.house)
    if own is None:
        return _entry(settings, load_key(settings.keys / SIGNING_KEY))
    return TrustedHouse.model_validate({**own.model_dump(), "url": settings.url})
