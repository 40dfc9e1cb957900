"""A reply in public, below his comment."""

from __future__ import annotations

from yizhan.channels.douyin.render import handle_of, text_of
from yizhan.channels.douyin.send import ask
from yizhan.desk.channels import Line
from yizhan.desk.outbound import Letter, Mark, Receipt

_REPLY = "/item/comment/reply/"


class DouyinCommentSender:
    """Douyin takes no id of ours: what may have been said in public is not said again."""

    def __init__(self, line: Line) -> None:
        self._line = line

    @property
    def idempotent(self) -> bool:
        return False

    def mark(self, letter: Letter) -> Mark | None:
        return None

    async def send(self, letter: Letter) -> Receipt:
        handle = handle_of(letter)
        body = {
            "item_id": str(handle.get("item") or ""), "comment_id": str(handle.get("comment") or ""),
            "content": text_of(letter, self._line.account.settings.text_chars, links=False),
        }  # fmt: skip
        said = await ask(self._line, "POST", _REPLY, body, attempt=letter.attempt)
        return Receipt(said.text("comment_id"))

    async def close(self) -> None:
        """The client belongs to the process."""
