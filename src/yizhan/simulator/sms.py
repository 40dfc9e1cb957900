"""Text messages at the two clouds: both sign, both ask for templates, both report later and unsigned."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar

from yizhan.simulator.clouds import acs3_refusal, tc3_refusal
from yizhan.simulator.people import Bubble, Human, Person, Words
from yizhan.simulator.pusher import Answered, Push, Retry, Wire
from yizhan.simulator.vendor import Door, Vendor, compact
from yizhan.simulator.wire import Answer, Call, as_json, route

ALIYUN, TENCENT = "sms_aliyun", "sms_tencent"
_CHINA = timezone(timedelta(hours=8))
_BLANK = re.compile(r"\$?\{(\w+)\}")
_SIGN = "驿站商城"
_APPROVED = {
    ALIYUN: {
        "SMS_100001": "您的验证码为${code},5分钟内有效。",
        "SMS_100002": "客服回复:${content}",
        "SMS_100003": "会员日全场八折,点击 s.test/d 查看,拒收请回复R",
    },
    TENCENT: {
        "1000001": "您的验证码为{1},5分钟内有效。",
        "1000002": "客服回复:{1}",
        "1000003": "会员日全场八折,点击 s.test/d 查看,拒收请回复R",
    },
}
_FREE = {ALIYUN: "SMS_100002", TENCENT: "1000002"}
_OFTEN = {True: ((1, 60), (5, 3600), (10, 86400)), False: ((50, 86400),)}
"""To one number with one template, so many in so many seconds: codes, and everything else."""


class Sms(Vendor):
    """`report_after` seconds later a delivery is reported; numbers in `dead` are reported as failed."""

    name = "sms"
    title = Words("短信", "SMS")
    doors = (
        Door(channel=ALIYUN, title=Words("短信(阿里云)", "SMS (Alibaba Cloud)")),
        Door(channel=TENCENT, title=Words("短信(腾讯云)", "SMS (Tencent Cloud)")),
    )
    retry = Retry(attempts=4, timeout=5.0, pauses=(1.0, 5.0, 10.0))  # minutes at the vendors, seconds here
    fault_words: ClassVar[Mapping[int | str, Words]] = {
        "isv.BUSINESS_LIMIT_CONTROL": Words("阿里云:对该号码发送过频", "Alibaba: too many to this number"),
        "isv.AMOUNT_NOT_ENOUGH": Words("阿里云:余额不足", "Alibaba: no credit"),
        "LimitExceeded.PhoneNumberThirtySecondLimit": Words("腾讯云:30 秒内已发过", "Tencent: one within 30 seconds"),
        "FailedOperation.PhoneNumberInBlacklist": Words("腾讯云:号码拒收", "Tencent: the number refuses"),
    }
    report_after: float = 1.0

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.dead: set[str] = set()
        self._keys: dict[str, dict[str, str]] = {}
        self._nonces: set[str] = set()
        self._sent: dict[tuple[str, str], list[datetime]] = {}
        self._kept: list[dict[str, Any]] = []

    # what the administrator copies ------------------------------------------------------------------------------------

    def settings(self, channel: str) -> dict[str, Any]:
        lines = [f"{code} {text}" for code, text in _APPROVED[channel].items()]
        common = {"sign_name": _SIGN, "templates": lines, "reply_template": _FREE[channel], "base_url": self.base}
        if channel == ALIYUN:
            return {**common, "access_key_id": "LTAIstandin"}
        return {**common, "secret_id": "AKIDstandin", "app_id": "1400000000"}

    def secrets(self, channel: str) -> dict[str, str]:
        name = "access_key_secret" if channel == ALIYUN else "secret_key"
        return self._keys.setdefault(
            channel, {name: secrets.token_hex(16), "callback_token": secrets.token_urlsafe(12)}
        )

    def account_of(self, human: Human) -> Person:
        number = human.phone or f"+86199{int(human.digest('sms')[:8], 16) % 100_000_000:08}"
        return Person(id=number, human=human)

    # the API ----------------------------------------------------------------------------------------------------------

    @route("POST", "/")
    async def api(self, call: Call) -> Answer:
        return self._aliyun(call) if "x-acs-action" in call.headers else self._tencent(call)

    def refusal(self, code: int | str) -> Answer:
        """In the words of the cloud that has such codes."""
        if str(code).split(".")[0] in ("LimitExceeded", "FailedOperation", "InternalError", "AuthFailure"):
            return _tencent_error(str(code))
        return as_json({"Code": str(code), "Message": "injected", "RequestId": self.new_id()})

    def _aliyun(self, call: Call) -> Answer:
        secret = self.secrets(ALIYUN)["access_key_secret"]
        code = acs3_refusal(call, "LTAIstandin", secret, self.clock.now(), self._nonces)
        if code:
            return as_json({"Code": code, "Message": "Specified signature does not match", "RequestId": "r"}, 400)
        asked = call.query
        if call.headers["x-acs-action"] == "QuerySmsTemplate":
            known = asked.get("TemplateCode") in _APPROVED[ALIYUN]
            return as_json({"Code": "OK" if known else "isv.SMS_TEMPLATE_ILLEGAL", "Message": "", "RequestId": "r"})
        number = asked.get("PhoneNumbers", "")
        e164 = f"+86{number}" if re.fullmatch(r"1\d{10}", number) else f"+{number}"
        blanks = json.loads(asked.get("TemplateParam") or "{}")
        code = self._wrong(ALIYUN, e164, asked.get("SignName", ""), asked.get("TemplateCode", ""), blanks)
        if code:
            return as_json({"Code": code, "Message": "refused", "RequestId": "r"})
        biz = self.new_id()
        self._deliver(ALIYUN, e164, asked["TemplateCode"], blanks, biz, asked.get("OutId", ""))
        return as_json({"Code": "OK", "Message": "OK", "BizId": biz, "RequestId": self.new_id()})

    def _tencent(self, call: Call) -> Answer:
        secret = self.secrets(TENCENT)["secret_key"]
        code = tc3_refusal(call, "AKIDstandin", secret, "sms", self.clock.now())
        if code:
            return _tencent_error(code)
        asked, action = call.json(), call.headers.get("x-tc-action", "")
        if action == "PullSmsSendStatus":
            kept, self._kept = self._kept[:100], self._kept[100:]
            return as_json({"Response": {"PullSmsSendStatusSet": kept, "RequestId": "r"}})
        if action != "SendSms":
            return as_json({"Response": {"RequestId": "r"}})
        e164 = str(asked["PhoneNumberSet"][0])
        given = {str(at): words for at, words in enumerate(asked.get("TemplateParamSet", []), 1)}
        code = self._wrong(TENCENT, e164, asked.get("SignName", ""), str(asked.get("TemplateId")), given)
        status = {"PhoneNumber": e164, "SessionContext": asked.get("SessionContext", ""), "Code": code or "Ok"}
        if not code:
            status["SerialNo"] = self.new_id()
            self._deliver(TENCENT, e164, str(asked["TemplateId"]), given, status["SerialNo"], status["SessionContext"])
        return as_json({"Response": {"SendStatusSet": [status], "RequestId": "r"}})

    def _wrong(self, cloud: str, number: str, sign: str, template: str, blanks: Mapping[str, str]) -> str:
        """The code of what stands against sending it."""
        codes = _CODES[cloud]
        text = _APPROVED[cloud].get(template)
        if not re.fullmatch(r"\+\d{8,15}", number):
            return codes["number"]
        if sign != _SIGN:
            return codes["sign"]
        if text is None:
            return codes["template"]
        if not all(blanks.get(name) for name in _BLANK.findall(text)):
            return codes["blanks"]
        now, sent = self.clock.now(), self._sent.setdefault((number, template), [])
        for most, seconds in _OFTEN["验证码" in text]:
            if sum((now - at).total_seconds() < seconds for at in sent) >= most:
                return codes["often"]
        sent.append(now)
        return ""

    # what happens later -----------------------------------------------------------------------------------------------

    def _deliver(self, cloud: str, number: str, template: str, blanks: Mapping[str, str], id: str, echo: str) -> None:
        text = _BLANK.sub(lambda found: str(blanks.get(found[1], "")), _APPROVED[cloud][template])
        bubble = self.hear(number, f"【{_SIGN}】{text}", channel=cloud, id=id)
        push = self._report(cloud, number, bubble, echo)
        asyncio.get_running_loop().call_later(self.report_after, self.pusher.soon, push)

    def _report(self, cloud: str, number: str, bubble: Bubble, echo: str) -> Push:
        failed = number in self.dead
        at = self.clock.now().astimezone(_CHINA).strftime("%Y-%m-%d %H:%M:%S")
        if cloud == ALIYUN:
            said: list[dict[str, Any]] = [{
                "phone_number": number.removeprefix("+86").removeprefix("+"), "send_time": at, "report_time": at,
                "success": not failed, "err_code": "MOBILE_NOT_ON_SERVICE" if failed else "DELIVERED",
                "err_msg": "停机" if failed else "用户接收成功", "sms_size": "1", "biz_id": bubble.id, "out_id": echo,
            }]  # fmt: skip
        else:
            said = [{
                "user_receive_time": at, "nationcode": "86", "mobile": number.removeprefix("+86"),
                "report_status": "FAIL" if failed else "SUCCESS", "errmsg": "MI:0013" if failed else "DELIVRD",
                "description": "停机" if failed else "用户短信送达成功", "sid": bubble.id,
            }]  # fmt: skip
            self._kept.append({
                "SerialNo": bubble.id, "ReportStatus": said[0]["report_status"], "Description": said[0]["errmsg"],
                "SessionContext": echo, "UserReceiveTime": at,
            })  # fmt: skip

        async def arrived(_: Answered) -> None:
            self.people.turn(bubble, "accepted" if failed else "delivered")

        return self._push(cloud, said, f"report {bubble.id}", arrived)

    async def said(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        at = bubble.at.astimezone(_CHINA).strftime("%Y-%m-%d %H:%M:%S")
        number = person.id.removeprefix("+86")
        told: object = {
            "extend": "", "mobile": number, "nationcode": "86", "sign": _SIGN, "text": bubble.text,
            "time": int(bubble.at.timestamp()),
        }  # fmt: skip
        if channel == ALIYUN:
            told = [{
                "phone_number": number, "content": bubble.text, "send_time": at, "dest_code": "10690000",
                "sequence_id": int(bubble.id), "sign_name": _SIGN,
            }]  # fmt: skip
        return self._push(channel, told, f"reply {bubble.id}")

    def _push(self, cloud: str, said: object, label: str, heard: Any = None) -> Push:
        body, token = compact(said), self.secrets(cloud)["callback_token"]
        wire = Wire(body=body, query=f"token={token}", headers={"content-type": "application/json;charset=UTF-8"})
        name = "code" if cloud == ALIYUN else "result"
        return Push(channel=cloud, sign=lambda: wire, label=label, accepts=lambda a: _says_zero(a, name), heard=heard)


_CODES = {
    ALIYUN: {
        "number": "isv.MOBILE_NUMBER_ILLEGAL", "sign": "isv.SMS_SIGNATURE_ILLEGAL",
        "template": "isv.SMS_TEMPLATE_ILLEGAL", "blanks": "isv.TEMPLATE_MISSING_PARAMETERS",
        "often": "isv.BUSINESS_LIMIT_CONTROL",
    },
    TENCENT: {
        "number": "InvalidParameterValue.IncorrectPhoneNumber",
        "sign": "FailedOperation.SignatureIncorrectOrUnapproved",
        "template": "FailedOperation.TemplateIncorrectOrUnapproved",
        "blanks": "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
        "often": "LimitExceeded.PhoneNumberThirtySecondLimit",
    },
}  # fmt: skip


def _tencent_error(code: str) -> Answer:
    return as_json({"Response": {"Error": {"Code": code, "Message": "refused"}, "RequestId": "r"}})


def _says_zero(answered: Answered, name: str) -> bool:
    try:
        return answered.status == 200 and json.loads(answered.body)[name] == 0
    except (ValueError, KeyError, TypeError):
        return False
