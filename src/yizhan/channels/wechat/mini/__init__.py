"""小程序客服: what users write from within a mini-program, as XML or JSON, and the cards that bring them back to it."""

from yizhan.channels.wechat.mini.adapter import ADAPTER
from yizhan.channels.wechat.mini.parse import hear, parse
from yizhan.channels.wechat.mini.render import plan
from yizhan.channels.wechat.mini.settings import MiniSecrets, MiniSettings

__all__ = ["ADAPTER", "MiniSecrets", "MiniSettings", "hear", "parse", "plan"]
