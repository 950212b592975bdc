"""Which pages has the site, and who looks at each? Every GET route of the router, with its parameters.

A route without a line here is a failure of the tests: nobody would look at it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi.routing import APIRoute

from desk.web.application import ROUTERS
from tests.browser.site import Site


@dataclass(frozen=True, slots=True)
class Look:
    """One page as one person sees it. `path` may name a case of the site as `{draft}`."""

    who: str | None
    path: str
    status: int = 200
    route: str = ""


CASE = "/desk/case/{ref:path}"
LOOKS: dict[str, tuple[Look, ...]] = {
    "/": (Look(None, "/"),),
    "/desk/{rest:path}": (Look("officer", "/desk/nowhere", 404),),
    "/desk/sign-in": (Look(None, "/desk/sign-in"), Look(None, "/desk/sign-in?expired=1")),
    "/desk/invitation/{word}": (Look(None, "/desk/invitation/unknown", 404),),
    "/desk/account": (Look("officer", "/desk/account"),),
    "/desk/account/token": (Look("officer", "/desk/account/token"),),
    "/desk/account/absence": (
        Look("officer", "/desk/account/absence"),
        Look("approver", "/desk/account/absence"),
    ),
    # A demo account keeps its printed password: these two say so.
    "/desk/account/password": (Look("officer", "/desk/account/password", 409),),
    "/desk/account/passkey": (Look("officer", "/desk/account/passkey", 409),),
    "/desk/account/codes": (Look("officer", "/desk/account/codes"),),
    "/desk/accounts": (Look("operator", "/desk/accounts"),),
    "/desk/add-account": (Look("operator", "/desk/add-account"),),
    "/desk/accounts/{id}": (Look("operator", "/desk/accounts/officer"),),
    "/desk/": (
        Look("officer", "/desk/"),
        Look("liaison", "/desk/"),
        Look("issuing-authority", "/desk/"),
        Look("treaty-desk", "/desk/"),
        Look("auditor", "/desk/"),
        Look("operator", "/desk/"),
    ),
    "/desk/cases": (Look("officer", "/desk/cases"), Look("officer", "/desk/cases?kind=mla&status=draft")),
    "/desk/find": (Look("officer", "/desk/find?q=nowhere"), Look("officer", "/desk/find?q=")),
    "/desk/matters": (Look("officer", "/desk/matters"),),
    "/desk/matter": (Look("officer", "/desk/matter?name=Lantern%201"),),
    "/desk/issue": (Look("issuing-authority", "/desk/issue"),),
    "/desk/issue/{ref:path}": (Look("issuing-authority", "/desk/issue/{draft}"),),
    "/desk/help": (Look("officer", "/desk/help"),),
    "/desk/new": (Look("officer", "/desk/new"), Look("liaison", "/desk/new")),
    "/desk/new/file": (Look("officer", "/desk/new/file"),),
    "/desk/new/{id}": (Look("officer", "{asked}"),),
    "/desk/new/{id}/check": (Look("officer", "{asked}/check"),),
    "/desk/new/{id}/{name}": (
        Look("officer", "{asked}/state"),
        Look("officer", "{asked}/measures"),
        Look("officer", "{asked}/offence-1"),
        Look("officer", "{asked}/law"),
    ),
    "/desk/status": (Look("liaison", "/desk/status"), Look("liaison", "/desk/status?ref={executing}")),
    "/desk/urgent": (Look("liaison", "/desk/urgent"),),
    "/desk/urgent/done": (Look("officer", "/desk/urgent/done?ref={kept}"),),
    "/desk/ask": (
        Look("officer", "/desk/ask"),
        Look("officer", "/desk/ask?from=DE&to=US&kind=mla&measure=traffic-data&on=2026-11-20"),
    ),
    "/desk/law": (Look("treaty-desk", "/desk/law"),),
    "/desk/law/pair": (Look("treaty-desk", "/desk/law/pair"),),
    "/desk/law/state/{code}": (Look("treaty-desk", "/desk/law/state/DE"),),
    "/desk/law/instrument/{key}": (Look("treaty-desk", "/desk/law/instrument/budapest"),),
    "/desk/law/instrument/{key}/parties": (Look("treaty-desk", "/desk/law/instrument/budapest/parties"),),
    "/desk/law/pair/{one}/{other}": (Look("treaty-desk", "/desk/law/pair/DE/US?on=2026-11-20"),),
    "/desk/law/world": (
        Look("treaty-desk", "/desk/law/world"),
        Look("officer", "/desk/law/world?instrument=budapest"),
    ),
    "/desk/law/matrix": (Look("treaty-desk", "/desk/law/matrix"),),
    "/desk/law/what-if": (Look("treaty-desk", "/desk/law/what-if"),),
    "/desk/workshop": (Look("treaty-desk", "/desk/workshop"), Look("auditor", "/desk/workshop")),
    "/desk/workshop/learned": (Look("treaty-desk", "/desk/workshop/learned"),),
    "/desk/workshop/new": (Look("treaty-desk", "/desk/workshop/new"),),
    "/desk/workshop/import": (Look("treaty-desk", "/desk/workshop/import"),),
    "/desk/workshop/due": (Look("treaty-desk", "/desk/workshop/due"),),
    "/desk/workshop/{number:int}": (Look("treaty-desk", "{change}"), Look("treaty-lawyer", "{change}")),
    "/desk/ledger": (Look("auditor", "/desk/ledger"),),
    "/desk/ledger/verify": (Look("auditor", "/desk/ledger/verify"),),
    "/desk/ledger/views": (Look("auditor", "/desk/ledger/views"),),
    "/desk/figures": (Look("auditor", "/desk/figures"),),
    "/desk/figures/report": (Look("auditor", "/desk/figures/report"),),
    "/desk/operation": (Look("operator", "/desk/operation"),),
    f"{CASE}/record": (
        Look("officer", "/desk/case/{executing}/record"),
        Look("officer", "/desk/case/{draft}/record"),
    ),
    f"{CASE}/do/{{event}}": (
        Look("officer", "/desk/case/{draft}/do/choose-basis"),
        Look("issuing-authority", "/desk/case/{draft}/do/issue"),
        Look("officer", "/desk/case/{draft}/do/send"),
        Look("officer", "/desk/case/{executing}/do/close"),
    ),
    f"{CASE}/change/{{question}}": (
        Look("officer", "/desk/case/{draft}/change/necessity"),
        Look("officer", "/desk/case/{draft}/change/offence-1"),
        Look("officer", "/desk/case/{draft}/change/documents"),
    ),
    f"{CASE}/documents": (Look("officer", "/desk/case/{executing}/documents"),),
    f"{CASE}/guarded": (Look("officer", "/desk/case/{draft}/guarded"),),
    f"{CASE}/guarded/let-go": (Look("approver", "/desk/case/{draft}/guarded/let-go"),),
    f"{CASE}/letters": (Look("officer", "/desk/case/{executing}/letters"),),
    f"{CASE}/letters/{{form}}/seal": (Look("officer", "/desk/case/{draft}/letters/mla-request/seal"),),
    f"{CASE}/history": (Look("officer", "/desk/case/{executing}/history"),),
    f"{CASE}/people": (Look("officer", "/desk/case/{executing}/people"),),
    f"{CASE}/law": (Look("officer", "/desk/case/{executing}/law"),),
    f"{CASE}/evidence": (Look("officer", "/desk/case/{executing}/evidence"),),
    f"{CASE}/custody": (Look("officer", "/desk/case/{executing}/custody"),),
    CASE: (
        Look("officer", "/desk/case/{draft}"),
        Look("officer", "/desk/case/{executing}"),
        Look("approver", "/desk/case/{kept}"),
        Look("liaison", "/desk/case/{executing}"),
        Look("auditor", "/desk/case/{executing}"),
    ),
}

NO_PAGES = frozenset(
    {
        "/desk/sign-in/oidc",
        "/desk/sign-in/oidc/back",
        "/desk/cases.csv",
        "/desk/cases.xlsx",
        "/desk/workshop/export",
        f"{CASE}/events",
        f"{CASE}/letters/{{name}}",
        f"{CASE}/documents/{{digest}}",
        f"{CASE}/sealed/{{digest}}",
        "/desk/ledger/export",
        "/desk/ledger/head",
        "/desk/figures/report/{year:int}.{format}",
    }
)
"""What is fetched and not looked at: files, and ways that lead on."""


def routes() -> set[str]:
    """Paths of the pages that are looked at."""
    found = {
        route.path
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
    }
    return found - NO_PAGES


def looks(site: Site, asked: str, change: str) -> list[Look]:
    """Every page of the site as somebody sees it.

    `asked`: path of a draft that is being asked; `change`: of a change of the law that waits.
    """
    return [
        replace(each, path=each.path.format(asked=asked, change=change, **site.cases), route=path)
        for path in sorted(routes())
        for each in LOOKS.get(path, ())
    ]
