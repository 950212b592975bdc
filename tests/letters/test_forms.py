"""Is every form whole: known sources, a case it is for, texts in every language, nothing missed silently?"""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from letters import form as forms_module
from letters.drafting import attachment, draft, texts_of
from letters.form import OWN_LETTERS, PRESCRIBED, fitting, form_of, forms
from letters.sheet import Blank, Draft, Line, Passage, Table, Ticks
from letters.sources import SOURCES as KNOWN
from letters.speech import LOCALES, speech
from letters.texts import FIXED, MEASURES, WORDS, all_texts
from letters.view import Names
from schemas.case import Gap, OutStatus
from schemas.errors import BadData, BadInput, UnknownWord
from schemas.vocabulary import Measure
from tests.letters.letter_cases import EXAMPLES, HOUSE, NAMES, NOW, SOURCES, case, request
from tools import letter_catalogs
from treaties.load import shipped

ENGLISH_WORDS = ("the", "of", "and", "for")
"""Words that hardly any English sentence does without, and no French or German one has."""
EVERY = [(key, language) for key, form in forms().items() for language in form.languages]


def drafted(form: str, language: str = "en", names: Names = NAMES, **changes: object) -> Draft:
    return draft(case(form, **changes), form, language, house=HOUSE, names=names)


# --- the data -----------------------------------------------------------------------------------------


def test_every_form_has_a_case_and_known_sources() -> None:
    assert set(forms()) == set(SOURCES)
    used = {entry.source for form in forms().values() for entry in form.entries}
    assert used == set(KNOWN), "a source without a form is dead, a form without its source cannot be drafted"


@pytest.mark.parametrize("form", forms())
def test_a_form_is_offered_in_its_case(form: str) -> None:
    assert form in [one.key for one in fitting(case(form))]


def test_forms_of_other_kinds_and_bases_are_not_offered() -> None:
    offered = {one.key for one in fitting(case("mla-request"))}
    assert {"mla-request", "subscriber-31", "covering"} <= offered
    assert not offered & {
        "eio-a",
        "epoc",
        "extradition-request",
        "acknowledgement",
        "closing",
        "emergency-request",
    }
    assert "subscriber-31" not in {
        one.key for one in fitting(case("mla-request", measures=(Measure.TESTIMONY,)))
    }


def test_the_bases_named_are_instruments_of_the_registry_and_contents_are_fields_of_law() -> None:
    law = shipped()
    known = {content.field for row in law.instruments.values() for content in row.contents} | {"case-summary"}
    for form in forms().values():
        assert set(form.basis) <= set(law.instruments), form.key
        told = {slug for entry in form.entries if entry.source == "contents" for slug in entry.of}
        assert told <= known, (form.key, told - known)
        if form.prescribed:
            assert form.prescribed.source in law.sources, form.key


def test_a_prescribed_form_with_labels_not_read_says_so_on_the_page() -> None:
    for key, form in forms().items():
        if not form.prescribed:
            continue
        for language in PRESCRIBED:
            made = drafted(key, language)
            marked = [item for part in made.sections for item in part.items if item.mark]
            assert marked
            assert any("°" in notice for notice in made.notices), (key, language)


@pytest.mark.parametrize("key", [key for key, form in forms().items() if form.prescribed])
def test_a_prescribed_form_keeps_the_letters_of_the_act(key: str) -> None:
    made = drafted(key)
    letters = [part.letter for part in form_of(key).sections if part.letter]
    printed = [part.number.removeprefix("Section ") for part in made.sections if part.number]
    assert printed == [letter for letter in letters if letter in printed]
    assert letters == sorted(letters)


def test_a_wrong_form_file_is_named(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    (tmp_path / "x.form.yml").write_text(
        "title: X\norder: 1\nkinds: [mla]\nsides: [outgoing]\nsections: []\n"
    )
    monkeypatch.setattr(forms_module, "FOLDER", tmp_path)
    with pytest.raises(BadData) as wrong:
        forms.__wrapped__()
    assert wrong.value.where == "x.form.yml"


# --- texts in every language --------------------------------------------------------------------------


def test_catalogs_follow_the_texts() -> None:
    stale = [path.name for path, content in letter_catalogs.files().items() if path.read_bytes() != content]
    assert stale == [], "run `python -m tools.letter_catalogs`, then translate what came in empty"


@pytest.mark.parametrize("language", [one for one in OWN_LETTERS if one != "en"])
def test_every_text_is_translated_with_the_same_slots(language: str) -> None:
    with (LOCALES / language / "LC_MESSAGES" / "letters.po").open("rb") as file:
        read = read_po(file, locale=language)
    slots = re.compile(r"%\((\w+)\)s")
    for message in read:
        if message.id:
            assert message.string, message.id
            assert sorted(slots.findall(str(message.string))) == sorted(slots.findall(str(message.id))), (
                message.id
            )
    assert not read.obsolete
    assert len(read) == len(letter_catalogs.texts_for(language))


def test_every_measure_has_words_and_every_word_is_used() -> None:
    from pathlib import Path

    assert set(MEASURES) == {measure.value for measure in Measure}
    folder = Path(forms_module.FOLDER).parent
    code = "".join(path.read_text("utf-8") for path in folder.glob("*.py") if path.name != "texts.py")
    sheet = (forms_module.FOLDER / "letter.typ").read_text("utf-8")
    for key in WORDS:
        assert key in ANSWERED or f'"{key}"' in code, key
    for key in FIXED:
        assert f"fixed.{key}" in sheet or f'"{key}"' in code.replace("'", '"'), key
    assert len(all_texts()) == len(set(all_texts()))


DECISIONS = {"accepted", "partly-accepted", "refused", "postponed", "prolonged"}
OUTCOMES = {"executed", "partly-executed", "withdrawn", "lapsed", "redirected", "informed"}
PERSONS = {"female", "male", "other", "unknown", "arrest-warrant", "judgment", "other-order"}
PURPOSES = {"prosecution", "sentence"}
ANSWERED = PURPOSES | DECISIONS | OUTCOMES | PERSONS
"""Words looked up by what the case holds."""


def test_lists_days_states_and_amounts_are_said_in_the_language() -> None:
    told = {one: speech(one) for one in OWN_LETTERS}
    assert {one: said.state("US") for one, said in told.items()} == {
        "ar": "الولايات المتحدة",
        "de": "Vereinigte Staaten",
        "en": "United States",
        "es": "Estados Unidos",
        "fr": "États-Unis",
        "pt": "Estados Unidos",
        "ru": "Соединенные Штаты",
        "zh": "美国",
    }
    assert told["fr"].day(NOW.date().replace(day=1)) == "1er novembre 2026"
    assert told["zh"].day(NOW.date()) == "2026年11月21日"
    assert told["de"].listed(["a", "b", "c"]) == "a, b und c"
    assert told["ru"].penalty(120).replace("\u00a0", " ") == "10 лет"
    with pytest.raises(UnknownWord, match="'xx' is not a known language"):
        speech("xx")


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_no_reader_meets_an_empty_slot_or_an_english_text_of_ours(form: str, language: str) -> None:
    made = drafted(form, language)
    for place, text in texts_of(made).items():
        assert "%(" not in text, place
    ours = [made.title, *(part.title for part in made.sections)]
    ours += [item.label for part in made.sections for item in part.items if item.label]
    if language != "en":
        english = set(form_of(form).texts) - {"Description", "Confidentiality", "Provider"}
        same = {"Question", "Justification", "Prescription", "Procedure"}
        assert not [text for text in ours if text in english - same and not text.isupper()], ours
    lines = [block for part in made.sections for item in part.items for block in item.blocks]
    for block in lines:
        if isinstance(block, Line):
            own = [
                piece for piece in block.pieces if piece.how == "own" and any(map(str.isalpha, piece.text))
            ]
            assert all(piece.lang == language for piece in own), block


# --- what a draft says --------------------------------------------------------------------------------


def test_a_full_request_lacks_nothing_and_one_without_facts_names_them() -> None:
    assert drafted("mla-request").missing == ()
    poor = drafted("preservation-29", contents={})
    assert {(one.field, one.article) for one in poor.missing} >= {("facts", "29(2)"), ("necessity", "29(2)")}
    assert any(isinstance(b, Blank) and b.missing for p in poor.sections for i in p.items for b in i.blocks)
    assert "Incomplete" in poor.notices[0]


def test_what_the_law_asks_and_the_case_lacks_is_missing_too_with_its_article() -> None:
    state = case("mla-request").model_copy(
        update={"gaps": [Gap(code="content", field="witnesses", article="13")]}
    )
    assert state.law is not None
    law = state.law.model_copy(update={"contents_advised": ("willingness-of-witness",)})
    made = draft(state.model_copy(update={"law": law}), "mla-request", "en", house=HOUSE, names=NAMES)
    assert [(one.field, one.article, one.required) for one in made.missing] == [
        ("witnesses", "13", True),
        ("willingness-of-witness", "", False),
    ]


def test_every_content_of_the_request_stands_in_the_letter_once() -> None:
    state = case("mla-request")
    text = "\n".join(texts_of(drafted("mla-request")).values())
    for slug, told in state.request.contents.items():
        assert " ".join(told.split()) in " ".join(text.split()), slug
    strange = drafted(
        "mla-request", contents={**state.request.contents, "proposed-composition": "Three (invented)."}
    )
    assert "Three (invented)." in [passage.text for passage in strange.passages]


def test_victims_appear_by_pseudonym_and_accounts_as_identifiers() -> None:
    made = drafted("mla-request", "ar")
    tables = [b for part in made.sections for item in part.items for b in item.blocks if isinstance(b, Table)]
    cells = [piece for table in tables for row in table.rows for cell in row for piece in cell]
    assert "Child A (invented)" in {piece.text for piece in cells}
    assert {piece.how for piece in cells if "@" in piece.text or len(piece.text) == 64} == {"id"}


def test_what_a_sentence_of_ours_says_is_not_said_again_in_the_words_of_the_case() -> None:
    told = texts_of(drafted("eio-a", "fr"))
    assert [text for text in told.values() if text.startswith("État d’émission")] == [told["states.0"]]
    more = drafted("eio-a", "fr", contents={"a-states": "France, par le parquet de Lille (inventé)."})
    assert "parquet de Lille" in " ".join(texts_of(more).values())


def test_the_usual_identifiers_have_names_and_any_other_stands_as_written() -> None:
    found = {}
    for language in ("en", "fr", "ar"):
        made = drafted("mla-request", language, identifiers={"file-sha256": "0f" * 32, "radio": "K 7"})
        (item,) = [item for part in made.sections for item in part.items if item.key == "identifiers"]
        (table,) = [block for block in item.blocks if isinstance(block, Table)]
        found[language] = [(row[0][0].text, row[0][0].how) for row in table.rows]
    assert found["en"] == [("SHA-256 of the file", "own"), ("radio", "id")]
    assert found["fr"][0] == ("SHA-256 du fichier", "own")
    assert found["ar"][0][0] not in ("file-sha256", "SHA-256 of the file")


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.yml")), ids=lambda file: str(file.stem))
def test_an_example_is_written_in_the_language_it_names(file: Path) -> None:
    """Else a letter in that language would take the words for translated, and send them as they are."""
    asked = request(file.name)
    told = " ".join([*asked.contents.values(), *(one.law for one in asked.offences)])
    spoken = {word for word in ENGLISH_WORDS if re.search(rf"\b{word}\b", told)}
    assert bool(spoken) == (asked.language == "en"), spoken


def test_words_in_another_language_are_marked_until_they_are_translated() -> None:
    made = drafted("mla-request", "fr")
    foreign = [passage for passage in made.passages if passage.lang != "fr"]
    assert foreign
    assert any("traduits" in notice for notice in made.notices)
    told = {passage.id: f"[{passage.id}]" for passage in foreign}
    again = draft(case("mla-request"), "mla-request", "fr", house=HOUSE, names=NAMES, translated=told)
    assert all(passage.target for passage in again.passages if passage.lang != "fr")
    assert not any("traduits" in notice for notice in again.notices)


def test_the_day_of_a_letter_is_the_day_it_went_out_in_the_house_s_own_zone() -> None:
    state = case("mla-request")
    assert drafted("mla-request").dated == NOW.date()
    late = NOW.replace(hour=23, minute=30)
    sent = OutStatus(id="m-1", event="arrive", sealed="sha256:" + "1" * 64, status="queued", queued=late)
    gone = state.model_copy(update={"outbox": [sent], "updated": NOW + timedelta(days=90)})
    assert draft(gone, "mla-request", "en", house=HOUSE).dated == NOW.date() + timedelta(days=1)


def test_a_provider_is_not_told_why_nor_what_the_case_is_about() -> None:
    state = case("epoc")
    assert state.request.necessity is not None
    made = drafted("epoc")
    inside = attachment(made, state).content.decode()
    shown = "\n".join(texts_of(made).values()) + inside
    assert made.attached == "letter"
    assert state.request.necessity.proportionality not in shown
    assert state.request.contents["case-summary"][:60] not in shown
    assert state.request.data_protection_ground
    assert state.request.data_protection_ground not in shown


def test_no_letter_in_a_provider_s_case_tells_it_more_than_its_page() -> None:
    state = case("epoc")
    for form in fitting(state):
        made = draft(state, form.key, "en", house=HOUSE, names=NAMES)
        assert made.addressee[0].text == NAMES.provider, form.key
        assert made.attached == "letter", form.key
        inside = attachment(made, state).content.decode()
        assert state.request.contents["case-summary"][:60] not in inside, form.key


def test_a_request_carries_itself_whole() -> None:
    state = case("mla-request")
    made = attachment(drafted("mla-request"), state)
    assert made.name == "request.json"
    assert type(state.request).model_validate_json(made.content) == state.request


def test_a_form_of_the_union_has_no_arabic_version_and_a_form_for_another_case_is_refused() -> None:
    with pytest.raises(BadInput, match="not written in 'ar'") as wrong:
        drafted("eio-a", "ar")
    assert "de, en, es, fr, pt" in wrong.value.next_step
    with pytest.raises(BadInput, match="not one for an outgoing case of kind mla"):
        draft(case("mla-request"), "eaw", "en", house=HOUSE)
    with pytest.raises(UnknownWord, match="did you mean mla-request"):
        draft(case("mla-request"), "mla-reqest", "en", house=HOUSE)


def test_the_category_of_data_is_ticked() -> None:
    ticks = [b for p in drafted("epoc").sections for i in p.items for b in i.blocks if isinstance(b, Ticks)]
    assert ticks[0].items == ((False, "subscriber data"), (True, "traffic data"), (False, "stored content"))


@pytest.mark.parametrize(("form", "language"), list(product(["mla-request"], OWN_LETTERS)))
def test_catalogs_nobody_reviewed_print_draft_translation(form: str, language: str) -> None:
    drafts = [one for one in drafted(form, language).notices if "draft translation" in one]
    assert len(drafts) == (language != "en")


def test_quoted_law_is_a_statute_passage() -> None:
    law = [passage for passage in drafted("mla-request").passages if passage.id == "offences.0.law"]
    assert [passage.statute for passage in law] == [True]
    assert isinstance(law[0], Passage)


def basis_line(language: str, *articles: str) -> str:
    made = case("mla-request")
    assert made.law is not None
    told = made.model_copy(update={"law": made.law.model_copy(update={"articles": list(articles)})})
    sheet = draft(told, "mla-request", language, house=HOUSE, names=NAMES)
    lines = [
        block
        for part in sheet.sections
        for item in part.items
        for block in item.blocks
        if item.key == "basis"
    ]
    assert isinstance(lines[0], Line)
    return "".join(piece.text for piece in lines[0].pieces)


def test_a_word_for_where_a_fact_was_read_is_no_article_and_a_comma_is_that_of_the_language() -> None:
    assert basis_line("en", "title") == basis_line("en") == "Convention on Cybercrime"
    assert basis_line("en", "25", "practice") == "Convention on Cybercrime, Art. 25"
    assert basis_line("en", "Annex A") == "Convention on Cybercrime, Annex A"
    assert "\u060c " in basis_line("ar", "25")
    assert ", " not in basis_line("ar", "25")
