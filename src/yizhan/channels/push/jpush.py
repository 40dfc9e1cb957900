"""极光 (JPush), REST v3: Basic auth by key and master secret. docs.jiguang.cn/jpush/server/push/rest_api_v3_push"""

from __future__ import annotations

import base64
from datetime import datetime

import msgspec

from yizhan.channels.push.model import Ask, Request, encoded, unclear
from yizhan.desk.push import PushAccount, PushFailed, Ring
from yizhan.foundation.http import Http, Response

NAME = "push.jpush"
_TTL_S = 3600
_NO_TARGET = 1011  # no such device, or not on line for 255 days
_LATER = frozenset({1000, 1030, 2002, 2004})  # their own trouble, their time-out, too fast


class _Error(msgspec.Struct):
    code: int = 0
    message: str = ""


class _Said(msgspec.Struct):
    error: _Error | None = None


def basic(app_key: str, master_secret: str) -> str:
    return "Basic " + base64.b64encode(f"{app_key}:{master_secret}".encode()).decode()


def entry(http: Http, account: PushAccount, now: datetime) -> Ask | None:
    return None


def headers(account: PushAccount) -> dict[str, str]:
    given = basic(account.settings.jpush_app_key, account.secrets["push_jpush_secret"])
    return {"authorization": given, "content-type": "application/json"}


def render(account: PushAccount, ring: Ring, token: str) -> Request:
    s, thread = account.settings, str(ring.conversation_id)
    extras = {"conversation_id": thread}
    body = {
        "platform": "all",
        "audience": {"registration_id": [ring.token]},
        "notification": {
            "alert": ring.body,
            "android": {"alert": ring.body, "title": ring.title, "badge_set_num": ring.badge, "extras": extras},
            "ios": {
                "alert": {"title": ring.title, "body": ring.body}, "badge": ring.badge, "sound": "default",
                "thread-id": thread, "extras": extras,
            },
        },
        "options": {
            "time_to_live": _TTL_S, "apns_production": s.jpush_production, "apns_collapse_id": thread,
        },
    }  # fmt: skip
    return Request("POST", f"{s.jpush_url}/v3/push", headers(account), encoded(body))


def read(answer: Response, ring: Ring) -> bool:
    try:
        error = msgspec.json.decode(answer.content, type=_Said).error
    except (msgspec.DecodeError, UnicodeError):
        raise unclear(answer) from None
    if error is None and answer.ok:
        return True
    if error is None:
        raise unclear(answer)
    if error.code == _NO_TARGET:
        return False
    raise PushFailed(f"极光 {error.code}: {error.message}", again=error.code in _LATER or answer.status >= 500)
