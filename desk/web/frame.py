"""Who is looking at a page, in which language, and what surrounds what they see?

Every page route has a `PageGuard` (or an OpenDoor that says why not), takes its visitor from it, and answers
with `page(...)`. A form comes in by `form_of`, which has checked that it was ours. What goes wrong is told as
a page too, in the visitor's language; a session that is over leads back to the same form with what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from hmac import compare_digest
from typing import Annotated, Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from desk.api.doors import Door, GuardedRoute, House, house_of
from desk.problems import TooLarge, told
from desk.web import kept, look, refusals, words
from desk.who import Permission, may, require, standing_in
from records.sessions import Lapsed, Session
from schemas.errors import NotAllowed, RogatoryError
from schemas.moves import Actor

ROOT = "/desk"
SIGN_IN = f"{ROOT}/sign-in"
MAX_FIELDS, MAX_FILES = 500, 20
CSRF = "csrf"
LANGUAGE_COOKIE = "rogatory_language"

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""On every page. No script and no style but our own files, and nothing from anywhere else."""


class SignInFirst(NotAllowed):
    """Nobody is signed in at this screen, or no longer. `account`: whose session it was."""

    code = "not-signed-in"
    status = 401

    def __init__(self, account: str | None = None) -> None:
        super().__init__("Sign in first.", next_step="sign in; what you typed is kept")
        self.account = account


class NotOurForm(NotAllowed):
    """The form does not carry the word of this session: another site may have made it."""

    code = "not-our-form"

    def __init__(self) -> None:
        super().__init__("This form is not of your session.", next_step="open the page again and repeat it")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever looks at a page. `session` is None only on the few pages without sign-in."""

    house: House
    language: str
    session: Session | None = None
    actor: Actor | None = None

    @property
    def who(self) -> Actor:
        """The actor. Raises SignInFirst."""
        if self.actor is None:
            raise SignInFirst
        return self.actor

    def may(self, permission: str) -> bool:
        """Do they hold the permission of this name? Templates ask it."""
        return self.actor is not None and may(self.actor, Permission(permission))

    def say(self, message: str, **given: object) -> str:
        """An English text of the pages, or of a room that refused, in the visitor's language."""
        if not given:
            said = refusals.told(self.language, message)
            return look.here(said, self.house.office.zone, words.locale(self.language))
        return words.catalog(self.language).gettext(message) % given


class PageGuard(Door):
    """Lets in whoever is signed in at this screen with `permission`; a form must be of their session."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    async def __call__(self, request: Request) -> Visitor:
        """The visitor. Raises SignInFirst, NotOurForm, NotAllowed."""
        visitor = await visitor_of(request)
        require(visitor.who, self.permission)
        return visitor


async def visitor_of(request: Request) -> Visitor:
    """Whoever holds a session that goes on. Raises SignInFirst, NotOurForm."""
    house = house_of(request)
    found = _session(request)
    if not isinstance(found, Session):
        raise SignInFirst(found.account if found is not None else None)
    if request.method not in ("GET", "HEAD"):
        form = await form_of(request)
        if not compare_digest(str(form.get(CSRF, "")), found.csrf):
            raise NotOurForm
    today = house.today()
    actor = standing_in(found.actor, house.records.absences.current(today), today)
    return Visitor(house, language_of(request, found), found, actor)


def passer_by(request: Request) -> Visitor:
    """Whoever looks at a page that needs no sign-in; who they are if it is known."""
    found = _session(request)
    session = found if isinstance(found, Session) else None
    return Visitor(
        house_of(request), language_of(request, session), session, session.actor if session else None
    )


APasserBy = Annotated[Visitor, Depends(passer_by)]


async def form_of(request: Request) -> FormData:
    """The form that was posted, read once; a file in it no larger than the house takes.

    Raises TooLarge, and NotOurForm for one that a page of another site sent.
    """
    _require_own_site(request)
    limit = house_of(request).office.settings.body_limit
    announced = request.headers.get("content-length", "")
    if not announced.isdigit() or int(announced) > limit:
        raise TooLarge(
            f"This is more than {limit // 1024 // 1024} MB.", where="file", next_step="send less at once"
        )
    return await request.form(max_fields=MAX_FIELDS, max_files=MAX_FILES, max_part_size=limit)


def _require_own_site(request: Request) -> None:
    """Raises NotOurForm where the browser says that another site sent the form. It guards also the forms
    that no session protects: else a stranger's page could sign somebody in as somebody else."""
    told, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if told is not None:
        if told not in ("same-origin", "none"):
            raise NotOurForm
    elif origin is not None:
        own = urlsplit(house_of(request).office.settings.public_url or "").netloc
        if urlsplit(origin).netloc not in {request.headers.get("host", ""), own} - {""}:
            raise NotOurForm


def cookie_name(house: House) -> str:
    """Two houses on one machine share a host: each has a cookie of its own."""
    return f"rogatory_{house.office.settings.house}"


def language_of(request: Request, session: Session | None = None) -> str:
    """The visitor's own choice, else what their browser asks for, else the house's language."""
    chosen = session.language if session is not None and session.language else None
    chosen = chosen or request.cookies.get(LANGUAGE_COOKIE)
    if chosen in words.LANGUAGES:
        return chosen
    for part in request.headers.get("accept-language", "").split(","):
        code = part.partition(";")[0].strip().lower().partition("-")[0]
        if code in words.LANGUAGES:
            return code
    own = house_of(request).office.settings.language
    return own if own in words.LANGUAGES else words.ENGLISH


def page(
    request: Request, visitor: Visitor, template: str, status: int = 200, /, **context: Any
) -> HTMLResponse:
    """`template` (a path below desk/pages) filled for this visitor, with the headers of every page."""
    body = (
        look.environment(visitor.language)
        .get_template(template)
        .render(
            visitor=visitor,
            actor=visitor.actor,
            house=visitor.house.office.settings,
            language=visitor.language,
            path=request.url.path,
            here=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            **context,
        )
    )
    return HTMLResponse(body, status_code=status, headers=HEADERS)


def onward(path: str, **query: str) -> RedirectResponse:
    """Go there with GET: the answer to every form that was taken. `path` is ours, with its own root."""
    found = path + (f"?{urlencode(query)}" if query else "")
    return RedirectResponse(found, status_code=303, headers=HEADERS)


def inside(path: str | None) -> str:
    """`path` if it is a page of ours, else the first page: nobody is led elsewhere by a link."""
    sound = path is not None and path.startswith(f"{ROOT}/") and "\\" not in path and path.isprintable()
    return path if sound and path is not None else f"{ROOT}/"


def case_path(ref: str, *rest: str) -> str:
    """Path of a case's page, or of one below it."""
    return "/".join([f"{ROOT}/case", quote(ref, safe="/"), *rest])


class PageRoute(GuardedRoute):
    """A route that answers with a page, also when something went wrong."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler. Files that came with a form are closed once it is answered."""
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await inner(request)
            finally:
                await request.close()

        return handler

    async def tell(self, request: Request, error: Exception) -> Response:
        """The error as a page; one who is not signed in is led to the sign-in and back."""
        if isinstance(error, SignInFirst):
            return await _to_sign_in(request, error)
        details = told(request, error)
        visitor = passer_by(request)
        known = error if isinstance(error, RogatoryError) else None
        fault = look.Fault.of(known, details.status_code, details.body)
        answer = page(request, visitor, "error.html", details.status_code, fault=fault)
        return answer


async def _to_sign_in(request: Request, error: SignInFirst) -> Response:
    """To the sign-in. A form that was posted is kept for the account whose session ended (desk.web.kept)."""
    if request.method == "GET":
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return onward(SIGN_IN, back=back)
    path, token = request.url.path, None
    if error.account:
        typed, forms = texts_of(await form_of(request)), house_of(request).records.kept_forms
        token = await run_in_threadpool(kept.keep, forms, error.account, path, typed)
    return onward(SIGN_IN, back=kept.page_of(path, request.url.query, token), expired="1")


def _session(request: Request) -> Session | Lapsed | None:
    house = house_of(request)
    token = request.cookies.get(cookie_name(house), "")
    return house.records.sessions.of(token) if token else None


def texts_of(form: FormData) -> dict[str, list[str]]:
    """The texts of a form by field, without the word of the session."""
    made: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str) and name != CSRF:
            made.setdefault(name, []).append(value)
    return made


def fields(form: FormData) -> dict[str, str]:
    """As `texts_of`, of what came twice the last."""
    return {name: texts[-1] for name, texts in texts_of(form).items()}
