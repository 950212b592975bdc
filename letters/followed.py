"""What does a file of ours say now? One that people of the house change while its processes run.

It is read again when it has changed: no restart to add or take away an entry. Written whole or not at all.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from schemas.errors import BadInput

Content = TypeVar("Content", bound=BaseModel)


@dataclass(slots=True)
class Followed(Generic[Content]):
    """A JSON file of one type. `called`: as errors name it; `until_mended`: what a wrong file means."""

    path: Path
    type: type[Content]
    called: str
    until_mended: str
    _stamp: tuple[int, int, int] | None = field(default=None, init=False)
    _content: Content | None = field(default=None, init=False)

    def now(self) -> Content:
        """What it says. Raises FileNotFoundError, or BadInput if it cannot be read as its type."""
        try:
            seen = self.path.stat()
            stamp = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
            if self._content is None or stamp != self._stamp:
                self._content = self.type.model_validate_json(self.path.read_bytes())
                self._stamp = stamp
            return self._content
        except FileNotFoundError:
            # One that comes back is read, also if it looks as it did.
            self._content = self._stamp = None
            raise
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(str(step) for step in first["loc"])
            raise BadInput(
                f"The {self.called} cannot be read: {first['msg']}.",
                where=f"{self.path}: {place}",
                next_step=f"mend the file; {self.until_mended}",
            ) from error


def write_followed(path: Path, content: BaseModel) -> None:
    """Write what a followed file says from now on: whoever reads it meanwhile reads the one or the other."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content.model_dump_json(indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)
