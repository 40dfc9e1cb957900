"""Through the stand-in, and through the sample shop of the manual as it stands there."""

from __future__ import annotations

import asyncio
import importlib.util
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from tests.channels.lines import TestLine, account_for
from tests.channels.standing import ANNA, Ears, Standing, letter, standing
from tests.serving import served
from yizhan.channels.bridge import ADAPTER
from yizhan.desk.outbound import ErrorClass, SendFailed
from yizhan.foundation.clock import FakeClock, SystemClock
from yizhan.simulator import Blob, Fault
from yizhan.simulator.bridge import Bridge

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "bridge_shop.py"


@pytest.fixture
async def bridge(clock: FakeClock) -> AsyncIterator[Standing]:
    async with standing(Bridge, clock) as stood:
        yield stood


async def test_a_conversation_and_what_is_reported(bridge: Standing, clock: FakeClock) -> None:
    assert ADAPTER.sender
    assert ADAPTER.recall
    line, anna = bridge.lines["bridge"], bridge.vendor.meet(ANNA)
    await bridge.vendor.act(anna, "enter")
    said = await bridge.vendor.say(anna, "什么时候到", kind="order")
    await bridge.vendor.say(anna, "", kind="image", file=Blob("a.png", "image/png", b"png"))
    await bridge.vendor.take_back(anna, said)
    enter, order, image, recall = bridge.take()
    assert (enter.kind, order.order_no, recall.id) == ("enter", "TB202611230001", said.id)
    assert image.media[0].content == b"png"
    reply = letter(anna.id, "明天到", clock.now(), answers={}, answered=order.id)
    receipts = [await ADAPTER.sender(line).send(reply) for _ in range(2)]  # what may have arrived is sent again
    assert {each.vendor_id for each in receipts} == {f"m-{UUID(int=3)}"}
    await bridge.vendor.pusher.settled()
    await bridge.vendor.look(anna)
    assert [(each.vendor_id, each.state) for each in bridge.take()] == [
        (receipts[0].vendor_id, "delivered"), (receipts[0].vendor_id, "read"),
    ]  # fmt: skip
    await ADAPTER.recall(line, receipts[0].vendor_id, {})
    [heard] = [each for each in bridge.vendor.people.chat("bridge", anna.id) if each.by == "house"]
    assert heard.state == "recalled"


@pytest.mark.parametrize(("fault", "cause", "again"), [
    (Fault(code="window_closed"), ErrorClass.WINDOW_CLOSED, False),
    (Fault(code="throttle"), ErrorClass.THROTTLE, True),
    (Fault(code="nonsense"), ErrorClass.BAD_REQUEST, False),
    (Fault(status=503), ErrorClass.TRANSIENT, True),
    (Fault(html=True), ErrorClass.TRANSIENT, True),
    (Fault(lose=True), ErrorClass.TRANSIENT, True),
])  # fmt: skip
async def test_what_goes_wrong(
    bridge: Standing, clock: FakeClock, fault: Fault, cause: ErrorClass, again: bool
) -> None:
    assert ADAPTER.sender
    anna = bridge.vendor.meet(ANNA)
    bridge.vendor.faults.add([fault])
    with pytest.raises(SendFailed) as failure:
        await ADAPTER.sender(bridge.lines["bridge"]).send(letter(anna.id, "在的", clock.now()))
    assert (failure.value.error_class, failure.value.retry_after is not None) == (cause, again)
    assert not failure.value.ambiguous


async def test_the_settings_are_tried(bridge: Standing) -> None:
    assert ADAPTER.check
    assert [each.ok for each in await ADAPTER.check(bridge.lines["bridge"])] == [True] * 3
    bridge.vendor.secret = "another"
    assert not (await ADAPTER.check(bridge.lines["bridge"]))[-1].ok


def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bridge_shop", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def test_the_shop_of_the_manual(capsys: pytest.CaptureFixture[str]) -> None:
    assert ADAPTER.sender
    module, clock = example(), SystemClock()
    ears, reported = Ears(clock), threading.Event()
    async with served(ears) as desk:
        shop = module.Shop(f"{desk}/hooks/bridge", "between-us")
        report = shop.report

        def reporting(*said: Any) -> None:
            report(*said)
            reported.set()

        shop.report = reporting
        door = module.server(shop, 0)
        threading.Thread(target=door.serve_forever, args=(0.01,), daemon=True).start()
        settings = {"callback_url": f"http://127.0.0.1:{door.server_port}/desk"}
        line = TestLine(account_for(ADAPTER, settings, {"secret": "between-us"}), clock)
        ears.accounts["bridge"] = line.account
        await asyncio.to_thread(shop.buyer_says, "在吗")
        await asyncio.to_thread(shop.buyer_shows_order)
        text, order = ears.heard
        assert (text.text, order.order_no) == ("在吗", module.ORDER["number"])
        sender = ADAPTER.sender(line)
        receipt = await sender.send(letter(module.BUYER["id"], "在的", clock.now(), answers={}))
        await asyncio.to_thread(reported.wait, 5)
        assert (ears.heard[-1].vendor_id, ears.heard[-1].state) == (receipt.vendor_id, "delivered")
        with pytest.raises(SendFailed) as refused:
            await sender.send(letter(module.BUYER["id"], "加微信", clock.now(), answers={}))
        assert refused.value.error_class is ErrorClass.CONTENT
        door.shutdown()
        door.server_close()
        await line.http.close()
    assert "[林一] 在的" in capsys.readouterr().out
