"""A reply in public: under his comment, or under his post that mentions us."""

from __future__ import annotations

from typing import Any

import msgspec

from yizhan.channels.weibo.emoji import FACES
from yizhan.channels.weibo.send import post, token_of
from yizhan.desk.channels import Fetched, Line, MediaGone, VendorSender, understood
from yizhan.desk.outbound import ErrorClass, Letter, Receipt, SendFailed
from yizhan.foundation.http import HttpFailed

_REPLY = "/2/comments/reply.json"
_CREATE = "/2/comments/create.json"
_DESTROY = "/2/comments/destroy.json"


class _Said(msgspec.Struct, frozen=True):
    id: int | str = ""
    idstr: str = ""


def render(letter: Letter, text_chars: int) -> tuple[str, dict[str, str]]:
    """The path and the fields, but for the token. Raises SendFailed."""
    if letter.files:
        raise SendFailed(ErrorClass.BAD_REQUEST, "公开评论不能带文件 / a public comment takes no files")
    text = FACES.to_codes(letter.text, text_chars)
    if not text.strip() or len(text) > text_chars:
        raise SendFailed(
            ErrorClass.CONTENT, f"公开评论为 1 至 {text_chars} 字 / a comment has 1 to {text_chars} characters"
        )
    handle = handle_of(letter)
    post_id, comment_id = str(handle.get("post") or ""), str(handle.get("comment") or "")
    if comment_id:
        return _REPLY, {"id": post_id, "cid": comment_id, "comment": text, "comment_ori": "0"}
    return _CREATE, {"id": post_id, "comment": text}


def handle_of(letter: Letter) -> dict[str, Any]:
    """What he last wrote names what is answered. Raises SendFailed where he wrote nothing."""
    for each in letter.earlier:
        handle = (each.payload or {}).get("handle")
        if each.direction == "in" and isinstance(handle, dict):
            return handle
    raise SendFailed(ErrorClass.BAD_REQUEST, "没有可回复的评论 / there is no comment to answer")


class WeiboCommentSender(VendorSender):
    """Weibo takes no id of ours: what may have been said in public is not said again."""

    async def send(self, letter: Letter) -> Receipt:
        settings = self._line.account.settings
        path, form = render(letter, settings.text_chars)
        form["access_token"] = token_of(self._line)
        answer = await post(self._line, settings.api_url + path, form, letter.attempt)
        said = understood(answer, _Said, attempt=letter.attempt)
        return Receipt(said.idstr or str(said.id))


async def recall(line: Line, vendor_id: str, _: dict[str, Any]) -> None:
    """Raises SendFailed."""
    form = {"access_token": token_of(line), "cid": vendor_id}
    await post(line, line.account.settings.api_url + _DESTROY, form, 1)


async def fetch(line: Line, ref: dict[str, str]) -> Fetched:
    """A picture of a post. Raises MediaGone, or HttpFailed when it may be had later."""
    answer = await line.http.request("GET", ref["url"], timeout=line.account.settings.timeout)
    if answer.status in (403, 404, 410):
        raise MediaGone(f"HTTP {answer.status}")
    if not answer.ok:
        raise HttpFailed(f"HTTP {answer.status}", sent=True)
    return Fetched(answer.content, type=answer.headers.get("content-type", ""))
