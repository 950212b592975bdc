"""Commands that move a case: one for each event an officer makes in its course."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from desk import show
from desk.cli.cases import Ref, attached
from desk.cli.evidence import items as evidence_items
from desk.cli.frame import Call, Shown, command
from desk.cli.given import body_of, case_path, item_of, items_of, moment_of, request_of
from schemas.errors import BadInput, NotFound

Reason = Annotated[str, typer.Option("--reason", help="Why; it stays on the case.")]
Words = Annotated[str, typer.Option("--text", help="In words.")]
Note = Annotated[str | None, typer.Option("--note", help="A note that stays on the case.")]
Unheard = Annotated[
    str | None,
    typer.Option("--without-consultation", help="Why the other side was not heard before that."),
]
Override = Annotated[
    str | None,
    typer.Option("--override", help="Go on although the law is thin or something is missing: why."),
]


def make(call: Call, ref: str, event: str, /, **fields: Any) -> Shown:
    """Makes one move and shows what it did."""
    told = call.house.post(case_path(ref, "moves"), body_of(event, fields), key=call.key)
    return Shown(told, show.reply(told))


def only_open(call: Call, ref: str, part: str, field: str, what: str) -> str:
    """The id of the one entry of `part` whose `field` is still empty; spares typing it."""
    entries = call.house.get(case_path(ref)).get(part) or ()
    waiting = [str(entry["id"]) for entry in entries if entry.get(field) is None]
    if len(waiting) == 1:
        return waiting[0]
    if not waiting:
        raise NotFound(f"No {what} waits for an answer.", where=ref, next_step=f"see `rogatory show {ref}`")
    raise BadInput(f"Several wait: say which {what}.", where=ref, next_step=f"one of: {', '.join(waiting)}")


def add(app: typer.Typer) -> None:
    """Puts the commands of this module into `app`."""
    for name, function, usually in (
        ("amend", amend, "officer"),
        ("choose-basis", choose_basis, "officer"),
        ("issue", issue, "issuing-authority"),
        ("send-back", send_back, "issuing-authority"),
        ("approve", approve, "approver"),
        ("reopen", reopen, "officer"),
        ("send", send, "officer"),
        ("acknowledge", acknowledge, "officer"),
        ("redirect", redirect, "officer"),
        ("question", question, "officer"),
        ("answer", answer, "officer"),
        ("consult", consult, "officer"),
        ("decide", decide, "officer"),
        ("postpone", postpone, "officer"),
        ("limit", limit, "officer"),
        ("answer-limit", answer_limit, "officer"),
        ("evidence", evidence, "officer"),
        ("withdraw", withdraw, "officer"),
        ("close", close, "officer"),
    ):
        command(app, name, usually=usually)(function)


# --- our own side, before sending -----------------------------------------------------------------------


def amend(
    call: Call,
    ref: Ref,
    request: Annotated[Path, typer.Argument(help="The whole request anew, YAML or JSON.")],
    attach: Annotated[list[Path] | None, typer.Option("--attach", help="A document to go with it.")] = None,
) -> Shown:
    """Replace the draft; the law is asked again."""
    body = request_of(request).model_dump(mode="json", exclude_none=True)
    documents = [attached(call, ref, file) for file in attach or ()]
    body["attachments"] = [*body.get("attachments", ()), *documents]
    return make(call, ref, "amend", request=body)


def choose_basis(
    call: Call,
    ref: Ref,
    instrument: Annotated[str, typer.Argument(help="Its key.")],
    override: Override = None,
) -> Shown:
    """Choose the legal basis among the candidates."""
    return make(call, ref, "choose-basis", instrument=instrument, override=override)


def issue(
    call: Call,
    ref: Ref,
    authority: Annotated[str, typer.Option("--authority", help="The authority that issues or validates.")],
    signed_on: Annotated[str, typer.Option("--signed-on", help="Day or time of the signature.")],
    function: Annotated[
        str | None,
        typer.Option("--function", help="What that authority is: judge, court, prosecutor ..."),
    ] = None,
    validated: Annotated[bool, typer.Option("--validated", help="It validates what another issued.")] = False,
) -> Shown:
    """Issue or validate a request: what only the competent authority may do."""
    capacity = "validated" if validated else "issued"
    signed = moment_of(signed_on)
    fields = {"authority": authority, "function": function, "signed_on": signed}
    return make(call, ref, "issue", capacity=capacity, **fields)


def send_back(
    call: Call,
    ref: Ref,
    reason: Annotated[str, typer.Option("--reason", help="Why it is not signed; it stays on the case.")],
) -> Shown:
    """Neither issue nor validate the request as it stands, and say why."""
    return make(call, ref, "send-back", reason=reason)


def approve(call: Call, ref: Ref, override: Override = None) -> Shown:
    """Approve as the second person."""
    return make(call, ref, "approve", override=override)


def reopen(call: Call, ref: Ref, reason: Reason) -> Shown:
    """Take an approved request back to draft."""
    return make(call, ref, "reopen", reason=reason)


def send(
    call: Call,
    ref: Ref,
    emergency: Annotated[
        bool, typer.Option("--emergency", help="Before approval, due within 24 hours.")
    ] = False,
    reason: Annotated[str | None, typer.Option("--reason", help="Why it is an emergency.")] = None,
    offer_days: Annotated[
        int | None, typer.Option("--offer-days", help="Days to accept the handoff.")
    ] = None,
    papers_follow: Annotated[
        bool, typer.Option("--papers-follow", help="Ahead of the papers: by telephone, or for an arrest.")
    ] = False,
) -> Shown:
    """Send it, and offer the case to the other side."""
    fields = {"reason": reason, "offer_days": offer_days, "papers_follow": papers_follow or None}
    return make(call, ref, "send", emergency=emergency, **fields)


# --- between the sides ----------------------------------------------------------------------------------


def acknowledge(
    call: Call,
    ref: Ref,
    their_ref: Annotated[str | None, typer.Option("--their-ref")] = None,
    note: Note = None,
) -> Shown:
    """Acknowledge an incoming request, with our reference."""
    return make(call, ref, "acknowledge", their_ref=their_ref, note=note)


def redirect(call: Call, ref: Ref, to: Annotated[str, typer.Option("--to")], note: Note = None) -> Shown:
    """Say that we are not competent and to whom it went."""
    return make(call, ref, "redirect", to=to, note=note)


def question(
    call: Call,
    ref: Ref,
    text: Words,
    id: Annotated[str, typer.Option("--id", help="Its name in the case.")] = "q1",
    answer_by: Annotated[
        str | None, typer.Option("--answer-by", help="Day by which we need the answer.")
    ] = None,
    form: Annotated[str | None, typer.Option("--form", help="The form it is asked on: annex-iii")] = None,
) -> Shown:
    """Ask the other side a supplementary question."""
    return make(call, ref, "question", id=id, text=text, answer_by=moment_of(answer_by), form=form)


def answer(
    call: Call, ref: Ref, text: Words, question: Annotated[str | None, typer.Option("--question")] = None
) -> Shown:
    """Answer a question; the only open one if none is named."""
    which = question or only_open(call, ref, "questions", "answered", "question")
    return make(call, ref, "answer", question=which, text=text)


def consult(call: Call, ref: Ref, text: Words) -> Shown:
    """Consult the other side before a refusal, a postponement or a condition."""
    return make(call, ref, "consult", text=text)


def decide(
    call: Call,
    ref: Ref,
    decision: Annotated[str, typer.Argument(help="accepted, partly-accepted or refused")],
    reasons: Annotated[str | None, typer.Option("--reasons", help="Needed unless simply accepted.")] = None,
    ground: Annotated[list[str] | None, typer.Option("--ground", help="Ground of refusal, its slug.")] = None,
    article: Annotated[list[str] | None, typer.Option("--article", help="Article it rests on.")] = None,
    without_consultation: Unheard = None,
    precise: Annotated[str | None, typer.Option("--precise", help="What is granted, if in part.")] = None,
) -> Shown:
    """Decide on an incoming request."""
    fields = {"grounds": ground or None, "articles": article or None, "precise": precise}
    fields["without_consultation"] = without_consultation
    return make(call, ref, "decide", decision=decision, reasons=reasons, **fields)


def postpone(
    call: Call,
    ref: Ref,
    reason: Reason,
    until: Annotated[str | None, typer.Option("--until")] = None,
    without_consultation: Unheard = None,
) -> Shown:
    """Postpone, with reasons and perhaps an estimate."""
    fields = {"until_estimate": moment_of(until), "without_consultation": without_consultation}
    return make(call, ref, "postpone", reasons=reason, **fields)


def limit(
    call: Call,
    ref: Ref,
    text: Words,
    id: Annotated[str, typer.Option("--id", help="Its name in the case.")] = "l1",
    article: Annotated[str | None, typer.Option("--article", help="Article it rests on.")] = None,
) -> Shown:
    """Set a use limitation before anything is handed over."""
    return make(call, ref, "limit", id=id, text=text, article=article)


def answer_limit(
    call: Call,
    ref: Ref,
    accept: Annotated[bool, typer.Option("--accept/--refuse", help="Do we take it?")],
    limit: Annotated[str | None, typer.Option("--limit")] = None,
    note: Note = None,
) -> Shown:
    """Accept or refuse a use limitation; the only open one if none is named."""
    which = limit or only_open(call, ref, "limitations", "accepted", "limitation")
    return make(call, ref, "answer-limit", limit=which, accepted=accept, note=note)


def evidence(
    call: Call,
    ref: Ref,
    items: Annotated[Path | None, typer.Option("--items", help="List of items, YAML or JSON.")] = None,
    digest_of: Annotated[
        list[Path] | None,
        typer.Option("--digest-of", help="A file here: its digest goes, its content stays."),
    ] = None,
    custodian: Annotated[str, typer.Option("--custodian", help="Who keeps the file's original.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="What the file is.")] = "file",
    complete: Annotated[bool, typer.Option("--complete/--partial", help="Is this all?")] = False,
    under: Annotated[list[str] | None, typer.Option("--limit", help="Limitation it comes under.")] = None,
) -> Shown:
    """Hand over results by digest: what, how large, with whom. Without any: show what there is, with its
    limits.

    Content never travels with it: `rogatory item` brings the bytes.
    """
    told = items_of(items) if items else []
    if digest_of and not custodian:
        raise BadInput("Who keeps it?", where="--custodian", next_step="name the custodian of the original")
    told += [item_of(file, custodian, kind) for file in digest_of or ()]
    if not told and (complete or under):
        raise BadInput(
            "No item was named.", where="--items", next_step="give --items FILE or --digest-of FILE"
        )
    if not told:
        return evidence_items(call, ref)
    return make(call, ref, "evidence", complete=complete, items=told, limits=under or None)


def withdraw(call: Call, ref: Ref, reason: Reason) -> Shown:
    """Withdraw a request."""
    return make(call, ref, "withdraw", reason=reason)


def close(
    call: Call,
    ref: Ref,
    result: Annotated[
        str, typer.Option("--result", help="executed, partly-executed, refused, withdrawn, lapsed")
    ],
    used: Annotated[bool | None, typer.Option("--used/--not-used", help="Used in proceedings?")] = None,
    victims: Annotated[int | None, typer.Option("--victims-identified", min=0)] = None,
    arrests: Annotated[int | None, typer.Option("--arrests", min=0)] = None,
    convictions: Annotated[int | None, typer.Option("--convictions", min=0)] = None,
    note: Note = None,
) -> Shown:
    """Close a case with what came of it: counts, never names."""
    outcome = {
        "result": result,
        "used_in_proceedings": used,
        "victims_identified": victims,
        "arrests": arrests,
        "convictions": convictions,
        "note": note,
    }
    return make(call, ref, "close", outcome=outcome)
