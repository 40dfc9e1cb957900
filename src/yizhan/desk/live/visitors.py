"""Sockets of visitors. One visitor may have several tabs open; what he sees hangs on his identity in one inbox.

Before the first message he has no identity yet: then he is known by the blind index his identity will carry.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from uuid import UUID

from yizhan.desk.live.model import QueuePlace
from yizhan.desk.live.outlet import Outlet
from yizhan.desk.views import ConversationRow

_MOST_PLACES = 20_000


class VisitorSocket:
    """One tab, or one poll of it."""

    def __init__(self) -> None:
        self.outlet = Outlet()
        self.told: str | None = None  # the last state sent, so that an unchanged one is not sent again
        self.ready = False  # until it was welcomed, what is sent is what it will be told then


class Visitor:
    """A visitor with at least one socket in this process."""

    def __init__(self, blind: bytes, inbox_id: UUID) -> None:
        self.blind = blind
        self.inbox_id = inbox_id
        self.identity_id: UUID | None = None
        self.identities: tuple[UUID, ...] = ()  # his own, and who he was before he signed in
        self.conversation: ConversationRow | None = None
        self.asked: UUID | None = None  # in which running conversation an agent asked him for a rating
        self.sockets: set[VisitorSocket] = set()

    @property
    def queueing(self) -> UUID | None:
        """The conversation he waits in."""
        waits = self.conversation is not None and self.conversation.phase == "queued"
        return self.conversation.id if waits and self.conversation else None

    def send(self, frames: list[str]) -> None:
        for socket in self.sockets:
            if socket.ready:
                socket.outlet.put(frames)

    def tell(self, state: str) -> None:
        for socket in self.sockets:
            if socket.ready and socket.told != state:
                socket.told = state
                socket.outlet.put([state])


class Visitors:
    """The index of all visitors in this process."""

    def __init__(self) -> None:
        self._by_blind: dict[bytes, Visitor] = {}
        self._by_identity: dict[UUID, tuple[Visitor, ...]] = {}
        self._unnamed: set[Visitor] = set()
        self._places: OrderedDict[UUID, int] = OrderedDict()

    def enter(self, socket: VisitorSocket, blind: bytes, inbox_id: UUID) -> Visitor:
        visitor = self._by_blind.get(blind)
        if visitor is None:
            visitor = self._by_blind[blind] = Visitor(blind, inbox_id)
            self._unnamed.add(visitor)
        visitor.sockets.add(socket)
        return visitor

    def leave(self, visitor: Visitor, socket: VisitorSocket) -> None:
        visitor.sockets.discard(socket)
        if not visitor.sockets:
            self._by_blind.pop(visitor.blind, None)
            self._unname(visitor)

    def name(self, visitor: Visitor, identity_id: UUID, *before: UUID) -> None:
        """The visitor now has an identity, and may have had others until he signed in."""
        self._unname(visitor)
        visitor.identity_id = identity_id
        visitor.identities = (identity_id, *before)
        for id in visitor.identities:
            self._by_identity[id] = (*self.of_identity(id), visitor)

    def of_identity(self, identity_id: UUID | None) -> tuple[Visitor, ...]:
        """One visitor, but for a browser in which one tab is signed in and another is not yet."""
        return self._by_identity.get(identity_id, ()) if identity_id else ()

    def _unname(self, visitor: Visitor) -> None:
        self._unnamed.discard(visitor)
        for id in visitor.identities:
            left = tuple(other for other in self.of_identity(id) if other is not visitor)
            if left:
                self._by_identity[id] = left
            else:
                self._by_identity.pop(id, None)

    def of_blind(self, blind: bytes) -> Visitor | None:
        return self._by_blind.get(blind)

    @property
    def has_unnamed(self) -> bool:
        return bool(self._unnamed)

    def queued(self) -> Iterator[Visitor]:
        for visitor in self._by_blind.values():
            if visitor.conversation is not None and visitor.conversation.phase == "queued":
                yield visitor

    def clamp(self, conversation_id: UUID, place: QueuePlace) -> QueuePlace:
        """Places given to others must not be seen: within one wait the position only falls."""
        position = min(place.position, self._places.pop(conversation_id, place.position))
        self._places[conversation_id] = position
        if len(self._places) > _MOST_PLACES:
            self._places.popitem(last=False)
        return QueuePlace(position, place.eta_s)

    def forget_places(self, ids: Iterable[UUID]) -> None:
        for id in ids:
            self._places.pop(id, None)

    def __iter__(self) -> Iterator[Visitor]:
        return iter(list(self._by_blind.values()))

    def sockets(self) -> Iterator[VisitorSocket]:
        for visitor in self._by_blind.values():
            yield from visitor.sockets

    def __len__(self) -> int:
        return len(self._by_blind)
