"""A reply as message/send takes it, within the vendor's bounds. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yizhan.channels.wechat.bounds import ensure_bytes
from yizhan.channels.wechat.wecom.settings import WeComSettings
from yizhan.desk.outbound import ErrorClass, Letter, SendFailed

TEXT_BYTES = 2_048
_TITLE, _DESC, _URL = 128, 512, 2_048
Body = dict[str, Any]


def render(letter: Letter, media: Sequence[tuple[str, str]], settings: WeComSettings) -> list[Body]:
    """One call each for the text and for every file. Raises SendFailed for what the vendor would not take."""
    kind, payload = letter.kind, letter.payload or {}
    if kind in _KINDS and payload:
        said = [_KINDS[kind](payload, letter.text)]
    else:
        said = [_text(letter.text)] if letter.text.strip() else []
        said += [{"msgtype": what, what: {"media_id": id}} for what, id in media]
    if not said:
        raise SendFailed(ErrorClass.CONTENT, "空消息不能发送 (nothing to send)")
    interval = settings.first_seconds if letter.attempt == 1 else settings.again_seconds
    once = {"enable_duplicate_check": 1, "duplicate_check_interval": interval}
    to: Body = {"touser": letter.to, "agentid": int(settings.agent_id or 0), **once}
    return [{**to, **each} for each in said]


def _text(words: str) -> Body:
    ensure_bytes("text", words, TEXT_BYTES)
    return {"msgtype": "text", "text": {"content": words}}


def _link(payload: Mapping[str, Any], words: str) -> Body:
    title, desc, url = (str(payload.get(name) or "") for name in ("title", "text", "url"))
    for name, value, most in (("title", title, _TITLE), ("text", desc, _DESC), ("url", url, _URL)):
        ensure_bytes(name, value, most)
    card = {"title": title or url, "description": desc or words or title or url, "url": url}
    return {"msgtype": "textcard", "textcard": card}


def _location(payload: Mapping[str, Any], words: str) -> Body:
    """The vendor has no such type for applications: a text that says where."""
    place = [str(payload.get(name) or "") for name in ("name", "address")]
    spot = f"{payload.get('latitude', '')},{payload.get('longitude', '')}"
    return _text("\n".join(filter(None, (words, *place, spot if spot != "," else ""))))


def _menu(payload: Mapping[str, Any], words: str) -> Body:
    """Without taps: a text that lists what may be answered."""
    options = [each.get("text") if isinstance(each, Mapping) else each for each in payload.get("options") or ()]
    return _text("\n".join([words, *(f"{at}. {each}" for at, each in enumerate(options, 1))]))


_KINDS = {"link": _link, "location": _location, "menu": _menu}
