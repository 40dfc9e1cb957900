"""Macros 快捷操作 over HTTP: what each would do with a ticket, and doing it: all of it or nothing."""

from yizhan.web.macros.handlers import routes

__all__ = ["routes"]
