"""Invented cases for every letter and form, made from the shipped examples."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from desk import border
from letters.view import Letterhead, Names
from schemas.case import CaseState, Counterpart, Decision, LawRecorded, Limitation, Question
from schemas.handoff import Handoff, Holder
from schemas.request import Emergency, EvidenceItem, Outcome
from schemas.vocabulary import Kind, Side

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
HOUSE = Letterhead("Central authority (invented)", "DE", ("1 Example Street, Musterstadt",), "Europe/Berlin")
NAMES = Names(
    instrument="Convention on Cybercrime",
    words={"csam-distribution": "distribution of child sexual abuse material"},
    provider="Example Cloud (invented)",
)

SOURCES: dict[str, tuple[str, str, str]] = {
    "mla-request": ("request-mended.yml", "outgoing", "budapest"),
    "emergency-request": ("request-mended.yml", "outgoing", "budapest"),
    "subscriber-31": ("request-mended.yml", "outgoing", "budapest"),
    "eio-a": ("eio-de-fr.yml", "outgoing", "eu-eio"),
    "preservation-29": ("preservation-de-us.yml", "outgoing", "budapest"),
    "provider-preservation": ("preservation-epoc-pr.yml", "outgoing", "us-sca"),
    "epoc": ("production-epoc.yml", "outgoing", "eu-eevidence"),
    "epoc-pr": ("preservation-epoc-pr.yml", "outgoing", "eu-eevidence"),
    "epoc-impossibility": ("production-epoc.yml", "outgoing", "eu-eevidence"),
    "provider-disclosure": ("production-epoc.yml", "outgoing", "us-sca"),
    "provider-emergency": ("production-epoc.yml", "outgoing", "us-sca"),
    "eaw": ("surrender-eaw-de-fr.yml", "outgoing", "eu-eaw"),
    "extradition-request": ("extradition-de-ch.yml", "outgoing", "coe-ext-1957"),
    "provisional-arrest": ("extradition-de-ch.yml", "outgoing", "coe-ext-1957"),
    "acknowledgement": ("request-mended.yml", "incoming", "de-us-mla"),
    "eio-b": ("eio-de-fr.yml", "incoming", "eu-eio"),
    "question": ("request-mended.yml", "incoming", "de-us-mla"),
    "answer": ("request-mended.yml", "outgoing", "de-us-mla"),
    "decision": ("request-mended.yml", "incoming", "de-us-mla"),
    "refusal": ("request-mended.yml", "incoming", "de-us-mla"),
    "postponement": ("request-mended.yml", "incoming", "de-us-mla"),
    "evidence": ("request-mended.yml", "incoming", "de-us-mla"),
    "closing": ("request-mended.yml", "outgoing", "de-us-mla"),
    "identity-annex": ("request-mended.yml", "outgoing", "de-us-mla"),
    "covering": ("request-mended.yml", "outgoing", "de-us-mla"),
}
"""For each form: the example, whose side, under which instrument."""


def request(name: str, **changes: Any) -> Any:
    """The request of an example, with `changes`."""
    return border.request_from_yaml((EXAMPLES / name).read_bytes(), name).model_copy(update=changes)


def case(form: str, **changes: Any) -> CaseState:
    """A case in which `form` is of use; `changes` are fields of its request."""
    example, side, instrument = SOURCES[form]
    if "emergency" in form:
        facts = "A child is in danger now (invented)."
        changes = {
            "urgent": True,
            "emergency": Emergency(facts=facts, certified_by="Duty officer (invented)", certified_at=NOW),
            **changes,
        }
    asked = request(example, **changes)
    direct = bool(getattr(asked, "direct", False)) or form.startswith("provider")
    provider = getattr(asked, "provider", None) if direct else None
    incoming = side == "incoming"
    made = CaseState(
        ref="DE-2026-00001",
        house="de",
        state="DE",
        kind=Kind(asked.kind),
        side=Side(side),
        status="draft",
        opened=NOW - timedelta(days=3),
        updated=NOW,
        filed_by="officer",
        last_author="officer",
        counterpart=Counterpart(
            state=asked.requesting if incoming else asked.requested, ref="XX-2026-00007", provider=provider
        ),
        holder=Holder(house="de", function="central-authority"),
        held_since=NOW,
        request=asked,
        law=LawRecorded(
            edition="invented",
            on=asked.on or NOW.date(),
            assessment="sha256:" + "0" * 64,
            instrument=instrument,
            title="Convention on Cybercrime",
            articles=("29",),
            authority="Central authority over there (invented)",
        ),
    )
    return _with_facets(made, form)


def _with_facets(made: CaseState, form: str) -> CaseState:
    asked = Question(
        id="q1", text="Which account is meant (invented)?", asked=NOW, by="counterpart", answer_by=NOW
    )
    sort = {"refusal": "refused", "postponement": "postponed"}.get(form, "accepted")
    decided = Decision(
        decision=sort,
        at=NOW,
        reasons="Because of this (invented).",
        grounds=("ordre-public",),
        articles=("27(4)",),
    )
    item = EvidenceItem(
        id="item-1",
        description="Records of the account (invented).",
        kind="CSV file",
        sha256="sha256:" + "ab" * 32,
        size=12345,
        custodian="Police laboratory (invented)",
        obtained_at=NOW,
        abuse_material=True,
    )
    passed = Handoff(
        id="DE-2026-00001.h1",
        sender=Holder(house="de", function="central-authority"),
        receiver=Holder(house="us", function="central-authority"),
        why="evidence",
        offered=NOW,
    )
    facets: dict[str, dict[str, Any]] = {
        "question": {"questions": [asked]},
        "answer": {"questions": [asked.model_copy(update={"answer": "The one named (invented)."})]},
        "decision": {"decisions": [decided]},
        "refusal": {"decisions": [decided]},
        "postponement": {"decisions": [decided]},
        "evidence": {
            "evidence": [item],
            "handoffs": [passed],
            "limitations": [Limitation(id="l1", text="Only in this case (invented).", offered=NOW)],
        },
        "closing": {"outcome": Outcome(result="executed", victims_identified=1, arrests=1)},
    }
    return made.model_copy(update=facets.get(form, {}))
