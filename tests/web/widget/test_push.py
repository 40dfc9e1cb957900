"""An app registers its phone by a frame, keeps it when its visitor signs in, and takes it back."""

from __future__ import annotations

from typing import Any

from tests.web.server import Running, Widget


async def kept(live: Running) -> list[tuple[Any, ...]]:
    rows = await live.services.db.pool.fetch("SELECT provider, locale, blind FROM push_token")
    return [tuple(row) for row in rows]


async def test_a_phone_is_registered_and_withdrawn(live: Running, widget: Widget) -> None:
    await widget.session()
    async with widget.line() as line:
        await line.say(t="push", client_id="p1", provider="apns", token="a1" * 32)
        assert (await line.next("ack"))["client_id"] == "p1"
        ((provider, locale, _),) = await kept(live)
        assert (provider, locale) == ("apns", "zh-CN")
        await line.say(t="push", client_id="p2", provider="apns", token="a1" * 32, withdrawn=True)
        await line.next("ack")
        assert await kept(live) == []
