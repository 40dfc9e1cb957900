"""Addresses we stopped writing to: why, and a person's word that they may be written to again."""

from yizhan.web.suppressions.handlers import routes

__all__ = ["routes"]
