"""A vendor that stands in for the real one: its paths, its tokens, its quotas, its signatures, its moods.

One ASGI app each. What is the same for all of them is here; what is a vendor's own is a subclass in a file of its own,
written from the vendor's documentation and checked against published vectors, never against our adapters.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

import httpx
import msgspec

from yizhan.foundation.clock import Clock
from yizhan.simulator.clock import Movable, VendorClock
from yizhan.simulator.faults import Fault, Faults
from yizhan.simulator.journal import Journal
from yizhan.simulator.limits import Left
from yizhan.simulator.people import Blob, Bubble, Human, People, Person, Words
from yizhan.simulator.pusher import Delivery, Push, Pusher, Retry
from yizhan.simulator.wire import Answer, Call, Routes, as_json, as_page, headers_of, query_of

HTML = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"


class Act(msgspec.Struct, frozen=True):
    """Something a person does that is no message: follow, scan, tap a menu …"""

    key: str
    title: Words


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """One account of the house at the vendor: what the product keeps as an inbox of `channel`. `says` are the kinds a
    person can send: text image voice video file location link sticker order card, and `unknown`, a kind of tomorrow.
    What is said where there are `letters` has a subject: `title` of its payload. `hint` says what is not to be
    guessed."""

    channel: str
    title: Words
    says: tuple[str, ...] = ("text",)
    acts: tuple[Act, ...] = ()
    recalls: bool = False
    counted: bool = True
    letters: bool = False
    hint: Words | None = None


class Vendor:
    """A subclass says what is below, has methods marked with `route`, and answers `said`.

    `callbacks` are the platform's addresses, by channel; `fault_words` the vendor's own refusals a user may provoke;
    `voice` how its phones record, amr or wav.
    """

    name: ClassVar[str]
    title: ClassVar[Words]
    doors: ClassVar[tuple[Door, ...]]
    retry: Retry = Retry()
    voice: ClassVar[str] = "amr"
    fault_words: ClassVar[Mapping[int | str, Words]] = {}

    def __init__(
        self, clock: Clock | None = None, *, client: httpx.AsyncClient | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:  # fmt: skip
        self.clock: Clock = clock or VendorClock()
        self.journal = Journal()
        self.faults = Faults()
        self.people = People()
        self.pusher = Pusher(self, client, pause)
        self.callbacks: dict[str, str] = {}
        self.base = ""
        self.untold: Callable[[str], Awaitable[None]] | None = None  # told of a channel where the platform has to ask
        self._routes = Routes(self)
        self._numbers = itertools.count(1)

    # what a vendor says for itself ------------------------------------------------------------------------------------

    def settings(self, channel: str) -> dict[str, Any]:
        """The settings of an inbox that speaks to us at `self.base`."""
        raise NotImplementedError

    def secrets(self, channel: str) -> dict[str, str]:
        """What the administrator would copy from our console, made at random."""
        raise NotImplementedError

    def account_of(self, human: Human) -> Person:
        return Person(id=f"{self.name}-{human.digest(self.name)[:16]}", human=human)

    async def said(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        """A person pressed send: the callback that tells the platform, or None where it has to ask."""
        raise NotImplementedError

    async def did(self, channel: str, person: Person, act: str) -> Push | None:
        """A person did one of the door's acts."""
        return None

    async def took_back(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        """A person recalled a message of his."""
        return None

    async def saw(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        """A person opened a message of the house; a vendor that reports it says so."""
        return None

    def refusal(self, code: int | str) -> Answer:
        """An error as the vendor writes errors."""
        return as_json({"errcode": code, "errmsg": f"injected {code}"})

    def left(self, channel: str, person: Person) -> Left | None:
        """What the vendor still lets through to this person; None where nothing."""
        return None

    def is_counted(self, channel: str) -> bool:
        """Whether `left` means anything."""
        return type(self).left is not Vendor.left and self.door(channel).counted

    def expire_tokens(self) -> None:
        """Every access token ends now."""

    async def open(self) -> None:
        """Begins to listen where the vendor is not asked by HTTP; `settings` tell where only afterwards."""

    async def close(self) -> None:
        """Listens no longer."""

    # what people do ---------------------------------------------------------------------------------------------------

    def new_id(self) -> str:
        """A message id beyond 2^53, as vendors have them."""
        return str(int(self.clock.now().timestamp() * 1000) * 10_000 + next(self._numbers) % 10_000)

    def meet(self, human: Human) -> Person:
        """The account of a human at this vendor."""
        return self.people.of(human) or self.people.add(self.account_of(human))

    def door(self, channel: str) -> Door:
        """Raises KeyError for a channel that is not this vendor's."""
        return {each.channel: each for each in self.doors}[channel]

    async def say(
        self, person: Person, text: str = "", *, channel: str = "", kind: str = "text",
        payload: Mapping[str, Any] | None = None, file: Blob | None = None,
    ) -> Bubble:  # fmt: skip
        """A person presses send. Returns when the platform acknowledged it, or the vendor gave up."""
        channel = channel or self.doors[0].channel
        bubble = Bubble(
            id=self.new_id(), by="customer", kind=kind, text=text, payload=dict(payload or {}), file=file,
            at=self.clock.now(),
        )  # fmt: skip
        self.people.put(channel, person.id, bubble)
        await self._told(channel, bubble, await self.said(channel, person, bubble))
        return bubble

    async def act(self, person: Person, act: str, *, channel: str = "") -> Delivery | None:
        channel = channel or self.doors[0].channel
        push = await self.did(channel, person, act)
        if push is None and self.untold is not None:
            await self.untold(channel)
        return await self.pusher.push(push) if push is not None else None

    async def take_back(self, person: Person, bubble: Bubble, *, channel: str = "") -> Delivery | None:
        self.people.turn(bubble, "recalled")
        push = await self.took_back(channel or self.doors[0].channel, person, bubble)
        return await self.pusher.push(push) if push is not None else None

    async def look(self, person: Person, *, channel: str = "") -> None:
        """He opens the chat: what the house said is read."""
        channel = channel or self.doors[0].channel
        for bubble in self.people.chat(channel, person.id):
            if bubble.by == "house" and bubble.state in ("accepted", "delivered"):
                push = await self.saw(channel, person, bubble)
                if push is not None:
                    self.people.turn(bubble, "read")
                    await self.pusher.push(push)

    def hear(
        self, person_id: str, text: str = "", *, channel: str = "", id: str = "", kind: str = "text",
        payload: Mapping[str, Any] | None = None, file: Blob | None = None,
    ) -> Bubble:  # fmt: skip
        """The house said something: it stands in the chat."""
        bubble = Bubble(
            id=id or self.new_id(), by="house", kind=kind, text=text, payload=dict(payload or {}), file=file,
            at=self.clock.now(), state="accepted",
        )  # fmt: skip
        return self.people.put(channel or self.doors[0].channel, person_id, bubble)

    async def _told(self, channel: str, bubble: Bubble, push: Push | None) -> None:
        if push is None:
            if self.untold is not None:
                await self.untold(channel)
            self.people.turn(bubble, "accepted")
            return
        done = await self.pusher.push(push)
        if bubble.state != "recalled":
            self.people.turn(bubble, "accepted" if done.accepted else "refused", done.note)

    # the app ----------------------------------------------------------------------------------------------------------

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = await whole(receive)
        path = scope["path"].removeprefix(scope.get("root_path", "")) or "/"
        if path.startswith("/__"):
            await answer_with(send, self._control(scope["method"], path, body))
            return
        raw = scope["query_string"].decode("latin-1")
        call = Call(
            method=scope["method"], path=path, args={}, query=query_of(raw), headers=headers_of(scope["headers"]),
            body=body, raw_query=raw,
        )  # fmt: skip
        at, started, fault = self.clock.now(), time.perf_counter(), self.faults.take(path)
        answer = await self._answer_to(call, fault)
        lost = fault is not None and fault.lose
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        self.journal.note(
            "call", at, call.method, path + (f"?{raw}" if raw else ""), status=0 if lost else answer.status,
            seconds=time.perf_counter() - started, asked=body, answered=answer.body, note="fault" if fault else "",
        )  # fmt: skip
        await (_lose(send) if lost else answer_with(send, answer))

    async def _answer_to(self, call: Call, fault: Fault | None) -> Answer:
        if fault is not None and fault.status:
            return Answer(b"upstream error", fault.status)
        if fault is not None and fault.html:
            return as_page(HTML)
        if fault is not None and fault.refusal is not None:
            return self.refusal(fault.refusal)
        found = self._routes.find(call.method, call.path)
        if found is None:
            return as_json({"error": "no such path"}, 404)
        handler, args = found
        return await handler(msgspec.structs.replace(call, args=args))

    def _control(self, method: str, path: str, body: bytes) -> Answer:
        if path == "/__journal":
            return as_json(msgspec.to_builtins(self.journal.entries()))
        if path != "/__control" or method != "POST":
            return as_json({"error": "no such path"}, 404)
        try:
            wish = msgspec.json.decode(body, type=Control)
        except (msgspec.DecodeError, UnicodeError) as wrong:
            return as_json({"error": str(wrong)}, 400)
        self.control(wish)
        return as_json({"waiting": len(self.faults.next), "now": self.clock.now().isoformat()})

    def control(self, wish: Control) -> None:
        if wish.clear:
            self.faults.clear()
        self.faults.add(wish.next)
        self.faults.mischief += wish.mischief
        if wish.advance and isinstance(self.clock, Movable):
            self.clock.advance(timedelta(seconds=wish.advance))
        if wish.expire_tokens:
            self.expire_tokens()


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """What may be posted to `/__control`: faults of the next calls, mischief of the next pushes, seconds by which the
    vendor's clock goes forward, and whether all access tokens end now."""

    next: Sequence[Fault] = ()
    mischief: Sequence[str] = ()
    advance: float = 0.0
    expire_tokens: bool = False
    clear: bool = False


def compact(said: object) -> bytes:
    """JSON as most vendors write it."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


async def whole(receive: Any) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def answer_with(send: Any, answer: Answer) -> None:
    headers = {"content-type": answer.media_type, "content-length": str(len(answer.body)), **answer.headers}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    await send({"type": "http.response.body", "body": answer.body})


async def _lose(send: Any) -> None:
    """Headers that promise a body which never comes: the server ends the connection."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
