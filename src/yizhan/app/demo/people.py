"""Who works at 山雀生活: 46 people in six teams and one in a shop, three business lines, and the inboxes they serve."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.foundation.calendar import WEEKDAYS
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.records import agents, inboxes
from yizhan.records.agents import Member, NewAgent, NewTeam, PresenceState
from yizhan.records.inboxes import Channel, NewInbox

DEMO_LOGINS = ("linyi", "sujin", "zhuguan", "admin", "mendian")
"""Signed in with one click; nobody plays them."""

_BY = "system"
_BRANDS = (("home", "家电"), ("textile", "家纺"), ("digital", "小电子"))
_TEAMS = (
    ("presale", "售前"), ("after", "售后 L1"), ("after2", "售后 L2"), ("complaint", "投诉专席"), ("phone", "电话"),
    ("night", "夜班"),
)  # fmt: skip
_SKILLS = (("consult", "咨询"), ("aftersale", "售后"), ("refund", "退款"), ("complaint", "投诉"), ("english", "英语"))


class Part(msgspec.Struct, frozen=True):
    """One who works here, and the state he is in when the demo starts."""

    login: str
    name: str
    team: str
    skills: Mapping[str, int]
    role: str = "agent"
    state: PresenceState = PresenceState.OFFLINE
    reason: str | None = None


class Staff(msgspec.Struct, frozen=True):
    """Everybody and everything of the house by key."""

    people: dict[str, UUID]
    names: dict[str, str]
    brands: dict[str, UUID]
    teams: dict[str, UUID]
    inboxes: dict[str, UUID]


_ON, _BREAK, _BUSY = PresenceState.ONLINE, PresenceState.BREAK, PresenceState.BUSY
_ALL = {"consult": 3, "aftersale": 4, "refund": 4, "complaint": 3}
_LEADING = (
    Part("linyi", "林一", "after", {**_ALL, "refund": 5}),
    Part("sujin", "苏瑾", "after", {**_ALL, "english": 4}, "lead"),
    Part("zhuguan", "周主管", "complaint", {**_ALL, "complaint": 5}, "supervisor"),
    Part("admin", "管理员", "", {}, "admin"),
    Part("mendian", "沈小满", "", {}, "shop"),
    Part("gaoyuan", "高远", "after", _ALL, state=_BREAK, reason="就餐"),
)
# Refunds and complaints are what 林一 is needed for: of those on duty in 售后 L1 nobody else can do them.
_FIRST = {"consult": 3, "aftersale": 3}
_OTHERS = {
    "presale": ("陆遥 夏晴 方小禾 温宁 齐悦 许嘉 丁一凡 白露", {"consult": 4}, "online online online break"),
    "after": (
        "何苗 沈知意 顾北 江澄 宋词 罗一鸣 程也 唐果 叶青", _FIRST, "online online online online break",
    ),
    "after2": ("秦川 孟夏 傅明 尹航 邵阳 贺兰", {"aftersale": 5, "refund": 3, "consult": 3}, "online online busy"),
    "complaint": ("阮清 魏然 石磊 柳月", {"complaint": 5, "refund": 4, "aftersale": 4}, "break online online"),
    "phone": ("郝爽 钟灵 戴维 田甜 马跃 康乐 谭笑", {"consult": 3, "aftersale": 3}, "call call wrapup"),
    "night": ("季夜 莫凡 阎宁 邱水 龙腾 翁晨 古今", {"consult": 3, "aftersale": 3, "refund": 3}, ""),
}  # fmt: skip
# The upper steps of the ladder of complaints.
_OF_LADDER = {"阮清": "specialist", "柳月": "legal"}
_ENGLISH = frozenset({"顾北", "温宁", "孟夏"})


def cast() -> list[Part]:
    parts = list(_LEADING)
    for team, (names, skills, states) in _OTHERS.items():
        for number, name in enumerate(names.split()):
            state = PresenceState((states.split() + ["offline"] * 20)[number])
            also = {"english": 4} if name in _ENGLISH else {}
            reason = "会议" if state is _BREAK else None
            role = _OF_LADDER.get(name, "agent")
            parts.append(Part(f"{team}{number + 1:02}", name, team, {**skills, **also}, role, state, reason))
    return parts


async def hire(tx: Tx, vault: Vault, now: datetime) -> Staff:
    """Everybody, still 离线: `settle_down` puts them into today's state."""
    await agents.ensure_roles(tx, now)
    brands = {key: await agents.create_brand(tx, key, name, now, _BY) for key, name in _BRANDS}
    teams = {key: await agents.create_team(tx, NewTeam(key=key, name=name), now, _BY) for key, name in _TEAMS}
    skills = {key: await agents.create_skill(tx, key, name, now, _BY) for key, name in _SKILLS}
    roles = {role.key: role.id for role in await agents.roles(tx)}
    people: dict[str, UUID] = {}
    members: dict[str, list[Member]] = {key: [] for key in teams}
    for part in cast():
        # Who tries the demo is really there and has the most room, so his customers come to him first.
        cap = 5 if part.login in DEMO_LOGINS else 3
        new = NewAgent(login=part.login, name=part.name, role_id=roles[part.role], live_cap=cap)
        who = people[part.login] = await agents.create_agent(tx, new, now, _BY)
        if part.skills:
            await agents.set_skills(tx, who, {skills[key]: level for key, level in part.skills.items()}, now, _BY)
        if part.team:
            members[part.team].append(Member(who, part.role in ("lead", "supervisor")))
    for team, held in members.items():
        await agents.set_members(tx, teams[team], held, now, _BY)
    made = {new.key: await inboxes.create_inbox(tx, vault, new, now, _BY) for new in _inboxes(brands, teams)}
    names = {part.login: part.name for part in cast()}
    return Staff(people, names, brands, teams, {str(key): inbox for key, inbox in made.items()})


async def find_staff(tx: Tx, vault: Vault) -> Staff:
    """Whoever was hired at an earlier start."""
    known = await agents.agents(tx)
    return Staff(
        {a.login: a.id for a in known}, {a.login: a.name for a in known},
        {b.key: b.id for b in await agents.brands(tx)}, {t.key: t.id for t in await agents.teams(tx)},
        {i.key: i.id for i in await inboxes.inboxes(tx, vault)},
    )  # fmt: skip


async def settle_down(tx: Tx, staff: Staff, now: datetime) -> None:
    """Today's states of those who are played; the others are there when they say so."""
    for number, part in enumerate(cast()):
        if part.login in DEMO_LOGINS or part.login not in staff.people:
            continue
        who = staff.people[part.login]
        away = timedelta(minutes=4 + number * 7 % 50)
        since = now - (timedelta(hours=9) if part.state is PresenceState.OFFLINE else away)
        await agents.set_presence(tx, who, part.state, part.reason, since, f"agent:{who}")


def _inboxes(brands: Mapping[str, UUID], teams: Mapping[str, UUID]) -> list[NewInbox]:
    """Web chat is real; the generic ones are examples of any channel that a program connects."""
    chat, generic = Channel.WEBCHAT, Channel.GENERIC
    return [
        NewInbox(channel=chat, name="山雀生活官网", brand_id=brands["home"], team_id=teams["after"], key="shop",
                 settings=_CHAT),
        NewInbox(channel=chat, name="山雀家纺商城", brand_id=brands["textile"], team_id=teams["presale"], key="textile",
                 settings={**_CHAT, "color": "#0f766e"}),
        NewInbox(channel=chat, name="山雀小电子商城", brand_id=brands["digital"], team_id=teams["after"], key="digital",
                 settings={**_CHAT, "color": "#7c3aed"}),
        NewInbox(channel=generic, name="通用渠道示例·公众号「山雀生活」", brand_id=brands["home"],
                 team_id=teams["after2"], key="demo-mp"),
        NewInbox(channel=generic, name="通用渠道示例·微博", brand_id=brands["home"], team_id=teams["complaint"],
                 key="demo-weibo"),
        NewInbox(channel=generic, name="通用渠道示例·短信", brand_id=brands["digital"], team_id=teams["night"],
                 key="demo-sms"),
    ]  # fmt: skip


_CHAT: dict[str, object] = {
    # Whoever tries the demo at night should meet people too.
    "calendar": {"tz": "Asia/Shanghai", "weekly": {day: ["00:00-24:00"] for day in WEEKDAYS}},
    "subtitle": "通常 1 分钟内回复",
    "welcome": [
        {"text": "您好,您在看维修与质保。告诉我型号或订单号,我帮您查保修期。", "locale": "zh-CN", "page": "warranty",
         "questions": ["保修期多久", "怎么报修", "上门维修收费吗"]},
        {"text": "微博来的朋友您好,这里是山雀生活。活动和订单都可以问我们。", "locale": "zh-CN", "sources": ["weibo"],
         "questions": ["活动什么时候结束", "优惠券怎么用"]},
        {"text": "夜深了,这里是山雀生活。夜间人手少,请稍等片刻。", "locale": "zh-CN",
         "hours": {"start": "23:00:00", "end": "07:00:00"}, "questions": ["退款多久到账", "怎么报修"]},
        {"text": "您好,这里是山雀生活。请问有什么可以帮您?", "locale": "zh-CN",
         "questions": ["退款多久到账", "怎么修改收货地址", "电子发票在哪里下载", "怎么报修"]},
        {"text": "Hello, this is Shanque Living. How can we help?", "locale": "en",
         "questions": ["Where is my order?"]},
    ],
    "rating_tags": ["等待时间长", "转接次数多", "态度", "没解决", "产品问题"],
    "rules": [{"id": "warranty", "text": "看您在了解维修政策,需要帮您查一下保修期吗?",
               "views": {"url_contains": "warranty", "count": 3}, "only_online": False}],
}  # fmt: skip
