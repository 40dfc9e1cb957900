"""The postman: what is due leaves, one lane an outlet, so that one which does not answer holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

import msgspec

from yizhan.desk.outlets import policy, store, wording
from yizhan.desk.outlets.documents import OUTLET, Outlet, OutletKind
from yizhan.desk.outlets.model import FAILED, Cause, Dispatch, Poster, PostFailed, PostRow
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import DATABASE_TROUBLE, Database, Tx
from yizhan.foundation.journal import Event, Wake, emit
from yizhan.foundation.lease import Lease, LeaseLost
from yizhan.foundation.log import get_logger
from yizhan.records.config import Published

log = get_logger(__name__)

_NET_SECONDS = 1.0

Posters = Mapping[OutletKind, Poster]


class Postman:
    """Ring `wake` when something waits. Only the holder of the lease sends; anybody may try an outlet out."""

    def __init__(
        self, db: Database, clock: Clock, vault: Vault, lease: Lease, published: Callable[[], Published],
        posters: Posters, public_url: str,
    ) -> None:  # fmt: skip
        self.wake = Wake()
        self._db = db
        self._clock = clock
        self._vault = vault
        self._lease = lease
        self._published = published
        self._posters = posters
        self._public_url = public_url
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._rests: dict[str, datetime] = {}
        self._warmed: set[OutletKind] = set()

    @property
    def is_warm(self) -> bool:
        return bool(self._warmed)

    async def run(self) -> None:
        """Until cancelled."""
        async with self._lease:
            try:
                while True:
                    await self._lease.acquired()
                    try:
                        await self._warm()
                        await self.step()
                    except DATABASE_TROUBLE as error:
                        log.warning("outlets.wait_for_database", error=repr(error))
                    await self.wake.wait(_NET_SECONDS)
            finally:
                for lane in self._lanes.values():
                    lane.cancel()
                await asyncio.gather(*self._lanes.values(), return_exceptions=True)

    async def step(self) -> list[asyncio.Task[None]]:
        """Begins a lane for each outlet that has something to send and none under way."""
        now = self._clock.now()
        async with self._db.read() as tx:
            due = await store.due(tx, now)
        for name in due:
            lane = self._lanes.get(name)
            if (lane is None or lane.done()) and self._rests.get(name, now) <= now:
                self._lanes[name] = asyncio.create_task(self._run_lane(name))
        return [lane for lane in self._lanes.values() if not lane.done()]

    async def _warm(self) -> None:
        """Only what is in force: who has no outlet loads nothing."""
        for kind in {outlet.kind for outlet in self._published().all(OUTLET).values()} - self._warmed:
            if kind in self._posters:
                await self._posters[kind].warm()
            self._warmed.add(kind)

    async def try_out(self, outlet: Outlet, secrets: Mapping[str, str]) -> None:
        """A test notice through it, at once. Raises PostFailed."""
        now, id = self._clock.now(), uuid4()
        post = PostRow(
            id=id, outlet="", why="test", level="info", agents=[], facts={}, state="sending", raised_at=now, due_at=now,
            tries=1, call=id, called_at=now, error=None, ticket_id=None,
        )  # fmt: skip
        dispatch = wording.dispatch_of(outlet, [post], id=id, at=now, public_url=self._public_url)
        await self._post(outlet, secrets, _addressed(dispatch, outlet.to))

    async def hand_over(self, outlet: Outlet, name: str | None, dispatch: Dispatch) -> None:
        """Something that cannot wait and is nobody's notice, such as a code. Raises PostFailed."""
        secrets: Mapping[str, str] = {}
        if name is not None:
            async with self._db.read() as tx:
                secrets = await store.secrets_of(tx, self._vault, name)
        await self._post(outlet, secrets, dispatch)

    async def _run_lane(self, name: str) -> None:
        try:
            while await self._call(name):
                pass
        except LeaseLost:
            log.warning("outlets.lease_lost", outlet=name)
        except DATABASE_TROUBLE as error:
            log.warning("outlets.lane_broke", outlet=name, error=repr(error))
        except Exception as error:  # a fault of ours in one outlet must not end the others
            log.error("outlets.lane_failed", outlet=name, error=repr(error))
        self.wake.ring()

    async def _call(self, name: str) -> bool:
        """One call: True when there may be more to send now."""
        now, outlet = self._clock.now(), self._published().find(OUTLET, name)
        async with self._db.transaction() as tx:
            await self._lease.check(tx)
            if outlet is None or not outlet.on:
                await store.drop(tx, name, "the outlet is switched off")
                return False
            posts = await self._claim(tx, name, outlet, now)
            if not posts:
                return False
            secrets = await store.secrets_of(tx, self._vault, name)
            people = await store.addresses(tx, _people(posts)) if outlet.people else []
        call = posts[0].call
        assert call is not None
        dispatch = wording.dispatch_of(outlet, posts, id=call, at=now, public_url=self._public_url)
        try:
            await self._post(outlet, secrets, _addressed(dispatch, [*outlet.to, *people]))
        except PostFailed as failure:
            return await self._failed(name, posts, failure)
        async with self._db.transaction() as tx:
            await store.sent(tx, call)
        return True

    async def _claim(self, tx: Tx, name: str, outlet: Outlet, now: datetime) -> list[PostRow]:
        due, calls = await store.due_of(tx, name, now), await store.calls(tx, name, now)
        left = policy.room(outlet, calls, now)
        if not due:
            return []
        if not left:
            self._rests[name] = policy.room_again(calls)
            return []
        # What goes to the people themselves is never mixed: each reads what is for him.
        count = 1 if outlet.people else policy.taken_at_once(due, left)
        return await store.claim(tx, name, now, count=count, hold=policy.IN_HAND, call=uuid4())

    async def _post(self, outlet: Outlet, secrets: Mapping[str, str], dispatch: Dispatch) -> None:
        poster = self._posters.get(outlet.kind)
        if poster is None:
            raise PostFailed(Cause.REFUSED, f"this process sends no {outlet.kind}")
        await poster.post(outlet, secrets, dispatch)

    async def _failed(self, name: str, posts: Sequence[PostRow], failure: PostFailed) -> bool:
        now, call = self._clock.now(), posts[0].call
        assert call is not None
        pause = policy.again_after(failure.cause, max(post.tries for post in posts), failure.pause)
        log.warning("outlets.not_sent", outlet=name, cause=str(failure.cause), again=pause is not None)
        async with self._db.transaction() as tx:
            if pause is not None:
                limited = failure.cause is Cause.LIMITED
                await store.again(tx, call, now + pause, failure.message, uncounted=limited)
                if limited:
                    self._rests[name] = now + pause
                return False
            await store.failed(tx, call, failure.message)
            await emit(tx, [Event(
                kind=FAILED, subject=policy.subject_of(name), subject_version=1, at=now, actor="system",
                data={"outlet": name, "error": failure.message[:200], "lost": len(posts)},
            )])  # fmt: skip
        return True


def _people(posts: Sequence[PostRow]) -> set[UUID]:
    return {agent for post in posts for agent in post.agents}


def _addressed(dispatch: Dispatch, to: Sequence[str]) -> Dispatch:
    return msgspec.structs.replace(dispatch, to=tuple(dict.fromkeys(to)))
