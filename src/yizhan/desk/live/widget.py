"""What a visitor sees of rows that agents see whole. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol
from urllib.parse import quote
from uuid import UUID

from yizhan.desk.live.model import QueuePlace, WidgetAttachment, WidgetConversation, WidgetMessage
from yizhan.desk.views import ConversationRow, MessageRow

OPEN_TO_VISITOR = frozenset({"in", "out", "system"})
ASKED_WITHIN = timedelta(hours=24)
_SHOWN_PAYLOAD = frozenset({"options", "card", "event"})
_SENDERS = {"customer": "customer", "agent": "agent", "bot": "bot"}


class FileLinks(Protocol):
    """Makes the address at which the visitor of an identity may read one file."""

    def __call__(self, identity_id: UUID, digest: str, name: str) -> str: ...


def widget_message(row: MessageRow, links: FileLinks) -> WidgetMessage:
    recalled = row.recalled_at is not None
    sender = _SENDERS.get(row.author.kind, "system") if row.direction != "system" else "system"
    return WidgetMessage(
        id=row.id,
        conversation_id=row.conversation_id,
        from_=sender,
        name=row.author.name if sender == "agent" else "",
        kind="recalled" if recalled else row.kind,
        text=row.text,
        attachments=[_attachment(each, row.identity_id, links) for each in row.attachments],
        at=row.at,
        client_id=row.client_id if sender == "customer" else None,
        delivery=_delivery(row),
        payload=_shown(row),
    )


def widget_conversation(
    row: ConversationRow, place: QueuePlace | None, *, survey: bool, answered: bool = False
) -> WidgetConversation:
    """`answered` folds the form of a visitor who comes back after rating; in the window it stays open for a change."""
    return WidgetConversation(
        id=row.id,
        phase=row.phase,
        agent_name=row.agent_name if row.phase in ("served", "ended") else None,
        queue=place if row.phase == "queued" else None,
        survey=survey and not (answered and row.rating),
        rating=_rating(row.rating),
    )


def _attachment(kept: Mapping[str, Any], identity_id: UUID, links: FileLinks) -> WidgetAttachment:
    name = str(kept.get("name") or "file")
    return WidgetAttachment(
        name, str(kept.get("type") or "application/octet-stream"), int(kept.get("size") or 0),
        links(identity_id, str(kept.get("hash") or ""), name),
    )  # fmt: skip


def _delivery(row: MessageRow) -> str:
    """Of our own sending only what concerns the reader: it lies before him."""
    return "failed" if row.direction == "in" and row.delivery == "failed" else "sent"


def _shown(row: MessageRow) -> dict[str, Any] | None:
    said = row.payload or {}
    kept = {key: value for key, value in said.items() if key in _SHOWN_PAYLOAD}
    if row.kind == "order" and row.recalled_at is None:
        kept["card"] = _order_card(said)
    return kept or None


def _order_card(said: Mapping[str, Any]) -> dict[str, str]:
    """An order looks as a product does, with its number and state below."""
    told = {name: str(said.get(name) or "") for name in ("number", "title", "price", "state", "url")}
    card = {
        "id": told["number"], "title": told["title"] or told["number"], "price": told["price"], "url": told["url"],
        "note": " · ".join(filter(None, (told["number"], told["state"]))),
    }  # fmt: skip
    return {name: value for name, value in card.items() if value}


def _rating(rating: dict[str, Any] | None) -> dict[str, Any] | None:
    if rating is None:
        return None
    return {
        "solved": rating.get("solved"),
        "stars": rating.get("stars"),
        "tags": rating.get("tags") or [],
        "comment": rating.get("comment") or "",
    }


def file_address(digest: str, name: str, token: str) -> str:
    return f"/widget/files/{digest}?name={quote(name)}&token={token}"
