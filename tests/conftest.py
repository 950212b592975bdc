"""What holds for every test: how the run ends, and where optional tools are demanded."""

from __future__ import annotations

import gc
import os
import sys

import pytest
from hypothesis import settings

# Time is never asserted, and shared processors stall. The same examples are tried each time: a change fails
# for what it does, and not for what was there before and is found just now. New ones, and ten times as many
# plays, are tried by `HYPOTHESIS_PROFILE=soak`.
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("soak", deadline=None, derandomize=False, print_blob=True, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

_status = pytest.StashKey[int]()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Thousands of tests stay until the end: the collector of unreachable objects need not walk them all
    again and again, which took a quarter of the time of a run."""
    gc.collect()
    gc.freeze()


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
