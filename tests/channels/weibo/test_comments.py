"""Weibo's public side: pages asked for without a gap, answers below what they answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.channels.standing import ANNA, Standing, letter, standing
from yizhan.channels.weibo.comments import ADAPTER, parse
from yizhan.channels.weibo.comments.parse import Page, arrivals, comments_of
from yizhan.desk.channels import TokenRefused
from yizhan.desk.outbound import ErrorClass, SendFailed
from yizhan.foundation.clock import FakeClock
from yizhan.simulator.weibo import Weibo

SAMPLES = Path(parse.__file__).parent / "samples"
BRAND = "5123456789"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def read(name: str) -> list[Any]:
    page = msgspec.json.decode((SAMPLES / f"{name}.json").read_bytes(), type=Page)
    return arrivals(comments_of(page), BRAND, "https://m.weibo.cn/detail")


def test_comments_the_oldest_first_and_none_of_our_own() -> None:
    odd, comment = read("to_me")
    assert (comment.id, comment.text, comment.of.value) == ("comment:5208840022212999", "我的杯子漏水😡", "1902538057")
    assert comment.payload["handle"] == {"comment": "5208840022212999", "post": "5208840022212345"}
    assert comment.payload["about"]["url"].endswith("/5208840022212345")
    assert (odd.kind, odd.id, b"novel" in odd.raw) == ("unsupported", "comment:5208840022212997", True)


def test_a_post_that_mentions_us_comes_with_its_pictures() -> None:
    [post] = read("mentions")
    assert (post.id, post.kind, post.media[0].ref["url"]) == (
        "post:5208840022213001", "text", "http://wx1.sinaimg.cn/large/71663ec9.jpg"
    )  # fmt: skip


@pytest.fixture
async def weibo(clock: FakeClock) -> AsyncIterator[Standing]:
    async with standing(Weibo, clock) as stood:
        yield stood


async def drained(weibo: Standing, cursor: Any) -> tuple[list[Any], Any]:
    assert ADAPTER.pull
    came: list[Any] = []
    for _ in range(30):
        page = await ADAPTER.pull(weibo.lines["weibo_comment"], cursor, "")
        came += page.happenings
        cursor = msgspec.json.decode(msgspec.json.encode(page.cursor))
        if not page.more:
            return came, cursor
    raise AssertionError("no end of pages")


async def test_nothing_is_left_out_between_pages(weibo: Standing, clock: FakeClock) -> None:
    line = weibo.lines["weibo_comment"]
    line.account = msgspec.structs.replace(
        line.account, settings=msgspec.structs.replace(line.account.settings, page=4)
    )
    anna = weibo.vendor.meet(ANNA)
    await weibo.vendor.say(anna, "去年的话", channel="weibo_comment")
    clock.advance(timedelta(days=2))
    await weibo.vendor.say(anna, "第一条", channel="weibo_comment")
    came, cursor = await drained(weibo, None)
    assert [each.text for each in came] == ["第一条"]
    for number in range(9):
        await weibo.vendor.say(anna, f"第 {number} 条 @品牌", channel="weibo_comment")
    weibo.vendor.post_mention(anna, "@品牌 看看我")
    came, cursor = await drained(weibo, cursor)
    assert len({each.id for each in came}) == 10  # in both streams, and still the same
    assert {each.payload["handle"]["post"] for each in came} == {"5208840022212345", came[-1].id[5:]}
    assert (await drained(weibo, cursor))[0] == []


async def test_an_answer_in_public_and_taken_back(weibo: Standing, clock: FakeClock) -> None:
    assert ADAPTER.sender
    assert ADAPTER.recall
    line, anna = weibo.lines["weibo_comment"], weibo.vendor.meet(ANNA)
    await weibo.vendor.say(anna, "漏水[怒]", channel="weibo_comment")
    weibo.vendor.post_mention(anna, "@品牌 在吗")
    came, _ = await drained(weibo, None)
    sender = ADAPTER.sender(line)
    for at, one in enumerate(came):
        receipt = await sender.send(letter(anna.id, f"请私信我们 {at}", clock.now(), answers=one.payload))
        assert receipt.vendor_id
    await ADAPTER.recall(line, receipt.vendor_id, {})
    said = [each for each in weibo.vendor.people.chat("weibo_comment", anna.id) if each.by == "house"]
    assert [(each.text, each.state) for each in said] == [("请私信我们 0", "accepted"), ("请私信我们 1", "recalled")]
    with pytest.raises(SendFailed) as failure:
        await sender.send(letter(anna.id, "没有对象", clock.now()))
    assert failure.value.error_class is ErrorClass.BAD_REQUEST
    with pytest.raises(SendFailed) as failure:
        await sender.send(letter(anna.id, "请私信我们 1", clock.now(), answers=came[-1].payload))
    assert failure.value.error_class is ErrorClass.CONTENT


async def test_a_token_that_ended_stops_the_asking(weibo: Standing) -> None:
    weibo.vendor.expire_tokens()
    with pytest.raises(TokenRefused):
        await drained(weibo, None)


async def test_the_same_person_in_public_and_in_private(weibo: Standing) -> None:
    anna = weibo.vendor.meet(ANNA)
    await weibo.vendor.say(anna, "在吗", channel="weibo_comment")
    await weibo.vendor.say(anna, "在吗")
    [comment], [message] = (await drained(weibo, None))[0], weibo.take()
    assert comment.of == message.who
