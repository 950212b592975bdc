"""How do the bodies of the routes appear in the published description of the API (OpenAPI 3.1)?"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter

from desk.api.doors import Guard, OpenDoor, doors_of
from desk.problems import MEDIA_TYPE
from desk.who import GRANTED
from schemas.publish import PUBLISHED

_REF = "#/components/schemas/{model}"
_OWN: dict[str, type[BaseModel]] = {}


def takes(name: str, *, media: str = "application/json") -> dict[str, Any]:
    """What a route that reads its own body says of it: `name` of a published schema."""
    return _body({media: {"schema": {"$ref": f"#/components/schemas/{name}"}}})


def takes_own(kind: type[BaseModel]) -> dict[str, Any]:
    """As `takes`, for a body that only this API knows."""
    _OWN[kind.__name__] = kind
    return takes(kind.__name__)


def takes_bytes(*media: str) -> dict[str, Any]:
    """As `takes`, for bytes of one of these media types."""
    return _body({each: {"schema": {"type": "string", "format": "binary"}} for each in media})


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document of `app`, made once."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
        parts = made.setdefault("components", {}).setdefault("schemas", {})
        for name, kind in {**PUBLISHED, **_OWN}.items():
            schema = TypeAdapter(kind).json_schema(ref_template=_REF)
            parts.update(schema.pop("$defs", {}))
            parts[name] = schema
        made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        for route in app.routes:
            if isinstance(route, APIRoute) and route.include_in_schema:
                _say_who(route, made["paths"][route.path_format])
        app.openapi_schema = made
    return app.openapi_schema


def _say_who(route: APIRoute, operations: dict[str, Any]) -> None:
    problem = {"description": "Problem details (RFC 9457)", "content": {MEDIA_TYPE: {"schema": _PROBLEM}}}
    for method in route.methods or ():
        operation = operations[method.lower()]
        operation["responses"].pop("422", None)
        operation["responses"]["default"] = problem
        for door in doors_of(route.dependant):
            if isinstance(door, Guard):
                operation["security"] = [{"token": []}]
                operation["x-permission"] = door.permission.value
                operation["x-roles"] = sorted(role.value for role in GRANTED[door.permission])
            elif isinstance(door, OpenDoor):
                operation["x-instead-of-token"] = door.instead


def _body(content: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": content}}


_PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string"},
        "where": {"type": "string"},
        "next": {"type": "string"},
        "retry": {"type": "boolean"},
        "allowed": {"type": "array", "items": {"type": "string"}},
        "nearest": {"type": "array", "items": {"type": "string"}},
        "faults": {"type": "array", "items": {"type": "object"}},
    },
}
