"""审计: who did what and when. A view of the journal, not another table; reading only."""

from yizhan.desk.audit.model import AuditEntry, AuditFilter
from yizhan.desk.audit.store import audit_page

__all__ = ["AuditEntry", "AuditFilter", "audit_page"]
