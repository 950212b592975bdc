"""Which bytes are signed? One spelling of a message, by RFC 8785, whoever writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import rfc8785
from pydantic import BaseModel

from schemas.errors import BadInput


def canonical(value: BaseModel | Mapping[str, Any]) -> bytes:
    """Canonical JSON of a model (by field, dates as text) or of a mapping of plain JSON values.

    Raises BadInput for what JSON has no one spelling of: NaN, whole numbers of more than 53 bits, lone halves
    of a surrogate pair, nesting without end.
    """
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else dict(value)
    try:
        return rfc8785.dumps(plain)
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"The message has no canonical spelling ({type(error).__name__}).",
            next_step="write large numbers as text and leave out NaN",
        ) from error
