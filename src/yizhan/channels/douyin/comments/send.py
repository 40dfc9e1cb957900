"""A reply in public, below his comment."""

from __future__ import annotations

from yizhan.channels.douyin.render import handle_of, text_of
from yizhan.channels.douyin.send import ask
from yizhan.desk.channels import VendorSender
from yizhan.desk.outbound import Letter, Receipt

_REPLY = "/item/comment/reply/"


class DouyinCommentSender(VendorSender):
    """Douyin takes no id of ours: what may have been said in public is not said again."""

    async def send(self, letter: Letter) -> Receipt:
        handle = handle_of(letter)
        body = {
            "item_id": str(handle.get("item") or ""), "comment_id": str(handle.get("comment") or ""),
            "content": text_of(letter, self._line.account.settings.text_chars, links=False),
        }  # fmt: skip
        said = await ask(self._line, "POST", _REPLY, body, attempt=letter.attempt)
        return Receipt(said.text("comment_id"))
