"""How are things named: State codes, instrument keys, references, fact ids, digests?"""

from __future__ import annotations

import hashlib
from typing import Annotated

from pydantic import StringConstraints

State = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2, upper case (plus XK for Kosovo; EU for the European Union as a party)."""

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
"""Slug: instrument, source, offence, ground, measure and the like. Never renamed once published."""

Ref = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./_-]{2,63}$")]
"""Reference of a case in one house. Carries no name. It is the workflow id as well."""

HandoffId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./_-]{2,79}$")]
"""One passing of the baton: the reference of the case in the sender's house, then `.h1`, `.h2` and so on."""

PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f\u202a-\u202e]*$"
"""One line without signs that steer a terminal or turn the order of letters around."""
WRITTEN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]*$"
"""The same for several lines, with tabs."""

FILE_NAME = r"^[^/\\\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+$"
"""A name without folders, whose ending is where it seems to be."""

Name = Annotated[str, StringConstraints(pattern=PRINTABLE, max_length=200)]
"""What something is called: a house, a function, an account, a message. Never a person of a case."""

EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$"

Email = Annotated[str, StringConstraints(pattern=EMAIL, max_length=254)]
"""Where a person of the house is reminded. Personal: never in ledger, logs or errors."""

FactId = str
"""`<file key>:<row id>`, for example `budapest:DE.in-force.2009-07-01` or `budapest:27-2.channel`."""

Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]


def digest(content: bytes) -> str:
    """Content address of `content`: `sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def bilateral_key(state_a: str, state_b: str, kind: str) -> str:
    """Key of the newest bilateral treaty of a pair and kind: ISO codes in alphabetical order, then the kind.

    >>> bilateral_key("US", "DE", "mla")
    'de-us-mla'
    """
    first, second = sorted((state_a.lower(), state_b.lower()))
    return f"{first}-{second}-{kind}"
