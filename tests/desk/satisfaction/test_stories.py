"""Customers are asked once, at the right moment; low ratings come to somebody else; appeals are decided."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.desk.satisfaction.office import HOUR, Asking, link, open_asking
from yizhan.desk import routing, satisfaction
from yizhan.desk.routing import Excluded, Rated, WorkKind
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Conflict, Forbidden
from yizhan.foundation.ids import new_id
from yizhan.records import blocks, ratings
from yizhan.records.blocks import Reason, Warning
from yizhan.records.conversations import EndReason
from yizhan.records.ratings import AppealState, Cause, Way
from yizhan.records.tickets import By

SAMPLES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("events.json").read_text("utf-8"))


@pytest.fixture
async def office(db: Database, clock: FakeClock) -> Asking:
    return await open_asking(db, clock)


async def test_who_was_served_is_asked_at_once_and_once_a_day(office: Asking) -> None:
    lin = await office.floor.hire("林一")
    first = await office.floor.says("v1", "怎么安装?")
    await office.answers(first, lin)
    await office.ends(first)
    row = await office.survey(first)
    assert row is not None
    assert (row["way"], row["asked_at"], row["skipped"]) == ("window", office.now, None)
    assert "conversation.surveyed" in await office.floor.kinds()
    office.floor.clock.advance(2 * HOUR)
    again = await office.floor.says("v1", "还有个问题")
    await office.answers(again, lin)
    await office.ends(again)
    assert not await office.asked(again)
    office.floor.clock.advance(25 * HOUR)
    later = await office.floor.says("v1", "第三个问题")
    await office.answers(later, lin)
    await office.ends(later)
    assert await office.asked(later)


async def test_nobody_is_asked_who_was_not_served_or_was_abusive(office: Asking) -> None:
    lin = await office.floor.hire("林一")
    alone = await office.floor.says("v1", "有人吗")
    await office.ends(alone, EndReason.ABANDONED)
    system = await office.floor.says("v2", "你好")
    await office.answers(system, lin)
    await office.ends(system, EndReason.SYSTEM)
    rude = await office.floor.says("v3", "骂人的话")
    await office.answers(rude, lin)
    async with office.floor.db.transaction() as tx:
        row = await tx.fetchrow("SELECT * FROM conversation WHERE id = $1", rude.conversation_id)
        assert row is not None
        message = await tx.fetchval("SELECT id FROM message WHERE conversation_id = $1 AND direction = 'in'", row["id"])
        await blocks.warn(tx, Warning(
            id=new_id(office.now), identity_id=row["identity_id"], contact_id=row["contact_id"],
            conversation_id=row["id"], message_id=message, reason=Reason.ABUSE, actor=f"agent:{lin}", at=office.now,
        ), now=office.now)  # fmt: skip
    await office.ends(rude)
    assert [await office.asked(each) for each in (alone, system, rude)] == [False, False, False]


async def test_after_a_transfer_the_receiver_must_have_spoken(office: Asking) -> None:
    lin = await office.floor.hire("林一")
    done = await office.floor.says("v1", "要退款")
    await office.answers(done, lin)
    su = await office.floor.hire("苏瑾")
    office.floor.clock.advance(timedelta(seconds=30))
    await office.hands(done, su)
    await office.ends(done)
    assert not await office.asked(done)


async def test_a_mail_is_asked_about_an_hour_later_by_a_link(office: Asking) -> None:
    lin = await office.floor.hire("林一")
    mail = await office.floor.says("wang@example.com", "发票怎么开", mail=True)
    await office.answers(mail, lin, "在订单页点开发票")
    await office.closes(mail, lin)
    await office.floor.pass_time(timedelta(minutes=59))
    assert not await office.asked(mail)
    await office.floor.pass_time(timedelta(minutes=2))
    assert await office.asked(mail)
    assert mail.conversation_id is not None
    sent = await office.floor.db.pool.fetchrow(
        "SELECT text, kind FROM message WHERE conversation_id = $1 ORDER BY id DESC LIMIT 1", mail.conversation_id
    )
    assert sent is not None
    assert sent["kind"] == "survey"
    assert link(mail.conversation_id, office.now) in sent["text"]
    rated = await office.rates(mail, 5, True, way=Way.MAIL)
    assert (rated.agent_id, rated.low) == (lin, False)
    office.floor.clock.advance(23 * HOUR)
    assert (await office.rates(mail, 4, True, way=Way.MAIL)).stars == 4
    office.floor.clock.advance(2 * HOUR)
    with pytest.raises(Conflict):
        await office.rates(mail, 1, False, way=Way.MAIL)


async def test_the_rating_is_whose_served_most_turns(office: Asking) -> None:
    lin = await office.floor.hire("林一")
    done = await office.floor.says("v1", "问一")
    await office.answers(done, lin)
    su = await office.floor.hire("苏瑾")
    await office.hands(done, su)
    for text in ("问二", "问三"):
        await office.floor.says("v1", text)
        await office.answers(done, su)
        await office.answers(done, su, "补充一句")
    await office.ends(done)
    rated = await office.rates(done, 5, True)
    assert (rated.agent_id, rated.others) == (su, [lin])


async def test_a_low_rating_is_followed_up_by_somebody_else_within_a_day(office: Asking) -> None:
    lin = await office.floor.hire("林一")
    gao = await office.floor.hire("高远", state="offline")
    done = await office.floor.says("v1", "灯不亮")
    await office.answers(done, lin)
    await office.ends(done)
    await office.rates(done, 1, False, tags=["没解决"], comment="没人管")
    await office.floor.pass_time(timedelta(seconds=1))
    kept = await office.floor.db.pool.fetchrow("SELECT * FROM rating WHERE conversation_id = $1", done.conversation_id)
    assert kept is not None
    task = await office.floor.row("ticket", kept["follow_up_id"])
    assert (task["type"], task["agent_id"], task["linked_to"]) == ("callback", gao, done.ticket_id)
    (told,) = await office.notices()
    assert (told["why"], told["agents"]) == ("rating.low", [str(gao)])
    await office.rates(done, 2, False)
    await office.floor.pass_time(timedelta(seconds=1))
    assert await office.floor.db.pool.fetchval("SELECT count(*) FROM ticket WHERE type = 'callback'") == 1
    await office.floor.pass_time(24 * HOUR)
    assert [each["why"] for each in await office.notices()] == ["rating.low", "rating.overdue"]


async def test_who_was_rated_low_never_gets_the_follow_up(office: Asking) -> None:
    floor = office.floor
    lin, gao = await floor.hire("林一"), await floor.hire("高远", state="offline")
    done = await floor.says("v1", "灯不亮")
    await office.answers(done, lin)
    await office.ends(done)
    await office.rates(done, 1, False)
    await floor.pass_time(timedelta(seconds=1))
    task = await floor.db.pool.fetchval("SELECT id FROM ticket WHERE type = 'callback'")

    async def gives(by: UUID, agent: UUID | None, note: str) -> None:
        async with floor.db.transaction() as tx:
            await routing.assign_ticket(
                tx, task, agent_id=agent, team_id=None if agent else floor.shop.team, note=note,
                by=By(f"agent:{by}", by), now=office.now,
            )  # fmt: skip
        await floor.settle()

    async def holder() -> object:
        return (await floor.row("ticket", task))["agent_id"]

    await gives(gao, None, "请组里回访")
    assert await holder() is None  # 林一 is free, and it is not for her
    async with floor.db.read() as tx:
        why = await routing.why(tx, WorkKind.TICKET, task, now=office.now)
    assert {c.agent_id: c.excluded for c in why.candidates}[lin] is Excluded.RATED
    with pytest.raises(Rated):
        await gives(gao, lin, "请您自己回访一下这位客户")
    with pytest.raises(Rated):
        async with floor.db.transaction() as tx:
            await routing.pull(tx, WorkKind.TICKET, task, lin, now=office.now)
    await floor.db.pool.execute(
        "UPDATE agent SET role_id = (SELECT id FROM role WHERE key = 'supervisor') WHERE id = $1", gao
    )
    with pytest.raises(Rated):
        await gives(gao, lin, "您来")
    await gives(gao, lin, "客户点名要林一本人道歉")
    assert await holder() == lin


async def test_an_appeal_is_decided_by_somebody_else_and_leaves_the_persons_figures(office: Asking) -> None:
    lin = await office.floor.hire("林一")
    su = await office.floor.hire("苏瑾", state="offline")
    done = await office.floor.says("v1", "快递没到")
    await office.answers(done, lin)
    await office.ends(done)
    await office.rates(done, 1, False)
    assert done.conversation_id is not None
    async with office.floor.db.transaction() as tx:
        with pytest.raises(Forbidden):
            await ratings.appeal(tx, done.conversation_id, Cause.LOGISTICS, "不是我", agent_id=su, now=office.now)
    async with office.floor.db.transaction() as tx:
        made, rated = await ratings.appeal(
            tx, done.conversation_id, Cause.LOGISTICS, "暴雪停运", agent_id=lin, now=office.now
        )
        await satisfaction.tell_appeal(tx, made, rated, office.now)
    async with office.floor.db.transaction() as tx:
        with pytest.raises(Conflict):
            await ratings.appeal(tx, done.conversation_id, Cause.PRODUCT, "再来", agent_id=lin, now=office.now)
        with pytest.raises(Forbidden):
            await ratings.decide(tx, made.id, accept=True, words="我同意", cause=None, by=lin, now=office.now)
    async with office.floor.db.transaction() as tx:
        after, rated = await ratings.decide(
            tx, made.id, accept=True, words="确为物流", cause=None, by=su, now=office.now
        )
        await satisfaction.tell_appeal(tx, after, rated, office.now)
    assert after.state is AppealState.ACCEPTED
    assert await office.floor.db.pool.fetchval("SELECT excluded FROM rating")
    row = await office.floor.row("conversation", done.conversation_id)
    assert isinstance(row["rating"], dict)
    assert row["rating"]["stars"] == 1  # what the business is told stays
    await office.floor.pass_time(timedelta(seconds=1))
    for sample in SAMPLES:
        told = await office.floor.db.pool.fetch("SELECT data FROM event WHERE kind = $1", sample["kind"])
        assert told, sample["kind"]
        for key, value in sample["data"].items():
            assert type(told[0]["data"][key]) is type(value), (sample["kind"], key)


async def test_an_agent_invites_once_and_does_not_learn_who_was_spared(office: Asking) -> None:
    lin = await office.floor.hire("林一")
    done = await office.floor.says("v1", "怎么安装?")
    await office.answers(done, lin)
    assert done.conversation_id is not None
    for _ in range(2):
        try:
            async with office.floor.db.transaction() as tx:
                await satisfaction.invite(tx, done.conversation_id, office.book, link, by=lin, now=office.now)
        except Conflict:
            break
    else:
        raise AssertionError("invited twice")
    assert await office.asked(done)
    await office.rates(done, 5, True)  # in the running conversation, because he was asked
    await office.ends(done)
    again = await office.floor.says("v1", "再问一下")
    await office.answers(again, lin)
    assert again.conversation_id is not None
    async with office.floor.db.transaction() as tx:
        await satisfaction.invite(tx, again.conversation_id, office.book, link, by=lin, now=office.now)
    row = await office.survey(again)
    assert row is not None
    assert (row["asked_at"], row["skipped"]) == (None, "lately")
