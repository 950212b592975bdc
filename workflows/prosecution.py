"""How does a prosecution in the place of surrender live, on both sides?"""

from __future__ import annotations

from temporalio import workflow

from schemas.case import CaseClosed, CaseInput
from workflows.case import Case


@workflow.defn
class Prosecution(Case):
    """One case of it. Its workflow id is the reference of the case."""

    @workflow.init
    def __init__(self, case: CaseInput) -> None:
        super().__init__(case)

    @workflow.run
    async def run(self, case: CaseInput) -> CaseClosed:
        """Until the case is closed and its last letter and handoff are settled."""
        return await self._live()
