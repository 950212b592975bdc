"""Which houses stand on this machine to try Rogatory out, and who works in them?"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from desk import house as houses
from desk import keyring
from desk.children import Say
from records.accounts import Accounts
from records.open import open_records
from schemas.errors import Conflict
from schemas.settings import settings_of
from schemas.vocabulary import Role


@dataclass(frozen=True)
class Plan:
    """One house to be made: folder and id, State, what people call it, its time zone, its usual port."""

    id: str
    state: str
    name: str
    time_zone: str
    port: int
    letterhead: str


@dataclass(frozen=True)
class Person:
    """An account to be made: who they are by function; no name. `does`: what to try as this one."""

    id: str
    roles: tuple[Role, ...]
    does: str
    agency: str = "central-authority"


PLANS = (
    Plan(
        "de",
        "DE",
        "Germany: central authority (demo)",
        "Europe/Berlin",
        8081,
        "1 Example Street, Musterstadt (invented)",
    ),
    Plan(
        "us",
        "US",
        "United States: central authority (demo)",
        "America/New_York",
        8082,
        "2 Example Avenue, Exampleville (invented)",
    ),
)

OVERLAY = Path(__file__).resolve().parent.parent / "examples" / "overlay"
"""Law of the examples: providers that are invented, and say so."""

CERTIFIED_DAYS = 1095

PEOPLE = (
    Person("officer", (Role.OFFICER,), "begin here: files a request, sees the legal answer, sends it"),
    Person("issuing-authority", (Role.ISSUING_AUTHORITY,), "the judge: issues it, or returns it", "court"),
    Person("approver", (Role.OFFICER, Role.APPROVER), "approves it: then the officer can send it"),
    Person("liaison", (Role.LIAISON,), "finds it by either side's reference; urgent preservation", "police"),
    Person("treaty-desk", (Role.TREATY_DESK,), "proposes a change of the law, sees whom it touches"),
    Person("treaty-lawyer", (Role.TREATY_DESK,), "accepts it: nobody changes the law alone"),
    Person("auditor", (Role.AUDITOR,), "checks the ledger: who did and saw what", "audit"),
    Person("operator", (Role.OPERATOR,), "keeps accounts, looks after health and queues"),
)


def prepare(var: Path, say: Say) -> dict[str, Path]:
    """The home folders of the houses under `var`, by id; made, with their people, on first use."""
    homes = {plan.id: var / plan.id for plan in PLANS}
    for plan in PLANS:
        home = homes[plan.id]
        if not (home / "house.toml").is_file():
            say(f"making the house {plan.id}: {plan.name}")
            _make(plan, home)
        _try_out(plan, home)
        _certify(home)
        people(home)
    return homes


def _make(plan: Plan, home: Path) -> None:
    # Made beside and moved whole: one that was stopped halfway must not stand in the way for ever.
    beside = home.with_name(f".{home.name}.unfinished")
    shutil.rmtree(beside, ignore_errors=True)
    settings = houses.new_house(
        beside, plan.id, plan.state, plan.name, plan.time_zone, plan.port, namespace=plan.id
    )
    records = open_records(settings)
    try:
        records.credentials.mark_demo()
    finally:
        records.close()
    beside.rename(home)


def _try_out(plan: Plan, home: Path) -> None:
    """Lets a house know the invented providers of the examples, and where its letters are from; an older one
    learns it, too."""
    toml = home / "house.toml"
    known = tomllib.loads(toml.read_text("utf-8"))
    lines: dict[str, str | list[str]] = {"letterhead": [plan.letterhead]}
    if OVERLAY.is_dir():
        lines["overlay"] = str(OVERLAY)
    missing = {name: value for name, value in lines.items() if name not in known}
    if missing:
        told = "".join(f"{name} = {json.dumps(value)}\n" for name, value in missing.items())
        part = toml.with_name("house.toml.part")
        part.write_text(toml.read_text("utf-8") + told, "utf-8")
        part.replace(toml)


def _certify(home: Path) -> None:
    """Gives the house a certificate by its own hand, so that it can seal letters."""
    settings = settings_of(home)
    if not keyring.is_certified(settings):
        keyring.certify(settings, CERTIFIED_DAYS)


def people(home: Path) -> None:
    """Accounts and tokens of PEOPLE in the house of `home`; those that are there stay as they are."""
    folder = home / "tokens"
    missing = [person for person in PEOPLE if not (folder / person.id).is_file()]
    if not missing:
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    records = open_records(settings_of(home))
    try:
        for person in missing:
            _account(records.accounts, person)
            _write_secret(folder / person.id, records.accounts.token(person.id))
    finally:
        records.close()


def passwords(homes: Iterable[Path]) -> str | None:
    """One new password, without a code, for the PEOPLE of all these houses; earlier ones are void.

    None if none of the houses was made here for trying out: then nobody signs in with a password alone.
    """
    password, taken = _password(), False
    for home in homes:
        records = open_records(settings_of(home))
        try:
            if records.credentials.is_demo():
                open_ones = {each.id for each in records.accounts.all() if each.closed is None}
                accounts = tuple(person.id for person in PEOPLE if person.id in open_ones)
                records.credentials.set_demo(accounts, password)
                taken = True
        finally:
            records.close()
    return password if taken else None


def _password() -> str:
    # No sign that is taken for another when it is typed from a screen: 20 of 30, about 98 bits.
    signs = "abcdefghjkmnpqrstuvwxyz2345679"
    return "-".join("".join(secrets.choice(signs) for _ in range(5)) for _ in range(4))


def meet(homes: Mapping[str, Path], urls: Mapping[str, str]) -> None:
    """Makes the houses known to each other, at the addresses they serve today."""
    for one, other in combinations(homes.values(), 2):
        houses.introduce(one, other)
    for home in homes.values():
        for house, url in urls.items():
            houses.set_address(home, house, url)


def id_of(home: Path) -> str:
    """The id of the house of `home`."""
    with (home / "house.toml").open("rb") as file:
        return str(tomllib.load(file)["house"])


def _account(accounts: Accounts, person: Person) -> None:
    try:
        accounts.add(person.id, person.roles, person.agency)
    except Conflict:
        # The token was lost before it was written: the account is there, only a new token is needed.
        return


def _write_secret(file: Path, secret: str) -> None:
    # Whole or not at all, and never readable by others, not even for a moment.
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secret + "\n")
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)
