"""The audit page: the journal, filtered, newest first, and its proof."""

from yizhan.web.audit.handlers import prove_audit, read_audit

routes = [read_audit, prove_audit]

__all__ = ["routes"]
