"""Does the treaty that the guide for authors writes from nothing load, and turn the answers as it says?"""

from __future__ import annotations

import re
from datetime import date

from schemas.reasoning import Question
from schemas.vocabulary import Kind, Measure, Verdict
from treaties.answer_json import verdicts
from treaties.basis import find_bases
from treaties.check import check
from treaties.load import PACKAGED, load_registry
from treaties.text import Content, dump, parse

GUIDE = (PACKAGED / "AUTHORING.md").read_text("utf-8")
EXAMPLE = re.compile(r"`((?:sources|instruments|parties)/[a-z0-9-]+\.yml)`\n\n```yaml\n(.*?)```", re.DOTALL)


def example() -> dict[str, Content]:
    """The files of the guide's example, as a layer."""
    return {name: parse(body, name) for name, body in EXAMPLE.findall(GUIDE)}


def test_the_example_is_in_the_canonical_spelling() -> None:
    assert len(example()) == 3
    for name, body in EXAMPLE.findall(GUIDE):
        assert dump(parse(body, name)) == body


def test_the_example_loads_over_the_shipped_data_and_is_in_force_on_its_day() -> None:
    law = load_registry([PACKAGED, example()])
    assert check(law) == []
    found = {}
    for on in (date(2024, 2, 29), date(2024, 3, 1)):
        answer = find_bases(law, Question("IS", "MC", Kind.MLA, (Measure.TESTIMONY,), on))
        found[on.isoformat()] = verdicts(answer)["is-mc-mla"]
    assert found == {"2024-02-29": Verdict.NO, "2024-03-01": Verdict.YES}
