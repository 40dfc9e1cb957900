"""What its codes mean for a message."""

from __future__ import annotations

from datetime import timedelta

from yizhan.desk.channels import Words, again
from yizhan.desk.outbound import ErrorClass, SendFailed

_LIMITED = (timedelta(minutes=1), timedelta(hours=1))
"""To one number so many a minute, an hour and a day; the code does not say which it was."""

CODES: dict[str, tuple[ErrorClass, Words]] = {
    "isv.MOBILE_NUMBER_ILLEGAL": (ErrorClass.RECIPIENT, Words("号码无效", "not a mobile number")),
    "isv.MOBILE_COUNT_OVER_LIMIT": (ErrorClass.BAD_REQUEST, Words("号码过多", "too many numbers")),
    "isv.BLACK_KEY_CONTROL_LIMIT": (ErrorClass.CONTENT, Words("含有禁发词", "a word that may not be sent")),
    "isv.PARAM_NOT_SUPPORT_URL": (ErrorClass.CONTENT, Words("变量里不能有网址", "no address may stand in a blank")),
    "isv.PARAM_LENGTH_LIMIT": (ErrorClass.CONTENT, Words("变量过长", "a blank is too long")),
    "isv.TEMPLATE_MISSING_PARAMETERS": (ErrorClass.BAD_REQUEST, Words("缺少模板变量", "a blank is missing")),
    "isv.INVALID_PARAMETERS": (ErrorClass.BAD_REQUEST, Words("参数不对", "wrong parameters")),
    "isv.INVALID_JSON_PARAM": (ErrorClass.BAD_REQUEST, Words("参数不对", "wrong parameters")),
    "isv.SMS_TEMPLATE_ILLEGAL": (ErrorClass.PERMISSION, Words("模板未通过审核", "the template is not approved")),
    "isv.SMS_SIGNATURE_ILLEGAL": (ErrorClass.PERMISSION, Words("签名未通过审核", "the signature is not approved")),
    "isv.AMOUNT_NOT_ENOUGH": (ErrorClass.PERMISSION, Words("账户余额不足", "the account has no credit")),
    "isv.OUT_OF_SERVICE": (ErrorClass.PERMISSION, Words("账户已停机", "the account is suspended")),
    "isv.PRODUCT_UN_SUBSCRIPT": (ErrorClass.PERMISSION, Words("未开通短信服务", "the service is not ordered")),
    "isv.DAY_LIMIT_CONTROL": (ErrorClass.QUOTA_EXHAUSTED, Words("已到日发送上限", "the day's limit is reached")),
    "isp.RAM_PERMISSION_DENY": (ErrorClass.PERMISSION, Words("密钥没有短信权限", "the key may not send SMS")),
    "SignatureDoesNotMatch": (ErrorClass.AUTH, Words("密钥不对", "the secret is wrong")),
    "InvalidAccessKeyId.NotFound": (ErrorClass.AUTH, Words("没有这个密钥", "there is no such key")),
    "InvalidAccessKeyId.Inactive": (ErrorClass.AUTH, Words("密钥已停用", "the key is switched off")),
    "InvalidTimeStamp.Expired": (ErrorClass.AUTH, Words("本机时间不准", "our clock is wrong")),
}
_AGAIN = {"isp.SYSTEM_ERROR", "SignatureNonceUsed", "ServiceUnavailable", "InternalError", "isp.GATEWAY_ERROR"}

REPORTED = {
    "MOBILE_IN_BLACK": ErrorClass.RECIPIENT, "MOBILE_SEND_LIMIT": ErrorClass.QUOTA_EXHAUSTED,
    "MOBILE_ACCOUNT_ABNORMAL": ErrorClass.RECIPIENT, "MOBILE_NOT_ON_SERVICE": ErrorClass.RECIPIENT,
    "MOBILE_TERMINAL_ERROR": ErrorClass.RECIPIENT, "USER_REJECT": ErrorClass.RECIPIENT,
    "CONTENT_KEYWORD": ErrorClass.CONTENT, "SP_NOT_BY_INTER_SMS": ErrorClass.PERMISSION,
    "SIGN_NOT_REAL_NAME": ErrorClass.PERMISSION,
}  # fmt: skip
"""Codes of delivery reports; all others are the carrier's and say little."""


def failure(code: str, message: str, attempt: int) -> SendFailed:
    """The call was answered with something other than OK."""
    words = f"{code} {message}".strip()
    if code in _AGAIN:
        return again(words, attempt)
    if code.startswith("Throttling"):
        return SendFailed(ErrorClass.THROTTLE, words, retry_after=timedelta(seconds=1 << min(attempt, 6)))
    if code == "isv.BUSINESS_LIMIT_CONTROL":
        wait = _LIMITED[attempt - 1] if attempt <= len(_LIMITED) else None
        return SendFailed(
            ErrorClass.QUOTA_EXHAUSTED, f"对该号码发送过频 too many to this number: {words}", retry_after=wait
        )
    known = CODES.get(code)
    if known is None:
        return SendFailed(ErrorClass.BAD_REQUEST, words)
    return SendFailed(known[0], f"{known[1].zh} {known[1].en}: {words}")
