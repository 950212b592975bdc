"""Does a rehearsal say whose each limit is, where an order goes to a provider past its State?"""

from __future__ import annotations

from desk.rehearsal import Played, calendar
from schemas.moves import Enforce
from tests.flow.invented import OFFICER_DE, START
from tests.flow.lawful import desk, to_produce
from tests.flow.ordering import EPOC, TOLD


def test_the_authority_that_enforces_owes_what_is_its_own_and_the_provider_the_rest() -> None:
    house = desk(to_produce(), EPOC)
    house.made(OFFICER_DE, TOLD)
    house.made(OFFICER_DE, Enforce(authority="Court in Dublin (invented)", reasons="no answer"))
    told = calendar(
        Played(
            assumption="straight",
            began=START,
            ended=START,
            whole=True,
            state=house.state,
            steps=[],
            reminders=[],
        )
    )
    owes = {(row["clock"], row["article"]): row["owes"] for row in told["deadlines"]}
    assert owes["waiting", "10(2)"]["provider"] == "example-cloud"
    assert owes["object", "17(2)"]["provider"] == "example-cloud", "an objection is the provider's own"
    for row in (("object", "12(1)"), ("enforce-decision", "16(2) last subparagraph")):
        assert owes[row]["function"] == "enforcing-authority", row
        assert (owes[row]["provider"], owes[row]["side"], owes[row]["state"]) == (None, "requested", "IE")
