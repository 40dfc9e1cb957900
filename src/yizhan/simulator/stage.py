"""All vendors behind one port, and the page where one takes the part of a customer.

/v/<vendor>/… is the vendor, / the page, /api/… what the page asks. Only for whoever sits at this machine: calls under
another host name and from other sites are refused.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from yizhan.simulator.people import Blob, Bubble, Human, Person
from yizhan.simulator.samples import sample, voice
from yizhan.simulator.vendor import Control, Vendor, answer_with, whole
from yizhan.simulator.wire import Answer, Call, Routes, as_json, headers_of, query_of, route

_STATIC = Path(__file__).parent / "static"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_GUARDED = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
    "x-content-type-options": "nosniff", "cache-control": "no-cache", "referrer-policy": "no-referrer",
}  # fmt: skip
_HOSTS = ("127.0.0.1", "localhost", "[::1]")
_MOST_BYTES = 25 * 1024 * 1024

CAST = (
    Human(key="wang", name="王晓燕", phone="+8619900000101"),
    Human(key="zhang", name="张伟", phone="+8619900000102"),
    Human(key="mary", name="Mary Chen", phone="+8619900000103"),
)
"""Who may be played. All of them have accounts everywhere; the same human has the same UnionID and telephone."""


class Wish(msgspec.Struct, kw_only=True):
    """What somebody at the page does. `of` names a bubble; `file` is base64."""

    vendor: str
    channel: str
    human: str
    kind: str = "text"
    text: str = ""
    payload: dict[str, Any] = {}
    name: str = ""
    type: str = ""
    file: str = ""
    act: str = ""
    of: str = ""


class Stage:
    """`missing` says of a channel why it cannot be tried; `product` is where the workbench is."""

    def __init__(self, vendors: Mapping[str, Vendor], port: int, cast: tuple[Human, ...] = CAST) -> None:
        self.vendors = dict(vendors)
        self.cast = cast
        self.missing: dict[str, str] = {}
        self.product = ""
        self._port = port
        self._routes = Routes(self)
        for name, vendor in self.vendors.items():
            vendor.base = f"http://127.0.0.1:{port}/v/{name}"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        path: str = scope["path"]
        if path.startswith("/v/"):
            name = path.split("/")[2]
            vendor = self.vendors.get(name)
            if vendor is not None:
                await vendor({**scope, "root_path": f"/v/{name}"}, receive, send)
                return
        await answer_with(send, await self._answer(scope, path, await whole(receive)))

    async def open(self) -> None:
        for vendor in self.vendors.values():
            await vendor.open()

    async def close(self) -> None:
        for vendor in self.vendors.values():
            await vendor.close()
            await vendor.pusher.close()

    async def _answer(self, scope: Any, path: str, body: bytes) -> Answer:
        headers = headers_of(scope["headers"])
        if headers.get("host", "").rsplit(":", 1)[0] not in _HOSTS:
            return as_json({"error": "only at this machine"}, 403)
        if scope["method"] == "POST" and not headers.get("content-type", "").startswith("application/json"):
            return as_json({"error": "JSON only"}, 415)
        found = self._routes.find(scope["method"], path)
        if found is None or len(body) > _MOST_BYTES:
            return as_json({"error": "no such path"}, 404)
        handler: Callable[[Call], Awaitable[Answer]] = found[0]
        query = query_of(scope["query_string"].decode("latin-1"))
        call = Call(method=scope["method"], path=path, args=found[1], query=query, headers=headers, body=body)
        try:
            said = await handler(call)
        except (msgspec.DecodeError, UnicodeError, KeyError, binascii.Error, AssertionError) as wrong:
            return as_json({"error": repr(wrong)}, 400)
        return msgspec.structs.replace(said, headers={**_GUARDED, **said.headers})

    # the page ---------------------------------------------------------------------------------------------------------

    @route("GET", "/")
    async def page(self, call: Call) -> Answer:
        return _file(_STATIC / "index.html")

    @route("GET", "/static/{name}")
    async def static(self, call: Call) -> Answer:
        found = next((each for each in _STATIC.iterdir() if each.name == call.args["name"]), None)
        return _file(found) if found is not None else as_json({"error": "no such file"}, 404)

    @route("GET", "/api/cast")
    async def who_is_there(self, call: Call) -> Answer:
        """What does not change while one plays."""
        doors = [
            {
                "vendor": name, "channel": door.channel, "title": door.title, "says": door.says, "acts": door.acts,
                "recalls": door.recalls, "letters": door.letters, "hint": door.hint, "of": vendor.title,
                "missing": self.missing.get(door.channel, ""),
                "faults": [{"code": code, "words": words} for code, words in vendor.fault_words.items()],
            }
            for name, vendor in self.vendors.items() for door in vendor.doors
        ]  # fmt: skip
        cast = [{"key": each.key, "name": each.name, "phone": each.phone} for each in self.cast]
        return as_json(msgspec.to_builtins({"doors": doors, "cast": cast, "product": self.product}))

    @route("GET", "/api/chat")
    async def chat(self, call: Call) -> Answer:
        """One phone as it looks now, and what went over its vendor's wire since `after`."""
        vendor, person = self._at(call.query["vendor"], call.query["human"])
        channel = vendor.door(call.query["channel"]).channel
        if call.query.get("seen") == "1":
            await vendor.look(person, channel=channel)
        left = vendor.left(channel, person)
        unread = {
            f"{name}/{door.channel}": len(of.people.chat(door.channel, whose.id))
            for name, of in self.vendors.items() if (whose := of.people.of(person.human)) is not None
            for door in of.doors
        }  # fmt: skip
        return as_json(msgspec.to_builtins({
            "bubbles": [_shown(each) for each in vendor.people.chat(channel, person.id)],
            "address": person.facts.get("address", ""),
            "counted": vendor.is_counted(channel), "left": left, "now": vendor.clock.now(), "lengths": unread,
            "waiting": {"faults": len(vendor.faults.next), "mischief": len(vendor.faults.mischief)},
            "journal": vendor.journal.entries(int(call.query.get("after", "0"))),
        }))  # fmt: skip

    @route("GET", "/api/file/{vendor}/{channel}/{bubble}")
    async def file(self, call: Call) -> Answer:
        found = self.vendors[call.args["vendor"]].people.find(call.args["channel"], call.args["bubble"])
        if found is None or found[1].file is None:
            return as_json({"error": "no such file"}, 404)
        held = found[1].file
        kind = held.type if held.type.split("/")[0] in ("image", "audio", "video") else "application/octet-stream"
        return Answer(held.content, 200, "application/octet-stream" if "svg" in kind else kind)

    @route("POST", "/api/say")
    async def say(self, call: Call) -> Answer:
        wish = msgspec.json.decode(call.body, type=Wish)
        vendor, person = self._at(wish.vendor, wish.human)
        bubble = await vendor.say(
            person, wish.text, channel=wish.channel, kind=wish.kind, payload=wish.payload, file=_given(vendor, wish)
        )
        return as_json(msgspec.to_builtins(_shown(bubble)))

    @route("POST", "/api/act")
    async def act(self, call: Call) -> Answer:
        wish = msgspec.json.decode(call.body, type=Wish)
        vendor, person = self._at(wish.vendor, wish.human)
        done = await vendor.act(person, wish.act, channel=wish.channel)
        return as_json({"note": done.note if done is not None else ""})

    @route("POST", "/api/recall")
    async def recall(self, call: Call) -> Answer:
        wish = msgspec.json.decode(call.body, type=Wish)
        vendor, person = self._at(wish.vendor, wish.human)
        found = vendor.people.find(wish.channel, wish.of)
        if found is None or found[0] != person.id:
            return as_json({"error": "no such message"}, 404)
        done = await vendor.take_back(person, found[1], channel=wish.channel)
        return as_json({"note": done.note if done is not None else ""})

    @route("POST", "/api/control/{vendor}")
    async def control(self, call: Call) -> Answer:
        vendor = self.vendors[call.args["vendor"]]
        vendor.control(msgspec.json.decode(call.body, type=Control))
        return as_json({"waiting": len(vendor.faults.next)})

    def _at(self, vendor: str, human: str) -> tuple[Vendor, Person]:
        played = {each.key: each for each in self.cast}[human]
        return self.vendors[vendor], self.vendors[vendor].meet(played)


def _shown(bubble: Bubble) -> dict[str, Any]:
    file = bubble.file
    return {
        "id": bubble.id, "by": bubble.by, "kind": bubble.kind, "text": bubble.text, "payload": bubble.payload,
        "at": bubble.at, "state": bubble.state, "note": bubble.note,
        "file": {"name": file.name, "type": file.type, "size": len(file.content)} if file is not None else None,
    }  # fmt: skip


def _given(vendor: Vendor, wish: Wish) -> Blob | None:
    """The file that was chosen, else a sample."""
    if wish.file:
        return Blob(wish.name or wish.kind, wish.type or "application/octet-stream", base64.b64decode(wish.file))
    return voice(vendor.voice) if wish.kind == "voice" else sample(wish.kind)


def _file(path: Path) -> Answer:
    return Answer(path.read_bytes(), 200, f"{_TYPES.get(path.suffix, 'text/plain')}; charset=utf-8")
