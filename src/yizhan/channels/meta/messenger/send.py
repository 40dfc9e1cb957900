"""Sending to a page's or an account's customers; a file travels in the same call. And fetching what they send."""

from __future__ import annotations

import msgspec

from yizhan.channels.meta.graph import ask, download
from yizhan.channels.meta.messenger.render import fields, render
from yizhan.channels.meta.messenger.settings import MessengerSettings
from yizhan.desk.channels import Fetched, Line, VendorSender
from yizhan.desk.outbound import Letter, Receipt
from yizhan.foundation.http import FormFile, multipart


class _Sent(msgspec.Struct):
    message_id: str = ""


class MessengerSender(VendorSender):
    """Meta does not know a message it has had before; its echo says our id back."""

    async def send(self, letter: Letter) -> Receipt:
        settings: MessengerSettings = self._line.account.settings
        said = render(letter, settings)
        content, kind = msgspec.json.encode(said), "application/json"
        if letter.files:
            [file] = letter.files
            loaded = FormFile("filedata", file.name, file.type, await self._line.load(file.hash))
            kind, content = multipart(fields(said), [loaded])
        sent = await ask(
            self._line, "POST", "me/messages", _Sent, attempt=letter.attempt, content=content, content_type=kind
        )
        return Receipt(sent.message_id, reported=bool(sent.message_id))


async def fetch(line: Line, ref: dict[str, str]) -> Fetched:
    """Raises MediaGone. The address is signed by itself; the token is not shown to whoever serves it."""
    return await download(line, ref["url"], bearer=False)
