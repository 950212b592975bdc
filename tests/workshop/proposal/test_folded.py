"""What does an accepted draft change, and what does it leave to be asked?"""

from __future__ import annotations

from datetime import date
from typing import Any

from schemas.law import Completeness, Entry, PartyAct
from schemas.reasoning import Question
from schemas.vocabulary import Kind
from tests.workshop.proposal.asked import DAY, faults
from tests.workshop.small import act, draft
from treaties.basis import find_bases
from treaties.draft import draft_again, draft_json, draft_of
from treaties.force import linked
from treaties.proposal import considered
from treaties.registry import Registry
from treaties.reliance import reliance
from treaties.standing import bound
from treaties.text import dump, parse


def test_an_accession_is_folded_and_recorded_on_the_day(law: Registry) -> None:
    found = considered(
        law, draft(acts=[act("ie", "ratified", "2026-11-16"), act("IE", "in-force", "2027-03-01")]), DAY
    )
    assert found.faults == ()
    assert [(one.change, one.fact) for one in found.differences] == [
        ("added", "pact:IE.ratified.2026-11-16"),
        ("added", "pact:IE.in-force.2027-03-01"),
    ]
    assert {one.row.recorded for one in found.differences if isinstance(one.row, PartyAct)} == {DAY}
    assert found.after.edition != law.edition
    assert bound(found.after, "pact", "IE", date(2027, 2, 28)).verdict == "no"
    assert bound(found.after, "pact", "IE", date(2027, 3, 1)).verdict == "yes"
    assert bound(law, "pact", "IE", date(2027, 3, 1)).verdict == "no"


def test_what_is_put_right_is_retracted_and_the_old_belief_stays_to_be_asked(law: Registry) -> None:
    found = considered(
        law,
        draft(
            retract=[{"fact": "pact:DE.in-force.2009-07-01", "reason": "misread"}],
            acts=[act("DE", "in-force", "2009-07-02")],
        ),
        DAY,
    )
    assert found.faults == ()
    assert {(one.change, one.fact) for one in found.differences} == {
        ("retracted", "pact:DE.in-force.2009-07-01"),
        ("added", "pact:DE.in-force.2009-07-02"),
    }
    day = date(2009, 7, 1)
    assert bound(found.after, "pact", "DE", day).verdict == "no"
    assert bound(found.after.known_on(date(2026, 11, 21)), "pact", "DE", day).verdict == "yes"
    assert bound(found.after.known_on(DAY), "pact", "DE", day).verdict == "no"


def test_lists_entries_authorities_rules_and_new_things_all_have_their_section(law: Registry) -> None:
    found = considered(
        law,
        draft(
            sources=[{"key": "gazette", "title": "Gazette, invented"}],
            states=[{"code": "KR", "name": "Korea", "source": "gazette", "confidence": "read"}],
            instruments=[
                {
                    "key": "ie-kr-mla",
                    "title": "Treaty",
                    "form": "bilateral",
                    "kinds": ["mla"],
                    "states": ["IE", "KR"],
                    "entry": {"on": "2027-01-01"},
                    "provisions": [
                        {"id": "2.reach", "article": "2", "role": "reach", "force": "duty", "kinds": ["mla"]}
                    ],
                }
            ],
            offences=[
                {
                    "slug": "fraud",
                    "name": "Fraud",
                    "conduct": "deceit for gain",
                    "articles": [{"instrument": "pact", "article": "3"}],
                }
            ],
            acts=[act("IE", "in-force", "2027-01-01", "ie-kr-mla")],
            retract=[
                {"fact": "pact:complete", "reason": "a newer list"},
                {"fact": "pact:entry", "reason": "a day early"},
                {"fact": "IE:mla-in", "reason": "moved"},
            ],
            complete=[{"instrument": "pact", "as_of": "2026-11"}],
            entries=[{"instrument": "pact", "on": "2002-01-02"}],
            authorities=[{"state": "IE", "id": "mla-2026", "function": "mla-in", "name": "Another"}],
            rules=[
                {
                    "instrument": "pact",
                    "list": "deadlines",
                    "id": "9.limit",
                    "article": "9",
                    "event_from": "receipt",
                    "event_to": "answer",
                    "amount": 30,
                    "unit": "days",
                }
            ],
        ),
        DAY,
    )
    assert found.faults == ()
    after = found.after
    complete, entry = after.complete("pact"), after.rulebook("pact").entry
    assert complete is not None
    assert entry is not None
    assert isinstance(complete.row, Completeness)
    assert isinstance(entry.row, Entry)
    assert (complete.row.as_of, entry.row.on) == ("2026-11", date(2002, 1, 2))
    assert [held.row.name for held in after.practice("IE").authorities] == ["Another"]
    assert [held.row.amount for held in after.rulebook("pact").deadlines] == [30]
    assert linked(after, "ie-kr-mla", "KR", "IE", date(2027, 1, 1)).verdict == "yes"
    assert [held.row.article for held in after.criminalised("fraud")] == ["3"]
    assert after.offences["fraud"].articles[0].recorded == DAY
    # Of the list and the entry the ones before are kept, retracted, for whoever looks back.
    assert [row.retracted is not None for row in after.completeness["pact"]] == [True, False]
    known = after.known_on(date(2026, 11, 21)).complete("pact")
    assert known is not None
    assert known.row.as_of == "2025-12-31"


def test_an_article_is_added_to_a_known_offence_and_taken_away_again(law: Registry) -> None:
    first = considered(
        law, draft(offences=[{"slug": "fraud", "name": "Fraud", "conduct": "deceit for gain"}]), DAY
    ).after
    row = {"offence": "fraud", "instrument": "pact", "article": "3"}
    second = considered(first, draft(criminalised=[row]), DAY)
    assert [one.fact for one in second.differences] == ["offences:fraud.pact.3"]
    third = considered(
        second.after, draft(retract=[{"fact": "offences:fraud.pact.3", "reason": "misread"}]), DAY
    )
    assert third.faults == ()
    assert third.after.criminalised("fraud") == ()


def test_a_question_of_human_rights_is_added_and_its_text_taken_away_again(law: Registry) -> None:
    gate = {
        "gate": "fair-trial",
        "name": "Fair trial",
        "asks": "Will the trial be fair?",
        "cure": "an assurance",
        "evaluates": "question",
        "authorities": [{"instrument": "pact", "article": "5"}],
    }
    first = considered(law, draft(gates=[gate]), DAY)
    assert first.faults == ()
    rows = [{"gate": "fair-trial", "instrument": "pact", "article": "6"}]
    second = considered(first.after, draft(gate_authorities=rows), DAY)
    assert [one.fact for one in second.differences] == ["gates:fair-trial.pact.6"]
    fact = {"fact": "gates:fair-trial.pact.5", "reason": "another article"}
    third = considered(second.after, draft(retract=[fact]), DAY)
    assert third.faults == ()
    standing = [row.article for row in third.after.gates["fair-trial"].authorities if row.retracted is None]
    assert standing == ["6"]
    question = Question("FR", "US", Kind.MLA, (), DAY)
    how = reliance(find_bases(second.after, question), find_bases(third.after, question), third.differences)
    assert how is not None
    assert how.gates == ("fair-trial",)


PROVIDER = {
    "key": "example-cloud",
    "name": "Example Cloud (invented)",
    "state": "IE",
    "addressee": "legal-representative",
    "ways": ["portal", "letter"],
    "languages": ["en"],
    "proof": "the order itself, signed",
    "invented": "true",
}


def test_a_provider_is_added_with_its_source_and_taken_away_again(law: Registry) -> None:
    first = considered(law, draft(providers=[PROVIDER]), DAY)
    assert first.faults == ()
    assert [(one.change, one.fact) for one in first.differences] == [("new", "providers/example-cloud")]
    added = first.after.providers["example-cloud"]
    assert (added.recorded, added.source, added.ways) == (DAY, "chart", ("portal", "letter"))
    assert first.after.known_on(date(2026, 11, 21)).providers == {}
    again = considered(first.after, draft(providers=[PROVIDER]), DAY)
    assert "recorded already" in again.faults[0].what
    fact = {"fact": "providers:example-cloud", "reason": "closed down"}
    gone = considered(first.after, draft(retract=[fact]), DAY)
    assert gone.faults == ()
    assert [(one.change, one.fact, one.state) for one in gone.differences] == [
        ("retracted", "providers:example-cloud", "IE")
    ]
    retracted = gone.after.providers["example-cloud"].retracted
    assert retracted is not None
    assert retracted.reason == "closed down"
    assert faults(gone.after, retract=[fact])[0].what.startswith("It was retracted")


def test_a_provider_without_a_source_or_with_a_wrong_word_is_refused(law: Registry) -> None:
    content = {"title": "t", "providers": [{**PROVIDER, "confidence": "memory"}]}
    whole = draft_of(content, lambda path: ".".join(path))
    [problem] = considered(law, whole, DAY).faults
    assert "source" in f"{problem.where} {problem.what}"
    for field, wrong in (("source", "nowhere"), ("state", "XQ"), ("ways", ["pigeon"]), ("key", "No Key")):
        found = faults(law, providers=[{**PROVIDER, field: wrong}])
        assert len(found) == 1, field
        assert str(wrong).strip("[]'") in f"{found[0].where} {found[0].what}", found[0]


def test_a_draft_reads_the_same_from_text_and_after_it_was_kept(law: Registry) -> None:
    content: dict[str, Any] = {
        "title": "Ireland ratifies",
        "reason": "notified",
        "defaults": {"source": "chart", "confidence": "read"},
        "acts": [act("IE", "ratified", "2026-11-16"), act("IE", "in-force", None)],
    }
    text = dump({**content, "acts": [act("IE", "ratified", "2026-11-16"), act("IE", "in-force", "unknown")]})
    from_text = draft_of(parse(text), lambda path: ".".join(path))
    from_json = draft_of(content, lambda path: ".".join(path))
    assert [one.row for one in from_text.changes] == [one.row for one in from_json.changes]
    again = draft_again(draft_json(from_json))
    assert considered(law, again, DAY).after.edition == considered(law, from_json, DAY).after.edition
