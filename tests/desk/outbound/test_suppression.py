"""Addresses that are gone: nothing more leaves for them until a person says so."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.desk.outbound.office import Office, open_office
from yizhan.desk.outbound import (
    ErrorClass,
    SendFailed,
    allow_identity,
    note_bounce,
    note_complaint,
    retry,
    suppress,
    unsubscribe,
)
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import NotFound
from yizhan.records import outbox

GONE = SendFailed(ErrorClass.RECIPIENT, "550 5.1.1 no such user", gone=True)


async def identity_of(office: Office, conversation: UUID) -> UUID:
    found: UUID = await office.db.pool.fetchval("SELECT identity_id FROM conversation WHERE id = $1", conversation)
    return found


async def events(office: Office, kind: str) -> list[dict[str, object]]:
    rows = await office.db.pool.fetch("SELECT data FROM event_new WHERE kind = $1 ORDER BY seq", kind)
    return [row["data"] for row in rows]


async def test_after_a_refusal_for_good_the_next_reply_does_not_leave(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock, GONE)
    conversation = await office.asked()
    first, second = await office.reply(conversation, "一"), await office.reply(conversation, "二")
    await office.send_all()
    assert office.vendor.texts == ["一"]
    told = await office.state(second)
    assert (told["state"], told["error_class"]) == ("failed", "suppressed")
    assert told["delivery_error"] == "suppressed: bounced 2026-03-02: 550 5.1.1 no such user"
    assert (await events(office, "address.suppressed"))[0]["message"] == str(first)

    identity = await identity_of(office, conversation)
    async with db.transaction() as tx:
        await allow_identity(tx, identity, actor="agent:1", now=clock.now())
        await retry(tx, second, actor="agent:1", now=clock.now())
    await office.send_all()
    assert office.vendor.texts == ["一", "二"]
    assert len(await events(office, "address.allowed")) == 1
    with pytest.raises(NotFound):
        async with db.transaction() as tx:
            await allow_identity(tx, identity, actor="agent:1", now=clock.now())


async def test_a_bounce_gives_the_address_up_only_when_it_is_gone(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock)
    for who, cause, gone in [("a", ErrorClass.RECIPIENT, True), ("b", ErrorClass.CONTENT, False)]:
        conversation = await office.asked(f"{who}@customer.test")
        sent = await office.reply(conversation, "好")
        await office.send_all()
        async with db.transaction() as tx:
            assert await note_bounce(tx, sent, cause=cause, words="550", now=clock.now(), gone=gone)
            assert bool(await outbox.suppressions_of(tx, await identity_of(office, conversation))) is gone
    (alarm,) = await events(office, "inbox.refused")
    assert alarm["error_class"] == "content_rejected"


async def test_who_complains_is_left_alone(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock)
    conversation = await office.asked()
    sent = await office.reply(conversation, "好")
    await office.send_all()
    async with db.transaction() as tx:
        await note_complaint(tx, sent, words="abuse", now=clock.now(), raw="0" * 64)
        (stop,) = await outbox.suppressions_of(tx, await identity_of(office, conversation))
    assert (stop.reason, stop.scope) == ("complained", "all")
    await office.reply(conversation, "还在吗")
    await office.send_all()
    assert office.vendor.texts == ["好"]


async def test_who_unsubscribed_from_notices_still_gets_answers(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock)
    conversation = await office.asked()
    first = await office.reply(conversation, "好")
    await office.send_all()
    async with db.transaction() as tx:
        await suppress(
            tx, await outbox.written(tx, first), reason="unsubscribed", words="list-unsubscribe", now=clock.now(),
            scope=outbox.NOTICES,
        )  # fmt: skip
    await office.reply(conversation, "请评价", kind="survey")
    await office.reply(conversation, "您的答复")
    await office.send_all()
    assert office.vendor.texts == ["好", "您的答复"]


async def test_what_was_given_up_is_listed(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock, GONE)
    conversation = await office.asked()
    sent = await office.reply(conversation, "一")
    await office.send_all()
    async with db.transaction() as tx:
        assert len(await outbox.suppressions(tx, None, 10)) == 1
        (only,) = await outbox.suppressions(tx, None, 10)
        assert (only.kind, only.message_id) == ("email", sent)
        assert await outbox.suppressions(tx, only.id, 10) == []


async def test_who_asked_for_no_marketing_still_gets_answers(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock)
    conversation = await office.asked()
    async with db.transaction() as tx:
        contact = await tx.fetchval("SELECT contact_id FROM conversation")
        for _ in range(2):
            await unsubscribe(tx, await identity_of(office, conversation), contact, words="R", now=clock.now())
    sale = await office.reply(conversation, "全场八折,拒收请回复R", kind="template", payload={"marketing": True})
    await office.reply(conversation, "您的订单已发货", kind="template", payload={"template": "sent"})
    await office.reply(conversation, "还有什么可以帮您")
    await office.send_all()
    assert office.vendor.texts == ["您的订单已发货", "还有什么可以帮您"]
    assert (await office.state(sale))["error_class"] == "suppressed"
    assert len(await events(office, "address.suppressed")) == 1
