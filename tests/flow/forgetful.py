"""Which cases break their promises on purpose, so that tests show that it would be noticed?

In a module of their own: the sandbox of the engine loads the whole module of a workflow anew.
"""

from __future__ import annotations

from temporalio import workflow

from schemas.case import CaseClosed, CaseInput
from workflows import outbox
from workflows.case import Case


class Forgetful(Case):
    """A case that posts nothing: a change that no stored history allows."""

    def _may_post(self) -> bool:
        return False

    def _post_next(self) -> None:
        return


@workflow.defn(name="MutualAssistance")
class FakeForgetful(Forgetful):
    """Mutual assistance that posts nothing."""

    @workflow.init
    def __init__(self, case: CaseInput) -> None:
        super().__init__(case)

    @workflow.run
    async def run(self, case: CaseInput) -> CaseClosed:
        return await self._live()


@workflow.defn(name="Extradition")
class FakeForgetfulExtradition(Forgetful):
    """Extradition that posts nothing."""

    @workflow.init
    def __init__(self, case: CaseInput) -> None:
        super().__init__(case)

    @workflow.run
    async def run(self, case: CaseInput) -> CaseClosed:
        return await self._live()


@workflow.defn(name="Preservation")
class FakeForgetfulPreservation(Forgetful):
    """Preservation that posts nothing."""

    @workflow.init
    def __init__(self, case: CaseInput) -> None:
        super().__init__(case)

    @workflow.run
    async def run(self, case: CaseInput) -> CaseClosed:
        return await self._live()


@workflow.defn(name="Production")
class FakeForgetfulProduction(Forgetful):
    """Production that posts nothing."""

    @workflow.init
    def __init__(self, case: CaseInput) -> None:
        super().__init__(case)

    @workflow.run
    async def run(self, case: CaseInput) -> CaseClosed:
        return await self._live()


@workflow.defn(name="Prosecution")
class FakeForgetfulProsecution(Forgetful):
    """Prosecution that posts nothing."""

    @workflow.init
    def __init__(self, case: CaseInput) -> None:
        super().__init__(case)

    @workflow.run
    async def run(self, case: CaseInput) -> CaseClosed:
        return await self._live()


FORGETFUL = (
    FakeForgetful,
    FakeForgetfulExtradition,
    FakeForgetfulPreservation,
    FakeForgetfulProduction,
    FakeForgetfulProsecution,
)


@workflow.defn(name="MutualAssistance")
class FakeHasty(Case):
    """The same commands in another order: the letter leaves before the timer is set."""

    @workflow.init
    def __init__(self, case: CaseInput) -> None:
        super().__init__(case)

    @workflow.run
    async def run(self, case: CaseInput) -> CaseClosed:
        return await self._live()

    def _set_alarm(self) -> None:
        if self._posting is not None or outbox.next_letter(self._known()) is None:
            super()._set_alarm()

    def _post_next(self) -> None:
        super()._post_next()
        self._set_alarm()
