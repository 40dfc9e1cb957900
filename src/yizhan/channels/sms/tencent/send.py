"""SendSms, signed; one number a call, so that its answer is about one message. And the pages it is asked for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import msgspec

from yizhan.channels.sms.policy import ensure_hour, filled, filled_in
from yizhan.channels.sms.tencent.errors import failure
from yizhan.channels.sms.tencent.parse import pulled_reply, pulled_report
from yizhan.channels.sms.tencent.render import render
from yizhan.channels.sms.tencent.settings import TencentSettings
from yizhan.channels.sms.tencent.signature import Scope, authorization
from yizhan.desk.channels import Happening, Line, Pulled, VendorSender, call, understood
from yizhan.desk.outbound import ErrorClass, Letter, Receipt, SendFailed
from yizhan.records.inboxes import Check

_SERVICE = "sms"
_JSON = "application/json; charset=utf-8"
_PAGE = 100


class Refusal(msgspec.Struct, rename="pascal"):
    code: str = ""
    message: str = ""


class Status(msgspec.Struct, rename="pascal"):
    serial_no: str = ""
    code: str = ""
    message: str = ""


class Response(msgspec.Struct, rename="pascal"):
    error: Refusal | None = None
    send_status_set: list[Status] = []
    pull_sms_send_status_set: list[dict[str, Any]] | None = None
    pull_sms_reply_status_set: list[dict[str, Any]] | None = None


class Answer(msgspec.Struct, rename="pascal"):
    response: Response


class TencentSender(VendorSender):
    """Tencent Cloud does not know a message it has had before: what may have been sent waits for its report."""

    async def send(self, letter: Letter) -> Receipt:
        settings: TencentSettings = self._line.account.settings
        body = render(letter, settings)
        ensure_hour(filled(letter, settings), settings, letter.at)
        answer = await ask(self._line, "SendSms", body, letter.attempt)
        if not answer.send_status_set:
            raise SendFailed(ErrorClass.UNKNOWN, "no status in the answer", ambiguous=True)
        status = answer.send_status_set[0]
        if status.code != "Ok":
            raise failure(status.code, status.message, letter.attempt)
        return Receipt(status.serial_no, reported=True)


async def ask(line: Line, action: str, body: bytes, attempt: int) -> Response:
    """Raises SendFailed where no answer of the cloud came, or it refused the call as a whole."""
    settings: TencentSettings = line.account.settings
    if not settings.secret_id or not line.account.secrets.secret_key:
        raise SendFailed(ErrorClass.AUTH, "没有填写密钥 this inbox has no key yet")
    scope = Scope(settings.secret_id, line.account.secrets.secret_key, _SERVICE, int(line.clock.now().timestamp()))
    signed = {"content-type": _JSON, "host": urlsplit(settings.base_url).netloc, "x-tc-action": action}
    headers = {
        **signed, "x-tc-version": settings.version, "x-tc-region": settings.region,
        "x-tc-timestamp": str(scope.timestamp), "authorization": authorization(scope, signed, body),
    }  # fmt: skip
    answer = await call(
        line, "POST", f"{settings.base_url.rstrip('/')}/", attempt=attempt, headers=headers, content=body,
        timeout=settings.timeout,
    )  # fmt: skip
    said = understood(answer, Answer, attempt=attempt).response
    if said.error is not None:
        raise failure(said.error.code, said.error.message, attempt)
    return said


async def pull(line: Line, cursor: Any, token: str) -> Pulled:
    """What the cloud kept for us since it was last asked; it has no cursor, what was given is gone."""
    settings: TencentSettings = line.account.settings
    if not settings.pulls:
        return Pulled((), cursor)
    asked = msgspec.json.encode({"SmsSdkAppId": settings.app_id, "Limit": _PAGE})
    reports = (await ask(line, "PullSmsSendStatus", asked, 1)).pull_sms_send_status_set or []
    replies = (await ask(line, "PullSmsReplyStatus", asked, 1)).pull_sms_reply_status_set or []
    found: list[Happening] = [pulled_report(each) for each in reports]
    found += [pulled_reply(each) for each in replies]
    return Pulled(tuple(found), cursor, more=max(len(reports), len(replies)) >= _PAGE)


async def check(line: Line) -> list[Check]:
    """Asks for the state of the first template: that needs the key, the right to send and a clock that is right."""
    settings: TencentSettings = line.account.settings
    codes = list(settings.known)
    named = bool(settings.app_id)
    app = (
        Check("app", named)
        if named
        else Check("app", False, hint_zh="填写 SmsSdkAppId", hint_en="enter the SmsSdkAppId")
    )
    listed = [app, *filled_in(settings)]
    numbers = [int(each) for each in codes[:1] if each.isdigit()]
    asked = msgspec.json.encode({"TemplateIdSet": numbers, "International": 0})
    try:
        await ask(line, "DescribeSmsTemplateList", asked, 1)
    except SendFailed as wrong:
        return [Check("key", False, wrong.message), *listed]
    return [Check("key", True), *listed]
