"""Does every claim have its sentence, and does every sentence speak words and not codes?"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from schemas.errors import BadInput
from schemas.reasoning import OffenceAsked, Question, Reason
from schemas.vocabulary import Channel, Kind, Measure, Verdict
from tests.law.registries import act, ask, candidate, complete, instrument, parties, registry
from treaties import catalogs
from treaties.basis import find_bases
from treaties.explain import asked, sentences, tree, why
from treaties.lexicon import WORDS
from treaties.load import shipped
from treaties.logic import walk
from treaties.tongue import PHRASES, tongue

ROOMS = Path(catalogs.__file__).parent
BOUND = [act("in-force", "2009-07-01")]


def claims_in_code() -> set[str]:
    """Every claim that any rule can return, read from the code."""
    found: set[str] = set()
    for path in ROOMS.glob("*.py"):
        text = path.read_text("utf-8")
        found |= set(
            re.findall(
                r'"((?:force|scope|proviso|condition|candidate|route|gate|provider)\.[a-z0-9-]+)"', text
            )
        )
        found |= {f"force.{name}" for name in re.findall(r'(?:told|told_by_entry)\(\s*"([a-z-]+)"', text)}
        if path.name == "conditions.py":
            found |= {
                f"condition.{name}" for name in re.findall(r'_leaf\(\s*held,\s*book,\s*"([a-z-]+)"', text)
            }
        if path.name == "gates.py":
            found |= {f"gate.{name}" for name in re.findall(r'_leaf\(\s*gate,\s*"([a-z-]+)"', text)}
    return found - {"force.linked:yes"}


def test_every_claim_has_its_sentence_and_every_sentence_its_claim() -> None:
    told = {claim.partition(":")[0] for claim in PHRASES}
    spoken = claims_in_code()
    assert spoken - told == set()
    assert len(spoken) > 60
    made_of_parts = re.compile(
        r"force\.(bound-by|law|ended|suspended)|proviso\.(urgent|emergency|requesting|requested|measure|one-side)|candidate$"
    )
    assert {claim for claim in told - spoken if not made_of_parts.match(claim)} == set()


def test_every_closed_word_of_a_question_and_a_way_has_a_name() -> None:
    assert {str(one) for kinds in (Kind, Measure, Channel) for one in kinds} - set(WORDS) == set()


ASKED = [
    ("DE", "US", "mla", "subscriber-data", date(2009, 6, 30)),
    ("DE", "US", "mla", "subscriber-data", date(2009, 7, 1)),
    ("FR", "DE", "mla", "stored-content", date(2026, 11, 21)),
    ("GB", "FR", "preservation", "preservation", date(2018, 1, 1)),
    ("BR", "NG", "mla", "testimony", date(1995, 1, 1)),
    ("CH", "US", "extradition", "surrender", date(2020, 1, 1)),
]


@pytest.mark.parametrize(("requesting", "requested", "kind", "measure", "on"), ASKED)
def test_sentences_show_no_codes(requesting: str, requested: str, kind: str, measure: str, on: date) -> None:
    law = shipped()
    offence = OffenceAsked("csam-possession", 24)
    answer = find_bases(
        law, Question(requesting, requested, Kind(kind), (Measure(measure),), on, offences=(offence,))
    )
    lines = [*sentences(answer, law), *(asked(question, law) for question in answer.open_questions)]
    lines += [re.sub(r" \[.*", "", line) for line in sentences(answer, law, long=True)]
    assert len(lines) > 10
    # A code that is an ordinary word as well shows nothing when it is met.
    codes = {*law.instruments, *law.offences} - {"cat", "corruption", "fraud", "harare", "torture"}
    for line in lines:
        assert not re.search(r"%\(|\d{4}-\d{2}-\d{2}|\b[a-z]+\.[a-z-]+:|\b[A-Z]{2} is\b", line), line
        assert not {word.strip(".,:()") for word in line.split()} & codes, line


def test_the_short_form_says_why_and_why_not() -> None:
    law = registry(
        instrument("t", short="Test Treaty"),
        parties("t", {"AA": BOUND, "BB": [act("in-force", "2000-01-01")]}, complete=complete("2020")),
    )
    assert why(candidate(ask(law, "2009-06-30"), "t"), law) == (
        "Test Treaty: cannot be used. State AA becomes bound by it only on 1 July 2009."
    )
    assert why(candidate(ask(law, "2009-07-01"), "t"), law) == (
        "Test Treaty: can be used. State AA has been bound by it since 1 July 2009. "
        "Barbados has been bound by it since 1 January 2000. It covers subscriber data by Article 1."
    )
    assert why(candidate(ask(law, "2009-07-01", "CC", "BB"), "t"), law) == (
        "Test Treaty: cannot be used. "
        "Cocos (Keeling) Islands is not among its parties (list complete as of 2020)."
    )


def test_the_long_form_keeps_every_claim_and_cites() -> None:
    law = registry(instrument("t"), parties("t", {"AA": BOUND, "BB": BOUND}))
    reason = candidate(ask(law), "t").reason
    lines = tree(reason, law)
    assert len(lines) == len(list(walk(reason)))
    assert lines[0] == "+ Treaty t can be used."
    assert lines[2] == (
        "    + State AA has been bound by it since 1 July 2009. "
        "[Treaty t, Official Gazette, as of 1 December 2025]"
    )


def test_what_was_recalled_is_marked() -> None:
    row = act("in-force", "2009-07-01", confidence="memory")
    law = registry(instrument("t"), parties("t", {"AA": [row], "BB": BOUND}))
    assert any("recalled, not read" in line for line in tree(candidate(ask(law), "t").reason, law))


def test_a_catalog_speaks_its_language_and_names_states_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = PHRASES["force.bound"]
    (folder / "law.po").write_text(
        f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        f'msgid "{source}"\nmsgstr "%(state)s : en vigueur depuis le %(day)s."\n',
        "utf-8",
    )
    monkeypatch.setattr(catalogs, "LOCALES", tmp_path)
    catalogs.catalog_of.cache_clear()
    law = registry(instrument("t"), states={"DE": {}})
    leaf = Reason("force.bound", Verdict.YES, {"state": "DE", "day": "2009-07-01"})
    try:
        assert tree(leaf, law, "fr") == ["+ Allemagne : en vigueur depuis le 1er juillet 2009."]
        assert tree(leaf, law, "de") == ["+ Germany has been bound by it since 1 July 2009."]
    finally:
        catalogs.catalog_of.cache_clear()


def test_what_is_no_language_is_refused() -> None:
    with pytest.raises(BadInput, match="'klingon-x' is not a language"):
        tongue(registry(), "klingon-x")


def test_days_and_penalties_are_said_as_people_say_them() -> None:
    speech = tongue(registry(), "en")
    assert [speech.day(text) for text in ("2015", "2015-03", "2015-03-01", "")] == [
        "2015",
        "March 2015",
        "1 March 2015",
        "a day not known",
    ]
    assert [speech.penalty(text) for text in ("6", "12", "48", "12000")] == [
        "6 months",
        "1 year",
        "4 years",
        "life",
    ]
    assert [speech.article(text) for text in ("27(1)", "23, 25(1)", "18 U.S.C. 3512", "title", "EU 4")] == [
        "Article 27(1)",
        "Articles 23, 25(1)",
        "18 U.S.C. 3512",
        "its title",
        "EU 4",
    ]
