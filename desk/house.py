"""How does a house come into being, and how do two houses come to believe each other?

These run on the machine of the house, by its operator: whoever can write the trust list decides whose letters
count.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import TypeAdapter, ValidationError

from letters.seal import SIGNING_KEY, SigningKey, house_key, new_key
from letters.trust import BY_HAND, PublicKey, TrustedHouse, TrustedKey, TrustList
from records.keys import MASTER_FILE
from records.open import new_house as new_records
from records.open import open_records
from records.references import HOUSE
from schemas.errors import BadInput, Conflict
from schemas.ids import Key
from schemas.messages import CLOCK_SKEW_SECONDS
from schemas.settings import Settings, settings_of

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
    _check(house, time_zone, port)
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
    settings = _settings(home, lines)
    _furnish(settings)
    # Last: what was left half-made is no house yet, and made whole by the next try.
    # A JSON text or number is one of TOML as well.
    toml.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in lines.items()), "utf-8")
    return settings_of(home)


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
        trust.with_house(_reached_at(entry, url)).save(settings.keys / TRUST_LIST)


def _check(house: str, time_zone: str, port: int) -> None:
    try:
        _ID.validate_python(house)
    except ValidationError:
        raise BadInput(
            f"{house!r} is no name for a house.", next_step="use small letters, digits and hyphens"
        ) from None
    if house in RESERVED:
        raise BadInput(f"{house!r} has a meaning of its own.", next_step="choose another name for the house")
    if not 0 < port < 65536:
        raise BadInput(f"{port} is no port.", next_step="choose one from 1024 to 65535")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadInput(
            f"{time_zone!r} is no time zone.", next_step="write it as in the tz database, e.g. Europe/Berlin"
        ) from None


def _settings(home: Path, lines: dict[str, str | int]) -> Settings:
    # Settings also read the house.toml this names: it must not be that of another house.
    os.environ["ROGATORY_HOME"] = str(home)
    try:
        return Settings.model_validate({**lines, "home": home})
    except ValidationError as error:
        wrong = ", ".join(str(found["loc"][0]) for found in error.errors(include_input=False) if found["loc"])
        raise BadInput(f"A house cannot be set up so: {wrong}.", next_step="mend these words") from None


def _furnish(settings: Settings) -> None:
    """Records, keys and trust list; what is there of an earlier try, or was brought from elsewhere, stays."""
    if (settings.keys / MASTER_FILE).is_file():
        open_records(settings).close()
    else:
        new_records(settings)
    path = settings.keys / SIGNING_KEY
    key = house_key(settings) if path.is_file() else new_key(path, settings.house)
    if key.house != settings.house:
        raise BadInput(
            f"The signing key is that of house {key.house}.",
            where=str(path),
            next_step="put the keys of another house back where they belong",
        )
    trust = settings.keys / TRUST_LIST
    if not trust.is_file():
        TrustList([_entry(settings, key)]).save(trust)


def _entry(settings: Settings, key: SigningKey) -> TrustedHouse:
    # A house whose clock is behind ours must not take our key for one of tomorrow.
    since = datetime.now(UTC) - timedelta(seconds=CLOCK_SKEW_SECONDS)
    own = TrustedKey(kid=key.kid, jwk=PublicKey.model_validate(key.public), valid_from=since)
    here = TrustedHouse(
        id=settings.house, name=settings.name, state=settings.state, url="http://localhost", keys=(own,)
    )
    return _reached_at(here, settings.url)


def _known_entry(settings: Settings) -> TrustedHouse:
    """The house as it stands in its own trust list, at its present address."""
    own = TrustList.load(settings.keys / TRUST_LIST).house(settings.house)
    if own is None:
        return _entry(settings, house_key(settings))
    return _reached_at(own, settings.url)


def _reached_at(house: TrustedHouse, url: str) -> TrustedHouse:
    try:
        return TrustedHouse.model_validate({**house.model_dump(), "url": url})
    except ValidationError:
        raise BadInput(
            f"House {house.id} cannot be reached at {url!r}.",
            where="public_url",
            next_step="write https://..., or http:// for this machine only: letters name persons",
        ) from None
