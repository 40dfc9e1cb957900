"""演示手机: the page on which the demo's text messages arrive."""

from __future__ import annotations

from html import escape

from litestar import Response, get

from yizhan.foundation.errors import NotFound
from yizhan.records import contacts
from yizhan.web.given import GivenServices
from yizhan.web.guards import PUBLIC
from yizhan.web.ratings import html, page_of


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
