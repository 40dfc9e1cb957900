"""Promises 承诺 over HTTP: recognised while an agent types, given, kept, withdrawn, owed, and the report."""

from yizhan.web.promises.handlers import routes
from yizhan.web.promises.parts import PromisePart

__all__ = ["PromisePart", "routes"]
