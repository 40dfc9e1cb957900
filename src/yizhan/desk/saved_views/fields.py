"""What a view may ask about a ticket: of the one vocabulary what a list of all tickets can be asked for."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from yizhan.desk.views import WORK_FIELDS
from yizhan.foundation.conditions import Field, FieldSet, FieldType

_COLUMNS = {
    "status": "t.status", "channel": "t.channel", "priority": "t.priority", "type": "t.type", "types": "f.types",
    "team": "f.team", "tags": "t.tags", "waiting_reason": "t.waiting_reason", "segment": "f.segment",
    "brand": "f.brand",
    "inbox": "f.inbox", "level": "f.level", "agent": "t.agent_id", "owner": "t.owner_id", "order_no": "t.order_no",
    "subject": "t.subject", "created_at": "t.created_at", "waiting_since": "t.waiting_since",
    "next_follow_up": "t.next_follow_up", "repeats": "t.repeats", "chases": "t.chases", "complaint_grade": "f.grade",
}  # fmt: skip
_DUE = Field(
    "due", FieldType.TEXT, "时效", "service level", "f.due", choices=("running", "warned", "breached"), closed=True
)
_WORDS = Field("text", FieldType.TEXT, "标题或最近一句", "subject or last words", "f.words")


def _fields() -> Iterator[Field]:
    for name, column in _COLUMNS.items():
        field = WORK_FIELDS.find(name)
        assert field is not None, name
        yield replace(field, column=column)
    yield from (_DUE, _WORDS)


VIEW_FIELDS = FieldSet(_fields())
