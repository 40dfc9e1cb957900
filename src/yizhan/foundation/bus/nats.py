"""Several machines: signals over NATS, whose client is imported only where a `nats://` address is set."""

from typing import TYPE_CHECKING

from yizhan.foundation.bus.delivery import Delivery, Receive, Unsubscribe, check
from yizhan.foundation.errors import DomainError
from yizhan.foundation.log import get_logger

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

log = get_logger(__name__)

_RETRY_SECONDS = 0.5
_FOR_EVER = -1


class BusUnreachable(DomainError):  # noqa: N818 - what happened
    """No server answered at the start; later losses are waited out."""

    code = "bus_unreachable"


class NatsBus:
    """While the server is away signals go no further than this process. `space` parts installations on one server."""

    def __init__(self, url: str, space: str = "yizhan") -> None:
        check(space)
        self._url = url
        self._space = space
        self._delivery = Delivery()
        self._client: Client | None = None

    async def start(self) -> None:
        """Returns when it listens: what others publish from now on arrives."""
        from nats.aio.client import Client
        from nats.errors import Error

        client = Client()
        try:
            await client.connect(
                self._url,
                name="yizhan",
                no_echo=True,  # we deliver to ourselves
                connect_timeout=5,
                reconnect_time_wait=_RETRY_SECONDS,  # type: ignore[arg-type]  # only slept on
                max_reconnect_attempts=1,
                error_cb=_note_error,
                disconnected_cb=_note_loss,
                reconnected_cb=_note_return,
            )
            # One attempt to start, so that a wrong address is told; then patience without end.
            client.options["max_reconnect_attempts"] = _FOR_EVER
            await client.subscribe(f"{self._space}.>", cb=self._heard)
            await client.flush()
        except (Error, OSError) as failure:
            raise BusUnreachable(f"no NATS server answers: {failure or type(failure).__name__}") from failure
        self._client = client

    async def publish(self, topic: str, payload: bytes) -> None:
        from nats.errors import Error

        check(topic, payload)
        self._delivery.deliver(topic, payload)
        if self._client is None:
            return
        try:
            await self._client.publish(f"{self._space}.{topic}", payload)
        except (Error, OSError) as failure:
            log.warning("bus.send_failed", error=repr(failure))

    def subscribe(self, topic: str, receive: Receive) -> Unsubscribe:
        return self._delivery.subscribe(topic, receive)

    async def close(self) -> None:
        if self._client is not None and not self._client.is_closed:
            try:
                await self._client.close()
            except OSError as gone:  # its last words found no server
                log.warning("bus.closed_alone", error=repr(gone))
        self._client = None
        await self._delivery.close()

    async def _heard(self, message: "Msg") -> None:
        self._delivery.deliver(message.subject[len(self._space) + 1 :], message.data)


async def _note_error(failure: Exception) -> None:
    log.warning("bus.error", error=repr(failure))


async def _note_loss() -> None:
    log.warning("bus.disconnected")


async def _note_return() -> None:
    log.info("bus.reconnected")
