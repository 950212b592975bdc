"""Does the address book of providers follow its file, and say what is wrong with it?"""

from __future__ import annotations

from pathlib import Path

import pytest

from letters.providers import ProviderBook
from schemas.errors import BadInput, Unavailable
from tests.letters.provider_cases import provider


def test_the_book_follows_its_file(tmp_path: Path) -> None:
    path = tmp_path / "providers.json"
    book = ProviderBook.load(path)
    assert book.providers == []
    with pytest.raises(Unavailable) as caught:
        book.required("invented-mail")
    assert caught.value.code == "unknown-provider"
    book.with_provider(provider()).save(path)
    assert book.required("invented-mail") == provider()
    path.unlink()
    assert book.provider("invented-mail") is None


@pytest.mark.parametrize("text", ["", "{}x", '{"providers": [{"key": "a"}]}', '{"houses": []}'])
def test_a_book_that_cannot_be_read_says_where(tmp_path: Path, text: str) -> None:
    path = tmp_path / "providers.json"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput) as caught:
        ProviderBook.load(path)
    assert str(path) in caught.value.where


def test_a_provider_stands_in_it_once(tmp_path: Path) -> None:
    path = tmp_path / "providers.json"
    one = provider().model_dump_json()
    path.write_text(f'{{"providers": [{one}, {one}]}}', "utf-8")
    with pytest.raises(BadInput, match="named twice"):
        ProviderBook.load(path)


def test_no_provider_without_a_source_or_in_the_clear() -> None:
    with pytest.raises(ValueError, match="source"):
        provider(source="")
    with pytest.raises(ValueError, match="https"):
        provider(url="http://example.org")


def test_a_missing_token_makes_the_letter_wait(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        provider(token_file=tmp_path / "none").token()
    assert caught.value.code == "not-authorised"
    assert provider().token() is None
