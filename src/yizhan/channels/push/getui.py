"""个推 (GeTui), REST v2: a day's token by a hashed secret. docs.getui.com/getui/server/rest_v2/push"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from yizhan.channels.push.model import Ask, Request, TokenOver, call, encoded, unclear
from yizhan.desk.channels import Granted
from yizhan.desk.push import PushAccount, PushFailed, Ring
from yizhan.foundation.http import Http, Response

NAME = "push.getui"
_TTL_MS = 3_600_000
_TOKEN_S = 86_400
_OVER = frozenset({10001})
_LATER = frozenset({10003, 50001})  # too fast, their own trouble
_IGNORED = "successed_ignore"  # their word for a device that was not on line for ninety days


class _Said(msgspec.Struct):
    code: int
    msg: str = ""
    data: Any = None


def sign(app_key: str, timestamp_ms: str, master_secret: str) -> str:
    return sha256(f"{app_key}{timestamp_ms}{master_secret}".encode()).hexdigest()


def _said(answer: Response) -> _Said:
    try:
        return msgspec.json.decode(answer.content, type=_Said)
    except (msgspec.DecodeError, UnicodeError):
        raise unclear(answer) from None


def entry(http: Http, account: PushAccount, now: datetime) -> Ask | None:
    s = account.settings

    async def ask() -> Granted:
        at = str(int(now.timestamp() * 1000))
        body = {
            "sign": sign(s.getui_app_key, at, account.secrets["push_getui_secret"]), "timestamp": at,
            "appkey": s.getui_app_key,
        }  # fmt: skip
        url = f"{s.getui_url}/v2/{s.getui_app_id}/auth"
        said = _said(await call(http, Request("POST", url, {"content-type": "application/json"}, encoded(body))))
        if said.code != 0 or not isinstance(said.data, dict) or "token" not in said.data:
            raise PushFailed(f"个推 {said.code}: {said.msg}", again=said.code in _LATER)
        return Granted(str(said.data["token"]), _TOKEN_S)

    return ask


def render(account: PushAccount, ring: Ring, token: str) -> Request:
    s = account.settings
    payload = encoded({"conversation_id": str(ring.conversation_id)}).decode()
    shown = {"title": ring.title, "body": ring.body}
    body = {
        "request_id": ring.key.hex,
        "audience": {"cid": [ring.token]},
        "settings": {"ttl": _TTL_MS},
        "push_message": {"notification": {
            **shown, "click_type": "payload", "payload": payload, "badge_add_num": 1, "notify_id": _number(ring),
        }},
        "push_channel": {
            "android": {"ups": {"notification": {**shown, "click_type": "startapp", "notify_id": _number(ring)}}},
            "ios": {
                "type": "notify", "payload": payload, "auto_badge": str(ring.badge),
                "aps": {"alert": shown, "content-available": 0, "sound": "default"},
            },
        },
    }  # fmt: skip
    headers = {"token": token, "content-type": "application/json;charset=utf-8"}
    return Request("POST", f"{s.getui_url}/v2/{s.getui_app_id}/push/single/cid", headers, encoded(body))


def _number(ring: Ring) -> int:
    """A later notification with the same number takes the place of the earlier: one a conversation."""
    return ring.conversation_id.int % 2**31


def read(answer: Response, ring: Ring) -> bool:
    said = _said(answer)
    if said.code in _OVER:
        raise TokenOver(f"个推 {said.code}: {said.msg}")
    if said.code != 0:
        raise PushFailed(f"个推 {said.code}: {said.msg}", again=said.code in _LATER or answer.status >= 500)
    tasks = said.data.values() if isinstance(said.data, dict) else ()
    return not any(isinstance(each, dict) and each.get(ring.token) == _IGNORED for each in tasks)
