"""Does a value from outside fit its published JSON Schema, and if not, where does it break?

`schemas/json/` is what other houses build against, so it is what they are measured by, before our own types
see the value. Problems name the place and the rule, never the value: that may be a person's name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from letters.reasons import shown


def problems(name: str, value: object, most: int = 5) -> list[str]:
    """Where `value` breaks the schema published under `name` (`envelope`, `parcel`, `receipt`, `head`)."""
    found: list[str] = []
    for error in _validator(name).iter_errors(value):
        found.append(_problem(error))
        if len(found) == most:
            break
    return found


@cache
def _validator(name: str) -> Any:
    schema = json.loads((files("schemas") / "json" / f"{name}.json").read_text("utf-8"))
    make: Any = extend  # the library declares no types here
    checked = make(Draft202012Validator, {"oneOf": _one_of})
    return checked(schema, format_checker=FormatChecker())


def _one_of(validator: Any, branches: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    """`oneOf`, but where a word tells the branches apart only the branch it names is asked.

    Trying all of them is slow, and reports that none fits instead of the one thing that is wrong.
    """
    if "discriminator" not in schema:
        yield from Draft202012Validator.VALIDATORS["oneOf"](validator, branches, value, schema)
        return
    word = schema["discriminator"]["propertyName"]
    named = value.get(word) if isinstance(value, dict) else None
    branch = schema["discriminator"]["mapping"].get(named) if isinstance(named, str) else None
    if branch is None:
        yield ValidationError("no such branch", validator=word, validator_value="a known word", path=[word])
    else:
        yield from validator.descend(value, {"$ref": branch}, schema_path="oneOf")


def _problem(error: ValidationError) -> str:
    place = ".".join(str(step) for step in error.absolute_path) or "the whole"
    return f"{shown(place)}: {error.validator} {shown(json.dumps(error.validator_value))}"
