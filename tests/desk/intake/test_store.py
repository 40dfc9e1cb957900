"""Intake on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from tests.desk.intake.samples import Shop, open_shop, says
from yizhan.desk.intake import Sender
from yizhan.desk.intake.senders import Senders
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import NotFound
from yizhan.foundation.ids import new_id


@pytest.fixture
async def shop(db: Database, clock: FakeClock) -> Shop:
    return await open_shop(db, clock)


async def count(shop: Shop, table: str) -> int:
    return int(await shop.db.pool.fetchval(f"SELECT count(*) FROM {table}"))


async def test_a_first_message_makes_a_customer_a_conversation_and_a_ticket(shop: Shop) -> None:
    done = await shop.intake.accept(says(shop.chat, "v1", "你好,什么时候发货?", shop.clock.now()))
    assert done.conversation_id is not None
    assert done.ticket_id is not None
    row = await shop.db.pool.fetchrow("SELECT * FROM ticket WHERE id = $1", done.ticket_id)
    assert row is not None
    assert row["subject"] == "你好,什么时候发货?"
    assert (row["status"], row["unread"], row["number"]) == ("new", 1, 208000)
    assert [await count(shop, t) for t in ("contact", "identity", "conversation", "ticket", "message")] == [1] * 5
    kinds = [r["kind"] for r in await shop.db.pool.fetch("SELECT kind FROM event_new ORDER BY seq")]
    assert kinds == ["contact.created", "ticket.created", "conversation.started", "message.received"]


@pytest.mark.parametrize("pulled", [False, True])
async def test_an_inbox_made_a_moment_ago_is_known_and_one_that_never_was_is_refused(shop: Shop, pulled: bool) -> None:
    async def bring(inbox: UUID) -> None:
        message = says(inbox, "v1", "在吗", shop.clock.now())
        await (shop.intake.accept_batch([message]) if pulled else shop.intake.accept(message))

    later = new_id(shop.clock.now())
    await shop.db.pool.execute(
        "INSERT INTO inbox (id, key, channel, name, brand_id, settings, created_at)"
        " VALUES ($1, 'new', 'bridge', '新', $2, '{}', $3)", later, shop.brand, shop.clock.now(),
    )  # fmt: skip
    await bring(later)
    assert await count(shop, "message") == 1
    with pytest.raises(NotFound):
        await bring(new_id(shop.clock.now()))


async def test_three_half_sentences_in_one_batch_are_one_conversation(shop: Shop) -> None:
    now = shop.clock.now()
    lines = [
        says(shop.chat, "v1", t, now + timedelta(seconds=i)) for i, t in enumerate(("在吗", "我的净化器", "不出风"))
    ]
    done = await shop.intake.accept_batch(lines)
    assert len({d.conversation_id for d in done}) == 1
    row = await shop.db.pool.fetchrow("SELECT * FROM conversation")
    assert row is not None
    assert (row["unread"], row["preview"], row["version"]) == (3, "不出风", 3)
    assert row["waiting_since"] == now


async def test_three_concurrent_deliveries_of_one_message_give_one(shop: Shop) -> None:
    message = says(shop.chat, "v1", "重复", shop.clock.now(), n=7)
    answers = await asyncio.gather(*(shop.intake.accept_batch([message]) for _ in range(3)))
    assert sorted(a[0].duplicate for a in answers) == [False, True, True]
    assert len({a[0].message_id for a in answers}) == 1
    assert await count(shop, "message") == 1


async def test_new_senders_in_racing_batches_never_double(shop: Shop) -> None:
    now = shop.clock.now()
    batches = [[says(shop.chat, f"v{i % 20}", f"{b}-{i}", now) for i in range(40)] for b in range(6)]
    await asyncio.gather(*(shop.intake.accept_batch(b) for b in batches))
    assert await count(shop, "identity") == 20
    assert await count(shop, "contact") == 20
    assert await count(shop, "conversation") == 20
    assert await count(shop, "message") == 240
    assert await shop.db.pool.fetchval("SELECT sum(unread) FROM conversation") == 240


async def test_a_claimed_address_that_writes_by_itself_joins_the_same_ticket(shop: Shop) -> None:
    now = shop.clock.now()
    chat = await shop.intake.accept(says(shop.chat, "v1", "我要退款", now))
    contact = await shop.db.pool.fetchval("SELECT contact_id FROM conversation WHERE id = $1", chat.conversation_id)
    await shop.db.pool.execute(
        "INSERT INTO claim VALUES ($1, 'email', $2, '', 'w***@example.com', $3)",
        contact, shop.vault.blind("email", "wang@example.com"), now,
    )  # fmt: skip
    mail = await shop.intake.accept(says(shop.mail, "wang@example.com", "照片在附件里", now + timedelta(minutes=5)))
    assert mail.ticket_id == chat.ticket_id
    assert mail.conversation_id != chat.conversation_id
    assert await shop.db.pool.fetchval("SELECT count(DISTINCT person_id) FROM contact") == 1
    assert await shop.db.pool.fetchval("SELECT strength FROM link") == "claimed"


async def test_thanks_never_reopens_and_content_does(shop: Shop) -> None:
    now = shop.clock.now()
    first = await shop.intake.accept(says(shop.chat, "v1", "灯不亮", now))
    await shop.db.pool.execute("UPDATE ticket SET status = 'done', closed_at = $1", now)
    await shop.db.pool.execute("UPDATE conversation SET phase = 'ended', ended_at = $1", now)
    thanks = await shop.intake.accept(says(shop.chat, "v1", "好的谢谢", now + timedelta(minutes=1)))
    assert (thanks.conversation_id, thanks.ticket_id) == (first.conversation_id, first.ticket_id)
    assert await shop.db.pool.fetchval("SELECT status FROM ticket") == "done"
    again = await shop.intake.accept(says(shop.chat, "v1", "又不亮了", now + timedelta(days=2)))
    assert again.ticket_id == first.ticket_id
    assert again.conversation_id != first.conversation_id
    row = await shop.db.pool.fetchrow("SELECT status, repeats FROM ticket")
    assert row is not None
    assert (row["status"], row["repeats"]) == ("open", 1)
    later = await shop.db.pool.fetchrow("SELECT action, text, typed FROM note")
    assert later is not None
    assert (later["action"], later["text"], later["typed"]) == ("reopen", "又不亮了", False)


async def test_a_second_problem_is_a_new_ticket_with_a_suggestion(shop: Shop) -> None:
    now = shop.clock.now()
    one = await shop.intake.accept(says(shop.mail, "a@example.com", "订单一", now, order_no="SO20261121-0873"))
    await shop.db.pool.execute("UPDATE conversation SET phase = 'ended', ended_at = $1", now)
    two = await shop.intake.accept(
        says(shop.mail, "a@example.com", "订单二", now + timedelta(hours=1), order_no="SO20260930-1120")
    )
    assert two.ticket_id != one.ticket_id
    assert (
        await shop.db.pool.fetchval("SELECT joined_ticket_id FROM conversation WHERE id = $1", two.conversation_id)
        == one.ticket_id
    )


async def test_a_reference_counts_only_from_its_own_person(shop: Shop) -> None:
    now = shop.clock.now()
    reference = b"0123456789abcdef"
    one = await shop.intake.accept(says(shop.mail, "a@example.com", "一", now, own_reference=reference))
    stranger = await shop.intake.accept(says(shop.mail, "x@example.com", "冒充", now, references=(reference,)))
    assert stranger.ticket_id != one.ticket_id
    answer = await shop.intake.accept(says(shop.mail, "a@example.com", "二", now, references=(reference,)))
    assert answer.ticket_id == one.ticket_id


async def test_what_the_database_refuses_is_kept_as_unsupported_and_the_rest_is_stored(shop: Shop) -> None:
    now = shop.clock.now()
    bad = says(shop.chat, "v2", "坏", now, payload={"x": "\x00"})
    done = await shop.intake.accept_batch([says(shop.chat, "v1", "好", now), bad, says(shop.chat, "v3", "好", now)])
    assert len(done) == 3
    rows = await shop.db.pool.fetch("SELECT kind, raw FROM message ORDER BY kind")
    assert [r["kind"] for r in rows] == ["text", "text", "unsupported"]
    assert rows[-1]["raw"]


async def test_a_batch_costs_two_calls_whatever_its_size(shop: Shop) -> None:
    seen: list[str] = []
    async with shop.db.transaction() as tx:
        tx.add_query_logger(lambda record: seen.append(record.query))
        lines = [says(shop.chat, f"v{i}", "一", shop.clock.now()) for i in range(50)]
        asked = Senders(shop.vault, new_id).ask(lines, {shop.chat: shop.intake.inbox(shop.chat)}, shop.clock.now())
        await shop.intake._store(tx, lines, asked, hasty=True)
    assert len([q for q in seen if "intake_" in q]) == 2


async def test_a_ticket_number_from_its_customer_finds_the_ticket(db: Database, clock: FakeClock) -> None:
    shop = await open_shop(db, clock)
    (first,) = await shop.intake.accept_batch([says(shop.mail, "a@x.test", "第一封", clock.now())])
    number = await db.pool.fetchval("SELECT number FROM ticket WHERE id = $1", first.ticket_id)
    (again,) = await shop.intake.accept_batch(
        [says(shop.mail, "a@x.test", "第二封", clock.now(), ticket_number=number)]
    )
    assert again.ticket_id == first.ticket_id
    assert await db.pool.fetchval("SELECT kind FROM message WHERE id = $1", again.message_id) == "text"


async def test_thanks_after_the_chat_confirms_and_starts_no_new_one(shop: Shop) -> None:
    now = shop.clock.now()
    first = await shop.intake.accept(says(shop.chat, "v1", "灯不亮", now))
    await shop.db.pool.execute("UPDATE ticket SET status = 'pending', pending_since = $1", now)
    await shop.db.pool.execute("UPDATE conversation SET phase = 'ended', ended_at = $1", now)
    thanks = await shop.intake.accept(says(shop.chat, "v1", "好的谢谢", now + timedelta(minutes=1)))
    assert (thanks.conversation_id, thanks.ticket_id) == (first.conversation_id, first.ticket_id)
    assert await shop.db.pool.fetchval("SELECT status FROM ticket") == "done"
    assert await count(shop, "conversation") == 1


async def test_who_was_remembered_and_erased_meanwhile_is_a_new_customer(shop: Shop) -> None:
    now = shop.clock.now()
    first = await shop.intake.accept(says(shop.chat, "v1", "在吗", now))
    await shop.db.pool.execute("UPDATE identity SET valid_to = $1", now)
    again = await shop.intake.accept_batch(
        [says(shop.chat, "v1", "还在吗", now + timedelta(seconds=1)), says(shop.chat, "v2", "您好", now)]
    )
    assert again[0].ticket_id not in (None, first.ticket_id)
    assert [await count(shop, t) for t in ("contact", "identity", "message")] == [3, 3, 3]


async def test_a_repeated_message_of_somebody_erased_makes_nobody(shop: Shop) -> None:
    now = shop.clock.now()
    said = says(shop.chat, "v1", "在吗", now, n=1)
    (first,) = await shop.intake.accept_batch([said])
    await shop.db.pool.execute("UPDATE identity SET valid_to = $1", now)
    again = await shop.intake.accept_batch([said, says(shop.chat, "v2", "您好", now)])
    assert (again[0].message_id, again[0].duplicate) == (first.message_id, True)
    assert [await count(shop, t) for t in ("contact", "identity", "message")] == [2, 2, 2]


async def test_one_address_that_writes_to_two_inboxes_at_once_is_one_customer(shop: Shop) -> None:
    now = shop.clock.now()
    who = Sender(kind="phone", value="+8613800000000", inbox_scoped=False)
    both = [says(inbox, "p", "在吗", now, n=str(inbox), sender=who) for inbox in (shop.chat, shop.mail)]
    done = await shop.intake.accept_batch(both)
    assert [await count(shop, t) for t in ("contact", "identity", "conversation", "ticket")] == [1, 1, 2, 1]
    assert done[0].ticket_id == done[1].ticket_id


async def test_a_crowd_is_taken_in_two_lanes_and_everybody_keeps_the_order_of_his_words(shop: Shop) -> None:
    now = shop.clock.now()
    lines = [says(shop.chat, f"v{n % 37}", f"{n}", now + timedelta(milliseconds=n)) for n in range(1000)]
    done = await asyncio.gather(*(shop.intake.accept(line) for line in lines))
    assert len({d.message_id for d in done}) == 1000
    rows = await shop.db.pool.fetch(
        "SELECT m.contact_id, array_agg(m.text::int ORDER BY e.seq) AS said FROM event_new e JOIN message m"
        " ON m.id = (e.data->>'message')::uuid WHERE e.kind = 'message.received' GROUP BY m.contact_id"
    )
    assert len(rows) == 37
    assert all(row["said"] == sorted(row["said"]) for row in rows)


async def test_events_stand_in_the_order_of_what_happened(shop: Shop) -> None:
    now = shop.clock.now()
    await shop.intake.accept(says(shop.mail, "a@x.test", "灯不亮", now))
    await shop.db.pool.execute("UPDATE ticket SET status = 'pending', pending_since = $1", now)
    before = await shop.db.pool.fetchval("SELECT max(seq) FROM event_new")
    await shop.intake.accept_batch(
        [
            says(shop.mail, "a@x.test", "还是不亮", now + timedelta(minutes=1)),
            says(shop.mail, "b@x.test", "您好", now + timedelta(minutes=1)),
        ]
    )
    rows = await shop.db.pool.fetch("SELECT kind, data FROM event_new WHERE seq > $1 ORDER BY seq", before)
    assert [r["kind"] for r in rows] == [
        "contact.created", "ticket.moved", "message.received", "ticket.created", "conversation.started",
        "message.received",
    ]  # fmt: skip
    assert rows[1]["data"] == {"action": "return", "from": "pending", "to": "open"}


async def test_strangers_and_customers_in_one_batch_keep_their_own_names(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    now = shop.clock.now()
    who = [f"v{n:03}" for n in range(120)]
    await shop.intake.accept_batch([says(shop.chat, name, "一", now) for name in who[::3]])
    rows = (who[n * 7 % 120] for n in range(120))
    await shop.intake.accept_batch([says(shop.chat, name, name, now + timedelta(seconds=1)) for name in rows])
    found = await shop.db.pool.fetch(
        "SELECT m.text, c.name, i.blind FROM message m JOIN contact c ON c.id = m.contact_id"
        " JOIN identity i ON i.id = m.identity_id AND i.contact_id = c.id WHERE m.text <> '一'"
    )
    assert sorted(row["text"] for row in found) == who
    for row in found:
        assert row["name"] == row["text"]
        assert row["blind"] == shop.vault.blind("visitor", f"{shop.chat}:{row['text']}")
    assert [await count(shop, t) for t in ("contact", "identity", "conversation", "ticket")] == [120] * 4
    assert "intake.halved" not in caplog.text
