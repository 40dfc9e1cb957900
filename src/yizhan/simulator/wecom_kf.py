"""微信客服 as 企业微信 runs it: a nudge goes out, messages are pulled with a cursor, five replies go in 48 hours.

Written from the vendor's documentation.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from yizhan.simulator.limits import Allowance, Quotas
from yizhan.simulator.people import Bubble, Person
from yizhan.simulator.pusher import Push
from yizhan.simulator.tencent import Refusal, cdata

if TYPE_CHECKING:
    from yizhan.simulator.wecom import WeCom

_KEPT, _TOKEN_LIFE, _CODE_LIFE = timedelta(days=3), timedelta(minutes=10), timedelta(seconds=20)
_DUPLICATE = 40058
_MSGID = re.compile(r"[0-9a-zA-Z_-]{1,32}")
_MOVES = {0: (1, 2, 3, 4), 1: (2, 3, 4), 2: (3, 4), 3: (3, 4), 4: ()}
_TYPES = frozenset({"text", "image", "voice", "video", "file", "link", "miniprogram", "msgmenu", "location", "ca_link"})


class Kf:
    """One account. `fail_next` of the accepted messages fail after all, each for its reason (`fail_type`)."""

    def __init__(self, corp: WeCom) -> None:
        self._corp = corp
        self.account = "wk" + secrets.token_hex(15)
        self.quotas = Quotas(corp.clock, {"message": Allowance(5, 48 * 3600)})
        self.states: dict[str, int] = {}
        self.fail_next: list[int] = []
        self._log: list[tuple[datetime, dict[str, Any]]] = []
        self._tokens: dict[str, datetime] = {}
        self._codes: dict[str, tuple[str, datetime]] = {}
        self._sent: set[str] = set()
        self._refuse: set[str] = set()
        self._empty_page = False

    # what people do ---------------------------------------------------------------------------------------------------

    def said(self, person: Person, bubble: Bubble) -> Push:
        self.quotas.open(person.id)
        if self.states.get(person.id, 4) == 4:
            self.states[person.id] = 0
        type, body = self._body(bubble)
        item = {"open_kfid": self.account, "external_userid": person.id, "origin": 3, "msgtype": type, type: body}
        self.add({"msgid": bubble.id, **item})
        return self.nudge()

    def did(self, person: Person, act: str) -> Push:
        if act == "refuse":
            self._refuse.add(person.id)
            return self.nudge()
        if act in ("served", "ended"):
            return self._turn(person, 3 if act == "served" else 4)
        event: dict[str, Any] = {"event_type": "enter_session", "scene": "link", "scene_param": "home"}
        if act == "shop":
            event |= {"scene": "video_shop", "wechat_channels": {"shop_nickname": "青禾小店", "scene": 4}}
        if not self._spoke_lately(person.id):
            event["welcome_code"] = self.code(person.id)
        self.event(person.id, event)
        return self.nudge()

    def _turn(self, person: Person, state: int) -> Push:
        """Somebody took the session in the vendor's own client, or ended it there."""
        self.states[person.id] = state
        change: dict[str, Any] = {"change_type": 1, "new_servicer_userid": "zhangsan"}
        if state == 4:
            change = {"change_type": 3, "old_servicer_userid": "zhangsan", "msg_code": self.code(person.id)}
        self.event(person.id, {"event_type": "session_status_change", **change})
        return self.nudge()

    def took_back(self, person: Person, bubble: Bubble) -> Push:
        self.event(person.id, {"event_type": "user_recall_msg", "recall_msgid": bubble.id})
        return self.nudge()

    def code(self, person_id: str) -> str:
        code = secrets.token_urlsafe(24)
        self._codes[code] = person_id, self._now() + _CODE_LIFE
        return code

    def event(self, person_id: str, event: Mapping[str, Any]) -> None:
        said = {"open_kfid": self.account, "external_userid": person_id, **event}
        self.add({"msgid": self._corp.new_id(), "origin": 4, "msgtype": "event", "event": said})

    def add(self, item: dict[str, Any]) -> None:
        self._log.append((self._now(), {"send_time": int(self._now().timestamp()), **item}))

    def nudge(self) -> Push:
        """A token for each burst; it lives ten minutes."""
        token = secrets.token_urlsafe(30)
        self._tokens[token] = self._now() + _TOKEN_LIFE

        def inner(stamp: int) -> str:
            head = cdata(ToUserName="ww6a112864f8022910", CreateTime=stamp, MsgType="event", Event="kf_msg_or_event")
            return head + cdata(Token=token, OpenKfId=self.account)

        return self._corp.callback("wechat_kf", inner, "kf_msg_or_event")

    def _body(self, bubble: Bubble) -> tuple[str, dict[str, Any]]:
        said = bubble.payload
        if bubble.file is not None:
            named = {"filename": bubble.file.name} if bubble.kind == "file" else {}
            return bubble.kind, {"media_id": self._corp.keep(bubble.file), **named}
        if bubble.kind == "location":
            return "location", {name: said.get(name, "") for name in ("latitude", "longitude", "name", "address")}
        if bubble.kind == "link":
            names = {"title": "title", "desc": "text", "url": "url", "pic_url": "picture"}
            return "link", {name: said.get(ours, "") for name, ours in names.items()}
        if bubble.kind == "order":
            names = {"order_id": "number", "product_titles": "title", "price_wording": "price", "state": "state"}
            return "channels_shop_order", {name: said.get(ours, "") for name, ours in names.items()}
        if bubble.kind == "card":
            page = {"title": said.get("title", ""), "appid": said.get("app", ""), "pagepath": said.get("path", "")}
            return "miniprogram", {**page, "thumb_media_id": ""}
        if bubble.kind == "unknown":
            return "hologram", {"hologram_id": bubble.id}
        return "text", {"content": bubble.text}

    def _spoke_lately(self, person_id: str) -> bool:
        since = self._now() - timedelta(hours=48)
        return any(at > since and item.get("external_userid") == person_id for at, item in self._log)

    # what the platform asks -------------------------------------------------------------------------------------------

    def answer(self, call: str, said: Mapping[str, Any]) -> Mapping[str, Any]:
        """Raises Refusal."""
        handlers = {
            "sync_msg": self._sync, "send_msg": self._send, "send_msg_on_event": self._send_on_event,
            "service_state/get": self._state, "service_state/trans": self._trans,
            "customer/batchget": self._customers, "account/list": self._accounts,
        }  # fmt: skip
        if call not in handlers:
            raise Refusal(48002)
        return handlers[call](said)

    def _sync(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        self._ensure_account(said)
        token = said.get("token")
        if token and self._tokens.get(str(token), self._now()) <= self._now():
            raise Refusal(95007)
        if said.get("cursor") and self._empty_page:  # more waits behind an empty page, once in a while
            self._empty_page = False
            return {"next_cursor": said["cursor"], "has_more": 1, "msg_list": []}
        oldest = self._now() - _KEPT
        start = _place(str(said["cursor"])) if said.get("cursor") else 0
        most = min(int(said.get("limit") or 1000), 1000)
        rows = [item for at, item in self._log[start : start + most] if at >= oldest]
        end = min(len(self._log), start + most)
        more = end < len(self._log)
        self._empty_page = more
        return {"next_cursor": _cursor(end), "has_more": int(more), "msg_list": rows}

    def _send(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        self._ensure_account(said)
        to, msgid = str(said.get("touser", "")), self._msgid(said)
        if self._corp.people.get(to) is None:
            raise Refusal(40096)
        if self.states.get(to, 4) not in (0, 1):
            raise Refusal(95018)
        self._ensure_body(said, _TYPES)
        room = self.quotas.take(to)
        if room != "ok":
            raise Refusal(95001 if room == "exhausted" else 95002)
        self._sent.add(msgid)
        reason = self.fail_next.pop(0) if self.fail_next else 10 if to in self._refuse else None
        self._hear(to, msgid, said)
        if reason is not None:
            self.event(to, {"event_type": "msg_send_fail", "fail_msgid": msgid, "fail_type": reason})
            self._corp.pusher.soon(self.nudge())
        return {"msgid": msgid}

    def _send_on_event(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        person_id, until = self._codes.pop(str(said.get("code", "")), ("", self._now()))
        if not person_id or until <= self._now():
            raise Refusal(95007)
        msgid = self._msgid(said)
        self._ensure_body(said, frozenset({"text", "msgmenu"}))
        self._sent.add(msgid)
        self._hear(person_id, msgid, said)
        return {"msgid": msgid}

    def _state(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        self._ensure_account(said)
        return {"service_state": self.states.get(str(said.get("external_userid")), 4)}

    def _trans(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        person_id, wanted = str(said.get("external_userid")), said.get("service_state")
        if wanted not in _MOVES[self.states.get(person_id, 4)]:
            raise Refusal(95016)
        self.states[person_id] = int(wanted)
        return {}

    def _customers(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        wanted = [str(each) for each in said.get("external_userid_list") or ()]
        if not 1 <= len(wanted) <= 100:
            raise Refusal(40058)
        known = {id: person for id in wanted if (person := self._corp.people.get(id)) is not None}
        listed = [
            {"external_userid": id, "nickname": person.name, "unionid": person.human.unionid, "gender": 0}
            for id, person in known.items()
        ]
        return {"customer_list": listed, "invalid_external_userid": [id for id in wanted if id not in known]}

    def _accounts(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"account_list": [{"open_kfid": self.account, "name": "青禾客服", "manage_privilege": True}]}

    # ------------------------------------------------------------------------------------------------------------------

    def _msgid(self, said: Mapping[str, Any]) -> str:
        msgid = str(said.get("msgid") or secrets.token_hex(16))
        if not _MSGID.fullmatch(msgid):
            raise Refusal(40058)
        if msgid in self._sent:
            raise Refusal(_DUPLICATE)
        return msgid

    def _ensure_account(self, said: Mapping[str, Any]) -> None:
        if said.get("open_kfid") != self.account:
            raise Refusal(95000)

    def _ensure_body(self, said: Mapping[str, Any], types: frozenset[str]) -> None:
        type = said.get("msgtype")
        body = said.get(str(type))
        if type not in types or not isinstance(body, Mapping):
            raise Refusal(40058)
        if type == "text" and not 0 < len(str(body.get("content", "")).encode()) <= 2048:
            raise Refusal(40058)
        if "media_id" in body and self._corp.media(str(body["media_id"])) is None:
            raise Refusal(40007)

    def _hear(self, to: str, msgid: str, said: Mapping[str, Any]) -> None:
        type = str(said["msgtype"])
        body: Mapping[str, Any] = said[type]
        file = self._corp.media(str(body.get("media_id", "")))
        text = str(body.get("content") or body.get("head_content") or body.get("title") or "")
        self._corp.hear(to, text, channel="wechat_kf", id=msgid, kind=type, payload=body, file=file)

    def _now(self) -> datetime:
        return self._corp.clock.now()


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"kf:{place}".encode()).decode()


def _place(cursor: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(cursor).decode().removeprefix("kf:"))
    except ValueError:
        return 0
