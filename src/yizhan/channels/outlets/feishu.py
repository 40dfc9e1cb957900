"""Feishu and Lark group bot: a post, signed in the body by timestamp in seconds. Pure.

Key and message of the signature are the other way round than DingTalk's: the text is the key, nothing is signed.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec

from yizhan.channels.outlets.model import Request, alone, cut, opens, rest_of
from yizhan.desk.outlets import Cause, Dispatch, PostFailed

_MOST_LINE = 500
_TOO_OFTEN = frozenset({11232, 11233})


class Answer(msgspec.Struct):
    code: int = -1
    msg: str = ""


def sign(secret: str, seconds: str) -> str:
    return base64.b64encode(hmac.digest(f"{seconds}\n{secret}".encode(), b"", sha256)).decode()


def proof(secret: str, at: datetime) -> dict[str, str]:
    if not secret:
        return {}
    seconds = str(int(at.timestamp()))
    return {"timestamp": seconds, "sign": sign(secret, seconds)}


def render(dispatch: Dispatch, secrets: Mapping[str, str]) -> Request:
    tongue = "en_us" if dispatch.language == "en" else "zh_cn"
    post = {tongue: {"title": cut(dispatch.title, 200), "content": _content(dispatch)}}
    body = {**proof(secrets.get("secret", ""), dispatch.at), "msg_type": "post", "content": {"post": post}}
    return Request(secrets.get("url", ""), msgspec.json.encode(body), {"content-type": "application/json"})


def _content(dispatch: Dispatch) -> list[list[dict[str, Any]]]:
    one = alone(dispatch)
    if one is not None:
        return [*([_text(line)] for line in one.lines), [{"tag": "a", "text": opens(dispatch), "href": one.link}]]
    lines = [[{"tag": "a", "text": cut(" · ".join((i.title, *i.lines[:1])), _MOST_LINE), "href": i.link}]
             for i in dispatch.items]  # fmt: skip
    return lines + ([[_text(rest_of(dispatch))]] if dispatch.more else [])


def _text(text: str) -> dict[str, Any]:
    return {"tag": "text", "text": cut(text, _MOST_LINE)}


def read(content: bytes) -> None:
    """Raises PostFailed for every answer but yes."""
    try:
        answer = msgspec.json.decode(content, type=Answer)
    except msgspec.DecodeError as wrong:
        raise PostFailed(Cause.TRANSPORT, "the answer is no answer of Feishu") from wrong
    if answer.code == 0:
        return
    words = f"{answer.code} {answer.msg}"
    if answer.code in _TOO_OFTEN:
        raise PostFailed(Cause.LIMITED, words, pause=timedelta(minutes=1))
    raise PostFailed(Cause.TRANSPORT if answer.code == -1 else Cause.REFUSED, words)
