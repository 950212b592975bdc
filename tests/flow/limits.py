"""Limits counted by the real activity, for the tests of them: a piece of work, and what it comes to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from activities.limits import Limits
from schemas.deadline import Deadline
from schemas.law import DeadlineRule
from schemas.vocabulary import Kind, Side
from schemas.work import CountWork
from treaties.counting import Place
from treaties.load import shipped
from treaties.registry import Registry

MLA, EXTRADITION, PRESERVATION, PRODUCTION = Kind.MLA, Kind.EXTRADITION, Kind.PRESERVATION, Kind.PRODUCTION
DE, US, GB, NL = "DE", "US", "GB", "NL"
ZONES = {DE: "Europe/Berlin", US: "America/New_York", GB: "Europe/London", NL: "Europe/Amsterdam"}
ZONES |= {"CH": "Europe/Zurich", "AT": "Europe/Vienna"}


def counting_of(
    kind: Kind, instrument: str | None, event: str, at: str, pair: str = "DE>FR", **changes: Any
) -> CountWork:
    """An event of a case in the house of the State that asks (`DE>FR`) or that is asked (`DE<FR`)."""
    home, other = re.split("[<>]", pair)
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    given: dict[str, Any] = {
        "ref": "X",
        "kind": kind,
        "side": Side.OUTGOING if ">" in pair else Side.INCOMING,
        "event": event,
        "at": moment,
        "now": moment,
        "home_state": home,
        "counterpart_state": other,
        "instrument": instrument,
    }
    return CountWork(**(given | changes))


def counted(work: CountWork, law: Registry | None = None) -> dict[str, Deadline]:
    """What the law sets, by instrument and clock where the basis is not alone, else by clock."""
    house = Limits(law or shipped(), Place(ZONES.get(work.home_state, ""), work.home_state))
    found = [entry for entry in house.counted(work).deadlines if entry.law]
    return {
        entry.clock if entry.instrument == (work.instrument or entry.instrument) else f"+{entry.clock}": entry
        for entry in found
    }


def rules() -> Iterator[tuple[str, DeadlineRule]]:
    for key, law in shipped().instruments.items():
        for rule in law.deadlines:
            yield key, rule


ARREST = "2026-10-20T22:30"
"""Half past midnight of the 21st in Zurich; four days later its clocks go back."""

BEFORE_PROTOCOLS = "2008-10-20T22:30"
"""The same night of 2008: the Third and Fourth Protocols to the Convention did not exist."""

ON = "2026-11-20T10:00"
"""A Friday."""

LAST_DAYS: list[tuple[Kind, str | None, str, str, str, tuple[str, ...], dict[str, str]]] = [
    # extradition: arrest
    (EXTRADITION, "coe-ext-1957", "arrest", BEFORE_PROTOCOLS, "DE>RS", (),
     {"arrest-to-papers-may": "2008-11-08", "arrest-to-papers": "2008-11-30"}),
    (EXTRADITION, "coe-ext-1957", "arrest", ARREST, "AT>CH", (),
     {"arrest-to-papers-may": "2026-11-08", "arrest-to-papers": "2026-11-30", "consent-said": "2026-10-31"}),
    (EXTRADITION, "coe-ext-1957", "arrest", BEFORE_PROTOCOLS, "DE>RS", ("papers-in",), {}),
    (EXTRADITION, "nl-us-ext", "arrest", "2026-03-01T04:59:59", "NL>US", (),
     {"arrest-to-papers": "2026-04-29"}),
    (EXTRADITION, "nl-us-ext", "arrest", "2026-03-01T05:00:00", "NL>US", (),
     {"arrest-to-papers": "2026-04-30"}),
    (EXTRADITION, "ca-nl-ext", "arrest", "2027-12-31T12:00", "NL>CA", (), {"arrest-to-papers": "2028-02-29"}),
    (EXTRADITION, "eu-eaw", "arrest", ON, "DE>FR", (), {"decide": "2027-01-19"}),
    # extradition: consent, decision, surrender; 25 December rolls to Monday under acts of the Union
    (EXTRADITION, "eu-eaw", "consent", "2026-12-15T10:00", "DE>FR", (), {"decide": "2026-12-28"}),
    (EXTRADITION, "eu-eaw", "decide", "2026-12-15T10:00", "DE>FR", (), {"surrender": "2026-12-28"}),
    (EXTRADITION, "eu-eaw", "surrender-fixed", "2026-12-15T10:00", "DE>FR", (),
     {"surrender-must": "2026-12-28"}),
    (EXTRADITION, "uk-eu-tca", "consent", "2026-12-15T10:00", "GB>FR", (), {"decide": "2026-12-25"}),
    (EXTRADITION, "uk-eu-tca", "arrest", ON, "GB>FR", (), {"decide": "2027-01-19"}),
    (EXTRADITION, "uk-eu-tca", "decide", ON, "GB>FR", (), {"surrender": "2026-11-30"}),
    (EXTRADITION, "coe-ext-1957", "consent", ON, "AT>CH", (), {"notice-of-decision": "2026-12-10"}),
    (EXTRADITION, "coe-ext-1957", "decide", ON, "AT>CH", ("consented",), {"surrender": "2026-11-30"}),
    (EXTRADITION, "coe-ext-1957", "decide", ON, "AT>CH", (), {}),
    (EXTRADITION, "coe-ext-1957", "surrender-fixed", ON, "DE>RS", (),
     {"surrender-may": "2026-12-05", "surrender-must": "2026-12-20"}),
    (EXTRADITION, "ca-nl-ext", "surrender-fixed", ON, "NL>CA", (),
     {"surrender-may": "2026-12-05", "surrender-must": "2026-12-20"}),
    # extradition: afterwards
    (EXTRADITION, "coe-ext-1957", "discharged", ON, "DE>RU", (), {"speciality": "2027-01-04"}),
    (EXTRADITION, "coe-ext-1957", "discharged", ON, "CH>GB", (), {"speciality": "2026-12-20"}),
    (EXTRADITION, "nl-us-ext", "discharged", ON, "NL>US", (), {"speciality": "2026-12-20"}),
    (EXTRADITION, "ca-nl-ext", "discharged", ON, "NL>CA", (), {"speciality": "2026-12-20"}),
    (EXTRADITION, "eu-eaw", "discharged", ON, "DE>FR", (), {"speciality": "2027-01-04"}),
    (EXTRADITION, "coe-ext-1957", "ask-consent", ON, "AT>CH", (), {"consent-answer": "2027-02-18"}),
    (EXTRADITION, "coe-ext-1957", "ask-onward", ON, "AT>CH", (), {"onward-answer": "2027-02-18"}),
    (EXTRADITION, "coe-ext-1957", "ask-consent", BEFORE_PROTOCOLS, "DE>RS", (), {}),
    (EXTRADITION, "eu-eaw", "ask-consent", ON, "DE>FR", (), {"consent-answer": "2026-12-21"}),
    (EXTRADITION, "eu-eaw", "ask-onward", ON, "DE>FR", (), {"onward-answer": "2026-12-21"}),
    # extradition: the statutes by which courts and ministers hold a person, whatever the treaty
    (EXTRADITION, "gb-us-ext", "arrest", ON, "US>GB", (), {"+arrest-to-papers": "2027-01-23"}),
    (EXTRADITION, None, "arrest", ON, "AU>GB", (), {"arrest-to-papers": "2027-01-03"}),
    (EXTRADITION, None, "court", "2027-03-01T10:00", "AU>GB", (), {"hearing": "2027-04-30"}),
    (EXTRADITION, None, "court", "2027-03-01T10:00", "AU>GB", ("papers-first",), {}),
    (EXTRADITION, None, "papers", "2027-12-31T10:00", "AU>GB", (), {"hearing": "2028-02-29"}),
    (EXTRADITION, None, "to-minister", ON, "AU>GB", (),
     {"minister": "2027-01-19", "representations": "2026-12-18"}),
    (EXTRADITION, None, "decide", ON, "AU>GB", (), {"surrender": "2026-12-17"}),
    (EXTRADITION, "uk-eu-tca", "decide", ON, "FR>GB", (),
     {"surrender": "2026-11-30", "+surrender": "2026-11-29"}),
    (EXTRADITION, "uk-eu-tca", "surrender-fixed", ON, "FR>GB", (),
     {"surrender-must": "2026-11-30", "+surrender-must": "2026-11-29"}),
    (EXTRADITION, "de-us-ext", "committed", "2026-12-31T12:00", "DE>US", (), {"+removal": "2027-02-28"}),
    # data that are kept
    (PRESERVATION, "budapest", "preserved", ON, "DE>US", (), {"preserve": "2027-01-19"}),
    (PRESERVATION, "uncc", "preserved", ON, "DE>US", (), {"preserve": "2027-01-19"}),
    (PRESERVATION, "harare", "preserved", ON, "GB>AU", (), {"preserve": "2027-03-20"}),
    (PRESERVATION, "us-18-usc-2703f", "preserved", ON, "DE>US", (), {"preserve": "2027-02-18"}),
    (PRESERVATION, "us-18-usc-2703f", "renewed", "2027-02-18T10:00", "DE>US", (), {"preserve": "2027-05-19"}),
    # the sixtieth day is a Saturday: kept, since the earliest end counts
    (PRESERVATION, "eu-eevidence", "served", "2026-11-24T10:00", "DE>IE", (), {"preserve": "2027-01-23"}),
    (PRESERVATION, "eu-eevidence", "delivered", "2026-11-24T10:00", "DE>IE", (), {"preserve": "2027-01-23"}),
    (PRESERVATION, "eu-eevidence", "preserved", "2026-11-24T10:00", "DE>IE", (), {"preserve": "2027-01-23"}),
    (PRESERVATION, "eu-eevidence", "arrive", "2026-11-24T10:00", "DE<IE", (), {}),
    (MLA, None, "report", "2028-02-29T12:00", "DE>US", (), {"report-preserve": "2029-02-28"}),
    # data from providers
    (PRODUCTION, "eu-eevidence", "served", "2026-11-18T10:00", "DE>IE", (),
     {"produce": "2026-11-30", "object": "2026-11-30"}),
    (PRODUCTION, "eu-eevidence", "notified", "2026-11-18T10:00", "DE>IE", (), {"object": "2026-11-30"}),
    (PRODUCTION, "eu-eevidence", "question", ON, "DE>IE", (), {"clarify": "2026-11-25"}),
    (PRODUCTION, "eu-eevidence", "enforce", ON, "DE>IE", (), {"enforce-decision": "2026-11-27"}),
    (PRODUCTION, "budapest-2ap", "served", ON, "DE>US", ("direct",), {"produce": "2026-12-20"}),
    (PRODUCTION, "budapest-2ap", "delivered", ON, "DE>US", ("direct",), {"produce": "2026-12-20"}),
    (PRODUCTION, "budapest-2ap", "delivered", ON, "DE>US", (), {"serve": "2027-01-04"}),
    (PRODUCTION, "budapest-2ap", "served", ON, "DE>US", (), {"produce": "2026-12-10"}),
    (PRODUCTION, "us-18-usc-2702", "served", ON, "DE>US", (), {"object": "2026-12-04"}),
    (PRODUCTION, "gb-copoa-2019", "served", ON, "GB>US", (), {"produce": "2026-11-26"}),
    (PRODUCTION, "gb-copoa-2019", "issue", ON, "GB>US", (), {"serve": "2027-02-19"}),
    # mutual assistance
    (MLA, "eu-eio", "arrive", ON, "DE<FR", (), {"acknowledge": "2026-11-27", "decide": "2026-12-21"}),
    (MLA, "eu-eio", "decide", ON, "DE<FR", (), {"execute": "2027-02-18"}),
    (MLA, "uk-eu-tca", "delivered", ON, "DE>GB", (), {"decide": "2027-01-04"}),
    (MLA, "uk-eu-tca", "decide", ON, "DE>GB", (), {"execute": "2027-02-18"}),
    (MLA, "coe-mla-1959", "witness-free", ON, "DE>CH", (), {"safe-conduct": "2026-12-05"}),
    (MLA, "untoc", "witness-free", ON, "DE>US", (), {"safe-conduct": "2026-12-05"}),
    (MLA, "uncac", "witness-free", ON, "DE>US", (), {"safe-conduct": "2026-12-05"}),
    (MLA, "uncc", "witness-free", ON, "DE>US", (), {"safe-conduct": "2026-12-05"}),
    (MLA, "eu-eio", "witness-free", ON, "DE>FR", (), {"safe-conduct": "2026-12-07"}),
    (MLA, "nl-us-mla", "witness-free", ON, "NL>US", (), {"safe-conduct": "2026-11-30"}),
    (MLA, "ca-nl-mla", "witness-free", ON, "NL>CA", (), {"safe-conduct": "2026-12-05"}),
]  # fmt: skip


def altered(key: str, **changes: Any) -> Registry:
    """The shipped law with one instrument changed."""
    law = shipped()
    laws = {**law.instruments, key: law.instruments[key].model_copy(update=changes)}
    return Registry(
        edition="changed",
        instruments=laws,
        parties=law.parties,
        jurisdictions=law.jurisdictions,
        offences=law.offences,
        sources=law.sources,
        entries=law.entries,
        completeness=law.completeness,
    )


def eaw() -> Deadline:
    return counted(counting_of(EXTRADITION, "eu-eaw", "consent", "2026-12-15T10:00"))["decide"]
