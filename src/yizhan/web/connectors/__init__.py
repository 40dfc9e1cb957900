"""Connectors over HTTP: how each stands, its secrets (written, never read), a test, its runs, and looking customers up.

The documents themselves are configuration and stand under /config.
"""

from yizhan.web.connectors.handlers import routes

__all__ = ["routes"]
