"""Which provider messages are kept as files? `python -m tests.letters.make_golden_ts103120` writes them."""

from __future__ import annotations

import json

from tests.letters.test_ts103120 import GOLDEN, everything


def main() -> None:
    """Write the folder anew."""
    GOLDEN.mkdir(exist_ok=True)
    for old in GOLDEN.iterdir():
        old.unlink()
    for name, message in everything().items():
        text = json.dumps(message.to_dict(), indent=2, ensure_ascii=False)
        (GOLDEN / f"{name}.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
