"""A channel that counts: people are refused with a reason, what is automatic keeps silent, asking has the last one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.desk.satisfaction.office import HOUR, Asking, open_asking
from yizhan.desk import serving
from yizhan.desk.clocks import service as clocks
from yizhan.desk.intake import Accepted
from yizhan.desk.outbound import Letter, Mark, Receipt
from yizhan.desk.outbound.service import begin
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, Tx
from yizhan.records import conversations, outbox
from yizhan.records.conversations import Draft
from yizhan.records.outbox import QuotaExhausted, WindowClosed


@pytest.fixture
async def office(db: Database, clock: FakeClock) -> Asking:
    office = await open_asking(db, clock)
    async with db.transaction() as tx:
        await tx.execute(
            "UPDATE inbox SET channel = 'generic', windows = $2 WHERE id = $1",
            office.floor.shop.mail,
            [{"trigger": "message", "seconds": 48 * 3600, "messages": 3}],
        )
    await office.floor.shop.intake.load_inboxes()
    return office


async def room(office: Asking, done: Accepted) -> outbox.Room:
    assert done.conversation_id is not None
    async with office.floor.db.read() as tx:
        return (await outbox.rooms(tx, [done.conversation_id], office.now))[done.conversation_id]


async def test_the_last_is_kept_for_the_question_unless_people_need_it(office: Asking) -> None:
    lin = await office.floor.hire("林一")
    done = await office.floor.says("wx", "还没收到货", mail=True)
    assert (await room(office, done)).free == 2
    office.floor.clock.advance(timedelta(seconds=20))
    await office.answers(done, lin)
    await office.answers(done, lin, "已催物流")
    left = await room(office, done)
    assert (left.left, left.free) == (1, 0)
    await office.closes(done, lin)
    await office.floor.pass_time(timedelta(seconds=1))
    survey = await office.survey(done)
    assert survey is not None
    assert survey["way"] == "link"
    assert (await room(office, done)).left == 0
    office.floor.clock.advance(timedelta(seconds=1))
    await office.floor.says("wx", "好的", mail=True)
    assert (await room(office, done)).left == 3  # his word opens it anew


async def test_a_person_takes_the_last_and_then_nobody_asks(office: Asking) -> None:
    lin = await office.floor.hire("林一")
    done = await office.floor.says("wx", "还没收到货", mail=True)
    for words in ("在查", "已催物流", "明天到"):
        await office.answers(done, lin, words)
    with pytest.raises(QuotaExhausted):
        await office.answers(done, lin, "还有一句")
    assert await office.floor.db.pool.fetchval("SELECT count(*) FROM message WHERE direction = 'out'") == 3
    await office.closes(done, lin)
    await office.floor.pass_time(timedelta(seconds=1))
    assert await office.survey(done) is None
    told = await office.floor.db.pool.fetchval("SELECT data FROM event WHERE kind = 'conversation.unsurveyed'")
    assert (set(told), told["why"]) == ({"why", "inbox"}, "quota_exhausted")


async def test_after_the_window_nothing_goes_and_what_waited_is_told(office: Asking) -> None:
    lin = await office.floor.hire("林一")
    done = await office.floor.says("wx", "还没收到货", mail=True)
    await office.answers(done, lin)
    office.floor.clock.advance(49 * HOUR)
    with pytest.raises(WindowClosed):
        await office.answers(done, lin, "刚查到")
    assert await office.floor.db.pool.fetchval("SELECT count(*) FROM message WHERE direction = 'out'") == 1
    async with office.floor.db.transaction() as tx:
        (head,) = await outbox.due(tx, office.floor.shop.mail, office.now, 5)
        assert await begin(tx, _vault(), head, _Nobody(), office.now) is None
    state = "SELECT state, error_class FROM outbound WHERE message_id = $1"
    row = await office.floor.db.pool.fetchrow(state, head.message_id)
    assert row is not None
    assert tuple(row) == ("failed", "window_closed")


async def test_what_is_automatic_keeps_silent_where_it_would_take_what_is_peoples(office: Asking) -> None:
    lin = await office.floor.hire("林一")
    done = await office.floor.says("wx", "还没收到货", mail=True)
    assert done.conversation_id is not None
    await office.answers(done, lin)
    await office.answers(done, lin, "已催物流")

    async def say(tx: Tx) -> bool:
        c = await conversations.lock_conversation(tx, done.conversation_id or UUID(int=0))
        return await clocks._say(tx, c, "still_there", office.now)

    async with office.floor.db.transaction() as tx:
        assert not await say(tx)
        draft = Draft(direction="out", author="system", kind=outbox.SURVEY, text="?", human=False)
        await serving.reply(tx, done.conversation_id, draft, now=office.now)


class _Nobody:
    idempotent = False

    def mark(self, letter: Letter) -> Mark | None:
        return None

    async def send(self, letter: Letter) -> Receipt:
        raise AssertionError("nothing leaves")

    async def close(self) -> None: ...


def _vault() -> Any:
    return Vault
