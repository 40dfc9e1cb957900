"""演示手机: the page on which the demo's text messages arrive; and the way to the phones of all channels."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from html import escape

from litestar import Response, get
from litestar.response import Redirect

from yizhan.foundation.errors import NotFound
from yizhan.records import contacts
from yizhan.web.given import GivenServices
from yizhan.web.guards import PUBLIC
from yizhan.web.ratings import html, page_of

_ASK_S = 1.0


@get("/demo/phone", opt=PUBLIC, include_in_schema=False)
async def phone_page(services: GivenServices) -> Response[str]:
    if services.demo_texts is None or not services.settings.demo:
        raise NotFound("no such page")
    rows = "".join(
        f"<fieldset><legend>{escape(contacts.mask('phone', each.to))}</legend><p>{escape(each.text)}</p></fieldset>"
        for each in services.demo_texts()
    )
    body = (
        "<h1>演示手机</h1><p>演示里不会真的发短信：客服发起核身时，验证码到这里。刷新看最新的。</p>"
        f"{rows or '<p>还没有短信。</p>'}"
    )
    return html(page_of("zh", "演示手机", body))


@get("/demo/phones", opt=PUBLIC, include_in_schema=False)
async def phones_page(services: GivenServices) -> Response[str] | Redirect:
    """Where one is the customer on any channel, if `yizhan simulator` runs beside us; else how to start it."""
    at = services.settings.simulator
    if not at or not services.settings.demo:
        raise NotFound("no such page")
    if await _listens(at):
        return Redirect(f"http://{at}/")
    body = (
        "<h1>渠道模拟还没有启动</h1><p>在另一个终端运行 <code>make simulator</code>，"
        "再刷新这一页：每个渠道都有一部手机，可以当一回客户。</p>"
        "<p lang='en'>The simulator does not run yet: start <code>make simulator</code> in another terminal, then load "
        "this page again.</p>"
    )
    return html(page_of("zh", "渠道模拟", body))


async def _listens(at: str) -> bool:
    host, _, port = at.rpartition(":")
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(_ASK_S):
            _, writer = await asyncio.open_connection(host, int(port))
        writer.close()
        return True
    return False
