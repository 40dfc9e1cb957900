"""A visitor's message as the desk takes it in."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from yizhan.channels.webchat.identity import Claims
from yizhan.channels.webchat.settings import CAPABILITY
from yizhan.desk.intake import Attachment, InboundMessage, Sender
from yizhan.foundation.errors import Invalid
from yizhan.foundation.text import clean

KIND = "visitor"
MAX_FILES = 10


def new_visitor() -> str:
    """128 bits nobody guesses: whoever holds it reads this visitor's history."""
    return secrets.token_urlsafe(16)


def sender_of(visitor: str, claims: Claims | None = None) -> Sender:
    """A proved user is the same identity on every device; an unproved visitor is his browser."""
    if claims:
        return Sender(
            kind="user",
            value=claims.user_id,
            inbox_scoped=True,
            rank="primary",
            verified=True,
            masked=f"{claims.user_id[:3]}***",
        )
    return Sender(kind=KIND, value=visitor, inbox_scoped=True, masked="访客")


def dedupe_key(inbox_id: UUID, visitor: str, client_id: str) -> bytes:
    """Equal for every sending of one written message: by socket, by post, by another tab, after days."""
    return sha256(b"\0".join((b"webchat", inbox_id.bytes, visitor.encode(), client_id.encode()))).digest()[:16]


def parse_message(
    inbox_id: UUID,
    sender: Sender,
    name: str,
    now: datetime,
    *,
    client_id: str,
    text: str = "",
    attachments: Sequence[Attachment] = (),
    card: dict[str, Any] | None = None,
    locale: str | None = None,
    origin: dict[str, Any] | None = None,
) -> InboundMessage:
    """Refuses what has no content or no id of its own; text over the limit is refused, never cut."""
    body = clean(text).strip()
    if not client_id or len(client_id) > 64:
        raise Invalid("a message needs an id of its client", "client_id")
    if not body and not attachments and not card:
        raise Invalid("the message is empty", "text")
    if len(body) > CAPABILITY.max_chars:
        raise Invalid(f"the message is longer than {CAPABILITY.max_chars} characters", "text")
    if len(attachments) > MAX_FILES:
        raise Invalid(f"at most {MAX_FILES} files a message", "attachments")
    return InboundMessage(
        inbox_id=inbox_id,
        sender=sender,
        name=name,
        text=body,
        dedupe=dedupe_key(inbox_id, sender.value, client_id),
        at=now,
        received_at=now,
        kind=_kind(body, attachments, card),
        payload={"card": _card(card)} if card else None,
        attachments=tuple(attachments),
        client_id=client_id,
        locale=locale,
        origin=origin or {},
    )


def _kind(text: str, attachments: Sequence[Attachment], card: object) -> str:
    if card:
        return "card"
    if attachments and not text:
        return "image" if all(each.type.startswith("image/") for each in attachments) else "file"
    return "text"


def _card(card: dict[str, Any]) -> dict[str, str]:
    """A product or order of the host page: known fields, plain text, web addresses only."""
    kept = {name: clean(str(card[name]))[:500] for name in ("id", "title", "price", "note") if card.get(name)}
    links = {name: clean(str(card[name]))[:1000] for name in ("url", "image") if card.get(name)}
    return kept | {name: link for name, link in links.items() if link.startswith(("https://", "http://"))}
