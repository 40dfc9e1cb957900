"""Customers over HTTP: the whole view, links and their undoing, the reasoned reveal."""

from yizhan.web.contacts.handlers import routes

__all__ = ["routes"]
