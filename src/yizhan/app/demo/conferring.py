"""What of the demo was promised and conferred about: promises kept, due and late, a consultation that runs and one that
is concluded. And two ways out for notices that lead nowhere: examples, switched off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from yizhan.app.demo.past import person
from yizhan.app.demo.people import Staff
from yizhan.desk import consultations, promises, views
from yizhan.desk.consultations import Ask
from yizhan.desk.promises import Given, PromiseBook
from yizhan.desk.views import TicketFilter, TicketRow
from yizhan.foundation.db import Tx
from yizhan.records import agents
from yizhan.records import promises as records
from yizhan.records.agents import Viewer
from yizhan.records.config import Body, Configuration, Pick
from yizhan.records.promises import PromiseKind

_BY = "system"
_PROMISES = (
    ("今晚 8 点前给您回电说明维修进度", PromiseKind.CALL, -26, -20, "kept"),
    ("明天中午前把补发的快递单号发给您", PromiseKind.ACT, -20, -2, "late"),
    ("两小时内由仓库核实后回复您", PromiseKind.REPLY, -1.75, 0.25, "open"),
    ("今天下班前确认退款到账", PromiseKind.ACT, -3, 5, "open"),
    ("三天内安排工程师上门", PromiseKind.ACT, -60, -10, "kept"),
    ("周末前给您新的安装时间", PromiseKind.REPLY, -2, 46, "open"),
)
_RUNNING = (
    "客户寄回的滤芯接口有裂纹,是运输还是批次问题?需要质检判断能否整机换新",
    (("秦川", "看了照片,裂纹在模具合线处,像批次问题。我查下这批入库记录。"),
     ("林一", "客户今晚 8 点前要答复,先按换新安抚可以吗?"),
     ("秦川", "可以,批次号给我,六点前给结论。")),
)  # fmt: skip
_CONCLUDED = (
    "空气炸锅 E3 报错三次上门未修好,是否直接换新",
    (("秦川", "风机换过三次,再修没有意义。"), ("周主管", "同意换新,运费我们承担。")),
    "换新机,往返运费由我方承担,售后 L2 今天寄出",
)
_OUTLETS: Sequence[tuple[str, Body]] = (
    ("example_group", {
        "name": {"zh": "示例:企业微信群(未启用)", "en": "Example: WeCom group (off)"}, "kind": "wecom", "on": False,
        "least": "critical", "reasons": ["complaint.*", "sla.*"],
        "quiet": {"start": "22:00", "end": "08:00"},
    }),
    ("example_webhook", {
        "name": {"zh": "示例:内部系统 webhook(未启用)", "en": "Example: webhook of another system (off)"},
        "kind": "webhook", "on": False,
    }),
)  # fmt: skip


async def rule(tx: Tx, configuration: Configuration, now: datetime) -> None:
    """Examples of outlets: off, and without an address, so that nothing leaves the house."""
    picks = []
    for name, body in _OUTLETS:
        saved = await configuration.save(tx, "outlet", name, body, by=_BY, now=now)
        picks.append(Pick("outlet", name, saved.version))
    await configuration.release(tx, picks, by=_BY, now=now, note="通知出口示例")


async def plant(tx: Tx, staff: Staff, book: PromiseBook, now: datetime) -> None:
    lin = await _viewer(tx, staff, "林一")
    own = person("wang_chat").name  # what she was promised is told with her story
    page = await views.tickets_page(tx, lin, TicketFilter(view="mine", status="open", limit=20))
    mine = [row for row in page if row.contact_name != own]
    await _promise(tx, mine, lin, book, now)
    rest = [row for row in mine[len(_PROMISES) :] if row.merged_into is None] or list(mine)
    if len(rest) > 1:
        await _confer(tx, staff, rest[0], *_RUNNING, None, now - timedelta(minutes=40))
        await _confer(tx, staff, rest[1], *_CONCLUDED, now - timedelta(hours=5))


async def _promise(tx: Tx, mine: Sequence[TicketRow], lin: Viewer, book: PromiseBook, now: datetime) -> None:
    """Each of a ticket of its own, as far as there are that many."""
    for row, (text, kind, made, due, state) in zip(mine, _PROMISES, strict=False):
        given = Given(text=text, kind=kind, due=now + timedelta(hours=due))
        made_at = now + timedelta(hours=made)
        promise = await promises.give(tx, row.id, given, book, by=lin.agent_id, now=made_at)
        if state == "kept":
            locked = await records.lock_promise(tx, promise.id)
            await records.keep(tx, locked, actor=lin.actor, now=given.due - timedelta(minutes=40))


async def _confer(
    tx: Tx, staff: Staff, row: TicketRow, question: str, said: Sequence[tuple[str, str]], conclusion: str | None,
    at: datetime,
) -> None:  # fmt: skip
    lin = await _viewer(tx, staff, "林一")
    others = [await _viewer(tx, staff, name) for name in dict.fromkeys(who for who, _ in said) if name != "林一"]
    asked = Ask(question=question, agents=[each.agent_id for each in others])
    made = await consultations.ask(tx, row.id, asked, by=lin.agent_id, now=at)
    for each in others:
        at += timedelta(minutes=2)
        await consultations.join(tx, made.id, by=each, uninvited=False, now=at)
    for number, (name, words) in enumerate(said):
        at += timedelta(minutes=3)
        speaker = await _viewer(tx, staff, name)
        await consultations.say(tx, made.id, words, (), client_id=f"demo:{number}", by=speaker, now=at)
    if conclusion is not None:
        await consultations.close(tx, made.id, conclusion, by=lin, now=at + timedelta(minutes=5))


async def _viewer(tx: Tx, staff: Staff, name: str) -> Viewer:
    login = next(login for login, known in staff.names.items() if known == name)
    viewer = await agents.viewer(tx, staff.people[login])
    assert viewer is not None, f"{name} was planted"
    return viewer
