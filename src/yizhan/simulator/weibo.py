"""Weibo 微博: 粉丝服务 private messages that are pushed, and comments and mentions that have to be asked for."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from yizhan.simulator.limits import Allowance, Left, Quotas, Tokens
from yizhan.simulator.people import Blob, Bubble, Human, Person, Words
from yizhan.simulator.pusher import Answered, Push, Wire
from yizhan.simulator.vendor import Act, Door, Vendor, compact
from yizhan.simulator.weibo_public import Public
from yizhan.simulator.wire import Answer, Call, as_json, route

MESSAGES, COMMENTS = "weibo", "weibo_comment"
_TWO_DAYS, _YEAR = 48 * 3600, 365 * 86_400
_TEXT, _COMMENT, _ARTICLES = 300, 140, 8
_EVENTS = {"follow": "关注", "unfollow": "取消关注", "subscribe": "订阅", "click": "点菜单", "scan": "扫码"}
CLOSED = 20309
"""Weibo documents no code for a window that is shut; this stand-in uses this one."""


class Weibo(Vendor):
    """sha1 of secret, timestamp and nonce, sorted; bodies are not signed. Any number of replies within 48 hours."""

    name = "weibo"
    title = Words("微博", "Weibo")
    doors = (
        Door(
            channel=MESSAGES, title=Words("微博私信", "Weibo messages"),
            says=("text", "image", "voice", "location", "unknown"),
            acts=tuple(Act(key, Words(zh, key.capitalize())) for key, zh in _EVENTS.items()),
        ),
        Door(
            channel=COMMENTS, title=Words("微博评论", "Weibo comments"), says=("text",),
            acts=(Act("mention", Words("发微博 @品牌", "Post that mentions the brand")),), counted=False,
        ),
    )  # fmt: skip
    fault_words: ClassVar[Mapping[int | str, Words]] = {
        21327: Words("令牌过期", "Token expired"), 10023: Words("调用太频繁", "Called too often"),
        20019: Words("重复内容", "The same text again"), 20021: Words("内容违规", "Forbidden words"),
        20301: Words("不是粉丝", "Not a follower"), CLOSED: Words("超过 48 小时", "After 48 hours"),
    }  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.uid = str(5_000_000_000 + secrets.randbelow(10**9))
        self.app_secret = secrets.token_hex(16)
        self.tokens = Tokens(self.clock, _YEAR)
        self.token, _ = self.tokens.issue(self.uid)
        everything = ("message", "follow", "subscribe", "click", "scan", "scan_follow")
        self.quotas = Quotas(self.clock, {each: Allowance(None, _TWO_DAYS) for each in everything})
        self.public = Public(self.uid)
        self._files: dict[str, Blob] = {}
        self._last: dict[str, str] = {}

    # what the administrator copies --------------------------------------------------------------------------------

    def settings(self, channel: str) -> dict[str, Any]:
        if channel == COMMENTS:
            return {"uid": self.uid, "api_url": self.base}
        return {"uid": self.uid, "api_url": self.base, "upload_url": self.base, "window_codes": [str(CLOSED)]}

    def secrets(self, channel: str) -> dict[str, str]:
        return {"access_token": self.token} | ({"app_secret": self.app_secret} if channel == MESSAGES else {})

    def account_of(self, human: Human) -> Person:
        """A uid of ten digits, the same for messages and comments."""
        return Person(id=str(1_000_000_000 + int(human.digest("weibo")[:8], 16)), human=human)

    def refusal(self, code: int | str) -> Answer:
        return as_json({"request": "/2", "error_code": int(code), "error": f"injected {code}"}, 400)

    def left(self, channel: str, person: Person) -> Left | None:
        return self.quotas.left(person.id) if channel == MESSAGES else None

    def expire_tokens(self) -> None:
        self.tokens.expire()

    # what people do -----------------------------------------------------------------------------------------------

    async def said(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        if channel == COMMENTS:
            self.public.comment(bubble.id, person.id, person.name, bubble.text, self._date(bubble.at))
            return None
        self.quotas.open(person.id)
        kind, said = self._formed(bubble)
        return self._pushed(person, kind, said, bubble.text, bubble.at, label=f"{kind} {bubble.id}")

    async def did(self, channel: str, person: Person, act: str) -> Push | None:
        if channel == COMMENTS:
            self.post_mention(person, f"@品牌客服 {person.name} 想问一个问题")
            return None
        self.quotas.open(person.id, act)
        if act == "unfollow":
            self.quotas.close(person.id)
        said = {"subtype": act, "key": "MENU_SERVICE" if act == "click" else ""}
        return self._pushed(person, "event", said, "", self.clock.now(), label=act)

    def post_mention(self, person: Person, text: str) -> str:
        """A post of his own that names the brand; returns its id."""
        bubble = Bubble(id=self.new_id(), by="customer", text=text, at=self.clock.now(), state="accepted")
        self.people.put(COMMENTS, person.id, bubble)
        self.public.post(bubble.id, person.id, person.name, text, self._date(bubble.at))
        return bubble.id

    async def verify(self) -> Answered:
        """Asks for the callback address as Weibo does when it is saved."""
        query = f"{self._signed_query()}&echostr=echo{secrets.randbelow(10**9)}"
        return await self.pusher.once(Push(channel=MESSAGES, sign=Wire), Wire(method="GET", query=query))

    def _formed(self, bubble: Bubble) -> tuple[str, dict[str, Any]]:
        if bubble.file is not None:
            number = str(993_000_000 + len(self._files))
            self._files[f"9{number}"] = bubble.file
            return bubble.kind, {"vfid": int(number), "tovfid": int(f"9{number}")}
        if bubble.kind == "location":
            return "position", {each: str(bubble.payload[each]) for each in ("longitude", "latitude")}
        return bubble.kind, {}

    def _pushed(self, person: Person, kind: str, said: dict[str, Any], text: str, at: datetime, *, label: str) -> Push:
        return self.pushed({
            "type": kind, "receiver_id": int(self.uid), "sender_id": int(person.id), "created_at": self._date(at),
            "text": text, "data": said,
        }, label)  # fmt: skip

    def pushed(self, said: Mapping[str, Any], label: str = "") -> Push:
        """A push of anything, signed."""
        body, headers = compact(said), {"content-type": "application/json"}
        return Push(
            channel=MESSAGES, sign=lambda: Wire(body=body, query=self._signed_query(), headers=headers), label=label
        )

    def _signed_query(self) -> str:
        stamp, nonce = str(int(self.clock.now().timestamp() * 1000)), str(secrets.randbelow(10**8))
        return urlencode({"signature": sign(self.app_secret, stamp, nonce), "timestamp": stamp, "nonce": nonce})

    def _date(self, at: datetime) -> str:
        return at.strftime("%a %b %d %H:%M:%S %z %Y")

    # what the platform calls --------------------------------------------------------------------------------------

    @route("POST", "/2/messages/reply.json")
    async def reply(self, call: Call) -> Answer:
        form = call.form()
        if code := self._token_trouble(form):
            return _error(call, *code)
        try:
            said = json.loads(form.get("data", ""))
        except ValueError:
            return _error(call, 10017, "data is no JSON")
        to, kind = form.get("receiver_id", ""), form.get("type", "")
        if wrong := _misshapen(kind, said):
            return _error(call, *wrong)
        if self.people.get(to) is None or self.quotas.take(to) != "ok":
            return _error(call, CLOSED, "not within 48 hours of what he did")
        if kind == "text" and self._last.get(to) == said["text"]:
            return _error(call, 20306, "repeated direct message text")
        self._last[to] = str(said.get("text", ""))
        self.hear(to, str(said.get("text") or _titles(said)), channel=MESSAGES, kind=kind, payload=said)
        return as_json({"result": True, "receiver_id": int(to), "sender_id": int(self.uid), "type": kind})

    @route("GET", "/2/eps/user/info.json")
    async def who(self, call: Call) -> Answer:
        if code := self._token_trouble(call.query):
            return _error(call, *code)
        uid = call.query.get("uid", "")
        known = self.people.get(uid)
        if known is None and uid != self.uid:
            return _error(call, 20003, "user does not exist")
        return as_json({
            "subscribe": 1, "follow": int(known is not None), "uid": uid, "nickname": known.name if known else "品牌",
            "headimgurl": "", "subscribe_time": 0,
        })  # fmt: skip

    @route("GET", "/2/mss/msget")
    async def file(self, call: Call) -> Answer:
        if code := self._token_trouble(call.query):
            return _error(call, *code)
        file = self._files.get(call.query.get("fid", ""))
        return Answer(file.content, 200, file.type) if file else _error(call, 10017, "no such fid")

    @route("GET", "/2/comments/to_me.json")
    async def comments(self, call: Call) -> Answer:
        return self._listed(call, "comments", self.public.to_me())

    @route("GET", "/2/comments/mentions.json")
    async def comment_mentions(self, call: Call) -> Answer:
        return self._listed(call, "comments", self.public.comment_mentions())

    @route("GET", "/2/statuses/mentions.json")
    async def post_mentions(self, call: Call) -> Answer:
        return self._listed(call, "statuses", self.public.post_mentions())

    @route("POST", "/2/comments/reply.json")
    async def answer_comment(self, call: Call) -> Answer:
        form = call.form()
        found = self.public.find_comment(form.get("cid", ""))
        if found is None or str(found["status"]["id"]) != form.get("id"):
            return self._token_refused(call, form) or _error(call, 20201, "target weibo comment does not exist")
        return self._commented(call, form, str(found["user"]["id"]))

    @route("POST", "/2/comments/create.json")
    async def comment_post(self, call: Call) -> Answer:
        form = call.form()
        found = self.public.find_post(form.get("id", ""))
        if found is None:
            return self._token_refused(call, form) or _error(call, 20101, "target weibo does not exist")
        return self._commented(call, form, str(found["user"]["id"]))

    @route("POST", "/2/comments/destroy.json")
    async def take_down(self, call: Call) -> Answer:
        form = call.form()
        if refused := self._token_refused(call, form):
            return refused
        found = self.people.find(COMMENTS, form.get("cid", ""))
        if found is None or found[1].by != "house":
            return _error(call, 20203, "not your own comment")
        self.people.turn(found[1], "recalled")
        return as_json({"id": int(form["cid"]), "idstr": form["cid"]})

    def _listed(self, call: Call, name: str, entries: list[dict[str, Any]]) -> Answer:
        if refused := self._token_refused(call, call.query):
            return refused
        return as_json(self.public.page(name, entries, call.query))

    def _commented(self, call: Call, form: Mapping[str, str], to: str) -> Answer:
        text = form.get("comment", "")
        if refused := self._token_refused(call, form):
            return refused
        if not text or len(text) > _COMMENT:
            return _error(call, 20012, "text too long, please input text less than 140 characters")
        if self._last.get(f"public {to}") == text:
            return _error(call, 20019, "repeat content")
        self._last[f"public {to}"] = text
        said = self.hear(to, text, channel=COMMENTS, id=self.new_id())
        return as_json({"id": int(said.id), "idstr": said.id, "text": text, "created_at": self._date(said.at)})

    def _token_refused(self, call: Call, said: Mapping[str, str]) -> Answer | None:
        code = self._token_trouble(said)
        return _error(call, *code) if code else None

    def _token_trouble(self, said: Mapping[str, str]) -> tuple[int, str] | None:
        state = self.tokens.state(said.get("access_token", ""), self.uid)
        return {"good": None, "expired": (21327, "expired_token"), "unknown": (21332, "invalid_access_token")}[state]


def sign(secret: str, timestamp: str, nonce: str) -> str:
    return hashlib.sha1("".join(sorted([secret, timestamp, nonce])).encode()).hexdigest()  # noqa: S324 - Weibo's own


def _error(call: Call, code: int, words: str) -> Answer:
    return as_json({"request": call.path, "error_code": code, "error": words}, 400)


def _misshapen(kind: str, said: Any) -> tuple[int, str] | None:
    if not isinstance(said, dict) or kind not in ("text", "articles", "position"):
        return 10017, "type or data"
    if kind == "text" and not (isinstance(said.get("text"), str) and 0 < len(said["text"]) <= _TEXT):
        return 20013, "text too long"
    if kind == "articles" and not 0 < len(said.get("articles") or []) <= _ARTICLES:
        return 10017, "articles"
    if kind == "position" and not {"longitude", "latitude"} <= said.keys():
        return 10017, "position"
    return None


def _titles(said: Mapping[str, Any]) -> str:
    return "\n".join(str(each.get("display_name", "")) for each in said.get("articles", []))
