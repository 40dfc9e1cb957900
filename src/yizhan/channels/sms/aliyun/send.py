"""SendSms, signed; one number a call, so that its answer is about one message."""

from __future__ import annotations

import secrets
from hashlib import sha256
from urllib.parse import urlsplit

import msgspec

from yizhan.channels.sms.aliyun.errors import failure
from yizhan.channels.sms.aliyun.render import render
from yizhan.channels.sms.aliyun.settings import AliyunSettings
from yizhan.channels.sms.aliyun.signature import authorization, canonical_query
from yizhan.channels.sms.policy import ensure_hour, filled, filled_in
from yizhan.desk.channels import Line, VendorSender, call, understood
from yizhan.desk.outbound import ErrorClass, Letter, Receipt, SendFailed
from yizhan.records.inboxes import Check

_NOTHING = sha256(b"").hexdigest()


class Answer(msgspec.Struct, rename="pascal"):
    code: str = ""
    message: str = ""
    biz_id: str = ""


class AliyunSender(VendorSender):
    """Alibaba Cloud does not know a message it has had before: what may have been sent waits for its report."""

    async def send(self, letter: Letter) -> Receipt:
        settings: AliyunSettings = self._line.account.settings
        query = render(letter, settings)
        ensure_hour(filled(letter, settings), settings, letter.at)
        answer = await ask(self._line, "SendSms", query, letter.attempt)
        if answer.code != "OK":
            raise failure(answer.code, answer.message, letter.attempt)
        return Receipt(answer.biz_id, reported=True)


async def ask(line: Line, action: str, query: dict[str, str], attempt: int) -> Answer:
    """Raises SendFailed where no answer of the cloud came."""
    settings: AliyunSettings = line.account.settings
    if not settings.access_key_id or not line.account.secrets.access_key_secret:
        raise SendFailed(ErrorClass.AUTH, "没有填写密钥 this inbox has no key yet")
    headers = {
        "host": urlsplit(settings.base_url).netloc,
        "x-acs-action": action,
        "x-acs-version": settings.version,
        "x-acs-date": f"{line.clock.now():%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": secrets.token_hex(16),
        "x-acs-content-sha256": _NOTHING,
    }
    signed = authorization(settings.access_key_id, line.account.secrets.access_key_secret, query=query, headers=headers)
    answer = await call(
        line, "POST", f"{settings.base_url.rstrip('/')}/?{canonical_query(query)}", attempt=attempt,
        headers={**headers, "authorization": signed}, timeout=settings.timeout,
    )  # fmt: skip
    return understood(answer, Answer, attempt=attempt)


async def check(line: Line) -> list[Check]:
    """Asks for the state of the first template: that needs the key, the right to send and a clock that is right."""
    settings: AliyunSettings = line.account.settings
    codes = list(settings.known)
    listed = filled_in(settings)
    if not codes:
        return listed
    try:
        answer = await ask(line, "QuerySmsTemplate", {"TemplateCode": codes[0]}, 1)
    except SendFailed as wrong:
        return [Check("key", False, wrong.message), *listed]
    good = answer.code == "OK"
    return [Check("key", good, "" if good else failure(answer.code, answer.message, 99).message), *listed]
