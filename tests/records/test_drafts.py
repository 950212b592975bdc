"""Do drafts keep what two people write, sealed, and do saved views stay their owner's?"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from records.drafts import DraftChanged
from records.open import Records
from records.saved_views import LONGEST_NAME, MOST
from records.tables import DRAFTS
from schemas.errors import BadInput, NotFound

NAME = "Xenia Invented"


def test_a_draft_is_sealed_and_comes_back(records: Records) -> None:
    made = records.drafts.begin("anna", "police", "mla", {"facts": [NAME]})
    assert records.drafts.get(made.id) == made
    with records.database.read() as connection:
        row = connection.execute(select(DRAFTS)).one()
    assert NAME.encode() not in row.content


def test_of_two_who_save_the_second_is_told(records: Records) -> None:
    made = records.drafts.begin("anna", "police", "mla", {})
    first = records.drafts.save(made.id, 1, {"facts": ["of anna"]}, "anna")
    assert (first.version, first.changed_by) == (2, "anna")
    with pytest.raises(DraftChanged) as refused:
        records.drafts.save(made.id, 1, {"facts": ["of ben"]}, "ben")
    assert refused.value.present == first
    assert records.drafts.save(made.id, 2, {"facts": ["of both"]}, "ben").content == {"facts": ["of both"]}


def test_what_was_filed_is_a_draft_no_more(records: Records) -> None:
    made = records.drafts.begin("anna", "police", "mla", {"facts": [NAME]})
    records.drafts.filed(made.id, "DE-1")
    gone = records.drafts.get(made.id)
    assert (gone.ref, gone.content) == ("DE-1", {})
    assert records.drafts.of(["anna"]) == []
    with pytest.raises(DraftChanged):
        records.drafts.save(made.id, 1, {"facts": ["late"]}, "anna")


def test_lists_are_of_accounts_or_of_an_agency(records: Records) -> None:
    mine = records.drafts.begin("anna", "police", "mla", {})
    records.drafts.begin("ben", "police", "mla", {})
    records.drafts.begin("carl", "court", "mla", {})
    assert [draft.id for draft in records.drafts.of(["anna"])] == [mine.id]
    assert {draft.account for draft in records.drafts.of(["anna"], "police")} == {"anna", "ben"}
    records.drafts.delete(mine.id)
    with pytest.raises(NotFound):
        records.drafts.get(mine.id)


def test_views_belong_to_their_account(records: Records) -> None:
    records.saved_views.save("anna", "late", "due=1")
    records.saved_views.save("anna", "late", "due=2")
    records.saved_views.save("ben", "late", "due=3")
    assert [(view.name, view.query) for view in records.saved_views.of("anna")] == [("late", "due=2")]
    records.saved_views.delete("anna", "late")
    assert records.saved_views.of("anna") == []
    assert len(records.saved_views.of("ben")) == 1


def test_views_have_names_and_an_end(records: Records) -> None:
    for name in (" ", "x" * (LONGEST_NAME + 1)):
        with pytest.raises(BadInput):
            records.saved_views.save("anna", name, "")
    for number in range(MOST):
        records.saved_views.save("anna", f"view {number}", "")
    with pytest.raises(BadInput, match="already"):
        records.saved_views.save("anna", "one more", "")
    records.saved_views.save("anna", "view 1", "changed")
