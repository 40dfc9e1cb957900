"""Sockets of agents, found by what a row says: whose work it is, who watches it, whose lists it belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from uuid import UUID

import msgspec

from yizhan.desk.live.model import ListName, Reach, Watch
from yizhan.desk.live.outlet import Outlet
from yizhan.desk.views import sees
from yizhan.records.agents import Permission, Scope, Viewer

_NOBODY = UUID(int=0)
_MOST_HELD = 1_000


class AgentSocket:
    """One open workbench. `held` are the rows it was sent, with their versions: what may be patched or must go.
    `window` stays the same when its line breaks and it comes back."""

    def __init__(self, viewer: Viewer, recheck: Callable[[], Awaitable[bool]], window: str | None = None) -> None:
        self.viewer = viewer
        self.window = window
        self.session = ""
        self.watch = Watch()
        self.outlet = Outlet()
        self.recheck = recheck
        self._held: dict[UUID, int] = {}

    @property
    def agent_id(self) -> UUID:
        return self.viewer.agent_id

    @property
    def supervises(self) -> bool:
        return self.viewer.may(Permission.SUPERVISE)

    def holds(self, id: UUID) -> int | None:
        return self._held.get(id)

    def hold(self, id: UUID, version: int) -> None:
        self._held[id] = version
        if len(self._held) > _MOST_HELD:
            del self._held[next(iter(self._held))]

    def let_go(self, id: UUID) -> bool:
        return self._held.pop(id, None) is not None


class _Group(msgspec.Struct, frozen=True):
    """Sockets that see the same rows apart from their own work."""

    scope: Scope
    team_ids: tuple[UUID, ...]
    brand_ids: tuple[UUID, ...]
    list: ListName
    queue: bool

    @property
    def eyes(self) -> Viewer:
        return Viewer(
            agent_id=_NOBODY, name="", permissions=frozenset(), scope=self.scope, team_ids=self.team_ids,
            brand_ids=self.brand_ids,
        )  # fmt: skip


class Audience:
    """The index of all sockets of agents in this process."""

    def __init__(self) -> None:
        self.sockets: set[AgentSocket] = set()
        self.guests: dict[UUID, frozenset[UUID]] = {}  # tickets beyond their scope that agents may read just now
        self._by_agent: dict[UUID, set[AgentSocket]] = defaultdict(set)
        self._by_watched: dict[UUID, set[AgentSocket]] = defaultdict(set)
        self._groups: dict[_Group, tuple[Viewer, set[AgentSocket]]] = {}

    def add(self, socket: AgentSocket) -> None:
        self.sockets.add(socket)
        self._by_agent[socket.agent_id].add(socket)
        self._enter(socket)

    def remove(self, socket: AgentSocket) -> None:
        if socket in self.sockets:
            self.sockets.discard(socket)
            _drop(self._by_agent, socket.agent_id, socket)
            self._leave(socket)

    def watch(self, socket: AgentSocket, watch: Watch) -> None:
        self._leave(socket)
        socket.watch = watch
        self._enter(socket)

    def of_agent(self, agent_id: UUID | None) -> set[AgentSocket]:
        return self._by_agent.get(agent_id, set()) if agent_id else set()

    def watching(self, id: UUID | None) -> set[AgentSocket]:
        return self._by_watched.get(id, set()) if id else set()

    def online(self) -> Iterable[UUID]:
        return self._by_agent.keys()

    def supervisors(self) -> set[AgentSocket]:
        return {socket for socket in self.sockets if socket.supervises}

    def of_row(self, reach: Reach, *, listed: bool = True) -> set[AgentSocket]:
        """Own work always; lists and the queue within scope, unless left out; watched things when they may be seen."""
        found = set(self.of_agent(reach.agent_id))
        if listed:
            found |= self.listing(reach)
        return found | self._watchers((reach.ticket_id, reach.conversation_id, reach.contact_id), (reach,))

    def listing(self, reach: Reach) -> set[AgentSocket]:
        """Whose lists or queue the row is in."""
        groups = [group for group, (eyes, _) in self._groups.items() if _listed(group, reach) and sees(eyes, reach)]
        if len(groups) == 1:
            return self._groups[groups[0]][1]
        return set().union(*(self._groups[group][1] for group in groups))

    def of_message(
        self, conversation: Reach | None, ticket: Reach | None, ids: Iterable[UUID | None]
    ) -> set[AgentSocket]:
        """Who serves the conversation, and who watches it, its ticket or its customer and may see one of both."""
        found = set(self.of_agent(conversation.agent_id)) if conversation else set()
        return found | self._watchers(ids, tuple(r for r in (conversation, ticket) if r is not None))

    def includes(self, socket: AgentSocket, reaches: Iterable[Reach]) -> bool:
        """The same as being in `of_row` or `of_message`, asked for one socket that comes back."""
        watched, group = _watched(socket.watch), _group_of(socket)
        for reach in reaches:
            if reach.agent_id == socket.agent_id:
                return True
            shown = not watched.isdisjoint((reach.ticket_id, reach.conversation_id, reach.contact_id))
            if (shown or _listed(group, reach)) and sees(socket.viewer, reach):
                return True
            if shown and self._visits(socket, reach):
                return True
        return False

    def _watchers(self, ids: Iterable[UUID | None], reaches: tuple[Reach, ...]) -> set[AgentSocket]:
        watchers: set[AgentSocket] = set()
        if self._by_watched:
            for id in ids:
                watchers |= self.watching(id)
        return {s for s in watchers if any(sees(s.viewer, reach) or self._visits(s, reach) for reach in reaches)}

    def _visits(self, socket: AgentSocket, reach: Reach) -> bool:
        return reach.ticket_id is not None and reach.ticket_id in self.guests.get(socket.agent_id, ())

    def _enter(self, socket: AgentSocket) -> None:
        for id in _watched(socket.watch):
            self._by_watched[id].add(socket)
        group = _group_of(socket)
        if group not in self._groups:
            self._groups[group] = (group.eyes, set())
        self._groups[group][1].add(socket)

    def _leave(self, socket: AgentSocket) -> None:
        for id in _watched(socket.watch):
            _drop(self._by_watched, id, socket)
        group = _group_of(socket)
        if group in self._groups:
            self._groups[group][1].discard(socket)
            if not self._groups[group][1]:
                del self._groups[group]


def _group_of(socket: AgentSocket) -> _Group:
    viewer, watch = socket.viewer, socket.watch
    return _Group(viewer.scope, viewer.team_ids, viewer.brand_ids, watch.list, watch.queue or socket.supervises)


def _listed(group: _Group, reach: Reach) -> bool:
    if reach.conversation_id is not None:
        return group.queue and reach.queued
    if group.list == "unassigned":
        return reach.unassigned
    if group.list == "team":
        return reach.team_id in group.team_ids
    return group.list == "all"


def _watched(watch: Watch) -> frozenset[UUID]:
    return watch.tickets | watch.contacts | watch.conversations


def _drop(index: dict[UUID, set[AgentSocket]], key: UUID, socket: AgentSocket) -> None:
    index[key].discard(socket)
    if not index[key]:
        del index[key]
