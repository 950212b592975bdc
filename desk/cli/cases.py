"""Commands that file cases and read them: file, attach, show, list, find, timeline and more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from desk import show, show_law, show_record
from desk.cli.frame import Call, Shown, command
from desk.cli.given import OTHER_MEDIA, body_of, case_path, content_of, media_of, moment_of, request_of

Ref = Annotated[str, typer.Argument(help="Reference of the case.")]


def attached(call: Call, ref: str, file: Path) -> dict[str, Any]:
    """Uploads a document of a case and returns what names it in a request: digest, name, type, size."""
    media = media_of(file)
    content = content_of(file)
    # The vault goes by digest, so no key is needed for doing this once; the call's own is for the move.
    told: dict[str, Any] = call.house.send(
        case_path(ref, "documents"), content, media or OTHER_MEDIA, name=file.name
    )
    return told


def add(app: typer.Typer) -> None:
    """Puts the commands of this module into `app`."""
    command(app, "file")(file)
    command(app, "arrive")(arrive)
    command(app, "attach")(attach)
    command(app, "show")(show_case)
    command(app, "list")(list_cases)
    command(app, "find", usually="liaison")(find)
    command(app, "timeline")(timeline)
    command(app, "assessment")(assessment)
    command(app, "document")(document)


def file(
    call: Call,
    request: Annotated[Path, typer.Argument(help="The request, YAML or JSON.")],
    matter: Annotated[str | None, typer.Option("--matter", help="The investigation it belongs to.")] = None,
) -> Shown:
    """File a request as a draft; says what is still missing."""
    body = request_of(request).model_dump(mode="json", exclude_none=True)
    told = call.house.post("/cases", body, key=call.key, matter=matter)
    return Shown(told, _filed(told, "a draft"))


def arrive(
    call: Call,
    request: Annotated[Path, typer.Argument(help="The request as it came, YAML or JSON.")],
    their_ref: Annotated[str, typer.Option("--their-ref", help="Their reference.")],
    on: Annotated[str, typer.Option("--on", help="Day or time it came.")],
) -> Shown:
    """Record a request that came on paper: an incoming case, held here from the start."""
    made = request_of(request).model_dump(mode="json", exclude_none=True)
    fields = {"request": made, "foreign_ref": their_ref, "by_post": True, "happened_at": moment_of(on)}
    told = call.house.post("/cases/arrivals", body_of("arrive", fields), key=call.key)
    return Shown(told, _filed(told, "an incoming case"))


def _filed(told: dict[str, Any], what: str) -> Callable[[Console], None]:
    def draw(console: Console) -> None:
        console.print(Text.assemble("Filed as ", (told["ref"], "bold"), f", {what}."))
        console.print(show.gaps(told["gaps"]) if told.get("gaps") else "Nothing is missing.")

    return draw


def attach(call: Call, ref: Ref, document: Annotated[Path, typer.Argument(help="The file to add.")]) -> Shown:
    """Put a document into the vault of the case; name it in the request with `amend --attach`."""
    told = attached(call, ref, document)
    return Shown(
        told, lambda console: console.print(f"In the vault: {told['digest']} ({told['size']:,} bytes).")
    )


def show_case(call: Call, ref: Ref) -> Shown:
    """Show one case: where it stands, who holds it, what is due and what is missing."""
    told = call.house.get(case_path(ref))
    return Shown(told, show.case(told))


def list_cases(
    call: Call,
    holder: Annotated[str | None, typer.Option(help="Held by this house, function or person.")] = None,
    side: Annotated[str | None, typer.Option(help="outgoing or incoming")] = None,
    state: Annotated[str | None, typer.Option(help="With this State.")] = None,
    status: Annotated[str | None, typer.Option(help="In this status.")] = None,
    due_before: Annotated[
        str | None, typer.Option("--due-before", help="Something due before this day.")
    ] = None,
    ref: Annotated[str | None, typer.Option("--ref", help="Any reference of the case.")] = None,
    matter: Annotated[str | None, typer.Option(help="Of this matter.")] = None,
    kind: Annotated[str | None, typer.Option(help="mla, extradition, preservation or production")] = None,
    provider: Annotated[str | None, typer.Option(help="About this provider.")] = None,
    offered_to: Annotated[
        str | None, typer.Option("--offered-to", help="On offer to this function or person here.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many.")] = 200,
) -> Shown:
    """List open and closed cases: who holds each, since when, what is due."""
    query = {
        "holder": holder,
        "side": side,
        "state": state,
        "status": status,
        "due_before": due_before,
        "ref": ref,
        "matter": matter,
        "kind": kind,
        "provider": provider,
        "offered_to": offered_to,
    }
    rows: list[dict[str, Any]] = []
    for row in call.house.pages("/cases", **query):
        rows.append(row)
        if len(rows) == limit:
            break
    return Shown(rows, show.docket(rows))


def find(call: Call, reference: Annotated[str, typer.Argument(help="Reference of anybody.")]) -> Shown:
    """Find cases by our or their reference, a provider's, a report's or an alert's; it may match several."""
    told = call.house.get("/references/" + case_path(reference).removeprefix("/cases/"))
    rows = told["items"] if isinstance(told, dict) else told
    return Shown(rows, show.docket(rows))


def timeline(call: Call, ref: Ref) -> Shown:
    """Tell what happened in a case, in order, from the ledger."""
    told = call.house.get(case_path(ref, "timeline"))
    entries = told["items"] if isinstance(told, dict) else told
    return Shown(entries, show_record.timeline(entries))


def assessment(
    call: Call,
    ref: Ref,
    why: Annotated[bool, typer.Option("--why", help="With every reason and its source.")] = False,
) -> Shown:
    """Show the law as it was answered for this case."""
    told = call.house.get(case_path(ref, "assessment"))
    return Shown(told, show_law.answer(told, why=why))


def document(
    call: Call,
    ref: Ref,
    digest: Annotated[str, typer.Argument(help="Digest of the document.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write.")],
) -> Shown:
    """Take a document of the case out of the vault."""
    size = call.house.save("GET", case_path(ref, "documents", digest), out)
    return Shown(
        {"file": str(out), "digest": digest, "size": size},
        lambda console: console.print(f"{out}: {size:,} bytes."),
    )
