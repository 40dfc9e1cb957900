"""Rows and viewers for tests of the hub."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from yizhan.desk.live import AgentSocket, Watch
from yizhan.desk.views import Author, ConversationRow, MessageRow, TicketRow
from yizhan.records.agents import Permission, Scope, Viewer

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
BRAND, OTHER_BRAND, TEAM, OTHER_TEAM = (UUID(int=n) for n in range(1, 5))
ME, COLLEAGUE = UUID(int=10), UUID(int=11)


def viewer(agent: UUID = ME, scope: Scope = Scope.TEAM, *, supervises: bool = False, **more: Any) -> Viewer:
    given: dict[str, Any] = {"team_ids": (TEAM,), "brand_ids": (BRAND,), **more}
    permissions = frozenset({Permission.SUPERVISE}) if supervises else frozenset()
    return Viewer(agent_id=agent, name="林一", permissions=permissions, scope=scope, **given)


def socket(who: Viewer | None = None, **watch: Any) -> AgentSocket:
    async def fine() -> bool:
        return True

    made = AgentSocket(who or viewer(), fine)
    made.watch = Watch(**watch)
    return made


def conversation(**more: Any) -> ConversationRow:
    fields: dict[str, Any] = dict.fromkeys(ConversationRow.__struct_fields__)
    fields |= {
        "id": uuid4(), "version": 1, "phase": "served", "live": True, "channel": "webchat", "inbox_id": UUID(int=20),
        "inbox_name": "官网", "contact_id": UUID(int=30), "contact_name": "王晓燕", "contact_level": 0,
        "verified": False, "agent_id": ME, "team_id": TEAM, "brand_id": BRAND, "preview": "在吗", "unread": 1,
        "last_message_at": NOW, "seniority": NOW, "asleep": False, "identity_id": UUID(int=40),
        "identity_kind": "visitor",
        "identity_masked": "访客", **more,
    }  # fmt: skip
    return ConversationRow(**fields)


def ticket(**more: Any) -> TicketRow:
    fields: dict[str, Any] = dict.fromkeys(TicketRow.__struct_fields__)
    fields |= {
        "id": uuid4(), "version": 1, "number": 208000, "subject": "漏水", "status": "new", "priority": 2,
        "type": "other", "channel": "webchat", "contact_id": UUID(int=30), "contact_name": "王晓燕", "contact_level": 0,
        "team_id": TEAM,
        "brand_id": BRAND, "preview": "在吗", "unread": 1, "last_message_at": NOW, "created_at": NOW, "repeats": 0,
        "tags": [], **more,
    }  # fmt: skip
    return TicketRow(**fields)


def message(**more: Any) -> MessageRow:
    fields: dict[str, Any] = dict.fromkeys(MessageRow.__struct_fields__)
    fields |= {
        "id": uuid4(), "conversation_id": uuid4(), "contact_id": UUID(int=30), "identity_id": UUID(int=40),
        "channel": "webchat", "direction": "out", "author": Author("agent", "林一", ME), "kind": "text", "text": "您好",
        "attachments": [], "at": NOW, "delivery": "queued", **more,
    }  # fmt: skip
    return MessageRow(**fields)


LATER = NOW + timedelta(hours=1)
