"""LINE: webhooks signed in base64, pushes under a retry key, content that has to be prepared."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from yizhan.simulator.people import Blob, Bubble, Human, Person, Words
from yizhan.simulator.pusher import Push, Retry, Wire
from yizhan.simulator.vendor import Act, Door, Vendor, compact
from yizhan.simulator.wire import Answer, Call, as_json, route

_KINDS = {"voice": "audio"}
_REPLY = timedelta(minutes=1)
_REMEMBERED = timedelta(hours=24)


def signed(secret: str, body: bytes) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


class Line(Vendor):
    """`monthly` pushes in a month; what was pushed under a key is not pushed again."""

    name = "line"
    title = Words("LINE", "LINE")
    doors = (
        Door(
            channel="line", title=Words("LINE", "LINE"),
            says=("text", "image", "voice", "video", "file", "location", "sticker", "unknown"), recalls=True,
            acts=(Act("follow", Words("加好友", "Add as friend")), Act("unfollow", Words("拉黑", "Block"))),
        ),
    )  # fmt: skip
    retry = Retry(attempts=3, timeout=2.0, pauses=(1.0, 5.0))
    fault_words: ClassVar[Mapping[int | str, Words]] = {
        429: Words("太快了", "Too fast"), 401: Words("令牌失效", "Token no longer good"),
        500: Words("LINE 内部错误", "LINE has a trouble"),
    }  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.channel_secret, self.token = secrets.token_hex(16), secrets.token_urlsafe(64)
        self.bot_id = "U" + secrets.token_hex(16)
        self.monthly, self.pushed = 500, 0
        self.blocked: set[str] = set()
        self.preparing: set[str] = set()
        self.files: dict[str, Blob] = {}
        self._replies: dict[str, tuple[str, datetime]] = {}
        self._keys: dict[str, tuple[datetime, str]] = {}

    def settings(self, channel: str) -> dict[str, Any]:
        return {"base_url": self.base, "content_url": self.base, "bot_id": self.bot_id}

    def secrets(self, channel: str) -> dict[str, str]:
        return {"channel_secret": self.channel_secret, "access_token": self.token}

    def account_of(self, human: Human) -> Person:
        return Person(id="U" + human.digest("line")[:32], human=human)

    def refusal(self, code: int | str) -> Answer:
        return as_json({"message": "injected"}, int(code))

    # people -----------------------------------------------------------------------------------------------------------

    async def said(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        kind = "hologram" if bubble.kind == "unknown" else _KINDS.get(bubble.kind, bubble.kind)
        message: dict[str, Any] = {"id": bubble.id, "type": kind}
        if kind == "text":
            message |= {"text": bubble.text, "quoteToken": "q"}
        elif kind == "location":
            place = bubble.payload
            message |= {"title": place.get("name", ""), "address": place.get("address", "")}
            message |= {key: place.get(key) for key in ("latitude", "longitude")}
        elif kind == "sticker":
            message |= {"packageId": "446", "stickerId": "1988", "keywords": [bubble.text or "Hello"]}
        elif bubble.file is not None:
            self.files[bubble.id] = bubble.file
            if kind == "file":
                message |= {"fileName": bubble.file.name, "fileSize": len(bubble.file.content)}
            else:
                message["contentProvider"] = {"type": "line"}
        return self._push(person, bubble.at, type="message", message=message, replyToken=self._token(person))

    def _token(self, person: Person) -> str:
        token = secrets.token_hex(16)
        self._replies[token] = person.id, self.clock.now()
        return token

    async def did(self, channel: str, person: Person, act: str) -> Push | None:
        (self.blocked.add if act == "unfollow" else self.blocked.discard)(person.id)
        return self._push(person, self.clock.now(), type=act, **({"follow": {}} if act == "follow" else {}))

    async def took_back(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        return self._push(person, self.clock.now(), type="unsend", unsend={"messageId": bubble.id})

    def _push(self, person: Person, at: datetime, **what: Any) -> Push:
        event = {
            **what, "mode": "active", "timestamp": int(at.timestamp() * 1000), "webhookEventId": f"01H{self.new_id()}",
            "source": {"type": "user", "userId": person.id},
        }  # fmt: skip
        tries = iter((False, True, True, True))

        def sign() -> Wire:
            told = {**event, "deliveryContext": {"isRedelivery": next(tries, True)}}
            body = compact({"destination": self.bot_id, "events": [told]})
            headers = {"content-type": "application/json; charset=utf-8"}
            return Wire(body=body, headers={**headers, "X-Line-Signature": signed(self.channel_secret, body)})

        return Push(channel="line", sign=sign, label=str(what["type"]))

    async def verify(self) -> bool:
        """The button in LINE's console: no events, and an answer that has to be 200."""
        body = compact({"destination": self.bot_id, "events": []})
        wire = Wire(body=body, headers={"x-line-signature": signed(self.channel_secret, body)})
        push = Push(channel="line", sign=lambda: wire, label="verify")
        return (await self.pusher.once(push, wire)).status == 200

    # the API ----------------------------------------------------------------------------------------------------------

    @route("GET", "/v2/bot/info")
    async def info(self, call: Call) -> Answer:
        return self._stranger(call) or as_json({"userId": self.bot_id, "displayName": "驿站商城"})

    @route("POST", "/v2/bot/message/reply")
    async def replies(self, call: Call) -> Answer:
        """For nothing; the token is good once, for a minute."""
        said = call.json()
        messages, known = said.get("messages", []), self._replies.pop(str(said.get("replyToken", "")), None)
        if wrong := self._stranger(call):
            return wrong
        if not 1 <= len(messages) <= 5 or not all(_is_good(each) for each in messages):
            return as_json({"message": "The request body has 1 error(s)", "details": []}, 400)
        if known is None or self.clock.now() - known[1] > _REPLY:
            return as_json({"message": "Invalid reply token"}, 400)
        if known[0] in self.blocked:
            return as_json({"message": "Failed to send messages"}, 400)
        sent = [self.hear(known[0], str(m.get("text") or m.get("title", "")), kind=m["type"]) for m in messages]
        return as_json({"sentMessages": [{"id": each.id, "quoteToken": "q"} for each in sent]})

    @route("GET", "/v2/bot/profile/{id}")
    async def profile(self, call: Call) -> Answer:
        person = self.people.get(call.args["id"])
        if person is None or person.id in self.blocked:
            return self._stranger(call) or as_json({"message": "Not found"}, 404)
        return self._stranger(call) or as_json({"userId": person.id, "displayName": person.name, "language": "zh"})

    @route("GET", "/v2/bot/message/quota")
    async def quota(self, call: Call) -> Answer:
        return self._stranger(call) or as_json({"type": "limited", "value": self.monthly + self.pushed})

    @route("GET", "/v2/bot/message/quota/consumption")
    async def consumption(self, call: Call) -> Answer:
        return self._stranger(call) or as_json({"totalUsage": self.pushed})

    @route("POST", "/v2/bot/message/push")
    async def pushes(self, call: Call) -> Answer:
        wrong = self._stranger(call)
        if wrong is not None:
            return wrong
        key, now = call.headers.get("x-line-retry-key", ""), self.clock.now()
        known = self._keys.get(key)
        if known is not None and now - known[0] < _REMEMBERED:
            body = {"message": "The retry key is already accepted", "sentMessages": [{"id": known[1]}]}
            return as_json(body, 409, {"x-line-accepted-request-id": "r-" + known[1]})
        said = call.json()
        messages, to = said.get("messages", []), str(said.get("to", ""))
        if not 1 <= len(messages) <= 5 or not all(_is_good(each) for each in messages):
            return as_json({"message": "The request body has 1 error(s)", "details": []}, 400)
        if self.people.get(to) is None or to in self.blocked:
            return as_json({"message": "Failed to send messages"}, 400)
        if self.monthly < len(messages):
            return as_json({"message": "You have reached your monthly limit."}, 429)
        self.monthly -= len(messages)
        self.pushed += len(messages)
        sent = [self.hear(to, str(m.get("text") or m.get("title", "")), kind=m["type"]) for m in messages]
        if key:
            self._keys[key] = now, sent[0].id
        return as_json({"sentMessages": [{"id": each.id, "quoteToken": "q"} for each in sent]})

    @route("GET", "/v2/bot/message/{id}/content")
    async def content(self, call: Call) -> Answer:
        wrong = self._stranger(call)
        if wrong is not None:
            return wrong
        known = self.files.get(call.args["id"])
        if known is None:
            return as_json({"message": "Not found"}, 404)
        if call.args["id"] in self.preparing:
            self.preparing.discard(call.args["id"])
            return Answer(b"", 202)
        return Answer(known.content, 200, known.type)

    def _stranger(self, call: Call) -> Answer | None:
        if call.headers.get("authorization") == f"Bearer {self.token}":
            return None
        return as_json({"message": "Authentication failed. Confirm that the access token is valid."}, 401)


def _is_good(message: Mapping[str, Any]) -> bool:
    if message.get("type") == "text":
        return 0 < len(str(message.get("text", "")).encode("utf-16-le")) // 2 <= 5000
    return message.get("type") == "location" and all(key in message for key in ("title", "address", "latitude"))
