"""How is a law case of `cases/*.yml` read, asked and held against the answer?

A case is a legal sentence, a question and what the sources say the answer is. It is written from the sources,
never from an answer. `AUTHORING.md` beside the law data shows the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from schemas.errors import BadData
from schemas.reasoning import (
    Assessment,
    Candidate,
    Citation,
    GroundFound,
    IssuerFound,
    OffenceAsked,
    Question,
    Reason,
)
from schemas.vocabulary import Kind, Measure
from treaties.basis import find_bases
from treaties.registry import Registry
from treaties.standing import bound
from treaties.text import Content, read

FOLDER = Path(__file__).parent / "cases"
ASKED = frozenset(
    [
        "from",
        "to",
        "kind",
        "measures",
        "on",
        "known-on",
        "offences",
        "offence-date",
        "arrest-date",
        "urgent",
        "emergency",
        "provider",
    ]
)
EXPECTED = frozenset(
    [
        "verdict",
        "because",
        "claims",
        "provisions",
        "conditions",
        "no-conditions",
        "channel",
        "urgent-channel",
        "authority",
        "languages",
        "deadlines",
        "no-deadlines",
        "grounds",
        "no-grounds",
        "not-grounds",
        "contents",
        "no-contents",
        "addressee",
        "binding",
        "issuers",
        "no-issuers",
        "duties",
        "no-duties",
    ]
)
TOP = frozenset(["case", "ask", "party", "expect", "before", "open", "good-until"])
LISTS = ("deadlines", "grounds", "not-grounds", "contents", "issuers", "duties")
TURNING = ("in-force", "extended", "provisionally-applied", "suspended", "withdrawn")
"""Acts whose very day turns an answer."""
ABSENT = "absent"
"""The verdict of an instrument that is no candidate at all."""


@dataclass(frozen=True)
class Case:
    """One case: `body` as it stands in `file`."""

    file: str
    name: str
    body: Mapping[str, Content]


def all_cases(folder: Path = FOLDER) -> list[Case]:
    """Every case, in the order of files and of cases within them. Raises BadData for an unknown field."""
    return [case for path in sorted(folder.glob("*.yml")) for case in cases_in(read(path), path.stem)]


def cases_in(content: Content, file: str) -> Iterator[Case]:
    """The cases of the content of one file."""
    for item in _list(_map(content)["cases"]):
        body = _map(item)
        name = str(body.get("case", ""))
        where = f"{file}: {name}"
        _known(body, TOP, where)
        if "ask" in body:
            _known(_map(body["ask"]), ASKED, where)
            for expected in _map(body["expect"]).values():
                _known(_map(expected), EXPECTED, where)
        yield Case(file, name, body)


def _known(found: Iterable[str], allowed: frozenset[str], where: str) -> None:
    strange = sorted(set(found) - allowed)
    if strange:
        raise BadData(
            f"unknown fields {strange}", where=where, next_step=f"use one of {', '.join(sorted(allowed))}"
        )


# --- asking ---


def question_of(case: Case) -> Question:
    """The question of a case that asks for the bases between two."""
    ask = _map(case.body["ask"])
    return Question(
        requesting=str(ask["from"]),
        requested=str(ask["to"]),
        kind=Kind(str(ask["kind"])),
        measures=tuple(Measure(str(measure)) for measure in _list(ask["measures"])),
        on=date.fromisoformat(str(ask["on"])),
        known_on=_day(ask.get("known-on")),
        offences=tuple(_offence(_map(item)) for item in _list(ask.get("offences", []))),
        offence_date=_day(ask.get("offence-date")),
        arrest_date=_day(ask.get("arrest-date")),
        urgent=ask.get("urgent") == "yes",
        provider=str(ask["provider"]) if "provider" in ask else None,
        emergency=ask.get("emergency") == "yes",
    )


def failures(registry: Registry, case: Case) -> list[str]:
    """What of the case does not come out; empty where all does."""
    if "party" in case.body:
        return list(_party_failures(registry, case))
    assessment = find_bases(registry, question_of(case))
    found = {candidate.instrument: candidate for candidate in assessment.candidates}
    failed = [
        f"{key}: {failure}"
        for key, expected in _map(case.body["expect"]).items()
        for failure in _candidate_failures(registry, found.get(key), key, _map(expected))
    ]
    return [*failed, *_whole_failures(assessment, found, case.body)]


def _party_failures(registry: Registry, case: Case) -> Iterator[str]:
    party, expected = _map(case.body["party"]), _map(case.body["expect"])
    key, state = str(party["instrument"]), str(party["state"])
    reason = bound(registry, key, state, date.fromisoformat(str(party["on"])))
    if reason.verdict.value != expected["verdict"]:
        yield f"{reason.verdict.value}, not {expected['verdict']} ({reason.claim})"
    yield from _because_failures(registry, key, [reason], _list(expected.get("because", [])))


def _whole_failures(
    assessment: Assessment, found: Mapping[str, Candidate], body: Mapping[str, Content]
) -> Iterator[str]:
    order = [str(key) for key in _list(body.get("before", []))]
    ranks = [found[key].rank for key in order]
    if ranks != sorted(ranks):
        yield f"ranks {dict(zip(order, ranks, strict=True))}"
    asked = {question.about for question in assessment.open_questions}
    for about in _list(body.get("open", [])):
        if about not in asked:
            yield f"no open question {about}; there are {sorted(asked)}"
    until = assessment.good_until.isoformat() if assessment.good_until else ""
    if "good-until" in body and until != body["good-until"]:
        yield f"good until {until or 'for ever'}, not {body['good-until']}"


def _candidate_failures(
    registry: Registry, candidate: Candidate | None, key: str, expected: Mapping[str, Content]
) -> Iterator[str]:
    wanted = str(expected["verdict"])
    if candidate is None or wanted == ABSENT:
        if candidate is not None or wanted != ABSENT:
            yield f"{candidate.verdict.value if candidate else 'no candidate'}, not {wanted}"
        return
    if candidate.verdict.value != wanted:
        failed = [
            leaf.claim
            for top in candidate.reason.children or (candidate.reason,)
            for leaf in _walk(top)
            if leaf.verdict is candidate.verdict and not leaf.children
        ]
        yield f"{candidate.verdict.value}, not {wanted} ({', '.join(dict.fromkeys(failed))})"
    trees = _trees(candidate)
    yield from _because_failures(registry, key, trees, _list(expected.get("because", [])))
    claims = {reason.claim for tree in trees for reason in _walk(tree)}
    for claim in _list(expected.get("claims", [])):
        if claim not in claims:
            yield f"does not say {claim}"
    yield from _verdict_failures(candidate, expected)
    yield from _way_failures(candidate, expected)
    yield from _list_failures(candidate, expected)


def acts_of(case: Case) -> list[tuple[str, str, str, date, date]]:
    """Instrument, State, act, its day and the day asked, for the acts a case rests on that turn there.

    Only where the case names one instrument, so that it is clear whose act is meant.
    """
    asked = _map(case.body["party"] if "party" in case.body else case.body["ask"])
    expect = _map(case.body["expect"])
    if "party" in case.body:
        one, key = expect, str(asked["instrument"])
    elif len(expect) == 1:
        key = next(iter(expect))
        one = _map(expect[key])
    else:
        return []
    on = date.fromisoformat(str(asked["on"]))
    found = []
    for item in _list(one.get("because", [])):
        cited = _map(item)
        if "act" in cited:
            day = date.fromisoformat(str(cited["on"]))
            if on in (day, day - timedelta(days=1)) and cited["act"] in TURNING:
                found.append((key, str(cited["state"]), str(cited["act"]), day, on))
    return found


# --- parts of the answer ---


def _because_failures(
    registry: Registry, key: str, trees: Sequence[Reason], because: Sequence[Content]
) -> Iterator[str]:
    reasons = [reason for tree in trees for reason in _walk(tree)]
    citations = {citation for reason in reasons for citation in reason.citations}
    facts = {fact for reason in reasons for fact in reason.facts}
    for item in because:
        cited = _map(item)
        if "article" in cited:
            if not any(_is_cited(registry, key, one, str(cited["article"])) for one in citations):
                yield f"does not cite article {cited['article']}"
        elif "complete" in cited:
            if f"{cited['complete']}:complete" not in facts:
                yield f"does not rest on the whole list of {cited['complete']}"
        elif not any(_names_act(fact, cited) for fact in facts):
            yield f"does not rest on {cited['state']} {cited['act']} {cited['on']}"


def _is_cited(registry: Registry, key: str, citation: Citation, article: str) -> bool:
    keys = (key, *registry.instruments[key].requires)
    return citation.article == article and citation.instrument in keys


def _names_act(fact: str, cited: Mapping[str, Content]) -> bool:
    """Is the fact that act of that State on that day, whatever the instrument?"""
    named = f"{cited['state']}.{cited['act']}.{cited['on']}"
    said = fact.partition(":")[2]
    return said == named or said.startswith(f"{named}.")


def _verdict_failures(candidate: Candidate, expected: Mapping[str, Content]) -> Iterator[str]:
    for article, wanted in _map(expected.get("provisions", {})).items():
        verdicts = [one.verdict.value for one in candidate.provisions if one.article == article]
        if not verdicts or set(verdicts) != {wanted}:
            yield f"article {article} is {verdicts}, not {wanted}"
    for slug, wanted in _map(expected.get("conditions", {})).items():
        verdicts = [one.verdict.value for one in candidate.conditions if one.condition == slug]
        if not verdicts or set(verdicts) != {wanted}:
            yield f"condition {slug} is {verdicts}, not {wanted}"
    for unasked in _list(expected.get("no-conditions", [])):
        if any(one.condition == unasked for one in candidate.conditions):
            yield f"asks for condition {unasked}"


def _way_failures(candidate: Candidate, expected: Mapping[str, Content]) -> Iterator[str]:
    ways = {"channel": candidate.channel, "urgent-channel": candidate.urgent_channel}
    for name, channel in ways.items():
        if name in expected and (channel is None or channel.value != expected[name]):
            yield f"{name} {channel}, not {expected[name]}"
    for name, found in (("addressee", candidate.addressee), ("binding", candidate.binding)):
        if expected.get(name, found) != found:
            yield f"{name} {found}, not {expected[name]}"
    addressed = candidate.authority.name if candidate.authority else ""
    if str(expected.get("authority", "")) not in addressed:
        yield f"authority {addressed!r}, not {expected['authority']}"
    if "languages" in expected and list(candidate.languages) != expected["languages"]:
        yield f"languages {candidate.languages}, not {expected['languages']}"


def _list_failures(candidate: Candidate, expected: Mapping[str, Content]) -> Iterator[str]:
    """A list entry is written as its words in a row: `political-offence 2(a) no`, `29(7) 60 days`."""
    lines = {
        "deadlines": [f"{one.article} {one.amount} {one.unit}" for one in candidate.deadlines],
        "grounds": [_ground(one) for one in candidate.grounds],
        "not-grounds": [_ground(one) for one in candidate.not_grounds],
        "contents": [f"{one.field} {one.article} {one.required}" for one in candidate.contents],
        "issuers": [_issuer(one) for one in candidate.issuers],
        "duties": [
            f"{one.duty} {one.article}{' on-request' if one.on_request else ''}" for one in candidate.duties
        ],
    }
    for name in LISTS:
        for line in _list(expected.get(name, [])):
            if not any(_begins(found, str(line)) for found in lines[name]):
                yield f"{name} lack {line}: {lines[name]}"
        for line in _list(expected.get(f"no-{name}", [])):
            if any(_begins(found, str(line)) for found in lines[name]):
                yield f"{name} hold {line}"


def _ground(one: GroundFound) -> str:
    return f"{one.ground} {one.article} {one.mandatory}"


def _issuer(one: IssuerFound) -> str:
    within = f" {one.afterwards_hours} hours" if one.afterwards_hours is not None else ""
    return f"{one.capacity} {one.article}{within} {' '.join(one.by)}"


def _begins(line: str, words: str) -> bool:
    return line == words or line.startswith((f"{words} ", f"{words}("))


def _trees(candidate: Candidate) -> list[Reason]:
    trees = [candidate.reason, *[one.reason for one in candidate.provisions]]
    trees += [one.reason for one in candidate.conditions]
    return [*trees, candidate.channel_reason] if candidate.channel_reason else trees


def _walk(reason: Reason) -> Iterator[Reason]:
    yield reason
    for child in reason.children:
        yield from _walk(child)


# --- reading ---


def _offence(item: Mapping[str, Content]) -> OffenceAsked:
    return OffenceAsked(
        str(item["slug"]), _months(item.get("max-requesting")), _months(item.get("max-requested"))
    )


def _months(text: Content | None) -> int | None:
    return None if text is None else int(str(text))


def _day(text: Content | None) -> date | None:
    return None if text is None else date.fromisoformat(str(text))


def _map(content: Content) -> Mapping[str, Content]:
    if not isinstance(content, dict):
        raise BadData(f"not a mapping: {content!r}", where="a law case", next_step="write fields with values")
    return content


def _list(content: Content) -> Sequence[Content]:
    if not isinstance(content, list):
        raise BadData(f"not a list: {content!r}", where="a law case", next_step="write [a, b]")
    return content
