"""Telegram: a bot, its webhook with a token said back, updates that are brought until they are taken."""

from __future__ import annotations

import itertools
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from yizhan.simulator.people import Blob, Bubble, Human, Person, Words
from yizhan.simulator.pusher import Push, Retry, Wire
from yizhan.simulator.vendor import Act, Door, Vendor, compact
from yizhan.simulator.wire import Answer, Call, as_json, route

_FIELDS = {"sendPhoto": "photo", "sendVoice": "voice", "sendVideo": "video", "sendDocument": "document"}
_KINDS = {"photo": "image", "voice": "voice", "video": "video", "document": "file"}
_RECALL_SECONDS = 48 * 3600
_ONE_CHAT, _ALL_CHATS = 1.0, 30


class Telegram(Vendor):
    """One message a second to a chat and thirty in all; who blocks the bot is never reached."""

    name = "telegram"
    title = Words("Telegram", "Telegram")
    doors = (
        Door(
            channel="telegram", title=Words("Telegram", "Telegram"),
            says=("text", "image", "voice", "video", "file", "location", "sticker", "unknown"),
            acts=(
                Act("button", Words("点按钮「退货」", "Tap “Return”")),
                Act("contact", Words("分享手机号", "Share my number")),
                Act("block", Words("停用机器人", "Block the bot")),
            ),
        ),
    )  # fmt: skip
    retry = Retry(attempts=5, timeout=5.0, pauses=(1.0, 2.0, 4.0, 8.0))
    fault_words: ClassVar[Mapping[int | str, Words]] = {
        429: Words("太快了", "Too fast"), 403: Words("对方停用了机器人", "Bot was blocked"),
        401: Words("令牌失效", "Token no longer good"),
    }  # fmt: skip
    strict = False  # one message a second to a chat is what agents can exceed by typing

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.token = f"{secrets.randbelow(10**9) + 10**9}:{secrets.token_urlsafe(26)}"
        self.webhook_token = secrets.token_urlsafe(16)
        self.files: dict[str, Blob] = {}
        self.blocked: set[str] = set()
        begun = int(self.clock.now().timestamp())  # started again it says other numbers: an old one is a known one
        self._updates = itertools.count(begun)
        self._messages = itertools.count(begun)
        self._sent: list[tuple[str, datetime]] = []

    def settings(self, channel: str) -> dict[str, Any]:
        return {"base_url": self.base}

    def secrets(self, channel: str) -> dict[str, str]:
        return {"bot_token": self.token, "webhook_token": self.webhook_token}

    def account_of(self, human: Human) -> Person:
        return Person(id=str(5_000_000_000 + int(human.digest("tg")[:7], 16)), human=human)

    def refusal(self, code: int | str) -> Answer:
        wrong: dict[str, Any] = {"ok": False, "error_code": int(code), "description": "injected"}
        if int(code) == 429:
            wrong["parameters"] = {"retry_after": 3}
        return as_json(wrong, int(code))

    # people -----------------------------------------------------------------------------------------------------------

    async def said(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        number = next(self._messages)
        bubble.id = f"{person.id}:{number}"
        message = {**self._message(person, number, bubble.at), **self._content(bubble)}
        return self._update(message=message)

    def _content(self, bubble: Bubble) -> dict[str, Any]:
        if bubble.kind == "text":
            return {"text": bubble.text}
        if bubble.kind == "location":
            place = {key: bubble.payload.get(key) for key in ("latitude", "longitude")}
            if not bubble.payload.get("name"):
                return {"location": place}
            venue = {"location": place, "title": bubble.payload["name"], "address": bubble.payload.get("address", "")}
            return {"venue": venue, "location": place}
        if bubble.kind == "sticker":
            id = self._keep(bubble.file or Blob("s.webp", "image/webp", b"RIFF0000WEBP"))
            return {"sticker": {"file_id": id, "emoji": bubble.text or "😀", "set_name": "animals"}}
        if bubble.kind == "unknown":
            return {"hologram": {"id": bubble.id}}
        assert bubble.file is not None
        part: dict[str, Any] = {
            "file_id": self._keep(bubble.file), "mime_type": bubble.file.type, "file_name": bubble.file.name,
            "file_size": len(bubble.file.content),
        }  # fmt: skip
        said = {"caption": bubble.text} if bubble.text else {}
        if bubble.kind == "image":
            small = {**part, "file_id": "thumb", "width": 90, "height": 90}
            return {**said, "photo": [small, {**part, "width": 1280, "height": 960}]}
        return {**said, {"voice": "voice", "video": "video"}.get(bubble.kind, "document"): part}

    async def did(self, channel: str, person: Person, act: str) -> Push | None:
        message = self._message(person, next(self._messages), self.clock.now())
        if act == "contact":
            number = person.human.phone.removeprefix("+") or "8619900000009"
            card = {"phone_number": number, "first_name": person.name, "user_id": int(person.id)}
            return self._update(message={**message, "contact": card})
        if act == "block":
            self.blocked.add(person.id)
            member = {"new_chat_member": {"status": "kicked"}, "chat": message["chat"], "from": message["from"]}
            return self._update(my_chat_member={**member, "date": message["date"]})
        keyboard = {"inline_keyboard": [[{"text": "退货", "callback_data": "return"}]]}
        query = {"id": self.new_id(), "from": message["from"], "data": "return"}
        return self._update(callback_query={**query, "message": {**message, "reply_markup": keyboard}})

    def _message(self, person: Person, number: int, at: datetime) -> dict[str, Any]:
        who = {"id": int(person.id), "is_bot": False, "first_name": person.name, "language_code": "zh-hans"}
        chat = {"id": int(person.id), "type": "private", "first_name": person.name}
        return {"message_id": number, "from": who, "chat": chat, "date": int(at.timestamp())}

    def _update(self, **what: Any) -> Push:
        id = next(self._updates)
        headers = {"content-type": "application/json", "X-Telegram-Bot-Api-Secret-Token": self.webhook_token}
        wire = Wire(body=compact({"update_id": id, **what}), headers=headers)
        return Push(
            channel="telegram", sign=lambda: wire, label=f"update {id}", accepts=lambda a: 200 <= a.status < 300
        )

    def _keep(self, blob: Blob) -> str:
        id = f"AgAC{secrets.token_urlsafe(12)}"
        self.files[id] = blob
        return id

    # the bot ----------------------------------------------------------------------------------------------------------

    @route("POST", "/bot{token}/{method}")
    async def method(self, call: Call) -> Answer:
        if call.args["token"] != self.token:
            return _wrong(401, "Unauthorized")
        name = call.args["method"]
        form = call.headers.get("content-type", "").startswith("multipart/")
        parts = call.parts() if form else []
        said = {each.name: each.content.decode() for each in parts if not each.file} or call.json()
        if name == "getMe":
            return _right({"id": int(self.token.partition(":")[0]), "is_bot": True, "first_name": "驿站"})
        if name == "getWebhookInfo":
            return _right({"url": self.callbacks.get("telegram", ""), "pending_update_count": 0})
        if name == "getFile":
            known = self.files.get(str(said.get("file_id")))
            path = f"files/{said.get('file_id')}/{known.name}" if known else ""
            return _right({"file_path": path}) if known else _wrong(400, "Bad Request: wrong file_id")
        if name == "deleteMessage":
            return self._delete(f"{said.get('chat_id')}:{said.get('message_id')}")
        file = next((Blob(each.file, each.type, each.content) for each in parts if each.file), None)
        return self._send(name, said, file)

    @route("GET", "/file/bot{token}/files/{id}/{name}")
    async def file(self, call: Call) -> Answer:
        known = self.files.get(call.args["id"])
        if known is None or call.args["token"] != self.token:
            return _wrong(404, "Not Found")
        return Answer(known.content, 200, "application/octet-stream")

    def _send(self, name: str, said: Mapping[str, Any], file: Blob | None) -> Answer:
        chat = str(said.get("chat_id", ""))
        if self.people.get(chat) is None:
            return _wrong(400, "Bad Request: chat not found")
        if chat in self.blocked:
            return _wrong(403, "Forbidden: bot was blocked by the user")
        now = self.clock.now()
        self._sent = [each for each in self._sent if (now - each[1]).total_seconds() < _ONE_CHAT]
        if self.strict and (len(self._sent) >= _ALL_CHATS or any(to == chat for to, _ in self._sent)):
            return self.refusal(429)
        if name == "sendMessage":
            text, kind = str(said.get("text", "")), "text"
            if not text or len(text) > 4096:
                return _wrong(400, "Bad Request: message text is empty or too long")
        elif name in ("sendLocation", "sendVenue"):
            text, kind = str(said.get("title", "")), "location"
        elif name in _FIELDS and file is not None:
            text, kind = str(said.get("caption", "")), _KINDS[_FIELDS[name]]
        else:
            return _wrong(404, "Not Found")
        self._sent.append((chat, now))
        number = next(self._messages)
        payload = {key: float(said[key]) for key in ("latitude", "longitude") if key in said}
        self.hear(chat, text, id=f"{chat}:{number}", kind=kind, file=file, payload=payload)
        return _right({"message_id": number, "chat": {"id": int(chat)}, "date": int(now.timestamp())})

    def _delete(self, id: str) -> Answer:
        found = self.people.find("telegram", id)
        late = found and (self.clock.now() - found[1].at).total_seconds() > _RECALL_SECONDS
        if found is None or late or not re.fullmatch(r"\d+:\d+", id):
            return _wrong(400, "Bad Request: message can't be deleted")
        self.people.turn(found[1], "recalled")
        return _right(True)


def _right(result: object) -> Answer:
    return as_json({"ok": True, "result": result})


def _wrong(code: int, words: str) -> Answer:
    return as_json({"ok": False, "error_code": code, "description": words}, code)
