"""Half a year of surveys: monthly of scores that rise slowly, the last with what customers said."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import msgspec

from yizhan.app.demo.past import names_of_parts
from yizhan.desk import nps
from yizhan.desk.nps import Answer, NpsDocument, Run, RunState, Told, Way
from yizhan.foundation.db import Tx, load_queries
from yizhan.foundation.ids import id_floor, new_id
from yizhan.records.config import Body, Configuration, Pick, TypeTree

SQL = load_queries(__package__)
_NAME = "default"
_DAY = timedelta(days=1)
_MONTH = 30 * _DAY
_PERIODS = 6
_SEED = 6
_CALLED_BACK = 3
_SHARE = 0.86  # of those who could be asked
_ANSWER = 0.46
_SAY_WHY = 0.55

_SAID = {
    "promoter": (
        "客服回得很快,净化器的问题一次就讲清楚了",
        "售后上门师傅很专业,换滤芯还教我怎么清洗",
        "客服态度好,退款当天就到账",
        "买了三台了,家里人都在用,客服也靠谱",
        "半夜问问题也有人回,挺意外的",
        "发票开得快,流程简单",
        "遇到问题不推诿,直接给方案,会推荐给朋友",
        "Great support, answered in English within minutes",
        "物流慢了点,但客服一直在跟进,体验很好",
    ),
    "passive": (
        "东西不错,客服排队有点久",
        "解决是解决了,就是来回转了两个人",
        "希望能早点告诉我补发的快递单号",
        "还可以,没什么特别的",
        "智能助手答得不太准,转人工之后就好了",
        "安装预约的时间段太少",
    ),
    "detractor": (
        "滤芯漏水说了三次才有人处理",
        "说好今晚回电,等到第二天也没有",
        "退货运费让我自己出,说法前后不一样",
        "等了二十多分钟才接进来",
        "同一个问题跟三个客服讲了三遍",
        "赠品一直没有补发",
    ),
}


async def rule(tx: Tx, configuration: Configuration, now: datetime) -> None:
    """Every month a share of those who were served: the next one is some weeks away."""
    body: Body = {
        "title": {"zh": "每月 NPS 调查", "en": "Monthly NPS"}, "enabled": True, "every": "month",
        "starts": _start(now, 0).date().isoformat(), "look_back_days": 60, "ask_days": 3, "answer_days": 7,
        "share_percent": 85, "seed": 618, "quiet_days": 14,
    }  # fmt: skip
    saved = await configuration.save(tx, "nps_campaign", _NAME, body, by="system", now=now)
    await configuration.release(
        tx, [Pick("nps_campaign", _NAME, saved.version)], by="system", now=now, note="每月 NPS 调查"
    )


async def plant(tx: Tx, types: TypeTree, now: datetime) -> None:
    chance = Random(_SEED)  # noqa: S311 - nothing secret hangs on it
    people = [dict(row) for row in await tx.fetch(SQL.surveyed, now - 2 * _DAY, names_of_parts())]
    ways = {
        row["person_id"]: msgspec.convert({k: v for k, v in row.items() if k != "person_id"}, Way) for row in people
    }
    for ago in reversed(range(_PERIODS)):
        begun = _start(now, ago)
        asked = [Told(person_id=p, way=w, asked_at=begun) for p, w in ways.items() if chance.random() < _SHARE]
        said = [_told(each, chance, 0.15 + 0.025 * ago, worded=ago == 0) for each in asked]
        spared = {"sample": len(ways) - len(asked), "open": chance.randint(9, 16), "lately": chance.randint(4, 9)}
        ids = await nps.take_over(tx, _run(begun), said, spared, begun + 7 * _DAY)
        if ago == 0:
            low = [id for id, each in zip(ids, said, strict=True) if each.answer and each.answer.score <= nps.LOW]
            for invitation in low[:_CALLED_BACK]:
                await nps.follow_up(tx, invitation, types, now - 2 * _DAY)


def _start(now: datetime, ago: int) -> datetime:
    return now - 9 * _DAY - ago * _MONTH


def _run(begun: datetime) -> Run:
    document = NpsDocument(
        title=nps.NpsTitle("每月 NPS 调查", "Monthly NPS"), enabled=True, starts=begun.date(), ask_days=3, answer_days=7
    )
    return Run(
        id=new_id(begun), campaign=_NAME, period=begun.date().isoformat(), rules=msgspec.to_builtins(document),
        source=f"nps_campaign/{_NAME}@1", state=RunState.CLOSED, started_at=begun, started_by="timer:nps.start",
        ask_until=begun + 3 * _DAY, closes_at=begun + 7 * _DAY, next_at=begun, cursor=id_floor(begun), considered=0,
        spared={}, ended_at=None, version=1,
    )  # fmt: skip


def _told(each: Told, chance: Random, against: float, *, worded: bool) -> Told:
    asked_at = each.asked_at + timedelta(minutes=chance.randint(0, 60 * 55))
    if chance.random() > _ANSWER:
        return msgspec.structs.replace(each, asked_at=asked_at)
    draw = chance.random()
    if draw < against:
        kind, score = "detractor", chance.choices((0, 2, 3, 4, 5, 6), (1, 1, 2, 2, 4, 5))[0]
    elif draw < against + 0.31:
        kind, score = "passive", chance.choices((7, 8), (2, 3))[0]
    else:
        kind, score = "promoter", chance.choices((9, 10), (4, 5))[0]
    comment = chance.choice(_SAID[kind]) if worded and chance.random() < _SAY_WHY else ""
    given_at = asked_at + timedelta(minutes=chance.randint(2, 60 * 60))
    return msgspec.structs.replace(each, asked_at=asked_at, answer=Answer(score, comment), given_at=given_at)
