"""An application of 企业微信: members write to it, it writes to members. Written from the vendor's documentation."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from yizhan.simulator.people import Bubble, Person
from yizhan.simulator.pusher import Push
from yizhan.simulator.tencent import Refusal, cdata

if TYPE_CHECKING:
    from yizhan.simulator.wecom import WeCom

_TYPES = frozenset({"text", "image", "voice", "video", "file", "textcard", "news", "markdown", "miniprogram_notice"})
_RECALL = timedelta(hours=24)


class Application:
    def __init__(self, corp: WeCom) -> None:
        self._corp = corp
        self.agent = "1000002"
        self.shows_names = True
        self._lately: dict[str, datetime] = {}

    def said(self, person: Person, bubble: Bubble) -> Push:
        fields = self._fields(bubble)

        def inner(stamp: int) -> str:
            return self._head(person, int(bubble.at.timestamp())) + cdata(**fields, MsgId=bubble.id, AgentID=self.agent)

        return self._corp.callback("wecom", inner, f"message {bubble.id}")

    def did(self, person: Person, act: str) -> Push:
        at = int(self._corp.clock.now().timestamp())

        def inner(stamp: int) -> str:
            return self._head(person, at) + cdata(MsgType="event", Event="enter_agent", EventKey="", AgentID=self.agent)

        return self._corp.callback("wecom", inner, "enter_agent")

    def _head(self, person: Person, at: int) -> str:
        return cdata(ToUserName="ww6a112864f8022910", FromUserName=person.id, CreateTime=at)

    def _fields(self, bubble: Bubble) -> dict[str, str]:
        said = bubble.payload
        if bubble.file is not None:
            more = {"PicUrl": f"{self._corp.base}/pic"} if bubble.kind == "image" else {}
            format = {"Format": "amr"} if bubble.kind == "voice" else {}
            return {"MsgType": bubble.kind, "MediaId": self._corp.keep(bubble.file), **more, **format}
        if bubble.kind == "location":
            place = {"Location_X": str(said.get("latitude", "")), "Location_Y": str(said.get("longitude", ""))}
            return {"MsgType": "location", **place, "Scale": "16", "Label": str(said.get("address", ""))}
        if bubble.kind == "link":
            names = {"Title": "title", "Description": "text", "Url": "url", "PicUrl": "picture"}
            return {"MsgType": "link", **{name: str(said.get(ours, "")) for name, ours in names.items()}}
        if bubble.kind == "unknown":
            return {"MsgType": "hologram", "HologramId": bubble.id}
        return {"MsgType": "text", "Content": bubble.text}

    def answer(self, call: str, said: Mapping[str, Any]) -> Mapping[str, Any]:
        """Raises Refusal."""
        if call == "send":
            return self._send(said)
        if call == "recall":
            return self._recall(said)
        raise Refusal(48002)

    def member(self, userid: str) -> Mapping[str, Any]:
        """Of a directory that is shut to the application the userid stands in place of the name. Raises Refusal."""
        if (person := self._corp.people.get(userid)) is None:
            raise Refusal(60111)
        return {"userid": userid, "name": person.name if self.shows_names else userid, "department": [1], "status": 1}

    def _send(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        if str(said.get("agentid")) != self.agent:
            raise Refusal(40056)
        to, type = str(said.get("touser", "")), str(said.get("msgtype"))
        if self._corp.people.get(to) is None:
            raise Refusal(81013)
        body = said.get(type)
        if type not in _TYPES or not isinstance(body, Mapping):
            raise Refusal(40058)
        file = self._corp.media(str(body.get("media_id", "")))
        if "media_id" in body and file is None:
            raise Refusal(40007)
        msgid = secrets.token_urlsafe(30)
        if not self._is_repeated(said, to, type, body):
            text = str(body.get("content") or body.get("title") or "")
            self._corp.hear(to, text, channel="wecom", id=msgid, kind=type, payload=body, file=file)
        return {"msgid": msgid}

    def _is_repeated(self, said: Mapping[str, Any], to: str, type: str, body: Mapping[str, Any]) -> bool:
        """With the check, an equal message within the interval is taken and not shown again."""
        digest = hashlib.sha256(json.dumps([to, type, body], sort_keys=True).encode()).hexdigest()
        now, interval = self._corp.clock.now(), timedelta(seconds=int(said.get("duplicate_check_interval") or 1800))
        before, self._lately[digest] = self._lately.get(digest), now
        return bool(said.get("enable_duplicate_check")) and before is not None and now - before < interval

    def _recall(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        found = self._corp.people.find("wecom", str(said.get("msgid")))
        if found is None or self._corp.clock.now() - found[1].at > _RECALL:
            raise Refusal(40058)
        self._corp.people.turn(found[1], "recalled")
        return {}
