"""Who is behind a mini-program or a page at WeChat: `wx.login`, profiles and numbers that are signed and sealed with
the key of that log-in, and the ticket of the JS-SDK."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import Any

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from yizhan.simulator.limits import Tokens
from yizhan.simulator.people import Person
from yizhan.simulator.wechat_calls import MINI, MP, Refusal, WeChatCalls
from yizhan.simulator.wire import Answer, Call, as_json, route

CODE_LIFE = timedelta(minutes=5)
_BLOCK = 16


class Given(msgspec.Struct):
    """A code in the hands of a page: good once."""

    person: Person
    until: datetime
    used: bool = False


class WeChatLogins(WeChatCalls):
    logins: dict[str, Given]
    numbers: dict[str, Given]
    session_keys: dict[str, str]  # the newest of each person
    tickets: Tokens
    bound = True  # to an Open Platform account: then there is a UnionID

    # what the phone gives the page ------------------------------------------------------------------------------------

    def login(self, person: Person) -> str:
        """wx.login"""
        return self._code(self.logins, person)

    def number_code(self, person: Person) -> str:
        """The button with open-type="getPhoneNumber"."""
        return self._code(self.numbers, person)

    def handed_over(self, person: Person, **said: Any) -> dict[str, str]:
        """rawData, signature, encryptedData and iv as wx.getUserProfile calls back with them."""
        key, iv = self.session_keys[person.id], secrets.token_bytes(_BLOCK)
        raw = json.dumps({"nickName": person.name, "gender": 0, "language": "zh_CN"}, ensure_ascii=False)
        site = self.sites[MINI]
        whole = {
            "openId": self.openid(MINI, person), "nickName": person.name,
            **({"unionId": person.human.unionid} if self.bound else {}), **said,
            "watermark": {"timestamp": int(self.clock.now().timestamp()), "appid": site.appid},
        }  # fmt: skip
        return {
            "rawData": raw, "signature": signed(raw, key), "iv": base64.b64encode(iv).decode(),
            "encryptedData": sealed(json.dumps(whole, ensure_ascii=False).encode(), key, iv),
        }  # fmt: skip

    def _code(self, kept: dict[str, Given], person: Person) -> str:
        code = secrets.token_urlsafe(24)
        kept[code] = Given(person, self.clock.now() + CODE_LIFE)
        return code

    def _used(self, kept: dict[str, Given], code: str) -> Person:
        given = kept.get(code)
        if given is None or given.until <= self.clock.now():
            raise Refusal(40029)
        if given.used:
            raise Refusal(40163)
        given.used = True
        return given.person

    # what the platform calls ------------------------------------------------------------------------------------------

    @route("GET", "/sns/jscode2session")
    async def code_to_session(self, call: Call) -> Answer:
        site = self.sites[MINI]
        try:
            if call.query.get("appid") != site.appid:
                raise Refusal(40013)
            if call.query.get("secret") != site.secret:
                raise Refusal(40125)
            if call.query.get("grant_type") != "authorization_code":
                raise Refusal(40002)
            person = self._used(self.logins, call.query.get("js_code", ""))
        except Refusal as refused:
            return self.refusal(refused.code)
        key = self.session_keys[person.id] = base64.b64encode(secrets.token_bytes(_BLOCK)).decode()
        union = {"unionid": person.human.unionid} if self.bound else {}
        return as_json({"openid": self.openid(MINI, person), "session_key": key, **union})

    @route("POST", "/wxa/business/getuserphonenumber")
    async def phone_number(self, call: Call) -> Answer:
        try:
            site = self._caller(call)
            if site.channel != MINI:
                raise Refusal(48001)
            person = self._used(self.numbers, str(call.json().get("code", "")))
        except Refusal as refused:
            return self.refusal(refused.code)
        mark = {"timestamp": int(self.clock.now().timestamp()), "appid": site.appid}
        bare = person.human.phone.removeprefix("+86")
        told = {"phoneNumber": bare, "purePhoneNumber": bare, "countryCode": "86", "watermark": mark}
        return as_json({"errcode": 0, "errmsg": "ok", "phone_info": told})

    @route("GET", "/cgi-bin/ticket/getticket")
    async def ticket(self, call: Call) -> Answer:
        try:
            site = self._caller(call)
            if site.channel != MP:
                raise Refusal(48001)
            if call.query.get("type") != "jsapi":
                raise Refusal(40097)
        except Refusal as refused:
            return self.refusal(refused.code)
        ticket, seconds = self.tickets.issue(site.channel, again=False)
        return as_json({"errcode": 0, "errmsg": "ok", "ticket": ticket, "expires_in": seconds})

    def takes_page(self, url: str, config: dict[str, Any]) -> bool:
        """Whether wx.config would let this page use the JS-SDK."""
        ticket, _ = self.tickets.issue(MP, again=False)
        made = page_signature(ticket, str(config["nonceStr"]), int(config["timestamp"]), url.partition("#")[0])
        return (config["appId"], config["signature"]) == (self.sites[MP].appid, made)


def signed(raw: str, session_key: str) -> str:
    return hashlib.sha1((raw + session_key).encode(), usedforsecurity=False).hexdigest()


def sealed(plain: bytes, session_key: str, iv: bytes) -> str:
    missing = _BLOCK - len(plain) % _BLOCK
    encryptor = Cipher(algorithms.AES(base64.b64decode(session_key)), modes.CBC(iv)).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([missing]) * missing) + encryptor.finalize()).decode()


def page_signature(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    said = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url}"
    return hashlib.sha1(said.encode(), usedforsecurity=False).hexdigest()
