"""Which pages show this? The answer of the law, side by side."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from desk.web import asked, law_names
from desk.web.answer import answer_of
from desk.web.cited import Voice
from desk.web.forms import Typed
from desk.web.frame import PageGuard, PageRoute, Visitor, page
from desk.who import Permission
from schemas.vocabulary import Measure
from treaties.answer_json import as_json
from treaties.basis import find_bases
from treaties.registry import Registry

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Asker = Annotated[Visitor, Depends(PageGuard(Permission.ASK_LAW))]


@router.get("/desk/ask")
def ask(request: Request, visitor: Asker) -> Response:
    """The form; with a question in the address, its answer; with `why`, all about one candidate."""
    typed, registry = asked.typed_of(request), visitor.house.registry
    asking = bool(typed.values) and "edit" not in request.query_params
    question = asked.question_of(typed, visitor, registry) if asking else None
    if question is None:
        return _form(request, visitor, typed, registry)
    voice = Voice(registry, visitor.language, visitor.house.today())
    told = as_json(find_bases(registry, question), registry, voice.law_language)
    context: dict[str, Any] = {
        "question": question,
        "again": asked.address_of(typed),
    }
    wanted = request.query_params.get("why")
    if wanted in {one["instrument"] for one in told["candidates"]}:
        answer = answer_of(told, voice, chosen=wanted)
        return page(request, visitor, "ask/why.html", answer=answer, **context)
    answer = answer_of(told, voice)
    fields = asked.still_open(answer, typed, registry)
    context |= {
        "answer": answer,
        "form": typed,
        "fields": fields,
        "elsewhere": [one for one in answer.questions if not asked.fields_for(one)],
        "kept": asked.kept(typed, fields),
        "edit": asked.address_of(typed, edit="1"),
    }
    return page(request, visitor, "ask/answer.html", **context, **_choices(visitor, registry))


def _form(request: Request, visitor: Visitor, typed: Typed, registry: Registry) -> Response:
    typed.values.setdefault("from", [visitor.house.office.settings.state])
    typed.values.setdefault("kind", [asked.KINDS[0].value])
    typed.values.setdefault("on", [visitor.house.today().isoformat()])
    status = 200 if typed.ok else 422
    return page(request, visitor, "ask/form.html", status, form=typed, **_choices(visitor, registry))


def _choices(visitor: Visitor, registry: Registry) -> dict[str, Any]:
    return {
        "states": law_names.states(registry, visitor.language),
        "kinds": asked.KINDS,
        "measures": tuple(Measure),
        "offences": law_names.offences(registry, visitor.language),
        "providers": law_names.providers(registry),
        "law_language": Voice(registry, visitor.language, visitor.house.today()).law_language,
    }
