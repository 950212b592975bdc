"""Can a case be replayed? Workflow code outside the sandbox must not reach for time, chance or disk."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from pathlib import Path

import pytest

import workflows
from tests.house.test_imports import ROOT
from workflows.sandbox import PASSED_THROUGH

ALLOWED = {
    "__future__",
    "collections",
    "collections.abc",
    "dataclasses",
    "datetime",
    "hashlib",
    "pydantic",
    "typing",
}
"""Modules beside our own that give the same answer whenever they are asked."""

NEVER = {
    "now",
    "utcnow",
    "today",
    "fromtimestamp",
    "uuid4",
    "uuid1",
    "open",
    "urandom",
    "getrandbits",
    "print",
}
SANDBOXED = {
    "workflows.calls",
    "workflows.case",
    "workflows.extradition",
    "workflows.mutual_assistance",
    "workflows.preservation",
    "workflows.production",
    "workflows.prosecution",
    "workflows.refusals",
}
NOT_RUN = {"workflows.sandbox"}


def modules() -> list[str]:
    """Every module of the workflows, the package itself left out."""
    found = pkgutil.walk_packages(workflows.__path__, "workflows.")
    return sorted(info.name for info in found)


def passed(name: str) -> bool:
    return any(name == known or name.startswith(f"{known}.") for known in PASSED_THROUGH)


def tree(name: str) -> ast.Module:
    path = Path(importlib.import_module(name).__file__ or "")
    assert path.is_relative_to(ROOT)
    return ast.parse(path.read_text("utf-8"))


def test_every_module_is_either_sandboxed_or_looked_at_here() -> None:
    outside = {name for name in modules() if passed(name)}
    assert outside | SANDBOXED | NOT_RUN == set(modules())
    assert not outside & SANDBOXED


@pytest.mark.parametrize("name", [name for name in modules() if passed(name)])
def test_what_is_passed_through_imports_and_calls_nothing_that_changes(name: str) -> None:
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            imported = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imported = [node.module or ""]
        else:
            imported = []
        for module in imported:
            own = module.split(".")[0] in ("schemas", "workflows")
            assert own or module in ALLOWED, f"{name} imports {module}"
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert called not in NEVER, f"{name}:{node.lineno} calls {called}"


def test_what_runs_outside_the_sandbox_knows_nothing_that_runs_in_it() -> None:
    """Else a sandboxed module would be loaded outside, and its state shared between cases."""
    for name in modules():
        if passed(name):
            for node in ast.walk(tree(name)):
                if isinstance(node, ast.ImportFrom):
                    found = {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
                    assert not found & SANDBOXED, f"{name} imports {sorted(found & SANDBOXED)}"
