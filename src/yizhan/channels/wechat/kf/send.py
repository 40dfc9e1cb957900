"""The way out: files are uploaded, then each part is one send_msg under an id of ours that the vendor takes once."""

from __future__ import annotations

from typing import Any

from yizhan.channels.wechat.files import as_media
from yizhan.channels.wechat.kf.render import message_id, render
from yizhan.channels.wechat.kf.sessions import State, take
from yizhan.channels.wechat.qyapi import Refused, call, failure_of
from yizhan.channels.wechat.qycodes import STATE_WRONG, class_of
from yizhan.desk.channels import VendorSender
from yizhan.desk.outbound import ErrorClass, Letter, Receipt, SendFailed
from yizhan.foundation.errors import DomainError


class KfSender(VendorSender):
    idempotent = True

    async def send(self, letter: Letter) -> Receipt:
        if not self._line.account.settings.open_kfid:
            raise SendFailed(ErrorClass.BAD_REQUEST, "接入点没有填写客服账号 (the inbox names no open_kfid)")
        try:
            media = await as_media(self._line, letter)
            for body in render(letter, media, open_kfid=self._line.account.settings.open_kfid):
                await self._send(body, letter)
        except SendFailed:
            raise
        except DomainError as failure:
            raise failure_of(failure, letter.attempt) from failure
        return Receipt(message_id(letter.message_id), reported=True)

    async def _send(self, body: dict[str, Any], letter: Letter) -> None:
        try:
            await call(self._line, "/cgi-bin/kf/send_msg", body)
        except Refused as refusal:
            if refusal.errcode == STATE_WRONG:
                await self._send_in_state(body, letter, refusal)
            elif not self._had_it(refusal, letter):
                raise

    def _had_it(self, refusal: Refused, letter: Letter) -> bool:
        """Whether the vendor refuses a repetition. Raises SendFailed where that may be and nobody can tell."""
        if letter.attempt == 1:
            return False
        if refusal.errcode in self._line.account.settings.duplicate_codes:
            return True
        if class_of(refusal.errcode) is ErrorClass.BAD_REQUEST:
            raise SendFailed(ErrorClass.UNKNOWN, refusal.message, ambiguous=True) from refusal
        return False

    async def _send_in_state(self, body: dict[str, Any], letter: Letter, refusal: Refused) -> None:
        """Refused for the state of the session: taken back where that is possible, else said where it is."""
        state = await take(self._line, letter.to)
        if state is State.OURS:
            try:
                await call(self._line, "/cgi-bin/kf/send_msg", body)
            except Refused as again:
                if not self._had_it(again, letter):
                    raise
        elif state is State.ENDED:
            raise SendFailed(
                ErrorClass.WINDOW_CLOSED, "会话已结束, 等待客户再次来信 (the session has ended; wait for the customer)"
            ) from refusal
        else:
            raise SendFailed(
                ErrorClass.PERMISSION,
                "会话在企业微信客户端接待中, 请在那里回复或结束 (served in WeCom's own client: answer or end it there)",
            ) from refusal
