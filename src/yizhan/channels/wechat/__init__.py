"""The WeChat family: 公众号 (`mp`), 小程序 (`mini`), 微信客服 (`kf`), 企业微信 (`wecom`) and its groups.

One folder, since they share signatures, encryption and XML (`crypto`, `xml`); each below is a channel of its own.
"""

from yizhan.channels.wechat.mini import (
    LoggedIn,
    WeChatProfile,
    WeChatUnready,
    ensure_signed,
    log_in,
    phone_behind,
    phone_of,
    unsealed,
)
from yizhan.channels.wechat.mp import WeChatPage, signed_page

__all__ = [
    "LoggedIn",
    "WeChatPage",
    "WeChatProfile",
    "WeChatUnready",
    "ensure_signed",
    "log_in",
    "phone_behind",
    "phone_of",
    "signed_page",
    "unsealed",
]
