"""How does one investigation go, from the question to the last closing? Two houses and a provider, walked
through their public HTTP API: a preservation, the request that follows it, and an extradition."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.text import Text

from desk import providers, show_law, show_matters, show_parts, show_reasons, show_record
from desk.cli.frame import REFUSED, Shown
from desk.cli.given import case_path
from desk.cli.verify import verify
from desk.emulator.provider import Emulator
from desk.emulator.server import serving
from desk.emulator.store import Store
from desk.story import SAID, Desk, Json, Story, desk_of, request
from desk.up import Running, accounts, addresses, ending_on_signals, running, wait
from desk.walks import assistance, keeping, letters, surrender
from schemas.settings import settings_of

MATTER = "Lantern"
"""What the investigation is called here; each run has one of its own."""
PROVIDER_WAITS = "delay=3"
"""The emulator takes its time, so that what a letter alone is worth can be seen."""


def walk(asking: Desk, asked: Desk, story: Story, matter: str) -> Json:
    """The whole investigation; the references of its cases. Raises the error that stopped it."""
    ask_the_law(asking, story)
    kept = keeping.walk(asking, story, matter)
    assistance.walk(asking, asked, story, kept, matter)
    refs: Json = {"preservation": [kept], "mla": [asking.ref, asked.ref]}
    surrender.seek(asking, asked, story, matter)
    show_matter(asking, story, matter)
    surrender.carry_out(asking, asked, story)
    refs["extradition"] = [asking.ref, asked.ref]
    keeping.let_go(asking, story, kept)
    return refs


def show_matter(asking: Desk, story: Story, matter: str) -> None:
    story.step("The whole matter on one page: every case, who holds it, and every clock that runs")
    show_matters.matter(asking.officer.get(f"/matters/{quote(matter)}"))(story.console)


def ask_the_law(asking: Desk, story: Story) -> None:
    story.step("The question: on what basis may Germany ask the United States for this?")
    wanted = request("request.yml")
    offence = wanted["offences"][0]
    question = {
        "requesting": wanted["requesting"],
        "requested": wanted["requested"],
        "kind": wanted["kind"],
        "measures": wanted["measures"],
        "on": wanted["on"],
        "offences": [
            {
                "slug": offence["slug"],
                "max_requesting": offence["max_penalty"],
                "max_requested": offence["max_penalty_requested"],
            }
        ],
    }
    answer = asking.officer.post("/assess", question)
    story.show(show_law.summary(answer, rejected_too=False))
    story.show(show_reasons.first_reasons(answer))
    closed = show_reasons.article(answer, "budapest", "27")
    if closed is not None:
        story.show(closed)


def write_letters(started: Running, asking: Desk, asked: Desk, refs: Json, matter: str, story: Story) -> Json:
    """Saves the main letters, and says of one what anybody is told who checks it: here by the trust list of
    the house that it is for."""
    folder = started.var / "letters" / matter.lower().replace(" ", "-")
    files = letters.walk(asking, asked, refs, folder, story)
    told = verify(folder / letters.SHOWN, [started.homes["us"] / "keys" / "trust.json"])
    story.step(f"Anybody can check one, without a server: rogatory verify {letters.SHOWN}")
    with story.indented() as console:
        told.draw(console)
    return {"folder": str(folder), "files": [file.name for file in files], "verified": told.data["verdict"]}


# --- the proof ------------------------------------------------------------------------------------------


def prove(asking: Desk, asked: Desk, refs: Json, matter: str, story: Story) -> Json:
    """Verifies the whole: the matter, both ledgers, and that the chains of custody are the same bytes."""
    story.step("The proof: both ledgers whole, one chain of custody for each request")
    found: Json = {"matter": matter, "ledgers": {}, "cases": {}, "custody": {}}
    for desk in (asking, asked):
        verified = desk.people["auditor"].post("/ledger/verify", {})
        found["ledgers"][desk.name] = "no" if verified["problems"] else "yes"
        story.show(Text.assemble(f"ledger of {desk.name}: ", show_parts.verdict(found["ledgers"][desk.name])))
    for kind, (ours, *theirs) in refs.items():
        found["cases"][kind] = {ours: asking.case(ours)["status"]}
        for ref in theirs:
            found["cases"][kind][ref] = asked.case(ref)["status"]
            found["custody"][kind] = _custody(asking, asked, ours, ref, story)
    return found


def _custody(asking: Desk, asked: Desk, ours: str, theirs: str, story: Story) -> Json:
    chains = [
        desk.officer.get(case_path(ref, "custody"), verify="true")
        for desk, ref in ((asking, ours), (asked, theirs))
    ]
    same = [chain["items"] for chain in chains]
    found: Json = {
        "passings": len(same[0]),
        "identical": _signed(same[0]) == _signed(same[1]),
        "verified": [chain["verification"]["verdict"] for chain in chains],
    }
    story.show(show_record.passings(same[0]))
    words = "byte-identical in both houses" if found["identical"] else "DIFFERENT in the two houses"
    verified = "yes" if set(found["verified"]) == {"yes"} else "no"
    story.show(Text.assemble(f"custody: {words}; every signature verified: ", show_parts.verdict(verified)))
    return found


def proved(found: Json) -> bool:
    """Is everything as it must be?"""
    closed = all(status == "closed" for cases in found["cases"].values() for status in cases.values())
    ledgers = set(found["ledgers"].values()) == {"yes"}
    custody = all(
        each["identical"] and each["passings"] and set(each["verified"]) == {"yes"}
        for each in found["custody"].values()
    )
    # A proof of cases alone tells of no letters on paper.
    letters = found.get("letters", {"verified": "yes"})["verified"] == "yes"
    return closed and ledgers and custody and letters


def _signed(chain: list[Json]) -> list[tuple[str, ...]]:
    return [tuple(each[part]["jws"] for part in ("offer", "acceptance", "confirmation")) for each in chain]


# --- the frame ------------------------------------------------------------------------------------------


def show_it(var: Path, *, once: bool, console: Console) -> Shown:
    """`rogatory demo`: starts both houses and an invented provider, walks one investigation through, proves
    it, and stays up unless `once`."""
    story = Story(console)
    console.print(Rule("Rogatory: one investigation, from the question to the last closing", align="left"))
    console.print("Everything in this example is invented: persons, accounts, authorities, file numbers,")
    console.print("and the provider, which is an emulator.")

    def say(line: str) -> None:
        console.print(Text(line, style="dim"))

    with ending_on_signals(), running(var, say) as started, invented_provider(started) as address:
        say(f"provider emulator (no real data) at {address}")
        console.print(addresses(started))
        desks = [desk_of(started, name, story) for name in SAID]
        asking, asked = desks
        try:
            matter = _older(asking, story)
            refs = walk(asking, asked, story, matter)
            written = write_letters(started, asking, asked, refs, matter, story)
            found = prove(asking, asked, refs, matter, story) | {"letters": written}
        finally:
            for desk in desks:
                desk.close()
        good = proved(found)
        console.print()
        console.print(_last_words(refs, matter, good))
        if not once:
            console.print()
            console.print(accounts(started))
            wait(started, console)
    return Shown(found, lambda _: None, 0 if good else REFUSED)


@contextmanager
def invented_provider(started: Running) -> Iterator[str]:
    """The emulator, and the asking house's entry for it: real HTTP on this machine."""
    store = Store(started.var / "emulator.sqlite")
    try:
        with serving(Emulator(store, [PROVIDER_WAITS], country="US"), 0) as address:
            providers.enter(
                settings_of(started.homes["de"]),
                {
                    "key": keeping.PROVIDER,
                    "name": "Example Mail (an invented provider)",
                    "country": "US",
                    "url": address,
                    "identifier": "ROGATORY-EMULATOR",
                    "our_country": "DE",
                    "our_identifier": "DE-DEMO",
                    "source": "invented for the demonstration",
                    "invented": True,
                },
            )
            yield address
    finally:
        store.close()


def _older(asking: Desk, story: Story) -> str:
    """Says what is still here of earlier runs; the name of this run's matter."""
    rows = list(asking.officer.pages("/cases"))
    if rows:
        many = f"{len(rows)} cases of earlier are" if len(rows) > 1 else "1 case of earlier is"
        story.console.print(f"{many} still here (`rogatory list`).")
    return f"{MATTER} {len({row['matter'] for row in rows if row['matter']}) + 1}"


def _last_words(refs: Json, matter: str, good: bool) -> RenderableType:
    if not good:
        return Text("Something is not as it must be: see the proof above.", style="bold red")
    (ours, theirs) = refs["mla"]
    return Text.assemble(
        ("Closed in both houses. ", "bold green"),
        f'Look again: rogatory matter "{matter}"; rogatory show {ours}; rogatory --help for the rest. ',
        f"In the other house: rogatory timeline {theirs} --house us",
    )
