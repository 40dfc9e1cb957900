"""One request to a vendor, and words cut to what a vendor takes."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from yizhan.desk.outlets import Dispatch, Item

_MARKS = str.maketrans({"<": "＜", ">": "＞", "[": "［", "]": "］", "*": "＊", "`": "｀", "\n": " ", "\r": " "})


class Request(msgspec.Struct, frozen=True):
    url: str
    body: bytes
    headers: Mapping[str, str]


def plain(text: str) -> str:
    """Names people gave must not become markup of the group's message."""
    return text.translate(_MARKS)


def cut(text: str, most_bytes: int) -> str:
    """At most so many bytes of UTF-8, never in the middle of a character."""
    raw = text.encode()
    if len(raw) <= most_bytes:
        return text
    return raw[: most_bytes - 3].decode(errors="ignore") + "…"


def rest_of(dispatch: Dispatch) -> str:
    if not dispatch.more:
        return ""
    return f"and {dispatch.more} more" if dispatch.language == "en" else f"还有 {dispatch.more} 条"


def opens(dispatch: Dispatch) -> str:
    return "Open" if dispatch.language == "en" else "打开处理"


def alone(dispatch: Dispatch) -> Item | None:
    """The notice a dispatch is about, when it is no digest."""
    return dispatch.items[0] if len(dispatch.items) == 1 else None
