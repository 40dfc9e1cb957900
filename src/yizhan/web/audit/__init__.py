"""The audit page: the journal, filtered, newest first."""

from yizhan.web.audit.handlers import read_audit

routes = [read_audit]

__all__ = ["routes"]
