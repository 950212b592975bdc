"""Do the pages say of ways by hand what the letters' own steps say, in the reader's language?"""

from __future__ import annotations

import pytest

from desk.web import postal
from desk.web.refusals import SLOT, told
from desk.web.words import catalog
from letters.carriers.manual import MANUAL
from letters.carriers.outcomes import Outcome
from letters.channels import HTTP, MAIL, Health, choose
from tests.letters.test_channels import law
from tests.web.conftest import Screen
from tests.web.samples import Samples

ENGLISH = ("failed", "leaves", "instead", "agreed", "channel", "http")


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_every_way_by_hand_is_told_in_every_language(language: str) -> None:
    for way in MANUAL.values():
        for text in (way.title, *way.steps, way.posted, way.received):
            said = catalog(language).gettext(text)
            assert said != text
            assert sorted(SLOT.findall(said)) == sorted(SLOT.findall(text))


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_why_a_letter_went_its_way_is_told_in_every_language(language: str) -> None:
    health, answered = Health(), law("electronic")
    for _ in range(3):
        health.failed(HTTP, "us", Outcome.RETRY)
    choices = [
        choose(answered, "us", [HTTP, MAIL], Health()),
        choose(answered, "us", [HTTP, MAIL], health),
        choose(law("diplomatic"), "us", [HTTP], Health()),
        choose(None, "us", [HTTP], health),
    ]
    for choice in choices:
        for part in filter(None, (choice.why, choice.besides)):
            said = postal.reason(language, part)
            assert said != part
            assert not any(
                word in said for word in ("failed", "leaves", "instead", "agreed", "channel", "http")
            )
    said = postal.reason("en", "central-authority leaves the form open")
    assert "central-authority" not in said, "nobody reads codes on a page"


async def test_the_steps_stand_in_the_readers_language_and_lead_to_the_form(
    full_screen: Screen, samples: Samples
) -> None:
    officer = full_screen.signed_in("officer", "fr")
    await officer.get(f"/desk/case/{samples.paper}")
    steps = [
        " ".join(each.text_content().split()) for each in officer.tree.cssselect("#letters ~ details ol li")
    ]
    assert steps
    assert told("fr", MANUAL["paper"].steps[0]) in steps
    assert not any("rogatory" in step for step in steps), "nobody types commands into a page"
    (link,) = {each.get("href") for each in officer.tree.cssselect("#letters ~ details a")}
    await officer.get(link)
    assert officer.last is not None
    assert officer.last.status_code == 200
    assert catalog("fr").gettext("Record that it was posted")
    chosen = officer.tree.cssselect("[name=message] option[selected], [name=message][checked]")
    assert [each.get("value") for each in chosen] == [link.rpartition("=")[2]]
