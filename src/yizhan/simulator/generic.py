"""A system of the house's own: signs JSON with a shared secret, both ways."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from yizhan.simulator.people import Blob, Bubble, Human, Person, Words
from yizhan.simulator.pusher import Push, Wire
from yizhan.simulator.vendor import Door, Vendor, compact
from yizhan.simulator.wire import Answer, Call, as_json, route

_TIMESTAMP, _SIGNATURE = "x-yizhan-timestamp", "x-yizhan-signature"
_WINDOW = 300


class Generic(Vendor):
    """hex(HMAC-SHA256(secret, timestamp + "." + body)), five minutes of grace."""

    name = "generic"
    title = Words("自有系统", "Own system")
    doors = (Door(channel="generic", title=Words("自有商城", "Own shop"), says=("text", "image", "voice", "file")),)
    fault_words: ClassVar[Mapping[int | str, Words]] = {
        429: Words("太快了", "Too fast"), 422: Words("内容被拒绝", "Content refused"),
    }  # fmt: skip
    _secret = ""

    def settings(self, channel: str) -> dict[str, Any]:
        return {"callback_url": f"{self.base}/replies"}

    def secrets(self, channel: str) -> dict[str, str]:
        self._secret = self._secret or secrets.token_hex(16)
        return {"secret": self._secret}

    def account_of(self, human: Human) -> Person:
        return Person(id=f"buyer-{human.digest('generic')[:8]}", human=human)

    def refusal(self, code: int | str) -> Answer:
        return as_json({"error": f"injected {code}"}, int(code))

    async def said(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        body = compact({
            "id": bubble.id, "from": {"id": person.id, "name": person.name}, "text": bubble.text,
            "at": bubble.at.isoformat(), "attachments": _files(bubble.file),
        })  # fmt: skip
        return Push(channel=channel, sign=lambda: self._signed(body), label=f"message {bubble.id}")

    @route("POST", "/replies")
    async def replies(self, call: Call) -> Answer:
        """What the house answers; a message is shown once, however often it comes."""
        stamp = call.headers.get(_TIMESTAMP, "")
        if not hmac.compare_digest(call.headers.get(_SIGNATURE, ""), self._sign(stamp, call.body)):
            return as_json({"error": "signature"}, 401)
        if not stamp.isdigit() or abs(self.clock.now().timestamp() - int(stamp)) > _WINDOW:
            return as_json({"error": "timestamp"}, 401)
        said = call.json()
        if said.get("ping"):
            return as_json({"pong": True})
        known = self.people.find("generic", str(said["id"]))
        if known is None:
            files = [_blob(each) for each in said.get("attachments", [])]
            to = str(said["to"]["id"])
            kind = "file" if files else "text"
            self.hear(to, str(said["text"]), id=str(said["id"]), kind=kind, file=files[0] if files else None)
        return as_json({"id": f"r-{said['id']}"})

    def _signed(self, body: bytes) -> Wire:
        stamp = str(int(self.clock.now().timestamp()))
        headers = {"content-type": "application/json", _TIMESTAMP: stamp, _SIGNATURE: self._sign(stamp, body)}
        return Wire(body=body, headers=headers)

    def _sign(self, stamp: str, body: bytes) -> str:
        return hmac.new(
            self.secrets("generic")["secret"].encode(), stamp.encode() + b"." + body, hashlib.sha256
        ).hexdigest()


def _files(file: Blob | None) -> list[dict[str, str]]:
    if file is None:
        return []
    return [{"name": file.name, "type": file.type, "content_base64": base64.b64encode(file.content).decode()}]


def _blob(said: Mapping[str, str]) -> Blob:
    return Blob(said["name"], said["type"], base64.b64decode(said["content_base64"]))
