"""How a letter of 公众号 and 小程序 is sent: files first, then one call a part. The vendor knows a repetition only of
templates: of all else what perhaps arrived is never sent again by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from yizhan.channels.wechat.api import WeChatApi
from yizhan.channels.wechat.errors import MOST_TRIES, WeChatRefused, failure
from yizhan.channels.wechat.letters import Part
from yizhan.desk.channels import Line, TokenRefused, VendorSender
from yizhan.desk.outbound import ErrorClass, Letter, Receipt, SendFailed
from yizhan.foundation.errors import RateLimited
from yizhan.foundation.http import HttpFailed, HttpRefused

_FIRST_PAUSE = timedelta(seconds=5)
Plan = Callable[[Letter], Sequence[Part]]
"""Pure; raises SendFailed for what cannot be sent."""


class WeChatSender(VendorSender):
    def __init__(self, line: Line, api: WeChatApi, plan: Plan) -> None:
        super().__init__(line)
        self._api = api
        self._plan = plan

    async def send(self, letter: Letter) -> Receipt:
        parts = self._plan(letter)
        media = [await self._attempt(letter, self._uploaded(part)) for part in parts]
        receipt = Receipt()
        for at, (part, media_id) in enumerate(zip(parts, media, strict=True)):
            try:
                said = await self._attempt(
                    letter, self._api.post(part.path, part.body(media_id)), once=not part.repeatable
                )
            except SendFailed as failed:
                if at:  # the customer has the first part: nothing is said twice
                    words = f"{at}/{len(parts)} 已发出 were sent; {failed.message}"
                    raise SendFailed(failed.error_class, words, ambiguous=True) from failed
                raise
            if said.get("msgid"):
                receipt = Receipt(str(said["msgid"]), reported=True)
        return receipt

    async def _uploaded(self, part: Part) -> str:
        """Also where there is nothing to upload: a token that cannot be had is found before anything is said."""
        await self._api.ready()
        if part.upload is None:
            return ""
        file = part.upload
        content = await self._line.load(file.hash)
        return await self._api.upload(part.upload_kind, file.name, file.type, content)

    async def _attempt(self, letter: Letter, asked: Any, *, once: bool = False) -> Any:
        """`once`: the vendor may have done it although no answer came, and would do it again."""
        try:
            return await asked
        except WeChatRefused as refused:
            raise failure(refused, letter.attempt, self._line.clock.now()) from refused
        except TokenRefused as refused:
            raise SendFailed(
                ErrorClass.AUTH, f"接口凭证已失效 the access token is refused: {refused.message}"
            ) from refused
        except RateLimited as limited:
            wait = timedelta(seconds=max(1.0, limited.retry_after))
            raise SendFailed(ErrorClass.THROTTLE, limited.message, retry_after=wait) from limited
        except HttpRefused as refused:
            raise SendFailed(ErrorClass.BAD_REQUEST, refused.message) from refused
        except HttpFailed as failed:
            if once and failed.sent:
                raise SendFailed(ErrorClass.UNKNOWN, failed.message, ambiguous=True) from failed
            raise SendFailed(ErrorClass.TRANSIENT, failed.message, retry_after=_pause(letter.attempt)) from failed


def _pause(attempt: int) -> timedelta | None:
    return _FIRST_PAUSE * (1 << max(0, attempt - 1)) if attempt < MOST_TRIES else None
