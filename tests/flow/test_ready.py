"""Is a request ready to go: in a language they take, on a ground, with the data kept first?"""

from __future__ import annotations

from typing import Any

from schemas.errors import NotFound, WrongMove
from schemas.ids import digest
from schemas.moves import Amend, Approve, Arrive, Decide, Evidence, LinkCase, Send, Translated
from schemas.request import Attachment
from tests.flow.invented import APPROVER_DE, OFFICER_DE, OFFICER_US, item, request
from tests.flow.paper import Pair, refused

PAPER = Attachment(name="request-fr.pdf", media_type="application/pdf", size=1, digest=digest(b"in French"))


def pair(law: dict[str, Any] | None = None, **changes: Any) -> Pair:
    """Germany has filed, under a law that says so much of languages."""
    pair = Pair()
    pair.de.hands.law = law or {}
    pair.filed(**changes)
    return pair


def codes(pair: Pair) -> dict[str, bool]:
    return {gap.code: gap.blocking for gap in pair.de.state.gaps if gap.code != "issuance"}


# --- language -------------------------------------------------------------------------------------------


def test_a_language_they_do_not_take_wants_a_translation() -> None:
    asked = pair({"languages": ("fr", "it")})
    assert codes(asked) == {"translation": True}
    error = refused(asked.de, WrongMove, "gaps", APPROVER_DE, Approve())
    assert "translation fr,it" in error.what
    asked.de.move(OFFICER_DE, Translated(language="es", translator="J. Doe (invented)"))
    assert codes(asked) == {"translation": True}
    asked.de.move(OFFICER_DE, Translated(language="fr", translator="J. Doe (invented)"))
    assert codes(asked) == {}
    assert asked.de.move(APPROVER_DE, Approve()).status == "approved"


def test_where_certified_translations_are_asked_for_another_does_not_do() -> None:
    asked = pair({"languages": ("fr",), "certified_translation": True})
    asked.de.move(OFFICER_DE, Translated(language="fr", translator="J. Doe (invented)"))
    assert codes(asked) == {"certification": True}
    asked.de.move(OFFICER_DE, Translated(language="fr", translator="J. Doe (invented)", certified=True))
    assert codes(asked) == {}


def test_a_language_they_take_and_one_nobody_knows_want_none() -> None:
    assert codes(pair({"languages": ("en",), "certified_translation": True})) == {}
    assert codes(pair({"languages": ()})) == {}


def test_another_draft_wants_another_translation() -> None:
    asked = pair({"languages": ("fr",)})
    asked.de.move(OFFICER_DE, Translated(language="fr", translator="J. Doe (invented)"))
    asked.de.move(OFFICER_DE, Amend(request=request()))
    assert asked.de.state.translations == []
    assert codes(asked) == {"translation": True}


def test_a_translation_that_is_named_travels_with_the_request() -> None:
    ground = "needed for the prosecution (invented)"
    asked = pair({"languages": ("fr",)}, data_protection_ground=ground)
    named = Translated(language="fr", translator="J. Doe (invented)", document=PAPER.digest)
    refused(asked.de, NotFound, "unknown-document", OFFICER_DE, named)
    asked.de.move(OFFICER_DE, Amend(request=request(attachments=(PAPER,), data_protection_ground=ground)))
    asked.de.move(OFFICER_DE, named)
    asked.de.move(APPROVER_DE, Approve())
    asked.de.move(OFFICER_DE, Send())
    body = asked.de.hands.letters[asked.de.state.outbox[0].id].body
    assert isinstance(body, Arrive)
    assert body.request.attachments == (PAPER,)


# --- personal data --------------------------------------------------------------------------------------


def test_personal_data_go_on_a_ground_which_is_kept_with_each_letter() -> None:
    personal = {"identifiers": {"account": "user-1@mail.example"}}
    bare = pair(**personal)
    assert codes(bare) == {"data-protection-ground": True}
    refused(bare.de, WrongMove, "gaps", APPROVER_DE, Approve())
    assert bare.de.move(APPROVER_DE, Approve(override="told by telephone")).status == "approved"
    asked = Pair()
    asked.be_taken(**personal, data_protection_ground="needed for the prosecution (invented)")
    asked.us.move(OFFICER_US, Decide(decision="accepted"))
    ground = "the treaty, and our own law (invented)"
    asked.us.move(OFFICER_US, Evidence(complete=True, items=(item(),), data_protection_ground=ground))
    asked.carry_all()
    told = {letter.event: letter.ground for house in (asked.de, asked.us) for letter in house.state.outbox}
    assert told["arrive"] == "needed for the prosecution (invented)"
    assert told["evidence"] == ground
    assert told["acknowledge"] == told["accept"] == told["decide"] == ""


# --- data that may vanish -------------------------------------------------------------------------------


def test_data_that_may_vanish_are_kept_first_or_it_is_said_why_not() -> None:
    assert codes(pair(no_preservation=None)) == {"preservation-first": False}
    assert codes(pair(no_preservation=None, follows=("DE-PRES-2026-00001",))) == {}
    assert codes(pair(no_preservation=None, spontaneous=True)) == {}
    assert codes(pair(no_preservation=None, measures=("testimony",))) == {}
    linked = pair(no_preservation=None)
    linked.de.move(OFFICER_DE, LinkCase(ref="DE-PRES-2026-00001", why="related"))
    assert codes(linked) == {"preservation-first": False}
    linked.de.move(OFFICER_DE, LinkCase(ref="DE-PRES-2026-00001", why="follows"))
    assert codes(linked) == {}
