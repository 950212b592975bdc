"""Which pages show this? How long requests take, with whom, what stops them; the transparency report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from desk import figures, transparency
from desk.figures import Collected, Summary, Wanted
from desk.web import report_sheets as told
from desk.web.forms import Typed
from desk.web.frame import HEADERS, PageGuard, PageRoute, Visitor, page
from desk.web.report_sheets import names
from desk.who import Permission
from schemas.errors import Unavailable
from schemas.vocabulary import Kind, Side

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Reader = Annotated[Visitor, Depends(PageGuard(Permission.SEE_FIGURES))]

PATH = "/desk/figures"
FEW = 5
"""Of fewer cases a time says little: it is marked."""
PARTNERS_SHOWN = 60
MEDIA = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}


@router.get(PATH)
def shown(request: Request, visitor: Reader, year: str = "", kind: str = "", side: str = "") -> Response:
    """The figures of the chosen cases, as of when they were last collected."""
    form = Typed({"year": [year], "kind": [kind], "side": [side]})
    work = figures.figures(visitor.house)
    collected: Collected | None = work.value if work.done else None
    if kind and kind not in list(Kind):
        form.refuse("kind", visitor.say("Choose a kind of the list."))
    if side and side not in list(Side):
        form.refuse("side", visitor.say("Choose a side of the list."))
    if year and (not year.isdigit() or len(year) != 4):
        form.refuse("year", visitor.say("Choose a year of the list."))
    found, name = None, names(visitor.house.registry, visitor.language)
    if collected is not None and form.ok:
        wanted = Wanted(int(year) if year else None, kind or None, side or None)
        found = figures.summary_of(collected, wanted)
    return page(
        request,
        visitor,
        "house/figures.html",
        200 if form.ok else 422,
        form=form,
        work=work,
        collected=collected,
        found=found,
        years=[(each, str(each)) for each in collected.years] if collected is not None else [],
        kinds=[(each.value, name("kind", each.value)) for each in Kind],
        **_rows(found, name),
        few=FEW,
        most=PARTNERS_SHOWN,
    )


@router.get(f"{PATH}/report")
def report(request: Request, visitor: Reader, year: str = "") -> Response:
    """The transparency report of a year as it would be published."""
    work = figures.figures(visitor.house)
    collected: Collected | None = work.value if work.done else None
    form = Typed({"year": [year]})
    made, sheets = None, []
    if collected is not None and year:
        if year not in map(str, collected.years):
            form.refuse("year", visitor.say("Choose a year of the list."))
        else:
            made = transparency.report_of(collected, int(year), visitor.house.today().year)
            sheets = told.sheets(made, visitor.say, names(visitor.house.registry, visitor.language))
    return page(
        request,
        visitor,
        "house/report.html",
        200 if form.ok else 422,
        form=form,
        work=work,
        collected=collected,
        years=[(each, str(each)) for each in collected.years] if collected is not None else [],
        report=made,
        sheets=sheets,
        rules=told.RULES,
        hidden=told.HIDDEN,
    )


@router.get(f"{PATH}/report/{{year:int}}.{{format}}")
def download(request: Request, visitor: Reader, year: int, format: Literal["csv", "pdf"]) -> Response:
    """The same as a file."""
    house = visitor.house
    work = figures.figures(house, wait=5.0)
    if not work.done:
        raise Unavailable("The figures are being collected.", next_step="ask for the report in a minute")
    made = transparency.report_of(work.value, year, house.today().year)
    sheets = told.sheets(made, visitor.say, names(visitor.house.registry, visitor.language))
    if format == "csv":
        content = told.as_csv(sheets, visitor.say)
    else:
        settings = house.office.settings
        content = told.as_pdf(made, sheets, visitor.say, visitor.language, settings, house.today())
    name = f"transparency-{house.office.settings.house}-{year}-{visitor.language}.{format}"
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=MEDIA[format], headers=headers)


def _rows(found: Summary | None, name: Callable[[str, str], str]) -> dict[str, list[Any]]:
    """The tables of the page, with their codes named."""
    if found is None:
        return {}
    return {
        "result_rows": [(name("result", code), many) for code, many in found.results],
        "ground_rows": [(name("ground", code), many) for code, many in found.grounds],
        "spread_rows": [(name("status", one.of), one) for one in found.stays],
        "volume_rows": [(str(year), out, into) for year, out, into in found.volumes],
        "kind_rows": [(name("kind", kind), out, into) for kind, out, into in found.kinds],
    }
