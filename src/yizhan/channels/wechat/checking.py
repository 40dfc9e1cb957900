"""Tries the settings of a 公众号 or 小程序 for real, and says for each fault where in the console it is mended."""

from __future__ import annotations

from yizhan.channels.wechat.api import WeChatApi
from yizhan.channels.wechat.errors import MEANINGS, WeChatRefused
from yizhan.foundation.errors import DomainError
from yizhan.records.inboxes import Check

_HINTS = {
    40164: (
        "把本服务器的出口 IP 加入「基本配置 › IP 白名单」",
        "add the outgoing IP address of this server to the IP allow-list",
    ),
    61004: (
        "把本服务器的出口 IP 加入「基本配置 › IP 白名单」",
        "add the outgoing IP address of this server to the IP allow-list",
    ),
    40243: ("AppSecret 已冻结，到后台解冻", "the AppSecret is frozen: lift that in the console"),
    40013: ("核对 AppID", "compare the AppID with the console"),
    40125: ("核对或重置 AppSecret", "compare the AppSecret with the console, or reset it"),
    40001: ("核对或重置 AppSecret", "compare the AppSecret with the console, or reset it"),
    48001: ("需要已认证且开通「客服消息」的账号", "the account has to be verified and to have customer messages"),
}
_NOT_LISTED = frozenset({40164, 61004})
_DEAF = ("不一致时粉丝会看到“该公众号提供的服务出现故障”",
         "while they differ, WeChat tells people that the service of this account is out of order")  # fmt: skip
_MUTE = ("在此之前客户能来信，收不到回复", "until then people can write and get no answer")
_NOBODY = "o" + "0" * 27
# Of somebody who does not exist: the vendor says so only to who may write to people at all.
_MAY_WRITE = frozenset({40003, 45015, 45047, 45080, 45081, 45072, 43004})


async def check_account(api: WeChatApi, *, token: str, aes_key: str, plain: bool) -> list[Check]:
    """Allow-list, token and permission apart, with what people see on their phones meanwhile."""
    checks = [
        _given(
            "token",
            bool(token),
            f"填写与后台一致的 Token；{_DEAF[0]}",
            f"set the Token as the console has it; {_DEAF[1]}",
        ),
        _given(
            "aes_key",
            bool(aes_key),
            f"填写与后台一致的 EncodingAESKey；{_DEAF[0]}",
            f"set the EncodingAESKey as the console has it; {_DEAF[1]}",
        ),
        _given(
            "safe_mode", not plain, "仅试用时可关闭加密", "messages without encryption can be forged: for trials only"
        ),
    ]
    try:
        await api.ask_token()
    except DomainError as wrong:
        return [*checks, _refusal("allow_list" if _code(wrong) in _NOT_LISTED else "access_token", wrong)]
    return [*checks, Check("allow_list", True), Check("access_token", True), await _may_write(api)]


async def _may_write(api: WeChatApi) -> Check:
    try:
        await api.post("/cgi-bin/message/custom/typing", {"touser": _NOBODY, "command": "CancelTyping"})
    except WeChatRefused as refused:
        if refused.errcode in _MAY_WRITE:
            return Check("custom_send", True)
        return _refusal("custom_send", refused)
    except DomainError as wrong:
        return _refusal("custom_send", wrong)
    return Check("custom_send", True)


def _given(name: str, ok: bool, zh: str, en: str) -> Check:
    return Check(name, ok) if ok else Check(name, False, "", zh, en)


def _refusal(name: str, wrong: DomainError) -> Check:
    code = _code(wrong)
    known = MEANINGS.get(code)
    zh, en = _HINTS.get(code, (known.words.zh, known.words.en) if known is not None else ("", ""))
    if zh:
        zh, en = f"{zh}；{_MUTE[0]}", f"{en}; {_MUTE[1]}"
    return Check(name, False, wrong.message, zh, en)


def _code(wrong: DomainError) -> int:
    head = wrong.message.partition(" ")[0]
    return int(head) if head.lstrip("-").isdigit() else 0
