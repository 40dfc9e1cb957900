"""What a bus is, and the one for a single process."""

from typing import Protocol

from yizhan.foundation.bus.delivery import Delivery, Receive, Unsubscribe, check


class Bus(Protocol):
    """A publisher never waits for a subscriber. Subscribing needs a running loop, not a started bus."""

    async def start(self) -> None: ...

    async def publish(self, topic: str, payload: bytes) -> None: ...

    def subscribe(self, topic: str, receive: Receive) -> Unsubscribe:
        """`receive` gets every payload of exactly this topic, in order, ours included; its errors are logged."""
        ...

    async def close(self) -> None: ...


class LocalBus:
    """For `serve` with one web process, which is one event loop."""

    def __init__(self) -> None:
        self._delivery = Delivery()

    async def start(self) -> None:
        """Nothing lies between."""

    async def publish(self, topic: str, payload: bytes) -> None:
        check(topic, payload)
        self._delivery.deliver(topic, payload)

    def subscribe(self, topic: str, receive: Receive) -> Unsubscribe:
        return self._delivery.subscribe(topic, receive)

    async def close(self) -> None:
        await self._delivery.close()
