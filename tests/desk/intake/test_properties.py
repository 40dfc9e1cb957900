"""Whatever is said in whatever state: what placing never does, and what batches, races and bad input leave behind."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.desk.intake.samples import Shop, open_shop, says
from tests.desk.intake.test_policy import BRAND, NOW, OTHER_BRAND, conversation, message, placed, ticket
from yizhan.desk.intake import Attachment, Sender
from yizhan.desk.intake.policy import OPEN, Effect
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records import conversations
from yizhan.records.conversations import EndReason

ages = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=40))
tickets = st.builds(
    lambda status, kind, age, order, brand: ticket(
        status, type=kind, order_no=order, brand_id=brand, last_message_at=NOW - age,
        closed_at=NOW - age if status in ("done", "cancelled") else None,
    ),
    st.sampled_from(["new", "open", "pending", "done", "cancelled"]), st.sampled_from(["other", "complaint"]), ages,
    st.sampled_from([None, "A", "B"]), st.sampled_from([BRAND, BRAND, OTHER_BRAND]),
)  # fmt: skip


@given(
    st.lists(tickets, max_size=5), st.booleans(), st.booleans(), st.sampled_from([None, "A", "B"]), st.data(),
)  # fmt: skip
def test_placing_keeps_its_promises(
    known: list[Any], thanks: bool, automatic: bool, order_no: str | None, data: st.DataObject
) -> None:
    a_ticket = st.sampled_from([None, *known])
    spells = {}
    for phase in ("served", "ended"):
        of = data.draw(a_ticket)
        spells[phase] = conversation(of.id if of else None, phase) if data.draw(st.booleans()) else None
    said = message(automatic=automatic, order_no=order_no)
    pointed = data.draw(a_ticket)
    done = placed(said, *known, current=spells["served"], ended=spells["ended"], pointed=pointed, thanks=thanks)
    assert done.ticket is None or done.ticket in known
    if done.ticket is not None:
        assert done.ticket.brand_id == BRAND
    assert isinstance(done.effect, Effect)
    if thanks or automatic:
        assert done.effect not in (Effect.REOPEN, Effect.RETURN)
    if done.effect is Effect.REOPEN:
        assert done.ticket is not None
        assert done.ticket.status == "done"
    if done.effect is Effect.CREATE:
        assert done.ticket is None
    if done.effect in (Effect.CONTINUE, Effect.RETURN, Effect.CONFIRM):
        assert done.ticket is not None
        assert done.ticket.status in OPEN
    if done.effect is Effect.CONFIRM:
        assert thanks
        assert not automatic
    if done.suggested is not None:
        assert done.effect is Effect.CREATE
        assert next(t for t in known if t.id == done.suggested).brand_id == BRAND
    if spells["served"] is not None:
        assert done.conversation is spells["served"]
    else:
        aside = done.effect in (Effect.ASIDE, Effect.CONFIRM) and done.conversation is spells["ended"]
        assert done.conversation is None or aside


@pytest.fixture
async def shop(db: Database, clock: FakeClock) -> Shop:
    return await open_shop(db, clock)


async def count(shop: Shop, table: str, where: str = "true") -> int:
    return int(await shop.db.pool.fetchval(f"SELECT count(*) FROM {table} WHERE {where}"))


async def test_intake_and_ending_at_once_leave_one_conversation_open_at_most(shop: Shop) -> None:
    now, visitors = shop.clock.now(), [f"v{i}" for i in range(6)]
    talking = True

    async def talk(number: int) -> None:
        for i in range(12):
            at = now + timedelta(seconds=i)
            await asyncio.gather(*(shop.intake.accept(says(shop.chat, v, f"{number}-{i}", at)) for v in visitors))

    async def keep_ending() -> None:
        while talking:
            for row in await shop.db.pool.fetch("SELECT id FROM conversation WHERE phase <> 'ended'"):
                async with shop.db.transaction() as tx:
                    c = await conversations.lock_conversation(tx, row["id"])
                    await conversations.end_conversation(
                        tx, c, reason=EndReason.TIMEOUT, summary=None, actor="system", now=now
                    )

    ending = asyncio.create_task(keep_ending())
    await asyncio.gather(*(talk(n) for n in range(4)))
    talking = False
    await ending
    assert await count(shop, "message") == 4 * 12 * 6
    doubled = "SELECT FROM conversation WHERE phase <> 'ended' GROUP BY identity_id, inbox_id HAVING count(*) > 1"
    assert await shop.db.pool.fetch(doubled) == []
    assert await shop.db.pool.fetchval("SELECT sum(inbound_count) FROM conversation") == 4 * 12 * 6
    late = "SELECT FROM message m JOIN conversation v ON v.id = m.conversation_id WHERE m.identity_id <> v.identity_id"
    assert await shop.db.pool.fetch(late) == []
    assert await count(shop, "ticket") == 6, "one open ticket a person, whatever the spells"


async def test_every_subject_is_told_of_in_the_order_of_its_versions(shop: Shop) -> None:
    now = shop.clock.now()
    await asyncio.gather(*(
        shop.intake.accept_batch([says(shop.chat, f"v{i % 5}", f"{b}-{i}", now) for i in range(20)]) for b in range(8)
    ))  # fmt: skip
    rows = await shop.db.pool.fetch("SELECT subject, subject_version, kind FROM event_new ORDER BY seq")
    seen: dict[object, int] = {}
    for row in rows:
        assert row["subject_version"] >= seen.get(row["subject"], 0), row
        seen[row["subject"]] = row["subject_version"]
    versions = {r["id"]: r["version"] for r in await shop.db.pool.fetch("SELECT id, version FROM conversation")}
    assert {s: v for s, v in seen.items() if s in versions} == versions


async def test_one_delivery_three_times_in_one_batch_and_later_is_one(shop: Shop) -> None:
    line = says(shop.chat, "v1", "一次", shop.clock.now(), n=1)
    together = await asyncio.gather(*(shop.intake.accept(line) for _ in range(3)))
    later = await shop.intake.accept(line)
    assert len({a.message_id for a in [*together, later]}) == 1
    assert sorted(a.duplicate for a in together) == [False, True, True]
    assert later.duplicate
    assert await count(shop, "message") == 1
    assert await shop.db.pool.fetchval("SELECT unread FROM conversation") == 1
    assert await count(shop, "event_new", "kind = 'message.received'") == 1


async def test_two_who_claim_each_other_and_write_at_once_do_not_block_each_other_for_good(shop: Shop) -> None:
    now = shop.clock.now()
    for i in range(4):
        await shop.intake.accept(says(shop.chat, f"v{i}", "我的邮箱如下", now))
        contact = await shop.db.pool.fetchval("SELECT id FROM contact ORDER BY id DESC LIMIT 1")
        for k in range(4):
            await shop.db.pool.execute(
                "INSERT INTO claim VALUES ($1, 'email', $2, '', '', $3)",
                contact, shop.vault.blind("email", f"m{k}@example.com"), now + timedelta(seconds=i),
            )  # fmt: skip
    batches = [
        [says(shop.mail, f"m{(i + b) % 4}@example.com", f"{b}-{i}", now) for i in range(4)]
        + [says(shop.chat, f"v{(b - i) % 4}", f"{b}-{i}", now) for i in range(4)]
        for b in range(6)
    ]
    await asyncio.gather(*(shop.intake.accept_batch(b) for b in batches))
    assert await count(shop, "message", "kind = 'text'") == 4 + 48
    assert await shop.db.pool.fetchval("SELECT count(DISTINCT person_id) FROM contact") <= 4


async def test_a_reply_after_the_ticket_was_merged_lands_where_it_went(shop: Shop) -> None:
    now = shop.clock.now()
    one = await shop.intake.accept(says(shop.mail, "a@example.com", "一", now, order_no="A", own_reference=b"r" * 16))
    await shop.db.pool.execute("UPDATE conversation SET phase = 'ended', ended_at = $1", now)
    two = await shop.intake.accept(says(shop.mail, "a@example.com", "二", now, order_no="B"))
    three = await shop.intake.accept(says(shop.chat, "v1", "三", now))
    await shop.db.pool.execute("UPDATE ticket SET merged_into = $1 WHERE id = $2", two.ticket_id, one.ticket_id)
    await shop.db.pool.execute("UPDATE conversation SET ticket_id = $1, phase = 'served' WHERE id = $2",
                               one.ticket_id, three.conversation_id)  # fmt: skip
    reply = await shop.intake.accept(says(shop.mail, "a@example.com", "回", now, references=(b"r" * 16,)))
    assert reply.ticket_id == two.ticket_id
    number = await shop.db.pool.fetchval("SELECT number FROM ticket WHERE id = $1", one.ticket_id)
    by_number = await shop.intake.accept(says(shop.mail, "a@example.com", "号", now, ticket_number=number))
    assert by_number.ticket_id == two.ticket_id


async def test_thanks_are_set_aside_in_the_inbox_they_were_written_to(shop: Shop) -> None:
    now = shop.clock.now()
    other = await second_mailbox(shop)
    first = await shop.intake.accept(says(shop.mail, "a@example.com", "一", now))
    second = await shop.intake.accept(says(other, "a@example.com", "二", now))
    await shop.db.pool.execute("UPDATE conversation SET phase = 'ended', ended_at = $1", now)
    await shop.db.pool.execute("UPDATE ticket SET status = 'done', closed_at = $1", now)
    for inbox, done in ((shop.mail, first), (other, second)):
        thanks = await shop.intake.accept(says(inbox, "a@example.com", "谢谢", now + timedelta(minutes=1)))
        assert thanks.conversation_id == done.conversation_id


async def second_mailbox(shop: Shop) -> Any:
    made = await shop.db.pool.fetchval(
        "INSERT INTO inbox (id, key, channel, name, brand_id, team_id, settings, created_at)"
        " SELECT gen_random_uuid(), 'mail2', channel, name, brand_id, team_id, settings, created_at FROM inbox"
        " WHERE key = 'email' RETURNING id"
    )
    await shop.intake.load_inboxes()
    return made


_WAITS_FOR_A_LOCK = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
HUGE = "字🧨é" * 60_000


@pytest.mark.parametrize("bad", [
    {"payload": {"x": "\x00"}}, {"payload": {"x": "\ud800"}}, {"kind": "\ud800"},
    {"html": HUGE * 10, "payload": {"x": "\x00"}},
    {"origin": {"page": "\x00"}}, {"own_reference": "not bytes"},
])  # fmt: skip
async def test_what_cannot_be_stored_hurts_nobody_else_and_is_kept(shop: Shop, bad: dict[str, Any]) -> None:
    now = shop.clock.now()
    lines = [says(shop.chat, f"v{i}", "好", now) for i in range(4)]
    broken = says(shop.chat, "v9", "坏", now, **bad)
    done = await asyncio.gather(*(shop.intake.accept(m) for m in [*lines[:2], broken, *lines[2:]]))
    assert len({a.message_id for a in done}) == 5
    kinds = {r["kind"]: r["raw"] for r in await shop.db.pool.fetch("SELECT kind, raw FROM message")}
    assert set(kinds) == {"text", "unsupported"}
    assert kinds["unsupported"]


@pytest.mark.parametrize(("field", "given", "kept"), [
    ("text", "a\x00b\ud800c", "abc"), ("text", "\ud83d\ude00", "😀"), ("text", HUGE, HUGE[:100_000] + "…"),
    ("external_id", "x\x00\udfff", "x"), ("client_id", "\x00", None), ("html", "<b>\x00</b>", "<b></b>"),
    ("quoted", "\ud800", None), ("at", NOW + timedelta(days=9000), NOW), ("at", datetime(2026, 1, 1), NOW),  # noqa: DTZ001
])  # fmt: skip
async def test_odd_input_is_made_storable(shop: Shop, field: str, given: Any, kept: Any) -> None:
    odd = structs.replace(says(shop.chat, "v1", "文", NOW), **{field: given})
    await shop.intake.accept(odd)
    row = await shop.db.pool.fetchrow("SELECT * FROM message")
    assert row is not None
    assert (row["kind"], row[field]) == ("text", kept)


async def test_odd_senders_and_files_are_people_and_files_too(shop: Shop) -> None:
    now = shop.clock.now()
    who = Sender(kind="visitor", value="v\x00\ud800", inbox_scoped=True, masked="\x00")
    photo = Attachment(hash="0" * 64, name="照\x00片" * 300, type="image/png", size=1)
    odd = says(shop.chat, "x", "", now, n=1, sender=who, name="\x00", attachments=(photo,), locale="zh\x00" * 50,
               ticket_number=10**30, order_no="\x00" + "9" * 500, subject="\x00")  # fmt: skip
    done = await shop.intake.accept(odd)
    again = await shop.intake.accept(says(shop.chat, "v", "在", now))
    assert again.conversation_id == done.conversation_id
    assert await count(shop, "message", "kind = 'unsupported'") == 0
    assert await shop.db.pool.fetchval("SELECT name FROM contact") == "访客"


async def test_a_row_that_somebody_made_at_that_moment_is_found_by_trying_again(shop: Shop) -> None:
    """An agent opens a conversation with the same identity between our look and our write."""
    now = shop.clock.now()
    first = await shop.intake.accept(says(shop.chat, "v1", "一", now))
    await shop.db.pool.execute("UPDATE conversation SET phase = 'ended', ended_at = $1", now)
    async with shop.db.transaction() as tx:
        await tx.execute(
            "INSERT INTO conversation (id, inbox_id, identity_id, contact_id, brand_id, channel, live, phase,"
            " seniority, last_message_at, created_at) SELECT gen_random_uuid(), inbox_id, identity_id, contact_id,"
            " brand_id, channel, live, 'served', seniority, last_message_at, created_at FROM conversation"
        )
        accepting = asyncio.create_task(shop.intake.accept(says(shop.chat, "v1", "二", now)))
        while not await shop.db.pool.fetchval(_WAITS_FOR_A_LOCK):
            pass
    done = await accepting
    assert done.conversation_id != first.conversation_id
    assert await count(shop, "conversation", "phase <> 'ended'") == 1
    assert await count(shop, "message", "kind = 'text'") == 2
