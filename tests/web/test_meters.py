"""One answer of /metrics is of the whole product: each process tells the others what it counted."""

from __future__ import annotations

import asyncio

from yizhan.foundation.bus import LocalBus
from yizhan.web.asgi import Message, Receive, Scope, Send
from yizhan.web.health.metrics import _reading_lines
from yizhan.web.meter import Meter
from yizhan.web.meters import Meters


async def answering(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200})


async def nothing() -> Message:
    return {}


async def swallow(message: Message) -> None:
    """Nobody listens."""


async def counted(meters: Meters, times: int) -> None:
    meters.own = Meter(answering)
    for _ in range(times):
        await meters.own({"type": "http", "method": "GET"}, nothing, swallow)


async def test_whichever_process_is_asked_answers_for_all_that_live() -> None:
    bus, now = LocalBus(), [100.0]
    main, other = (Meters(bus, name, lambda: now[0]) for name in ("h/main", "h/web-1"))
    await counted(main, 1)
    await counted(other, 2)
    await other.tell()
    for _ in range(3):
        await asyncio.sleep(0)
    lines = list(_reading_lines(main.readings()))
    assert 'yizhan_http_answers_total{process="h/main",method="GET",status="200"} 1' in lines
    assert 'yizhan_http_answers_total{process="h/web-1",method="GET",status="200"} 2' in lines
    assert lines.count("# TYPE yizhan_sockets gauge") == 1
    now[0] += 21  # it has died
    assert [one.process for one in main.readings()] == ["h/main"]
    await bus.close()
