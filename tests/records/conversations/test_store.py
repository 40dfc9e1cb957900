"""The verbs of a conversation on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.desk.intake.samples import Shop, open_shop, says
from yizhan.desk.intake import Accepted
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from yizhan.records import conversations
from yizhan.records.conversations import RECALL_WINDOW, Conversation, Draft, EndReason, Rating, Stored

LIN = "agent:00000000-0000-0000-0000-00000000000b"


@pytest.fixture
async def shop(db: Database, clock: FakeClock) -> Shop:
    return await open_shop(db, clock)


@pytest.fixture
async def chat(shop: Shop) -> Accepted:
    return await shop.intake.accept(says(shop.chat, "v1", "在吗", shop.clock.now()))


async def say(shop: Shop, chat: Accepted, text: str = "您好", **more: Any) -> Stored:
    fields: dict[str, Any] = {"direction": "out", "author": LIN, **more}
    async with shop.db.transaction() as tx:
        c = await held(tx, chat)
        return await conversations.say(tx, c, Draft(text=text, **fields), now=shop.clock.now())


async def held(tx: Any, chat: Accepted) -> Conversation:
    assert chat.conversation_id
    return await conversations.lock_conversation(tx, chat.conversation_id)


async def row(shop: Shop) -> dict[str, Any]:
    found = await shop.db.pool.fetchrow("SELECT * FROM conversation")
    assert found is not None
    return dict(found)


async def test_an_answer_stops_the_wait_and_the_first_of_a_human_its_clock(
    shop: Shop, chat: Accepted, clock: FakeClock
) -> None:
    clock.advance(timedelta(seconds=3))
    await say(shop, chat, "欢迎", human=False)
    after = await row(shop)
    assert (after["first_response_at"], after["unread"]) == (None, 1)
    assert after["waiting_since"] is not None
    clock.advance(timedelta(seconds=3))
    answered = clock.now()
    await say(shop, chat)
    clock.advance(timedelta(seconds=3))
    await say(shop, chat, "请讲")
    after = await row(shop)
    assert (after["first_response_at"], after["waiting_since"], after["unread"]) == (answered, None, 0)
    assert (after["outbound_count"], after["preview"], after["last_outbound_at"]) == (3, "请讲", clock.now())


async def test_the_same_request_three_times_at_once_is_one_message(shop: Shop, chat: Accepted) -> None:
    done = await asyncio.gather(*(say(shop, chat, client_id="c1") for _ in range(3)))
    assert len({d.message_id for d in done}) == 1
    assert sorted(d.repeated for d in done) == [False, True, True]
    assert (await row(shop))["outbound_count"] == 1
    other = await say(shop, chat, client_id="c1", author="agent:other")
    assert not other.repeated


async def test_a_note_is_no_answer(shop: Shop, chat: Accepted) -> None:
    await say(shop, chat, "客户很急", direction="note")
    after = await row(shop)
    assert (after["outbound_count"], after["unread"], after["preview"]) == (0, 1, "在吗")
    assert after["version"] == 2


async def test_it_ends_once(shop: Shop, chat: Accepted) -> None:
    async def end() -> None:
        async with shop.db.transaction() as tx:
            await conversations.end_conversation(
                tx, await held(tx, chat), reason=EndReason.AGENT, summary=None, actor=LIN, now=shop.clock.now()
            )

    done = await asyncio.gather(*(end() for _ in range(3)), return_exceptions=True)
    assert sorted(str(type(d).__name__) for d in done) == ["Conflict", "Conflict", "NoneType"]
    assert await shop.db.pool.fetchval("SELECT count(*) FROM event_new WHERE kind = 'conversation.ended'") == 1
    with pytest.raises(Conflict):
        await say(shop, chat)


async def test_only_ones_own_message_is_recalled_and_only_soon(shop: Shop, chat: Accepted, clock: FakeClock) -> None:
    sent = await say(shop, chat)

    async def recall(actor: str, message_id: UUID = sent.message_id) -> None:
        async with shop.db.transaction() as tx:
            await conversations.recall_message(tx, await held(tx, chat), message_id, actor=actor, now=clock.now())

    with pytest.raises(Forbidden):
        await recall("agent:other")
    with pytest.raises(NotFound):
        await recall(LIN, UUID(int=5))
    with pytest.raises(Forbidden):
        await recall(LIN, chat.message_id)
    clock.advance(RECALL_WINDOW)
    await recall(LIN)
    await recall(LIN)
    assert await shop.db.pool.fetchval("SELECT count(*) FROM event_new WHERE kind = 'message.recalled'") == 1
    late = await say(shop, chat, "又一条")
    clock.advance(RECALL_WINDOW + timedelta(seconds=1))
    with pytest.raises(Conflict):
        await recall(LIN, late.message_id)


async def test_reading_goes_forward_only(shop: Shop, chat: Accepted) -> None:
    later = await shop.intake.accept(says(shop.chat, "v1", "还在吗", shop.clock.now() + timedelta(seconds=1)))
    async with shop.db.transaction() as tx:
        c = await held(tx, chat)
        for message_id in (later.message_id, chat.message_id):
            await conversations.mark_read(tx, c, message_id, reader=LIN, serving=False, now=shop.clock.now())
    assert await shop.db.pool.fetchval("SELECT message_id FROM read_mark") == later.message_id
    assert (await row(shop))["unread"] == 2
    async with shop.db.transaction() as tx:
        c = await held(tx, chat)
        for _ in range(2):
            await conversations.mark_read(tx, c, later.message_id, reader=LIN, serving=True, now=shop.clock.now())
    assert (await row(shop))["unread"] == 0
    assert await shop.db.pool.fetchval("SELECT count(*) FROM event_new WHERE kind = 'conversation.read'") == 1


async def test_stars_are_one_to_five(shop: Shop, chat: Accepted) -> None:
    async with shop.db.transaction() as tx:
        c = await held(tx, chat)
        for stars in (0, 6):
            with pytest.raises(Invalid):
                await conversations.rate_conversation(
                    tx, c, Rating(True, stars), actor="customer:x", now=shop.clock.now()
                )
        await conversations.rate_conversation(tx, c, Rating(True, 5, ["快"]), actor="customer:x", now=shop.clock.now())
    assert (await row(shop))["rating"]["stars"] == 5


async def test_split_messages_must_be_the_tickets_own(shop: Shop, chat: Accepted) -> None:
    stranger = await shop.intake.accept(says(shop.chat, "v2", "在吗", shop.clock.now()))
    assert chat.ticket_id
    assert stranger.ticket_id
    async with shop.db.transaction() as tx:
        with pytest.raises(Invalid):
            await conversations.split_messages(
                tx, [stranger.message_id], from_ticket=chat.ticket_id, to_ticket=UUID(int=4), contact_id=UUID(int=4),
                actor=LIN, now=shop.clock.now(),
            )  # fmt: skip


async def test_places_in_the_queue_never_rise(shop: Shop, chat: Accepted) -> None:
    assert chat.conversation_id
    async with shop.db.transaction() as tx:
        told = [await conversations.tell_positions(tx, {chat.conversation_id: place}) for place in (5, 3, 7, 1)]
    assert [t[chat.conversation_id] for t in told] == [5, 3, 3, 1]
