"""Whatever an administrator may set by the API, a page of the settings sets: nothing is left to a program."""

from __future__ import annotations

import re

import pytest
from litestar.handlers import HTTPRouteHandler

from tests.house.sources import ROOT
from tests.house.test_writes import writes
from yizhan.records.agents import Permission

CLIENT = ROOT / "frontend" / "workbench" / "src" / "client"
SETS_UP = {
    Permission.CONFIG_MANAGE, Permission.INBOX_MANAGE, Permission.AGENT_MANAGE, Permission.TAG_MANAGE,
    Permission.API_TOKEN, Permission.CONNECTOR_WRITE, Permission.CUSTOMER_IMPORT,
}  # fmt: skip
FOR_PROGRAMS = {"push_profiles": "a CRM sends its customers", "push_orders": "a shop sends its orders"}
"""Routes that no page needs, and why."""


def _asks(route: HTTPRouteHandler) -> set[Permission]:
    """The permissions that its guards close over."""
    cells = [cell.cell_contents for guard in route.guards or () for cell in getattr(guard, "__closure__", None) or ()]
    found = {each for each in cells if isinstance(each, Permission)}
    for each in cells:
        if isinstance(each, tuple | frozenset | set | list):
            found |= {one for one in each if isinstance(one, Permission)}
    return found


def _plain(path: str) -> str:
    return re.sub(r"\$?\{[^{}]*\}", "{}", path)


CALLED = {
    _plain(path).partition("?")[0]
    for file in CLIENT.glob("*.ts")
    if file.name != "schema.ts"
    for path in re.findall(r"['`](/[^'`]*)['`]", file.read_text("utf-8"))
}
SETTING = [each for each in writes() if _asks(each) & SETS_UP]


def test_the_permissions_of_routes_are_seen() -> None:
    assert len(SETTING) > 25
    assert {permission for each in SETTING for permission in _asks(each)} >= SETS_UP


@pytest.mark.parametrize("route", SETTING, ids=lambda route: route.handler_name)
def test_a_setting_is_reached_from_the_workbench(route: HTTPRouteHandler) -> None:
    if route.handler_name in FOR_PROGRAMS:
        return
    paths = {_plain(path) for path in route.paths}
    assert paths & CALLED, f"{route.handler_name} {paths}: no page calls it"
