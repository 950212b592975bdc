"""What holds for every test: how the run ends, and where optional tools are demanded."""

from __future__ import annotations

import os
import sys

import pytest
from hypothesis import settings

# Time is never asserted, and shared processors stall. On a build machine the same examples are tried each
# time, so that a red run can be had again; everywhere else they are new ones.
settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")

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
