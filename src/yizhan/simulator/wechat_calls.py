"""What the platform calls at WeChat: tokens, customer messages, templates, files, users and tags.

Every refusal is HTTP 200 with an error code, as the vendor's are.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from yizhan.simulator.limits import Tokens
from yizhan.simulator.people import Blob, Person
from yizhan.simulator.pusher import Push
from yizhan.simulator.vendor import Vendor
from yizhan.simulator.wechat_faces import shown
from yizhan.simulator.wire import Answer, Call, as_json, route

if TYPE_CHECKING:
    from yizhan.simulator.wechat import Site

MP, MINI = "wechat_mp", "wechat_mini"
MEDIA_LIFE = timedelta(days=3)
WORDS = {
    -1: "system error", 40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type", 40003: "invalid openid", 40029: "invalid code", 40097: "invalid args",
    40004: "invalid media type", 40006: "invalid meida size", 40007: "invalid media_id", 40008: "invalid message type",
    40013: "invalid appid", 40033: "invalid charset", 40037: "invalid template_id", 40125: "invalid appsecret",
    40163: "code been used",
    40164: "invalid ip, not in whitelist", 41001: "access_token missing", 42001: "access_token expired",
    43004: "require subscribe", 43101: "user refuse to accept the msg", 45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit", 45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit", 45072: "invalid command", 45080: "client session time out",
    47001: "data format error", 48001: "api unauthorized", 48002: "user forbid msg",
}  # fmt: skip
_TEXT_BYTES = 2048
_MOST_BYTES = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "thumb": 64 << 10}
_TYPES = {
    MP: {
        "text", "image", "voice", "video", "music", "news", "mpnews", "mpnewsarticle", "msgmenu", "wxcard",
        "miniprogrampage",
    },
    MINI: {"text", "image", "link", "miniprogrampage"},
}  # fmt: skip
_SHOWN = {
    "news": "link", "link": "link", "miniprogrampage": "card", "msgmenu": "menu", "music": "link", "wxcard": "card",
    "mpnews": "link", "mpnewsarticle": "link",
}  # fmt: skip


class Stored(msgspec.Struct, frozen=True):
    blob: Blob
    until: datetime


class Refusal(Exception):  # noqa: N818 - what is answered
    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class WeChatCalls(Vendor):
    tokens: Tokens
    sites: dict[str, Site]
    media: dict[str, Stored]
    sent: dict[tuple[str, str], int]  # templates, by person and the platform's own id

    def openid(self, channel: str, person: Person) -> str:
        raise NotImplementedError

    def person_of(self, channel: str, openid: str) -> Person | None:
        raise NotImplementedError

    def template_done(self, person: Person, msgid: int, status: str) -> Push:
        raise NotImplementedError

    def keep(self, blob: Blob) -> str:
        raise NotImplementedError

    @route("POST", "/cgi-bin/stable_token")
    async def stable_token(self, call: Call) -> Answer:
        said = call.json()
        return self._granted(str(said.get("appid")), str(said.get("secret")), again=bool(said.get("force_refresh")))

    @route("GET", "/cgi-bin/token")
    async def token_once(self, call: Call) -> Answer:
        return self._granted(call.query.get("appid", ""), call.query.get("secret", ""), again=True)

    def _granted(self, appid: str, secret: str, *, again: bool) -> Answer:
        site = next((each for each in self.sites.values() if each.appid == appid), None)
        if site is None or site.secret != secret:
            return self.refusal(40013 if site is None else 40125)
        token, seconds = self.tokens.issue(site.channel, again=again)
        return as_json({"access_token": token, "expires_in": seconds})

    @route("POST", "/cgi-bin/message/custom/send")
    async def custom_send(self, call: Call) -> Answer:
        try:
            site, person = self._receiver(call)
            self._say(site, person, call)
        except Refusal as refused:
            return self.refusal(refused.code)
        return as_json({"errcode": 0, "errmsg": "ok"})

    @route("POST", "/cgi-bin/message/custom/typing")
    async def typing(self, call: Call) -> Answer:
        try:
            site, person = self._receiver(call)
            if call.json().get("command") not in ("Typing", "CancelTyping"):
                raise Refusal(45072)
            if site.quotas.left(person.id) is None:
                raise Refusal(45080)
        except Refusal as refused:
            return self.refusal(refused.code)
        return as_json({"errcode": 0, "errmsg": "ok"})

    @route("POST", "/cgi-bin/message/template/send")
    async def template_send(self, call: Call) -> Answer:
        try:
            site, person = self._receiver(call)
            if person.id in site.gone:
                raise Refusal(43004)
            if not call.json().get("template_id"):
                raise Refusal(40037)
        except Refusal as refused:
            return self.refusal(refused.code)
        sent = self.sent.get((person.id, str(call.json().get("client_msg_id") or "")))
        if sent is not None:  # within ten minutes it is the same message
            return as_json({"errcode": 0, "errmsg": "ok", "msgid": sent})
        msgid = 4_000_000_000_000_000_000 + secrets.randbelow(10**15)
        if call.json().get("client_msg_id"):
            self.sent[person.id, str(call.json()["client_msg_id"])] = msgid
        words = " ".join(str(each.get("value", "")) for each in (call.json().get("data") or {}).values())
        self.hear(person.id, words, channel=site.channel, id=str(msgid), kind="template")
        self.pusher.soon(self.template_done(person, msgid, "success"))
        return as_json({"errcode": 0, "errmsg": "ok", "msgid": msgid})

    @route("POST", "/cgi-bin/message/subscribe/send")
    async def notice_of_mini(self, call: Call) -> Answer:
        return self._notice(call, MINI)

    @route("POST", "/cgi-bin/message/subscribe/bizsend")
    async def notice_of_mp(self, call: Call) -> Answer:
        return self._notice(call, MP)

    def _notice(self, call: Call, channel: str) -> Answer:
        """One for each time he subscribed."""
        try:
            site, person = self._receiver(call)
            if site.channel != channel:
                raise Refusal(48001)
            if not call.json().get("template_id"):
                raise Refusal(40037)
            if site.subscribed.get(person.id, 0) < 1:
                raise Refusal(43101)
        except Refusal as refused:
            return self.refusal(refused.code)
        site.subscribed[person.id] -= 1
        words = " ".join(str(each.get("value", "")) for each in (call.json().get("data") or {}).values())
        self.hear(person.id, words, channel=channel, kind="template")
        return as_json({"errcode": 0, "errmsg": "ok"})

    @route("POST", "/cgi-bin/media/upload")
    async def upload(self, call: Call) -> Answer:
        kind, part = call.query.get("type", ""), call.file()
        try:
            self._caller(call)
            if kind not in _MOST_BYTES or part is None or part.name != "media":
                raise Refusal(40004)
            if len(part.content) > _MOST_BYTES[kind]:
                raise Refusal(40006)
        except Refusal as refused:
            return self.refusal(refused.code)
        media_id = self.keep(Blob(part.file, part.type, part.content))
        return as_json({"type": kind, "media_id": media_id, "created_at": int(self.clock.now().timestamp())})

    @route("GET", "/cgi-bin/media/get")
    async def get_media(self, call: Call) -> Answer:
        try:
            self._caller(call)
            blob = self._stored(call.query.get("media_id", "")).blob
        except Refusal as refused:
            return self.refusal(refused.code)
        if blob.type.startswith("video/"):
            return as_json({"video_url": f"{self.base}/video/{call.query['media_id']}"})
        return Answer(blob.content, 200, blob.type, {"content-disposition": f'attachment; filename="{_plain(blob)}"'})

    @route("GET", "/video/{media_id}")
    async def video(self, call: Call) -> Answer:
        kept = self.media.get(call.args["media_id"])
        return Answer(kept.blob.content, 200, kept.blob.type) if kept else Answer(b"", 404)

    @route("GET", "/cgi-bin/user/info")
    async def user_info(self, call: Call) -> Answer:
        try:
            return as_json(self._known(self._caller(call), call.query.get("openid", "")))
        except Refusal as refused:
            return self.refusal(refused.code)

    @route("POST", "/cgi-bin/user/info/batchget")
    async def users_info(self, call: Call) -> Answer:
        try:
            site = self._caller(call)
            wanted = call.json().get("user_list") or []
            return as_json({"user_info_list": [self._known(site, str(each.get("openid"))) for each in wanted[:100]]})
        except Refusal as refused:
            return self.refusal(refused.code)

    @route("POST", "/cgi-bin/tags/members/batchtagging")
    async def tag(self, call: Call) -> Answer:
        try:
            site, said = self._caller(call), call.json()
            openids = [str(each) for each in said.get("openid_list") or []]
            if any(self.person_of(site.channel, each) is None for each in openids):
                raise Refusal(40003)
        except Refusal as refused:
            return self.refusal(refused.code)
        site.tags.setdefault(int(said.get("tagid", 0)), set()).update(openids)
        return as_json({"errcode": 0, "errmsg": "ok"})

    def _caller(self, call: Call) -> Site:
        token = call.query.get("access_token", "")
        if not token:
            raise Refusal(41001)
        if (state := self.tokens.state(token)) != "good":
            raise Refusal(42001 if state == "expired" else 40001)
        return self.sites[self.tokens.owner(token)]

    def _receiver(self, call: Call) -> tuple[Site, Person]:
        site, said = self._caller(call), call.json()
        if not said:
            raise Refusal(47001)
        if b"\\u" in call.body:  # shown to people as it stands
            raise Refusal(40033)
        person = self.person_of(site.channel, str(said.get("touser")))
        if person is None:
            raise Refusal(40003)
        return site, person

    def _say(self, site: Site, person: Person, call: Call) -> None:
        said = call.json()
        kind = str(said.get("msgtype"))
        content: dict[str, Any] = said.get(kind) or {}
        if kind not in _TYPES[site.channel] or not content:
            raise Refusal(40008)
        text = str(content.get("content") or content.get("head_content") or "")
        if len(text.encode()) > _TEXT_BYTES:
            raise Refusal(45002)
        media_id = content.get("media_id") or content.get("thumb_media_id")
        file = self._stored(str(media_id)).blob if media_id else None
        match site.quotas.take(person.id):
            case "closed":
                raise Refusal(45015)
            case "exhausted":
                raise Refusal(45047)
        articles = content.get("articles") or [content]
        held = {name: articles[0][name] for name in ("title", "url", "pagepath") if articles[0].get(name)}
        if kind == "msgmenu":
            held["options"] = content.get("list", [])
        self.hear(
            person.id, shown(text), channel=site.channel, kind=_SHOWN.get(kind, kind), payload=held, file=file
        )  # fmt: skip

    def _stored(self, media_id: str) -> Stored:
        kept = self.media.get(media_id)
        if kept is None or kept.until <= self.clock.now():
            raise Refusal(40007)
        return kept

    def _known(self, site: Site, openid: str) -> dict[str, Any]:
        """Names and pictures are no longer told; of who does not follow, nothing is."""
        person = self.person_of(site.channel, openid)
        if person is None or site.channel != MP:
            raise Refusal(40003 if person is None else 48001)
        if person.id in site.gone:
            return {"subscribe": 0, "openid": openid}
        return {
            "subscribe": 1, "openid": openid, "unionid": person.facts["unionid"], "remark": "", "tagid_list": [],
            "subscribe_time": int(self.clock.now().timestamp()), "subscribe_scene": "ADD_SCENE_QR_CODE",
        }  # fmt: skip


def _plain(blob: Blob) -> str:
    return "".join(each for each in blob.name if each.isascii() and each not in '"\\') or "file"
