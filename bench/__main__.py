"""How fast is it, in figures of one run? `python -m bench [NAME...]` (`make bench`)

Each module of this folder with a function `run() -> list[str]` gives some lines. Figures are compared within
one run on one machine only: each bench brings its own control.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import platform
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path


def benches() -> list[str]:
    """Names of the modules here that measure something."""
    found = pkgutil.iter_modules([str(Path(__file__).parent)])
    return sorted(info.name for info in found if not info.name.startswith("_"))


def measured(name: str) -> bool:
    """Runs one bench and prints its lines; False when it failed."""
    print(f"\n{name}", flush=True)
    start = time.perf_counter()
    try:
        run: Callable[[], list[str]] | None = getattr(importlib.import_module(f"bench.{name}"), "run", None)
        lines = run() if run is not None else []
    except Exception:
        traceback.print_exc()
        return False
    for line in lines:
        print(f"  {line}")
    print(f"  ({time.perf_counter() - start:.1f} s)", flush=True)
    return True


def main(wanted: list[str]) -> int:
    """Runs the benches named, or all; 1 when one failed, 2 for a name that is none."""
    known = benches()
    unknown = [name for name in wanted if name not in known]
    if unknown:
        print(f"no bench {', '.join(unknown)}; known: {', '.join(known)}", file=sys.stderr)
        return 2
    cores = os.cpu_count() or 1
    print(f"Python {platform.python_version()}, {platform.system()}, {cores} cores")
    failed = [name for name in wanted or known if not measured(name)]
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # A bench that used the engine's library may be torn down badly by the interpreter.
    os._exit(status)
