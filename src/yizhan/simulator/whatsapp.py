"""WhatsApp: one number of the house, people with their numbers, free words for a day."""

from __future__ import annotations

import re
from typing import Any

from yizhan.simulator.meta import Graph, pictured
from yizhan.simulator.people import Blob, Bubble, Human, Person, Words
from yizhan.simulator.pusher import Push
from yizhan.simulator.vendor import Act, Door
from yizhan.simulator.wire import Answer, Call, as_json, route

_TEMPLATES = {("order_sent", "zh_CN"): "您的订单{{1}}已发货", ("sale", "en_US"): "Everything is 20% off today"}
_FILES = ("image", "video", "audio", "document", "sticker")


class Whatsapp(Graph):
    name = "whatsapp"
    title = Words("WhatsApp", "WhatsApp")
    doors = (
        Door(
            channel="whatsapp", title=Words("WhatsApp", "WhatsApp"),
            says=("text", "image", "voice", "video", "file", "location", "unknown"),
            acts=(Act("reaction", Words("点赞 👍", "Thumbs up 👍")),),
        ),
    )  # fmt: skip

    def settings(self, channel: str) -> dict[str, Any]:
        lines = [f"{'*' if name == 'sale' else ''}{name} {lang} {text}" for (name, lang), text in _TEMPLATES.items()]
        return {"base_url": self.base, "phone_number_id": self.account_id, "templates": lines}

    def account_of(self, human: Human) -> Person:
        number = human.phone.removeprefix("+") or f"86199{int(human.digest('wa')[:8], 16) % 100_000_000:08}"
        return Person(id=number, human=human, facts={"user_id": "CN." + human.digest("bsuid")[:20]})

    async def said(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        self.quotas.open(person.id)
        kind = pictured(bubble)
        message: dict[str, Any] = {
            "from": person.id, "from_user_id": person.facts["user_id"], "id": f"wamid.{bubble.id}",
            "timestamp": str(int(bubble.at.timestamp())), "type": kind,
        }  # fmt: skip
        bubble.id = message["id"]
        if kind == "text":
            message["text"] = {"body": bubble.text}
        elif kind == "location":
            message["location"] = bubble.payload
        elif bubble.file is not None:
            message[kind] = {"id": self.keep(bubble.file), "mime_type": bubble.file.type, "filename": bubble.file.name}
            if bubble.text:
                message[kind]["caption"] = bubble.text
        elif kind == "unknown":
            message |= {"type": "unsupported", "errors": [{"code": 131051, "title": "Message type unknown"}]}
        else:
            message[kind] = bubble.payload
        return self.push(self._value(person, messages=[message]), f"message {bubble.id}")

    async def did(self, channel: str, person: Person, act: str) -> Push | None:
        chat = self.people.chat(channel, person.id)
        last = next((each.id for each in reversed(chat) if each.by == "house"), "")
        message = {
            "from": person.id, "id": f"wamid.{self.new_id()}", "timestamp": str(int(self.clock.now().timestamp())),
            "type": "reaction", "reaction": {"message_id": last, "emoji": "👍"},
        }  # fmt: skip
        return self.push(self._value(person, messages=[message]), act)

    async def saw(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        return self._status(person.id, bubble, "read")

    @route("GET", "/{version}/{id}")
    async def read(self, call: Call) -> Answer:
        wrong = self.stranger(call)
        if wrong is not None:
            return wrong
        if call.args["id"] == self.account_id:
            return as_json({"id": self.account_id, "display_phone_number": "+86 400 000 0000"})
        if call.args["id"] not in self.files:
            return self.refusal(100)
        return as_json({"id": call.args["id"], "url": f"{self.base}/files/{call.args['id']}"})

    @route("POST", "/{version}/{number}/media")
    async def put_up(self, call: Call) -> Answer:
        wrong = self.stranger(call)
        if wrong is not None:
            return wrong
        file = next((each for each in call.parts() if each.file), None)
        if file is None:
            return self.refusal(100)
        return as_json({"id": self.keep(Blob(file.file, file.type, file.content))})

    @route("POST", "/{version}/{number}/messages")
    async def messages(self, call: Call) -> Answer:
        wrong = self.stranger(call)
        if wrong is not None:
            return wrong
        said = call.json()
        to, kind = str(said.get("to", "")), str(said.get("type", ""))
        code = self._wrong(call.args["number"], to, kind, said)
        if code:
            return self.refusal(code)
        part = said.get(kind, {})
        file = self.files.get(part.get("id", "")) if kind in _FILES else None
        text = _template_text(part) if kind == "template" else part.get("body") or part.get("caption") or ""
        shown = {"audio": "voice", "document": "file", "template": "text"}.get(kind, kind)
        payload = part if kind == "location" else {}
        bubble = self.hear(to, text, id=f"wamid.{self.new_id()}", kind=shown, file=file, payload=payload)
        for state in ("sent", "delivered"):
            self.pusher.soon(self._status(to, bubble, state, str(said.get("biz_opaque_callback_data", ""))))
        self.people.turn(bubble, "delivered")
        return as_json({
            "messaging_product": "whatsapp", "contacts": [{"input": to, "wa_id": to}], "messages": [{"id": bubble.id}],
        })  # fmt: skip

    def _wrong(self, number: str, to: str, kind: str, said: dict[str, Any]) -> int:
        """The code of what stands against sending it."""
        if number != self.account_id or not re.fullmatch(r"\d{7,15}", to):
            return 131009
        if kind == "template":
            part = said.get("template", {})
            text = _TEMPLATES.get((part.get("name"), part.get("language", {}).get("code")))
            if text is None:
                return 132001
            blanks = [each for one in part.get("components", []) for each in one.get("parameters", [])]
            return 0 if len(blanks) == text.count("{{") else 132000
        if self.quotas.take(to) != "ok":
            return 131047
        if kind in _FILES and said.get(kind, {}).get("id") not in self.files:
            return 131053
        return 0 if kind in ("text", "location", *_FILES) else 131051

    def _status(self, to: str, bubble: Bubble, state: str, echo: str = "") -> Push:
        status = {
            "id": bubble.id, "status": state, "timestamp": str(int(self.clock.now().timestamp())), "recipient_id": to,
            **({"biz_opaque_callback_data": echo} if echo else {}),
        }  # fmt: skip
        return self.push(self._value(None, statuses=[status]), f"{state} {bubble.id}")

    def _value(self, person: Person | None, **more: Any) -> dict[str, Any]:
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "864000000000", "phone_number_id": self.account_id}, **more,
        }  # fmt: skip
        if person is not None:
            value["contacts"] = [
                {"profile": {"name": person.name}, "wa_id": person.id, "user_id": person.facts["user_id"]}
            ]
        change = {"field": "messages", "value": value}
        return {"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [change]}]}


def _template_text(part: dict[str, Any]) -> str:
    text = _TEMPLATES[part["name"], part["language"]["code"]]
    blanks = [str(each.get("text", "")) for one in part.get("components", []) for each in one.get("parameters", [])]
    for at, words in enumerate(blanks, 1):
        text = text.replace("{{" + str(at) + "}}", words)
    return text
