"""Is a protected name found however it is written, and is it never repeated?"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.drafting import attachment, draft, texts_of
from letters.leaks import NameLeaks, leaks, places, require_none, texts_of_json
from schemas.errors import BadInput
from tests.letters.letter_cases import HOUSE, NAMES, case

NAME = "Änne-Marie Größer"


@pytest.mark.parametrize(
    "text",
    [
        "met Änne-Marie Größer there",
        "ÄNNE-MARIE GRÖSSER",
        "Aenne Marie Groesser",
        "anne marie grosser",
        "Größer, Änne-Marie",
        "GRÖSSER Änne Marie",
        "Änne Größer",
        "A\u0308nne-Marie Gro\u0308ßer",
        "Ä n n e - M a r i e   G r ö ß e r",
        "aennemariegroesser@mail.example",
        "Än\u00adne\u200b-Marie Größer",
        "Änne\nMarie\tGrößer",
        "ａｎｎｅ ｍａｒｉｅ ｇｒｏｓｓｅｒ",
        "file_anne_marie_grosser_1.jpg",
        "the child of Mrs Grö-\n  ßer",
        "the child of Mrs G-\nr\u00f6-\n\u00dfer",
    ],
)
def test_a_name_is_found_in_any_case_accent_and_spacing(text: str) -> None:
    found = leaks({"here": text}, [NAME])
    assert [(one.place, one.name) for one in found] == [("here", 1)]


def test_a_part_of_a_name_is_found_as_a_word() -> None:
    assert [one.how for one in leaks({"x": "the Groesser family"}, [NAME])] == ["part"]
    assert leaks({"x": "a groessere town"}, [NAME]) == ()


def test_a_word_stretched_to_the_width_of_a_line_is_the_same_word() -> None:
    assert [one.how for one in leaks({"x": "قال محـــمد الصـالح"}, ["محمد الصالح"])] == ["whole"]


@pytest.mark.parametrize("text", ["linen", "alibi", "a list", "likely", "L. I."])
def test_a_short_name_is_found_as_a_word_only(text: str) -> None:
    assert bool(leaks({"x": text}, ["Li"])) == (text == "L. I.")
    assert leaks({"x": "Mr Li came"}, ["Li"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("der Mann lief weg", False),
        ("Ann Li", True),
        ("An N-l I", True),
        ("li_ann_1.jpg", True),
        ("annli@mail.example", True),
        ("theannlifile", True),
        ("a plan nlihood", False),
    ],
)
def test_a_name_of_few_letters_is_not_put_together_of_halves_of_words(text: str, found: bool) -> None:
    assert any(one.how == "whole" for one in leaks({"x": text}, ["Ann Li"])) == found


def test_a_longer_name_is_found_where_blanks_were_lost() -> None:
    assert [one.how for one in leaks({"x": "dasKindAnna Groesserwurde"}, [NAME, "Anna Größer"])][
        -1
    ] == "whole"


@pytest.mark.parametrize(
    ("name", "text"),
    [("مريم العلي", "المدعوة مريم  العلي"), ("王小明", "被害人王小明"), ("Анна Ёлкина", "АННА ЕЛКИНА")],
)
def test_names_in_other_scripts_are_found(name: str, text: str) -> None:
    assert leaks({"x": text}, [name])


def test_a_name_without_letters_protects_nobody() -> None:
    for name in ("", " . ", "x"):
        with pytest.raises(BadInput, match="Protected name 1"):
            leaks({"x": "y"}, [name])


def test_a_letter_and_its_data_are_searched_and_the_error_never_repeats_the_name() -> None:
    facts = {"summary-of-facts": "The child, Anna Invented, was found."}
    state = case("mla-request", contents=facts)
    made = draft(state, "mla-request", "en", house=HOUSE, names=NAMES)
    inside = attachment(made, state)
    texts = texts_of(made) | texts_of_json(inside.content, inside.name)
    with pytest.raises(NameLeaks) as wrong:
        require_none(texts, ["anna  INVENTED"])
    told = json.dumps(wrong.value.told())
    assert "facts.0" in told
    assert "request.json.contents.summary-of-facts" in told
    assert "nvented" not in told
    require_none(texts, ["Berta Otherwise"])


def test_escapes_and_keys_in_json_hide_nothing() -> None:
    content = b'{"a": ["\\u0041nna Invented"], "Anna Invented": 1}'
    assert len(leaks(texts_of_json(content, "request.json"), ["Anna Invented"])) == 2
    first = b'{"anna-invented": {"x": "Anna Invented"}, "law": "1"}'
    texts = texts_of_json(first, "request.json")
    assert places(texts, ["Anna Invented"]) == ("request.json (name 0 in it)", "request.json")
    assert leaks(texts, ["Jude Law"]) == (), "a word of our own names nobody"


@pytest.mark.parametrize("text", ["a" * 400_000, "a-\n" * 200_000, "a-" + "\n" * 400_000])
def test_a_long_text_is_searched_once(text: str) -> None:
    """Searched anew from every sign of it, it would hold up the house for an hour."""
    assert leaks({"x": text}, [NAME]) == ()


@given(st.text(max_size=300), st.text(alphabet="abcdefghij", min_size=5, max_size=20))
def test_whatever_stands_around_it_a_name_is_found(around: str, name: str) -> None:
    assert leaks({"x": f"{around} {name.upper()} {around}"}, [name])


@given(st.text(max_size=300))
def test_any_text_can_be_searched(text: str) -> None:
    leaks({"x": text}, ["Quentin Xylophon"])
