"""Weibo 微博: private messages pushed to us, and below `comments` what people write in public, which is asked for.

A uid is the same in both, so whoever comments and then writes privately is one contact.
"""

from yizhan.channels.weibo.adapter import ADAPTER
from yizhan.channels.weibo.parse import KIND
from yizhan.channels.weibo.render import render
from yizhan.channels.weibo.settings import WeiboSecrets, WeiboSettings
from yizhan.channels.weibo.signature import Nonces, sign, verify

__all__ = ["ADAPTER", "KIND", "Nonces", "WeiboSecrets", "WeiboSettings", "render", "sign", "verify"]
