"""Promises 承诺 over HTTP: recognised while an agent types, given, kept, withdrawn, owed, and the report."""

from yizhan.web.promises.handlers import routes

__all__ = ["routes"]
