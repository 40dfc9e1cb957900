"""Sentences of processing notes that nobody types: stored as words and as a code with its parts.

The words are Chinese, for search, export and rows read elsewhere; the workbench says the code in its reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping

LINES: Mapping[str, str] = {
    "confirmed": "客户 {hours} 小时内未提出异议,自动确认完成",
    "rated": "客户评价:{verdict}",
    "rated_stars": "客户评价:{stars} 星",
    "rated_both": "客户评价:{verdict} {stars} 星",
    "abandoned": "客户排队 {seconds} 秒后离开(放弃未接)",
    "silent": "客户未再回复,会话自动结束",
    "assistant_tried": "智能助手转人工({why}),已答复:{tried}",
    "assistant_nothing": "智能助手转人工({why}),未能答复",
    "assistant_solved": "智能助手已答复「{entry}」,客户确认已解决",
    "assistant_silent": "智能助手已答复「{entry}」,客户未再回复",
    "sla_raised": "{target}{stage},优先级自动升级",
    "sla_moved": "{target}{stage},自动转派 {team}",
    "chased": "客户催单:{words}",
    "chase_raised": "客户催单 {count} 次,优先级自动升级",
    "answered": "客户已回复,结束等待",
    "follow_up": "到了下次跟进时间",
    "transfer_declined": "没有接受转接:{words}",
    "transfer_expired": "转接未在时限内被接受",
    "shift_over": "下班 {minutes} 分钟后仍未交接,自动退回客服组",
    "ruled": "优先级规则:{rules}",
    "unruled": "优先级规则不再适用",
    "absent": "处理人离线 {minutes} 分钟,自动退回客服组",
    "joined": "并入 #{number}",
    "joined_why": "并入 #{number}:{words}",
    "took_in": "#{number} 并入",
    "unjoined": "撤销并入",
    "split_off": "自 #{number} 拆出",
    "parted": "撤销客户合并,自 #{number} 分出",
    "parted_off": "撤销客户合并,分出 #{number},已取消,仅供查阅",
    "filled": "填写{names}",
    "tagged": "标签 {tags}",
    "retagged": "标签「{before}」改为「{after}」",
    "retyped": "服务小结改类型:{type_before} → {type_after}",
    "macro": "快捷操作:{macro}",
    "callback": "回访 #{number}",
    "low_rating": "差评回访({stars} 星)",
    "low_rating_given": "差评由被评客服以外的同事回访",
    "withdrew": "客户{act}:请依法删除或匿名化其个人信息,系统不会自动删除",
    "withdrew_held": "客户{act}:该客户有法律保留,解除前不得删除其个人信息",
    "nps_low": "NPS 回访({score} 分)",
    "ticket_low_rating": "整单差评回访({stars} 星)",
    "complaint_opened": "登记投诉:{grade}",
    "complaint_grade": "投诉等级:{grade}",
    "complaint_priority": "投诉等级{grade},优先级自动升级",
    "complaint_group": "同一产品「{product}」{hours} 小时内 {cases} 起投诉,升为危机",
    "complaint_told": "投诉信息更新",
    "complaint_again": "工单重开,投诉继续处理",
    "complaint_climbed": "{clock}超时,{step} {name}接手",
    "complaint_taken": "{step} {name}接手:{words}",
    "paid": "补偿{pay} {amount}:{words}",
    "pay_asked": "申请补偿{pay} {amount},待审批:{words}",
    "pay_granted": "批准补偿{pay} {amount} {words}",
    "pay_refused": "驳回补偿{pay} {amount}:{words}",
    "pay_withdrawn": "撤回补偿申请{pay} {amount}",
    "case_registered": "登记外部投诉:{source} {number},{until} 前答复",
    "case_joined": "并入已登记的外部投诉:{source} {number}",
    "case_merged": "外部投诉 {number} 并入 {into}",
    "reply_written": "外部投诉 {number} 答复第 {version} 版,待审批",
    "reply_approved": "批准外部投诉 {number} 答复第 {version} 版 {words}",
    "reply_refused": "驳回外部投诉 {number} 答复第 {version} 版:{words}",
    "case_answered": "已向{source}提交答复({number})",
    "case_closed": "外部投诉 {number} 结案:{words}",
}
"""By code; a gap is a part, said by its own word where `PARTS` has one."""

PARTS: Mapping[str, Mapping[str, str]] = {
    "verdict": {"solved": "已解决", "unsolved": "未解决"},
    "target": {"first_response": "首次响应", "next_response": "后续响应", "resolution": "解决"},
    "grade": {"ordinary": "一般", "major": "重大", "crisis": "危机"},
    "clock": {"first_contact": "首次联系", "plan": "处理方案", "close": "结案"},
    "step": {
        "handler": "处理人", "lead": "组长", "supervisor": "主管", "specialist": "客诉专员", "legal": "法务",
    },
    "pay": {"coupon": "优惠券", "refund": "退补款", "goods": "补发", "points": "积分"},
    "source": {
        "12315": "12315", "12345": "12345", "consumer": "消协", "miit": "工信部", "heimao": "黑猫投诉",
        "platform": "平台介入",
    },
    "why": {
        "asked": "客户要求人工", "words": "提到需人工处理的内容", "complaint": "涉及投诉", "unsolved": "客户表示未解决",
        "failed": "没有找到答案", "file": "客户发来文件", "off": "智能助手已停用", "crisis": "投诉处理中",
        "refused": "答复未通过敏感词检查",
    },
    "act": {"authorization_revoked": "撤回授权", "authorization_cancelled": "注销账号"},
    "stage": {"warning": "即将超时", "breach": "已超时", "late": "已超时 {minutes} 分钟"},
}  # fmt: skip


class Line(str):
    """A sentence of ours: its words wherever text is wanted, and what makes it in another language."""

    __slots__ = ("code", "parts")
    code: str
    parts: dict[str, str]

    def __new__(cls, words: str, code: str, parts: Mapping[str, str]) -> Line:
        made = super().__new__(cls, words)
        made.code, made.parts = code, dict(parts)
        return made


def line(code: str, **parts: object) -> Line:
    facts = {name: str(part) for name, part in parts.items()}
    said = {name: PARTS.get(name, {}).get(part, part) for name, part in facts.items()}
    if "stage" in said:
        said["stage"] = said["stage"].format(**facts)
    return Line(LINES[code].format(**said), code, facts)
