"""Which questions does a filed draft answer, and what becomes of it when one of them is answered anew?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from desk.web import filing_questions as asked
from desk.web.cited import Voice
from desk.web.filing_answers import answers_of, laid_over
from desk.web.filing_drafts import mark
from desk.web.filing_law import USUAL, Found, law_of
from desk.web.filing_shown import Section, sections_of
from desk.web.filing_step import MOST_OFFENCES, Field, Step
from desk.web.filing_subject import STATE_IN
from desk.web.forms import Typed
from desk.web.frame import Visitor
from schemas.case import CaseState, Gap
from schemas.errors import NotFound
from schemas.request import Attachment, notice_only
from schemas.vocabulary import Kind, Measure

Json = dict[str, Any]

NOT_HERE = (asked.LAW, STATE_IN)
"""The basis is chosen by a move of its own, and whose request it is does not change."""
ANSWERED = (asked.EMERGENCY, asked.NECESSITY, asked.UNPRESERVED)
"""What stays in the request where its question is not asked any more: it can be read and taken out."""
CONTENTS = "contents-"


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as its questions have it. `further`: the question for one more offence, if there may be one."""

    typed: Typed
    steps: list[Step]
    further: Step | None

    def step(self, name: str) -> Step:
        """The question of this name. Raises NotFound."""
        for step in (*self.steps, *([self.further] if self.further else [])):
            if step.name == name:
                return step
        raise NotFound("This question is not asked here.", where=name[:40], next_step="go back to the case")


def drafted(visitor: Visitor, state: CaseState) -> Drafted:
    """The answers of the draft as it stands, and the questions it answers or could."""
    typed = answers_of(state.request, state.side, visitor.house.office.zone)
    steps: list[Step] = []
    number = len(state.request.offences)
    for one in asked.OF_A_CASE:
        if one == asked.OFFENCES_AT:
            steps += [_offence(each) for each in range(max(number, 1))]
        elif one == asked.CONTENTS_AT:
            steps += _contents(visitor, state)
        elif isinstance(one, Step) and one not in NOT_HERE and _is_asked(one, typed):
            steps.append(one)
    return Drafted(typed, steps, _offence(number) if 0 < number < MOST_OFFENCES else None)


def shown(visitor: Visitor, state: CaseState, draft: Drafted) -> list[Section]:
    """The answers as the page of the case shows them; documents by their names."""
    names = tuple(each.name for each in state.request.attachments)
    made = sections_of(visitor, draft.steps, draft.typed, Found())
    for part in made:
        if part.step == asked.DOCUMENTS.name:
            part.rows[:] = [replace(one, lines=names) for one in part.rows]
    return made


def needed(gaps: Iterable[Gap]) -> set[str]:
    """The fields whose answers the sending waits for."""
    return {field for gap in gaps if gap.blocking and (field := where_mended(gap)[1])}


def where_mended(gap: Gap) -> tuple[str, str]:
    """Question and field by which a gap is closed; empty where no answer closes it."""
    if gap.code == "content":
        return CONTENTS + gap.field, CONTENTS + gap.field
    if gap.code in ("translation", "certification"):
        return asked.where_asked("language")
    return asked.where_asked(gap.field)


def mark_of(step: Step, typed: Typed) -> str:
    """What stands on the page of a question, in a few letters."""
    return mark(step, {field.name: _said(field, typed) for field in step.fields})


def amended(
    visitor: Visitor, state: CaseState, step: Step, typed: Typed, documents: Sequence[Attachment]
) -> Json:
    """The request with this question answered anew, as JSON; nothing else in it changes, to the second and to
    the blank, save what cannot be without the old answer. Raises ValueError only for what `refuse_wrong`
    refuses."""
    zone = visitor.house.office.zone
    request: Json = json.loads(state.request.model_dump_json(exclude_none=True))
    made = laid_over(request, _changed(state, step, typed, zone), typed, zone)
    if step.name == asked.DOCUMENTS.name:
        known = {each.digest: each.model_dump(mode="json") for each in documents}
        chosen = dict.fromkeys(typed.all("attachments"))
        made["attachments"] = [known[each] for each in chosen if each in known]
    if made["requested"] != state.request.requested and "instrument" in made:
        made |= {"instrument": _basis(visitor, state, made)}
    if Measure.INTERCEPTION not in made.get("measures", ()):
        made.pop("notice_only", None)
    return {name: value for name, value in made.items() if value is not None}


def _changed(state: CaseState, step: Step, typed: Typed, zone: ZoneInfo) -> list[Field]:
    """The fields with another answer; of those that share a place all."""
    before = answers_of(state.request, state.side, zone)
    other = {field.path for field in step.fields if _said(field, typed) != _said(field, before)}
    return [field for field in step.fields if field.path in other]


def _said(field: Field, typed: Typed) -> list[str]:
    return [text.replace("\r\n", "\n").strip() for text in typed.all(field.name)]


def _basis(visitor: Visitor, state: CaseState, made: Json) -> str | None:
    """The basis with another State: the old one if it is known between the two, else the first that links
    them; the page says so."""
    typed = answers_of(state.request, state.side, visitor.house.office.zone)
    typed.values["requested"] = [made["requested"]]
    if law_of(visitor, typed).problem is None:
        return str(made["instrument"])
    typed.values.pop("instrument")
    return law_of(visitor, typed).basis


def _is_asked(step: Step, typed: Typed) -> bool:
    if all(field.path.startswith("!") for field in step.fields):
        return False
    left = step in ANSWERED and any(typed.all(field.name) for field in step.fields)
    return left or step.when(typed)


def _offence(number: int) -> Step:
    """As when it was filed; another one is begun by a link of its own."""
    step = asked.offence_step(number)
    return replace(step, fields=tuple(field for field in step.fields if field.path))


def _contents(visitor: Visitor, state: CaseState) -> list[Step]:
    """What the basis wants or advises, what every letter tells, and what is written already; of a mere notice
    only that."""
    voice = Voice(visitor.house.registry, visitor.language, visitor.house.today())
    law, articles = state.law, {gap.field: gap.article for gap in state.gaps if gap.code == "content"}
    codes: list[str] = []
    if not notice_only(state.request):
        codes += [*(law.contents_required if law else ()), *(law.contents_advised if law else ()), *articles]
        codes += USUAL if state.kind is Kind.MLA else ()
    codes += state.request.contents
    made = []
    for code in dict.fromkeys(codes):
        name = voice.law.field(code)
        made.append(asked.content_step(code, name[:1].upper() + name[1:], articles.get(code) or ""))
    return made
