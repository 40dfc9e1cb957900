"""Outlets over HTTP: how each does, its secrets (written, never read), a test, and what left through it.

The documents themselves are configuration and stand under /config.
"""

from yizhan.web.outlets.handlers import routes

__all__ = ["routes"]
