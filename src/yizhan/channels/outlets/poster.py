"""The call itself: five seconds, no redirect, and what a failure of the wire means."""

from __future__ import annotations

from collections.abc import Mapping

from yizhan.channels.outlets import dingtalk, feishu, webhook, wecom
from yizhan.channels.outlets.model import Request
from yizhan.desk.outlets import Cause, Dispatch, Outlet, OutletKind, PostFailed
from yizhan.foundation.errors import TooLarge
from yizhan.foundation.http import Http, HttpFailed, HttpRefused, Response

_SECONDS = 5.0
_MOST_ANSWER = 64 * 1024

_RENDERS = {
    OutletKind.WECOM: wecom.render,
    OutletKind.DINGTALK: dingtalk.render,
    OutletKind.FEISHU: feishu.render,
    OutletKind.WEBHOOK: webhook.render,
    OutletKind.SMS: webhook.render_sms,
}
_READS = {OutletKind.WECOM: wecom.read, OutletKind.DINGTALK: dingtalk.read, OutletKind.FEISHU: feishu.read}


class HttpPoster:
    """All kinds that are one HTTP call."""

    KINDS = frozenset(_RENDERS)

    def __init__(self, http: Http) -> None:
        self._http = http

    async def warm(self) -> None:
        await self._http.warm()

    async def post(self, outlet: Outlet, secrets: Mapping[str, str], dispatch: Dispatch) -> None:
        if not secrets.get("url"):
            raise PostFailed(Cause.REFUSED, "this outlet has no address yet")
        answer = await self._call(_RENDERS[outlet.kind](dispatch, secrets))
        read = _READS.get(outlet.kind)
        if read is None or not answer.ok:
            webhook.read(answer.status, answer.headers)
        if read is not None:
            read(answer.content)

    async def _call(self, request: Request) -> Response:
        try:
            return await self._http.request(
                "POST", request.url, headers=request.headers, content=request.body, timeout=_SECONDS,
                max_bytes=_MOST_ANSWER,
            )  # fmt: skip
        except HttpRefused as refusal:
            raise PostFailed(Cause.REFUSED, refusal.message) from refusal
        except HttpFailed as failure:
            raise PostFailed(Cause.TRANSPORT, failure.message) from failure
        except TooLarge as wrong:
            raise PostFailed(Cause.REFUSED, wrong.message) from wrong
