"""Conversations over HTTP: lists, the thread, replies, notes, the end with its 服务小结."""

from yizhan.web.conversations import handlers, reaching, recalling

routes = (*handlers.routes, *reaching.routes, *recalling.routes)

__all__ = ["routes"]
