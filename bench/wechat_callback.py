"""`wechat_callback`: signed and encrypted callbacks of a 公众号, one message a request, acknowledged after the commit.

Then ten times as many callers at once: what is too much is refused early, and whatever is accepted is acknowledged
inside the five seconds WeChat waits.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec
import uvloop

from bench import people, places
from bench.house import House, load_average, settled, staffed
from bench.intake_http import through
from bench.report import figure, millis, percentile
from bench.wire import Line, Refused, request
from yizhan.foundation.clock import SystemClock
from yizhan.foundation.db import open_connection, start_server
from yizhan.simulator import Bubble, Human
from yizhan.simulator.wechat import WeChat

_LINES = 64
_MESSAGES = 15_000
_WARM = 1_500
_SENDERS = 5_000
_TIMES = 10
_RUSH = 12_000  # callbacks brought in the rush, those refused among them
_PATIENCE = 5.0  # seconds; WeChat hangs up then and brings it again
_CHANNEL, _KEY = "wechat_mp", "mp"


def run() -> None:
    with places.folder() as data, staffed(data, 0) as house:
        vendor = _account(house)
        took, seconds, bare, spent, rush = uvloop.run(_run(house, vendor))
        with start_server(data) as server:
            stored = uvloop.run(_stored(server.dsn))
    accepted = rush.accepted
    wanted = _WARM + _MESSAGES + accepted
    if stored != wanted:
        raise Refused(f"{stored} messages stored, {wanted} acknowledged")
    rate, limit = len(took) / seconds, _MESSAGES / bare
    p99, goal = percentile(sorted(took), 0.99) * 1000, ">= 1500, p99 < 150 ms"
    figure("wechat_callback", rate, "messages/s", goal=goal, limit=limit, ratio=rate / limit, detail={
        **millis(took), "p99_met": p99 < 150, "connections": _LINES, "messages": len(took), "senders": _SENDERS,
        "acknowledged_are_stored": True, "cpu_us_a_message": spent, "load_average": load_average(),
        "overload": {
            "callers": _LINES * _TIMES, "brought_a_second": round(rush.brought / rush.seconds),
            "accepted": accepted, "accepted_a_second": round(accepted / rush.seconds),
            "refused": rush.brought - accepted, "slowest_accepted_s": round(max(rush.took, default=0), 2),
            "accepted_later_than_5_s": sum(each > _PATIENCE for each in rush.took),
        },
        "limit_is": "GET /healthz of the same server over the same connections",
    })  # fmt: skip


def _account(house: House) -> WeChat:
    """An Official Account whose console knows our address; nobody is called back in this measurement."""
    vendor = WeChat(SystemClock())
    vendor.base = "http://127.0.0.1:9"
    house.chief.ask("POST", "/inboxes", {
        "channel": _CHANNEL, "name": "公众号", "team_id": house.team, "key": _KEY,
        "settings": vendor.settings(_CHANNEL), "secrets": vendor.secrets(_CHANNEL),
    })  # fmt: skip
    return vendor


class Rush(msgspec.Struct):
    """`took` of those that were accepted, in seconds."""

    took: list[float] = []
    brought: int = 0
    seconds: float = 0.0

    @property
    def accepted(self) -> int:
        return len(self.took)


async def _run(house: House, vendor: WeChat) -> tuple[list[float], float, float, dict[str, int], Rush]:
    rng = random.Random(11)
    followers = [vendor.meet(Human(key=f"f{n}", name=f"粉丝{n}")) for n in range(_SENDERS)]
    signed = [
        await _callback(house, vendor, rng.choice(followers), people.sentence(rng)) for _ in range(_WARM + _MESSAGES)
    ]
    lines = [await Line.open(house.url) for _ in range(_LINES)]
    await through(lines, signed[:_WARM])
    await settled(house)
    before = places.tree_cpu(house.product.process.pid)
    took, seconds = await through(lines, signed[_WARM:])
    await asyncio.sleep(2)  # what readers and router still do belongs to the messages, not to the limit
    spent = places.spent(before, places.tree_cpu(house.product.process.pid), _MESSAGES)
    _, bare = await through(lines, [request("GET", f"{house.url}/healthz", {})] * _MESSAGES)
    more = [await _callback(house, vendor, rng.choice(followers), people.sentence(rng)) for _ in range(_RUSH)]
    lines += [await Line.open(house.url) for _ in range(_LINES * (_TIMES - 1))]
    rush = await _rushed(lines, more)
    for line in lines:
        line.close()
    return took, seconds, bare, spent, rush


async def _callback(house: House, vendor: WeChat, who: object, text: str) -> bytes:
    """Signed and encrypted as WeChat does it."""
    bubble = Bubble(id=vendor.new_id(), by="customer", text=text, at=vendor.clock.now())
    push = await vendor.said(_CHANNEL, who, bubble)  # type: ignore[arg-type]
    assert push is not None
    wire = push.sign()
    return request(wire.method, f"{house.url}/hooks/{_CHANNEL}/{_KEY}?{wire.query}", wire.headers, wire.body)


async def _rushed(lines: Sequence[Line], wanted: Sequence[bytes]) -> Rush:
    """All at once: who is refused goes on with the next, as a vendor with many followers does."""
    rush, answers, todo = Rush(), Counter[int](), iter(wanted)
    started = time.perf_counter()
    await asyncio.gather(*(_caller(line, todo, rush, answers) for line in lines))
    rush.seconds, rush.brought = time.perf_counter() - started, len(wanted)
    if set(answers) - {200, 429}:
        raise Refused(f"in the rush it was answered {dict(answers)}")
    return rush


async def _caller(line: Line, todo: Iterator[bytes], rush: Rush, answers: Counter[int]) -> None:
    for each in todo:
        started = time.perf_counter()
        status, _ = await line.ask(each)
        answers[status] += 1
        if status == 200:
            rush.took.append(time.perf_counter() - started)


async def _stored(dsn: str) -> int:
    connection = await open_connection(dsn)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM message"))
    finally:
        await connection.close()
