"""What its codes mean for a message."""

from __future__ import annotations

from datetime import timedelta

from yizhan.desk.channels import Words, again
from yizhan.desk.outbound import ErrorClass, SendFailed

CODES: dict[str, tuple[ErrorClass, Words]] = {
    "FailedOperation.SignatureIncorrectOrUnapproved": (
        ErrorClass.PERMISSION, Words("签名未通过审核", "the signature is not approved")),
    "FailedOperation.TemplateIncorrectOrUnapproved": (
        ErrorClass.PERMISSION, Words("模板未通过审核", "the template is not approved")),
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate": (
        ErrorClass.BAD_REQUEST, Words("变量与模板不符", "the blanks are not the template's")),
    "FailedOperation.InsufficientBalanceInSmsPackage": (
        ErrorClass.PERMISSION, Words("套餐余量不足", "the package is used up")),
    "FailedOperation.PhoneNumberInBlacklist": (
        ErrorClass.RECIPIENT, Words("号码在免打扰名单", "the number is on the list of those who refuse")),
    "FailedOperation.ContainSensitiveWord": (ErrorClass.CONTENT, Words("含有禁发词", "a word that may not be sent")),
    "FailedOperation.MarketingSendTimeConstraint": (
        ErrorClass.WINDOW_CLOSED, Words("此时不能发营销短信", "no marketing at this hour")),
    "InvalidParameterValue.IncorrectPhoneNumber": (ErrorClass.RECIPIENT, Words("号码无效", "not a mobile number")),
    "InvalidParameterValue.TemplateParameterLengthLimit": (
        ErrorClass.CONTENT, Words("变量过长", "a blank is too long")),
    "InvalidParameterValue.ContentLengthLimit": (ErrorClass.CONTENT, Words("内容过长", "too long")),
    "LimitExceeded.PhoneNumberDailyLimit": (
        ErrorClass.QUOTA_EXHAUSTED, Words("今天发给该号码已达上限", "the day's limit of this number")),
    "LimitExceeded.PhoneNumberSameContentDailyLimit": (
        ErrorClass.QUOTA_EXHAUSTED, Words("今天同样内容已达上限", "the same words too often today")),
    "LimitExceeded.AppDailyLimit": (ErrorClass.QUOTA_EXHAUSTED, Words("已到日发送上限", "the day's limit is reached")),
    "LimitExceeded.AppMainlandChinaDailyLimit": (
        ErrorClass.QUOTA_EXHAUSTED, Words("已到日发送上限", "the day's limit is reached")),
    "UnauthorizedOperation.SmsSdkAppIdVerifyFail": (
        ErrorClass.PERMISSION, Words("应用编号不对", "the app's number is wrong")),
}  # fmt: skip

_WAITS = {
    "LimitExceeded.PhoneNumberThirtySecondLimit": timedelta(seconds=30),
    "LimitExceeded.PhoneNumberOneHourLimit": timedelta(hours=1),
    "LimitExceeded.DeliveryFrequencyLimit": timedelta(minutes=1),
}

REPORTED = {
    "BLACK": ErrorClass.RECIPIENT, "MI:0013": ErrorClass.RECIPIENT, "MBBLACK": ErrorClass.RECIPIENT,
    "MI:0024": ErrorClass.RECIPIENT, "REJECT": ErrorClass.RECIPIENT, "KEYWORD": ErrorClass.CONTENT,
}  # fmt: skip
"""Codes of delivery reports; all others are the carrier's and say little."""


def failure(code: str, message: str, attempt: int) -> SendFailed:
    """Of a number, or of the whole call."""
    words = f"{code} {message}".strip()
    if code.startswith(("InternalError", "FailedOperation.FailResolvePacket", "ResourceUnavailable")):
        return again(words, attempt)
    if code.startswith("RequestLimitExceeded"):
        return SendFailed(ErrorClass.THROTTLE, words, retry_after=timedelta(seconds=1 << min(attempt, 6)))
    if code in _WAITS:
        wait = _WAITS[code] if attempt <= 2 else None
        return SendFailed(
            ErrorClass.QUOTA_EXHAUSTED, f"对该号码发送过频 too many to this number: {words}", retry_after=wait
        )
    if code.startswith("AuthFailure"):
        return SendFailed(ErrorClass.AUTH, f"密钥不对 the key is refused: {words}")
    known = CODES.get(code)
    if known is not None:
        return SendFailed(known[0], f"{known[1].zh} {known[1].en}: {words}")
    denied = code.startswith("UnauthorizedOperation")
    return SendFailed(ErrorClass.PERMISSION if denied else ErrorClass.BAD_REQUEST, words)
