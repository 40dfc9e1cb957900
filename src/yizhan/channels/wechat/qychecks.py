"""The settings tried for real: whether the secret opens, from this address, with these permissions."""

from __future__ import annotations

import re

from yizhan.channels.wechat.crypto import AES_KEY_PATTERN
from yizhan.channels.wechat.qyapi import Refused, granted
from yizhan.desk.channels import Line
from yizhan.foundation.errors import DomainError, Invalid
from yizhan.records.inboxes import Check

_NOT_LISTED = 60020
HINTS = {
    40001: ("核对应用 Secret", "check the application's secret"),
    40013: ("核对企业 ID", "check the CorpID"),
    60020: (
        "把本服务器出口 IP 加入应用的企业可信 IP",
        "add this server's public address to the application's trusted IPs",
    ),
    48002: ("给应用开通该接口的权限", "give the application the permission for this"),
    95000: ("核对客服账号 ID", "check the open_kfid"),
    95017: ("把客服账号设为通过 API 管理", "have the account managed by API"),
}


def refused(name: str, failure: DomainError) -> Check:
    """An address that is not trusted is refused whatever is asked for: then that is what failed."""
    zh, en = HINTS.get(failure.errcode, ("", "")) if isinstance(failure, Refused) else ("", "")
    is_unlisted = isinstance(failure, Refused) and failure.errcode == _NOT_LISTED
    return Check("allow_list" if is_unlisted else name, False, failure.message, zh, en)


async def connection(line: Line) -> Check:
    """A token is asked for."""
    try:
        await granted(line)
    except Refused as failure:
        return refused("token", failure)
    except DomainError as failure:
        detail = "the answer is none of 企业微信" if isinstance(failure, Invalid) else failure.message
        return Check("token", False, detail, "核对接口地址和网络", "check the address of the API and the network")
    return Check("token", True)


def callback(line: Line) -> Check:
    """What callbacks are opened with looks as it should."""
    secrets = line.account.secrets
    fine = bool(secrets.token) and re.match(AES_KEY_PATTERN, secrets.aes_key) is not None
    return Check(
        "callback", fine, "", "" if fine else "填写回调的 Token 和 43 位 EncodingAESKey",
        "" if fine else "enter the callback's Token and its EncodingAESKey of 43 characters",
    )  # fmt: skip
