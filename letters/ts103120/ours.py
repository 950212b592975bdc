"""Which identifiers and words does a case of ours have at a provider? The same whenever they are asked for.

An identifier is made of the house, the reference and what it stands for, so that the same letter written
twice names the same objects, and a word about an object that was never ours is known for what it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from letters.ts103120.dictionaries import ETSI, OURS
from letters.ts103120.objects import Format, Value
from schemas.errors import BadInput
from schemas.request import PreservationRequest, ProductionRequest, RequestBody
from schemas.vocabulary import Measure

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "tag:rogatory:ts103120")

REQUEST_TYPES: Mapping[Measure, str] = {
    Measure.SUBSCRIBER_DATA: "SubscriberData",
    Measure.TRAFFIC_DATA: "TrafficData",
    Measure.STORED_CONTENT: "StoredContentData",
}
"""What is not in it is another category (`Other`), told in words; interception is no task of this kind."""

_CHILD = "ChildExploitationOrChildSexualAbuse"
CASE_TYPES: Mapping[str, str] = {
    "grooming": _CHILD,
    "child-sexual-abuse": _CHILD,
    "child-sexual-performances": _CHILD,
    "corruption-of-children": _CHILD,
    "exploitation-of-children-in-prostitution": _CHILD,
    "sale-of-children": _CHILD,
    "trafficking-in-persons": "HumanTrafficking",
    "money-laundering": "MoneyLaundering",
    "corruption": "Corruption",
    "drug-trafficking": "DrugsOrDrugTrafficking",
    "terrorism": "TerrorismOrThreatToPublicSafety",
    "terrorist-financing": "TerrorismOrThreatToPublicSafety",
    "racist-material-online": "HateSpeech",
    "fraud": "OtherFinancialCrimeOrFraud",
    "computer-related-fraud": "Cybercrime",
    "computer-related-forgery": "Cybercrime",
    "illegal-access": "Cybercrime",
    "illegal-interception": "Cybercrime",
    "data-interference": "Cybercrime",
    "system-interference": "Cybercrime",
    "misuse-of-devices": "Cybercrime",
    "homicide": "ViolenceOrCrimeAgainstAPerson",
    "torture": "ViolenceOrCrimeAgainstAPerson",
}
"""Offence -> ETSI's type of case; every `csam-` offence is of the first."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task of a request: its identifier at the provider, its number from 1, what of which account."""

    identifier: str
    number: int
    account: str
    measures: tuple[Measure, ...]


def identifier(*parts: str) -> str:
    """A UUIDv5 of these words."""
    return str(uuid.uuid5(_SPACE, "\n".join(parts)))


def transaction_of(message: str) -> str:
    """The transaction that carries our message `message`: the same again when it is tried again."""
    return identifier("transaction", message)


def authorisation_of(house: str, ref: str) -> str:
    """The authorisation of our case `ref`."""
    return identifier("authorisation", house, ref)


def tasks_of(request: RequestBody, house: str, ref: str) -> tuple[Task, ...]:
    """The tasks of a request to a provider: to keep, one for each account; to disclose, one for each account
    and category. Raises BadInput for a request that is neither, or asks to intercept."""
    if isinstance(request, PreservationRequest):
        wanted = [(account, request.measures) for account in request.accounts]
    elif isinstance(request, ProductionRequest):
        if Measure.INTERCEPTION in request.measures:
            raise BadInput(
                "A provider is not asked to intercept by a request for production.",
                where="request.measures",
                next_step="ask the State for interception; leave it out here",
                code="no-provider-form",
            )
        wanted = [(account, (measure,)) for account in request.accounts for measure in request.measures]
    else:
        raise BadInput(
            "Only requests to preserve or to produce go to a provider.",
            where=ref,
            next_step="address this request to the State",
            code="no-provider-form",
        )
    return tuple(
        Task(identifier("task", house, ref, str(number)), number, account, measures)
        for number, (account, measures) in enumerate(wanted, start=1)
    )


def case_type(request: RequestBody) -> str | None:
    """ETSI's type of case for the first offence that has one."""
    for offence in request.offences:
        found = _CHILD if offence.slug.startswith("csam-") else CASE_TYPES.get(offence.slug)
        if found is not None:
            return found
    return _CHILD if request.child_at_risk else None


def value_of(account: str) -> Value:
    """The account as a value with its format: an address or number that says itself what it is, or, by our
    profile, whatever the provider knows it by."""
    owner, name, text = OURS, "AccountIdentifier", account
    if account.startswith("+") and account[1:].isdecimal() and len(account) <= 16:
        owner, name, text = ETSI, "InternationalE164", account[1:]
    elif account.count("@") == 1 and not account.startswith("@") and "." in account.split("@")[1]:
        owner, name = ETSI, "EmailAddress"
    else:
        try:
            owner, name = ETSI, f"IPv{ip_address(account).version}Address"
        except ValueError:
            owner, name = OURS, "AccountIdentifier"
    return Value(format_type=Format(format_owner=owner, format_name=name), value=text)
