"""Sending by the Cloud API: a file is put up first, then named in the message. And fetching what customers send."""

from __future__ import annotations

import msgspec

from yizhan.channels.meta.graph import ask, download
from yizhan.channels.meta.whatsapp.render import render, type_of
from yizhan.channels.meta.whatsapp.settings import WhatsappSettings
from yizhan.desk.channels import Fetched, Line, MediaGone, VendorSender
from yizhan.desk.outbound import ErrorClass, Letter, Receipt, SendFailed
from yizhan.foundation.http import FormFile, HttpFailed, multipart


class _Id(msgspec.Struct):
    id: str = ""


class _Sent(msgspec.Struct):
    messages: list[_Id] = []


class _File(msgspec.Struct):
    url: str = ""


class WhatsappSender(VendorSender):
    """Meta does not know a message it has had before; its report says our id back."""

    async def send(self, letter: Letter) -> Receipt:
        settings: WhatsappSettings = self._line.account.settings
        render(letter, settings, "-")  # what cannot be sent is refused before a file is put up
        media = await self._put_up(letter, settings) if letter.files else ""
        sent = await ask(
            self._line, "POST", f"{settings.phone_number_id}/messages", _Sent, attempt=letter.attempt,
            content=render(letter, settings, media),
        )  # fmt: skip
        if not sent.messages or not sent.messages[0].id:
            raise SendFailed(ErrorClass.UNKNOWN, "no id in the answer", ambiguous=True)
        return Receipt(sent.messages[0].id, reported=True)

    async def _put_up(self, letter: Letter, settings: WhatsappSettings) -> str:
        [file] = letter.files
        kind = file.type if type_of(file, settings) != "document" else file.type or "application/octet-stream"
        content_type, form = multipart(
            {"messaging_product": "whatsapp", "type": kind},
            [FormFile("file", file.name, kind, await self._line.load(file.hash))],
        )
        kept = await ask(
            self._line, "POST", f"{settings.phone_number_id}/media", _Id, attempt=letter.attempt, content=form,
            content_type=content_type, repeatable=True,
        )  # fmt: skip
        return kept.id


async def fetch(line: Line, ref: dict[str, str]) -> Fetched:
    """Its address lives for five minutes, so it is asked for just before. Raises MediaGone."""
    try:
        found = await ask(line, "GET", ref["id"], _File, repeatable=True)
    except SendFailed as wrong:
        if wrong.error_class is ErrorClass.BAD_REQUEST:
            raise MediaGone(wrong.message) from wrong
        raise HttpFailed(wrong.message, sent=True) from wrong
    return await download(line, found.url, bearer=True)
