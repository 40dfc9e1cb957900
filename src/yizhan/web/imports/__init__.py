"""Imports over HTTP: a file in parts, a look into it, a dry run, the real one, and what was refused."""

from yizhan.web.imports.handlers import routes

__all__ = ["routes"]
