"""Alibaba Cloud SMS (dysmsapi 2017-05-25)."""

from yizhan.channels.sms.aliyun.adapter import ADAPTER
from yizhan.channels.sms.aliyun.parse import parse
from yizhan.channels.sms.aliyun.settings import AliyunSecrets, AliyunSettings
from yizhan.channels.sms.aliyun.signature import authorization, canonical_query

__all__ = ["ADAPTER", "AliyunSecrets", "AliyunSettings", "authorization", "canonical_query", "parse"]
