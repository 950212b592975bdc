"""What holds for every test: how the run ends, and where optional tools are demanded."""

from __future__ import annotations

import os
import sys

import pytest

_status = pytest.StashKey[int]()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    session.config.stash[_status] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """A process that used the Temporal client may abort while Python shuts down (Python 3.13 and older).

    The summary is printed by then, so the run ends here with its own status.
    """
    if "temporalio" in sys.modules and _status in config.stash:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(config.stash[_status])
