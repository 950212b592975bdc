"""What does an assessment say in plain sentences: why this basis, and why not that one?

Sentences are made last, from the tree of reasons, per language. For other rooms:

- `sentences(assessment, registry, locale="en", long=False)`: one sentence per candidate, or the whole trees;
- `why(candidate, registry, locale)`: the short form of one candidate; `because` is the same without its head;
- `tree(reason, registry, locale)`: every claim of a reason with its citations, indented;
- `asked(question, registry, locale)`: an open question as a sentence;
- `gated(gate, registry, locale)`: a question of human rights with what would help.

Whoever shows them in another language than English shows `Tongue.notice` once at the foot.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.reasoning import Assessment, Candidate, GateFound, OpenQuestion, Reason
from schemas.vocabulary import Verdict
from treaties.registry import Registry
from treaties.tongue import Tongue, tongue

NEGATIONS = frozenset({"proviso.none-in-force", "proviso.not-both-bound"})
"""Claims whose no comes from a child's yes."""

ENOUGH = frozenset(
    {"scope.reach", "scope.reach-all", "scope.gives-none", "scope.no-article", "condition.treaty-dependent"}
)
"""Claims at which the short form stops: what is under them is for the long form."""

SPEAK_FOR_THEMSELVES = frozenset({"proviso.unlisted-treaty", "force.linked", "condition.offence-not-told"})
"""Open questions that name the instrument themselves, or are about none."""

MARKS = {Verdict.YES: "+", Verdict.NO: "-", Verdict.UNKNOWN: "?"}


def sentences(
    assessment: Assessment, registry: Registry, locale: str = "en", long: bool = False
) -> list[str]:
    """The assessment in the order of its ranks: a sentence for each candidate, or with `long` every claim of
    every candidate, indented, marked + (yes), - (no) or ? (unknown), with its citations."""
    if not long:
        return [why(candidate, registry, locale) for candidate in assessment.candidates]
    lines: list[str] = []
    for candidate in assessment.candidates:
        lines.extend(tree(candidate.reason, registry, locale))
        for provision in candidate.provisions:
            lines.extend(tree(provision.reason, registry, locale, depth=1))
        if candidate.channel_reason is not None:
            lines.extend(tree(candidate.channel_reason, registry, locale, depth=1))
    for gate in assessment.gates:
        lines.extend(tree(gate.reason, registry, locale))
    return lines


def why(candidate: Candidate, registry: Registry, locale: str = "en") -> str:
    """Why this candidate can, cannot or may be used: the facts that decided, in a line or two."""
    speech = tongue(registry, locale)
    frames = {Verdict.YES: "usable", Verdict.NO: "unusable", Verdict.UNKNOWN: "uncertain"}
    title = speech.instrument(candidate.instrument)
    return speech.frame(frames[candidate.verdict], instrument=title, why=because(candidate, registry, locale))


def because(candidate: Candidate, registry: Registry, locale: str = "en") -> str:
    """The facts that decided about this candidate, without its name and verdict."""
    speech = tongue(registry, locale)
    deciding = list(dict.fromkeys(_said(speech, reason) for reason in _deciding(candidate)))
    if candidate.verdict is Verdict.YES:
        deciding.append(_reach(speech, candidate))
    return " ".join(part for part in deciding if part)


def tree(reason: Reason, registry: Registry, locale: str = "en", depth: int = 0) -> list[str]:
    """Every claim under `reason`, a line each, indented by two spaces a level, with what it cites."""
    speech = tongue(registry, locale)
    return list(_lines(speech, reason, depth))


def asked(question: OpenQuestion, registry: Registry, locale: str = "en") -> str:
    """An open question, as it is put to a person."""
    speech = tongue(registry, locale)
    sentence = speech.phrase(question.about, Verdict.UNKNOWN.value, question.slots)
    if question.about in SPEAK_FOR_THEMSELVES:
        return sentence
    return speech.frame("concerning", instrument=speech.instrument(question.instrument), sentence=sentence)


def gated(gate: GateFound, registry: Registry, locale: str = "en") -> tuple[str, str]:
    """A question of human rights as a sentence, and what would help; the latter empty where it is met."""
    speech = tongue(registry, locale)
    return _said(speech, gate.reason), "" if gate.verdict is Verdict.YES else speech.text(gate.cure)


def said(reason: Reason, registry: Registry, locale: str = "en") -> str:
    """One claim with its verdict, without what it rests on."""
    return _said(tongue(registry, locale), reason)


def _said(speech: Tongue, reason: Reason) -> str:
    return speech.phrase(reason.claim, reason.verdict.value, reason.slots)


def _lines(speech: Tongue, reason: Reason, depth: int) -> Iterator[str]:
    cited = speech.series(map(speech.cited, reason.citations))
    yield f"{'  ' * depth}{MARKS[reason.verdict]} {_said(speech, reason)}" + (f" [{cited}]" if cited else "")
    for child in reason.children:
        yield from _lines(speech, child, depth + 1)


def _deciding(candidate: Candidate) -> Iterator[Reason]:
    """The claims from which the verdict comes; for a yes, those on which it rests in time."""
    if candidate.verdict is Verdict.YES:
        force = candidate.reason.children[0] if candidate.reason.children else candidate.reason
        yield from (child for child in force.children if child.claim.startswith("force."))
        return
    yield from _followed(candidate.reason, candidate.instrument)


def _followed(reason: Reason, key: str) -> Iterator[Reason]:
    other = reason.claim == "force.linked" and reason.slots.get("instrument") != key
    if other or reason.claim in ENOUGH:
        # What is said of another instrument must name it: its own reasons would speak of "it".
        yield reason
        return
    wanted = reason.verdict
    if reason.claim in NEGATIONS and wanted is not Verdict.UNKNOWN:
        wanted = Verdict.NO if wanted is Verdict.YES else Verdict.YES
    below = [child for child in reason.children if child.verdict is wanted]
    if not below:
        yield reason
    for child in below:
        yield from _followed(child, key)


def _reach(speech: Tongue, candidate: Candidate) -> str:
    """By which of its open articles that give assistance the candidate reaches what is asked."""
    reach = candidate.reason.children[1] if len(candidate.reason.children) > 1 else None
    if reach is None:
        return ""
    groups = reach.children if reach.claim == "scope.reach-all" else (reach,)
    measures = [group.slots["measure"] for group in groups if "measure" in group.slots]
    giving = [
        child.slots["article"]
        for group in groups
        for child in group.children
        if child.verdict is Verdict.YES and child.claim in {"scope.article", "scope.presumed-article"}
    ]
    words = speech.listed([speech.word(measure) for measure in measures]) or speech.frame("anything")
    articles = list(dict.fromkeys(giving))
    if not articles:
        return ""
    if articles == ["title"]:
        return speech.frame("by-title", measures=words)
    return speech.frame("by", measures=words, articles=speech.articles(articles))
