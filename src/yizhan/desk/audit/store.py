"""Reading the journal backwards."""

from yizhan.desk.audit.model import AuditEntry, AuditFilter
from yizhan.foundation.db import Tx, load_queries
from yizhan.records.agents import Scope, Viewer

SQL = load_queries(__package__)


async def audit_page(tx: Tx, viewer: Viewer, wanted: AuditFilter) -> list[AuditEntry]:
    """Newest first. A viewer of less than the whole house reads of his teams, his brands and himself."""
    teams = viewer.team_ids if viewer.scope in (Scope.TEAM, Scope.BRAND) else ()
    brands = viewer.brand_ids if viewer.scope is Scope.BRAND else ()
    rows = await tx.fetch(
        SQL.audit_page,
        viewer.scope is Scope.ALL,
        list(teams),
        list(brands),
        viewer.agent_id,
        wanted.kind,
        wanted.subject,
        wanted.actor,
        wanted.agent_id,
        wanted.contact_id,
        wanted.conversation_id,
        wanted.ticket_id,
        wanted.since,
        wanted.until,
        wanted.before,
        wanted.limit,
    )
    return [AuditEntry(*row.values()) for row in rows]
