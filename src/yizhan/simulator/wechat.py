"""WeChat 微信: an Official Account and a mini-program of one owner, bound to one Open Platform account.

What is pushed and who may be written to is here; `wechat_calls` is what the platform calls.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode
from xml.etree import ElementTree

import msgspec

from yizhan.simulator.limits import Allowance, Left, Quotas, Tokens
from yizhan.simulator.people import Blob, Bubble, Human, Person, Words
from yizhan.simulator.pusher import Answered, Push, Wire
from yizhan.simulator.tencent import cdata, new_aes_key, seal, sha1_of
from yizhan.simulator.vendor import Act, Door, compact
from yizhan.simulator.wechat_calls import MEDIA_LIFE, MINI, MP, WORDS, Stored
from yizhan.simulator.wechat_logins import Given, WeChatLogins
from yizhan.simulator.wechat_replies import unsealed
from yizhan.simulator.wire import Answer, as_json

Fields = dict[str, str | int]
"""Of an XML message, in their order."""
_TWO_DAYS = 48 * 3600.0
_RULES = {
    MP: {
        "message": Allowance(5, _TWO_DAYS), "click": Allowance(3, 60), "follow": Allowance(3, 60),
        "scan": Allowance(3, 60), "pay": Allowance(None, _TWO_DAYS),
    },
    MINI: {"message": Allowance(5, _TWO_DAYS), "enter": Allowance(2, 60)},
}  # fmt: skip


class Site(msgspec.Struct):
    """One account: what its console shows, and who follows it."""

    channel: str
    gh: str
    appid: str
    secret: str
    token: str
    aes_key: str
    quotas: Quotas
    gone: set[str] = msgspec.field(default_factory=set)  # unfollowed
    subscribed: dict[str, int] = msgspec.field(default_factory=dict)  # notices he still takes
    tags: dict[int, set[str]] = msgspec.field(default_factory=dict)


class WeChat(WeChatLogins):
    name = "wechat"
    title = Words("微信", "WeChat")
    doors = (
        Door(
            channel=MP, title=Words("公众号", "Official Account"),
            says=("text", "image", "voice", "video", "location", "link", "unknown"),
            acts=(
                Act("follow", Words("关注", "Follow")), Act("scan", Words("扫门店二维码", "Scan a shop's code")),
                Act("click", Words("点菜单「联系客服」", "Tap the menu")),
                Act("subscribe", Words("允许订阅通知", "Allow a notice")),
                Act("pay", Words("付款", "Pay")), Act("revoke", Words("撤回授权", "Take consent back")),
                Act("unfollow", Words("取消关注", "Unfollow")),
            ),
        ),
        Door(
            channel=MINI, title=Words("小程序", "Mini Program"), says=("text", "image", "card", "unknown"),
            acts=(
                Act("enter", Words("从订单页进入客服", "Enter from an order")),
                Act("revoke", Words("撤回授权", "Take consent back")),
                Act("subscribe", Words("允许订阅消息", "Allow a notice")),
            ),
        ),
    )  # fmt: skip
    fault_words: ClassVar[Mapping[int | str, Words]] = {
        -1: Words("系统繁忙", "Busy"), 42001: Words("凭证过期", "Token expired"),
        45009: Words("今日调用用尽", "No more calls today"), 45011: Words("调用太频繁", "Too many calls"),
        40164: Words("IP 不在白名单", "Address not allowed"), 48001: Words("没有接口权限", "Interface not granted"),
        48002: Words("粉丝拒收", "Messages refused"),
    }  # fmt: skip
    mini_form = "json"  # or xml: the console lets one choose

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.tokens = Tokens(self.clock)
        self.sites = {channel: self._site(channel) for channel in (MP, MINI)}
        self.media: dict[str, Stored] = {}
        self.sent: dict[tuple[str, str], int] = {}
        self.logins: dict[str, Given] = {}
        self.numbers: dict[str, Given] = {}
        self.session_keys: dict[str, str] = {}
        self.tickets = Tokens(self.clock)

    def _site(self, channel: str) -> Site:
        return Site(
            channel=channel, gh=f"gh_{secrets.token_hex(6)}", appid=f"wx{secrets.token_hex(8)}",
            secret=secrets.token_hex(16), token=secrets.token_hex(12), aes_key=new_aes_key(),
            quotas=Quotas(self.clock, _RULES[channel]),
        )  # fmt: skip

    def settings(self, channel: str) -> dict[str, Any]:
        # Whoever puts our clock forward still wants his pushes to be believed.
        return {"appid": self.sites[channel].appid, "base_url": self.base, "fresh_seconds": 0}

    def secrets(self, channel: str) -> dict[str, str]:
        site = self.sites[channel]
        return {"app_secret": site.secret, "token": site.token, "aes_key": site.aes_key}

    def account_of(self, human: Human) -> Person:
        """An OpenID for each account, one UnionID for both."""
        mini = f"oM{human.digest('mini')[:26]}"
        return Person(
            id=f"oA{human.digest('mp')[:26]}", human=human, facts={"unionid": human.unionid, MINI: mini}
        )  # fmt: skip

    def left(self, channel: str, person: Person) -> Left | None:
        return self.sites[channel].quotas.left(person.id)

    def expire_tokens(self) -> None:
        self.tokens.expire()

    def refusal(self, code: int | str) -> Answer:
        return as_json({"errcode": int(code), "errmsg": f"{WORDS.get(int(code), 'error')} rid: {secrets.token_hex(4)}"})

    # what people do ---------------------------------------------------------------------------------------------------

    async def said(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        self.sites[channel].quotas.open(person.id)
        self.sites[channel].gone.discard(person.id)
        said: Fields = {**self._formed(bubble), "MsgId": int(bubble.id)}
        return self._push(channel, person, bubble.at, said)

    async def did(self, channel: str, person: Person, act: str) -> Push | None:
        site = self.sites[channel]
        said: Fields
        if act == "revoke":  # the platform tells it, not he
            his = {"OpenID": self.openid(channel, person), "AppID": site.appid, "RevokeInfo": "6"}
            said = {"MsgType": "event", "Event": "user_authorization_revoke", **his, "FromUserName": site.gh}
            return self._push(channel, person, self.clock.now(), said)
        site.quotas.open(person.id, act)
        if act == "subscribe":
            site.subscribed[person.id] = site.subscribed.get(person.id, 0) + 1
            return self._push(channel, person, self.clock.now(), {"MsgType": "event", "Event": _POPUP})
        if act == "unfollow":
            site.gone.add(person.id)
            site.quotas.close(person.id)
        else:
            site.gone.discard(person.id)
        said = {"MsgType": "event", **_EVENTS[act]}
        return self._push(channel, person, self.clock.now(), said)

    async def tap(self, person: Person, id: str, words: str) -> Bubble:
        """He taps an item of a menu the house sent: his words to read, but counted as a tap."""
        bubble = Bubble(id=self.new_id(), by="customer", text=words, at=self.clock.now())
        self.people.put(MP, person.id, bubble)
        self.sites[MP].quotas.open(person.id, "click")
        said: Fields = {"MsgType": "text", "Content": words, "MsgId": int(bubble.id), "bizmsgmenuid": id}
        await self._told(MP, bubble, self._push(MP, person, bubble.at, said))
        return bubble

    def template_done(self, person: Person, msgid: int, status: str) -> Push:
        said: Fields = {"MsgType": "event", "Event": "TEMPLATESENDJOBFINISH", "MsgID": msgid, "Status": status}
        return self._push(MP, person, self.clock.now(), said)

    async def verify(self, channel: str) -> Answered:
        """Asks for the callback address as the console does when it is saved."""
        site, stamp, nonce = self.sites[channel], self._stamp(), secrets.token_hex(5)
        said = {"signature": sha1_of(site.token, stamp, nonce), "timestamp": stamp, "nonce": nonce, "echostr": "58+31"}
        wire = Wire(method="GET", query=urlencode(said))
        return await self.pusher.once(Push(channel=channel, sign=lambda: wire), wire)

    def openid(self, channel: str, person: Person) -> str:
        return person.facts[MINI] if channel == MINI else person.id

    def person_of(self, channel: str, openid: str) -> Person | None:
        return next((each for each in self.people if self.openid(channel, each) == openid), None)

    def keep(self, blob: Blob) -> str:
        media_id = secrets.token_urlsafe(48)
        self.media[media_id] = Stored(blob, self.clock.now() + MEDIA_LIFE)
        return media_id

    def _formed(self, bubble: Bubble) -> Fields:
        if bubble.file is not None or bubble.kind in _FILES:
            media_id = self.keep(bubble.file or Blob(f"sample.{bubble.kind}", _FILES[bubble.kind], b"sample"))
            more: dict[str, Fields] = {
                "image": {"PicUrl": f"{self.base}/pic/{media_id}"}, "voice": {"Format": "amr"},
                "video": {"ThumbMediaId": media_id},
            }  # fmt: skip
            return {"MsgType": bubble.kind, "MediaId": media_id, **more.get(bubble.kind, {})}
        said = {name: str(value) for name, value in bubble.payload.items()}
        if bubble.kind == "location":
            where: Fields = {
                "Location_X": said.get("latitude", ""),
                "Location_Y": said.get("longitude", ""),
                "Scale": 16,
            }
            return {"MsgType": "location", **where, "Label": said.get("address", "")}
        if bubble.kind == "link":
            text = {"Title": said.get("title", ""), "Description": said.get("text", "")}
            return {"MsgType": "link", **text, "Url": said.get("url", "")}
        if bubble.kind == "card":
            page = {"Title": said.get("title", ""), "AppId": self.sites[MINI].appid, "PagePath": said.get("path", "")}
            return {"MsgType": "miniprogrampage", **page, "ThumbUrl": "", "ThumbMediaId": ""}
        if bubble.kind == "unknown":
            return {"MsgType": "hologram", "HologramId": bubble.id}
        return {"MsgType": "text", "Content": bubble.text}

    def _push(self, channel: str, person: Person, at: datetime, said: Fields) -> Push:
        site, openid = self.sites[channel], self.openid(channel, person)
        whole: Fields = {"ToUserName": site.gh, "FromUserName": openid, "CreateTime": int(at.timestamp()), **said}
        as_xml = channel == MP or self.mini_form == "xml"
        plain = f"<xml>{cdata(**whole)}</xml>".encode() if as_xml else compact(whole)

        async def heard(answered: Answered) -> None:
            spoken = unsealed(answered.body, site.token, site.aes_key, site.appid)
            if spoken is not None:
                self.hear(person.id, spoken, channel=channel)

        return Push(
            channel=channel, sign=lambda: self._signed(site, openid, plain, as_xml=as_xml), heard=heard,
            label=str(said.get("Event") or said["MsgType"]), accepts=lambda answered: _accepted(site, answered),
        )  # fmt: skip

    def _signed(self, site: Site, openid: str, plain: bytes, *, as_xml: bool) -> Wire:
        stamp, nonce = self._stamp(), secrets.token_hex(5)
        sealed = seal(plain, site.aes_key, site.appid)
        query = urlencode({
            "signature": sha1_of(site.token, stamp, nonce), "timestamp": stamp, "nonce": nonce, "openid": openid,
            "encrypt_type": "aes", "msg_signature": sha1_of(site.token, stamp, nonce, sealed),
        })  # fmt: skip
        body = compact({"ToUserName": site.gh, "Encrypt": sealed})
        if as_xml:
            body = f"<xml>{cdata(ToUserName=site.gh, Encrypt=sealed)}</xml>".encode()
        return Wire(body=body, query=query, headers={"content-type": "text/xml" if as_xml else "application/json"})

    def _stamp(self) -> str:
        return str(int(self.clock.now().timestamp()))


_POPUP = "subscribe_msg_popup_event"
_FILES = {"image": "image/png", "voice": "audio/amr", "video": "video/mp4"}
_EVENTS: dict[str, Fields] = {
    "follow": {"Event": "subscribe", "EventKey": ""},
    "unfollow": {"Event": "unsubscribe", "EventKey": ""},
    "scan": {"Event": "SCAN", "EventKey": "store_88", "Ticket": "gQH47joAAAAAAAAAASxodHRw"},
    "click": {"Event": "CLICK", "EventKey": "CONTACT"},
    "pay": {"Event": "merchant_order", "OrderId": "7197417460812533543", "OrderStatus": 2, "ProductId": "pD1"},
    "enter": {"Event": "user_enter_tempsession", "SessionFrom": "order_detail|SO20240001"},
}


def _accepted(site: Site, answered: Answered) -> bool:
    """`success`, nothing, or a reply that can be read; else the user is told that the service is broken."""
    if answered.status != 200:
        return False
    try:
        return (
            answered.body in (b"", b"success")
            or unsealed(answered.body, site.token, site.aes_key, site.appid) is not None
        )
    except (ValueError, ElementTree.ParseError):
        return False
