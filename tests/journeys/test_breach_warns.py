"""A breach warns the supervisor in his WeCom group, at his bell and on the monitor, within a second of its instant."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from tests.desk.intake.samples import says
from tests.journeys.post import until
from tests.standins.bots import Bots, bots
from yizhan.app.house import House, living, open_house
from yizhan.app.settings import load_settings
from yizhan.desk import notices, outlets, sla
from yizhan.desk.metrics import ALL
from yizhan.desk.outlets import OUTLET
from yizhan.foundation.clock import FakeClock
from yizhan.records import agents, inboxes
from yizhan.records.agents import NewAgent
from yizhan.records.inboxes import Channel, NewInbox

GROUP = {"name": {"zh": "主管群", "en": "Supervisors"}, "kind": "wecom", "reasons": ["sla.breach", "alert.*"]}
SLOW = 1.0


class Shop(msgspec.Struct):
    house: House
    chat: UUID
    boss: UUID


@pytest.fixture
def standin(clock: FakeClock) -> Iterator[Bots]:
    with bots(lambda: clock.now().timestamp()) as running:
        yield running


@pytest.fixture
async def shop(db_dsn: str, tmp_path: Path, clock: FakeClock, standin: Bots) -> AsyncIterator[Shop]:
    settings = load_settings({"YIZHAN_DATA": str(tmp_path), "YIZHAN_ALLOW_HOSTS": "127.0.0.1"})
    async with open_house(settings, db_dsn, clock) as house:
        shop = await _found(house, standin)
        await house.intake.load_inboxes()
        async with living(house):
            yield shop


async def _found(house: House, standin: Bots) -> Shop:
    now, configuration = house.clock.now(), house.rules.configuration
    async with house.db.transaction() as tx:
        role = next(one.id for one in await agents.roles(tx) if one.key == "supervisor")
        boss = await agents.create_agent(tx, NewAgent(login="zhuguan", name="主管", role_id=role), now, "system")
        brand = await agents.create_brand(tx, "home", "山雀家电", now, "system")
        new = NewInbox(channel=Channel.WEBCHAT, name="官网", brand_id=brand, key="shop", settings={}, secrets={})
        chat = await inboxes.create_inbox(tx, house.vault, new, now, "system")
        await configuration.save(tx, "outlet", "group", GROUP, by="system", now=now)
        await configuration.release(tx, by="system", now=now)
        secrets = {"url": standin.wecom}
        await outlets.keep_secrets(tx, house.vault, "group", OUTLET.decode(GROUP), secrets, now=now, by="system")
    return Shop(house, chat, boss)


async def test_a_breach_is_in_the_group_and_on_the_monitor_within_a_second(
    shop: Shop, standin: Bots, clock: FakeClock
) -> None:
    house = shop.house
    done = await house.intake.accept(says(shop.chat, "v1", "滤芯漏水", clock.now()))
    ticket = await _ticket(shop, done.conversation_id)

    async def promised() -> bool:
        async with house.db.read() as tx:
            return bool(await sla.targets_of(tx, [ticket]))

    await until(promised, "a promise")
    async with house.db.read() as tx:
        first = next(each for each in await sla.targets_of(tx, [ticket]) if each.kind == "first_response")
    assert first.due_at is not None
    # Everything that is due before has happened by then, as it would have in an hour of life.
    clock.set(first.due_at - timedelta(seconds=1))
    house.timers.wake()

    async def quiet() -> bool:
        due = await house.db.pool.fetchval("SELECT count(*) FROM timer WHERE due <= $1", clock.now())
        unplaced = await house.db.pool.fetchval("SELECT count(*) FROM event_new")
        return house.the_postman.is_warm and not due and not unplaced

    await until(quiet, "a quiet moment")
    assert standin.came == []
    clock.set(first.due_at)
    began = time.time()
    house.timers.wake()
    await _soon(lambda: bool(standin.came), began)
    assert standin.came[0] - began < SLOW
    [text] = standin.texts("wecom")
    assert "已超时 · 首次响应" in text
    assert "滤芯" not in text  # nothing of the customer's leaves the house
    await _soon(lambda: house.metrics.read(clock.now())["sla_breached", ALL] == 1.0, began)

    async def at_his_bell() -> bool:
        async with house.db.read() as tx:
            page = await notices.page(tx, shop.boss, unread=True, before=None)
        return "sla.breach" in [each.why for each in page.items]

    await until(at_his_bell, "a notice")


async def _ticket(shop: Shop, conversation_id: UUID | None) -> UUID:
    async def there() -> bool:
        return await _of(shop, conversation_id) is not None

    await until(there, "a ticket")
    found = await _of(shop, conversation_id)
    assert found is not None
    return found


async def _of(shop: Shop, conversation_id: UUID | None) -> UUID | None:
    found: UUID | None = await shop.house.db.pool.fetchval(
        "SELECT ticket_id FROM conversation WHERE id = $1", conversation_id
    )
    return found


async def _soon(condition: object, began: float) -> None:
    """Within the second that was promised, and some more before it is called lost."""
    assert callable(condition)
    while not condition():
        assert time.time() - began < 5 * SLOW, "nothing came"
        await asyncio.sleep(0.005)
