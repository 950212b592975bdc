"""How does an extradition go, from the provisional arrest to the day of surrender and the closing?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from desk import show
from desk.story import Desk, Json, Story, request
from desk.walks.assistance import pass_on

COURT = "United States District Court, Example District (invented)"


def seek(asking: Desk, asked: Desk, story: Story, matter: str) -> None:
    """Until the person is arrested. Raises what stopped it."""
    ask_for_arrest(asking, asked, story, matter)
    arrest(asking, asked, story)


def carry_out(asking: Desk, asked: Desk, story: Story) -> None:
    """From the papers to the closing. Raises what stopped it."""
    hear(asking, asked, story)
    grant(asking, asked, story)
    hand_over(asking, asked, story)


def ask_for_arrest(asking: Desk, asked: Desk, story: Story, matter: str) -> None:
    story.step("The suspect is found abroad: arrest is asked for, ahead of the papers")
    filed = asking.officer.post("/cases", request("extradition-de-us.yml"), matter=matter)
    asking.ref = filed["ref"]
    story.tell(f"{asking.name}, officer", f"filed examples/extradition-de-us.yml as {asking.ref}.")
    asking.move(
        "issue",
        "the court that wants the person issues the request.",
        by="issuing-authority",
        capacity="issued",
        authority="Amtsgericht Musterstadt (invented), investigating judge",
        function="judge",
        signed_on=datetime.now(UTC).isoformat(),
    )
    asking.move(
        "alert",
        "notes the red notice: a reference, and nothing more.",
        source="interpol-red-notice",
        reference="A-0000/11-2026 (invented)",
    )
    asking.move("approve", "somebody else approves.", by="approver", **_despite(asking.case()))
    asking.move("send", "asks for provisional arrest by the fastest way.", papers_follow=True)
    asked.finds(asking.ref)
    asking.awaits("has the signed receipt", lambda told: told["outbox"][0]["receipt"] is not None)
    pass_on(asking, asked, story)


def arrest(asking: Desk, asked: Desk, story: Story) -> None:
    story.step("Arrested: from this moment every clock of the detention runs, in both houses")
    person = asked.case()["request"]["person"]["id"]
    asked.move("arrest", "the person was arrested.", person=person, authority="US Marshals (invented)")
    asking.awaits("hears of the arrest", lambda told: told["status"] == "arrested")


def hear(asking: Desk, asked: Desk, story: Story) -> None:
    story.step("The papers, the court, the questions of human rights, and an assurance")
    asking.move("papers", "sends the papers.", note="Warrant, statement of facts, law (invented).")
    asked.awaits("has the papers", lambda told: told["person"]["papers_received"] is not None)
    story.tell(asked.name, "has the papers: what was waiting for them is met by their receipt.")
    asked.move("acknowledge", "acknowledges, with a reference of its own.", their_ref=asked.ref)
    asked.move("court", "the first appearance.", stage="opened", authority=COURT)
    asked.move(
        "ask-assurance",
        "wants an assurance before anything is granted.",
        id="a1",
        about="speciality",
        text="That the person is tried for nothing else than what surrender is granted for.",
    )
    asking.awaits("sees what is wanted", lambda told: bool(told["person"]["assurances"]))
    asking.move(
        "assurance",
        "gives it.",
        id="a1",
        text="The rule of speciality will be kept (invented).",
        given_by="Federal Office of Justice (invented)",
    )
    asked.awaits("has it", lambda told: told["person"]["assurances"][0]["given"] is not None)
    asked.move("check-assurance", "finds it sufficient.", id="a1", sufficient=True, note="Binding.")
    for gate in _open_gates(asked.case()):
        asked.move(
            "answer-gate", f"answers: {gate}.", gate=gate, answer="clear", note="Looked at; nothing found."
        )
    asked.move("court", "finds surrender lawful.", stage="committed", authority=COURT)


def grant(asking: Desk, asked: Desk, story: Story) -> None:
    story.step("The decision of the executive, and the appointed day")
    asked.move("to-minister", "the case goes to the executive.", authority="Department of State (invented)")
    asked.move("decide", "surrender is granted.", decision="accepted")
    # the day is appointed for now, so that the example need not wait for it
    on = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    asked.move("fix-surrender", "place and day are fixed.", on=on, place="Airport Exampleville (invented)")
    case = asking.awaits("knows the day", lambda told: told["status"] == "surrender-fixed")
    story.show(show.deadlines(case) or "")


def hand_over(asking: Desk, asked: Desk, story: Story) -> None:
    story.step("Handed over, and what remains: the rule of speciality")
    asked.move("surrendered", "handed over.", place="Airport Exampleville (invented)", custody_days=0)
    asking.awaits("has the person", lambda told: told["status"] == "surrendered")
    asking.move("discharged", "tried, discharged and free to leave (a year in an example's second).")
    asking.move(
        "close",
        "closes, and tells the other side.",
        outcome={"result": "executed", "arrests": 1, "convictions": 1, "note": "INVENTED."},
    )
    for desk in (asking, asked):
        desk.awaits("closes", lambda told: told["status"] == "closed")


def _open_gates(case: Json) -> list[str]:
    answered = {each["gate"] for each in case["gates"]}
    asked = case["law"]["gates"]
    return [gate for gate, each in asked.items() if each["mandatory"] and gate not in answered]


def _despite(case: Json) -> dict[str, str]:
    """An approver may go on in spite of gaps, and says why: the treaty's own words were not read."""
    blocking = sorted({gap["code"] for gap in case["gaps"] if gap["blocking"]})
    if not blocking:
        return {}
    return {"override": f"INVENTED. The person is about to leave; still open: {', '.join(blocking)}."}
