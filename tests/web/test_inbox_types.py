"""An inbox is saved only if its channel can read it."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.web.channels import with_channels
from tests.web.house import House, sign_in
from yizhan.app.checks import inbox_types
from yizhan.web.services import Services

INBOXES = "/api/v1/inboxes"
GOOD = {"address": "service@shop.test", "incoming": {"host": "imap.shop.test", "port": 993}}


@pytest.fixture
def services(services: Services) -> Services:
    return replace(with_channels(services), inbox_types=inbox_types())


@pytest.mark.parametrize(
    ("channel", "given", "secrets", "field"),
    [
        ("email", {}, {}, "settings"),
        ("email", {**GOOD, "incoming": {"host": "h", "port": 99_999}}, {}, "settings.incoming.port"),
        ("email", {**GOOD, "adress": "x"}, {}, "settings"),
        ("email", GOOD, {"pasword": "x"}, "secrets.pasword"),
        ("generic", {"callback_url": "ftp://x"}, {}, "settings.callback_url"),
        ("webchat", {"color": "blue"}, {}, "settings.color"),
    ],
)
async def test_what_cannot_be_read_is_refused_by_its_path(
    browser: httpx.AsyncClient, house: House, channel: str, given: Any, secrets: Any, field: str
) -> None:
    await sign_in(browser, "admin")
    sent = {"channel": channel, "name": "n", "settings": given, "secrets": secrets}
    refused = await browser.post(INBOXES, json=sent)
    assert (refused.status_code, refused.json()["field"]) == (422, field)


async def test_a_change_is_read_as_the_whole_is(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    sent = {"channel": "email", "name": "n", "settings": GOOD, "secrets": {"password": "p"}}
    made = (await browser.post(INBOXES, json=sent)).json()
    path = f"{INBOXES}/{made['id']}"
    refused = await browser.patch(path, json={"version": 1, "settings": {}})
    assert refused.status_code == 422
    renamed = await browser.patch(path, json={"version": 1, "name": "neu", "secrets": {"password": None}})
    assert renamed.status_code == 200
