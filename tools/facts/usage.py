"""Which words to avoid stand in the catalogue of offences already?"""

from __future__ import annotations

import re
from pathlib import Path

from tools.facts.table import Account, rows
from treaties.text import read

FILE = "procedure/terminology.csv"
OFFENCES = Path(__file__).parents[2] / "treaties" / "data" / "offences.yml"


def take(folder: Path, account: Account) -> None:
    """Note for every word to avoid whether an offence names it; the others are usage and no law."""
    catalogue = read(OFFENCES)
    offences = catalogue["offences"] if isinstance(catalogue, dict) else []
    avoided = {
        str(word): str(offence["slug"])
        for offence in offences
        if isinstance(offence, dict)
        for word in offence.get("avoid", [])
    }
    for row in rows(folder, FILE):
        words = [re.sub(r"\s*\(.*\)", "", word).strip() for word in row["avoid"].split(",")]
        held = [f"offences:{avoided[word]}" for word in words if word in avoided]
        if held:
            account.merged(row, row["avoid"], "to be avoided at " + ", ".join(dict.fromkeys(held)))
        else:
            account.refused(row, row["avoid"], "usage")
