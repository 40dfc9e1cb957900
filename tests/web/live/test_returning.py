"""Who comes back after a break: the line that died is forgotten at once, and he sees at once who else is there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.web.house import House
from tests.web.live.conftest import Desk
from tests.web.live.test_rows import hand, write
from tests.web.server import Line, Running, Widget


async def seen(line: Line, *, until: set[str]) -> list[set[str]]:
    """Who looks at the ticket, by every word of it until it is these."""
    told: list[set[str]] = []
    while not told or told[-1] != until:
        frame: dict[str, Any] = await line.next("viewing")
        told.append({agent["name"] for agent in frame["agents"]})
    return told


async def test_a_window_that_is_back_is_no_longer_where_its_dead_line_was(
    live: Running, widget: Widget, desk: Desk
) -> None:
    """Nobody noticed that the first line died: it is neither closed nor read."""
    await write(widget, "看这个")
    ticket = str(await live.services.db.pool.fetchval("SELECT id FROM ticket"))
    async with desk("gao", tickets=[ticket]) as gao, desk("lin", window="w", tickets=[ticket]) as dead:
        await seen(gao, until={"高远", "林一"})
        async with desk("lin", window="w", tickets=[]):
            assert await seen(gao, until={"高远"})
            await dead.socket.wait_closed()
            assert dead.socket.close_code == 4409
        async with desk("lin", window="other", tickets=[ticket]), desk("lin", window="w", tickets=[]):
            await seen(gao, until={"高远", "林一"})  # another window of his stays where it is


async def test_who_is_back_sees_at_once_who_looks_and_who_types(
    live: Running, widget: Widget, house: House, desk: Desk
) -> None:
    said = await write(widget, "看这个")
    await hand(live, said["conversation_id"], house.people["lin"])
    ticket = str(await live.services.db.pool.fetchval("SELECT id FROM ticket"))
    async with desk("su", tickets=[ticket]) as su, desk("lin", window="w", tickets=[ticket]) as dead:
        await seen(dead, until={"苏瑾", "林一"})
        await su.say(t="typing", conversation_id=said["conversation_id"])
        await dead.next("typing")
        async with desk("lin", window="w", tickets=[ticket], conversations=[said["conversation_id"]]) as lin:
            assert {"苏瑾"} <= (await seen(lin, until={"苏瑾", "林一"}))[0]
            typing = await lin.next("typing")
            assert (typing["name"], UUID(typing["conversation_id"])) == ("苏瑾", UUID(said["conversation_id"]))
