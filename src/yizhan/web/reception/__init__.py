"""The assistant over HTTP: what it tried in a conversation, what it was asked in vain, and how to try it."""

from yizhan.web.reception.handlers import routes

__all__ = ["routes"]
