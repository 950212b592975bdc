"""Which providers do we write to in ETSI TS 103 120, at which address, and as whom?

`keys/providers.json`, kept by the operator beside the trust list. It is read again when it changes. No
provider is in it without saying where its address comes from; one that is invented says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from letters.followed import Followed, write_followed
from letters.trust import Entry, PublicKey, safe_address
from letters.ts103120.fields import Endpoint
from schemas.errors import Unavailable
from schemas.ids import Key, Name, State

PROVIDERS = "providers.json"
_CALLED, _UNTIL_MENDED = "address book of providers", "nothing goes to a provider until then"

Said = Annotated[str, Field(min_length=1, max_length=500)]


class Provider(Entry):
    """One provider: `key` as the registry and our cases name it.

    `identifier` in `country` is how it is addressed, `our_identifier` in `our_country` how it knows us.
    `token_file` holds a bearer token, `certificate` (and `certificate_key`) a client certificate in PEM;
    `authority` the certificate that its server's is checked against, where that is not a public one.
    `public_key`: what it signs must then be signed by it. `source`: where all this was told to us.
    `invented`: no real provider, but the emulator.
    """

    key: Key
    name: Name
    country: State
    url: Annotated[str, AfterValidator(safe_address)]
    identifier: Said
    our_country: State
    our_identifier: Said
    token_file: Path | None = None
    certificate: Path | None = None
    certificate_key: Path | None = None
    authority: Path | None = None
    public_key: PublicKey | None = None
    source: Said
    invented: bool = False

    @property
    def endpoint(self) -> Endpoint:
        """How it is addressed."""
        return Endpoint(country_code=self.country, unique_identifier=self.identifier)

    @property
    def us(self) -> Endpoint:
        """How it knows us."""
        return Endpoint(country_code=self.our_country, unique_identifier=self.our_identifier)

    def token(self) -> str | None:
        """The bearer token. Raises Unavailable if its file cannot be read, or others may read it."""
        if self.token_file is None:
            return None
        try:
            mode = self.token_file.stat().st_mode & 0o077
            text = self.token_file.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise self._no_token(f"cannot be read ({type(error).__name__})") from None
        if mode or not text:
            raise self._no_token("is empty" if not text else "may be read by others")
        return text

    def _no_token(self, why: str) -> Unavailable:
        return Unavailable(
            f"The token for provider {self.key} {why}.",
            where=str(self.token_file),
            next_step="put the token there, readable by its owner only; the letter waits",
            code="not-authorised",
        )


class _Content(Entry):
    providers: tuple[Provider, ...] = ()

    @model_validator(mode="after")
    def _named_once(self) -> _Content:
        keys = [one.key for one in self.providers]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"named twice: {', '.join(twice)}")
        return self


class ProviderBook:
    """All providers we write to. With a `path` it follows the file; without the file it is empty."""

    def __init__(self, providers: Iterable[Provider] = (), path: Path | None = None) -> None:
        self._file = Followed(path, _Content, _CALLED, _UNTIL_MENDED) if path is not None else None
        self._held = _Content.model_construct(providers=tuple(providers))

    @classmethod
    def load(cls, path: Path) -> ProviderBook:
        """The book in `path`. Raises BadInput if it cannot be read as one."""
        made = cls(path=path)
        made._now()
        return made

    @property
    def providers(self) -> list[Provider]:
        """Every provider, by key."""
        return sorted(self._now().providers, key=lambda one: one.key)

    def provider(self, key: str) -> Provider | None:
        """The provider with this key, or None."""
        return next((one for one in self._now().providers if one.key == key), None)

    def required(self, key: str) -> Provider:
        """The provider with this key. Raises Unavailable: a letter to it waits until it is entered."""
        found = self.provider(key)
        if found is None:
            raise Unavailable(
                f"Provider {key!r} is not in the address book.",
                where=PROVIDERS,
                next_step=f"enter it with `rogatory provider add {key}`; the letter waits",
                code="unknown-provider",
            )
        return found

    def with_provider(self, provider: Provider) -> ProviderBook:
        """A book that holds `provider` as well, in the place of what it said of it before."""
        return ProviderBook([*(one for one in self.providers if one.key != provider.key), provider])

    def save(self, path: Path) -> None:
        """Write the book to `path`, whole or not at all."""
        write_followed(path, _Content(providers=tuple(self.providers)))

    def _now(self) -> _Content:
        if self._file is None:
            return self._held
        try:
            return self._file.now()
        except FileNotFoundError:
            return _Content()
