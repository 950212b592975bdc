"""`verify FILE`: who signed this file, when, did anything change since, and is it to be believed?

Local: no server is asked, nothing is fetched. Exit status 0: it holds. 1: it does not, or nobody can tell.
2: the file is none that is signed here, or a list cannot be read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from desk.cli.frame import REFUSED, Shown, command
from desk.cli.given import content_of
from desk.cli.visit import homes
from desk.show_parts import verdict

WORDS = {
    "letter.readable": "it can be read, in its one spelling",
    "letter.header": "it says what it is",
    "letter.version": "of a version we know",
    "letter.plain-names": "its document names are no paths",
    "letter.known-key": "the key stands in the trust list",
    "letter.signature": "the signature fits",
    "letter.shape": "it fits its published form",
    "letter.clock": "it is not from the future",
    "letter.key-valid": "the key was good then",
    "letter.time": "the time can be relied on",
    "letter.own-voice": "the house speaks for itself",
    "letter.from": "it is from the house expected",
    "letter.about": "it answers the message beside it",
    "letter.enclosed": "the message beside it names this file",
    "letter.witness-other": "the receipt is the recipient's",
    "letter.complete": "every document is there",
    "letter.listed": "no document is there that nobody named",
    "letter.within-limit": "the document is within the limit",
    "letter.unchanged": "the document is as it was",
    "letter.documents": "the documents are as they were",
    "letter.replaces": "told under the key it replaces",
    "letter.key-proof": "the house holds the next key",
    "seal.there": "it is sealed",
    "seal.content": "the pages are those that were sealed",
    "seal.signature": "the signature fits the certificate",
    "seal.whole": "the seal leaves out nothing before its own end",
    "seal.to-the-end": "nothing follows the last seal",
    "seal.digest": "the digest is a strong one",
    "seal.known-certificate": "the certificate stands in the trust list",
    "seal.stamped": "its time stamp, if it has one, is to be believed",
    "ledger.chain": "the chain of entries is whole",
    "ledger.head": "a signed head says whose it is",
}
"""Checks as a person reads them; one that is missing here is shown by its code."""


def add(app: typer.Typer) -> None:
    """Puts the commands of this module into `app`."""
    command(app, "verify", local=True)(verify)


def verify(
    file: Annotated[Path, typer.Argument(help="A letter (PDF), message, receipt, parcel, ledger export ...")],
    trust: Annotated[
        list[Path] | None,
        typer.Option("--trust", help="A trust list; if not said, those of the houses of this machine."),
    ] = None,
    beside: Annotated[
        Path | None,
        typer.Option("--with", help="What belongs to it: a receipt, its message, the head of a ledger."),
    ] = None,
    sender: Annotated[str | None, typer.Option("--from", help="The house it should be from.")] = None,
) -> Shown:
    """Say without any server who signed a file and when, and whether anything changed since."""
    from desk.sealing import told, trusted_in, verified  # slow to import, and only this command needs it

    lists = trust or [found for home in homes().values() if (found := home / "keys" / "trust.json").is_file()]
    companion = content_of(beside) if beside else None
    finding = verified(content_of(file), trusted_in(lists), companion=companion, sender=sender)
    data = told(finding, str(file))
    data["trust"] = [str(each) for each in lists]

    def draw(console: Console) -> None:
        console.print(Text.assemble((f"{file}: {data['kind']}, ", "bold"), verdict(data["verdict"])))
        for one in data["signed"]:
            console.print(_signed(one))
        _draw(console, data["checks"])
        if not lists:
            console.print("No trust list was named: nobody is believed. next: --trust FILE")

    return Shown(data, draw, 0 if data["verdict"] == "yes" else REFUSED)


def _signed(one: dict[str, Any]) -> Text:
    who = f"{one['house'] or 'nobody'}, unknown here"
    if one["name"]:
        who = f"{one['name']} ({one['house']}, {one['state']})"
    return Text(f"signed by {who} with {one['key'][:40]}, {one['at'] or 'no time'}, {one['time']}")


def _draw(console: Console, check: dict[str, Any]) -> None:
    """Every single check in a line; one that failed with both values."""
    if "checks" not in check:
        mark = {"yes": ("✓ ", "green"), "no": ("✗ ", "red")}.get(check["verdict"], ("? ", "yellow"))
        line = Text("  ")
        line.append(*mark)
        line.append(WORDS.get(check["claim"], check["claim"]))
        if check["verdict"] != "yes":
            code = check.get("code", "")
            if "needs" in check:
                line.append(f": not judged, {WORDS.get(check['needs'], check['needs'])} comes first")
            else:
                line.append(f" [{code}]: expected {check['expected']}, found {check['found']}")
        console.print(line)
        return
    for child in check["checks"]:
        _draw(console, child)
