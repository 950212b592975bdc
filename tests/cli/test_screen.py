"""Can what others wrote steer, colour or mislead a person's terminal?"""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from desk import show, show_record
from desk.screen import REPLACED, Screen, plain

WIDTH = 80
NASTY = "\x1b[2Jgone\x9b31m\x07 [bold]x[/] :bomb: \u202eexe.fdp\u2069"


def drawn(*what: object, width: int = WIDTH) -> str:
    """What a terminal of that width would get, without colours."""
    out = io.StringIO()
    screen = Screen(file=out, width=width)
    for each in what:
        if callable(each):
            each(screen)
        else:
            screen.print(each)
    return out.getvalue()


@given(st.text())
def test_no_sign_that_a_terminal_obeys_gets_through(text: str) -> None:
    told = plain(text)
    assert not any(ord(sign) < 32 and sign not in "\t\n" for sign in told)
    assert not any(0x7F <= ord(sign) < 0xA0 for sign in told)
    assert len(told) == len(text)


def test_words_of_others_are_shown_and_not_obeyed() -> None:
    told = drawn(NASTY, Text(NASTY))
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert told.count("[bold]x[/] :bomb:") == 2
    assert REPLACED in told


STATE: dict[str, Any] = {
    "ref": "DE-MLA-2026-00001",
    "house": "de",
    "kind": "mla",
    "side": "outgoing",
    "status": "supplementing",
    "counterpart": {"state": "US", "house": "us", "ref": "US-MLA-2026-00001"},
    "holder": {"house": "us", "function": "central-authority", "actor": None},
    "held_since": "2026-11-21T19:55:00Z",
    "request": {"urgent": True, "urgency_reason": "Deletion is near.", "child_at_risk": True},
    "law": {
        "title": "Budapest Convention",
        "verdict": "yes",
        "articles": ["25(1)", "31"],
        "on": "2026-11-21",
        "good_until": None,
        "channel": "central-authority",
        "override": {"reason": "Thin law."},
    },
    "gaps": [
        {"code": "necessity", "field": "necessity", "article": "ICCPR 17", "blocking": True},
        {"code": "content", "field": "purpose", "article": "18(15)", "blocking": True},
        {"code": "issuance", "field": "", "article": "", "blocking": False},
    ],
    "deadlines": [
        {
            "clock": "acknowledge",
            "due": "2026-12-21T22:59:59Z",
            "owner": "central-authority",
            "status": "missed",
            "instrument": "",
            "article": "",
            "law": False,
        }
    ],
    "handoffs": [
        {
            "id": "DE-MLA-2026-00001.h1",
            "sender": {"house": "de", "function": "central-authority"},
            "receiver": {"house": "us", "function": "central-authority"},
            "status": "confirmed",
            "offered": "2026-11-21T19:50:00Z",
            "decided": "2026-11-21T19:55:00Z",
        }
    ],
    "questions": [{"id": "q1", "asked": "2026-11-21T19:56:00Z", "text": NASTY, "answer": ""}],
    "limitations": [{"id": "l1", "article": "28(2)(b)", "text": "Only here.", "accepted": None}],
    "decisions": [{"decision": "refused", "at": "2026-11-21T20:00:00Z", "grounds": ["ordre-public"]}],
    "evidence": [{"id": "e1", "kind": "log", "sha256": "sha256:" + "a" * 64, "custodian": "Office"}],
    "outbox": [{"id": "de.x.m1", "event": "arrive", "status": "refused", "problem": "unknown-key"}],
    "outcome": {"result": "executed", "used_in_proceedings": False, "arrests": 2},
    "their_outcome": {"result": "executed", "victims_identified": 1},
    "legal_hold": True,
    "attention": ["message-refused"],
}

SAID = (
    "supplementing",
    "us, central authority, since 2026-11-21 19:55",
    "their reference US-MLA-2026-00001",
    "Deletion is near.; a child is at risk",
    "Budapest Convention (yes)",
    "Thin law.",
    "content: purpose 18(15) stops the sending",
    "acknowledge 2026-12-21 22:59",
    "our own practice",
    "DE-MLA-2026-00001.h1",
    "not answered",
    "ordre-public",
    "aaaaaaaa…",
    "unknown-key",
    "executed; not used in proceedings; arrests: 2",
    "executed; victims identified: 1",
    "message-refused",
)


@pytest.mark.parametrize("width", [80, 120])
def test_a_case_is_told_whole_and_fits(width: int) -> None:
    told = drawn(show.case(STATE), width=width)
    words = " ".join(told.split())
    assert [part for part in SAID if part not in words] == []
    assert max(map(len, told.splitlines())) <= width
    assert "\x1b" not in told


def test_a_liaison_gets_what_a_liaison_may_see() -> None:
    seen = {
        "ref": "DE-MLA-2026-00001",
        "side": "outgoing",
        "status": "sent",
        "holder": {"house": "de", "function": "central-authority"},
        "held_since": "2026-11-21T19:55:00Z",
        "next_due": None,
        "their_ref": None,
        "sight": "status",
    }
    assert "held by de, central authority" in " ".join(drawn(show.case(seen)).split())
    assert "DE-MLA-2026-00001" in drawn(show.docket([seen]))


def test_an_empty_list_says_so() -> None:
    assert drawn(show.docket([])) == "No case answers to that.\n"


def test_a_timeline_tells_moves_and_what_moved_nothing() -> None:
    entries: list[dict[str, Any]] = [
        {"move": 1, "at": "2026-11-21T19:50:00Z", "house": "de", "actor": "officer", "event": "file"},
        {
            "move": None,
            "at": "2026-11-21T19:51:00Z",
            "house": "de",
            "actor": "officer",
            "event": "refused",
            "detail": {"code": "gaps"},
        },
    ]
    told = drawn(show_record.timeline(entries)).splitlines()
    assert told[1].split() == ["1", "2026-11-21", "19:50", "de/officer", "file"]
    assert told[2].split() == ["·", "2026-11-21", "19:51", "de/officer", "refused", "gaps"]


def test_a_chain_that_does_not_verify_says_what_failed() -> None:
    chain = {
        "items": [
            {"id": "h1", "sender": "de", "receiver": "us", "status": "confirmed", "offer": {"digest": "x"}}
        ],
        "verification": {
            "claim": "custody.chain",
            "verdict": "no",
            "children": [
                {
                    "claim": "custody.accepts",
                    "verdict": "no",
                    "slots": {"expected": "accept", "found": "other about"},
                    "children": [],
                }
            ],
        },
    }
    told = drawn(show_record.custody(chain))
    assert "every signature verified: no" in told
    assert "custody.accepts: expected accept, found other about" in told


def test_the_list_is_whole_in_eighty_columns_whatever_needs_a_look() -> None:
    row = {
        "ref": "DE-PRES-2026-00005",
        "side": "outgoing",
        "status": "partly-executed",
        "holder": {"house": "de", "function": "24-7-point"},
        "held_since": "2026-11-21T19:55:00Z",
        "next_due": "2026-12-09T23:00:00Z",
        "next_clock": "arrest-to-papers-may",
        "counterpart_state": "US",
        "attention": [f"post-by-hand:de.de-pres-2026-00005.m{n}.6de5238b" for n in (4, 9)] + ["unprotected"],
    }
    told = drawn(show.docket([row]), width=80)
    words = " ".join(told.split())
    assert max(map(len, told.splitlines())) <= 80
    for whole in ("DE-PRES-2026-00005 → US partly-executed", "24/7", "2026-11-21", "2026-12-09"):
        assert whole in words
    assert "DE-PRES-2026-00005 post-by-hand (2), unprotected" in words


def test_a_case_with_nothing_of_its_kind_has_no_empty_heading() -> None:
    empty: dict[str, Any] = {
        "detentions": [],
        "alerts": [],
        "assurances": [],
        "consent": None,
        "papers_received": None,
    }
    empty |= {"court": [], "competitors": [], "days": [], "surrenders": [], "discharged": None}
    told = drawn(show.case({**STATE, "person": {**empty, "proceedings": []}}))
    assert "The person" not in told


def test_a_paper_case_says_what_can_be_recorded_and_whose_word_a_limit_is() -> None:
    limit = {**STATE["deadlines"][0], "law": False, "count": "set-by-the-other-side", "owner": "24-7-point"}
    alone = {"state": "US", "ref": None, "house": None, "provider": None}
    seen = {**STATE, "counterpart": alone, "deadlines": [limit], "recordable": ["acknowledge", "decide"]}
    words = " ".join(drawn(show.case(seen), width=120).split())
    assert "to record acknowledge, decide" in words
    assert "24/7 point" in words
    assert "their word" in words
    with_house = {**seen, "counterpart": {**alone, "house": "us"}}
    assert "to record" not in drawn(show.case(with_house))
