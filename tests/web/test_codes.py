"""The description says of every route what it answers: its code is the one its handler sends."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator

from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from tests.web.built import framework_of
from yizhan.web.call import Call
from yizhan.web.services import Services

_WRITES = inspect.signature(Call.write).parameters["status"].default


def handlers(services: Services) -> Iterator[HTTPRouteHandler]:
    for route in framework_of(services).routes:
        if isinstance(route, HTTPRoute):
            yield from route.route_handlers


def sent(handler: HTTPRouteHandler) -> set[int]:
    """Every code of success that the handler names, or leaves to `Call.write`."""
    source = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(handler.fn))))
    return {code for node in ast.walk(source) if isinstance(node, ast.Call) for code in _codes(node)}


def _codes(call: ast.Call) -> Iterator[int]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = {word.arg: word.value for word in call.keywords}
    if name == "write" and isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "call":
        status = call.args[1] if len(call.args) > 1 else given.get("status")
        yield status.value if isinstance(status, ast.Constant) else _WRITES  # type: ignore[misc]
    elif name == "Response" and isinstance(given.get("status_code"), ast.Constant):
        yield given["status_code"].value  # type: ignore[attr-defined]


def test_what_is_described_is_what_is_sent(services: Services) -> None:
    wrong = []
    for handler in handlers(services):
        codes = {code for code in sent(handler) if code < 400} - set(handler.responses or ())
        if codes - {handler.status_code}:
            wrong.append(f"{handler.handler_name} {sorted(handler.paths)}: says {handler.status_code}, sends {codes}")
    assert not wrong, "\n".join(wrong)


def test_every_handler_that_writes_shows_its_code(services: Services) -> None:
    """Else the walk above would pass it by."""
    writing = [h for h in handlers(services) if "call" in inspect.signature(h.fn).parameters]
    assert [h.handler_name for h in writing if not sent(h)] == []
