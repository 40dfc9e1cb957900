"""Conversations over HTTP: lists, the thread, replies, notes, the end with its 服务小结."""

from yizhan.web.conversations import handlers, reaching, recalling
from yizhan.web.conversations.saying import end, say
from yizhan.web.conversations.shapes import NewMessage

routes = (*handlers.routes, *reaching.routes, *recalling.routes)

__all__ = ["NewMessage", "end", "routes", "say"]
