"""What the numbers mean that 企业微信 answers with. Its words change, its numbers do not. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from yizhan.desk.outbound import ErrorClass

E = ErrorClass


class Meaning(NamedTuple):
    error_class: ErrorClass
    zh: str
    en: str


CODES: Mapping[int, Meaning] = {
    -1: Meaning(E.TRANSIENT, "企业微信系统繁忙", "WeCom is busy"),
    40001: Meaning(E.AUTH, "Secret 不正确", "the secret is wrong"),
    40003: Meaning(E.RECIPIENT, "成员不存在", "there is no such member"),
    40004: Meaning(E.CONTENT, "不支持的媒体类型", "this kind of file is not taken"),
    40006: Meaning(E.CONTENT, "文件大小不符合要求", "the file is too large or too small"),
    40007: Meaning(E.BAD_REQUEST, "媒体文件已失效", "the vendor no longer has the file"),
    40008: Meaning(E.BAD_REQUEST, "不支持的消息类型", "this type of message is not taken"),
    40013: Meaning(E.AUTH, "企业 ID 不正确", "the CorpID is wrong"),
    40014: Meaning(E.AUTH, "access_token 无效", "the access token is not valid"),
    40056: Meaning(E.AUTH, "应用编号不正确", "the AgentID is wrong"),
    40058: Meaning(E.BAD_REQUEST, "参数不符合要求", "a parameter is wrong"),
    40096: Meaning(E.RECIPIENT, "客户编号不正确", "the customer's id is wrong"),
    41001: Meaning(E.AUTH, "缺少 access_token", "the access token is missing"),
    42001: Meaning(E.AUTH, "access_token 已过期", "the access token has expired"),
    44004: Meaning(E.CONTENT, "文本内容为空", "the text is empty"),
    45001: Meaning(E.CONTENT, "媒体文件超过大小限制", "the file is too large"),
    45002: Meaning(E.CONTENT, "消息内容超过长度限制", "the message is too long"),
    45009: Meaning(E.THROTTLE, "接口调用超过频率限制", "too many calls"),
    45033: Meaning(E.THROTTLE, "接口并发调用超过限制", "too many calls at once"),
    48002: Meaning(E.PERMISSION, "应用没有该接口权限", "the application may not call this"),
    48004: Meaning(E.PERMISSION, "应用被停用", "the application is switched off"),
    60011: Meaning(E.PERMISSION, "成员不在应用可见范围", "the member is outside the application's visible range"),
    60020: Meaning(E.PERMISSION, "服务器 IP 不在企业可信 IP 中", "this server's address is not among the trusted IPs"),
    60111: Meaning(E.RECIPIENT, "成员不存在", "there is no such member"),
    81013: Meaning(E.RECIPIENT, "接收人不存在或不在可见范围", "nobody there may receive it"),
    82001: Meaning(E.RECIPIENT, "接收人不存在或不在可见范围", "nobody there may receive it"),
    95000: Meaning(E.BAD_REQUEST, "客服账号不正确", "the open_kfid is wrong"),
    95001: Meaning(E.QUOTA_EXHAUSTED, "48 小时内已发满条数", "all messages of these 48 hours are sent"),
    95002: Meaning(E.WINDOW_CLOSED, "客户超过 48 小时没有来信", "the customer wrote more than 48 hours ago"),
    95004: Meaning(E.BAD_REQUEST, "客服账号不存在", "there is no such 微信客服 account"),
    95007: Meaning(E.TRANSIENT, "拉取凭证已失效", "the token of the callback has expired"),
    95011: Meaning(E.PERMISSION, "微信客服已在企业微信中使用", "微信客服 is used inside WeCom"),
    95012: Meaning(E.PERMISSION, "微信客服未在企业微信中启用", "微信客服 is not used inside WeCom"),
    95013: Meaning(E.WINDOW_CLOSED, "会话已结束, 等待客户再次来信", "the session has ended; wait for the customer"),
    95014: Meaning(E.BAD_REQUEST, "接待人员未激活或未在接待", "the servicer is not active"),
    95016: Meaning(E.BAD_REQUEST, "会话状态不能这样变更", "the session cannot change to this state"),
    95017: Meaning(E.PERMISSION, "客服账号未开启 API 管理", "the account is not managed by API"),
    95018: Meaning(E.PERMISSION, "会话已转入企业微信接待", "the session is served inside WeCom"),
}  # fmt: skip

TOKEN_BAD = frozenset({40014, 41001, 42001})
SECRET_WRONG = frozenset({40001, 40013})
TRANSIENT = frozenset({-1})
FETCH_GONE = frozenset({40007, 40058})
PULL_TOKEN_BAD = 95007
STATE_WRONG = 95018


def class_of(errcode: int) -> ErrorClass:
    known = CODES.get(errcode)
    return known.error_class if known is not None else ErrorClass.BAD_REQUEST


def words_of(errcode: int) -> str:
    known = CODES.get(errcode)
    return f"{known.zh} ({known.en})" if known is not None else ""
