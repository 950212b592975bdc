"""What stands between two houses in the tests of a bad road? A stand-in that speaks real HTTP on both sides.

It loses letters and answers, doubles them, and keeps some back until others have overtaken them. What happens
to a letter is drawn from a seed; which letter comes when, the houses decide.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import httpx

SECONDS = 60.0
FATES = (("lost", 0.1), ("late", 0.15), ("answer lost", 0.1), ("doubled", 0.2), ("old", 0.15))
"""What may happen to one attempt, and how often; otherwise it goes through."""
SILENT = ("lost", "late", "answer lost")
MERCY = 3
"""So often the sender of a letter hears nothing: it waits longer each time, and a test has an end."""


@dataclass(frozen=True)
class Brought:
    """One attempt as it left: the house it is for, the parcel, its place among all attempts."""

    house: str
    content: bytes
    number: int


class FakeRoad:
    """A stand-in for the net, as long as the `with` lasts: `{url}/HOUSE/exchange` leads to that house.

    `there`: where each house really serves. `answers`: what each parcel was answered with; another answer to
    the same bytes is noted in `unlike`. `happened`: counts by name.
    """

    def __init__(self, seed: int) -> None:
        self.there: dict[str, str] = {}
        self.answers: dict[tuple[str, bytes], bytes] = {}
        self.unlike: list[Brought] = []
        self.happened: Counter[str] = Counter()
        self._chance = random.Random(seed)
        self._late: list[Brought] = []
        self._newest: dict[str, int] = {}
        self._silences: Counter[bytes] = Counter()
        self._lock = threading.Lock()
        self._client = httpx.Client(timeout=SECONDS, trust_env=False)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _door(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._client.close()

    def url(self, house: str) -> str:
        """Where others believe `house` to be."""
        return f"http://127.0.0.1:{self._server.server_port}/{house}"

    def travel(self, house: str, content: bytes) -> httpx.Response | None:
        """One attempt over the road. None: the sender hears nothing."""
        with self._lock:
            self.happened["attempts"] += 1
            letter = Brought(house, content, self.happened["attempts"])
            fate = self._fate()
            if fate in SILENT and self._silences[content] >= MERCY:
                fate = "through"
            self._silences[content] += fate in SILENT
            self.happened[fate] += 1
            overtaken, known = self._late, list(self.answers)
            self._late = [letter] if fate == "late" else []
            again = self._chance.choice(known) if fate == "old" and known else None
        answer = self._along(letter, fate)
        for late in overtaken:
            self._bring(late)
        if again is not None:
            self._bring(Brought(*again, number=0))
        return answer

    def _fate(self) -> str:
        drawn = self._chance.random()
        for name, share in FATES:
            if drawn < share:
                return name
            drawn -= share
        return "through"

    def _along(self, letter: Brought, fate: str) -> httpx.Response | None:
        if fate in ("lost", "late"):
            return None
        if fate == "doubled":
            with ThreadPoolExecutor(2) as both:
                pair = list(both.map(self._bring, (letter, letter)))
            return pair[0]
        answer = self._bring(letter)
        return None if fate == "answer lost" else answer

    def _bring(self, letter: Brought) -> httpx.Response:
        answer = self._client.post(
            f"{self.there[letter.house]}/exchange",
            content=letter.content,
            headers={"Content-Type": "application/json"},
        )
        with self._lock:
            self.happened["brought"] += 1
            if letter.number < self._newest.get(letter.house, 0):
                self.happened["out of order"] += 1
            self._newest[letter.house] = max(letter.number, self._newest.get(letter.house, 0))
            if answer.headers.get("content-type") == "application/jose":
                known = self.answers.setdefault((letter.house, letter.content), answer.content)
                if known != answer.content:
                    self.unlike.append(letter)
            else:
                self.happened["not now"] += 1
        return answer


def _door(road: FakeRoad) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            answer = road.travel(self.path.split("/")[1], content)
            if answer is None:
                # nothing is said at all: the sender sees a line that broke
                self.close_connection = True
                return
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers["content-type"])
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on the screen."""

    return Door
