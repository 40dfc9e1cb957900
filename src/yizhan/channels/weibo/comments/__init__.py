"""Weibo comments and mentions 微博评论与提及: asked for page by page, answered in public."""

from yizhan.channels.weibo.comments.adapter import ADAPTER
from yizhan.channels.weibo.comments.settings import WeiboCommentSecrets, WeiboCommentSettings

__all__ = ["ADAPTER", "WeiboCommentSecrets", "WeiboCommentSettings"]
