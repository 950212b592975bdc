"""How does an operator enter a provider in the address book of a house, and see who is in it?"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from letters.providers import PROVIDERS, Provider, ProviderBook
from schemas.errors import BadInput
from schemas.settings import Settings


def enter(settings: Settings, told: dict[str, Any]) -> dict[str, Any]:
    """Write the provider `told` into the book, in the place of one with its key. Raises BadInput."""
    try:
        provider = Provider.model_validate(told)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(step) for step in first["loc"]).replace("_", "-")
        raise BadInput(
            f"The provider cannot be entered: {first['msg']}.",
            where=f"--{field}",
            next_step="mend this word; no provider is entered without a source",
        ) from None
    path = settings.keys / PROVIDERS
    ProviderBook.load(path).with_provider(provider).save(path)
    return _row(provider)


def entered(settings: Settings) -> list[dict[str, Any]]:
    """Every provider in the book, without any secret."""
    return [_row(one) for one in ProviderBook.load(settings.keys / PROVIDERS).providers]


def _row(provider: Provider) -> dict[str, Any]:
    row = provider.model_dump(mode="json", exclude_none=True)
    return {"signs": provider.public_key is not None, **row}
