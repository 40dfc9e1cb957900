"""Quick replies over HTTP: the library of who asks, one's own, and what fills the gaps of a conversation."""

from yizhan.web.quick_replies.handlers import known_in, routes

__all__ = ["known_in", "routes"]
