"""Is the notice of an order to the authority that may object prepared, with the time the data wait for it?"""

from __future__ import annotations

from typing import Any

from fastapi.encoders import jsonable_encoder
from rich.console import Console

from desk.notifying import notification_of
from desk.show_post import notification
from schemas.moves import EnforcingAnswer
from schemas.vocabulary import Measure
from tests.flow.invented import OFFICER_DE, START
from tests.flow.lawful import Desk, days
from tests.flow.ordering import EMERGENCY, TOLD, order
from treaties.load import extended, shipped
from treaties.text import Content


def notice(house: Desk) -> dict[str, Any] | None:
    return notification_of(shipped(), house.state, START.date())


def seen(told: dict[str, Any]) -> str:
    """As a terminal shows it."""
    console = Console(width=200)
    with console.capture() as text:
        notification(jsonable_encoder(told), "DE-PRODUCTION-2026-00001")(console)
    return text.get()


def test_the_authority_the_steps_and_the_waiting_time_are_told_until_it_was_told() -> None:
    told = notice(order())
    assert told is not None
    assert (told["due"], told["told"], told["state"], told["suspends"]) == (True, None, "IE", True)
    (authority,) = told["authorities"]
    assert authority["name"].startswith("Criminal Justice International Cooperation Office")
    assert (told["waits"]["article"], told["waits"]["status"], told["objects"]) == ("10(2)", "running", None)
    assert len(told["steps"]) == 4
    text = seen(told)
    assert "10(2), running" in text
    assert "rogatory move DE-PRODUCTION-2026-00001 notified" in text


def test_once_told_the_time_to_object_runs_and_its_answer_stands_there() -> None:
    house = order()
    house.until(START + days(1))
    house.made(OFFICER_DE, TOLD)
    told = notice(house)
    assert told is not None
    assert (told["due"], told["authority"]) == (False, TOLD.authority)
    assert (told["objects"]["article"], told["objects"]["status"]) == ("12(1)", "running")
    assert "notified --set" not in seen(told)
    house.made(OFFICER_DE, EnforcingAnswer(answer="cleared", by_post=True, happened_at=house.now))
    told = notice(house)
    assert told is not None
    assert (told["answer"], told["waits"]["status"]) == ("cleared", "dropped")
    assert "cleared" in seen(told)


def test_an_authority_is_named_from_its_first_day_and_no_more_on_the_day_it_ended() -> None:
    day = START.date()
    office: dict[str, Content] = {
        "function": "e-evidence-enforcing",
        "instrument": "eu-eevidence",
        "source": "memory",
        "confidence": "memory",
        "recorded": "2026-11-21",
    }
    begun: Content = {**office, "id": "begun", "name": "Begun (invented)", "since": day.isoformat()}
    ended: Content = {**office, "id": "ended", "name": "Ended (invented)", "until": day.isoformat()}
    law = extended(shipped(), {"states/IE.yml": {"code": "IE", "authorities": [begun, ended]}})
    told = notification_of(law, order().state, day)
    assert told is not None
    names = [each["name"] for each in told["authorities"]]
    assert "Begun (invented)" in names
    assert "Ended (invented)" not in names


def test_nobody_is_told_of_subscriber_data_and_in_an_emergency_nothing_waits() -> None:
    assert notice(order(measures=(Measure.SUBSCRIBER_DATA,))) is None
    told = notice(order(emergency=EMERGENCY))
    assert told is not None
    assert told["suspends"] is False
    assert "they do not: an emergency" in seen(told)
