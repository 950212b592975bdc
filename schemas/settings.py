"""How is one house set up? `house.toml` in its home folder, overridden by ROGATORY_* variables."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from schemas.errors import BadInput
from schemas.ids import State

ABOVE = ("central-authority", "head-of-office")
"""Functions that are told of what was missed, where `escalation` names none for a function."""


class Settings(BaseSettings):
    """Every setting of a house. Temporal's own (address, namespace, TLS, API key) come by the SDK's
    environment configuration (TEMPORAL_*); `temporal_address` and `namespace` are used when it is silent.

    `reference`: the office's numbering scheme: `{state}`, `{kind}`, `{year}`, `{number}` (counted per year).
    `function_mail`: addresses of a function's mailbox; `escalation`: whom to tell, by function, of what that
    function missed. `refused_hashes`: file of digests that are never taken in; `evidence_limit`: largest item
    of evidence. Sizes in bytes.
    `exchange_mail`: address for letters of other houses, read by IMAP; `relay_hours`, `delivery_hours`: how
    long a letter waits for a carrier, and one that left for its receipt, before somebody must look.
    Pages: `idle_minutes` until an unused session ends; `language` where a visitor's own is not spoken here;
    `oidc_issuer` (URL), `oidc_client`, `oidc_secret_file`: the provider by which people sign in, if any.
    """

    model_config = SettingsConfigDict(env_prefix="ROGATORY_", extra="ignore")

    home: Path = Path("var/house")
    house: str = "house"
    name: str = "House"
    letterhead: list[str] = Field(default_factory=list)
    font_folder: Path | None = None
    state: State = "DE"
    time_zone: str = "UTC"
    database_url: str = ""
    api_host: str = "127.0.0.1"
    api_port: int = 8080
    public_url: str = ""
    temporal_address: str = "127.0.0.1:7233"
    namespace: str = "default"
    task_queue: str = "cases"
    reference: str = "{state}-{kind}-{year}-{number:05d}"
    attachment_limit: int = 10 * 1024 * 1024
    evidence_limit: int = Field(default=64 * 1024**3, gt=0)
    refused_hashes: Path | None = None
    body_limit: int = 32 * 1024 * 1024
    overlay: Path | None = None
    key_folder: Path | None = None
    tsa_url: str = ""
    signing: str = ""
    signing_pin_file: Path | None = None
    retention_days: dict[str, int] = Field(
        default_factory=lambda: {"mla": 3650, "extradition": 7300, "preservation": 1825, "production": 3650}
    )
    temporal_retention_days: int = 30
    continue_after_moves: int = 400
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: Literal["none", "starttls", "tls"] = "starttls"
    smtp_user: str = ""
    smtp_password_file: Path | None = None
    mail_from: str = ""
    exchange_mail: str = ""
    imap_host: str = ""
    imap_port: int = 993
    imap_security: Literal["none", "starttls", "tls"] = "tls"
    imap_user: str = ""
    imap_password_file: Path | None = None
    relay_hours: float = Field(default=12.0, gt=0)
    delivery_hours: float = Field(default=24.0, gt=0)
    webhook_url: str = ""
    function_mail: dict[str, list[str]] = Field(default_factory=dict)
    escalation: dict[str, list[str]] = Field(default_factory=dict)
    idle_minutes: float = Field(default=30.0, gt=0)
    language: str = "en"
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret_file: Path | None = None

    @property
    def database(self) -> str:
        """SQLAlchemy URL: SQLite in the home folder unless set."""
        return self.database_url or f"sqlite:///{self.home / 'records.sqlite'}"

    @property
    def keys(self) -> Path:
        """Folder of master key, signing key and trust list: outside the database and its backups."""
        return self.key_folder or self.home / "keys"

    @property
    def url(self) -> str:
        """Address under which other houses and the command line reach us."""
        return self.public_url or f"http://{self.api_host}:{self.api_port}"

    def above(self, function: str) -> tuple[str, ...]:
        """Functions told when `function` let something pass, in order; never itself."""
        return tuple(each for each in self.escalation.get(function, ABOVE) if each != function)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        home = Path(os.environ.get("ROGATORY_HOME", "var/house"))
        toml = TomlConfigSettingsSource(settings_cls, home / "house.toml")
        return init_settings, env_settings, toml


def settings_of(home: Path) -> Settings:
    """Settings of the house whose home folder is `home`. Raises BadInput if it has no house.toml, or one that
    cannot be read."""
    if not (home / "house.toml").is_file():
        raise BadInput(
            f"{home} is no house: house.toml is missing.",
            next_step="run `rogatory house new` or set ROGATORY_HOME",
        )
    os.environ["ROGATORY_HOME"] = str(home)
    try:
        return Settings(home=home)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        what, where = first["msg"], ".".join(str(step) for step in first["loc"])
    except (ValueError, RecursionError) as error:
        # no TOML, or a variable that is none; neither text is repeated where it may hold a password
        what, where = str(error) if isinstance(error, TOMLDecodeError) else type(error).__name__, "house.toml"
    raise BadInput(
        f"The settings of the house cannot be read: {what}.",
        where=f"{home / 'house.toml'}: {where}",
        next_step="mend that setting there, or the variable ROGATORY_* of the same name",
    )


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Settings of this process's house (ROGATORY_HOME)."""
    return settings_of(Path(os.environ.get("ROGATORY_HOME", "var/house")))
