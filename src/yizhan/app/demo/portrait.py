"""Who our customers are beside what they wrote: tags, remarks; and 王晓燕 whole, whom we have known for years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from yizhan.app.demo.cast import HOME, PAGES, Customer, Story
from yizhan.app.demo.past import person, sender_for
from yizhan.app.demo.people import Staff
from yizhan.app.demo.shopping import SOURCE, member
from yizhan.desk import promises
from yizhan.desk.intake import scope_of
from yizhan.desk.promises import Given, PromiseBook
from yizhan.desk.sources import ProfileIn, ProfileRules, external, put_profiles
from yizhan.desk.trail import TrailBuffer, TrailItem, open_visit, origin_of
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, Tx, load_queries
from yizhan.records import contacts, remarks
from yizhan.records.promises import PromiseKind

SQL = load_queries(__package__)

_BY = "system"
_ZONE = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)
_TAGS = ("价格敏感", "常退货", "送父母", "企业采购", "新品尝鲜", "只用邮件")
_OF_LEVEL = {2: ("高价值",), 3: ("高价值", "专属客服")}
_MAIL = "xiaoyan.wang@mail.example"
_OLD_PHONE = "+8619900001188"
_SPEAKS_CHINESE = "zh-CN"
_SEEN = (
    # days ago, by which campaign, the paths, what went into the cart
    (402, "search", ("/", "/p/purifier-q2", "/help/warranty", "/my/orders"), ()),
    (31, "newsletter", ("/sale/winter", "/p/quilt-m8", "/p/blanket-n3"), ("/p/quilt-m8",)),
    (0, "", ("/my/orders", "/help/warranty", "/help/return", "/p/humidifier-h6", "/cart"), ("/p/humidifier-h6",)),
)  # fmt: skip


async def plant(
    tx: Tx, vault: Vault, staff: Staff, rules: ProfileRules, stories: Iterable[Story], made: Mapping[int, UUID],
    now: datetime,
) -> None:  # fmt: skip
    chance = Random(9)  # noqa: S311 - nothing secret hangs on it
    people: dict[int, Customer] = {story.customer.number: story.customer for story in stories}
    for number, who in sorted(people.items()):
        tags = [*_OF_LEVEL.get(who.level, ()), *([chance.choice(_TAGS)] if chance.random() < 0.2 else [])]
        if number in made and tags and who.locale == _SPEAKS_CHINESE:
            agent = f"agent:{staff.people['linyi']}"
            at = now - timedelta(days=chance.randint(1, 20))
            await remarks.tag_customer(tx, made[number], add=tags, remove=(), actor=agent, now=at)
    await _wang(tx, vault, staff, rules, made[person("wang_chat").number], now)


async def _wang(tx: Tx, vault: Vault, staff: Staff, rules: ProfileRules, contact: UUID, now: datetime) -> None:
    await _proved(tx, vault, contact, now)
    profile = ProfileIn(
        identifiers=(external(SOURCE, member(person("wang_chat").number)),), at=now - 2 * _DAY,
        fields={"city": "杭州", "gender": "female", "birthday": "1988-05-12", "points": 3260,
                "address": "杭州市西湖区文三路 188 号 3 幢 502 室", "registered_at": "2021-06-18T12:30:00Z"},
    )  # fmt: skip
    await put_profiles(tx, vault, [profile], source=SOURCE, rules=rules, now=now - 2 * _DAY, by=_BY)
    linyi, sujin = (f"agent:{staff.people[login]}" for login in ("linyi", "sujin"))
    await remarks.tag_customer(
        tx, contact, add=("高价值", "家电", "价格敏感"), remove=(), actor=linyi, now=now - 12 * _DAY
    )
    await remarks.add_remark(
        tx, contact, "家里有老人午休,13:00–15:00 请不要打电话,留言即可", pinned=True, actor=linyi, now=now - 12 * _DAY
    )
    await remarks.add_remark(
        tx, contact, "换滤芯前希望收到提醒;喜欢一次把方案和时间说清楚", pinned=False, actor=sujin, now=now - 240 * _DAY
    )


async def _proved(tx: Tx, vault: Vault, contact: UUID, now: datetime) -> None:
    """A number of before, the one she has now, and her mail."""
    steps = (
        ("phone", _OLD_PHONE, 900), ("phone", f"+86{person('wang_chat').phone}", 26), ("email", _MAIL, 26),
    )  # fmt: skip
    for kind, value, days in steps:
        at = now - days * _DAY
        actor = f"customer:{contact}"
        proof = await contacts.prove_identifier(tx, vault, contact, kind, value, how="sms", actor=actor, now=at)
        if value == _OLD_PHONE and proof.identity_id is not None:
            await contacts.end_identity(
                tx, proof.identity_id, reason="客户来电说明已换号", actor=_BY, now=now - 240 * _DAY
            )


async def promised(tx: Tx, staff: Staff, book: PromiseBook, contact: UUID, now: datetime) -> None:
    """What 林一 told her three hours ago, by eight in the evening."""
    ticket_id = await tx.fetchval(SQL.newest_ticket, contact)
    local = now.astimezone(_ZONE)
    evening = local.replace(hour=20, minute=0, second=0, microsecond=0)
    due = evening if evening > local + timedelta(minutes=30) else evening + _DAY
    given = Given(text="20 点前回复地板理赔方案", kind=PromiseKind.ACT, due=due.astimezone(UTC))
    await promises.give(tx, ticket_id, given, book, by=staff.people["linyi"], now=now - timedelta(minutes=178))


async def visits(db: Database, vault: Vault, staff: Staff, now: datetime) -> None:
    """What she looked at: last year before she bought, lately by a newsletter, and just now."""
    sender, inbox = sender_for(vault, person("wang_chat")), staff.inboxes["shop"]
    blind = vault.blind(sender.kind, scope_of(sender.inbox_scoped, inbox) + sender.value)
    buffer = TrailBuffer(db)
    for days, source, paths, bought in _SEEN:
        start = now - days * _DAY - timedelta(minutes=4)
        query = f"?utm_source={source}" if source else ""
        origin = origin_of(f"{HOME}{paths[0]}{query}", "", ip="198.18.12.7", language="zh-CN", user_agent="")
        async with db.transaction() as tx:
            visit = await open_visit(tx, inbox, blind, origin, start)
        buffer.add(visit.id, _walk(paths, bought, start))
        await buffer.flush()


def _walk(paths: Iterable[str], bought: Iterable[str], start: datetime) -> list[TrailItem]:
    known = {page.path: page for page in PAGES}
    items, at = [], start
    for path in paths:
        page = known[path]
        items.append(TrailItem("page", page.url, page.title, at))
        if path in bought:
            data = {"product_id": path, "name": page.product, "price": page.price, "currency": "CNY"}
            items.append(TrailItem("Product Added", page.url, page.title, at + timedelta(seconds=20), data=data))
        at += timedelta(seconds=45)
        items.append(TrailItem("dwell", page.url, page.title, at, 45_000))
    return items
