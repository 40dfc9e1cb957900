"""A customer group of 企业微信. No ordinary API reads one: an archive (会话内容存档) or a robot of the house's own
pushes what is said, signed as the bridge signs, and says in the group what it is told to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Any

from yizhan.simulator.people import Blob, Bubble, Person
from yizhan.simulator.pusher import Push, Wire
from yizhan.simulator.wire import Answer, Call, as_json

if TYPE_CHECKING:
    from yizhan.simulator.wecom import WeCom

_TIMESTAMP, _SIGNATURE = "x-bridge-timestamp", "x-bridge-signature"
_GRACE = 300


class Group:
    def __init__(self, corp: WeCom) -> None:
        self._corp = corp
        self.secret = secrets.token_hex(24)
        self.id, self.title = "wr" + secrets.token_hex(12), "青禾老客户群"

    def settings(self) -> dict[str, Any]:
        return {"reply_url": f"{self._corp.base}/group/replies", "mentions": ["客服"], "keywords": ["售后", "退货"]}

    def said(self, person: Person, bubble: Bubble) -> Push:
        message: dict[str, Any] = {"id": bubble.id, "kind": bubble.kind, "text": bubble.text}
        if bubble.file is not None:
            content = base64.b64encode(bubble.file.content).decode()
            file = {"name": bubble.file.name, "type": bubble.file.type, "content_base64": content}
            message["attachments"] = [{"kind": bubble.kind, **file}]
        said = {
            "event_id": bubble.id, "type": "message", "at": bubble.at.isoformat(), "message": message,
            "group": {"id": self.id, "name": self.title},
            "customer": {"id": person.id, "name": person.name, "role": "customer", "unionid": person.human.unionid},
        }  # fmt: skip
        return Push(channel="wecom_group", sign=lambda: self.wire(said), label=f"group message {bubble.id}")

    def wire(self, said: dict[str, Any]) -> Wire:
        body, stamp = as_json(said).body, str(int(self._corp.clock.now().timestamp()))
        headers = {"content-type": "application/json", _TIMESTAMP: stamp, _SIGNATURE: self._sign(stamp, body)}
        return Wire(body=body, headers=headers)

    def replies(self, call: Call) -> Answer:
        """What is to be said in the group, or to one of its members alone; said once, however often it comes."""
        stamp = call.headers.get(_TIMESTAMP, "")
        if not hmac.compare_digest(call.headers.get(_SIGNATURE, ""), self._sign(stamp, call.body)):
            return as_json({"error": "signature"}, 401)
        if not stamp.isdigit() or abs(self._corp.clock.now().timestamp() - int(stamp)) > _GRACE:
            return as_json({"error": "timestamp"}, 401)
        said = call.json()
        if said.get("type") == "ping":
            return as_json({"pong": True})
        message, to = said.get("message") or {}, said.get("customer") or {}
        id = str(said.get("event_id"))
        if self._corp.people.get(str(to.get("id"))) is None:
            return as_json({"error_class": "recipient_blocked", "error": "not in the group"}, 422)
        if self._corp.people.find("wecom_group", id) is None:
            files = [_blob(each) for each in message.get("attachments") or ()]
            self._corp.hear(
                str(to["id"]), str(message.get("text", "")), channel="wecom_group", id=id,
                kind="file" if files else "text", payload={"private": said.get("group") is None},
                file=files[0] if files else None,
            )  # fmt: skip
            self._report(id)
        return as_json({"message_id": id})

    def _report(self, id: str) -> None:
        """The robot has said it: that is delivered."""
        said = {
            "event_id": f"s{id}", "type": "status", "status": {"state": "delivered", "message_id": id},
            "at": self._corp.clock.now().isoformat(),
        }  # fmt: skip
        push = Push(channel="wecom_group", sign=lambda: self.wire(said), label=f"delivered {id}")
        self._corp.pusher.soon(push)

    def _sign(self, stamp: str, body: bytes) -> str:
        return "v1=" + hmac.new(self.secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _blob(said: dict[str, str]) -> Blob:
    return Blob(said["name"], said["type"], base64.b64decode(said["content_base64"]))
