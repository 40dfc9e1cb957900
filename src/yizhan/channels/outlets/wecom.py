"""WeCom group bot: markdown of at most 4096 bytes; the key is in the address. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import msgspec

from yizhan.channels.outlets.model import Request, alone, cut, opens, plain, rest_of
from yizhan.desk.outlets import Cause, Dispatch, PostFailed

MOST_BYTES = 4096
_COLOURS = {"critical": "warning", "warning": "warning", "info": "info"}
_TOO_OFTEN = 45009


class Answer(msgspec.Struct):
    errcode: int = -1
    errmsg: str = ""


def render(dispatch: Dispatch, secrets: Mapping[str, str]) -> Request:
    body = {"msgtype": "markdown", "markdown": {"content": cut(_markdown(dispatch), MOST_BYTES)}}
    return Request(secrets.get("url", ""), msgspec.json.encode(body), {"content-type": "application/json"})


def _markdown(dispatch: Dispatch) -> str:
    lines = [f'<font color="{_COLOURS[dispatch.level]}">**{plain(dispatch.title)}**</font>']
    one = alone(dispatch)
    if one is not None:
        return "\n".join([*lines, *(f"> {plain(line)}" for line in one.lines), f"[{opens(dispatch)}]({one.link})"])
    lines += [f"> [{plain(' · '.join((i.title, *i.lines[:1])))}]({i.link})" for i in dispatch.items]
    return "\n".join([*lines, *filter(None, [rest_of(dispatch)])])


def read(content: bytes) -> None:
    """Raises PostFailed for every answer but yes."""
    try:
        answer = msgspec.json.decode(content, type=Answer)
    except msgspec.DecodeError as wrong:
        raise PostFailed(Cause.TRANSPORT, "the answer is no answer of WeCom") from wrong
    if answer.errcode == 0:
        return
    words = f"{answer.errcode} {answer.errmsg}"
    if answer.errcode == _TOO_OFTEN:
        raise PostFailed(Cause.LIMITED, words, pause=timedelta(minutes=1))
    raise PostFailed(Cause.TRANSPORT if answer.errcode == -1 else Cause.REFUSED, words)
