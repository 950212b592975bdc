"""Is a file that people change read again when it changed, and only then?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from letters.followed import Followed, write_followed
from schemas.errors import BadInput


class Page(BaseModel):
    model_config = ConfigDict(extra="forbid")

    line: str


def followed(path: Path) -> Followed[Page]:
    return Followed(path, Page, "page of the test", "nothing is known until then")


def test_it_says_what_the_file_says_now(tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    file = followed(path)
    with pytest.raises(FileNotFoundError):
        file.now()
    write_followed(path, Page(line="one"))
    first = file.now()
    assert first.line == "one"
    assert file.now() is first, "not read again as long as it is the same"
    write_followed(path, Page(line="two"))
    assert file.now().line == "two"
    assert [each.name for each in tmp_path.iterdir()] == ["page.json"]


def test_one_that_went_and_came_back_is_read_again_though_it_looks_the_same(tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    write_followed(path, Page(line="one"))
    file = followed(path)
    first = file.now()
    seen = path.stat()
    aside = path.rename(tmp_path / "aside")
    with pytest.raises(FileNotFoundError):
        file.now()
    os.utime(aside.rename(path), ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert file.now() is not first


def test_a_wrong_file_is_named_with_what_it_means_and_mended_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    write_followed(path, Page(line="one"))
    file = followed(path)
    file.now()
    for content in (b'{"line": 7}', b"{", b'{"line": "x", "more": 1}', b"\xff"):
        path.write_bytes(content)
        for _ in range(2):
            with pytest.raises(BadInput, match="page of the test") as caught:
                file.now()
        assert str(path) in caught.value.where
        assert "nothing is known" in caught.value.next_step
    write_followed(path, Page(line="two"))
    assert file.now().line == "two"
