"""Forwarded records of other conversations 聊天记录, as lines that can be read. Pure."""

from __future__ import annotations

from yizhan.channels.wechat.xml import Tree, branch_of, branches_of, read_json, text_of
from yizhan.foundation.errors import Invalid

_WORDS = {"image": "[图片]", "voice": "[语音]", "video": "[视频]", "file": "[文件]", "location": "[位置]"}


def merged(body: Tree) -> str:
    lines = [text_of(body, "title"), *(_line(each) for each in branches_of(body, "item"))]
    return "\n".join(filter(None, lines))


def _line(item: Tree) -> str:
    type = text_of(item, "msgtype")
    return f"{text_of(item, 'sender_name')}: {_content(type, item)}"


def _content(type: str, item: Tree) -> str:
    """Its content is JSON within JSON, and not always."""
    try:
        inner = branch_of(item, "msg_content") or read_json(text_of(item, "msg_content").encode(errors="replace"))
    except Invalid:
        return text_of(item, "msg_content") or _WORDS.get(type, f"[{type}]")
    part = branch_of(inner, type) or inner
    return text_of(part, "content", "title", "name") or _WORDS.get(type, f"[{type}]")
