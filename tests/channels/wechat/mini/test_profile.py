"""What a page inside WeChat hands over or wants signed, against the published values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.channels.wechat.test_crypto import VECTORS
from yizhan.channels.wechat.mini import ensure_signed, unsealed
from yizhan.channels.wechat.mp import page_signature
from yizhan.desk.channels import SignatureRefused
from yizhan.simulator import wechat_logins

SEALED = VECTORS["miniprogram_encrypted_data"]
RAW = VECTORS["miniprogram_rawdata_signature"]
PAGE = VECTORS["wechat_jssdk_signature"]
AT = datetime.fromtimestamp(SEALED["expected_json"]["watermark"]["timestamp"], UTC)


def opened(**but: Any) -> Any:
    said = {"appid": SEALED["appid"], "key": SEALED["session_key"], "iv": SEALED["iv"], "now": AT, **but}
    content = but.get("content", SEALED["encryptedData"])
    return unsealed(content, said["iv"], said["key"], appid=said["appid"], now=said["now"], seconds=600)


def test_a_published_profile_opens() -> None:
    found = opened()
    assert (found.open_id, found.union_id, found.nick_name) == ("oMini_openid_0001", "oUnion_0001", "测试")


@pytest.mark.parametrize(
    "but",
    [
        {"appid": "wxanother0000000"},
        {"key": RAW["session_key"]},
        {"iv": "AAAA"},
        {"content": "QUJD"},
        {"content": "%%%"},
        {"now": AT + timedelta(minutes=11)},
    ],
)
def test_of_another_log_in_account_or_time_nothing_opens(but: dict[str, Any]) -> None:
    with pytest.raises(SignatureRefused):
        opened(**but)


def test_what_is_signed_is_signed_letter_by_letter() -> None:
    ensure_signed(RAW["rawData"], RAW["expected_signature"], RAW["session_key"])
    for raw, signature in ((RAW["rawData"] + " ", RAW["expected_signature"]), (RAW["rawData"], ""), ("\ud800", "é")):
        with pytest.raises(SignatureRefused):
            ensure_signed(raw, signature, RAW["session_key"])


def test_a_page_is_signed_as_published_whatever_follows_its_hash() -> None:
    said = PAGE["jsapi_ticket"], PAGE["noncestr"], PAGE["timestamp"]
    assert page_signature(*said, PAGE["url"] + "#top") == PAGE["expected_signature"]
    assert wechat_logins.page_signature(*said, PAGE["url"]) == PAGE["expected_signature"]
    assert wechat_logins.signed(RAW["rawData"], RAW["session_key"]) == RAW["expected_signature"]
