"""The API description (OpenAPI 3.1) at /api/openapi.json, from which the front ends' client is generated."""

from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Router
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import Method

from yizhan.web.guards import PUBLIC
from yizhan.web.limits import SESSION_COOKIE
from yizhan.web.problem import MEDIA_TYPE, Problem

PATH = "/api"


class Described(JsonRenderPlugin):
    """The generated description with our problem documents in place of the framework's own errors."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        return msgspec.json.encode(with_problems(openapi_schema))


def description(version: str) -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Yizhan 驿站",
        version=version,
        description="Every write takes `X-CSRF-Token` (cookie session) and an optional `Idempotency-Key`.",
        use_handler_docstrings=True,
        operation_id_creator=_operation_id,
        components=Components(
            security_schemes={
                "session": SecurityScheme(type="apiKey", name=SESSION_COOKIE, security_scheme_in="cookie"),
                "token": SecurityScheme(type="http", scheme="bearer"),
            }
        ),
        security=[{"session": []}, {"token": []}],
        openapi_router=Router(PATH, route_handlers=[], opt=PUBLIC, include_in_schema=False),
        render_plugins=[Described(path="/openapi.json")],
    )


def with_problems(schema: dict[str, Any]) -> dict[str, Any]:
    """Every operation may answer a Problem; the framework only knows of its own 400, in its own form."""
    [problem], shapes = msgspec.json.schema_components([Problem], ref_template="#/components/schemas/{name}")
    schema.setdefault("components", {}).setdefault("schemas", {}).update(shapes)
    refusal = {"description": "A problem document", "content": {MEDIA_TYPE: {"schema": problem}}}
    for operations in schema.get("paths", {}).values():
        for operation in operations.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"].pop(str(HTTPStatus.BAD_REQUEST.value), None)
                operation["responses"]["default"] = refusal
    return schema


def _operation_id(handler: HTTPRouteHandler, method: Method, _: list[str | Any]) -> str:
    """The name of the handler, which is unique in the product."""
    return handler.handler_name
