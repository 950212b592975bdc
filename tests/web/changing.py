"""How is a case changed on its pages, one answer or one move, and what would a browser post of a page?"""

from __future__ import annotations

from typing import Any

import httpx

from schemas.case import CaseState
from schemas.moves import Actor, FileRequest
from schemas.request import Request
from schemas.vocabulary import Role
from tests.web.conftest import Screen

OFFICER = Actor(id="officer", house="de", roles=(Role.OFFICER,), agency="central-authority")
URGENT = {"urgent": "yes", "urgency_reason": "Theirs: a hearing."}


def do(ref: str, event: str, query: str = "") -> str:
    """The page of a move."""
    return f"/desk/case/{ref}/do/{event}{query}"


async def filed(screen: Screen, asked: Request, who: Actor = OFFICER, key: str = "to-be-amended-01") -> str:
    """Files the request as a draft: its reference."""
    return (await screen.office.file(who, FileRequest(request=asked), key)).ref


def latest(screen: Screen, ref: str) -> CaseState:
    """The case as it stands."""
    return screen.records.states.latest(ref)


def change(ref: str, question: str, query: str = "") -> str:
    """Where a question of the draft is answered anew."""
    return f"/desk/case/{ref}/change/{question}{query}"


async def changed(screen: Screen, ref: str, question: str, **typed: Any) -> httpx.Response:
    """Opens the question and saves it with these answers; names of fields with `_at_` for a hyphen."""
    answer = await screen.get(change(ref, question))
    assert answer.status_code == 200, screen.text()
    told = {name.replace("_at_", "-"): said for name, said in typed.items()}
    answer = await screen.post(change(ref, question), {**fields(screen), **told})
    assert answer.status_code == 303, screen.text()
    return answer


def fields(screen: Screen) -> dict[str, Any]:
    """The form of the last page as a browser would post it."""
    found: dict[str, list[str]] = {}
    for each in screen.tree.cssselect("main form [name]"):
        name, kind = each.get("name"), each.get("type") or each.tag
        if kind in ("checkbox", "radio") and each.get("checked") is None:
            continue
        if kind in ("file", "button", "submit") or each.tag == "button" or name == "csrf":
            continue
        if each.tag == "select":
            chosen = each.cssselect("option[selected]") or each.cssselect("option")[:1]
            found.setdefault(name, []).extend(one.get("value") for one in chosen)
        elif each.tag == "textarea":
            found.setdefault(name, []).append((each.text or "").removeprefix("\n"))
        else:
            found.setdefault(name, []).append(each.get("value") or "")
    return dict(found)
