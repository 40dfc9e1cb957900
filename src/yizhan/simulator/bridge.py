"""A marketplace shop 店铺 behind a partner's bridge: v1 HMAC both ways, order cards, statuses reported back."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from yizhan.simulator.people import Blob, Bubble, Human, Person, Words
from yizhan.simulator.pusher import Push, Wire
from yizhan.simulator.vendor import Act, Door, Vendor, compact
from yizhan.simulator.wire import Answer, Call, as_json, route

CHANNEL = "bridge"
_WINDOW = 300
_CARDS = ("location", "link", "card", "order")
_ORDER = {
    "number": "TB202611230001", "title": "保温杯 500ml 雾蓝", "price": "129.00", "state": "已发货", "picture": "",
    "url": "https://shop.example.com/orders/TB202611230001",
}  # fmt: skip


class Bridge(Vendor):
    """hex(HMAC-SHA256(secret, timestamp + "." + body)) behind `v1=`, five minutes of grace, each event_id once."""

    name = CHANNEL
    title = Words("店铺平台(合作方桥接)", "Marketplace (partner bridge)")
    doors = (
        Door(
            channel=CHANNEL, title=Words("旗舰店客服", "Shop's service"), recalls=True,
            says=("text", "image", "voice", "video", "file", "location", "link", "order"),
            acts=(Act("enter", Words("进入店铺客服", "Open the shop's chat")),),
        ),
    )  # fmt: skip
    fault_words: ClassVar[Mapping[int | str, Words]] = {
        "window_closed": Words("超过可回复时间", "Too late"), "quota_exhausted": Words("条数用完", "None left"),
        "recipient_blocked": Words("买家拒收", "Refuses"), "content_rejected": Words("内容违规", "Forbidden words"),
        "throttle": Words("调用太频繁", "Called too often"),
    }  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.secret = secrets.token_hex(16)

    def settings(self, channel: str) -> dict[str, Any]:
        return {"platform": "taobao", "callback_url": f"{self.base}/desk"}

    def secrets(self, channel: str) -> dict[str, str]:
        return {"secret": self.secret}

    def account_of(self, human: Human) -> Person:
        return Person(id=f"tb_{human.digest('taobao')[:12]}", human=human)

    def refusal(self, code: int | str) -> Answer:
        return as_json({"error_class": str(code), "error": f"injected {code}"}, 400)

    async def said(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        message: dict[str, Any] = {"id": bubble.id, "kind": bubble.kind, "text": bubble.text}
        if bubble.file is not None:
            message["attachments"] = [_shown(bubble.kind, bubble.file)]
        if bubble.kind in _CARDS:
            message[bubble.kind] = bubble.payload or (_ORDER if bubble.kind == "order" else {})
        return self.event("message", person, {"message": message}, bubble.id)

    async def did(self, channel: str, person: Person, act: str) -> Push | None:
        return self.event("event", person, {"event": {"kind": act, "detail": {"from": "order_page"}}}, self.new_id())

    async def took_back(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        return self.event("recall", person, {"recall": {"message_id": bubble.id}}, f"recall-{bubble.id}")

    async def saw(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        return self._status(bubble.id, "read")

    def report(self, id: str, state: str, error: str = "") -> Push:
        """What became of a message of the house."""
        return self._status(id, state, error)

    @route("POST", "/desk")
    async def desk(self, call: Call) -> Answer:
        """What the house answers; an event is taken once, however often it comes."""
        stamp = call.headers.get("x-bridge-timestamp", "")
        if not hmac.compare_digest(call.headers.get("x-bridge-signature", ""), sign(self.secret, stamp, call.body)):
            return as_json({"error_class": "auth", "error": "signature"}, 401)
        if not stamp.isdigit() or abs(self.clock.now().timestamp() - int(stamp)) > _WINDOW:
            return as_json({"error_class": "auth", "error": "timestamp"}, 401)
        said = call.json()
        take: Callable[[dict[str, Any]], Answer] | None = {"message": self._heard, "recall": self._recalled}.get(
            said.get("type", "")
        )
        return take(said) if take else as_json({"ok": True})

    def _heard(self, said: dict[str, Any]) -> Answer:
        id = f"m-{said['event_id']}"
        if self.people.find(CHANNEL, id) is None:
            to, message = str(said["customer"]["id"]), said["message"]
            if self.people.get(to) is None:
                return as_json({"error_class": "recipient_blocked", "error": "no such buyer"}, 410)
            files = [Blob(f["name"], f["type"], base64.b64decode(f["content_base64"])) for f in message["attachments"]]
            kind = message["attachments"][0]["kind"] if files else message["kind"]
            self.hear(
                to, message["text"], id=id, kind=kind, payload=message[kind] if kind in _CARDS else {},
                file=files[0] if files else None,
            )  # fmt: skip
            self.pusher.soon(self._status(id, "delivered"))
        return as_json({"message_id": id})

    def _recalled(self, said: dict[str, Any]) -> Answer:
        found = self.people.find(CHANNEL, said["recall"]["message_id"])
        if found is None:
            return as_json({"error_class": "bad_request", "error": "no such message"}, 404)
        self.people.turn(found[1], "recalled")
        return as_json({"ok": True})

    def _status(self, id: str, state: str, error: str = "") -> Push:
        status = {"message_id": id, "state": state, "error_class": "recipient_blocked" if error else "", "error": error}
        return self.event("status", None, {"status": status}, f"{state}-{id}")

    def event(self, type: str, person: Person | None, said: dict[str, Any], id: str) -> Push:
        """A push of any type; `said` stands beside it."""
        customer = {"customer": {"id": person.id, "name": person.name}} if person else {}
        body = compact({"event_id": id, "type": type, "at": self.clock.now().isoformat(), **customer, **said})
        return Push(channel=CHANNEL, sign=lambda: self._signed(body), label=f"{type} {id}")

    def _signed(self, body: bytes) -> Wire:
        stamp = str(int(self.clock.now().timestamp()))
        headers = {"x-bridge-timestamp": stamp, "x-bridge-signature": sign(self.secret, stamp, body)}
        return Wire(body=body, headers={"content-type": "application/json", **headers})


def sign(secret: str, stamp: str, body: bytes) -> str:
    return "v1=" + hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _shown(kind: str, file: Blob) -> dict[str, str]:
    content = base64.b64encode(file.content).decode()
    return {"kind": kind, "name": file.name, "type": file.type, "content_base64": content}
