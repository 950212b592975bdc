"""Is everything told that is wrong with a draft, with its place and the way out?"""

from __future__ import annotations

from typing import Any

import pytest

from schemas.errors import BadInput, RogatoryError, UnknownWord
from tests.workshop.proposal.asked import DAY, faults
from tests.workshop.small import act, draft
from treaties.draft import draft_of
from treaties.proposal import considered
from treaties.registry import Registry


@pytest.mark.parametrize(
    ("content", "where", "words"),
    [
        ({"acts": [act("IE", "ratified", "2026-11-16", "pakt")]}, "acts.0.instrument", "did you mean pact"),
        ({"acts": [act("IR", "ratified", "2026-11-16")]}, "acts.0.state", "did you mean IE or FR"),
        ({"acts": [act("IE", "ratifid", "2026-11-16")]}, "acts.0.act", "did you mean ratified"),
        ({"acts": [act("IE", "ratified", "16.11.2026")]}, "acts.0.on", "16.11.2026"),
        ({"acts": [act("IE", "ratified", "2026-11-16", foo="x")]}, "acts.0.foo", "mend the field's name"),
        ({"acts": [act("IE", "ratified", "2026-11-16", source="chrt")]}, "acts.0.source", "chart"),
        ({"acts": [act("IE", "ratified", "2026-11-16", recorded="2020-01-01")]}, "recorded", "leave it out"),
        ({"acts": [{"instrument": "pact", "act": "ratified", "on": "2026-11-16"}]}, "acts.0, state", "add"),
        ({"rules": [{"instrument": "pact", "list": "deadline", "id": "x"}]}, "rules.0.list", "deadlines"),
        ({"retract": [{"fact": "pact:IE.signed.2002-02-28", "reason": " "}]}, "retract.0.reason", "reason"),
        ({"retract": [{"fact": "pact:IE.sined.2002", "reason": "x"}]}, "retract.0.fact", "IE.signed"),
        ({"acts": [act("DE", "in-force", "2009-07-01")]}, "acts.0", "retract that one"),
        ({"instruments": [{"key": "x", "title": "X", "form": "bilaterl"}]}, "instruments.0", "bilateral"),
        ({"acts": [act("IE", "signed", "2000-12-31")]}, "IE.signed.2000-12-31", "mend the day"),
        ({"acts": [act("DE", "in-force", "2009-07-02")]}, "DE.in-force.2009-07-02", "retract the wrong one"),
        (
            {"acts": [act("IE", "ratified", "2026-11-16"), act("IE", "in-force", "2026-11-01")]},
            "acts.1: pact:IE.in-force.2026-11-01",
            "provisionally applied",
        ),
        (
            {"acts": [act("IE", "suspended", "2027-03-01", until="2027-01-01")]},
            "IE.suspended.2027-03-01",
            "mend the span",
        ),
        ({"acts": [act("IE", "in-force", "2001-12-31")]}, "IE.in-force.2001-12-31", "mend the day"),
        ({"acts": [act("IE", "relations-excluded", "2027-01-01")]}, "relations-excluded", "other State"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_the_way_out(
    law: Registry, content: dict[str, Any], where: str, words: str
) -> None:
    found = faults(law, **content)
    assert any(where in one.where and words in f"{one.what} {one.next_step}" for one in found), found


def test_every_fault_is_told_and_not_only_the_first(law: Registry) -> None:
    rows = [act("IE", "ratifid", "2026-11-16"), act("XX", "signed", "x"), act("FR", "signed", "2027-13-01")]
    assert {one.where.partition(",")[0] for one in faults(law, acts=rows)} >= {
        "acts.0.act",
        "acts.1.state",
        "acts.2.on",
    }


def test_the_same_row_twice_in_one_draft_is_one_too_many(law: Registry) -> None:
    row = act("IE", "ratified", "2026-11-16")
    assert faults(law, acts=[row, row])


def test_what_was_retracted_is_not_retracted_again(law: Registry) -> None:
    rows = [{"fact": "pact:IE.signed.2002-02-28", "reason": "misread"}]
    after = considered(law, draft(retract=rows), DAY).after
    assert "already" in faults(after, retract=rows)[0].what


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ([], BadInput),
        ({"title": "x"}, BadInput),
        ({"acts": [act("IE", "signed", "2020-01-01")]}, BadInput),
        ({"title": "x", "act": []}, UnknownWord),
        ({"title": "x", "acts": {}}, BadInput),
        ({"title": "x", "acts": ["IE"]}, BadInput),
        ({"title": "x", "defaults": {"recorded": "2020-01-01"}, "acts": [{}]}, UnknownWord),
        ({"title": "x" * 300, "acts": [{}]}, BadInput),
        ({"title": "x", "acts": [{}] * 5001}, BadInput),
    ],
)
def test_what_is_no_draft_is_refused(content: Any, kind: type[RogatoryError]) -> None:
    with pytest.raises(kind):
        draft_of(content, lambda path: ".".join(path))
