"""One process: topics, pace, errors."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.foundation.bus.heard import Heard
from yizhan.foundation.bus import MAX_PAYLOAD, LocalBus
from yizhan.foundation.bus.delivery import Delivery
from yizhan.foundation.errors import TooLarge


@pytest.fixture
async def bus() -> AsyncIterator[LocalBus]:
    bus = LocalBus()
    await bus.start()
    yield bus
    await bus.close()


async def test_a_signal_reaches_every_subscriber_of_its_topic_in_order(bus: LocalBus) -> None:
    one, two, other = Heard(), Heard(), Heard()
    bus.subscribe("typing", one)
    bus.subscribe("typing", two)
    bus.subscribe("typing.ended", other)
    for number in range(5):
        await bus.publish("typing", b"%d" % number)
    await bus.publish("typing.ended", b"x")
    assert await one.until(5) == await two.until(5) == [b"0", b"1", b"2", b"3", b"4"]
    assert await other.until(1) == [b"x"]


async def test_a_subscriber_may_wait_for_something(bus: LocalBus) -> None:
    heard = Heard()

    async def receive(payload: bytes) -> None:
        await asyncio.sleep(0)
        heard(payload)

    bus.subscribe("typing", receive)
    await bus.publish("typing", b"x")
    assert await heard.until(1) == [b"x"]


async def test_who_left_hears_nothing_more(bus: LocalBus) -> None:
    heard, other = Heard(), Heard()
    leave = bus.subscribe("typing", heard)
    bus.subscribe("typing", other)
    await bus.publish("typing", b"1")
    await heard.until(1)
    leave()
    leave()
    await bus.publish("typing", b"2")
    await other.until(2)
    assert heard == [b"1"]


async def test_a_failing_subscriber_harms_nobody_and_goes_on(bus: LocalBus) -> None:
    heard = Heard()

    def receive(payload: bytes) -> None:
        if payload == b"bad":
            raise RuntimeError(payload)
        heard(payload)

    bus.subscribe("typing", receive)
    for payload in (b"bad", b"good"):
        await bus.publish("typing", payload)
    assert await heard.until(1) == [b"good"]


async def test_a_slow_subscriber_loses_the_oldest_and_holds_up_nobody() -> None:
    delivery = Delivery(backlog=3)
    slow, quick, go = Heard(), Heard(), asyncio.Event()

    async def receive(payload: bytes) -> None:
        await go.wait()
        slow(payload)

    delivery.subscribe("typing", receive)
    delivery.subscribe("typing", quick)
    for number in range(10):
        delivery.deliver("typing", b"%d" % number)
        await quick.until(number + 1)
    go.set()
    assert await slow.until(4) == [b"0", b"7", b"8", b"9"]
    await delivery.close()


async def test_wrong_topics_and_large_payloads_are_refused(bus: LocalBus) -> None:
    for topic in ("", "Typing", "a b", "a..b", ".a", "a:b", "*", ">", "会话", "a" * 81):
        with pytest.raises(ValueError, match="topic"):
            await bus.publish(topic, b"")
        with pytest.raises(ValueError, match="topic"):
            bus.subscribe(topic, print)
    await bus.publish("typing", b"x" * MAX_PAYLOAD)
    with pytest.raises(TooLarge):
        await bus.publish("typing", b"x" * (MAX_PAYLOAD + 1))
