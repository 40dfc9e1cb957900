"""The way back: a reply is posted to the partner, signed as his events to us are."""

from __future__ import annotations

from typing import Any

import msgspec

from yizhan.channels.bridge.model import Refused
from yizhan.channels.bridge.parse import error_class
from yizhan.channels.bridge.render import render
from yizhan.channels.bridge.signature import signed
from yizhan.desk.channels import Fetched, Line, MediaGone, VendorSender, call, failed, throttled, understood
from yizhan.desk.outbound import ErrorClass, Letter, Receipt, SendFailed
from yizhan.foundation.http import HttpFailed, Response

_BY_STATUS = {401: ErrorClass.AUTH, 403: ErrorClass.AUTH, 409: ErrorClass.WINDOW_CLOSED, 410: ErrorClass.RECIPIENT}


class BridgeSender(VendorSender):
    """The partner is bound to take one `event_id` once, so what may have arrived is sent again."""

    idempotent = True

    async def send(self, letter: Letter) -> Receipt:
        contents = [await self._line.load(file.hash) for file in letter.files]
        body = render(letter, contents, self._line.account.settings)
        answer = await post(self._line, body, letter.attempt)
        said = understood(answer, Refused, attempt=letter.attempt, repeatable=True)
        if not answer.ok or said.error_class:
            raise refusal(answer, said, letter.attempt)
        return Receipt(said.message_id[:200] or str(letter.message_id), reported=True)


async def post(line: Line, body: bytes, attempt: int) -> Response:
    """Raises SendFailed."""
    settings, secrets = line.account.settings, line.account.secrets
    if not settings.callback_url or not secrets.all:
        raise SendFailed(
            ErrorClass.BAD_REQUEST, "没有填写合作方地址或密钥 / the partner's address or the secret is missing"
        )
    return await call(
        line, "POST", settings.callback_url, headers=signed(secrets.all[0], line.clock.now(), body), content=body,
        attempt=attempt, timeout=settings.timeout, repeatable=True,
    )  # fmt: skip


def refusal(answer: Response, said: Refused, attempt: int) -> SendFailed:
    """In the partner's words; where he has none for its class, by the status."""
    words = said.error[:200] or f"HTTP {answer.status}"
    if answer.status == 429:
        return throttled(words, attempt, answer)
    cause = error_class(said.error_class)
    if cause is ErrorClass.UNKNOWN:
        fallback = ErrorClass.TRANSIENT if answer.status >= 500 else ErrorClass.BAD_REQUEST
        cause = _BY_STATUS.get(answer.status, fallback)
    return failed(cause, words, attempt)


async def recall(line: Line, vendor_id: str, _: dict[str, Any]) -> None:
    """Raises SendFailed."""
    event = {"event_id": f"recall:{vendor_id}", "type": "recall", "recall": {"message_id": vendor_id}}
    answer = await post(line, msgspec.json.encode(event), 1)
    if not answer.ok:
        raise refusal(answer, understood(answer, Refused, attempt=1, repeatable=True), 1)


async def fetch(line: Line, ref: dict[str, str]) -> Fetched:
    """A file at the partner's address. Raises MediaGone, or HttpFailed when it may be had later."""
    answer = await line.http.request("GET", ref["url"], timeout=line.account.settings.timeout, follow=True)
    if answer.status in (403, 404, 410):
        raise MediaGone(f"HTTP {answer.status}")
    if not answer.ok:
        raise HttpFailed(f"HTTP {answer.status}", sent=True)
    return Fetched(answer.content, type=answer.headers.get("content-type", ""))
