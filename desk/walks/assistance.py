"""How does a request for mutual legal assistance go, from its draft to the evidence and the closing?"""

from __future__ import annotations

from datetime import UTC, datetime

from desk import show, show_parts
from desk.cli.given import body_of, case_path
from desk.story import Desk, Json, Story, request
from desk.walks.keeping import held
from schemas.errors import RogatoryError, Unavailable

BASIS = "de-us-mla"


def walk(asking: Desk, asked: Desk, story: Story, keeping: str, matter: str) -> None:
    """The whole life of one request that follows the preservation `keeping`. Raises what stopped it."""
    draft(asking, story, keeping, matter)
    issue(asking, story)
    approve(asking, story)
    dispatch(asking, asked, story)
    held(asking, story, keeping)
    acknowledge(asking, asked, story)
    hand_over(asking, asked, story)
    clarify(asking, asked, story)
    execute(asking, asked, story)
    give_back(asking, asked, story)
    finish(asking, asked, story)


# --- the steps ------------------------------------------------------------------------------------------


def draft(asking: Desk, story: Story, keeping: str | None = None, matter: str | None = None) -> None:
    story.step("The draft: filed as it is, with its gaps named; then mended")
    follows = {"follows": [keeping]} if keeping else {}
    filed = asking.officer.post("/cases", request("request.yml") | follows, matter=matter)
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
        "amend",
        "files examples/request-mended.yml in its place.",
        request=request("request-mended.yml") | follows,
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
    receipt = show_parts.short(sent["receipt"])
    story.tell(asked.name, f"received it as {asked.ref}; the signed receipt is {receipt}")
    story.tell("held by", f"{show_parts.holder(case['holder'])}: an offer transfers nothing")


def acknowledge(asking: Desk, asked: Desk, story: Story) -> None:
    story.step("Acknowledgement, and the baton: offered, accepted, confirmed")
    asked.move("acknowledge", "acknowledges, with a reference of its own.", their_ref=asked.ref)


def hand_over(asking: Desk, asked: Desk, story: Story) -> None:
    asking.awaits("sees the acknowledgement", lambda told: told["status"] == "acknowledged")
    pass_on(asking, asked, story)


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
    pass_on(asked, asking, story)


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


def pass_on(sender: Desk, receiver: Desk, story: Story) -> None:
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
