"""A draft is told to its writer's other devices as it changes and as it ends, and to nobody else."""

from __future__ import annotations

import httpx

from tests.web.house import House, sign_in
from tests.web.live.conftest import Desk
from tests.web.live.test_rows import hand
from tests.web.server import Running, Widget


async def test_the_other_devices_of_its_writer_hear_of_it_and_nobody_else(
    live: Running, widget: Widget, house: House, desk: Desk
) -> None:
    async with widget.line() as visitor, desk("lin") as phone, desk("su", list="team") as colleague:
        await visitor.say(t="message", client_id="c1", text="在吗")
        chat = (await visitor.next("message"))["message"]["conversation_id"]
        await hand(live, chat, house.people["lin"])
        async with httpx.AsyncClient(base_url=live.base) as web:
            form = {"x-csrf-token": (await sign_in(web, "lin")).json()["csrf"]}
            path, draft = f"/api/v1/conversations/{chat}", {"text": "请稍等", "device": "computer", "base": None}
            version = (await web.put(f"{path}/draft", json=draft, headers=form)).json()["version"]
            told = await phone.next("draft")
            assert (told["conversation_id"], told["version"]) == (chat, version)
            sent = {"client_id": "a", "text": "请稍等", "draft": version}
            assert (await web.post(f"{path}/messages", json=sent, headers=form)).status_code == 201
            assert (await phone.next("draft"))["version"] is None
        assert not [f for f in await colleague.quiet() if f["t"] == "draft"]
