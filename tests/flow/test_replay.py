"""Do cases of earlier releases go on under this one? Every stored history replays to the same commands."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from schemas.errors import RogatoryError
from schemas.lifecycle import RULES
from schemas.moves import Send
from schemas.vocabulary import Kind, Side
from tests.flow.forgetful import FORGETFUL, FakeHasty
from tests.flow.invented import OFFICER_DE
from tests.flow.make_histories import FOLDER
from tests.flow.paper import Pair
from worker import WORKFLOWS
from workflows.case import Case
from workflows.sandbox import runner

STORED = sorted(FOLDER.glob("*.json"))
NEWER = [path for path in STORED if path.stem.split("-")[1] != "1"]
MARK = f"rules-{RULES}"
"""What a case notes in its history that begins under the present rules."""


def history(path: Path) -> WorkflowHistory:
    """A stored history."""
    return WorkflowHistory.from_json("DE-MLA-2026-00001", path.read_text("utf-8"))


def replayer(*cases: type[Case]) -> Replayer:
    return Replayer(workflows=cases, workflow_runner=runner(), data_converter=pydantic_data_converter)


def test_every_kind_and_side_is_stored_for_every_release() -> None:
    names = {path.stem for path in STORED}
    assert {"mla-1-outgoing", "mla-1-incoming", "mla-1-outgoing-struck", "mla-1-incoming-struck"} <= names
    wanted = {f"{kind.value}-{RULES}-{side.value}" for kind in Kind for side in Side}
    assert wanted | {f"mla-{RULES}-outgoing-struck", f"mla-{RULES}-incoming-struck"} <= names


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
async def test_a_stored_history_replays(path: Path) -> None:
    await replayer(*WORKFLOWS).replay_workflow(history(path))


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
async def test_a_change_in_what_a_case_does_is_noticed(path: Path) -> None:
    with pytest.raises(workflow.NondeterminismError):
        await replayer(*FORGETFUL).replay_workflow(history(path))


@pytest.mark.parametrize("name", ["mla-1-outgoing", f"mla-{RULES}-outgoing"])
async def test_a_change_in_the_order_of_what_a_case_does_is_noticed(name: str) -> None:
    with pytest.raises(workflow.NondeterminismError):
        await replayer(FakeHasty).replay_workflow(history(FOLDER / f"{name}.json"))


def test_only_cases_begun_under_the_present_rules_say_so() -> None:
    marked = {path.stem for path in STORED if f'"{MARK}"' in unpacked(path)}
    assert marked == {path.stem for path in NEWER}


def test_what_a_case_of_release_1_was_allowed_is_refused_to_a_new_one() -> None:
    """`mla-1-outgoing-struck` was sent so, and replays all the same."""
    pair = Pair()
    pair.filed(urgent=True, urgency_reason="a child is in danger")
    with pytest.raises(RogatoryError):
        pair.de.move(OFFICER_DE, Send(emergency=True, reason="now"))


def test_no_history_tells_where_it_was_made() -> None:
    for path in STORED:
        text = path.read_text("utf-8")
        assert not [word for word in ("/home/", "/root/", "site-packages", ".venv") if word in text]


def unpacked(path: Path) -> str:
    """The history with its payloads readable."""
    text = path.read_text("utf-8")
    found = re.findall(r'"data":"([A-Za-z0-9+/=]+)"', text)
    return text + "".join(base64.b64decode(each).decode("utf-8", "replace") for each in found)
