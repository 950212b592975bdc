"""Do machines get the same figures as people, and no more?"""

from __future__ import annotations

import csv
import io

import pytest

from tests.desk.conftest import Caller
from tests.desk.test_figures import lived

END = [("draft", 0), ("sent", 2), ("executed", 22)]


@pytest.fixture
def busy(call: Caller) -> Caller:
    for number in range(6):
        lived(call.records, f"DE-MLA-2025-0000{number}", END)
    lived(call.records, "DE-MLA-2025-00010", END, other="FR")
    return call


async def test_figures_come_with_their_sample(busy: Caller) -> None:
    told = (await busy("auditor", "GET", "/figures")).json()
    assert told["cases"] == 7
    assert told["answer"] == {"of": "", "n": 7, "low": 20.0, "middle": 20.0, "high": 20.0}
    assert told["victims"] == {"total": 0, "cases": 0}
    none = (await busy("officer", "GET", "/figures?year=2024")).json()
    assert none["cases"] == 0
    assert (await busy("officer", "GET", "/figures?kind=nonsense")).status_code == 422


async def test_the_report_leaves_out_what_is_small(busy: Caller) -> None:
    told = (await busy("auditor", "GET", "/figures/report?year=2025")).json()
    assert told["blocks"][0]["kinds"] == {"total": 7, "cells": {"mla": 7}}
    assert told["blocks"][0]["partners"] == {"total": 7, "cells": {"FR": None, "US": None}}
    table = await busy("auditor", "GET", "/figures/report?year=2025&format=csv&language=fr")
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert ["", "États-Unis", ""] in [["", *row[1:]] for row in rows]
    page = await busy("auditor", "GET", "/figures/report?year=2025&format=pdf")
    assert page.content.startswith(b"%PDF")
    wrong = await busy("auditor", "GET", "/figures/report?year=2025&format=csv&language=xx")
    assert wrong.status_code == 422


async def test_how_the_house_is(busy: Caller) -> None:
    told = (await busy("operator", "GET", "/operation")).json()
    assert told["engine"] == {"answers": False, "version": None}
    assert told["workers"] is None
    assert told["backup"] is None
    assert told["database"]["cases"] == 7
    assert told["letters"]["roads"] == []
