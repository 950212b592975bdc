"""How does one case go from the question to its closing? Two houses, walked through their public HTTP API."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.text import Text

from desk import border, show, show_law, show_record
from desk.cli.frame import REFUSED, Shown
from desk.cli.given import body_of, case_path
from desk.story import SAID, Desk, Story, desk_of
from desk.up import addresses, ending_on_signals, running, wait
from schemas.errors import NotFound, RogatoryError, Unavailable

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
BASIS = "de-us-mla"

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


def walk(asking: Desk, asked: Desk, story: Story) -> None:
    """The whole life of one case. Raises the error that stopped it."""
    ask_the_law(asking, story)
    draft(asking, story)
    issue(asking, story)
    approve(asking, story)
    dispatch(asking, asked, story)
    acknowledge(asking, asked, story)
    hand_over(asking, asked, story)
    clarify(asking, asked, story)
    execute(asking, asked, story)
    give_back(asking, asked, story)
    finish(asking, asked, story)


# --- the steps ------------------------------------------------------------------------------------------


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
    story.show(show_law.first_reasons(answer))
    closed = show_law.article(answer, "budapest", "27")
    if closed is not None:
        story.show(closed)


def draft(asking: Desk, story: Story) -> None:
    story.step("The draft: filed as it is, with its gaps named; then mended")
    filed = asking.officer.post("/cases", request("request.yml"))
    asking.ref = filed["ref"]
    case = asking.case()
    story.tell(f"{asking.name}, officer", f"filed examples/request.yml as {asking.ref}.")
    story.show(show.gaps(case["gaps"]))
    try:
        asking.officer.post(case_path(asking.ref, "moves"), body_of("send", {}))
    except RogatoryError as refused:
        story.tell("refused", f"sending it now: {refused.what}")
    else:
        raise Unavailable(
            "A draft with gaps was sent.", where=asking.ref, next_step="this is a fault: report it"
        )
    asking.move(
        "choose-basis", "chooses the treaty between the two, whose procedure governs.", instrument=BASIS
    )
    asking.move(
        "amend", "files examples/request-mended.yml in its place.", request=request("request-mended.yml")
    )


def issue(asking: Desk, story: Story) -> None:
    story.step("Issuance by the competent authority; approval by a second person")
    asking.move(
        "issue",
        "a judge issues what only a judge may.",
        by="issuing-authority",
        capacity="issued",
        authority="Amtsgericht Musterstadt (invented), investigating judge",
        signed_on=datetime.now(UTC).isoformat(),
    )
    left = [gap for gap in asking.case()["gaps"] if gap["blocking"]]
    if left:
        story.show(show.gaps(left))
    else:
        story.tell(asking.name, "nothing that stops the sending is missing any more.")


def approve(asking: Desk, story: Story) -> None:
    asking.move("approve", "somebody else than the author approves.", by="approver")


def dispatch(asking: Desk, asked: Desk, story: Story) -> None:
    story.step("Dispatch and receipt: signed there, signed back")
    asking.move("send", "sends it and offers the case to the United States.")
    asked.finds(asking.ref)
    case = asking.awaits("has the signed receipt", lambda told: told["status"] != "sent")
    sent = case["outbox"][0]
    story.tell(asked.name, f"received it as {asked.ref}; the signed receipt is {show.short(sent['receipt'])}")
    story.tell("held by", f"{show.holder(case['holder'])}: an offer transfers nothing")


def acknowledge(asking: Desk, asked: Desk, story: Story) -> None:
    story.step("Acknowledgement, and the baton: offered, accepted, confirmed")
    asked.move("acknowledge", "acknowledges, with a reference of its own.", their_ref=asked.ref)


def hand_over(asking: Desk, asked: Desk, story: Story) -> None:
    asking.awaits("sees the acknowledgement", lambda told: told["status"] == "acknowledged")
    _pass_on(asking, asked, story)


def clarify(asking: Desk, asked: Desk, story: Story) -> None:
    story.step("A supplementary question, and its answer")
    asked.move(
        "question",
        "asks: in which time zone are the times of the connections given?",
        id="q1",
        text="In which time zone are the times of the connections given?",
    )
    asking.awaits("sees the question", lambda told: told["status"] == "supplementing")
    asking.move("answer", "answers: UTC.", question="q1", text="All times are UTC.")
    asked.awaits("sees the answer", lambda told: told["questions"][0]["answered"] is not None)


def execute(asking: Desk, asked: Desk, story: Story) -> None:
    story.step("Acceptance, a use limitation, and results in part")
    asked.move("decide", "accepts the request.", decision="accepted")
    asked.move(
        "limit",
        "sets a limit before anything is handed over.",
        id="l1",
        text="Not to be used for other proceedings than those named in the request without our consent.",
    )
    asking.awaits("sees the limit", lambda told: bool(told["limitations"]))
    asking.move("answer-limit", "accepts the limit.", limit="l1", accepted=True)
    asked.awaits("sees it accepted", lambda told: told["limitations"][0]["accepted"] is True)
    asked.move(
        "evidence",
        "hands over the subscriber data, by digest.",
        complete=False,
        items=[_item(1)],
        limits=["l1"],
    )
    case = asking.awaits("has the first results", lambda told: bool(told["evidence"]))
    story.tell(asking.name, f"the case is now {case['status']}")


def give_back(asking: Desk, asked: Desk, story: Story) -> None:
    story.step("The rest of the evidence, and the baton back with it")
    asked.move(
        "evidence", "hands over the traffic data: complete.", complete=True, items=[_item(2)], limits=["l1"]
    )
    case = asking.awaits("has all results", lambda told: len(told["evidence"]) == 2)
    story.show(show.evidence(case) or "")
    _pass_on(asked, asking, story)


def finish(asking: Desk, asked: Desk, story: Story) -> None:
    story.step("Closing, with what came of it")
    outcome = {
        "result": "executed",
        "used_in_proceedings": True,
        "victims_identified": 1,
        "arrests": 1,
        "note": "INVENTED, like everything in this example.",
    }
    asking.move("close", "closes, and tells the other side.", outcome=outcome)
    for desk in (asking, asked):
        case = desk.awaits("closes", lambda told: told["status"] == "closed")
        outcomes = [case[side] for side in ("outcome", "their_outcome") if case.get(side)]
        story.tell(
            f"{desk.name} {desk.ref}", f"closed; {'; '.join(show.outcome_words(each) for each in outcomes)}"
        )


def _pass_on(sender: Desk, receiver: Desk, story: Story) -> None:
    """The receiver accepts the open offer; both wait until the sender has confirmed it."""
    handoff = [each for each in receiver.case()["handoffs"] if each["status"] == "offered"][-1]["id"]
    receiver.move("accept", f"accepts {handoff}.", id=handoff)
    for desk in (sender, receiver):
        desk.awaits("sees the baton passed", lambda told: _standing(told, handoff) == "confirmed")
    held = [desk.case()["holder"]["house"] for desk in (sender, receiver)]
    story.tell("held by", f"{held[0]}, say both houses" if held[0] == held[1] else f"DIFFERENT: {held}")


def _standing(case: Json, handoff: str) -> str:
    return next((str(each["status"]) for each in case["handoffs"] if each["id"] == handoff), "")


def _item(number: int) -> Json:
    what = {1: "Subscriber data of the account (invented)", 2: "Connections of the account (invented)"}[
        number
    ]
    return {
        "id": f"e{number}",
        "description": what,
        "kind": "provider record",
        "sha256": "sha256:" + f"{number:x}" * 64,
        "size": 2048 * number,
        "custodian": "Field office Exampleville (invented)",
    }


# --- the proof ------------------------------------------------------------------------------------------


def prove(desks: tuple[Desk, Desk], story: Story) -> Json:
    """Verifies both ledgers, and that both chains of custody verify and are the same bytes."""
    story.step("The proof: both ledgers whole, one chain of custody")
    found: Json = {"ledgers": {}, "cases": {}, "custody": {}}
    for desk in desks:
        told = desk.people["auditor"].post("/ledger/verify", {})
        found["ledgers"][desk.name] = "no" if told["problems"] else "yes"
        found["cases"][desk.name] = {"ref": desk.ref, "status": desk.case()["status"]}
        story.show(Text.assemble(f"ledger of {desk.name}: ", show.verdict(found["ledgers"][desk.name])))
    chains = [desk.officer.get(case_path(desk.ref, "custody"), verify="true") for desk in desks]
    same = [chain["items"] for chain in chains]
    found["custody"] = {
        "passings": len(same[0]),
        "identical": _signed(same[0]) == _signed(same[1]),
        "verified": [chain["verification"]["verdict"] for chain in chains],
    }
    story.show(show_record.passings(same[0]))
    words = (
        "byte-identical in both houses" if found["custody"]["identical"] else "DIFFERENT in the two houses"
    )
    verified = "yes" if set(found["custody"]["verified"]) == {"yes"} else "no"
    story.show(Text.assemble(f"custody: {words}; every signature verified: ", show.verdict(verified)))
    return found


def proved(found: Json) -> bool:
    """Is everything as it must be?"""
    closed = all(case["status"] == "closed" for case in found["cases"].values())
    ledgers = set(found["ledgers"].values()) == {"yes"}
    custody = found["custody"]
    passed = custody["identical"] and custody["passings"] == 2 and set(custody["verified"]) == {"yes"}
    return closed and ledgers and passed


def _signed(chain: list[Json]) -> list[tuple[str, ...]]:
    return [tuple(each[part]["jws"] for part in ("offer", "acceptance", "confirmation")) for each in chain]


def show_it(var: Path, *, once: bool, console: Console) -> Shown:
    """`rogatory demo`: starts both houses, walks one case through, proves it, and stays up unless `once`."""
    story = Story(console)
    console.print(
        Rule("Rogatory: one request for assistance, from the question to its closing", align="left")
    )
    console.print("Everything in this example is invented: persons, accounts, authorities, file numbers.")

    def say(line: str) -> None:
        console.print(Text(line, style="dim"))

    with ending_on_signals(), running(var, say) as started:
        console.print(addresses(started))
        desks = [desk_of(started, name, story) for name in SAID]
        asking, asked = desks
        try:
            _older(asking, story)
            walk(asking, asked, story)
            found = prove((asking, asked), story)
        finally:
            for desk in desks:
                desk.close()
        good = proved(found)
        console.print()
        console.print(_last_words(asking, asked, good))
        if not once:
            console.print(addresses(started))
            wait(started, console)
    return Shown(found, lambda _: None, 0 if good else REFUSED)


def _older(asking: Desk, story: Story) -> None:
    rows = list(asking.officer.pages("/cases"))
    if rows:
        many = f"{len(rows)} cases of earlier are" if len(rows) > 1 else "1 case of earlier is"
        story.console.print(f"{many} still here (`rogatory list`).")


def _last_words(asking: Desk, asked: Desk, good: bool) -> RenderableType:
    if not good:
        return Text("Something is not as it must be: see the proof above.", style="bold red")
    return Text.assemble(
        ("Closed in both houses. ", "bold green"),
        f"Look again: rogatory show {asking.ref}; rogatory --help for the rest. In the other house: ",
        f"rogatory timeline {asked.ref} --house us",
    )
