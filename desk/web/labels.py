"""What is each code of the house's closed lists called? English here; the catalogs hold the other languages.

A code without a name of its own is shown as it is written, with spaces.
"""

from __future__ import annotations

from enum import Enum

from desk.web.words import N_

LABELS: dict[str, dict[str, str]] = {
    "kind": {
        "mla": N_("Mutual legal assistance"),
        "extradition": N_("Extradition or surrender"),
        "preservation": N_("Preservation of data"),
        "production": N_("Production by a provider"),
        "prosecution": N_("Prosecution instead of surrender"),
    },
    "side": {"outgoing": N_("Outgoing"), "incoming": N_("Incoming")},
    "role": {
        "officer": N_("Officer"),
        "approver": N_("Approver"),
        "issuing-authority": N_("Issuing authority"),
        "liaison": N_("Liaison"),
        "treaty-desk": N_("Treaty desk"),
        "auditor": N_("Auditor"),
        "operator": N_("Operator"),
    },
}


def label(kind: str, code: object) -> str:
    """The English name of `code` in the list `kind`."""
    word = str(code.value) if isinstance(code, Enum) else str(code)
    found = LABELS.get(kind, {}).get(word)
    return found if found is not None else word.replace("-", " ").replace("_", " ")
