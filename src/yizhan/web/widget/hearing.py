"""What a visitor's client says, one frame after the other, whatever line it came by."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.live import Signal
from yizhan.desk.trail import WireItem, cleaned
from yizhan.foundation.clock import Clock
from yizhan.foundation.errors import DomainError, Invalid, RateLimited
from yizhan.foundation.text import clean
from yizhan.web.guards import Connection
from yizhan.web.services import Services
from yizhan.web.widget import verbs
from yizhan.web.widget.door import Guest
from yizhan.web.widget.leave import leave, say_or_leave
from yizhan.web.widget.presence import begin_visit, stirs, visit_of
from yizhan.web.widget.shapes import (
    AssistantFrame,
    ConsentFrame,
    EndFrame,
    HumanFrame,
    InviteFrame,
    LeaveFrame,
    MessageFrame,
    PingFrame,
    ProfileFrame,
    PushFrame,
    RateFrame,
    ReadFrame,
    TrailFrame,
    TypingFrame,
    VisitorFrame,
)
from yizhan.web.widget_memory import Page

_frames: msgspec.json.Decoder[VisitorFrame] = msgspec.json.Decoder(VisitorFrame)


class Malformed(Invalid):
    """Not a frame of the protocol."""

    code = "malformed"


class Hearing:
    """`hear` answers with frames for this client alone. What it acknowledges is durable."""

    def __init__(self, services: Services, guest: Guest, connection: Connection) -> None:
        self._services = services
        self._guest = guest
        self._connection = connection
        self._clock: Clock = services.clock

    async def hear(self, text: str | bytes) -> list[str]:
        """Raises Malformed for what is no frame at all; other refusals are answers."""
        frame = self.read(text)
        client_id: str = getattr(frame, "client_id", "")
        try:
            self._spend(frame)
            await stirs(self._services, self._guest)
            message_id = await self._take(frame, self._clock.now())
        except DomainError as refusal:
            return [_encoded({"t": "error", "code": refusal.code, "detail": refusal.message, "client_id": client_id})]
        if not client_id:
            return []
        pos = str(self._services.the_hub.at)
        return [_encoded({"t": "ack", "client_id": client_id, "message_id": message_id, "pos": pos})]

    def read(self, text: str | bytes) -> VisitorFrame:
        try:
            return _frames.decode(text)
        except (msgspec.DecodeError, UnicodeError) as error:
            raise Malformed(str(error)) from None

    def _spend(self, frame: VisitorFrame) -> None:
        """Trails and typing are dropped in a flood, by whom it comes; a message is told to wait."""
        key = self._guest.blind.hex()
        widgets = self._services.widgets
        wait = widgets.frames.take(key)
        if not wait and isinstance(frame, MessageFrame | HumanFrame | LeaveFrame):
            wait = widgets.messages.take(key)
        if wait:
            raise RateLimited(wait, "too much in too little time")

    async def _take(self, frame: VisitorFrame, now: datetime) -> UUID | None:
        services, guest = self._services, self._guest
        match frame:
            case MessageFrame():
                return (await say_or_leave(services, guest, frame, now)).message_id
            case HumanFrame():
                await verbs.ask_for_a_person(services, guest, now, frame.client_id)
            case AssistantFrame():
                await verbs.ask_the_assistant(services, guest, now)
            case EndFrame():
                await verbs.end(services, guest, now)
            case RateFrame():
                await verbs.rate(services, guest, frame, now)
            case ProfileFrame():
                await verbs.introduce(services, guest, frame, now)
            case InviteFrame():
                await verbs.answer_invite(services, guest, frame, now)
            case LeaveFrame():
                await leave(services, guest, frame, now)
            case ReadFrame():
                await verbs.read(services, guest, frame.message_id, now)
            case TypingFrame():
                await self._typing()
            case TrailFrame():
                await self.trail(frame.items, now, frame.sent_at)
            case ConsentFrame():
                await verbs.consent(services, guest, frame.granted)
            case PushFrame():
                await verbs.register_device(services, guest, frame, now)
            case PingFrame():
                await self._seen(now)
        return None

    async def _typing(self) -> None:
        hub = self._services.the_hub
        visitor = hub.visitors.of_blind(self._guest.blind)
        if visitor is not None and visitor.conversation is not None and visitor.conversation.phase != "ended":
            await stirs(self._services, self._guest, busy=True)
            await hub.signal(Signal(kind="typing", conversation_id=visitor.conversation.id, who="customer"))

    async def trail(self, items: list[WireItem], now: datetime, sent_at: datetime | None = None) -> None:
        services, guest = self._services, self._guest
        if services.trail is None or not guest.door.settings.tracking or not items:
            return
        visit = await visit_of(services, guest, now)
        if visit is None:
            await begin_visit(services, guest, self._connection, items[0].url, "", "", now)
            visit = services.widgets.visits.get(guest.blind)
        kept = cleaned(items, now, sent_at)
        page = next((item for item in reversed(kept) if item.kind == "page"), None)
        if page is not None:
            known = services.widgets.pages.get(guest.blind)
            services.widgets.pages.put(guest.blind, Page(page.url, page.title, known.referrer if known else ""))
        if visit is not None:
            services.trail.add(visit, kept)

    async def _seen(self, now: datetime) -> None:
        visit = await visit_of(self._services, self._guest, now)
        if visit is not None and self._services.trail is not None:
            self._services.trail.touch(visit, now)


def _encoded(frame: dict[str, object]) -> str:
    return msgspec.json.encode({k: clean(v) if isinstance(v, str) else v for k, v in frame.items()}).decode()
