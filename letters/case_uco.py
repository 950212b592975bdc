"""How is the custody of evidence told in CASE/UCO, so that another program can read it?

JSON-LD of the CASE ontology 1.x: an item is an observable by its digest, each signed entry of its manifest an
investigative action that was informed by the one before, each exhibit a provenance record. No description of
an item is told, only its digest, its kind and its number: descriptions may name persons.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from schemas.evidence import CustodyEntry
from schemas.ids import digest
from schemas.request import EvidenceItem

Json = dict[str, Any]

CONTEXT: Json = {
    "kb": "urn:rogatory:kb:",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-location": "https://ontology.unifiedcyberontology.org/uco/location/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

FIELDS = ("why", "how", "authority", "stored", "changes", "shipping", "received_from", "handed_to")
"""Fields of an entry that have no place of their own in the ontology: each is one line of its description."""


@dataclass(frozen=True, slots=True)
class Passing:
    """One passing of the whole case between two houses, by its signed messages."""

    id: str
    sender: str
    receiver: str
    offered: datetime
    status: str


def graph(
    ref: str,
    house: str,
    items: Sequence[EvidenceItem],
    entries: Sequence[tuple[CustodyEntry, str]],
    passings: Sequence[Passing],
) -> Json:
    """The graph of one case. `entries`: each with its signed text, in the order in which they were kept."""
    made = _Graph(ref)
    for item in items:
        made.item(item)
    for entry, text in entries:
        made.entry(entry, text)
    for passing in passings:
        made.passing(passing)
    made.bundle(house)
    return {"@context": CONTEXT, "@graph": made.nodes}


class _Graph:
    def __init__(self, ref: str) -> None:
        self._ref = ref
        self.nodes: list[Json] = []
        self._known: set[str] = set()
        self._last: dict[str, str] = {}

    def item(self, item: EvidenceItem) -> None:
        """The thing itself, and the exhibit that the case makes of it."""
        hashed = {
            "@id": self._id("Hash", item.sha256),
            "@type": "uco-types:Hash",
            "uco-types:hashMethod": "SHA256",
            "uco-types:hashValue": {
                "@type": "xsd:hexBinary",
                "@value": item.sha256.removeprefix("sha256:").upper(),
            },
        }
        facet: Json = {
            "@id": self._id("ContentDataFacet", item.sha256),
            "@type": "uco-observable:ContentDataFacet",
            "uco-observable:hash": hashed,
        }
        if item.size is not None:
            facet["uco-observable:sizeInBytes"] = {"@type": "xsd:integer", "@value": str(item.size)}
        thing = {
            "@id": self._id("File", item.sha256),
            "@type": "uco-observable:File",
            "uco-core:hasFacet": facet,
        }
        record = {
            "@id": self._id("ProvenanceRecord", item.id),
            "@type": "case-investigation:ProvenanceRecord",
            "uco-core:description": item.kind,
            "case-investigation:exhibitNumber": item.id,
            "uco-core:object": [{"@id": thing["@id"]}],
        }
        if item.abuse_material:
            record["uco-core:tag"] = ["custody-only"]
        self._add([thing, record])

    def entry(self, entry: CustodyEntry, text: str) -> None:
        """One thing that happened to the item, informed by what happened before."""
        record = {"@id": self._id("ProvenanceRecord", entry.item)}
        lines = [f"{name.replace('_', ' ')}: {told}" for name in FIELDS if (told := getattr(entry, name))]
        lines += [f"condition {each.id}: {each.text}" for each in entry.conditions]
        lines.append(f"signed entry: {digest(text.encode())}")
        node: Json = {
            "@id": self._id("InvestigativeAction", digest(text.encode())),
            "@type": "case-investigation:InvestigativeAction",
            "uco-core:name": entry.event,
            "uco-core:description": lines,
            "uco-action:startTime": _moment(entry.at),
            "uco-action:endTime": _moment(entry.at),
            "uco-action:performer": self._organisation(f"{entry.house}/{entry.function or 'house'}"),
            "uco-action:participant": [self._identity(entry.house, entry.who)],
            "uco-action:location": [self._location(entry.where)],
            "uco-action:object": [record],
            "uco-action:result": [record],
        }
        before = self._last.get(entry.item)
        if before is not None:
            node["case-investigation:wasInformedBy"] = [{"@id": before}]
        self._last[entry.item] = node["@id"]
        self._add([node])

    def passing(self, passing: Passing) -> None:
        """The whole case went from one house to the other."""
        node = {
            "@id": self._id("InvestigativeAction", passing.id),
            "@type": "case-investigation:InvestigativeAction",
            "uco-core:name": "case passed between houses",
            "uco-core:description": [f"handoff {passing.id}", f"status: {passing.status}"],
            "uco-action:startTime": _moment(passing.offered),
            "uco-action:performer": self._organisation(passing.sender),
            "uco-action:participant": [self._organisation(passing.receiver)],
        }
        self._add([node])

    def bundle(self, house: str) -> None:
        """The investigation that all of it belongs to, by the case's reference."""
        inside = [{"@id": node["@id"]} for node in self.nodes]
        node: Json = {
            "@id": self._id("Investigation", self._ref),
            "@type": "case-investigation:Investigation",
            "uco-core:name": self._ref,
            "uco-core:createdBy": self._organisation(house),
        }
        if inside:
            node["uco-core:object"] = inside
        self._add([node])

    def _organisation(self, name: str) -> Json:
        node = {
            "@id": self._id("Organization", name),
            "@type": "uco-identity:Organization",
            "uco-core:name": name,
        }
        self._add([node])
        return {"@id": node["@id"]}

    def _identity(self, house: str, who: str) -> Json:
        node = {
            "@id": self._id("Identity", f"{house}/{who}"),
            "@type": "uco-identity:Identity",
            "uco-core:name": who,
        }
        self._add([node])
        return {"@id": node["@id"]}

    def _location(self, where: str) -> Json:
        node = {
            "@id": self._id("Location", where),
            "@type": "uco-location:Location",
            "uco-core:name": where,
        }
        self._add([node])
        return {"@id": node["@id"]}

    def _add(self, nodes: Iterable[Json]) -> None:
        for node in nodes:
            if node["@id"] not in self._known:
                self._known.add(node["@id"])
                self.nodes.append(node)

    def _id(self, kind: str, name: str) -> str:
        return f"kb:{kind}-{uuid5(NAMESPACE_URL, f'urn:rogatory:{self._ref}:{kind}:{name}')}"


def _moment(at: datetime) -> Json:
    return {"@type": "xsd:dateTime", "@value": at.isoformat()}
