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
)
"""Types without behaviour of their own. Loaded once, and not anew for every run."""


def runner() -> SandboxedWorkflowRunner:
    """The one way to run our workflows: in the worker, in replay, in tests."""
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    )
