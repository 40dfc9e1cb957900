"""The verbs of an agent who serves, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.desk.intake.samples import Shop, open_shop, says
from yizhan.desk import serving
from yizhan.desk.intake import Accepted
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Conflict, IllegalTransition, Invalid
from yizhan.records import contacts, conversations
from yizhan.records.contacts import Strength
from yizhan.records.conversations import Draft, EndReason, Solved, Stored, Summary
from yizhan.records.tickets import Action, By

LIN = UUID(int=11)
BY = By(f"agent:{LIN}", LIN)


@pytest.fixture
async def shop(db: Database, clock: FakeClock) -> Shop:
    return await open_shop(db, clock)


async def comes(shop: Shop, who: str, text: str = "灯不亮", **more: Any) -> Accepted:
    inbox = shop.mail if "@" in who else shop.chat
    return await shop.intake.accept(says(inbox, who, text, shop.clock.now(), **more))


async def reply(shop: Shop, done: Accepted, text: str = "马上处理", **more: Any) -> Stored:
    assert done.conversation_id
    async with shop.db.transaction() as tx:
        draft = Draft(direction="out", author=BY.actor, text=text, client_id=more.pop("client_id", None))
        return await serving.reply(tx, done.conversation_id, draft, now=shop.clock.now(), **more)


async def end(shop: Shop, done: Accepted, summary: Summary, typed: bool = False) -> Any:
    assert done.conversation_id
    async with shop.db.transaction() as tx:
        return await serving.end(tx, done.conversation_id, summary, typed=typed, by=BY, now=shop.clock.now())


async def value(shop: Shop, query: str, *given: Any) -> Any:
    return await shop.db.pool.fetchval(query, *given)


SOLVED = Summary("consult", Solved.SOLVED, "已告知发货时间")


async def test_a_reply_and_its_sending_are_one(shop: Shop) -> None:
    done = await comes(shop, "v1")
    sent = await reply(shop, done, client_id="c")
    again = await reply(shop, done, client_id="c")
    assert (again.message_id, again.repeated) == (sent.message_id, True)
    assert await value(shop, "SELECT array_agg(message_id) FROM outbound") == [sent.message_id]
    row = await shop.db.pool.fetchrow("SELECT waiting_since, unread, preview FROM ticket")
    assert row is not None
    assert tuple(row) == (None, 0, "马上处理")


async def test_another_type_in_the_summary_is_the_tickets_type(shop: Shop) -> None:
    done = await comes(shop, "v1")
    await reply(shop, done)
    await end(shop, done, Summary("refund.only", Solved.SOLVED, "已为客户办理仅退款,三天内到账"))
    row = await shop.db.pool.fetchrow("SELECT type, type_sure, priority, status FROM ticket")
    assert row is not None
    assert tuple(row) == ("refund.only", True, 2, "pending")
    notes = await shop.db.pool.fetch("SELECT action, text, typed, parts FROM note WHERE action <> 'start' ORDER BY id")
    assert [(n["action"], n["text"], n["typed"]) for n in notes] == [
        ("change", "服务小结改类型:其他 → 仅退款", False),
        ("solve", "已为客户办理仅退款,三天内到账", False),
    ]
    assert notes[0]["parts"] == {"type_before": "other", "type_after": "refund.only"}
    kinds = await shop.db.pool.fetch("SELECT kind, data FROM event_new WHERE kind LIKE 'ticket.%' ORDER BY seq")
    changed = next(k["data"] for k in kinds if k["kind"] == "ticket.changed")
    assert changed["fields"] == ["priority", "type"]


async def test_a_refused_reply_leaves_nothing(shop: Shop) -> None:
    done = await comes(shop, "v1")
    with pytest.raises(Invalid):
        await reply(shop, done, "  ")
    await end(shop, done, SOLVED)
    with pytest.raises(Conflict):
        await reply(shop, done)
    assert await value(shop, "SELECT count(*) FROM outbound") == 0


async def test_a_reply_goes_into_a_ticket_of_the_same_person_only(shop: Shop) -> None:
    mine, stranger = await comes(shop, "v1"), await comes(shop, "v2")
    with pytest.raises(Invalid):
        await reply(shop, mine, ticket_id=stranger.ticket_id)
    assert await value(shop, "SELECT count(*) FROM message WHERE direction = 'out'") == 0
    other = await shop.intake.accept(says(shop.mail, "a@example.com", "一", shop.clock.now()))
    async with shop.db.transaction() as tx:
        a = await value(shop, "SELECT contact_id FROM ticket WHERE id = $1", mine.ticket_id)
        b = await value(shop, "SELECT contact_id FROM ticket WHERE id = $1", other.ticket_id)
        await contacts.link_contacts(
            tx, a, b, strength=Strength.PROVED, evidence={}, actor="system", now=shop.clock.now()
        )
    sent = await reply(shop, mine, ticket_id=other.ticket_id)
    assert await value(shop, "SELECT ticket_id FROM message WHERE id = $1", sent.message_id) == other.ticket_id


@pytest.mark.parametrize(("solved", "status", "action"), [
    (Solved.SOLVED, "pending", "solve"), (Solved.UNSOLVED, "new", "summary"), (Solved.FOLLOW_UP, "new", "summary"),
])  # fmt: skip
async def test_ending_is_the_note_of_the_tickets_move(shop: Shop, solved: Solved, status: str, action: str) -> None:
    done = await comes(shop, "v1")
    await end(shop, done, Summary("consult", solved, " 已告知 "))
    assert await value(shop, "SELECT status FROM ticket") == status
    row = await shop.db.pool.fetchrow("SELECT action, text, conversation_id FROM note WHERE action <> 'change'")
    assert row is not None
    assert tuple(row) == (action, "已告知", done.conversation_id)
    assert await value(shop, "SELECT summary->>'text' FROM conversation") == "已告知"


async def test_an_empty_summary_and_few_words_for_a_refund_are_refused(shop: Shop) -> None:
    done = await comes(shop, "v1")
    for summary in (Summary("consult", Solved.SOLVED, " "), Summary("refund", Solved.SOLVED, "退了")):
        with pytest.raises(Invalid):
            await end(shop, done, summary)
    assert await value(shop, "SELECT phase FROM conversation") == "queued"


async def test_a_person_types_at_most_one_note_a_conversation(shop: Shop) -> None:
    done = await comes(shop, "v1")
    await shop.db.pool.execute(
        "INSERT INTO note (id, ticket_id, conversation_id, action, text, typed, actor, at)"
        " VALUES (gen_random_uuid(), $1, $2, 'transfer', '转售后', true, $3, $4)",
        done.ticket_id, done.conversation_id, BY.actor, shop.clock.now(),
    )  # fmt: skip
    await end(shop, done, SOLVED, typed=True)
    assert await value(shop, "SELECT count(*) FROM note WHERE typed") == 1


async def test_the_customer_leaves_without_a_note(shop: Shop) -> None:
    done = await comes(shop, "v1")
    assert done.conversation_id
    async with shop.db.transaction() as tx:
        await serving.end_by_customer(
            tx, done.conversation_id, reason=EndReason.CUSTOMER, actor="customer:x", now=shop.clock.now()
        )
    assert await value(shop, "SELECT count(*) FROM note") == 0
    assert await value(shop, "SELECT status FROM ticket") == "new"


async def test_closing_a_ticket_ends_its_mails_and_not_its_chats(shop: Shop) -> None:
    mail = await comes(shop, "a@example.com")
    assert mail.ticket_id
    chat = await comes(shop, "v1")
    await shop.db.pool.execute("UPDATE conversation SET ticket_id = $1", mail.ticket_id)
    async with shop.db.transaction() as tx:
        await serving.move(tx, mail.ticket_id, Action.CANCEL, text="客户撤回", by=BY, now=shop.clock.now())
    phases = {r["id"]: r["phase"] for r in await shop.db.pool.fetch("SELECT id, phase FROM conversation")}
    assert phases == {mail.conversation_id: "ended", chat.conversation_id: "queued"}


async def test_own_words_close_a_complaint(shop: Shop) -> None:
    done = await comes(shop, "a@example.com")
    await shop.db.pool.execute("UPDATE ticket SET type = 'complaint'")
    assert done.ticket_id
    for text, error in (("好了", Invalid), ("", Invalid)):
        with pytest.raises(error):
            async with shop.db.transaction() as tx:
                await serving.move(tx, done.ticket_id, Action.SOLVE, text=text, by=BY, now=shop.clock.now())
    async with shop.db.transaction() as tx:
        await serving.move(tx, done.ticket_id, Action.SOLVE, text="已电话致歉并补偿优惠券", by=BY, now=shop.clock.now())
        with pytest.raises(IllegalTransition):
            await serving.move(
                tx, done.ticket_id, Action.SOLVE, text="已电话致歉并补偿优惠券", by=BY, now=shop.clock.now()
            )


async def two_of_one_person(shop: Shop) -> tuple[Accepted, Accepted]:
    """A mail's ticket, and a chat with one of its own that names another order."""
    mail = await comes(shop, "a@example.com", order_no="A1")
    chat = await comes(shop, "v1", order_no="B2")
    async with shop.db.transaction() as tx:
        a = await value(shop, "SELECT contact_id FROM ticket WHERE id = $1", mail.ticket_id)
        b = await value(shop, "SELECT contact_id FROM ticket WHERE id = $1", chat.ticket_id)
        await contacts.link_contacts(
            tx, a, b, strength=Strength.PROVED, evidence={}, actor="system", now=shop.clock.now()
        )
    return mail, chat


async def test_a_join_leads_later_words_to_the_target_and_is_taken_back(shop: Shop) -> None:
    mail, chat = await two_of_one_person(shop)
    assert chat.conversation_id
    assert chat.ticket_id
    assert mail.ticket_id
    async with shop.db.transaction() as tx:
        await serving.join(tx, chat.conversation_id, mail.ticket_id, by=BY, now=shop.clock.now())
    joined = await comes(shop, "v1", "补充一句")
    assert joined.ticket_id == mail.ticket_id
    async with shop.db.transaction() as tx:
        await serving.unjoin(tx, chat.ticket_id, by=BY, now=shop.clock.now())
    own = {r["id"]: r["ticket_id"] for r in await shop.db.pool.fetch("SELECT id, ticket_id FROM conversation")}
    assert own == {mail.conversation_id: mail.ticket_id, chat.conversation_id: chat.ticket_id}
    assert (await comes(shop, "v1", "再一句")).ticket_id == chat.ticket_id
    with pytest.raises(Conflict):
        async with shop.db.transaction() as tx:
            await serving.unjoin(tx, chat.ticket_id, by=BY, now=shop.clock.now())


@pytest.mark.parametrize("closed", [False, True])
async def test_after_a_join_is_taken_back_it_may_be_joined_again(shop: Shop, *, closed: bool) -> None:
    """The bar 可能是同一件事 comes back, unless that matter is closed by now."""
    mail, chat = await two_of_one_person(shop)
    assert chat.conversation_id
    assert chat.ticket_id
    assert mail.ticket_id
    async with shop.db.transaction() as tx:
        await serving.join(tx, chat.conversation_id, mail.ticket_id, by=BY, now=shop.clock.now())
    suggested = "SELECT joined_ticket_id FROM conversation WHERE id = $1"
    assert await value(shop, suggested, chat.conversation_id) is None
    if closed:
        await shop.db.pool.execute("UPDATE ticket SET status = 'done' WHERE id = $1", mail.ticket_id)
    async with shop.db.transaction() as tx:
        await serving.unjoin(tx, chat.ticket_id, by=BY, now=shop.clock.now())
    assert await value(shop, suggested, chat.conversation_id) == (None if closed else mail.ticket_id)
    async with shop.db.transaction() as tx:
        await serving.separate(tx, chat.conversation_id, by=BY, now=shop.clock.now())
    assert await value(shop, suggested, chat.conversation_id) is None


async def test_a_conversation_joins_no_strangers_ticket(shop: Shop) -> None:
    one, stranger = await comes(shop, "v1"), await comes(shop, "v2")
    assert one.conversation_id
    assert stranger.ticket_id
    async with shop.db.transaction() as tx:
        with pytest.raises(Invalid):
            await serving.join(tx, one.conversation_id, stranger.ticket_id, by=BY, now=shop.clock.now())
        assert one.ticket_id
        with pytest.raises(Conflict):
            await serving.join(tx, one.conversation_id, one.ticket_id, by=BY, now=shop.clock.now())


async def test_joining_and_taking_back_at_once_block_nobody(shop: Shop) -> None:
    mail, chat = await two_of_one_person(shop)
    assert chat.conversation_id
    assert chat.ticket_id
    assert mail.ticket_id

    async def back_and_forth() -> None:
        for _ in range(5):
            try:
                async with shop.db.transaction() as tx:
                    await serving.join(
                        tx, chat.conversation_id or LIN, mail.ticket_id or LIN, by=BY, now=shop.clock.now()
                    )
            except (Conflict, Invalid):
                pass
            try:
                async with shop.db.transaction() as tx:
                    await serving.unjoin(tx, chat.ticket_id or LIN, by=BY, now=shop.clock.now())
            except Conflict:
                pass

    async def talk(number: int) -> None:
        for i in range(5):
            await comes(shop, "v1", f"{number}-{i}")
            await reply(shop, chat, f"{number}-{i}")

    await asyncio.gather(*(back_and_forth() for _ in range(2)), *(talk(n) for n in range(3)))
    assert await value(shop, "SELECT count(*) FROM message WHERE kind = 'text'") == 2 + 2 * 15


async def test_split_messages_make_a_ticket_of_their_own(shop: Shop) -> None:
    done = await comes(shop, "v1")
    more = await comes(shop, "v1", "还要开发票")
    assert done.ticket_id
    async with shop.db.transaction() as tx:
        made = await serving.split(tx, done.ticket_id, [more.message_id], "发票", by=BY, now=shop.clock.now())
    rows = {r["id"]: r["ticket_id"] for r in await shop.db.pool.fetch("SELECT id, ticket_id FROM message")}
    assert rows == {done.message_id: done.ticket_id, more.message_id: made}
    assert await value(shop, "SELECT linked_to FROM ticket WHERE id = $1", made) == done.ticket_id
    for ids, subject in (([], "发票"), ([more.message_id], " ")):
        with pytest.raises(Invalid):
            async with shop.db.transaction() as tx:
                await serving.split(tx, done.ticket_id, ids, subject, by=BY, now=shop.clock.now())


async def test_only_who_serves_clears_what_is_unread(shop: Shop) -> None:
    done = await comes(shop, "v1")
    assert done.conversation_id
    await shop.db.pool.execute("UPDATE conversation SET agent_id = $1", LIN)
    other = By("agent:other", UUID(int=12))
    for by, unread in ((other, 1), (BY, 0)):
        async with shop.db.transaction() as tx:
            await serving.read(tx, done.conversation_id, done.message_id, by=by, now=shop.clock.now())
        assert await value(shop, "SELECT unread FROM conversation") == unread
        assert await value(shop, "SELECT unread FROM ticket") == unread


async def test_what_an_agent_does_is_proposed_from_what_was_said(shop: Shop, clock: FakeClock) -> None:
    done = await comes(shop, "v1", "请问什么时候发货?")
    clock.advance(timedelta(seconds=5))
    await reply(shop, done, "今天下午发出")
    assert done.conversation_id
    async with shop.db.transaction() as tx:
        c = await conversations.lock_conversation(tx, done.conversation_id)
        proposed, own_words = await serving.proposed_summary(tx, c)
    assert (proposed.text, own_words) == ("客户:请问什么时候发货?;处理:今天下午发出", False)
