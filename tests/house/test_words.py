"""One word for one thing in the Chinese UI: the words of the trade, and the ones we do not say.

Every Chinese text of the front ends and of the pages the server renders is read; comments are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import PACKAGE, ROOT, report, shown

# What is not said (a pattern), and what is said instead. A pattern with quotes is about the whole text.
FORBIDDEN = {
    r"用户(?!名)|联系人": "客户 (on the web, not identified: 访客)",
    r"认证": "核身 (已核身/未核身)",
    r"收件箱": "接入点, 我的会话 or 工单",
    r"对话|聊天": "会话",
    r"(?<!简)单子|案件": "工单",
    r"['\"](已解决|待客户|已关闭)['\"](?#status)": "待分配 · 处理中 · 待客户确认 · 已完成 · 已取消",
    r"(?<!内部)备注": "内部备注, 处理记录 or 服务小结",
    r"['\"]暂停['\"]": "挂起",
    r"公开回复": "回复客户 or 公开评论回复",
    r"移交": "转接 (conversation), 转派 (ticket), 会诊 (invitation)",
    r"负责人": "责任人 or 处理人",
    r"座席|坐席(?!耳机)": "客服 (主管, 组长)",
    r"['\"]空闲['\"]": "在线",
    r"容量|负载": "接待上限",
    r"等待池": "排队",
    r"抢单": "领取",
    r"首响均值": "首次响应时长",
    r"(?<![A-Za-z.])SLA(?![A-Za-z])": "时效",
    r"(?<![A-Za-z.])CSAT(?![A-Za-z])": "满意度",
    r"(normal|medium|low|high)['\"]?: ['\"]普通": "紧急 · 高 · 中 · 低",  # 普通 is a customer's level
    r"话术": "快捷回复 or 知识",
    r"技能组": "技能 or 客服组",
    r"(?<![A-Za-z.])AI(?![A-Za-z])": "智能助手",
    r"缺陷": "问题单",
    r"品牌": "业务线",
    r"触发器": "自动化规则",
}
# Where a forbidden word is right: the answer to 解决了吗 is not a ticket's status.
ALLOWED_KEYS = re.compile(r"(?i)(csat|rating|survey|solved|resolved|outcome|summary|wrap)")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
COMMENTS = re.compile(r"(?s)/\*.*?\*/|<!--.*?-->|\{#.*?#\}|(?m:(?<![:'\"])//.*$)")
FRONTENDS = ("workbench", "widget", "sdk")


def pages() -> Iterator[Path]:
    for project in FRONTENDS:
        for path in sorted((ROOT / "frontend" / project / "src").rglob("*")):
            if path.name == "asked.zh-CN.json":
                continue  # what people type into the search of settings, in whatever words they know it by
            if path.suffix in {".ts", ".tsx", ".vue", ".json"} and ".test." not in path.name:
                yield path
    for path in sorted(PACKAGE.rglob("*.html")):
        if "_web" not in path.parts:
            yield path


def said_wrongly(line: str) -> Iterator[str]:
    if not CHINESE.search(line):
        return
    for pattern, instead in FORBIDDEN.items():
        if (found := re.search(pattern, line)) and not ("status" in pattern and ALLOWED_KEYS.search(line)):
            yield f"{found[0]} → {instead}"


def test_the_chinese_ui_says_one_word_for_one_thing() -> None:
    faults = [
        f"{shown(path, number)}: {fault}"
        for path in pages()
        for number, line in enumerate(
            COMMENTS.sub(lambda found: "\n" * found[0].count("\n"), path.read_text("utf-8")).splitlines(), 1
        )
        for fault in said_wrongly(line)
    ]
    assert not faults, report(faults)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("title: '我的收件箱'", True),
        ("status: '已解决'", True),
        ("csatSolved: '已解决'", False),
        ("note: '添加内部备注'", False),
        ("state: '待客户确认'", False),
        ("target: '首次响应 SLA'", True),
        ("login: '用户名'", False),
        ("user: 'user'", False),
    ],
)
def test_the_scan(line: str, *, wrong: bool) -> None:
    assert bool(list(said_wrongly(line))) is wrong
