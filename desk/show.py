"""What does a case look like on a terminal? Draws what the API answers; 80 columns are enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.text import Text

from desk import show_kinds
from desk.show_parts import (
    Json,
    block,
    day,
    facts,
    function,
    holder,
    lines,
    moment,
    rests_on,
    short,
    status,
    table,
    verdict,
)
from schemas.lifecycle import UNSENT

OF_A_MESSAGE = ("post-by-hand:", "outcome-unknown:", "not-relayed:")
"""Codes that name a message: the list says that there is one, the page of the case says which."""


# --- the list -------------------------------------------------------------------------------------------


def docket(rows: Sequence[Json]) -> Callable[[Console], None]:
    """The list of cases."""

    def draw(console: Console) -> None:
        if not rows:
            console.print("No case answers to that.")
            return
        made = table("!reference", "!with", "!status", "held by", "!since", "next due")
        for row in rows:
            arrow = "→" if row["side"] == "outgoing" else "←"
            held = row.get("holder") or {"house": row["holder_house"], "function": row["holder_function"]}
            due = f"{day(row.get('next_due'))}\n{row.get('next_clock') or ''}".strip()
            since = day(row.get("held_since"))
            state = row.get("counterpart_state", "")
            made.add_row(row["ref"], f"{arrow} {state}", status(row["status"]), holder(held), since, due)
        console.print(made)
        told = [(row["ref"], ", ".join(attention(row.get("attention") or ()))) for row in rows]
        if any(words for _, words in told):
            console.print()
            console.print(block("Attention", facts(list(told))))

    return draw


def attention(codes: Sequence[str]) -> list[str]:
    """What needs a look, without the names of messages; what is there several times, once with its number."""
    short_codes = [code.split(":", 1)[0] if code.startswith(OF_A_MESSAGE) else code for code in codes]
    counted = {code: short_codes.count(code) for code in short_codes}
    return [code if number == 1 else f"{code} ({number})" for code, number in counted.items()]


# --- one case -------------------------------------------------------------------------------------------


def case(told: Json) -> Callable[[Console], None]:
    """The whole of one case, as much as the reader may see."""

    what = [str(told[part]) for part in ("kind", "side") if told.get(part)]

    def draw(console: Console) -> None:
        console.print(Rule(" ".join([f"{told['ref']}:", *what]), align="left"))
        lines(console, [part for part in (maker(told) for maker in _PARTS) if part is not None])

    return draw


def _standing(told: Json) -> RenderableType:
    counterpart = told.get("counterpart") or {}
    with_whom = counterpart.get("state") or told.get("counterpart_state") or ""
    their_ref = counterpart.get("ref") or told.get("their_ref") or ""
    # a house tells by itself; what another State did has to be recorded
    on_paper = not counterpart.get("house") and not counterpart.get("provider")
    held = told.get("holder")
    if held is None and told.get("holder_house"):
        held = {"house": told["holder_house"], "function": told.get("holder_function", "")}
    return facts(
        [
            ("status", status(told["status"])),
            ("held by", f"{holder(held)}, since {moment(told.get('held_since'))}" if held else None),
            ("with", f"{with_whom}, their reference {their_ref}" if their_ref else with_whom),
            ("next due", f"{moment(told.get('next_due'))} {told.get('next_clock') or ''}".strip()),
            ("urgent", _urgency(told.get("request") or {})),
            ("legal hold", "yes" if told.get("legal_hold") else None),
            ("attention", Text("; ".join(told.get("attention") or ()), style="bold yellow")),
            ("allowed now", ", ".join(told.get("allowed") or ())),
            ("to record", ", ".join(told.get("recordable") or ()) if on_paper else None),
        ]
    )


def _urgency(request: Json) -> str:
    words = ["yes: " + (request.get("urgency_reason") or "no reason given")] if request.get("urgent") else []
    return "; ".join(words + (["a child is at risk"] if request.get("child_at_risk") else []))


def _law(told: Json) -> RenderableType | None:
    law = told.get("law")
    if not law:
        return None
    basis = Text.assemble(
        law.get("title") or law.get("instrument") or "none", " (", verdict(law["verdict"]), ")"
    )
    override = law.get("override") or {}
    return block(
        "Legal basis",
        facts(
            [
                ("chosen", basis),
                ("articles", ", ".join(law.get("articles") or ())),
                ("asked on", f"{law['on']}, good until {law.get('good_until') or 'further notice'}"),
                ("channel", law.get("channel")),
                ("authority", law.get("authority")),
                ("languages", ", ".join(law.get("languages") or ())),
                ("override", override.get("reason")),
            ]
        ),
    )


def _gaps(told: Json) -> RenderableType | None:
    return gaps(told["gaps"]) if told.get("gaps") else None


def gaps(found: Sequence[Json]) -> RenderableType:
    """What is missing, and what of it stops the sending."""
    made = table("missing", "article", "")
    for gap in found:
        field = gap.get("field") or ""
        # several names stand for any of them
        field = field.replace(",", ", ")
        what = gap["code"] if field.replace("_", "-") in ("", gap["code"]) else f"{gap['code']}: {field}"
        made.add_row(what, gap.get("article", ""), "stops the sending" if gap.get("blocking") else "")
    return block("Gaps", made)


def deadlines(told: Json) -> RenderableType | None:
    """Its time limits, running and over."""
    if not told.get("deadlines"):
        return None
    made = table("!clock", "!due (UTC)", "by", "!status", "rests on")
    for entry in told["deadlines"]:
        who, state = function(entry.get("owner")), status(entry["status"])
        made.add_row(entry["clock"], moment(entry["due"]), who, state, rests_on(entry))
    return block("Deadlines", made)


def _handoffs(told: Json) -> RenderableType | None:
    if not told.get("handoffs"):
        return None
    made = table("!handoff", "from", "to", "!status", "!offered", "decided")
    for entry in told["handoffs"]:
        ends = [holder(entry[side]) for side in ("sender", "receiver")]
        times = [day(entry["offered"]), moment(entry.get("decided"))]
        made.add_row(entry["id"], *ends, status(entry["status"]), *times)
    return block("Handoffs", made)


def _questions(told: Json) -> RenderableType | None:
    if not told.get("questions"):
        return None
    made = table("question", "asked", "text", "answer")
    for entry in told["questions"]:
        made.add_row(entry["id"], day(entry["asked"]), entry.get("text", ""), entry.get("answer", ""))
    return block("Questions", made)


def _limitations(told: Json) -> RenderableType | None:
    if not told.get("limitations"):
        return None
    made = table("limit", "article", "text", "accepted")
    words = {True: "yes", False: "no", None: "not answered"}
    for entry in told["limitations"]:
        accepted = words[entry.get("accepted")]
        made.add_row(entry["id"], entry.get("article", ""), entry.get("text", ""), accepted)
    return block("Use limitations", made)


def _decisions(told: Json) -> RenderableType | None:
    if not told.get("decisions"):
        return None
    made = table("decided", "on", "reasons", "grounds")
    for entry in told["decisions"]:
        grounds = ", ".join([*entry.get("grounds", ()), *entry.get("articles", ())])
        made.add_row(entry["decision"], day(entry["at"]), entry.get("reasons", ""), grounds)
    return block("Decisions", made)


def evidence(told: Json) -> RenderableType | None:
    """The items of evidence of a case, None if there are none."""
    if not told.get("evidence"):
        return None
    made = table("evidence", "kind", "sha256", "size", "custodian")
    for item in told["evidence"]:
        size = "" if item.get("size") is None else f"{item['size']:,}"
        made.add_row(item["id"], item.get("kind", ""), short(item["sha256"]), size, item.get("custodian", ""))
    return block("Evidence (digests; the content is not here)", made)


def _outbox(told: Json) -> RenderableType | None:
    if not told.get("outbox"):
        return None
    troubled = any(entry.get("problem") for entry in told["outbox"])
    made = table("!message", "!brings", "!status", "problem" if troubled else "settled")
    for entry in told["outbox"]:
        last = entry.get("problem", "") if troubled else moment(entry.get("settled"))
        made.add_row(entry["id"], entry["event"], status(entry["status"]), last)
    return block("Messages out", made)


def _outcome(told: Json) -> RenderableType | None:
    parts = [(name, told.get(field)) for name, field in (("ours", "outcome"), ("theirs", "their_outcome"))]
    known = [(name, outcome_words(given)) for name, given in parts if given]
    return block("Outcome", facts(known)) if known else None


def outcome_words(told: Json) -> str:
    """`executed; victims identified: 1; arrests: 1`"""
    counts = [
        f"{name.replace('_', ' ')}: {told[name]}"
        for name in ("victims_identified", "arrests", "convictions")
        if told.get(name) is not None
    ]
    words = {True: ["used in proceedings"], False: ["not used in proceedings"], None: []}
    used = words[told.get("used_in_proceedings")]
    return "; ".join([told["result"], *used, *counts, *([told["note"]] if told.get("note") else [])])


_PARTS = (
    _standing,
    _law,
    _gaps,
    show_kinds.keeping,
    show_kinds.producing,
    show_kinds.interceptions,
    show_kinds.person,
    deadlines,
    _handoffs,
    _questions,
    _decisions,
    _limitations,
    evidence,
    _outbox,
    show_kinds.beside,
    _outcome,
)


def reply(told: Json) -> Callable[[Console], None]:
    """What a move did."""

    def draw(console: Console) -> None:
        again = " (this was done before; nothing changed now)" if told.get("repeated") else ""
        console.print(
            Text.assemble((told["ref"], "bold"), f": {told['event']} is filed as move {told['move']}{again}")
        )
        waits = told.get("gaps") and told["status"] in UNSENT
        missing = f"{told['gaps']} (see `rogatory show {told['ref']}`)" if waits else None
        console.print(
            facts(
                [
                    ("status", status(told["status"])),
                    ("held by", holder(told["holder"])),
                    ("gaps", missing),
                    ("allowed now", ", ".join(told.get("allowed") or ())),
                ]
            )
        )

    return draw
