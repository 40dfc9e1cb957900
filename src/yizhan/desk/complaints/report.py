"""The page of a package of evidence that people read: who, what is complained of, what was said and done, and when.

One file without a script, for the browser and for paper; the files beside it say the same for machines.
"""

# ruff: noqa: E501 - tables of words, a row a line

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from html import escape

import msgspec

from yizhan.desk.complaints.store import Dossier
from yizhan.records.cases import Case, Hold, Reply
from yizhan.records.compensations import Compensation
from yizhan.records.complaints import Clock, Complaint, Taken
from yizhan.records.tickets import PARTS

_STYLE = """body{font:14px/1.6 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;max-width:1000px;margin:24px auto;
padding:0 16px;color:#1b1f24}h1{font-size:22px}h2{margin-top:30px;padding-bottom:4px;border-bottom:2px solid #1b1f24;
font-size:17px}h3{margin:18px 0 6px;font-size:15px}table{width:100%;border-collapse:collapse}th,td{padding:5px 8px;
border:1px solid #c9ced6;text-align:left;vertical-align:top}th{background:#f2f4f7;font-weight:600}td.t{white-space:nowrap}
pre{margin:0;white-space:pre-wrap;font:inherit;overflow-wrap:anywhere}code{font-size:12px;overflow-wrap:anywhere}
.in{background:#f7fbff}.note{background:#fffaf0}small{color:#5b6470}@media print{body{margin:0}tr{break-inside:avoid}}"""
_WORDS: Mapping[str, str] = {
    "webchat": "网页会话", "email": "邮件", "generic": "接口", "in": "客户", "out": "客服", "bot": "智能助手", "system": "系统",
    "note": "内部备注", "open": "进行中", "answered": "已答复", "closed": "已结案", "submitted": "待审批", "approved": "已批准",
    "refused": "已退回", "replaced": "已被新版本替换", "pending": "待审批", "granted": "已同意", "withdrawn": "已撤回",
    "kept": "已履行", "late": "已逾期", "customer": "客户同意", "supervisor": "主管结案", "new": "待分配", "done": "已完成",
    "cancelled": "已取消", "sent": "已发送", "delivered": "已送达", "read": "已读", "failed": "失败", "unknown": "未知",
    "queued": "待发送", "sending": "发送中", "fire": "起火", "injury": "人身伤害", "minors": "未成年人", "media": "媒体介入",
    "public": "监管与舆论", "group": "同一产品多起", "external": "外部投诉", "again": "重复投诉", "safety": "其他安全问题",
    "consult": "咨询", "aftersale": "售后", "refund": "退款", "complaint": "投诉", "suggest": "建议", "praise": "表扬",
    "other": "其他", "phone": "手机号", "visitor": "访客", "primary": "主身份标识", "auxiliary": "辅助身份标识",
}  # fmt: skip


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """All that is told. `names` are agents by their id as text, and departments and products by key; times are of `zone`."""

    of: Dossier
    complaints: Sequence[tuple[Complaint, Sequence[Clock], Sequence[Taken]]]
    cases: Sequence[tuple[Case, Sequence[Reply]]]
    ledger: Sequence[Compensation]
    holds: Sequence[Hold]
    names: Mapping[str, str]
    files: Mapping[str, str]
    """Path of a stored file in the package, by its hash."""
    zone: tzinfo
    made_by: str
    now: datetime

    def when(self, at: datetime | date | None) -> str:
        if at is None:
            return "–"
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M:%S}" if isinstance(at, datetime) else f"{at:%Y-%m-%d}"

    def who(self, actor: object) -> str:
        kind, _, id = str(actor or "").partition(":")
        if kind == "customer":
            return "客户"
        return self.names.get(id or kind) or (f"系统({kind})" if kind else "–")


def page(m: Matter) -> str:
    numbers = "、".join(f"#{row['number']}" for row in m.of.tickets)
    body = "".join((
        f"<h1>证据说明 / Statement of evidence · 工单 {numbers}</h1>",
        f"<p>制作 / Made: {m.when(m.now)}({m.zone}),{escape(m.who(m.made_by))}。时间均为 {m.zone} 时间;"
        "每个文件的 SHA-256 见 manifest.json,核对方法见 README.txt。</p>",
        _parties(m), _complaint(m), _outside(m), _money(m), _story(m), _service(m), _rest(m),
    ))  # fmt: skip
    return f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>证据说明 {numbers}</title><style>{_STYLE}</style>{body}</html>'


def _parties(m: Matter) -> str:
    rows = [
        (f"#{t['number']}", t["subject"], _said(t["type"].partition(".")[0]), _said(t["status"]), t["customer"], t["brand"], t["owner"],
         t["handler"], t["order_no"], m.when(t["created_at"]), m.when(t["closed_at"]))
        for t in m.of.tickets
    ]  # fmt: skip
    known = [(_said(i["kind"]), i["masked"], _said(i["rank"]), m.when(i["verified_at"])) for i in m.of.identities]
    return "".join((
        "<h2>一、工单与当事人 / Tickets and parties</h2>",
        _table(("工单", "主题", "类型", "状态", "客户", "业务线", "责任人", "处理人", "订单", "建立", "结束"), rows),
        "<h3>客户身份(已脱敏)/ Identities, masked</h3>", _table(("类别", "标识", "级别", "核身时间"), known),
        f"<p>相关订单 / Orders: {escape('、'.join(m.of.orders) or '无')}</p>",
    ))  # fmt: skip


def _complaint(m: Matter) -> str:
    parts = ["<h2>二、投诉处理 / Complaint</h2>"]
    for c, clocks, ladder in m.complaints:
        closed = f"{m.when(c.closed_at)} {_said(c.closed_by)} {c.closed_why or ''}" if c.closed_at else "未结案"
        parts += [
            _table(("等级", "原因", "责任部门", "产品", "客户诉求", "处理方案", "结案"), [(
                PARTS["grade"].get(c.grade, c.grade), "、".join(_said(each) for each in c.causes),
                m.names.get(c.department or "", c.department), m.names.get(c.product or "", c.product), c.demands, c.remedy, closed,
            )]),
            "<h3>时限 / Clocks</h3>",
            _table(("事项", "应于", "实际", "是否逾期"), [
                (PARTS["clock"].get(k.kind, k.kind), m.when(k.due_at), m.when(k.met_at), "逾期" if k.breached_at else "否")
                for k in clocks
            ]),
            "<h3>升级 / Ladder</h3>",
            _table(("时间", "接手层级", "接手人", "由谁", "原因"), [
                (m.when(s.at), PARTS["step"].get(s.step, s.step), m.who(f"agent:{s.agent_id}") if s.agent_id else "–",
                 m.who(s.actor), s.reason) for s in ladder
            ]),
        ]  # fmt: skip
    return "".join(parts if m.complaints else [*parts, "<p>无 / None</p>"])


def _outside(m: Matter) -> str:
    parts = ["<h2>三、外部投诉与答复 / Outside cases and replies</h2>"]
    for case, replies in m.cases:
        parts.append(_table(("来源", "编号", "收到", "期限", "诉求", "状态", "答复时间", "结果"), [(
            PARTS["source"].get(case.source, case.source), case.case_no, m.when(case.received_on),
            f"{m.when(case.deadline_on)}({case.working_days} 个工作日,日历 {case.calendar})", case.demands,
            _said(case.state), m.when(case.answered_at), case.result,
        )]))  # fmt: skip
        parts.append(_table(("版本", "状态", "起草", "审批", "意见", "正文"), [
            (f"v{r.number}", _said(r.state), f"{m.who(f'agent:{r.author}')} {m.when(r.at)}",
             f"{m.who(f'agent:{r.decided_by}')} {m.when(r.decided_at)}" if r.decided_by else "–", r.decision, r.text)
            for r in replies
        ]))  # fmt: skip
    return "".join(parts if m.cases else [*parts, "<p>无 / None</p>"])


def _money(m: Matter) -> str:
    rows = [
        (m.when(p.asked_at), PARTS["pay"].get(p.kind, p.kind), f"¥{p.fen / 100:,.2f}", p.order_no, p.reason,
         _said(p.state), m.who(f"agent:{p.asked_by}"),
         f"{m.who(f'agent:{p.decided_by}')} {m.when(p.decided_at)}" if p.decided_by else "–") for p in m.ledger
    ]  # fmt: skip
    return "<h2>四、补偿 / Compensation</h2>" + _table(
        ("申请", "形式", "金额", "订单", "事由", "状态", "申请人", "审批"), rows
    )


def _story(m: Matter) -> str:
    """Messages and processing notes in one line of time."""
    lines: list[tuple[datetime, str]] = []
    for row in m.of.messages:
        marks = [_said(row["delivery"])] if row["direction"] == "out" else []
        marks += ["已撤回 " + m.when(row["recalled_at"])] if row["recalled_at"] else []
        who = row["agent_name"] or (m.who(row["author"]) if row["direction"] == "in" else _said(row["direction"]))
        kind = "内部备注" if row["direction"] == "note" else _said(row["channel"])
        text = _text(row["text"]) + "".join(_file(m, each) for each in row["attachments"] or [])
        lines.append((row["at"], _row(m.when(row["at"]), kind, who, text, "、".join(marks), row["direction"])))
    for row in m.of.notes:
        moved = (
            f"{_said(row['from_status'])} → {_said(row['to_status'])}" if row["from_status"] != row["to_status"] else ""
        )
        lines.append(
            (row["at"], _row(m.when(row["at"]), "处理记录", m.who(row["actor"]), _text(row["text"]), moved, "note"))
        )
    body = "".join(line for _, line in sorted(lines, key=lambda pair: pair[0]))
    head = "<tr><th>时间</th><th>渠道</th><th>谁</th><th>内容</th><th>状态</th></tr>"
    return f"<h2>五、往来与处理经过 / What was said and done</h2><table>{head}{body}</table>"


def _service(m: Matter) -> str:
    spells = [
        (_said(v["channel"]), v["inbox"], v["agent"], m.when(v["created_at"]), m.when(v["assigned_at"]),
         m.when(v["first_response_at"]), m.when(v["ended_at"]),
         " ".join(str(each) for each in (f"{v['stars']} 星" if v["stars"] else "", v["comment"] or "") if each))
        for v in m.of.conversations
    ]  # fmt: skip
    owed = [(m.when(p["made_at"]), p["made_by"], p["text"], m.when(p["due"]), _said(p["state"]), m.when(p["settled_at"]))
            for p in m.of.promised]  # fmt: skip
    told = [(c["question"], c["asked_by"], m.when(c["asked_at"]), m.when(c["at"]), c["author"], c["text"], c["conclusion"])
            for c in m.of.consulted]  # fmt: skip
    return "".join((
        "<h2>六、服务过程 / Service</h2><h3>会话 / Conversations</h3>",
        _table(("渠道", "接入点", "客服", "开始", "接起", "首次响应", "结束", "评价"), spells),
        "<h3>承诺 / Promises</h3>", _table(("作出", "客服", "内容", "应于", "状态", "完成"), owed),
        "<h3>会诊 / Consultations</h3>", _table(("问题", "发起", "发起时间", "时间", "谁", "内容", "结论"), told),
    ))  # fmt: skip


def _rest(m: Matter) -> str:
    rows = [(m.when(h.at), m.who(h.actor), h.reason, m.when(h.released_at), h.released_why) for h in m.holds]
    return "".join((
        "<h2>七、法律保留 / Legal hold</h2>", _table(("设立", "由谁", "原因", "解除", "解除原因"), rows),
        "<h2>八、其他文件 / Other files</h2><p>attachments/ 附件原件;raw/ 收到的原始报文;journal.json 操作日志及哈希链;"
        "其余 .json 与 .csv 为本页内容的机器可读形式。过大或已缺失而未附的文件列在 manifest.json 的 left_out。</p>",
    ))  # fmt: skip


def _row(at: str, kind: str, who: str, text: str, marks: str, style: str) -> str:
    return (
        f'<tr class="{escape(style)}"><td class="t">{at}</td><td>{_text(kind)}</td><td>{_text(who)}</td>'
        f"<td>{text}</td><td><small>{_text(marks)}</small></td></tr>"
    )


def _file(m: Matter, each: Mapping[str, object]) -> str:
    digest = str(each["hash"])
    path, name = escape(m.files.get(digest, ""), quote=True), escape(str(each.get("name") or "file"))
    return f'<div>附件 <a href="{path}">{name}</a> <code>SHA-256 {escape(digest)}</code></div>'


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    body = "".join("<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    if not body:
        return "<p>无 / None</p>"
    return "<table><tr>" + "".join(f"<th>{head}</th>" for head in heads) + f"</tr>{body}</table>"


def _text(value: object) -> str:
    return f"<pre>{escape(str(value))}</pre>" if value not in (None, "") else "–"


def _said(word: object) -> str:
    return _WORDS.get(str(word), str(word)) if word is not None else ""
