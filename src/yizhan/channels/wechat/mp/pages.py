"""What a web page inside WeChat needs for its JS-SDK: a signature of its own address with the account's ticket."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha1
from typing import Any

import msgspec

from yizhan.channels.wechat.mp.adapter import api_of
from yizhan.channels.wechat.mp.settings import MpSettings
from yizhan.desk.channels import Granted, Line
from yizhan.foundation.http import HttpFailed

TICKET = "jsapi"  # the name under which the token service keeps it


class WeChatPage(msgspec.Struct, frozen=True, rename="camel"):
    """As `wx.config` takes it."""

    app_id: str
    timestamp: int
    nonce_str: str
    signature: str


async def signed_page(line: Line, url: str, *, nonce: str, now: datetime) -> WeChatPage:
    """For the page at `url`; raises what the vendor's refusal is. The ticket never leaves the server."""
    settings: MpSettings = line.account.settings
    api = api_of(line)

    async def ask() -> Granted:
        said: dict[str, Any] = await api.get("/cgi-bin/ticket/getticket", type="jsapi")
        ticket = str(said.get("ticket") or "")
        if not ticket:
            raise HttpFailed("no ticket came", sent=False)
        return Granted(ticket, float(said.get("expires_in", 7200)))

    ticket, at = await line.token(TICKET, ask), int(now.timestamp())
    return WeChatPage(settings.appid, at, nonce, page_signature(ticket, nonce, at, url))


def page_signature(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """Of the address without what follows its #."""
    said = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url.partition('#')[0]}"
    return sha1(said.encode(errors="surrogatepass"), usedforsecurity=False).hexdigest()
