"""门店 in the demo: a shop in 上海 with three appointments today, and somebody who came yesterday."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.app.demo.people import Staff
from yizhan.desk.counter import Books, Shop, ShopBook, ShopWords, StandingShop, Wanted, agree, day_of
from yizhan.desk.words import WordBook
from yizhan.foundation.calendar import WEEKDAYS, CalendarDocument
from yizhan.foundation.db import Tx, load_queries
from yizhan.records import counter
from yizhan.records.config import Configuration, Pick
from yizhan.records.counter import How, NewEncounter, NewVisit

_BY = "system"
_KEY = "xuhui"
_HALF = timedelta(minutes=30)
_DAY = timedelta(days=1)
SQL = load_queries(__package__)

_HOURS = CalendarDocument(
    name={"zh": "门店营业时间", "en": "Shop hours"}, tz="Asia/Shanghai",
    weekly={day: ["10:00-22:00"] for day in WEEKDAYS},
)  # fmt: skip
_SHOP = Shop(
    name=ShopWords("山雀生活·徐汇店", "Shanque Living, Xuhui"), address="上海市徐汇区虹桥路 1 号 2 层", calendar=_KEY,
    phone="021-00000000", card_source="shop",
)  # fmt: skip
_COMING = (
    (-1, "维修送检", "扫地机主刷异响，客户会带上购买凭证"), (1, "到店取货", "空气净化器滤芯 2 个，已付款"),
    (3, "体验选购", "想比较两款洗地机"),
)  # fmt: skip


async def rule(tx: Tx, configuration: Configuration, now: datetime) -> None:
    picks = []
    for kind, document in (("calendar", _HOURS), ("shop", _SHOP)):
        saved = await configuration.save(tx, kind, _KEY, msgspec.to_builtins(document), by=_BY, now=now)
        picks.append(Pick(kind, _KEY, saved.version))
    await configuration.release(tx, picks, by=_BY, now=now, note="徐汇店")


async def plant(tx: Tx, staff: Staff, words: WordBook, now: datetime) -> None:
    rows = await tx.fetch(SQL.members_talked_to, len(_COMING) + 1)
    standing = StandingShop(_KEY, _SHOP, _HOURS.calendar)
    books = Books(ShopBook({_KEY: standing}), words)
    for row, at, (_, purpose, note) in zip(rows, _times(standing, now), _COMING, strict=False):
        wanted = Wanted(shop=_KEY, starts_at=at, purpose=purpose, note=note)
        await agree(tx, row["id"], wanted, books, by=staff.people["linyi"], now=now - timedelta(minutes=50))
    for row in rows[-1:]:
        await _came(tx, row["contact_id"], staff.people["mendian"], now - _DAY)


def _times(standing: StandingShop, now: datetime) -> list[datetime]:
    """Around now and all of today, so that whoever looks at the shop's day sees the three of them."""
    start, end = day_of(standing, standing.calendar.local_date(now))
    this = start + (now - start) // _HALF * _HALF
    first = max(start + _HALF, min(this, end - 4 * _HALF))
    return [first + steps * _HALF for steps, _, _ in _COMING]


async def _came(tx: Tx, contact_id: UUID, agent_id: UUID, at: datetime) -> None:
    met = await counter.meet(tx, NewEncounter(
        shop=_KEY, contact_id=contact_id, agent_id=agent_id, how=How.CARD, verified=False,
        until=at + timedelta(minutes=_SHOP.look_minutes),
    ), now=at)  # fmt: skip
    await counter.log_visit(tx, met, NewVisit(purpose="会员服务", note="补办会员卡，核对了生日"), now=at)
