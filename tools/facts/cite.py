"""Under which key is an address cited, and which place in it does a row name?"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field

from schemas.span import last_day

_GITHUB = re.compile(
    r"^(?:.*\b(?:via |year: ))?(?:github )?(?P<repository>[\w-]+/[\w.-]+[\w-]):? ?(?P<path>[^()]*)"
)
_REPOSITORIES = (
    "github ",
    "legalize-dev/",
    "statengeneraal/",
    "crafter-research/",
    "FernandaRojas152/",
    "Carter-N/",
    "ukparliament/",
    "bundestag/",
    "justicecanada/",
    "lawchat-oss/",
)
"""Public repositories the facts cite without an address."""
_REMARK = re.compile(r"\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_FILLER = re.compile(
    r"(?<=coe\.int/)en/|web/|conventions/(?=.*conventions/)|full-list/|search-on-(?:treaties|states)/|-/|/conventions(?=/)"
)
_MAX_KEY = 72
MEMORY = "memory"


@dataclass(frozen=True)
class Citation:
    """Where a row was read: source `key`, `place` in it; `also`: further keys that say the same."""

    key: str
    place: str = ""
    also: tuple[str, ...] = ()

    def note(self, text: str = "") -> str:
        """`text` with the further sources behind it."""
        more = "also read in " + ", ".join(self.also) if self.also else ""
        return "; ".join(part for part in (text.strip().rstrip(".;"), more) if part)


@dataclass
class Sources:
    """All sources cited so far, by key; grows while rows are read."""

    found: dict[str, dict[str, str]] = field(default_factory=dict)

    def cite(self, text: str, as_of: str = "", *, signature: bool = False) -> Citation:
        """The citation for the source cell `text` of a row as old as `as_of`.

        A list of signatures proves signatures only, so for any other act (`signature` False) it is passed
        over when the row names a further source.
        """
        parts = _parts(text)
        if len(parts) > 1:
            parts = [part for part in parts if not part.endswith(MEMORY)] or parts[:1]
        if len(parts) > 1 and not signature:
            parts = [part for part in parts if "list of signatures" not in part] or parts
        # The age of a row with several sources is that of the newest, and does not age the others.
        cited = [self._one(part, as_of if len(parts) == 1 else "") for part in parts]
        key, place = cited[0]
        also = tuple(dict.fromkeys(other for other, _ in cited[1:] if other != key))
        return Citation(key, place, also)

    def add(self, key: str, **fields: str) -> str:
        """Put source `key` with its fields, keeping what is there; returns the key."""
        entry = self.found.setdefault(key, {"key": key})
        for name, value in fields.items():
            if value:
                entry.setdefault(name, value)
        return key

    def _one(self, part: str, as_of: str) -> tuple[str, str]:
        if part.lower().startswith("memory"):
            self.add(MEMORY, title="Recalled, not read", how="not read")
            return MEMORY, ""
        if "github " in part or part.startswith(_REPOSITORIES):
            return self._repository(part, as_of)
        remark = "; ".join(_REMARK.findall(part))
        bare = _REMARK.sub("", part).strip()
        is_address = bool(re.match(r"^(https?://|[\w-]+(\.[\w-]+)+(/|\s|$))", bare))
        key = self.add(
            key_of(bare),
            title=remark or bare,
            address=bare.split(" ")[0] if is_address else "",
            how="read" + ("" if is_address else "; no address kept"),
        )
        self._age(key, as_of)
        return key, ""

    def _repository(self, part: str, as_of: str) -> tuple[str, str]:
        found = _GITHUB.match(part)
        if found is None:
            raise ValueError(f"no repository in {part!r}")
        repository, path = found["repository"], found["path"].strip(" :,")
        key = self.add(
            key_of("github " + repository),
            title=f"Copies in the public repository {repository}",
            address=f"https://github.com/{repository}",
            how="read in the repository; the place names the file",
        )
        self._age(key, as_of)
        return key, path or "; ".join(_REMARK.findall(part))

    def _age(self, key: str, as_of: str) -> None:
        day = partial(as_of)
        if not day:
            return
        entry = self.found[key]
        if "as_of" not in entry or last_day(entry["as_of"]) < last_day(day):
            entry["as_of"] = day


def partial(text: str) -> str:
    """The partial date in `text` without the plus sign of `2021+`; empty if it is none."""
    found = re.match(r"^(\d{4}(?:-\d{2}(?:-\d{2})?)?)\+?$", text.strip())
    return found.group(1) if found else ""


def _parts(text: str) -> list[str]:
    """The single sources of a source cell: split at semicolons that stand outside brackets."""
    parts = [""]
    depth = 0
    for character in re.sub(r" and (?=https?://)", "; ", text):
        depth += (character == "(") - (character == ")")
        if character == ";" and depth <= 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip().removesuffix(" / memory") for part in parts if part.strip()] or [MEMORY]


def key_of(text: str) -> str:
    """A readable slug of an address or a title, shortened with a digest where it is long."""
    bare = _FILLER.sub("", re.sub(r"^https?://(www\.)?", "", text.strip()))
    bare = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub(r"\.(html?|aspx?|php)\b", "", bare)).strip("-")
    if len(slug) > _MAX_KEY:
        slug = slug[: _MAX_KEY - 9].rstrip("-") + "-" + hashlib.sha256(text.encode()).hexdigest()[:8]
    return slug or "unnamed"
