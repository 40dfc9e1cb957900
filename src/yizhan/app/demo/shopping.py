"""What the shop's own system knows of its customers: membership, profile, and what they bought."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from yizhan.app.demo.cast import PAGES, Customer, Page, Story, order_number
from yizhan.app.demo.parcels import CARRIERS, track
from yizhan.desk.sources import OrderIn, ProfileIn, ProfileRules, external, put_orders, put_profiles
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.records import contacts
from yizhan.records.contacts import Pair
from yizhan.records.orders import OrderLine, OrderStatus, ParcelState, Tracking
from yizhan.records.profiles import Value

SOURCE = "shop"
_BY = "system"
_DAY = timedelta(days=1)
_CITIES = ("杭州", "上海", "北京", "广州", "成都", "武汉", "南京", "西安", "长沙", "苏州")
_STREETS = ("文三路", "人民中路", "建设大道", "解放西路", "中山北路")
_DATED = re.compile(r"SO(\d{4})(\d{2})(\d{2})\d+")
_GOODS = [page for page in PAGES if page.product]


async def plant(
    tx: Tx, vault: Vault, rules: ProfileRules, stories: Iterable[Story], made: Mapping[int, UUID], now: datetime,
    *, seed: int = 4,
) -> None:  # fmt: skip
    """For everybody who quoted an order or is a member: his record of the shop, joined with whom we talk to.

    `seed`: who comes later has other numbers.
    """
    chance = Random(seed)  # noqa: S311 - nothing secret hangs on it
    bought: dict[int, list[Story]] = {}
    people: dict[int, Customer] = {}
    for story in stories:
        who = story.customer
        if who.number in made and (story.order_no or who.level):
            people[who.number] = who
            bought.setdefault(who.number, []).extend([story] if story.order_no else [])
    told = [_profile(chance, who, now) for who in people.values()]
    outcomes = await put_profiles(tx, vault, told, source=SOURCE, rules=rules, now=now - 30 * _DAY, by=_BY)
    pairs = [
        Pair(made[number], each.contact_id, {"kind": "user", "address": member(number)})
        for number, each in zip(people, outcomes, strict=True) if each.contact_id is not None
    ]  # fmt: skip
    await contacts.join(tx, pairs, now=now - 30 * _DAY, by=_BY)
    rows = [row for number in people for row in _orders(chance, people[number], bought[number], now)]
    await put_orders(tx, vault, rows, source=SOURCE, now=now, by=_BY)


def _profile(chance: Random, who: Customer, now: datetime) -> ProfileIn:
    joined = now - timedelta(days=chance.randint(40, 1800), minutes=chance.randrange(1440))
    fields: dict[str, Value] = {
        "city": chance.choice(_CITIES), "points": chance.randrange(0, 400 * (who.level + 1)),
        "registered_at": joined.astimezone(UTC).isoformat(timespec="seconds"), "newsletter": chance.random() < 0.6,
    }  # fmt: skip
    if chance.random() < 0.5:
        fields["gender"] = chance.choice(("female", "male"))
    if chance.random() < 0.4:
        fields["birthday"] = f"{chance.randint(1958, 2004)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    return ProfileIn(
        identifiers=(external(SOURCE, member(who.number)),), name=who.name, level=who.level,
        fields=fields, at=now - 30 * _DAY,
    )  # fmt: skip


def _orders(chance: Random, who: Customer, stories: Sequence[Story], now: datetime) -> list[OrderIn]:
    rows = {no: _order(chance, who, no, *_of(story), now) for story in stories if (no := story.order_no)}
    for _ in range(chance.choices((0, 1, 2, 4), (35, 35, 20, 10))[0]):
        placed = now - timedelta(days=chance.randint(20, 700), minutes=chance.randrange(1440))
        number = order_number(chance, placed)
        rows.setdefault(number, _order(chance, who, number, placed, chance.choice(_GOODS), "done", now))
    return list(rows.values())


def _of(story: Story) -> tuple[datetime, Page, str]:
    """When it was placed, what it was, and how far it is: as the story has it."""
    dated = _DATED.fullmatch(story.order_no or "")
    year, month, day = (int(part) for part in dated.groups()) if dated else (2000, 1, 1)
    said = datetime(year, month, day, 12, 7, tzinfo=UTC)
    placed = said if timedelta(0) < story.start - said < 90 * _DAY else story.start - 4 * _DAY
    words = "".join(line.text for line in story.lines)
    page = next((each for each in _GOODS if each.product.split()[0] in words), None)
    state = {"refund": "refunding", "aftersale": "delivered", "complaint": "delivered"}.get(story.kind, "shipped")
    return placed, page or _GOODS[story.customer.number % len(_GOODS)], state


def _order(
    chance: Random, who: Customer, number: str, placed: datetime, page: Page, status: str, now: datetime
) -> OrderIn:
    count = chance.choices((1, 2), (85, 15))[0]
    price = int(page.price) * 100
    sent = OrderStatus(status) not in (OrderStatus.PLACED, OrderStatus.PAID)
    city = chance.choice(_CITIES)
    far = ParcelState.IN_TRANSIT if status == OrderStatus.SHIPPED else ParcelState.DELIVERED
    state, events = track(Random(number), city, placed, now, far)  # noqa: S311 - nothing secret hangs on it
    parcel = Tracking(
        chance.choice(CARRIERS), f"{chance.randrange(10**12):012}", _due(placed, now), state, tuple(events)
    )  # fmt: skip
    return OrderIn(
        number=number, identifiers=(external(SOURCE, member(who.number)),), status=status, total_fen=price * count,
        placed_at=placed, lines=(OrderLine(page.path.rpartition("/")[2].upper(), page.product, count, price),),
        address=f"{city}市{chance.choice(_STREETS)} {chance.randint(1, 400)} 号",
        tracking=parcel if sent else None,
        at=min(placed + 3 * _DAY, now),
    )  # fmt: skip


def _due(placed: datetime, now: datetime) -> date:
    """Three days after it was bought, unless it is still on its way: then tomorrow."""
    return min(max(placed + 3 * _DAY, now + _DAY), placed + 9 * _DAY).date()


def member(number: int) -> str:
    """By what the shop knows a customer."""
    return f"M{number:06}"
