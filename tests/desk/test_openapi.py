"""Does anything that the published description allows bring the API down? By schemathesis.

Every operation is tried with values made from the description, as somebody whose roles
open it; nothing may end in a fault of ours. The values are the same in every run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.schemas import OpenApiSchema

from desk.api.application import create_app
from desk.engine import Engine
from desk.house import new_house
from records.open import open_records
from schemas.vocabulary import Role
from tests.desk.conftest import FakeEngineOffice
from treaties.registry import Registry

EXAMPLES = 3
ROLES: dict[str, tuple[Role, ...]] = {
    "all": (Role.OFFICER, Role.APPROVER, Role.OPERATOR, Role.TREATY_DESK, Role.AUDITOR, Role.LIAISON),
}
UNDER_WAY = ("/admin/backup", "/events", "/cases/revive-open")
"""What takes long by its nature or wants a real engine, and is tried elsewhere."""


@schemathesis.serializer("application/jose", "application/octet-stream")
def as_bytes(context: Any, value: Any) -> bytes:
    """Signed letters and documents: whatever was made up, as bytes."""
    return value if isinstance(value, bytes) else str(value).encode()


class EnginelessOffice(FakeEngineOffice):
    """Says of the engine that it does not answer."""

    async def engine(self) -> Engine:
        return Engine(False)


@pytest.fixture(scope="module")
def described(
    tmp_path_factory: pytest.TempPathFactory, registry: Registry
) -> Iterator[tuple[Any, OpenApiSchema]]:
    """A house with a case, and its description as somebody with every role gets it."""
    home: Path = tmp_path_factory.mktemp("described") / "de"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROGATORY_HOME", str(home))
        settings = new_house(home, "de-test", "DE", "Test house", "Europe/Berlin")
        records = open_records(settings)
        for name, roles in ROLES.items():
            records.accounts.add(name, roles, "central-authority")
        office = EnginelessOffice(settings, records, None)  # type: ignore[arg-type]  # no engine here
        app = create_app(office, registry)
        headers = {"Authorization": f"Bearer {records.accounts.token('all')}"}
        schema = schemathesis.openapi.from_asgi("/openapi.json", app, headers=headers)
        yield (headers, schema)
        records.close()


@pytest.mark.slow
def test_nothing_that_the_description_allows_is_a_fault(described: tuple[Any, OpenApiSchema]) -> None:
    headers, schema = described
    faults: list[str] = []
    tried = 0
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        if operation.path.endswith(UNDER_WAY):
            continue

        @hypothesis.settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def attempt(case: Any) -> None:
            nonlocal tried
            case.headers = {**(case.headers or {}), **headers}
            answer = case.call()
            tried += 1
            if answer.status_code >= 500:
                faults.append(f"{case.method} {case.formatted_path} {case.query}: {answer.text[:400]}")

        attempt()
    assert tried > 60
    assert not faults, "\n".join(sorted(set(faults))[:20])
