"""How is the command line started without its script? `python -m desk`"""

from __future__ import annotations

from desk.cli import main

if __name__ == "__main__":
    main()
