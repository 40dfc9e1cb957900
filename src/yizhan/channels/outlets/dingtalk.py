"""DingTalk group robot: markdown, signed by timestamp in milliseconds; who is too fast rests for ten minutes. Pure."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import quote

import msgspec

from yizhan.channels.outlets.model import Request, alone, cut, opens, plain, rest_of
from yizhan.channels.outlets.wecom import Answer
from yizhan.desk.outlets import Cause, Dispatch, PostFailed

MOST_BYTES = 16_000
PENALTY = timedelta(minutes=10)
_TOO_FAST = frozenset({130101, 410100})


def sign(secret: str, milliseconds: str) -> str:
    """The text is signed by the secret that ends it; to be percent-encoded in an address."""
    digest = hmac.digest(secret.encode(), f"{milliseconds}\n{secret}".encode(), sha256)
    return base64.b64encode(digest).decode()


def signed_url(url: str, secret: str, at: datetime) -> str:
    if not secret:
        return url
    milliseconds = str(int(at.timestamp() * 1000))
    joint = "&" if "?" in url else "?"
    return f"{url}{joint}timestamp={milliseconds}&sign={quote(sign(secret, milliseconds), safe='')}"


def render(dispatch: Dispatch, secrets: Mapping[str, str]) -> Request:
    body = {
        "msgtype": "markdown",
        "markdown": {"title": cut(dispatch.title, 100), "text": cut(_text(dispatch), MOST_BYTES)},
    }
    url = signed_url(secrets.get("url", ""), secrets.get("secret", ""), dispatch.at)
    return Request(url, msgspec.json.encode(body), {"content-type": "application/json; charset=utf-8"})


def _text(dispatch: Dispatch) -> str:
    """Its markdown needs an empty line, or two spaces, to break a line."""
    lines = [f"### {plain(dispatch.title)}"]
    one = alone(dispatch)
    if one is not None:
        lines += [*(f"- {plain(line)}" for line in one.lines), "", f"[{opens(dispatch)}]({one.link})"]
    else:
        lines += [f"- [{plain(' · '.join((i.title, *i.lines[:1])))}]({i.link})" for i in dispatch.items]
        lines += ["", rest_of(dispatch)]
    return "\n".join(lines).rstrip()


def read(content: bytes) -> None:
    """Raises PostFailed for every answer but yes."""
    try:
        answer = msgspec.json.decode(content, type=Answer)
    except msgspec.DecodeError as wrong:
        raise PostFailed(Cause.TRANSPORT, "the answer is no answer of DingTalk") from wrong
    if answer.errcode == 0:
        return
    words = f"{answer.errcode} {answer.errmsg}"
    if answer.errcode in _TOO_FAST:
        raise PostFailed(Cause.LIMITED, words, pause=PENALTY)
    raise PostFailed(Cause.TRANSPORT if answer.errcode == -1 else Cause.REFUSED, words)
