"""How does the API say that something went wrong? One shape for every error: problem details (RFC 9457)."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from schemas.errors import BadInput, RogatoryError
from schemas.logs import place_of

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5

_log = logging.getLogger(__name__)

_TITLES = {
    400: "The request is not well formed",
    401: "Who is asking?",
    403: "Not allowed",
    404: "Not found",
    405: "Not that way",
    409: "Not in this state",
    413: "Too large",
    415: "Not in this form",
    422: "Something given cannot be used",
    428: "A key is missing",
    500: "A fault of ours",
    503: "Not now",
}
_BY_STATUS = {404: "not-found", 405: "method-not-allowed", 401: "not-signed-in", 413: "too-large"}


class TooLarge(BadInput):
    """A body or document above the limit of the house."""

    code = "too-large"
    status = 413


class WrongForm(BadInput):
    """A body of a media type this route does not read."""

    code = "wrong-media-type"
    status = 415


class KeyMissing(BadInput):
    """A POST that creates or sends came without its Idempotency-Key."""

    code = "idempotency-key-missing"
    status = 428


class SeveralFaults(BadInput):
    """More than one thing in the same body is wrong; `faults` holds them all: `{where, what, next}`."""

    def __init__(self, what: str, faults: list[dict[str, str]], *, next_step: str = "") -> None:
        where = faults[0]["where"] if faults else ""
        alone = faults[0]["next"] if len(faults) == 1 else ""
        super().__init__(
            what, where=where, next_step=next_step or alone or "mend what `faults` lists and send it again"
        )
        self.faults = faults


def problem(error: RogatoryError, instance: str = "") -> dict[str, Any]:
    """The problem details of `error`. Members beyond RFC 9457: `code`, `where`, `next`, `retry`, and where
    they help `allowed` (moves possible now), `nearest` (known words) and `faults`."""
    details: dict[str, Any] = {
        "type": f"urn:rogatory:problem:{error.code}",
        "title": _TITLES.get(error.status, "Error"),
        "status": error.status,
        "detail": error.what,
        "code": error.code,
        "where": error.where,
        "next": error.next_step,
        "retry": error.retry,
    }
    if instance:
        details["instance"] = instance
    for extra in ("allowed", "nearest", "faults"):
        value = getattr(error, extra, None)
        if value:
            details[extra] = list(value)
    return details


def answer(error: RogatoryError, instance: str = "") -> JSONResponse:
    """`error` as an HTTP answer; one that another attempt may cure says after how many seconds."""
    headers = {"X-Content-Type-Options": "nosniff"}
    if error.retry:
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="rogatory"'
    return JSONResponse(
        problem(error, instance), status_code=error.status, media_type=MEDIA_TYPE, headers=headers
    )


def tell_problems(app: FastAPI) -> None:
    """Make every error of `app` one of these answers, also the framework's own and those nobody foresaw."""
    for kind in (RogatoryError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _handler)


def told(request: Request, error: Exception) -> JSONResponse:
    """The answer to any exception that came out of a route."""
    if isinstance(error, RogatoryError):
        return answer(error, request.url.path)
    if isinstance(error, RequestValidationError):
        return _parameters(request, error)
    if isinstance(error, HTTPException):
        return _frameworks(request, error)
    if isinstance(error, ClientDisconnect):
        return answer(BadInput("The body was not sent to its end.", where="body"), request.url.path)
    return _unforeseen(request, error)


async def _handler(request: Request, error: Exception) -> Response:
    return told(request, error)


def _parameters(request: Request, error: RequestValidationError) -> JSONResponse:
    faults = [
        {"where": ".".join(str(part) for part in fault["loc"]), "what": str(fault["msg"]), "next": ""}
        for fault in error.errors()
    ]
    what = f"A parameter cannot be used: {faults[0]['what']}."
    hint = "see what GET /openapi.json says of it"
    return answer(SeveralFaults(what, faults, next_step=hint), request.url.path)


def _frameworks(request: Request, error: HTTPException) -> JSONResponse:
    code = _BY_STATUS.get(error.status_code, "error")
    if error.status_code in (404, 405):
        what = f"There is no {request.method} {request.url.path} here."
        refusal = RogatoryError(what, next_step="see GET /openapi.json for what there is", code=code)
    else:
        refusal = RogatoryError("The request was refused.", next_step="see the status", code=code)
    refusal.status = error.status_code
    given = answer(refusal, request.url.path)
    if error.headers:
        given.headers.update(error.headers)
    return given


def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    # The text of a foreign exception may carry what it was working on: only its type and place are logged.
    number = secrets.token_hex(6)
    _log.error("fault %s: %s in %s", number, type(error).__name__, place_of(error))
    fault = RogatoryError(
        f"Something went wrong here; it is noted as {number}.",
        where=type(error).__name__,
        next_step="tell the operator this number; the case is as it was last filed",
        code="fault",
    )
    return answer(fault, request.url.path)
