"""Signatures and encryption, against values that others computed."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from yizhan.channels.wechat.crypto import (
    Keys,
    decrypt,
    echoed,
    encrypt,
    ensure_lately,
    is_signed,
    opened,
    query_of,
    signature,
)
from yizhan.desk.channels import SignatureRefused
from yizhan.foundation.errors import Invalid

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors.json").read_text("utf-8"))
SAFE = VECTORS["wechat_mp_safe_mode"]
NEGATIVE = VECTORS["wechat_mp_negative"]
KEYS = Keys(SAFE["token"], SAFE["encoding_aes_key"], SAFE["appid"])


def test_the_address_is_checked_with_a_plain_signature() -> None:
    said = VECTORS["wechat_mp_plain_signature"]
    assert signature(said["token"], said["timestamp"], said["nonce"]) == said["expected_signature"]
    assert not is_signed("é" + said["expected_signature"], said["token"], said["timestamp"], said["nonce"])


def test_the_vendors_own_example_is_encrypted_the_same() -> None:
    said = VECTORS["wechat_aes_public_vector"]
    plain, key = said["plaintext"].encode(), said["encoding_aes_key"]
    assert encrypt(plain, key, said["receive_id"], said["random16"].encode()) == said["expected_encrypt"]
    assert decrypt(said["expected_encrypt"], key, said["receive_id"]) == plain


def test_a_callback_in_safe_mode_is_opened() -> None:
    assert opened(KEYS, SAFE["query"], SAFE["request_body"].encode()).decode() == SAFE["plaintext_xml"]


def test_a_callback_in_json_is_opened() -> None:
    said = VECTORS["miniprogram_json_callback"]
    keys = Keys(said["token"], said["encoding_aes_key"], said["appid"])
    query = f"timestamp={said['timestamp']}&nonce={said['nonce']}&msg_signature={said['expected_msg_signature']}"
    assert opened(keys, query, said["request_body"].encode()).decode() == said["plaintext_json"]


def test_a_reply_is_encrypted_and_signed_as_the_vendor_wants_it() -> None:
    reply = SAFE["reply"]
    made = encrypt(reply["plaintext_xml"].encode(), KEYS.aes_key, KEYS.receiver, reply["random16"].encode())
    assert made == reply["expected_encrypt"]


def test_wecom_asks_encrypted_and_a_plus_stays_a_plus() -> None:
    said = VECTORS["wecom_url_verification"]
    keys = Keys(said["token"], said["encoding_aes_key"], said["corpid"])
    assert echoed(keys, said["raw_query"]).decode() == said["expected_response_body"]
    assert query_of("a=1+2%2B3&b&c=%E5%A5%BD") == {"a": "1+2+3", "b": "", "c": "好"}


def test_a_callback_of_the_customer_service_is_opened() -> None:
    said = VECTORS["wecom_kf_callback"]
    keys = Keys(said["token"], said["encoding_aes_key"], said["corpid"])
    query = f"timestamp={said['timestamp']}&nonce={said['nonce']}&msg_signature={said['expected_msg_signature']}"
    assert opened(keys, query, said["request_body"].encode()).decode() == said["plaintext_xml"]


@pytest.mark.parametrize(
    ("query", "body"),
    [
        (SAFE["query"].replace(SAFE["expected_msg_signature"], NEGATIVE["tampered_msg_signature"]), ""),
        (SAFE["query"], SAFE["request_body"].replace("Q3st", "Q3su")),
        (
            SAFE["query"].replace(SAFE["expected_msg_signature"], NEGATIVE["wrong_receive_id_msg_signature"]),
            f"<xml><Encrypt>{NEGATIVE['encrypt_with_wrong_receive_id']}</Encrypt></xml>",
        ),
        ("", ""),
        (SAFE["query"], "<xml></xml>"),
    ],
    ids=["signature", "body", "receiver", "nothing signed", "nothing encrypted"],
)
def test_what_is_not_the_vendors_for_us_is_refused(query: str, body: str) -> None:
    with pytest.raises(SignatureRefused):
        opened(KEYS, query, (body or SAFE["request_body"]).encode())


@pytest.mark.parametrize("encrypted", ["", "AAAA", "不", "A" * 44, SAFE["expected_encrypt"][:64]])
def test_what_was_not_encrypted_with_the_key_is_refused(encrypted: str) -> None:
    with pytest.raises(SignatureRefused):
        decrypt(encrypted, KEYS.aes_key, KEYS.receiver)


def test_a_wrong_key_is_said_to_be_one() -> None:
    with pytest.raises(Invalid, match="43"):
        decrypt(SAFE["expected_encrypt"], "short", KEYS.receiver)


def test_an_old_signature_is_a_copy() -> None:
    now = datetime.fromtimestamp(1_700_000_300, UTC)
    ensure_lately("1700000000", now, 300)
    ensure_lately("1", now, 0)
    for wrong in ("1699999999", "1700000601", "", "²"):
        with pytest.raises(SignatureRefused):
            ensure_lately(wrong, now, 300)
