"""The blacklist over HTTP: reports on messages, the list, its weekly review."""

from yizhan.web.blocks.handlers import routes

__all__ = ["routes"]
