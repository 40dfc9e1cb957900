"""企业微信: one company with an account of 微信客服, an application of its own, and a group whose archive is pushed.

What all of them share is here: tokens, media, callbacks. `wecom_kf` is 微信客服, `wecom_app` the application,
`wecom_group` the group.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

import msgspec

from yizhan.simulator.limits import Left, Tokens
from yizhan.simulator.people import Blob, Bubble, Human, Person, Words
from yizhan.simulator.pusher import Push, Wire
from yizhan.simulator.tencent import Refusal, cdata, new_aes_key, seal, sha1_of
from yizhan.simulator.vendor import Act, Door, Vendor
from yizhan.simulator.wecom_app import Application
from yizhan.simulator.wecom_group import Group
from yizhan.simulator.wecom_kf import Kf
from yizhan.simulator.wire import Answer, Call, as_json, route

CORP = "ww6a112864f8022910"
_MEDIA_LIFE = timedelta(days=3)
_MOST_BYTES = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "file": 20 << 20}
_WORDS = {
    40001: "invalid credential", 40004: "invalid media type", 40006: "invalid file size", 40007: "invalid media_id",
    40013: "invalid corpid", 40014: "invalid access_token", 40056: "invalid agentid", 40058: "invalid parameter",
    40096: "invalid external userid", 41001: "access_token missing", 42001: "access_token expired",
    45009: "api freq out of limit", 60111: "userid not found",
    60020: "not allow to access from your ip", 81013: "user & party & tag all invalid",
    95000: "invalid open_kfid", 95001: "send msg count limit", 95002: "send msg time limit",
    95007: "invalid msg token", 95016: "not allow to change service state", 95018: "send msg session status invalid",
}  # fmt: skip


class _Kept(msgspec.Struct, frozen=True):
    blob: Blob
    until: datetime


class WeCom(Vendor):
    name = "wecom"
    title = Words("企业微信", "WeCom")
    doors = (
        Door(
            channel="wechat_kf", title=Words("微信客服", "WeChat customer service"), recalls=True,
            says=("text", "image", "voice", "video", "file", "location", "link", "order", "card", "unknown"),
            acts=(
                Act("enter", Words("从链接进入会话", "Enter by the link")),
                Act("shop", Words("从视频号小店进入会话", "Enter from a Channels shop")),
                Act("served", Words("会话转给企业微信客户端接待", "The session goes to WeCom's own client")),
                Act("ended", Words("会话结束", "The session ends")),
                Act("refuse", Words("拒收消息", "Refuse messages")),
            ),
        ),
        Door(
            channel="wecom", title=Words("应用消息", "Application"),
            says=("text", "image", "voice", "video", "location", "link", "unknown"),
            acts=(Act("enter", Words("打开应用", "Open the application")),), counted=False,
        ),
        Door(
            channel="wecom_group", title=Words("客户群", "Customer group"), says=("text", "image", "file"),
            counted=False,
            hint=Words(
                "群里的话,提到 @客服 或说到「售后」「退货」的才会进入工作台。",
                "Of what is said in a group only what calls for @客服, or says 售后 or 退货, comes to the workbench.",
            ),
        ),
    )  # fmt: skip
    fault_words: ClassVar[Mapping[int | str, Words]] = {
        -1: Words("系统繁忙", "Busy"), 45009: Words("调用太频繁", "Too many calls"),
        42001: Words("凭证过期", "Token expired"), 60020: Words("IP 不可信", "Address not trusted"),
        95018: Words("会话状态不允许发送", "The session's state allows no sending"),
    }  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.tokens = Tokens(self.clock)
        self.corp_secret, self.token, self.aes_key = secrets.token_urlsafe(32), secrets.token_hex(16), new_aes_key()
        self.kf, self.app, self.group = Kf(self), Application(self), Group(self)
        self._media: dict[str, _Kept] = {}

    def settings(self, channel: str) -> dict[str, Any]:
        if channel == "wecom_group":
            return self.group.settings()
        ours = {"open_kfid": self.kf.account} if channel == "wechat_kf" else {"agent_id": self.app.agent}
        return {"corp_id": CORP, "base_url": self.base, **ours}

    def secrets(self, channel: str) -> dict[str, str]:
        if channel == "wecom_group":
            return {"secret": self.group.secret}
        return {"corp_secret": self.corp_secret, "token": self.token, "aes_key": self.aes_key}

    def account_of(self, human: Human) -> Person:
        return Person(id=f"wm{human.digest('wecom')[:30]}", human=human, facts={"unionid": human.unionid})

    def left(self, channel: str, person: Person) -> Left | None:
        return self.kf.quotas.left(person.id) if channel == "wechat_kf" else None

    def expire_tokens(self) -> None:
        self.tokens.expire()

    def refusal(self, code: int | str) -> Answer:
        return as_json({"errcode": int(code), "errmsg": _WORDS.get(int(code), "error")})

    async def said(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        if channel == "wechat_kf":
            return self.kf.said(person, bubble)
        return self.app.said(person, bubble) if channel == "wecom" else self.group.said(person, bubble)

    async def did(self, channel: str, person: Person, act: str) -> Push | None:
        return self.kf.did(person, act) if channel == "wechat_kf" else self.app.did(person, act)

    async def took_back(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        return self.kf.took_back(person, bubble) if channel == "wechat_kf" else None

    # callbacks --------------------------------------------------------------------------------------------------------

    def callback(self, channel: str, inner: Callable[[int], str], label: str) -> Push:
        """Encrypted anew for every attempt; `inner` is given the time."""
        return Push(channel=channel, sign=lambda: self.wire(inner), label=label)

    def wire(self, inner: Callable[[int], str], receiver: str = CORP) -> Wire:
        stamp, nonce = int(self.clock.now().timestamp()), secrets.token_hex(5)
        sealed = seal(f"<xml>{inner(stamp)}</xml>".encode(), self.aes_key, receiver)
        signature = sha1_of(self.token, str(stamp), nonce, sealed)
        query = urlencode({"msg_signature": signature, "timestamp": stamp, "nonce": nonce})
        body = f"<xml>{cdata(ToUserName=CORP, AgentID='', Encrypt=sealed)}</xml>".encode()
        return Wire(body=body, query=query, headers={"content-type": "text/xml"})

    # the API all applications have ------------------------------------------------------------------------------------

    def ensure_token(self, call: Call) -> None:
        """Raises Refusal."""
        token = call.query.get("access_token", "")
        state = self.tokens.state(token)
        if state != "good":
            raise Refusal(42001 if state == "expired" else 40014 if token else 41001)

    @route("GET", "/cgi-bin/gettoken")
    async def gettoken(self, call: Call) -> Answer:
        if call.query.get("corpid") != CORP:
            return self.refusal(40013)
        if call.query.get("corpsecret") != self.corp_secret:
            return self.refusal(40001)
        token, seconds = self.tokens.issue(CORP, again=False)
        return as_json({"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": seconds})

    @route("POST", "/cgi-bin/media/upload")
    async def upload(self, call: Call) -> Answer:
        try:
            self.ensure_token(call)
        except Refusal as refusal:
            return self.refusal(refusal.code)
        file, kind = call.file(), call.query.get("type", "")
        if kind not in _MOST_BYTES or file is None or file.name != "media":
            return self.refusal(40004)
        if not 5 < len(file.content) <= _MOST_BYTES[kind]:
            return self.refusal(40006)
        id = self.keep(Blob(file.file, file.type, file.content))
        return as_json({"errcode": 0, "errmsg": "ok", "type": kind, "media_id": id, "created_at": "1"})

    @route("GET", "/cgi-bin/media/get")
    async def download(self, call: Call) -> Answer:
        try:
            self.ensure_token(call)
        except Refusal as refusal:
            return self.refusal(refusal.code)
        blob = self.media(call.query.get("media_id", ""))
        if blob is None:
            return self.refusal(40007)
        named = {"content-disposition": f'attachment; filename="{blob.name}"'}
        return Answer(blob.content, 200, blob.type or "application/octet-stream", named)

    def keep(self, blob: Blob) -> str:
        id = secrets.token_urlsafe(40)
        self._media[id] = _Kept(blob, self.clock.now() + _MEDIA_LIFE)
        return id

    def media(self, id: str) -> Blob | None:
        """None once three days are over."""
        kept = self._media.get(id)
        return kept.blob if kept is not None and self.clock.now() < kept.until else None

    # each door's own paths --------------------------------------------------------------------------------------------

    @route("POST", "/cgi-bin/kf/{call*}")
    async def kf_call(self, call: Call) -> Answer:
        return self._answered(call, lambda: self.kf.answer(call.args["call"], call.json()))

    @route("GET", "/cgi-bin/user/get")
    async def member(self, call: Call) -> Answer:
        return self._answered(call, lambda: self.app.member(call.query.get("userid", "")))

    @route("POST", "/cgi-bin/message/{call*}")
    async def app_call(self, call: Call) -> Answer:
        return self._answered(call, lambda: self.app.answer(call.args["call"], call.json()))

    @route("POST", "/group/replies")
    async def group_call(self, call: Call) -> Answer:
        return self.group.replies(call)

    def _answered(self, call: Call, handler: Callable[[], Mapping[str, Any]]) -> Answer:
        try:
            self.ensure_token(call)
            return as_json({"errcode": 0, "errmsg": "ok", **handler()})
        except Refusal as refusal:
            return self.refusal(refusal.code)
