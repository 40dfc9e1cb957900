"""A letter for an adapter under test."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from yizhan.desk.outbound import Letter

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def a_letter(to: str, text: str = "明天到", **more: Any) -> Letter:
    given = {
        "message_id": UUID(int=3), "conversation_id": UUID(int=4), "ticket_id": None, "inbox_id": UUID(int=77),
        "attempt": 1, "at": NOW, "to_name": "王晓燕", "author": "agent:x", "author_name": "林一", "kind": "text",
    }  # fmt: skip
    return Letter(to=to, text=text, **{**given, **more})
