"""The samples of the SDK that have no screen, against a running house: Node, a mini-program by its `wx`, a page of
uni-app by its `uni`."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from scripts import frontend
from tests.channels.standing import ANNA
from tests.serving import served
from tests.web.channels import with_channels
from tests.web.house import House
from tests.web.server import Running, open_inbox, running
from tests.web.widget.test_talk import answer, hand
from tests.web.widget.test_visitor import fetch
from yizhan.foundation.clock import FakeClock
from yizhan.records.inboxes import NewInbox, create_inbox
from yizhan.simulator.wechat import WeChat
from yizhan.simulator.wechat_calls import MINI
from yizhan.web.services import Services

SAMPLES = Path(__file__).parents[3] / "docs" / "examples" / "sdk"
NODE = frontend.node_home() / "bin" / "node"
FAKE_PHONE = Path(__file__).parent / "mini.mjs"
UNI = Path(__file__).parent / "uni.mjs"


@pytest.fixture(scope="module")
def built() -> Path:
    if not frontend.is_built():
        frontend.build()
    return frontend.WEB / "sdk" / "yizhan-sdk.js"


async def run(folder: Path, *arguments: str | Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        NODE, *arguments, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )


async def until(process: asyncio.subprocess.Process, word: str) -> str:
    """The line that says so."""
    assert process.stdout is not None
    assert process.stderr is not None
    heard = []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(10):
            async for line in process.stdout:
                heard.append(line.decode())
                if word in heard[-1]:
                    return heard[-1]
            heard.append((await process.stderr.read()).decode())
    raise AssertionError("".join(heard))


async def answered(live: Running, house: House, kinds: Sequence[str]) -> None:
    """What arrived, then one answer."""
    rows = await live.services.db.pool.fetch("SELECT conversation_id, text, attachments FROM message ORDER BY id")
    assert [row["text"] or row["attachments"][0]["name"] for row in rows] == list(kinds)
    chat = str(rows[0]["conversation_id"])
    await hand(live, chat, house.people["lin"])
    await answer(live, chat, house.people["lin"], "在的")


async def test_a_program_asks_and_is_answered(
    live: Running, shop: str, house: House, built: Path, tmp_path: Path
) -> None:
    shutil.copy(SAMPLES / "node" / "ask.mjs", tmp_path)
    shutil.copy(built, tmp_path)
    (tmp_path / "receipt.txt").write_text("¥1,899")
    process = await run(tmp_path, "ask.mjs", live.base, shop, "电饭煲坏了", "receipt.txt")
    await until(process, "(sent)")
    await answered(live, house, ["电饭煲坏了"])
    assert "林一: 在的" in await until(process, "在的")
    assert await process.wait() == 0
    assert json.loads((tmp_path / "visitor.json").read_text())[f"yizhan:{shop}:visitor"]


async def test_a_mini_program_signs_in_asks_sends_a_picture_and_is_answered(
    services: Services, house: House, built: Path, tmp_path: Path, clock: FakeClock
) -> None:
    folder = tmp_path / "mini"
    shutil.copytree(SAMPLES / "miniprogram", folder)
    shutil.copy(built, folder)
    vendor = WeChat(clock)
    async with served(vendor) as vendor.base, running(with_channels(services)) as live:
        async with services.db.transaction() as tx:
            new = NewInbox(channel=MINI, name="小程序", brand_id=house.brand, settings=vendor.settings(MINI),
                           secrets=vendor.secrets(MINI))  # fmt: skip
            inbox = await create_inbox(tx, services.vault, new, clock.now(), "system")
        shop = await open_inbox(live.services, house.brand, house.care, wechat_mini=str(inbox))
        process = await run(folder, FAKE_PHONE, folder, live.base, shop, "你好", vendor.login(vendor.meet(ANNA)))
        await until(process, "customer:picture.jpg:sent")
        await answered(live, house, ["你好", "picture.jpg"])
        assert "agent:在的:sent" in await until(process, "agent:")
        assert await process.wait() == 0
        assert await fetch(live, "SELECT count(*) FROM identity WHERE kind = 'unionid'") == 1
        assert await fetch(live, "SELECT count(DISTINCT person_id) FROM contact") == 1


async def test_a_page_of_uni_app_asks_and_is_answered(
    live: Running, shop: str, house: House, built: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "uni"
    shutil.copytree(SAMPLES / "uniapp", folder)
    shutil.copy(built, folder)
    process = await run(folder, UNI, folder, live.base, shop, "你好", frontend.FRONTEND / "node_modules")
    await until(process, "customer:你好:sent")
    await answered(live, house, ["你好"])
    assert "agent:在的:sent" in await until(process, "agent:")
    assert await process.wait() == 0
