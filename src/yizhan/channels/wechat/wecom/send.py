"""The way out of an application, and back: sent with the vendor's check for repetitions, recalled by its own id."""

from __future__ import annotations

from typing import Any

from yizhan.channels.wechat.files import as_media
from yizhan.channels.wechat.qyapi import call, failure_of
from yizhan.channels.wechat.wecom.render import render
from yizhan.channels.wechat.xml import text_of
from yizhan.desk.channels import Line, VendorSender
from yizhan.desk.outbound import ErrorClass, Letter, Receipt, SendFailed
from yizhan.foundation.errors import DomainError


class WeComSender(VendorSender):
    idempotent = True

    async def send(self, letter: Letter) -> Receipt:
        settings = self._line.account.settings
        if not settings.agent_id:
            raise SendFailed(ErrorClass.BAD_REQUEST, "接入点没有填写 AgentId (the inbox names no AgentId)")
        ids = []
        try:
            media = await as_media(self._line, letter)
            for body in render(letter, media, settings):
                ids.append(self._accepted(await call(self._line, "/cgi-bin/message/send", body)))
        except SendFailed:
            raise
        except DomainError as failure:
            raise failure_of(failure, letter.attempt) from failure
        return Receipt(ids[0])

    def _accepted(self, answer: dict[str, Any]) -> str:
        """The vendor says yes for those it could reach: nobody of one is a no."""
        if text_of(answer, "invaliduser"):
            raise SendFailed(ErrorClass.RECIPIENT, "成员不存在或不在应用可见范围 (no such member within its range)")
        return text_of(answer, "msgid")


async def recall(line: Line, vendor_id: str, _: dict[str, Any]) -> None:
    """Raises DomainError with the vendor's words."""
    await call(line, "/cgi-bin/message/recall", {"msgid": vendor_id})
