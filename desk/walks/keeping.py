"""How are data kept from vanishing while the request for them is being written? A letter to a provider."""

from __future__ import annotations

from desk import show
from desk.story import Desk, Json, Story, request

PROVIDER = "example-mail"


def walk(asking: Desk, story: Story, matter: str) -> str:
    """Asks the provider to keep the data; the reference of the case. Raises what stopped it."""
    story.step("Before anything is drafted: the data are to be kept, by the provider that holds them")
    filed = asking.people["liaison"].post("/cases", request("preservation-provider.yml"), matter=matter)
    asking.ref = filed["ref"]
    story.tell(
        f"{asking.name}, liaison", f"files examples/preservation-provider.yml as {asking.ref}, by night."
    )
    asking.move("approve", "a second person approves.", by="approver")
    asking.move("send", "writes to the provider itself (ETSI TS 103 120).", by="liaison")
    case = asking.awaits("knows that it is there", lambda told: told["status"] != "sent")
    if case["keeping"]["protection"] == "unprotected":
        story.tell("protection", "unprotected: a foreign letter alone binds nobody, so no end is shown.")
    case = asking.awaits("hears the provider", lambda told: told["keeping"]["protection"] == "told")
    _told(case, story)
    return asking.ref


def _told(case: Json, story: Story) -> None:
    kept, (period,) = case["keeping"], case["keeping"]["periods"]
    story.tell(
        "the provider (an emulator)",
        f"keeps them of its own will until {period['end'][:10]}, as {kept['provider_ref']}.",
    )
    story.show(show.deadlines(case) or "")


def held(asking: Desk, story: Story, keeping: str) -> None:
    """The request that had to follow went out: the preservation shows it, and is held for it."""
    told: list[Json] = []

    def look() -> bool:
        told[:] = [asking.case(keeping)]
        return bool(told[0]["keeping"]["followed"])

    story.until(f"{keeping} hears that the request went out", look)
    (followed,) = told[0]["keeping"]["followed"]
    story.tell(keeping, f"{told[0]['status']}: {followed['ref']} has followed, and the provider is told.")


def let_go(asking: Desk, story: Story, keeping: str) -> None:
    """The request was answered: the data need not be kept any longer."""
    story.until(
        f"{keeping} hears that the request was answered",
        lambda: asking.case(keeping)["status"] == "disclosed",
    )
    story.step("The data need not be kept any longer: the provider is let go")
    asking.ref = keeping
    asking.move("release-data", "lets the provider go: everything was disclosed.", reason="Disclosed.")
    asking.move("close", "closes the preservation.", outcome={"result": "executed"})
