"""Every write of the API takes an Idempotency-Key in one way: by `call.write`. What needs none says why."""

from __future__ import annotations

import ast
import inspect
import textwrap

import pytest
from litestar.handlers import HTTPRouteHandler

from yizhan.web.routes import API

_WRITES = {"POST", "PUT", "PATCH", "DELETE"}
ASKS = {
    "preview_priority", "preview_nps", "check_words", "check_document", "try_form", "try_assistant", "count_segment",
    "count_fitting", "look_ahead", "look_into", "recognise_promise", "try_settings", "try_inbox", "try_connector",
    "try_outlet", "import_entries",
}  # fmt: skip
"""Questions whose text is too long for an address: nothing changes."""
SAME_TWICE = {
    "upload_file": "a file lies under the hash of its content",
    "put_part": "a part is put in its place, over the same part",
    "look_up_customer": "what a CRM says is taken over by its own numbers and times",
    "sign_in": "nobody is signed in yet whose key it would be; a session too many ends by itself",
    "demo_sign_in": "as above",
    "leave": "whoever left has left",
    "leave_everywhere": "as above",
    "begin_authorisation": "an address to go to; only its return changes anything",
    "steer_demo": "a switch is set, not turned",
    "begin_anew": "the demo begins anew once more",
    "retry_held_work": "what was put aside is taken once, whoever asks",
}


def writes() -> list[HTTPRouteHandler]:
    return [each for each in API if isinstance(each, HTTPRouteHandler) and each.http_methods & _WRITES]


@pytest.mark.parametrize("route", writes(), ids=lambda route: route.handler_name)
def test_a_write_is_done_once_for_its_key(route: HTTPRouteHandler) -> None:
    name = route.handler_name
    if name in ASKS or name in SAME_TWICE:
        assert "call" not in inspect.signature(route.fn).parameters, f"{name} takes keys: strike it from the list"
        return
    tree = ast.parse(textwrap.dedent(inspect.getsource(route.fn)))
    used = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.Name)}
    assert "call.write" in used, f"{name} writes past its Idempotency-Key: use call.write"


def test_the_list_names_only_what_there_is() -> None:
    assert (ASKS | set(SAME_TWICE)) <= {route.handler_name for route in writes()}
