"""小程序客服: what users write from within a mini-program, as XML or JSON, and the cards that bring them back to it.

A user of a mini-program who chats through our SDK instead is known by his log-in there: `log_in` and what its page
hands over.
"""

from yizhan.channels.wechat.mini.adapter import ADAPTER
from yizhan.channels.wechat.mini.parse import hear, parse
from yizhan.channels.wechat.mini.profile import WeChatProfile, ensure_signed, phone_of, unsealed
from yizhan.channels.wechat.mini.render import plan
from yizhan.channels.wechat.mini.settings import MiniSecrets, MiniSettings
from yizhan.channels.wechat.mini.visitors import CodeRefused, LoggedIn, WeChatUnready, log_in, phone_behind

__all__ = [
    "ADAPTER",
    "CodeRefused",
    "LoggedIn",
    "MiniSecrets",
    "MiniSettings",
    "WeChatProfile",
    "WeChatUnready",
    "ensure_signed",
    "hear",
    "log_in",
    "parse",
    "phone_behind",
    "phone_of",
    "plan",
    "unsealed",
]
