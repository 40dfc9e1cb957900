"""Messenger: a page and those who write to it; what the page says comes back as an echo."""

from __future__ import annotations

import json
from typing import Any

from yizhan.simulator.meta import Graph
from yizhan.simulator.people import Blob, Bubble, Human, Person, Words
from yizhan.simulator.pusher import Push
from yizhan.simulator.vendor import Act, Door
from yizhan.simulator.wire import Answer, Call, as_json, route

_KINDS = {"voice": "audio"}


class Messenger(Graph):
    name = "messenger"
    title = Words("Messenger", "Messenger")
    doors = (
        Door(
            channel="messenger", title=Words("Messenger", "Messenger"),
            says=("text", "image", "voice", "video", "file", "link", "unknown"), recalls=True,
            acts=(Act("postback", Words("点按钮「开始」", "Tap “Get started”")),),
        ),
    )  # fmt: skip

    def settings(self, channel: str) -> dict[str, Any]:
        return {"base_url": self.base, "account_id": self.account_id, "platform": "page"}

    def account_of(self, human: Human) -> Person:
        return Person(id=str(int(human.digest("psid")[:15], 16)), human=human)

    async def said(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        self.quotas.open(person.id)
        bubble.id = f"m_{bubble.id}"
        message: dict[str, Any] = {"mid": bubble.id}
        if bubble.text:
            message["text"] = bubble.text
        if bubble.file is not None:
            url = f"{self.base}/files/{self.keep(bubble.file)}"
            message["attachments"] = [{"type": _KINDS.get(bubble.kind, bubble.kind), "payload": {"url": url}}]
        elif bubble.kind == "unknown":
            message["attachments"] = [{"type": "hologram", "payload": {}}]
        elif bubble.kind == "link":
            where = {"url": bubble.payload.get("url", "")}
            message["attachments"] = [{"type": "fallback", "title": bubble.payload.get("title", ""), "payload": where}]
        return self.push(self._row(person.id, bubble, message=message), f"message {bubble.id}")

    async def did(self, channel: str, person: Person, act: str) -> Push | None:
        self.quotas.open(person.id)
        postback = {"mid": f"m_{self.new_id()}", "title": "开始", "payload": "GET_STARTED"}
        return self.push(self._row(person.id, None, postback=postback), act)

    async def took_back(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        message = {"mid": bubble.id, "is_deleted": True}
        return self.push(self._row(person.id, bubble, message=message), f"deleted {bubble.id}")

    async def saw(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        read = {"watermark": int(self.clock.now().timestamp() * 1000)}
        return self.push(self._row(person.id, bubble, read=read), f"read {bubble.id}")

    @route("GET", "/{version}/me")
    async def me(self, call: Call) -> Answer:
        return self.stranger(call) or as_json({"id": self.account_id, "name": "驿站商城"})

    @route("GET", "/{version}/{id}")
    async def profile(self, call: Call) -> Answer:
        person = self.people.get(call.args["id"])
        if person is None:
            return self.stranger(call) or self.refusal(100)
        return self.stranger(call) or as_json({"id": person.id, "name": person.name})

    @route("POST", "/{version}/me/messages")
    async def messages(self, call: Call) -> Answer:
        wrong = self.stranger(call)
        if wrong is not None:
            return wrong
        said, file = _read(call)
        to, message = str(said.get("recipient", {}).get("id", "")), said.get("message", {})
        if self.people.get(to) is None:
            return self.refusal(551)
        tagged = said.get("messaging_type") == "MESSAGE_TAG" and said.get("tag") == "HUMAN_AGENT"
        if self.quotas.take(to) != "ok" and not tagged:
            return as_json({"error": {"code": 10, "error_subcode": 2018278, "message": "outside of window"}}, 400)
        text = str(message.get("text", ""))
        if len(text) > 2000 or not (text or file):
            return self.refusal(100)
        kind = message.get("attachment", {}).get("type", "text")
        shown = {"audio": "voice"}.get(kind, kind)
        bubble = self.hear(to, text, id=f"m_{self.new_id()}", kind=shown, file=file)
        self._follow(to, bubble, str(message.get("metadata", "")))
        return as_json({"recipient_id": to, "message_id": bubble.id})

    def _follow(self, to: str, bubble: Bubble, metadata: str) -> None:
        echo = {"mid": bubble.id, "is_echo": True, "app_id": 1, "metadata": metadata, "text": bubble.text}
        row = self._row(self.account_id, bubble, recipient=to, message=echo)
        self.pusher.soon(self.push(row, f"echo {bubble.id}"))
        delivery = {"mids": [bubble.id], "watermark": int(self.clock.now().timestamp() * 1000)}
        self.pusher.soon(self.push(self._row(to, bubble, delivery=delivery), f"delivered {bubble.id}"))
        self.people.turn(bubble, "delivered")

    def _row(self, sender: str, bubble: Bubble | None, *, recipient: str = "", **more: Any) -> dict[str, Any]:
        at = int((bubble.at if bubble else self.clock.now()).timestamp() * 1000)
        row = {"sender": {"id": sender}, "recipient": {"id": recipient or self.account_id}, "timestamp": at, **more}
        return {"object": "page", "entry": [{"id": self.account_id, "time": at, "messaging": [row]}]}


def _read(call: Call) -> tuple[dict[str, Any], Blob | None]:
    """As JSON, or as a form where a file travels along."""
    if not call.headers.get("content-type", "").startswith("multipart/"):
        return call.json(), None
    parts = call.parts()
    file = next((Blob(each.file, each.type, each.content) for each in parts if each.file), None)
    fields = {each.name: each.content.decode() for each in parts if not each.file}
    return {name: json.loads(value) if value[:1] == "{" else value for name, value in fields.items()}, file
