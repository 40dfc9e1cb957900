"""Tencent Cloud SMS (sms 2021-01-11)."""

from yizhan.channels.sms.tencent.adapter import ADAPTER
from yizhan.channels.sms.tencent.parse import parse
from yizhan.channels.sms.tencent.settings import TencentSecrets, TencentSettings
from yizhan.channels.sms.tencent.signature import Scope, authorization

__all__ = ["ADAPTER", "Scope", "TencentSecrets", "TencentSettings", "authorization", "parse"]
