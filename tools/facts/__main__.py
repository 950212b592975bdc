"""How is the import run? `python -m tools.facts FACTS_FOLDER [--out treaties/data] [--report FILE]`"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.facts.importing import Import
from tools.facts.whole import missing


def main(arguments: list[str] | None = None) -> int:
    """Import FACTS_FOLDER into the law files under --out; prints counts, and where every row went.

    Exit status 1 where a row has no place yet: each such row is named.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.facts", description=__doc__)
    parser.add_argument("facts", type=Path, help="the folder of facts (it holds coe/, un/, bilateral/ ...)")
    parser.add_argument("--out", type=Path, default=Path("treaties/data"), help="where the law files lie")
    parser.add_argument("--report", type=Path, help="write the fate of every row to this file")
    chosen = parser.parse_args(arguments)
    if not (chosen.facts / "coe").is_dir():
        print(f"{chosen.facts}: no folder coe/ in it; name the folder of facts", file=sys.stderr)
        return 2
    run = Import(chosen.facts, chosen.out)
    changed = run.write()
    if chosen.report:
        chosen.report.write_text("\n".join(run.account.lines()) + "\n", encoding="utf-8")
    print("\n".join(run.account.summary()))
    print(f"{changed} law files written or changed under {chosen.out}")
    lost = missing(chosen.facts, run.account)
    for line in lost:
        print(f"{line}; give it a place, or refuse it for one of the reasons in table.py", file=sys.stderr)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
