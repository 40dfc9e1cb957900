"""Douyin 抖音: private messages that are answered one by one, and below `comments` what stands under the videos.

It ships switched off: Douyin gives the permission for messages to few applications.
"""

from yizhan.channels.douyin.adapter import ADAPTER
from yizhan.channels.douyin.parse import KIND
from yizhan.channels.douyin.render import render
from yizhan.channels.douyin.settings import DouyinSecrets, DouyinSettings
from yizhan.channels.douyin.signature import sign, verify

__all__ = ["ADAPTER", "KIND", "DouyinSecrets", "DouyinSettings", "render", "sign", "verify"]
