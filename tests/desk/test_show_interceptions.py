"""Does a terminal show the notice of an interception, and an auditor only its moments?"""

from __future__ import annotations

from rich.console import Console

from desk import views
from desk.show_kinds import interceptions
from schemas.case import CaseState
from schemas.moves import AnswerNotice
from tests.flow.invented import OFFICER_DE
from tests.flow.lawful import desk, to_intercept
from tests.flow.ordering import TOLD

WHY = "Not before a court there (invented)."


def noticed() -> CaseState:
    house = desk(to_intercept(), "eu-eio")
    house.made(OFFICER_DE, TOLD)
    house.made(OFFICER_DE, AnswerNotice(answer="objects", product="conditions", reasons=WHY, by_post=True))
    return house.state


def test_the_answer_stands_beside_the_notice() -> None:
    console = Console(width=200)
    with console.capture() as text:
        console.print(interceptions(views.full(noticed())))
    for word in (TOLD.authority, "objects", "product: conditions"):
        assert word in text.get(), word
    assert interceptions(views.full(desk(to_intercept(), "eu-eio").state)) is None


def test_an_auditor_reads_no_word_of_it() -> None:
    told = str(views.audited(noticed()))
    assert "'answer': 'objects'" in told
    assert WHY not in told
    assert TOLD.authority not in told
