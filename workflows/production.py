"""How does an order on a provider live, on the issuing side and on the side that gives effect to it?"""

from __future__ import annotations

from temporalio import workflow

from schemas.case import CaseClosed, CaseInput
from workflows.case import Case


@workflow.defn
class Production(Case):
    """One production case. Its workflow id is the reference of the case."""

    @workflow.init
    def __init__(self, case: CaseInput) -> None:
        super().__init__(case)

    @workflow.run
    async def run(self, case: CaseInput) -> CaseClosed:
        """Until the case is closed and its last letter and handoff are settled."""
        return await self._live()
