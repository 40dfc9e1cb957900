"""From a comment, told or asked for, to a message. Pure."""

from __future__ import annotations

from typing import Any

from yizhan.channels.douyin.emoji import FACES
from yizhan.channels.douyin.parse import Push, moment, under, unsupported, who, word
from yizhan.desk.channels import Arrival

TOLD = "item_comment_reply"


def told(push: Push, account: str) -> Arrival | None:
    """None for what the account said itself; what is no comment is kept as something nobody could read."""
    if push.event == TOLD:
        found = comment(push.content, word(push.content, "reply_to_item_id"), account)
        if found is not None or word(push.content, "comment_user_id") == account:
            return found
    return unsupported(push, push.sender if push.sender != account else push.receiver)


def comment(said: dict[str, Any], item: str, account: str) -> Arrival | None:
    """None where it lacks its id or author, or is the account's own."""
    id, author = word(said, "comment_id"), word(said, "comment_user_id")
    text = FACES.to_unicode(word(said, "content"))
    if not id or author in ("", account) or not text.strip():
        return None
    himself = who(author)
    return Arrival(
        id=f"comment:{id}", who=under(item, author) if item else himself, of=himself if item else None,
        name=word(said, "nick_name") or word(said, "nickname"), text=text,
        payload={"handle": {"comment": id, "item": item}, "about": {"text": "", "url": ""}}, at=moment(said),
    )  # fmt: skip
