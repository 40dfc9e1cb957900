"""引用回复: a reply that says which message it answers, as the channel can."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from yizhan.desk import serving, views
from yizhan.desk.channels import Capabilities
from yizhan.desk.views import MessageRow
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.records import outbox
from yizhan.records.agents import Viewer
from yizhan.records.conversations import Conversation
from yizhan.web.conversations.shapes import NewMessage
from yizhan.web.seen import seen_conversation

_MAIL = "email"


async def quoting(
    tx: Tx, viewer: Viewer, c: Conversation, data: NewMessage, can: Capabilities | None
) -> tuple[str, dict[str, Any] | None]:
    """The words that go, and what is kept beside them where the vendor shows the quotation itself."""
    if data.quote is None:
        return data.text, None
    said = await _quotable(tx, viewer, c, data.quote, data.ticket_id)
    short = serving.excerpt(said.text, said.attachments)
    if can is not None and can.quote and said.conversation_id == c.id:
        vendor_id = await outbox.vendor_id_of(tx, said.id)
        if vendor_id:
            return data.text, {
                "message_id": str(said.id), "name": said.author.name, "text": short, "vendor_id": vendor_id,
            }  # fmt: skip
    if c.channel == _MAIL and not data.note:
        return serving.as_mail(said.text or short, data.text), None
    return serving.in_words(short, data.text), None


async def _quotable(tx: Tx, viewer: Viewer, c: Conversation, id: UUID, ticket_id: UUID | None) -> MessageRow:
    """Raises Invalid for what this customer has never read."""
    rows = await views.messages_by_id(tx, [id])
    if rows and rows[0].direction in ("in", "out") and rows[0].recalled_at is None:
        row = rows[0]
        if row.conversation_id == c.id:
            return row
        await seen_conversation(tx, viewer, row.conversation_id)
        if row.contact_id == c.contact_id or (row.ticket_id is not None and row.ticket_id in (ticket_id, c.ticket_id)):
            return row
    raise Invalid("this message cannot be quoted here: choose another, or answer without a quotation", "quote")
