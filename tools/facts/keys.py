"""Which instrument does a table of the facts speak of?"""

from __future__ import annotations

from typing import NamedTuple


class Table(NamedTuple):
    """One party table: its `file`, the instrument `key`, and whether entries into force were computed."""

    key: str
    file: str
    computed: bool = False


COE = {
    "ets185": "budapest",
    "ets189": "budapest-1ap",
    "cets224": "budapest-2ap",
    "cets201": "lanzarote",
    "ets024": "coe-ext-1957",
    "ets086": "coe-ext-1975-ap1",
    "ets098": "coe-ext-1978-ap2",
    "cets209": "coe-ext-2010-ap3",
    "cets212": "coe-ext-2012-ap4",
    "ets030": "coe-mla-1959",
    "ets099": "coe-mla-1978-ap1",
    "ets182": "coe-mla-2001-ap2",
    "cets227": "coe-mla-2025-ap3",
    "cets197": "coe-trafficking-2005",
    "cets198": "coe-laundering-2005",
    "ets141": "coe-laundering-1990",
    "ets112": "coe-transfer-1983",
    "ets073": "coe-proceedings-1972",
}
UN = (
    "untoc",
    "untoc-trafficking",
    "uncac",
    "drugs1988",
    "crc",
    "opsc",
    "iccpr",
    "iccpr-op2",
    "cat",
    "icsft",
    "refugee-convention",
    "refugee-protocol",
    "apostille",
    "uncc",
)
REGIONAL = {
    "eu-eaw-2002-584": "eu-eaw",
    "eu-eio-2014-41": "eu-eio",
    "eu-eevidence-2023-1543": "eu-eevidence",
    "eu-eevidence-dir-2023-1544": "eu-eevidence-dir",
    "eu-uk-tca-p3": "uk-eu-tca",
    "commonwealth-harare": "harare",
    "commonwealth-london": "london-scheme",
}
"""Regional tables whose key differs from their name; the others keep it."""


def of_fact(name: str) -> str:
    """The instrument key for the name a facts table uses (`ets185`, `eu-eio-2014-41`, `untoc`)."""
    return COE.get(name) or REGIONAL.get(name) or name


def tables(regional: list[str]) -> list[Table]:
    """All party tables; `regional` names those of the regional folder."""
    return [
        *(Table(key, f"coe/{name}.csv") for name, key in COE.items()),
        # The Hague Conference prints entries into force itself.
        *(Table(name, f"un/{name}.csv", computed=name != "apostille") for name in UN),
        *(Table(of_fact(name), f"regional/{name}.csv") for name in regional),
    ]
