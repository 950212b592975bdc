"""Which case breaks its promises on purpose, so that tests show that it would be noticed?

In a module of its own: the sandbox of the engine loads the whole module of a workflow anew.
"""

from __future__ import annotations

from temporalio import workflow

from schemas.case import CaseClosed, CaseInput
from workflows.case import Case


@workflow.defn(name="MutualAssistance")
class FakeForgetful(Case):
    """A case that posts nothing: a change that no stored history allows."""

    @workflow.init
    def __init__(self, case: CaseInput) -> None:
        super().__init__(case)

    @workflow.run
    async def run(self, case: CaseInput) -> CaseClosed:
        return await self._live()

    def _may_post(self) -> bool:
        return False

    def _post_next(self) -> None:
        return
