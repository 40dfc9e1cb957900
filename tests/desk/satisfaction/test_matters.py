"""A ticket that took more than a day is asked about as a whole, once, and a low answer comes to somebody else."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.desk.satisfaction.office import HOUR, Asking, open_asking
from yizhan.desk import satisfaction
from yizhan.desk.intake import Accepted
from yizhan.desk.satisfaction import Given
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Conflict

SAMPLES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("ticket_events.json").read_text("utf-8"))


@pytest.fixture
async def office(db: Database, clock: FakeClock) -> Asking:
    return await open_asking(db, clock)


async def surveys(office: Asking) -> list[dict[str, Any]]:
    return [dict(row) for row in await office.floor.db.pool.fetch("SELECT * FROM ticket_survey")]


async def rates(office: Asking, done: Accepted, stars: int, solved: bool) -> None:
    assert done.ticket_id is not None
    async with office.floor.db.transaction() as tx:
        given = Given(stars=stars, solved=solved)
        await satisfaction.rate_ticket(tx, done.ticket_id, given, office.book, actor="customer:x", now=office.now)
    await office.floor.settle()


async def test_what_took_longer_than_a_day_is_asked_about_a_day_after_the_first_question(office: Asking) -> None:
    lin = await office.floor.hire("林一")
    gao = await office.floor.hire("高远", state="offline")
    mail = await office.floor.says("wang@example.com", "净化器漏水", mail=True)
    office.floor.clock.advance(30 * HOUR)
    await office.answers(mail, lin)
    await office.closes(mail, lin)
    await office.floor.pass_time(2 * HOUR)
    assert await office.asked(mail)  # the conversation, an hour later
    assert await surveys(office) == []
    await office.floor.pass_time(25 * HOUR)
    (survey,) = await surveys(office)
    assert (survey["ticket_id"], survey["way"], survey["took_hours"]) == (mail.ticket_id, "mail", 30)
    sent = await office.floor.db.pool.fetchrow(
        "SELECT kind, text FROM message WHERE conversation_id = $1 ORDER BY id DESC LIMIT 1", mail.conversation_id
    )
    assert sent is not None
    assert (sent["kind"], "从头到尾" in sent["text"]) == ("survey", True)
    await rates(office, mail, 1, False)
    await office.floor.pass_time(timedelta(seconds=1))
    await rates(office, mail, 2, False)
    await office.floor.pass_time(timedelta(seconds=1))
    (task,) = await office.floor.db.pool.fetch("SELECT * FROM ticket WHERE type = 'callback'")
    assert (task["agent_id"], task["linked_to"]) == (gao, mail.ticket_id)
    assert [told["why"] for told in await office.notices()] == ["rating.low"]
    for sample in SAMPLES:
        data = await office.floor.db.pool.fetchval("SELECT data FROM event WHERE kind = $1", sample["kind"])
        assert {key: type(value) for key, value in data.items()} == {
            key: type(value) for key, value in sample["data"].items()
        }
    office.floor.clock.advance(25 * HOUR)
    with pytest.raises(Conflict):
        await rates(office, mail, 5, True)


async def test_a_short_ticket_and_one_that_came_back_are_not_asked_about(office: Asking) -> None:
    lin = await office.floor.hire("林一")
    short = await office.floor.says("a@example.com", "发票怎么开", mail=True)
    await office.answers(short, lin)
    await office.closes(short, lin)
    back = await office.floor.says("b@example.com", "能换货吗", mail=True)
    office.floor.clock.advance(30 * HOUR)
    await office.answers(back, lin)
    await office.closes(back, lin)
    await office.floor.says("b@example.com", "还是没有收到换货", mail=True)
    await office.floor.pass_time(50 * HOUR)
    assert await surveys(office) == []


async def test_in_a_chat_the_question_waits_in_its_window(office: Asking) -> None:
    lin = await office.floor.hire("林一")
    chat = await office.floor.says("v1", "怎么安装?")
    await office.answers(chat, lin)
    await office.ends(chat)
    office.floor.clock.advance(30 * HOUR)
    await office.closes(chat, lin)
    await office.floor.pass_time(timedelta(seconds=1))
    (survey,) = await surveys(office)
    assert survey["way"] == "link"
    line = await office.floor.db.pool.fetchrow(
        "SELECT direction, text FROM message WHERE conversation_id = $1 ORDER BY id DESC LIMIT 1", chat.conversation_id
    )
    assert line is not None
    assert (line["direction"], "https://" in line["text"]) == ("system", True)
