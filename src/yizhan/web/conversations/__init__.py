"""Conversations over HTTP: lists, the thread, replies, notes, the end with its 服务小结."""

from yizhan.web.conversations.handlers import routes

__all__ = ["routes"]
