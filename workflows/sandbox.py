"""In what surroundings does workflow code run: sandboxed, with the plain words passed through?"""

from __future__ import annotations

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

PASSED_THROUGH = (
    "pydantic",
    "pydantic_core",
    "annotated_types",
    "typing_inspection",
    "typing_extensions",
    "schemas",
    "workflows.allowing",
    "workflows.baton",
    "workflows.baton_rules",
    "workflows.clock",
    "workflows.custody",
    "workflows.gaps",
    "workflows.issuers",
    "workflows.making",
    "workflows.outbox",
    "workflows.reminding",
    "workflows.rights",
    "workflows.row",
    "workflows.stages",
    "workflows.starting",
    "workflows.step",
    "workflows.terms",
)
"""Words, and steps that know neither engine nor clock: loaded once, and not anew for every case.

What they may not do (read the time, draw lots, touch the disk) is guarded by tests/house/test_determinism.py.
"""


def runner() -> SandboxedWorkflowRunner:
    """The one way to run our workflows: in the worker, in replay, in tests."""
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    )
