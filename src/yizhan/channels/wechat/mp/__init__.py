"""微信公众号: what followers write, do and tap comes in encrypted; answers go out as customer messages."""

from yizhan.channels.wechat.mp.adapter import ADAPTER
from yizhan.channels.wechat.mp.pages import WeChatPage, page_signature, signed_page
from yizhan.channels.wechat.mp.parse import hear, parse
from yizhan.channels.wechat.mp.render import plan
from yizhan.channels.wechat.mp.settings import MpSecrets, MpSettings

__all__ = [
    "ADAPTER",
    "MpSecrets",
    "MpSettings",
    "WeChatPage",
    "hear",
    "page_signature",
    "parse",
    "plan",
    "signed_page",
]
