"""Why a message that was accepted did not arrive: the `fail_type` of msg_send_fail. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from yizhan.desk.outbound import ErrorClass

E = ErrorClass
FAIL_TYPES: Mapping[str, tuple[ErrorClass, str]] = {
    "0": (E.UNKNOWN, "未知原因 (unknown)"),
    "1": (E.PERMISSION, "客服账号已删除 (the account was deleted)"),
    "2": (E.PERMISSION, "应用已关闭 (the application is switched off)"),
    "4": (E.WINDOW_CLOSED, "客户超过 48 小时没有来信 (the customer wrote more than 48 hours ago)"),
    "5": (E.WINDOW_CLOSED, "会话已结束 (the session has ended)"),
    "6": (E.QUOTA_EXHAUSTED, "已发满 5 条 (five messages were sent)"),
    "7": (E.PERMISSION, "未绑定视频号 (no Channels account is bound)"),
    "8": (E.PERMISSION, "主体未验证 (the owner is not verified)"),
    "9": (E.PERMISSION, "未绑定视频号且主体未验证 (no Channels account is bound, the owner is not verified)"),
    "10": (E.RECIPIENT, "客户已拒收消息 (the customer refuses messages)"),
    "11": (E.PERMISSION, "企业内没有成员登录企业微信 (nobody is logged in to WeCom)"),
    "12": (E.CONTENT, "不允许发送这种消息 (this type may not be sent)"),
}  # fmt: skip


def failed_as(fail_type: str) -> tuple[ErrorClass, str]:
    """A class and words; for a new number unknown, with the number."""
    return FAIL_TYPES.get(fail_type, (ErrorClass.UNKNOWN, f"fail_type {fail_type}"))
