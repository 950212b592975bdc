"""Do cases of earlier releases go on under this one? Every stored history replays to the same commands."""

from __future__ import annotations

from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from tests.flow.forgetful import FakeForgetful
from tests.flow.make_histories import FOLDER
from workflows.case import Case
from workflows.mutual_assistance import MutualAssistance
from workflows.sandbox import runner

STORED = sorted(FOLDER.glob("*.json"))


def history(path: Path) -> WorkflowHistory:
    """A stored history."""
    return WorkflowHistory.from_json("DE-MLA-2026-00001", path.read_text("utf-8"))


def replayer(case: type[Case]) -> Replayer:
    return Replayer(workflows=[case], workflow_runner=runner(), data_converter=pydantic_data_converter)


def test_both_sides_are_stored() -> None:
    names = {path.stem for path in STORED}
    assert {"mla-1-outgoing", "mla-1-incoming", "mla-1-outgoing-struck", "mla-1-incoming-struck"} <= names


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
async def test_a_stored_history_replays(path: Path) -> None:
    await replayer(MutualAssistance).replay_workflow(history(path))


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
async def test_a_change_in_what_a_case_does_is_noticed(path: Path) -> None:
    with pytest.raises(workflow.NondeterminismError):
        await replayer(FakeForgetful).replay_workflow(history(path))
