"""Who acts in a walk through both houses, and what does a reader see of it?"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from desk import border
from desk.cli.given import body_of, case_path
from desk.client import House
from desk.up import Running
from schemas.errors import NotFound, Unavailable

PATIENCE = 60.0
LOOK_EVERY = 0.1
EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SAID = {"de": "Germany", "us": "United States"}

Json = dict[str, Any]


def request(name: str) -> Json:
    """An example request as JSON."""
    file = EXAMPLES / name
    if not file.is_file():
        raise NotFound(
            "The examples are not here.", where=str(file), next_step="run from a checkout of Rogatory"
        )
    made = border.request_from_yaml(file.read_bytes(), str(file))
    told: Json = made.model_dump(mode="json", exclude_none=True)
    return told


class Story:
    """What a person reads while the case goes on: numbered steps, who did what, and what came of it."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.step_number = 0

    def step(self, title: str) -> None:
        self.step_number += 1
        self.console.print()
        self.console.print(Text.assemble((f"{self.step_number:>2}  ", "bold cyan"), (title, "bold")))

    def tell(self, who: str, text: str) -> None:
        self.show(Text.assemble((f"{who}: ", "cyan"), text))

    def show(self, what: RenderableType) -> None:
        self.console.print(Padding(what, (0, 0, 0, 4)))

    @contextmanager
    def indented(self) -> Iterator[Console]:
        """A console of the same width whose lines stand where those of `show` stand."""
        drawn = Console(width=self.console.width - 4, record=True, file=io.StringIO())
        yield drawn
        self.show(Text.from_ansi(drawn.export_text(styles=True).rstrip()))

    def until(self, what: str, true: Callable[[], bool]) -> None:
        """Waits for something the houses do by themselves. Raises Unavailable when it does not come about."""
        end = time.monotonic() + PATIENCE
        with self._spinner(what):
            while not true():
                if time.monotonic() > end:
                    raise Unavailable(
                        f"Waited {PATIENCE:.0f} seconds in vain: {what}.",
                        next_step="see the logs under var/log",
                    )
                time.sleep(LOOK_EVERY)

    @contextmanager
    def _spinner(self, what: str) -> Iterator[None]:
        if not self.console.is_terminal:
            yield
            return
        with self.console.status(what):
            yield


class Desk:
    """The people of one house, each speaking with a token of their own."""

    def __init__(self, name: str, url: str, tokens: Mapping[str, str], story: Story) -> None:
        self.name = name
        self.people = {person: House(url, token, patience=PATIENCE) for person, token in tokens.items()}
        self.story = story
        self.ref = ""

    @property
    def officer(self) -> House:
        return self.people["officer"]

    def move(self, event: str, says: str = "", *, by: str = "officer", **fields: Any) -> Json:
        """One move on the case of this house, told in the story."""
        reply: Json = self.people[by].post(case_path(self.ref, "moves"), body_of(event, fields))
        told = f"{says} " if says else ""
        self.story.tell(f"{self.name}, {by}", f"{told}({event}: {reply['status']})")
        return reply

    def case(self, ref: str = "") -> Json:
        """The case this desk is at, or the case `ref`."""
        told: Json = self.officer.get(case_path(ref or self.ref))
        return told

    def awaits(self, what: str, true: Callable[[Json], bool]) -> Json:
        """Waits until the case of this house is as `true` says; gives the case."""
        seen: list[Json] = []

        def look() -> bool:
            seen[:] = [self.case()]
            return true(seen[0])

        self.story.until(f"{self.name} {what}", look)
        return seen[0]

    def finds(self, their_ref: str) -> None:
        """Waits until the request with the other side's reference is here, and takes our reference of it."""

        def look() -> bool:
            rows = self.officer.get("/cases", ref=their_ref)["items"]
            self.ref = rows[0]["ref"] if rows else ""
            return bool(rows)

        self.story.until(f"{self.name} receives {their_ref}", look)

    def close(self) -> None:
        for house in self.people.values():
            house.close()


def desk_of(started: Running, name: str, story: Story) -> Desk:
    """The people of the house `name`, with the tokens that lie in its home."""
    folder = started.var / name / "tokens"
    tokens = {
        file.name: file.read_text("ascii").strip() for file in sorted(folder.iterdir()) if file.suffix == ""
    }
    return Desk(SAID[name], started.urls[name], tokens, story)
