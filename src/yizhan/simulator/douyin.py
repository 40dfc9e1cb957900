"""Douyin 抖音: webhooks signed with plain SHA-1, replies counted by message, comments under one video."""

from __future__ import annotations

import hashlib
import itertools
import json
import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from yizhan.simulator.limits import Allowance, Left, Quotas, Tokens
from yizhan.simulator.people import Bubble, Human, Person, Words
from yizhan.simulator.pusher import Answered, Push, Wire
from yizhan.simulator.vendor import Act, Door, Vendor, compact
from yizhan.simulator.wire import Answer, Call, as_json, route

MESSAGES, COMMENTS = "douyin", "douyin_comment"
ITEM = "@9VwWjvGUTp9kKW+ma4huFs791GfuOPuEM5RzrQ=="
_DAY = 86_400
_TEXT, _COMMENT = 1_000, 100
_FIFTEEN_DAYS, _THIRTY_DAYS = 15 * _DAY, 30 * _DAY
_RENEWALS = 5
TOKEN, EXPIRED, USED, LATE, TEXT, PARAMETER = 2190002, 2190008, 28003070, 28003080, 28001038, 28001007


class Douyin(Vendor):
    """Six replies within a day of each message, three within thirty seconds of coming in."""

    name = "douyin"
    title = Words("抖音", "Douyin")
    doors = (
        Door(channel=MESSAGES, title=Words("抖音私信", "Douyin messages"), says=("text", "sticker", "unknown"),
             recalls=True, acts=(Act("enter", Words("进入私信页", "Open the chat")),)),
        Door(channel=COMMENTS, title=Words("抖音评论", "Douyin comments"), says=("text",), counted=False),
    )  # fmt: skip
    fault_words: ClassVar[Mapping[int | str, Words]] = {
        EXPIRED: Words("令牌过期", "Token expired"), 28003018: Words("调用太频繁", "Called too often"),
        USED: Words("回复条数用完", "No replies left"), LATE: Words("超过 24 小时", "After a day"),
        TEXT: Words("内容违规", "Forbidden words"), 28003101: Words("用户被封禁", "User banned"),
    }  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.client_key, self.client_secret = f"aw{secrets.token_hex(7)}", secrets.token_hex(16)
        self.open_id = f"_000{secrets.token_urlsafe(24)}"
        self.refresh_token = f"rft.{secrets.token_hex(20)}"
        self._refresh_since, self._renewals = self.clock.now(), 0
        self.tokens = Tokens(self.clock, _FIFTEEN_DAYS)
        self.quotas = Quotas(self.clock, {"message": Allowance(6, _DAY), "enter": Allowance(3, 30)})
        self._comments: list[dict[str, Any]] = []
        self._content_as_text = itertools.cycle((False, True))

    # what the administrator copies --------------------------------------------------------------------------------

    def settings(self, channel: str) -> dict[str, Any]:
        said = {"client_key": self.client_key, "open_id": self.open_id, "api_url": self.base}
        return said | ({"items": [ITEM]} if channel == COMMENTS else {})

    def secrets(self, channel: str) -> dict[str, str]:
        return {"client_secret": self.client_secret, "refresh_token": self.refresh_token}

    def account_of(self, human: Human) -> Person:
        return Person(id=f"_000{human.digest('douyin')[:32]}", human=human)

    def refusal(self, code: int | str) -> Answer:
        return _refused(int(code), f"injected {code}")

    def left(self, channel: str, person: Person) -> Left | None:
        return self.quotas.left(person.id) if channel == MESSAGES else None

    def expire_tokens(self) -> None:
        self.tokens.expire()

    # what people do -----------------------------------------------------------------------------------------------

    async def said(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        if channel == COMMENTS:
            return self._comment(person, bubble)
        self.quotas.open(person.id)
        content = self._content(person) | {
            "server_message_id": bubble.id, "message_type": "emoji" if bubble.kind == "sticker" else bubble.kind,
            "text": bubble.text or str(bubble.payload.get("name", "")), "source": "",
        }  # fmt: skip
        return self._pushed(MESSAGES, "im_receive_msg", person.id, content, bubble.id)

    async def did(self, channel: str, person: Person, act: str) -> Push | None:
        self.quotas.open(person.id, act)
        content = self._content(person) | {"scene_type": "1", "path": "", "query": ""}
        return self._pushed(MESSAGES, "im_enter_direct_msg", person.id, content, self.new_id())

    async def took_back(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        content = self._content(person) | {"server_message_id": bubble.id}
        return self._pushed(MESSAGES, "im_recall_msg", person.id, content, self.new_id())

    async def saw(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        """Douyin says how far he has read, not which message."""
        if channel == COMMENTS:
            return None
        return self._pushed(MESSAGES, "im_message_read", person.id, self._content(person) | {"index": 1}, self.new_id())

    async def verify(self, channel: str = MESSAGES) -> Answered:
        """Asks for the callback address as Douyin does when it is saved."""
        body = compact({"event": "verify_webhook", "client_key": "", "content": {"challenge": 12345}})
        return await self.pusher.once(Push(channel=channel, sign=Wire), self._signed(body, self.new_id()))

    def _comment(self, person: Person, bubble: Bubble) -> Push:
        said = {
            "comment_id": f"@{bubble.id}", "comment_user_id": person.id, "content": bubble.text, "digg_count": 0,
            "create_time": int(bubble.at.timestamp()), "reply_comment_total": 0, "reply_to_item_id": ITEM,
            "nick_name": person.name, "reply_to_comment_id": "", "at_user_id": "",
        }  # fmt: skip
        self._comments.append(said)
        return self._pushed(COMMENTS, "item_comment_reply", person.id, said, bubble.id)

    def _content(self, person: Person) -> dict[str, Any]:
        return {
            "conversation_short_id": f"71{int(hashlib.sha256(person.id.encode()).hexdigest()[:12], 16)}",
            "conversation_type": 1, "create_time": int(self.clock.now().timestamp() * 1000), "index": 1,
            "user_infos": [{"open_id": person.id, "nick_name": person.name, "avatar": ""}],
        }  # fmt: skip

    def _pushed(self, channel: str, event: str, sender: str, content: dict[str, Any], id: str) -> Push:
        """The content comes as an object one time and as a text the next, as it does."""
        shown = json.dumps(content, ensure_ascii=False) if next(self._content_as_text) else content
        body = compact({
            "event": event, "client_key": self.client_key, "from_user_id": sender, "to_user_id": self.open_id,
            "content": shown, "log_id": secrets.token_hex(8),
        })  # fmt: skip
        return Push(channel=channel, sign=lambda: self._signed(body, f"msg-{id}"), label=f"{event} {id}")

    def _signed(self, body: bytes, id: str) -> Wire:
        headers = {
            "content-type": "application/json", "x-douyin-signature": sign(self.client_secret, body), "msg-id": id
        }  # fmt: skip
        return Wire(body=body, headers=headers)

    # what the platform calls --------------------------------------------------------------------------------------

    @route("POST", "/oauth/refresh_token/")
    async def refresh(self, call: Call) -> Answer:
        form = call.form()
        if not self._may_refresh(form):
            return _refused(10010, "refresh_token is wrong")
        token, seconds = self.tokens.issue(self.open_id)
        return _taken({
            "access_token": token, "expires_in": seconds, "refresh_token": self.refresh_token, "open_id": self.open_id,
            "refresh_expires_in": self._refresh_left(), "scope": "im.direct_message,item.comment",
        })  # fmt: skip

    @route("POST", "/oauth/renew_refresh_token/")
    async def renew(self, call: Call) -> Answer:
        if not self._may_refresh(call.form()):
            return _refused(10010, "refresh_token is wrong")
        if self._renewals >= _RENEWALS:
            return _refused(10020, "renewed too often: the user authorises anew")
        self._renewals += 1
        self.refresh_token, self._refresh_since = f"rft.{secrets.token_hex(20)}", self.clock.now()
        return _taken({"refresh_token": self.refresh_token, "expires_in": _THIRTY_DAYS})

    def _may_refresh(self, form: Mapping[str, str]) -> bool:
        known = (form.get("client_key"), form.get("refresh_token")) == (self.client_key, self.refresh_token)
        return known and self._refresh_left() > 0

    def _refresh_left(self) -> int:
        return _THIRTY_DAYS - int((self.clock.now() - self._refresh_since).total_seconds())

    @route("POST", "/im/send/msg/")
    async def send(self, call: Call) -> Answer:
        said = call.json()
        if code := self._trouble(call):
            return _refused(code, "access_token")
        to, content = str(said.get("to_user_id", "")), said.get("content") or {}
        text = content.get("text", {}).get("text", "") if content.get("msg_type") == 1 else ""
        answered = self.people.find(MESSAGES, str(said.get("msg_id", "")))
        if answered is None or answered[0] != to or not isinstance(said.get("msg_id"), str):
            return _refused(28003082, "msg_id is no message of this user")
        if not 0 < len(text) <= _TEXT or "http" in text:
            return _refused(TEXT, "content is not allowed")
        took = self.quotas.take(to)
        if took != "ok":
            return _refused(LATE if took == "closed" else USED, took)
        return _taken({"msg_id": self.hear(to, text, channel=MESSAGES).id})

    @route("POST", "/im/recall/msg/")
    async def recall(self, call: Call) -> Answer:
        if code := self._trouble(call):
            return _refused(code, "access_token")
        found = self.people.find(MESSAGES, str(call.json().get("msg_id", "")))
        if found is None or found[1].by != "house" or not call.json().get("conversation_id"):
            return _refused(PARAMETER, "no such message")
        self.people.turn(found[1], "recalled")
        return _taken({})

    @route("GET", "/item/comment/list/")
    async def comments(self, call: Call) -> Answer:
        if code := self._trouble(call):
            return _refused(code, "access_token")
        if call.query.get("item_id") != ITEM:
            return _refused(PARAMETER, "no such item")
        at, count = int(call.query.get("cursor") or 0), min(50, int(call.query.get("count") or 10))
        newest = self._comments[::-1]
        return _taken({"list": newest[at : at + count], "cursor": at + count, "has_more": at + count < len(newest)})

    @route("POST", "/item/comment/reply/")
    async def answer_comment(self, call: Call) -> Answer:
        said = call.json()
        if code := self._trouble(call):
            return _refused(code, "access_token")
        known = next((each for each in self._comments if each["comment_id"] == said.get("comment_id")), None)
        if known is None or said.get("item_id") != ITEM:
            return _refused(PARAMETER, "no such comment")
        if not 0 < len(said.get("content", "")) <= _COMMENT:
            return _refused(TEXT, "content")
        heard = self.hear(known["comment_user_id"], said["content"], channel=COMMENTS)
        return _taken({"comment_id": f"@{heard.id}"})

    def _trouble(self, call: Call) -> int:
        if call.query.get("open_id") != self.open_id:
            return 2190015
        state = self.tokens.state(call.headers.get("access-token", ""), self.open_id)
        return {"good": 0, "expired": EXPIRED, "unknown": TOKEN}[state]


def sign(secret: str, body: bytes) -> str:
    return hashlib.sha1(secret.encode() + body).hexdigest()  # noqa: S324 - Douyin's own


def _taken(said: dict[str, Any]) -> Answer:
    extra = {"error_code": 0, "description": "", "sub_error_code": 0, "logid": secrets.token_hex(8)}
    return as_json({"data": {"error_code": 0, "description": "", **said}, "extra": extra, "message": "success"})


def _refused(code: int, words: str) -> Answer:
    extra = {"error_code": code, "description": words, "sub_error_code": 0, "logid": secrets.token_hex(8)}
    return as_json({"data": {"error_code": code, "description": words}, "extra": extra})
